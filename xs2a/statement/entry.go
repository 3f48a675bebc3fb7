package statement

// Status says how far an entry is.
type Status int

// An entry is booked, or it will come again in a later report, or it is a note
// that moves no money.
const (
	Booked Status = iota
	Pending
	Information
)

// Entry is what stands in one line of an account.
type Entry struct {
	Status           Status
	BankReference    string // of the account's bank
	Reference        string // of the account's owner, or of the entry in its report
	EndToEndID       string
	MandateID        string
	CreditorID       string // of who collects direct debits
	BookingDate      string // ISO date; may be empty
	ValueDate        string // ISO date; may be empty
	Amount           Amount // negative when money left the account
	Creditor, Debtor Party
	Payments         []Payment // what an entry of several is made of
	PurposeCode      string    // ISO 20022 external purpose
	Remittance       string
	Additional       string // what else the bank says
	Kind             string // what the bank calls such entries, where that stands by itself
	ReturnCode       string // why a payment came back
	ReturnText       string
	BankCode         string // ISO 20022 or proprietary bank transaction code
	Exchange         []ExchangeRate
	Charges          []Amount // negative when paid
	Reversal         bool     // takes back an earlier entry; the amount's sign counts all the same
	Raw              []byte   // the part of the document it was read from
}

// other returns the party that is not the account's owner: the creditor when
// money left the account.
func (e *Entry) other() *Party {
	if e.Amount.out() {
		return &e.Creditor
	}
	return &e.Debtor
}

// Party is one of the two sides of an entry.
type Party struct {
	Name     string
	Ultimate string // for whom the one of that name stands between
	Account  string // IBAN or another number
	Agent    string // BIC or national code of its bank
}

// Payment is one of several an entry is made of. Of a party it has the ultimate
// one where the bank names that.
type Payment struct {
	Creditor, Debtor string
	Remittance       string
}

// ExchangeRate is a rate an amount was exchanged at, all as the bank sent it.
type ExchangeRate struct {
	SourceCurrency, TargetCurrency string
	UnitCurrency                   string // which the rate is for one unit of
	Rate                           string
	Date                           string
	Contract                       string
}
