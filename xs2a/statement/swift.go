package statement

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"consentry/xs2a/field"
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

// mtMessage begins a message at banks that write its type before it.
var mtMessage = regexp.MustCompile(`^:9[0-9]{2}:`)

// IsSwift knows a report by its first field, the reference, alone or after the
// headers of the SWIFT network.
func IsSwift(text []byte) bool {
	head := bytes.TrimSpace(text[:min(len(text), 1000)])
	return bytes.HasPrefix(head, []byte(":20:")) || bytes.HasPrefix(head, []byte("{1:")) ||
		bytes.HasPrefix(head, []byte(":940:")) || bytes.Contains(head, []byte("\n:20:"))
}

// ReadSwift reads the statements of one account.
func ReadSwift(ctx context.Context, text []byte, most Bounds) (Report, error) {
	var report Report
	var account string
	fields, err := mtFields(string(text), most)
	if err != nil {
		return Report{}, err
	}
	statements := mtStatements(fields)
	if len(statements) == 0 {
		return Report{}, errors.New("there is no field :20: in the report")
	}
	usual := mtOnlyCurrency(statements)
	for i, s := range statements {
		path := fmt.Sprintf("statement[%d]", i)
		switch id := s.account(); {
		case account == "":
			account = id
		case id != "" && id != account:
			return Report{}, field.Errorf(path+".:25:", "the report is about a second account")
		}
		if err := s.add(ctx, &report, path, usual); err != nil {
			return Report{}, err
		}
		report.Currency = cmp.Or(report.Currency, s.currency())
		report.cover(s.days())
	}
	report.Account = account
	return report, nil
}

// mtFields splits the text and drops what the network put around it.
func mtFields(text string, most Bounds) ([]mtField, error) {
	var fields []mtField
	lines := 0
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "{") { // headers, before the text in block 4
			_, line, _ = strings.Cut(line, "{4:")
		}
		switch tag := mtTag.FindStringSubmatch(line); {
		case tag != nil:
			fields = append(fields, mtField{tag[1], []string{line[len(tag[0]):]}})
		case mtMessage.MatchString(line) || strings.TrimSpace(line) == "-" || strings.HasPrefix(line, "-}"): // between messages
			fields = append(fields, mtField{})
		case len(fields) > 0 && fields[len(fields)-1].tag != "" && strings.TrimSpace(line) != "":
			last := &fields[len(fields)-1]
			last.lines = append(last.lines, line)
		}
		if lines++; lines > most.Elements {
			return nil, field.TooMuch("has more than %d lines", most.Elements)
		}
		if len(fields) > mtFieldsEach*most.Listed {
			return nil, field.TooMuchAtOnce("has more than %d fields", mtFieldsEach*most.Listed)
		}
	}
	return fields, nil
}

// mtFieldsEach is how many fields an entry has at most: itself, what is said of
// it, and its share of the statement's.
const mtFieldsEach = 4

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

// days are those between the opening and the closing balance, which is a statement's last day:
// the opening balance is the closing one of the statement before. Empty where either is missing.
func (s mtStatement) days() (from, to string) {
	for _, f := range s {
		parts := mtBalanceForm.FindStringSubmatch(strings.TrimSpace(f.lines[0]))
		if parts == nil {
			continue
		}
		on, err := mtDay(parts[2])
		switch {
		case err != nil:
		case f.tag == "60F":
			from = on
		case f.tag == "62F":
			to = on
		}
	}
	if day, err := time.Parse(time.DateOnly, from); err == nil && from < to {
		from = day.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	return from, to
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

var mtCurrency = regexp.MustCompile(`^(?:6[0-9][FM]?:[CD]\s*[0-9]{6}\s*|34F:|90[CD]:[0-9]{0,5})([A-Z]{3})`)

// mtOnlyCurrency is that of the account where the statements that name one
// agree; a statement that names none has it.
func mtOnlyCurrency(statements []mtStatement) (only string) {
	for _, s := range statements {
		switch currency := s.currency(); {
		case currency == "" || currency == only:
		case only != "":
			return ""
		default:
			only = currency
		}
	}
	return only
}

// add reads the fields of a statement in their order. Fields 86 right after a
// statement line are about it; those elsewhere are about the statement.
func (s mtStatement) add(ctx context.Context, report *Report, path, usual string) error {
	currency, interim, line := cmp.Or(s.currency(), usual), s.interim(), 0
	for i, f := range s {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case f.tag == "61":
			about := s.about(i + 1)
			entry, err := mtEntry(f, about, currency)
			if interim {
				entry.Status = Pending
			}
			if err != nil {
				report.leaveOut(fmt.Sprintf("%s.:61:[%d]", path, line), err, mtRaw(f, about))
			} else {
				report.Entries = append(report.Entries, entry)
			}
			line++
		case mtBalances[f.tag] != "":
			balance, err := mtBalance(f, currency)
			if err != nil {
				report.leaveOut(path+".:"+f.tag+":", err, []byte(f.raw()))
				continue
			}
			report.Balances = append(report.Balances, balance)
		}
	}
	return nil
}

// about returns the fields 86 that stand together at a place.
func (s mtStatement) about(at int) mtStatement {
	end := at
	for end < len(s) && s[end].tag == "86" {
		end++
	}
	return s[at:end]
}

func mtRaw(line mtField, about mtStatement) []byte {
	raw := []string{line.raw()}
	for _, f := range about {
		raw = append(raw, f.raw())
	}
	return []byte(strings.Join(raw, "\n"))
}

// mtBalances are the Berlin Group's names where it has any. The one an
// intermediate page opens with repeats the one before it and has none, so
// that it is not taken for the account's.
var mtBalances = map[string]string{
	"60F": "openingBooked", "60M": "openingInterimBooked", "62F": "closingBooked", "62M": "interimBooked",
	"64": "closingAvailable", "65": "forwardAvailable",
}

var mtBalanceForm = regexp.MustCompile(`^([CD])\s*([0-9]{6})\s*([A-Z]{3})?\s*([+-]?[0-9.,]+)$`)

// mtBalance reads a balance; one without a currency has that of the statement.
func mtBalance(f mtField, currency string) (Balance, error) {
	parts := mtBalanceForm.FindStringSubmatch(strings.TrimSpace(f.lines[0]))
	if parts == nil {
		return Balance{}, fmt.Errorf("%q is not a balance", field.Excerpt([]byte(f.lines[0])))
	}
	if currency = cmp.Or(parts[3], currency); currency == "" {
		return Balance{}, field.Errorf("currency", "no balance of the report says which")
	}
	amount, err := mtAmount(parts[4], currency, parts[1] == "D")
	if err != nil {
		return Balance{}, err
	}
	date, err := mtDay(parts[2])
	if err != nil {
		return Balance{}, err
	}
	return Balance{Amount: amount, Type: mtBalances[f.tag], Date: date, Raw: []byte(f.raw())}, nil
}
