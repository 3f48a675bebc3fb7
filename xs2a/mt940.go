package xs2a

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A report in SWIFT's text form is a row of fields, each beginning a line with
// its tag between colons. MT940 is a statement, MT942 a report during the day
// (SWIFT Standards, Category 9, of 2023).
type mtField struct {
	tag   string // such as 61 or 60F
	lines []string
}

func (f mtField) raw() string { return ":" + f.tag + ":" + strings.Join(f.lines, "\n") }

// mtTag begins a field. Text never has a colon at the beginning of a line.
var mtTag = regexp.MustCompile(`^:([0-9]{2}[A-Z]?):`)

// isMT knows a report by its first field, the reference, alone or after the
// headers of the SWIFT network.
func isMT(text []byte) bool {
	head := bytes.TrimSpace(text[:min(len(text), 1000)])
	return bytes.HasPrefix(head, []byte(":20:")) || bytes.HasPrefix(head, []byte("{1:")) ||
		bytes.HasPrefix(head, []byte(":940:")) || bytes.Contains(head, []byte("\n:20:"))
}

// decodeMT reads the statements of one account.
func decodeMT(text []byte) (TransactionPage, error) {
	fields := mtFields(string(text))
	var page TransactionPage
	var account string
	statements := mtStatements(fields)
	if len(statements) == 0 {
		return TransactionPage{}, errors.New("there is no field :20: in the report")
	}
	for i, s := range statements {
		path := fmt.Sprintf("statement[%d]", i)
		switch id := s.account(); {
		case account == "":
			account = id
		case id != "" && id != account:
			return TransactionPage{}, &FieldError{path + ".:25:", "the report is about a second account"}
		}
		if err := s.add(&page); err != nil {
			return TransactionPage{}, within(path, err)
		}
	}
	return page, nil
}

// mtFields splits the text and drops what the network put around it.
func mtFields(text string) []mtField {
	var fields []mtField
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "{") { // headers, before the text in block 4
			_, line, _ = strings.Cut(line, "{4:")
		}
		switch tag := mtTag.FindStringSubmatch(line); {
		case tag != nil:
			fields = append(fields, mtField{tag[1], []string{line[len(tag[0]):]}})
		case strings.TrimSpace(line) == "-" || strings.HasPrefix(line, "-}"): // the end of a message
			fields = append(fields, mtField{})
		case len(fields) > 0 && fields[len(fields)-1].tag != "" && strings.TrimSpace(line) != "":
			last := &fields[len(fields)-1]
			last.lines = append(last.lines, line)
		}
	}
	return fields
}

// mtStatement is the fields from one reference to the next.
type mtStatement []mtField

func mtStatements(fields []mtField) []mtStatement {
	var all []mtStatement
	for _, f := range fields {
		if f.tag == "20" {
			all = append(all, nil)
		}
		if len(all) > 0 && f.tag != "" {
			all[len(all)-1] = append(all[len(all)-1], f)
		}
	}
	return all
}

func (s mtStatement) account() string {
	for _, f := range s {
		if f.tag == "25" || f.tag == "25P" {
			return strings.ReplaceAll(f.lines[0], " ", "")
		}
	}
	return ""
}

// interim tells an MT942 by the fields only it has: the floor limit and the
// sums. Its entries come again in the next statement, so they count as
// pending.
func (s mtStatement) interim() bool {
	for _, f := range s {
		switch f.tag {
		case "60F", "60M", "62F", "62M":
			return false
		}
	}
	for _, f := range s {
		switch f.tag {
		case "34F", "13", "13D", "90D", "90C":
			return true
		}
	}
	return false
}

// currency is that of the balances or, in an MT942, of the floor limit.
func (s mtStatement) currency() string {
	for _, f := range s {
		if found := mtCurrency.FindStringSubmatch(f.tag + ":" + f.lines[0]); found != nil {
			return found[1]
		}
	}
	return ""
}

var mtCurrency = regexp.MustCompile(`^(?:6[0-9][FM]?:[CD][0-9]{6}|34F:|90[CD]:[0-9]{0,5})([A-Z]{3})`)

func (s mtStatement) add(page *TransactionPage) error {
	currency, interim, line := s.currency(), s.interim(), 0
	for i, f := range s {
		switch {
		case f.tag == "61":
			var about *mtField
			if i+1 < len(s) && s[i+1].tag == "86" {
				about = &s[i+1]
			}
			t, err := mtTransaction(f, about, currency)
			if err != nil {
				return within(fmt.Sprintf(":61:[%d]", line), err)
			}
			line++
			if interim {
				page.Pending = append(page.Pending, t)
			} else {
				page.Booked = append(page.Booked, t)
			}
		case mtBalances[f.tag] != "":
			balance, err := mtBalance(f)
			if err != nil {
				return within(":"+f.tag+":", err)
			}
			page.Balances = append(page.Balances, balance)
		}
	}
	return nil
}

// mtBalances are the Berlin Group's names where it has any. The one an
// intermediate page opens with repeats the one before it and has none, so
// that it is not taken for the account's.
var mtBalances = map[string]string{
	"60F": "openingBooked", "60M": "openingInterimBooked", "62F": "closingBooked", "62M": "interimBooked",
	"64": "closingAvailable", "65": "forwardAvailable",
}

var mtBalanceForm = regexp.MustCompile(`^([CD])([0-9]{6})([A-Z]{3})([0-9,]+)$`)

func mtBalance(f mtField) (Balance, error) {
	parts := mtBalanceForm.FindStringSubmatch(strings.TrimSpace(f.lines[0]))
	if parts == nil {
		return Balance{}, fmt.Errorf("%q is not a balance", excerpt([]byte(f.lines[0])))
	}
	amount, err := mtAmount(parts[4], parts[3], parts[1] == "D")
	if err != nil {
		return Balance{}, err
	}
	date, err := mtDay(parts[2])
	if err != nil {
		return Balance{}, err
	}
	return Balance{Amount: amount, Type: mtBalances[f.tag], ReferenceDate: date, Raw: []byte(f.raw())}, nil
}
