package statement

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"consentry/xs2a/field"
)

// OFX has been SGML until version 1.6, where an element of a value need not be closed, and is
// XML since version 2 (OFX 2.2 sections 2.2 and 2.3). Both are read alike: a tag, then what stands
// before the next one. Nothing is needed of what SGML and XML have beyond that.

// IsOFX knows a file by its header, or by its first element.
func IsOFX(text []byte) bool {
	head := bytes.ToUpper(text[:min(len(text), 1000)])
	return bytes.HasPrefix(head, []byte("OFXHEADER:")) || bytes.HasPrefix(head, []byte("<OFX>")) ||
		bytes.HasPrefix(head, []byte("<?")) && (bytes.Contains(head, []byte("<?OFX")) || bytes.Contains(head, []byte("<OFX>")))
}

// ofxTag is a tag with the text after it.
type ofxTag struct {
	name      string
	end       bool
	text      string
	at, after int // where the tag begins, and what is after it
}

// ofxTags goes through the tags of a text, as far as the bounds let it.
func ofxTags(ctx context.Context, text string, most Bounds, each func(ofxTag) error) error {
	for at, n := 0, 0; ; n++ {
		begin := strings.IndexByte(text[at:], '<')
		if begin < 0 {
			return nil
		}
		begin += at
		end := strings.IndexByte(text[begin:], '>')
		switch {
		case end < 0:
			return fmt.Errorf("a tag does not end")
		case n >= most.Elements:
			return field.TooMuch("has more than %d elements", most.Elements)
		case n%1000 == 0 && ctx.Err() != nil:
			return ctx.Err()
		}
		tag := ofxTag{name: strings.ToUpper(strings.TrimSpace(text[begin+1 : begin+end])), at: begin}
		tag.name, tag.end = strings.CutPrefix(tag.name, "/")
		at = begin + end + 1
		if strings.HasPrefix(tag.name, "?") || strings.HasPrefix(tag.name, "!") { // headers, and what OFX has not
			continue
		}
		tag.after = at
		if tag.text, at = ofxText(text, at); len(tag.text) > most.Text {
			return fmt.Errorf("a text is longer than %d bytes", most.Text)
		}
		if err := each(tag); err != nil {
			return err
		}
	}
}

// ofxText is the text that begins at a place, and where it ends: before the next tag.
func ofxText(text string, at int) (string, int) {
	const open, closed = "<![CDATA[", "]]>"
	rest := text[at:]
	if blank := len(rest) - len(strings.TrimLeft(rest, " \t\r\n")); strings.HasPrefix(rest[blank:], open) {
		from := at + blank + len(open)
		if end := strings.Index(text[from:], closed); end >= 0 {
			return strings.TrimSpace(text[from : from+end]), from + end + len(closed)
		}
	}
	end := strings.IndexByte(rest, '<')
	if end < 0 {
		end = len(rest)
	}
	return strings.TrimSpace(ofxEntities.Replace(rest[:end])), at + end
}

// ofxEntities are those that values have (OFX 2.2 section 2.3.2.1).
var ofxEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&nbsp;", " ", "&quot;", `"`, "&apos;", "'", "&#39;", "'", "&amp;", "&")

// ofxAggregates are the elements of elements that are told apart.
var ofxAggregates = map[string]bool{
	"STMTRS": true, "CCSTMTRS": true, "BANKACCTFROM": true, "CCACCTFROM": true, "BANKTRANLIST": true, "BANKTRANLISTP": true, "STMTTRN": true, "STMTTRNP": true,
	"PAYEE": true, "BANKACCTTO": true, "CCACCTTO": true, "CURRENCY": true, "ORIGCURRENCY": true, "LEDGERBAL": true, "AVAILBAL": true, "STATUS": true,
}

// ofxReader puts a report together, tag by tag.
type ofxReader struct {
	text   string
	most   Bounds
	report Report
	open   []string // the aggregates around
	values map[string]string
	began  int // where the transaction does
	count  int
	from   string // of the list of transactions
}

// ReadOFX reads the statements of one account, of a bank or of a card.
func ReadOFX(ctx context.Context, text []byte, most Bounds) (Report, error) {
	r := ofxReader{text: string(text), most: most}
	if err := ofxTags(ctx, r.text, most, r.tag); err != nil {
		return Report{}, err
	}
	if r.values == nil && r.report.Account == "" {
		return Report{}, field.Errorf("OFX", "holds no statement of an account")
	}
	return r.report, nil
}

func (r *ofxReader) tag(t ofxTag) error {
	switch {
	case t.end && ofxAggregates[t.name]:
		return r.close(t)
	case t.end: // of a value, which it need not have
	case ofxAggregates[t.name]:
		r.open = append(r.open, t.name)
		if len(r.open) > r.most.Depth {
			return fmt.Errorf("the document is nested deeper than %d levels", r.most.Depth)
		}
		if t.name == "STMTTRN" || t.name == "STMTTRNP" {
			r.values, r.began = map[string]string{}, t.at
		}
	default:
		return r.value(t)
	}
	return nil
}

// in reports whether an aggregate is open.
func (r *ofxReader) in(name string) bool {
	for _, one := range r.open {
		if one == name {
			return true
		}
	}
	return false
}

// within is the innermost aggregate that is open.
func (r *ofxReader) within() string {
	if len(r.open) == 0 {
		return ""
	}
	return r.open[len(r.open)-1]
}

func (r *ofxReader) value(t ofxTag) error {
	switch around := r.within(); {
	case r.in("STMTTRN") || r.in("STMTTRNP"):
		name := t.name
		if around != "STMTTRN" && around != "STMTTRNP" {
			name = around + "." + name
		}
		if r.values[name] == "" {
			r.values[name] = t.text
		}
	case t.name == "CURDEF":
		r.report.Currency = strings.ToUpper(t.text)
	case t.name == "ACCTID" && (around == "BANKACCTFROM" || around == "CCACCTFROM"):
		account := strings.ReplaceAll(t.text, " ", "")
		if r.report.Account != "" && account != r.report.Account {
			return field.Errorf("OFX."+around, "the report is about a second account")
		}
		r.report.Account = account
	case around == "BANKTRANLIST" && t.name == "DTSTART":
		r.from = t.text
	case around == "BANKTRANLIST" && t.name == "DTEND":
		r.cover(t.text)
	}
	return nil
}

// cover notes the days of a list. Of its last day more may come: it is where the next list begins
// (OFX 2.2 section 11.4.2.2).
func (r *ofxReader) cover(end string) {
	from, errFrom := ofxDay(r.from)
	to, errTo := ofxDay(end)
	last, err := time.Parse(time.DateOnly, to)
	if errFrom == nil && errTo == nil && err == nil {
		r.report.cover(from, last.AddDate(0, 0, -1).Format(time.DateOnly))
	}
}

// close closes an aggregate, with those in it that were left open.
func (r *ofxReader) close(t ofxTag) error {
	at := len(r.open) - 1
	for at >= 0 && r.open[at] != t.name {
		at--
	}
	if at < 0 {
		return nil
	}
	r.open = r.open[:at]
	if t.name != "STMTTRN" && t.name != "STMTTRNP" {
		return nil
	}
	if r.count++; r.count > r.most.Listed {
		return field.TooMany(r.most.Listed, t.name)
	}
	raw := []byte(strings.TrimSpace(r.text[r.began:t.after]))
	entry, err := r.entry()
	if err != nil {
		r.report.leaveOut(fmt.Sprintf("%s[%d]", t.name, r.count-1), err, raw)
		return nil
	}
	if entry.Raw = raw; t.name == "STMTTRNP" {
		entry.Status = Pending
	}
	r.report.Entries = append(r.report.Entries, entry)
	return nil
}

// entry reads a transaction (OFX 2.2 section 11.4.4.1). Its party is the other one.
func (r *ofxReader) entry() (e Entry, err error) {
	v := r.values
	number, err := ofxNumber(v["TRNAMT"])
	if err != nil {
		return e, field.Within("TRNAMT", err)
	}
	e.Amount = Amount{number, strings.ToUpper(cmp.Or(v["CURRENCY.CURSYM"], r.report.Currency))}
	if e.Amount.Currency == "" {
		return e, field.Errorf("CURDEF", "nothing says which currency it is")
	}
	if e.BookingDate, err = ofxDay(cmp.Or(v["DTPOSTED"], v["DTTRAN"])); err != nil {
		return e, field.Within("DTPOSTED", err)
	}
	if v["DTAVAIL"] != "" {
		if e.ValueDate, err = ofxDay(v["DTAVAIL"]); err != nil {
			return e, field.Within("DTAVAIL", err)
		}
	}
	e.BankReference, e.Reference = v["FITID"], cmp.Or(v["REFNUM"], v["CHECKNUM"])
	e.BankCode, e.Remittance = v["TRNTYPE"], v["MEMO"]
	*e.other() = Party{
		Name:    cmp.Or(v["PAYEE.NAME"], v["EXTDNAME"], v["NAME"]),
		Account: cmp.Or(v["BANKACCTTO.ACCTID"], v["CCACCTTO.ACCTID"]), Agent: v["BANKACCTTO.BANKID"],
	}
	return e, nil
}

// ofxDay reads a day, which may have a time and a zone after it (OFX 2.2 section 3.2.8.2).
func ofxDay(s string) (string, error) {
	if len(s) < 8 {
		return "", fmt.Errorf("%q is not a date", field.Excerpt([]byte(s)))
	}
	day, err := time.Parse("20060102", s[:8])
	if err != nil {
		return "", fmt.Errorf("%q is not a date", field.Excerpt([]byte(s)))
	}
	return day.Format(time.DateOnly), nil
}

// ofxNumber reads an amount, with a comma or a point before its decimals and nothing between its
// thousands (OFX 2.2 section 3.2.9.2).
func ofxNumber(s string) (string, error) {
	return field.Number(strings.Replace(s, ",", ".", 1))
}
