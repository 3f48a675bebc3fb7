package export

import (
	"bufio"
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// xmlWriter writes elements one after the other. The first error of the writer below is told by end; what
// it writes after that goes nowhere.
type xmlWriter struct {
	to   *bufio.Writer
	open []string
}

// begin opens an element; attributes stand as they are written.
func (w *xmlWriter) begin(name string, attributes ...string) {
	w.to.WriteByte('<')
	w.to.WriteString(name)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.to.WriteByte(' ')
		w.to.WriteString(attributes[i])
		w.to.WriteString(`="`)
		w.escape(attributes[i+1])
		w.to.WriteByte('"')
	}
	w.to.WriteByte('>')
	w.open = append(w.open, name)
}

// end closes as many of the elements that were opened last.
func (w *xmlWriter) end(elements int) {
	for range elements {
		last := len(w.open) - 1
		w.to.WriteString("</")
		w.to.WriteString(w.open[last])
		w.to.WriteByte('>')
		w.open = w.open[:last]
	}
}

// text writes an element that holds a text; none where the text is empty.
func (w *xmlWriter) text(name, text string, attributes ...string) {
	if text == "" {
		return
	}
	w.begin(name, attributes...)
	w.escape(text)
	w.end(1)
}

// within writes an element round others, unless those write nothing.
func (w *xmlWriter) within(name string, texts ...[2]string) {
	begun := false
	for _, one := range texts {
		if one[1] != "" && !begun {
			begun = true
			w.begin(name)
		}
		w.text(one[0], one[1])
	}
	if begun {
		w.end(1)
	}
}

// escape writes a text; what XML cannot hold is replaced.
func (w *xmlWriter) escape(text string) {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			_ = xml.EscapeText(w.to, []byte(text)) // the writer keeps its error
			return
		}
	}
	w.to.WriteString(text)
}

// err is the first error of the writer below.
func (w *xmlWriter) err() error {
	_, err := w.to.Write(nil)
	return err
}

// short leaves as many characters of a text as a format has a place for, without blanks at its ends.
func short(text string, most int) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// fits returns a text of no more characters than a format has a place for; else none, as half a number is
// another number.
func fits(text string, most int) string {
	if text = strings.TrimSpace(text); utf8.RuneCountInString(text) > most {
		return ""
	}
	return text
}

// oneLine is a text without line breaks and controls.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\ufffd"), func(r rune) bool { return r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
}

// otherSide is whom money came from or went to.
func otherSide(creditor, debtor string, out bool) string {
	if out {
		return creditor
	}
	return debtor
}
