package export

import (
	"bufio"
	"strings"

	"consentry/storage"
)

// qif writes the Quicken Interchange Format: a list of accounts, each with its transactions, of one
// letter and a text a line. It has no place for a currency, which stands in the account's name, and none for a
// zone or a balance. Days are month/day/year, as the format's own program writes them.
type qif struct {
	to *bufio.Writer
}

func newQIF(to *bufio.Writer) encoder { return &qif{to} }

func (e *qif) begin(file) error { return nil }

func (e *qif) part(p Part, all transactions) error {
	kind := "Bank"
	if p.card() {
		kind = "CCard"
	}
	e.to.WriteString("!Account\n")
	e.line('N', p.name())
	e.line('T', kind)
	e.to.WriteString("^\n!Type:" + kind + "\n")
	for t, err := range all {
		if err != nil {
			return err
		}
		e.transaction(&t)
	}
	return nil
}

func (e *qif) transaction(t *storage.Transaction) {
	out := t.Amount.Negative()
	day := t.Date()
	e.line('D', day[5:7]+"/"+day[8:10]+"/"+day[:4])
	e.line('T', t.Amount.Number)
	e.line('C', "*") // the bank has booked it
	e.line('N', t.EntryReference)
	e.line('P', otherSide(t.CreditorName, t.DebtorName, out))
	e.line('M', strings.Join(texts(t, out), " · "))
	e.to.WriteString("^\n")
}

// texts are what is said of a transaction besides the name of the other side, each once.
func texts(t *storage.Transaction, out bool) (all []string) {
	seen := map[string]bool{"": true, otherSide(t.CreditorName, t.DebtorName, out): true}
	for _, one := range []string{t.Remittance, t.Additional, otherSide(t.CreditorAccount, t.DebtorAccount, out), t.EndToEndID} {
		if !seen[one] {
			seen[one] = true
			all = append(all, one)
		}
	}
	return all
}

// line writes a field; none where there is nothing to say.
func (e *qif) line(letter byte, text string) {
	if text = strings.TrimSpace(oneLine(text)); text == "" {
		return
	}
	e.to.WriteByte(letter)
	e.to.WriteString(text)
	e.to.WriteByte('\n')
}

func (e *qif) end() error {
	_, err := e.to.Write(nil) // of what was written before, too
	return err
}
