package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"consentry/storage/fold"
)

// Meaning is what a column of a table says of a transaction.
type Meaning string

// The meanings. They stand in the file, and are never given to others.
const (
	Unread          Meaning = ""
	BookingDate     Meaning = "bookingDate"
	ValueDate       Meaning = "valueDate"
	Amount          Meaning = "amount" // with a sign, or with Direction beside it
	MoneyIn         Meaning = "in"
	MoneyOut        Meaning = "out"
	Direction       Meaning = "direction"
	Currency        Meaning = "currency"
	Other           Meaning = "other" // whoever is on the other side
	OtherAccount    Meaning = "otherAccount"
	Creditor        Meaning = "creditor"
	CreditorAccount Meaning = "creditorAccount"
	Debtor          Meaning = "debtor"
	DebtorAccount   Meaning = "debtorAccount"
	Text            Meaning = "text"
	Additional      Meaning = "additional"
	BankCode        Meaning = "bankCode"
	TransactionID   Meaning = "transactionID"
	EntryReference  Meaning = "entryReference"
	EndToEndID      Meaning = "endToEndID"
	OwnAccount      Meaning = "account"
	Status          Meaning = "status"
	Dropped         Meaning = "dropped"
	OwnNote         Meaning = "note" // this and the next are of Consentry's own tables alone
	OwnTags         Meaning = "tags"
)

// Meanings lists those that a person can choose, in the order in which they are offered.
func Meanings() []Meaning {
	return []Meaning{
		Unread, BookingDate, ValueDate, Amount, MoneyIn, MoneyOut, Direction, Currency, Other, OtherAccount, Creditor, CreditorAccount,
		Debtor, DebtorAccount, Text, Additional, BankCode, TransactionID, EntryReference, EndToEndID, OwnAccount, Status, Dropped,
	}
}

// several may have more than one column: what they say is put together.
var several = []Meaning{Unread, Text, Additional}

// Columns are what the columns of a table mean, in their order, and how its days and numbers are
// written. An empty form is found out.
type Columns struct {
	Means   []Meaning `json:"means"`
	Dates   string    `json:"dates,omitempty"`   // of dateForms
	Decimal string    `json:"decimal,omitempty"` // DecimalPoint or DecimalComma
}

// at returns the places of the columns of a meaning.
func (c Columns) at(m Meaning) (places []int) {
	for i, one := range c.Means {
		if one == m {
			places = append(places, i)
		}
	}
	return places
}

func (c Columns) has(m Meaning) bool { return slices.Contains(c.Means, m) }

// known leaves out what nobody knows: a form may say anything.
func (c Columns) known() Columns {
	c.Means = slices.Clone(c.Means)
	for i, m := range c.Means {
		if !slices.Contains(Meanings(), m) {
			c.Means[i] = Unread
		}
	}
	if !slices.Contains(dateForms, c.Dates) {
		c.Dates = ""
	}
	if c.Decimal != DecimalPoint && c.Decimal != DecimalComma {
		c.Decimal = ""
	}
	return c
}

// usable reports whether the columns say of each line when it was, and how much.
func (c Columns) usable() bool {
	return (c.has(BookingDate) || c.has(ValueDate)) && (c.has(Amount) || c.has(MoneyIn) || c.has(MoneyOut))
}

// twice is a meaning that several columns have and one may; empty: there is none.
func (c Columns) twice() Meaning {
	for i, m := range c.Means {
		if !slices.Contains(several, m) && slices.Contains(c.Means[:i], m) {
			return m
		}
	}
	return Unread
}

// ownHeadings are the headings under which Consentry saves transactions as a table.
var ownHeadings = []struct {
	heading string
	means   Meaning
}{
	{"Account", OwnAccount}, {"Bank", Unread}, {"Status", Status}, {"Booking date", BookingDate}, {"Value date", ValueDate}, {"Amount", Amount},
	{"Currency", Currency}, {"Creditor", Creditor}, {"Creditor account", CreditorAccount}, {"Debtor", Debtor}, {"Debtor account", DebtorAccount},
	{"Text", Text}, {"Additional", Additional}, {"Bank code", BankCode}, {"Transaction id", TransactionID}, {"Entry reference", EntryReference},
	{"End-to-end id", EndToEndID}, {"No longer listed since", Dropped}, {"Note", OwnNote}, {"Tags", OwnTags},
}

// ownAtFirst is how many columns that table had before a person's own words stood in it.
const ownAtFirst = 18

// ownColumns returns what the columns of Consentry's own table mean, in whatever order; false for
// another table.
func ownColumns(headings []string) (c Columns, is bool) {
	found := 0
	for _, heading := range headings {
		at := slices.IndexFunc(ownHeadings, func(one struct {
			heading string
			means   Meaning
		}) bool {
			return one.heading == strings.TrimSpace(heading)
		})
		means := Unread
		if at >= 0 {
			means = ownHeadings[at].means
			found++
		}
		c.Means = append(c.Means, means)
	}
	c.Dates = isoDates
	return c, found == len(headings) && (found == len(ownHeadings) || found == ownAtFirst)
}

// headings are the words over columns as banks write them, in English, German, Swedish and
// Georgian.
var headings = map[Meaning][]string{
	BookingDate: {"Date", "Booking date", "Booked", "Book date", "Posting date", "Posted date", "Transaction date", "Buchungstag", "Buchungsdatum", "Buchung", "Datum",
		"Bokföringsdag", "Bokföringsdatum", "Bokförd", "Bokföringsdag/datum", "Transaktionsdatum", "Transaktionsdag", "თარიღი", "ტრანზაქციის თარიღი", "გატარების თარიღი"},
	ValueDate:       {"Value date", "Valuta", "Valutadatum", "Wertstellung", "Wertstellungstag", "Wert", "Valutadag", "ვალუტირების თარიღი"},
	Amount:          {"Amount", "Betrag", "Umsatz", "Belopp", "Sum", "Transaction amount", "Betrag (EUR)", "Betrag (€)", "Betrag EUR", "Amount (EUR)", "Amount EUR", "Belopp SEK", "Summa", "თანხა", "ოდენობა"},
	MoneyIn:         {"Money in", "Paid in", "Credit", "Credit amount", "Deposit", "Deposits", "Haben", "Gutschrift", "Eingang", "Insättning", "Insättningar", "Insatt", "Kredit", "კრედიტი", "შემოსავალი", "შემოსული თანხა"},
	MoneyOut:        {"Money out", "Paid out", "Debit", "Debit amount", "Withdrawal", "Withdrawals", "Soll", "Lastschrift", "Ausgang", "Uttag", "Debet", "დებეტი", "გასავალი", "გასული თანხა"},
	Direction:       {"Direction", "Credit/Debit", "Debit/Credit", "CdtDbtInd", "Soll/Haben", "S/H", "D/C", "DC", "Credit debit indicator"},
	Currency:        {"Currency", "Ccy", "Währung", "Valuta (kod)", "Valutakod"},
	Other:           {"Counterparty", "Counterparty name", "Name", "Payee", "Beneficiary", "Merchant", "Partner", "Partner name", "Begünstigter/Zahlungspflichtiger", "Beguenstigter/Zahlungspflichtiger", "Auftraggeber/Empfänger", "Auftraggeber / Begünstigter", "Name Zahlungsbeteiligter", "Mottagare", "Motpart", "Avsändare/Mottagare", "Namn", "პარტნიორი", "მიმღები/გამგზავნი", "კონტრაგენტი"},
	OtherAccount:    {"Counterparty account", "Counterparty IBAN", "Account number/IBAN", "Partner account", "Partner IBAN", "Kontonummer/IBAN", "Kontonummer", "IBAN Zahlungsbeteiligter", "IBAN", "Mottagarkonto", "Motkonto", "პარტნიორის ანგარიში"},
	Creditor:        {"Creditor", "Creditor name", "Zahlungsempfänger", "Zahlungsempfänger*in", "Empfänger", "Recipient", "მიმღები", "მიმღების დასახელება", "Beneficiary name"},
	CreditorAccount: {"Creditor account", "Creditor IBAN", "Beneficiary account", "მიმღების ანგარიში"},
	Debtor:          {"Debtor", "Debtor name", "Zahlungspflichtiger", "Zahlungspflichtige*r", "Auftraggeber", "Sender", "Avsändare", "Payer", "გამგზავნი", "გამგზავნის დასახელება"},
	DebtorAccount:   {"Debtor account", "Debtor IBAN", "Sender account", "Avsändarkonto", "გამგზავნის ანგარიში"},
	Text: {"Text", "Description", "Details", "Reference", "Narrative", "Memo", "Message", "Remittance", "Payment reference", "Purpose", "Verwendungszweck", "Vorgang/Verwendungszweck", "Beschreibung", "Buchungsdetails",
		"Beskrivning", "Meddelande", "Referens", "Transaktion", "Rubrik", "დანიშნულება", "გადარიცხვის დანიშნულება", "აღწერა", "დამატებითი ინფორმაცია"},
	Additional:     {"Additional", "Additional information", "Type", "Transaction type", "Buchungstext", "Umsatzart", "Umsatztyp", "Vorgang", "Art", "Typ", "Transaktionstyp", "Kategori", "ოპერაციის ტიპი"},
	BankCode:       {"Bank code", "Transaction code", "Primanota", "GVC", "ოპერაციის კოდი"},
	TransactionID:  {"Transaction id", "Transaction number", "ID", "Transaktions-ID", "Transaktions-id", "Verifikationsnummer", "ტრანზაქციის ნომერი", "ტრანზაქციის ID"},
	EntryReference: {"Entry reference", "Bank reference", "Kundenreferenz", "Reference number", "საბუთის ნომერი"},
	EndToEndID:     {"End-to-end id", "End to end reference", "EndToEndId", "Kundenreferenz (End-to-End)", "Ende-zu-Ende-Referenz"},
	OwnAccount:     {"Account", "Account number", "Auftragskonto", "IBAN Auftragskonto", "Konto", "Eget konto", "ანგარიში", "ანგარიშის ნომერი"},
	Status:         {"Status", "State", "Umsatzstatus", "სტატუსი"},
}

// guesses are the meanings by the folded words of headings.
var guesses = func() map[string]Meaning {
	all := map[string]Meaning{}
	for means, words := range headings {
		for _, one := range words {
			all[folded(one)] = means
		}
	}
	return all
}()

func folded(heading string) string { return strings.Join(fold.Words(heading), " ") }

// guess says what columns may mean by their headings. Of several that may mean the same the first
// does, but for texts.
func guess(headings []string) Columns {
	var c Columns
	for _, heading := range headings {
		means := guesses[folded(heading)]
		if !slices.Contains(several, means) && c.has(means) {
			means = Unread
		}
		c.Means = append(c.Means, means)
	}
	if c.has(Amount) { // then these are other things, or say the same
		for i, m := range c.Means {
			if m == MoneyIn || m == MoneyOut {
				c.Means[i] = Unread
			}
		}
	}
	return c
}

// ambiguous is a word over value dates in German and over currencies in Swedish and Georgian: what
// stands below it tells.
const ambiguous = "valuta"

// settle decides what columns of an ambiguous heading mean, by the first line.
func (c Columns) settle(headings, first []string) {
	for i, heading := range headings {
		if folded(heading) != ambiguous || i >= len(first) || len(strings.TrimSpace(first[i])) != 3 {
			continue
		}
		if c.Means[i] = Currency; len(c.at(Currency)) > 1 {
			c.Means[i] = Unread
		}
	}
}

// formOf names the form of a table: its headings, and what stands between them.
func formOf(headings []string, separator rune) string {
	digest := sha256.New()
	digest.Write([]byte(string(separator)))
	for _, one := range headings {
		digest.Write([]byte("\x00" + strings.TrimSpace(one)))
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// remembered reads columns as they are kept; false for what does not fit the headings.
func remembered(kept string, headings []string) (c Columns, fits bool) {
	err := json.Unmarshal([]byte(kept), &c)
	return c, err == nil && len(c.Means) == len(headings) && c.usable() && c.twice() == Unread
}
