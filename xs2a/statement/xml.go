package statement

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"consentry/xs2a/field"
)

// unmarshal reads a document in UTF-8 that stays within the bounds.
// Document types are refused: with them goes every way of defining entities,
// external or not (ISO 20022 messages have none).
func (most Bounds) unmarshal(ctx context.Context, document []byte, out any) error {
	if err := most.check(ctx, document); err != nil {
		return err
	}
	return xmlDecoder(ctx, document).Decode(out)
}

// recordsXML are the elements of which each makes a record of some hundred bytes,
// however little stands in it.
var recordsXML = map[string]bool{
	"Stmt": true, "Rpt": true, "Bal": true, "Ntry": true, "TxDtls": true, "Chrgs": true, "Rcrd": true, "Strd": true,
	"OrgnlPmtInfAndSts": true, "TxInfAndSts": true, "StsRsnInf": true, "CdtTrfTxInf": true,
}

// xmlDecoder reads a document as long as the context has not ended.
func xmlDecoder(ctx context.Context, document []byte) *xml.Decoder {
	d := xml.NewDecoder(&cancelled{ctx, bytes.NewReader(document)})
	// It is UTF-8 by now, whatever its first line says.
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

func (most Bounds) check(ctx context.Context, document []byte) error {
	d := xmlDecoder(ctx, document)
	depth, elements, records := 0, 0, 0
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
			if recordsXML[token.Name.Local] {
				records++
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if len(token) > most.Text {
				return fmt.Errorf("a text is longer than %d bytes", most.Text)
			}
		case xml.Directive:
			return errors.New("a document type is not accepted")
		}
		if depth > most.Depth {
			return fmt.Errorf("the document is nested deeper than %d levels", most.Depth)
		}
		if records > most.Listed {
			return field.TooMany(most.Listed, "")
		}
		if elements > most.Elements {
			return fmt.Errorf("the document has more than %d elements", most.Elements)
		}
	}
}

// cancelled reads until its context ends. It is asked for some kilobytes at a time:
// encoding/xml puts a buffer before what is no io.ByteReader.
type cancelled struct {
	ctx  context.Context
	from io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.from.Read(p)
}

// xmlText is text of an element without the blanks of its layout.
type xmlText string

func (t *xmlText) UnmarshalText(b []byte) error {
	*t = xmlText(strings.Join(strings.Fields(string(b)), " "))
	return nil
}

// elementPath returns an element as a path of one step. A name may have dots (XML 1.0
// section 2.3), which part the steps of a path.
func elementPath(name string) string { return strings.ReplaceAll(name, ".", "_") }
