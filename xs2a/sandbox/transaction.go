package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
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
var codes = map[use][2]string{
	cardPayment: {"PMNT-CCRD-POSD", "CARD"}, cardRefund: {"PMNT-CCRD-RIMB", "CARD RETURN"}, cash: {"PMNT-CCRD-CWDL", "ATM"},
	salaryIn: {"PMNT-RCDT-SALA", "SALARY"}, transferIn: {"PMNT-RCDT-ESCT", "TRANSFER"}, transferOut: {"PMNT-ICDT-ESCT", "TRANSFER"},
	ownTransfer: {"PMNT-ICDT-BOOK", "OWN TRANSFER"}, directDebit: {"PMNT-RDDT-ESDD", "DIRECT DEBIT"}, giroPayment: {"PMNT-ICDT-DMCT", "BILL"},
	interest: {"ACMT-MCOP-INTR", "INTEREST"}, cardSettlement: {"PMNT-CCRD-SMRT", "CARD SETTLEMENT"}, opening: {"PMNT-RCDT-BOOK", "OPENING"},
}

// statementQuery is what a TPP asks of the list of entries.
type statementQuery struct {
	status   string // booked, pending or both
	from, to day
	page     string
	offset   int // how many entries went before, at a bank that pages so
}

func (s *Sandbox) statementQuery(c *call) (q statementQuery, err error) {
	values := c.request.URL.Query()
	today := dayOf(s.now())
	q = statementQuery{status: values.Get("bookingStatus"), from: today.monthsAgo(historyMonths), to: today, page: values.Get("page")}
	if c.bank.dialect == dialectBankOfGeorgia && q.status == "all" { // a word of its own
		q.status = "both"
	}
	standing := c.bank.dialect == dialectBankOfGeorgia && q.status == "information"
	if !standing && !slices.Contains([]string{"booked", "pending", "both"}, q.status) {
		return q, formatError("bookingStatus", "booked, pending or both")
	}
	for _, name := range []string{"deltaList", "entryReferenceFrom"} {
		if values.Has(name) {
			return q, refuseField(http.StatusBadRequest, "PARAMETER_NOT_SUPPORTED", name, "the bank has no delta reports")
		}
	}
	if sent := values.Get("offset"); sent != "" && c.bank.pagesByOffset() {
		if q.offset, err = strconv.Atoi(sent); err != nil || q.offset < 0 {
			return q, formatError("offset", "a number of entries")
		}
	}
	oldest := q.from
	switch sent := values.Get("dateFrom"); {
	case sent != "":
		if q.from, err = parseDay(sent); err != nil {
			return q, formatError("dateFrom", "a date, 2026-01-31")
		}
	case q.status != "pending": // BG 1.3.12, parameter dateFrom: mandated without delta access
		return q, formatError("dateFrom", "dateFrom is missing")
	}
	if sent := values.Get("dateTo"); sent != "" {
		if q.to, err = parseDay(sent); err != nil {
			return q, formatError("dateTo", "a date, 2026-01-31")
		}
	}
	if q.from > q.to {
		return q, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "dateFrom", "dateFrom is after dateTo")
	}
	if days := c.bank.freshOnly(c.consent, s.now()); days > 0 && q.status != "pending" && q.from < today-day(days) {
		return q, refuseField(http.StatusBadRequest, "PERIOD_INVALID", "dateFrom", "without a fresh authorisation the bank serves "+strconv.Itoa(c.bank.habit.history)+" days")
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
	q, err := s.statementQuery(c)
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
	}
	body := map[string]any{
		"account":      accountReference{IBAN: acc.iban, Currency: acc.currency},
		"transactions": s.report(c, acc, q, before),
	}
	if balances && acc.serves().Balances {
		body["balances"] = s.balances(acc)
	}
	return ok(body)
}

// report is one page of the list: booked entries newest first at most banks,
// pending ones on the first page.
func (s *Sandbox) report(c *call, acc shared, q statementQuery, before *position) map[string]any {
	links := map[string]link{"account": c.link(c.bank.paths().accounts + "/" + acc.id)}
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
		}
		switch {
		case c.bank.pagesByOffset() && len(page) > 0: // whether there is more, the next page shows
			links["next"] = c.byOffset(q, acc.account, len(page))
		case more:
			links["next"] = s.next(c, q, page[len(page)-1])
		}
		report["booked"] = list
	}
	if q.status != "booked" && before == nil && q.offset == 0 {
		list := []transaction{}
		for _, e := range acc.statement(s.now(), false) {
			if e.day >= q.from && e.day <= q.to {
				list = append(list, acc.transaction(c, e, false))
			}
		}
		report["pending"] = list
	}
	return report
}

// page is what a query gets of the booked entries at once, and whether there is more.
func (acc *account) page(now time.Time, q statementQuery, before *position) (page []*entry, more bool) {
	order, size := acc.paging()
	list := order.arrange(acc.statement(now, true))
	if before != nil {
		at := slices.IndexFunc(list, before.is)
		if at < 0 { // the control has taken the entry away since
			return nil, false
		}
		list = list[at+1:]
	}
	list = slices.DeleteFunc(list, func(e *entry) bool { return e.booking < q.from || e.booking > q.to })
	list = list[min(q.offset, len(list)):]
	return list[:min(size, len(list))], len(list) > size
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
		for _, e := range acc.statement(now, booked) {
			if acc.of.bank.ids != noIDs && acc.of.bank.ids != sameIDs && acc.entryID(e, booked) == id && e.booking >= dayOf(now).monthsAgo(historyMonths) {
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
func (acc shared) entryID(e *entry, booked bool) string {
	if acc.of.bank.ids == bookedIDs && !booked {
		return "PND" + strconv.Itoa(acc.number) + "N" + strconv.Itoa(e.number)
	}
	if e.id != "" {
		return strings.ReplaceAll(e.id, "-", "")[:20]
	}
	id := fixedID("entry", acc.of.seed, acc.of.bank.bic, acc.of.psu.login, strconv.Itoa(acc.number), strconv.Itoa(e.number))
	return strings.ReplaceAll(id, "-", "")[:20]
}

func (acc shared) reference(e *entry) string {
	if acc.of.bank.ids == noIDs {
		return ""
	}
	return fmt.Sprintf("%s%06d", strings.ReplaceAll(e.booking.String(), "-", ""), e.number)
}

// transaction is an entry in the bank's words.
func (acc shared) transaction(c *call, e *entry, booked bool) transaction {
	t := transaction{
		Mandate: e.mandate, EndToEnd: e.endToEnd, Amount: acc.of.bank.amount(e.minor, acc.currency), ValueDate: e.day.String(),
		Unstructured: e.text, Structured: e.ocr, Additional: e.note, Code: codes[e.use][0], Proprietary: codes[e.use][1],
	}
	if booked {
		t.BookingDate, t.ValueDate, t.Reference = e.booking.String(), e.booking.String(), acc.reference(e)
	}
	switch acc.of.bank.ids {
	case ownIDs, bookedIDs:
		t.ID = acc.entryID(e, booked)
		t.Links = map[string]link{"transactionDetails": c.link(c.bank.paths().accounts + "/" + acc.id + "/transactions/" + t.ID)}
	case sameIDs:
		t.ID = "NOTPROVIDED"
	}
	if e.use == salaryIn {
		t.Purpose = "SALA"
	}
	acc.otherParty(&t, e)
	if e.foreign != nil {
		t.Exchange = []currencyChange{acc.change(e)}
	}
	return t
}

// otherParty names who got or sent the money.
func (acc shared) otherParty(t *transaction, e *entry) {
	if acc.of.bank.namesInText {
		t.Unstructured = e.name + ", " + e.text
	}
	if e.minor < 0 {
		t.Creditor = e.name
		if e.iban != "" || e.bban != "" || e.giro != "" {
			t.CreditorAcc = &creditorAccount{IBAN: e.iban, BBAN: e.bban, BankGiro: e.giro}
			if e.giro != "" && acc.of.bank.habit != nil {
				t.CreditorAcc = &creditorAccount{Other: &otherNumber{e.giro, "BGNR"}}
			}
		}
	} else {
		t.Debtor = e.name
		if e.iban != "" {
			t.DebtorAcc = &accountReference{IBAN: e.iban}
		}
	}
	if acc.of.bank.namesInText {
		t.Creditor, t.Debtor = "", ""
	}
}

func (acc shared) change(e *entry) currencyChange {
	change := currencyChange{
		Source: e.foreign.currency, Target: acc.currency, Unit: e.foreign.currency,
		Rate: rateText(e.foreign.rate), Quoted: e.day.String(),
	}
	if acc.currency == e.foreign.currency { // money came in from the own account in the country's currency
		change.Source = acc.of.words.currency
	}
	return change
}

func (b *bank) pagesByOffset() bool { return b.habit != nil && b.habit.offset }

// byOffset is the link to the page that follows so many more entries.
func (c *call) byOffset(q statementQuery, acc *account, listed int) link {
	_, size := acc.paging()
	query := url.Values{
		"bookingStatus": {q.status}, "dateFrom": {q.from.String()}, "dateTo": {q.to.String()},
		"offset": {strconv.Itoa(q.offset + listed)}, "limit": {strconv.Itoa(size)},
	}
	return c.link(c.request.URL.Path + "?" + query.Encode())
}

// position is where a page ended.
type position struct {
	booking day
	number  int
}

// is says whether an entry is the last one before the position.
func (p *position) is(e *entry) bool { return e.booking == p.booking && e.number == p.number }

// next is the link to the page that follows. Its cursor is signed, so that it
// serves this query alone and nobody can make one up.
func (s *Sandbox) next(c *call, q statementQuery, last *entry) link {
	where := fmt.Sprintf("%d-%d", last.booking, last.number)
	query := url.Values{
		"bookingStatus": {q.status}, "dateFrom": {q.from.String()}, "dateTo": {q.to.String()},
		"page": {where + "-" + s.sign(c, q, where)},
	}
	return c.link(c.request.URL.Path + "?" + query.Encode())
}

func (s *Sandbox) sign(c *call, q statementQuery, where string) string {
	return hash(s.state.Key, c.consent.ID, c.request.URL.Path, q.status, q.from.String(), q.to.String(), where)[:24]
}

// cursor reads the page parameter; nil on a first page.
func (s *Sandbox) cursor(c *call, q statementQuery) (*position, error) {
	if q.page == "" {
		return nil, nil
	}
	at := strings.LastIndex(q.page, "-")
	var p position
	if at > 0 && q.page[at+1:] == s.sign(c, q, q.page[:at]) {
		if _, err := fmt.Sscanf(q.page[:at], "%d-%d", &p.booking, &p.number); err == nil {
			return &p, nil
		}
	}
	return nil, formatError("page", "this page belongs to no list of the bank")
}
