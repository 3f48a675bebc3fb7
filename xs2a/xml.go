package xs2a

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// unmarshalXML reads a document in UTF-8 that stays within the bounds.
// Document types are refused: with them goes every way of defining entities,
// external or not (ISO 20022 messages have none).
func unmarshalXML(document []byte, out any) error {
	if err := checkXML(document); err != nil {
		return err
	}
	return xmlDecoder(document).Decode(out)
}

func xmlDecoder(document []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(document))
	// It is UTF-8 by now, whatever its first line says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

func checkXML(document []byte) error {
	d := xmlDecoder(document)
	depth, elements := 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			depth++
			elements += 1 + len(token.Attr)
		case xml.EndElement:
			depth--
		case xml.CharData:
			if len(token) > maxText {
				return fmt.Errorf("a text is longer than %d bytes", maxText)
			}
		case xml.Directive:
			return errors.New("a document type is not accepted")
		}
		if depth > maxDepth {
			return fmt.Errorf("the document is nested deeper than %d levels", maxDepth)
		}
		if elements > maxElements {
			return fmt.Errorf("the document has more than %d elements", maxElements)
		}
	}
}

// xmlText is text of an element without the blanks of its layout.
type xmlText string

func (t *xmlText) UnmarshalText(b []byte) error {
	*t = xmlText(strings.Join(strings.Fields(string(b)), " "))
	return nil
}
