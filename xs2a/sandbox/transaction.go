package sandbox

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

const (
	// historyMonths is how far back a bank serves entries.
	historyMonths = 24
	pageSize      = 100
)

type transaction struct {
	ID           string            `json:"transactionId,omitempty"`
	Reference    string            `json:"entryReference,omitempty"`
	EndToEnd     string            `json:"endToEndId,omitempty"`
	Mandate      string            `json:"mandateId,omitempty"`
	BookingDate  string            `json:"bookingDate,omitempty"`
	ValueDate    string            `json:"valueDate,omitempty"`
	Amount       amount            `json:"transactionAmount"`
	Exchange     []currencyChange  `json:"currencyExchange,omitempty"`
	Creditor     string            `json:"creditorName,omitempty"`
	CreditorAcc  *creditorAccount  `json:"creditorAccount,omitempty"`
	Debtor       string            `json:"debtorName,omitempty"`
	DebtorAcc    *accountReference `json:"debtorAccount,omitempty"`
	Unstructured string            `json:"remittanceInformationUnstructured,omitempty"`
	Structured   string            `json:"remittanceInformationStructured,omitempty"`
	Additional   string            `json:"additionalInformation,omitempty"`
	Purpose      string            `json:"purposeCode,omitempty"`
	Code         string            `json:"bankTransactionCode,omitempty"`
	Proprietary  string            `json:"proprietaryBankTransactionCode,omitempty"`
	Links        map[string]link   `json:"_links,omitempty"`
}

type creditorAccount struct {
	IBAN     string       `json:"iban,omitempty"`
	BBAN     string       `json:"bban,omitempty"`
	BankGiro string       `json:"bankGiro,omitempty"` // Open Payments
	Other    *otherNumber `json:"other,omitempty"`    // Berlin Group
}

// otherNumber is a number of no international scheme (otherType, BG 1.3.12).
type otherNumber struct {
	Identification string `json:"identification"`
	Scheme         string `json:"schemeNameProprietary"`
}

type currencyChange struct {
	Source string `json:"sourceCurrency"`
	Rate   string `json:"exchangeRate"`
	Unit   string `json:"unitCurrency"`
	Target string `json:"targetCurrency"`
	Quoted string `json:"quotationDate"`
}

// codes are bank transaction codes (ISO 20022 external code set) and the bank's own.
var codes = map[people.Use][2]string{
	people.CardPayment: {"PMNT-CCRD-POSD", "CARD"}, people.CardRefund: {"PMNT-CCRD-RIMB", "CARD RETURN"}, people.Cash: {"PMNT-CCRD-CWDL", "ATM"},
	people.SalaryIn: {"PMNT-RCDT-SALA", "SALARY"}, people.TransferIn: {"PMNT-RCDT-ESCT", "TRANSFER"}, people.TransferOut: {"PMNT-ICDT-ESCT", "TRANSFER"},
	people.OwnTransfer: {"PMNT-ICDT-BOOK", "OWN TRANSFER"}, people.DirectDebit: {"PMNT-RDDT-ESDD", "DIRECT DEBIT"}, people.GiroPayment: {"PMNT-ICDT-DMCT", "BILL"},
	people.Interest: {"ACMT-MCOP-INTR", "INTEREST"}, people.CardSettlement: {"PMNT-CCRD-SMRT", "CARD SETTLEMENT"}, people.Opening: {"PMNT-RCDT-BOOK", "OPENING"},
	people.Charge: {"PMNT-ICDT-CHRG", "FEE"},
}

// statementQuery is what a TPP asks of the list of entries.
type statementQuery struct {
	status   string // booked, pending or both
	from, to people.Day
	page     string
	offset   int // how many entries went before, at a bank that pages so
	delta    delta
}

func (s *Sandbox) statementQuery(c *call, acc shared) (q statementQuery, err error) {
	values := c.request.URL.Query()
	today := people.DayOf(s.now())
	q = statementQuery{status: values.Get("bookingStatus"), from: today.MonthsAgo(historyMonths), to: today, page: values.Get("page")}
	if c.bank.Dialect == bank.BankOfGeorgia && q.status == "all" { // a word of its own
		q.status = "both"
	}
	standing := c.bank.Dialect == bank.BankOfGeorgia && q.status == "information"
	if !standing && !slices.Contains([]string{"booked", "pending", "both"}, q.status) {
		return q, formatError("bookingStatus", "booked, pending or both")
	}
	if q.delta, err = s.delta(c, acc); err != nil {
		return q, err
	}
	if sent := values.Get("offset"); sent != "" {
		if q.offset, err = strconv.Atoi(sent); err != nil || q.offset < 0 {
			return q, formatError("offset", "a number of entries")
		}
	}
	if q.delta.habit != "" { // BG 1.3.12, parameter entryReferenceFrom: days may be ignored then
		return q, nil
	}
	oldest := q.from
	switch sent := values.Get("dateFrom"); {
	case sent != "":
		if q.from, err = people.ParseDay(sent); err != nil {
			return q, formatError("dateFrom", "a date, 2026-01-31")
		}
	case q.status != "pending": // BG 1.3.12, parameter dateFrom: mandated without delta access
		return q, formatError("dateFrom", "dateFrom is missing")
	}
	if sent := values.Get("dateTo"); sent != "" {
		if q.to, err = people.ParseDay(sent); err != nil {
			return q, formatError("dateTo", "a date, 2026-01-31")
		}
	}
	if q.from > q.to {
		return q, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "dateFrom", "dateFrom is after dateTo")
	}
	if days := freshOnly(c.bank, c.consent, s.now()); days > 0 && q.status != "pending" && q.from < today-people.Day(days) {
		return q, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "dateFrom", "without a fresh authorisation the bank serves "+strconv.Itoa(c.bank.Behaviour.History)+" days")
	}
	if q.from < oldest {
		return q, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "dateFrom", "the bank serves "+strconv.Itoa(historyMonths)+" months")
	}
	return q, nil
}

func (s *Sandbox) getTransactions(c *call) (answer, error) {
	acc, err := s.sharedAccount(c)
	if err != nil {
		return answer{}, err
	}
	if !acc.serves().Transactions {
		return answer{}, notGranted("transactions")
	}
	q, err := s.statementQuery(c, acc)
	if err != nil {
		return answer{}, err
	}
	balances, err := c.withBalance()
	if err != nil {
		return answer{}, err
	}
	before, err := s.cursor(c, q)
	if err != nil {
		return answer{}, err
	}
	if before == nil && q.offset == 0 { // the pages that follow belong to the same read
		if err := s.meter(c, "transactions "+acc.id); err != nil {
			return answer{}, err
		}
		s.noteReport(c, acc)
	}
	body := map[string]any{
		"account":      accountReference{IBAN: acc.IBAN, Currency: acc.Currency},
		"transactions": s.report(c, acc, q, before),
	}
	if balances && acc.serves().Balances {
		body["balances"] = s.balances(acc)
	}
	return ok(body)
}

// report is one page of the list: booked entries newest first at most banks,
// pending ones on the first page.
func (s *Sandbox) report(c *call, acc shared, q statementQuery, before *people.Place) map[string]any {
	links := map[string]link{"account": c.link(pathsOf(c.bank).accounts + "/" + acc.id)}
	report := map[string]any{"_links": links}
	if q.status == "information" { // standing orders, which nobody here has
		report["information"] = []transaction{}
		return report
	}
	if q.status != "pending" {
		page, more := acc.page(s.now(), q, before)
		list := make([]transaction, len(page))
		for i, e := range page {
			list[i] = acc.transaction(c, e, true)
			list[i].ID = acc.numbered(list[i].ID, i)
		}
		switch {
		case pagesByOffset(c.bank, acc.Account) && len(page) > 0: // whether there is more, the next page shows
			links["next"] = c.byOffset(q, acc.Account, len(page))
		case more:
			links["next"] = s.next(c, q, page[len(page)-1])
		}
		report["booked"] = list
	}
	if q.status != "booked" && before == nil && q.offset == 0 {
		list := []transaction{}
		for _, e := range acc.Statement(s.now(), false) {
			if e.Day >= q.from && e.Day <= q.to && q.delta.tells(e, false) {
				list = append(list, acc.transaction(c, e, false))
			}
		}
		report["pending"] = list
	}
	return report
}

// paging is the order of the account's list, and how many entries a page has.
func paging(acc *people.Account) (order people.ListOrder, size int) {
	order, size = people.NewestFirst, pageSize
	if acc.Added != nil {
		order, size = acc.Added.Order, acc.Added.Page
	}
	told := acc.Books().Conduct
	return cmp.Or(told.Order, order), cmp.Or(told.Page, size)
}

// pagesByOffset reports whether the TPP counts what it has of an account.
func pagesByOffset(b *bank.Bank, acc *people.Account) bool {
	return b.PagesByOffset() || acc.Books().Conduct.Offset
}

// page is what a query gets of the booked entries at once, and whether there is more.
func (acc shared) page(now time.Time, q statementQuery, before *people.Place) (page []*people.Entry, more bool) {
	order, size := paging(acc.Account)
	return acc.Listing(now, order).Page(q.from, q.to, func(e *people.Entry) bool { return q.delta.tells(e, true) }, before, q.offset, size)
}

func (s *Sandbox) getTransaction(c *call) (answer, error) {
	acc, err := s.sharedAccount(c)
	if err != nil {
		return answer{}, err
	}
	if !acc.serves().Transactions {
		return answer{}, notGranted("transactions")
	}
	now, id := s.now(), c.request.PathValue("transaction")
	for _, booked := range []bool{true, false} {
		for _, e := range acc.Statement(now, booked) {
			if acc.tells() && acc.entryID(e, booked) == id && e.Booking >= people.DayOf(now).MonthsAgo(historyMonths) {
				if err := s.meter(c, "transaction "+acc.id); err != nil {
					return answer{}, err
				}
				return ok(acc.transaction(c, e, booked))
			}
		}
	}
	return answer{}, refuse(http.StatusForbidden, "RESOURCE_UNKNOWN", "the account has no such transaction")
}

// entryID stays the same over consents and pages, and at most banks over booking.
func (acc shared) entryID(e *people.Entry, booked bool) string {
	if acc.Books().Conduct.IDs == people.UsualIDs && acc.bank.IDs == bank.BookedIDs && !booked {
		return "PND" + strconv.Itoa(acc.Number) + "N" + strconv.Itoa(e.Number)
	}
	if e.ID != "" {
		return strings.ReplaceAll(e.ID, "-", "")[:20]
	}
	return strings.ReplaceAll(acc.of.IDOf(acc.Account, e), "-", "")[:20]
}

// ids is what the bank does with the ids of an account's entries.
func (acc shared) ids() people.IDHabit {
	usual := map[bank.IDs]people.IDHabit{bank.NoIDs: people.NoIDs, bank.SameIDs: people.SameID}[acc.bank.IDs]
	return cmp.Or(acc.Books().Conduct.IDs, usual, people.StableIDs)
}

// tells reports whether an entry of the account can be asked for by its id.
func (acc shared) tells() bool { return acc.ids() == people.StableIDs }

// numbered is the id of an entry in an answer, at a place of it: its own, or one of the answer.
func (acc shared) numbered(own string, place int) string {
	switch acc.ids() {
	case people.NewIDs:
		return secret()[:20]
	case people.PlaceIDs:
		return strconv.Itoa(place)
	}
	return own
}

func (acc shared) reference(e *people.Entry) string {
	if acc.ids() == people.NoIDs || acc.ids() == people.NewIDs || acc.ids() == people.PlaceIDs {
		return ""
	}
	number := strconv.Itoa(e.Number)
	return strings.ReplaceAll(e.Booking.String(), "-", "") + strings.Repeat("0", max(6-len(number), 0)) + number
}

// transaction is an entry in the bank's words.
func (acc shared) transaction(c *call, e *people.Entry, booked bool) transaction {
	t := transaction{
		Mandate: e.Mandate, EndToEnd: e.EndToEnd, Amount: amountAt(acc.bank, e.Minor, acc.Currency), ValueDate: e.Day.String(),
		Unstructured: e.Text, Structured: e.OCR, Additional: e.Note, Code: codes[e.Use][0], Proprietary: codes[e.Use][1],
	}
	if booked {
		t.BookingDate, t.ValueDate, t.Reference = e.Booking.String(), e.ValueDay().String(), acc.reference(e)
	}
	switch acc.ids() {
	case people.StableIDs:
		t.ID = acc.entryID(e, booked)
		t.Links = map[string]link{"transactionDetails": c.link(pathsOf(c.bank).accounts + "/" + acc.id + "/transactions/" + t.ID)}
	case people.SameID:
		t.ID = "NOTPROVIDED"
	}
	if t.Purpose = e.Purpose; e.Use == people.SalaryIn {
		t.Purpose = "SALA"
	}
	acc.otherParty(&t, e)
	if e.Foreign != nil {
		t.Exchange = []currencyChange{acc.change(e)}
	}
	return t
}

// otherParty names who got or sent the money.
func (acc shared) otherParty(t *transaction, e *people.Entry) {
	if acc.bank.NamesInText {
		t.Unstructured = e.Name + ", " + e.Text
	}
	if e.Minor < 0 {
		t.Creditor = e.Name
		if e.IBAN != "" || e.BBAN != "" || e.Giro != "" {
			t.CreditorAcc = &creditorAccount{IBAN: e.IBAN, BBAN: e.BBAN, BankGiro: e.Giro}
			if e.Giro != "" && acc.bank.Behaviour != nil {
				t.CreditorAcc = &creditorAccount{Other: &otherNumber{e.Giro, "BGNR"}}
			}
		}
	} else {
		t.Debtor = e.Name
		if e.IBAN != "" {
			t.DebtorAcc = &accountReference{IBAN: e.IBAN}
		}
	}
	if acc.bank.NamesInText {
		t.Creditor, t.Debtor = "", ""
	}
}

func (acc shared) change(e *people.Entry) currencyChange {
	change := currencyChange{
		Source: e.Foreign.Currency, Target: acc.Currency, Unit: e.Foreign.Currency,
		Rate: people.RateText(e.Foreign.Rate), Quoted: e.Day.String(),
	}
	if acc.Currency == e.Foreign.Currency { // money came in from the own account in the country's currency
		change.Source = acc.of.Currency()
	}
	return change
}

// byOffset is the link to the page that follows so many more entries.
func (c *call) byOffset(q statementQuery, acc *people.Account, listed int) link {
	_, size := paging(acc)
	query := url.Values{
		"bookingStatus": {q.status}, "dateFrom": {q.from.String()}, "dateTo": {q.to.String()},
		"offset": {strconv.Itoa(q.offset + listed)}, "limit": {strconv.Itoa(size)},
	}
	q.delta.parameters(query)
	return c.link(c.request.URL.Path + "?" + query.Encode())
}

// next is the link to the page that follows. Its cursor is signed, so that it
// serves this query alone and nobody can make one up.
func (s *Sandbox) next(c *call, q statementQuery, last *people.Entry) link {
	where := fmt.Sprintf("%d-%d", last.Booking, last.Number)
	query := url.Values{
		"bookingStatus": {q.status}, "dateFrom": {q.from.String()}, "dateTo": {q.to.String()},
		"page": {where + "-" + s.sign(c, q, where)},
	}
	q.delta.parameters(query)
	return c.link(c.request.URL.Path + "?" + query.Encode())
}

func (s *Sandbox) sign(c *call, q statementQuery, where string) string {
	return hash(s.state.Key, c.consent.ID, c.request.URL.Path, q.status, q.from.String(), q.to.String(), q.delta.text(), where)[:24]
}

// cursor reads the page parameter; nil on a first page.
func (s *Sandbox) cursor(c *call, q statementQuery) (*people.Place, error) {
	if q.page == "" {
		return nil, nil
	}
	at := strings.LastIndex(q.page, "-")
	var p people.Place
	if at > 0 && q.page[at+1:] == s.sign(c, q, q.page[:at]) {
		if _, err := fmt.Sscanf(q.page[:at], "%d-%d", &p.Booking, &p.Number); err == nil {
			return &p, nil
		}
	}
	return nil, formatError("page", "this page belongs to no list of the bank")
}

// freshSCA is how long an authorisation counts as fresh (RTS article 10).
const freshSCA = time.Hour

// freshOnly is how many days back a bank serves once the authorisation is no longer
// fresh; 0 for no such limit.
func freshOnly(b *bank.Bank, c *consent, now time.Time) int {
	if b.Behaviour == nil || now.Sub(c.Authorised) < freshSCA {
		return 0
	}
	if b.Behaviour.Today {
		return b.Behaviour.History - 1
	}
	return b.Behaviour.History
}
