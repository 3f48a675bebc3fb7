// Package sandbox is a row of invented banks to practise on: real HTTP, real
// pages, and as strict as a bank on a bad day.
//
// A TPP meets it as it would meet a live bank. It asks the directory for a bank,
// gets a token, creates a consent, starts an authorisation, sends the person to
// the bank's own pages and reads accounts afterwards. Everything that is wrong
// in a request is refused with the status and code that the specification names:
// each platform demands what it documents, and no more (Open Payments, for one,
// neither PKCE nor TPP-Redirect-URI).
//
// The data are drawn, not stored: one seed always gives the same banks, people,
// accounts and entries, and what has once been booked stays as it was. Only what
// the TPP and the person did (consents, authorisations, tokens, reads) is state,
// and may be kept in a file.
//
// # Banks
//
// Four dialects are spoken: Open Payments Europe (bank.OpenBanks), NextGenPSD2 1.3.12,
// the Bank of Georgia's form of it, and Salt Edge's (bank.BerlinBanks). Each bank of the
// latter three has one behaviour: an SCA approach, a way of signing, a way of erring.
// Info lists them with what is to be practised there.
//
// # Control
//
// Beside the banks there is a control, in JSON, for whoever practises:
//
//	GET    /_control/state                           consents, payments, authorisations, reads, clock
//	GET    /_control/clock                           the banks' time, and how far it is ahead
//	POST   /_control/clock {"advance": "24h"}        moves the banks' time on (signatures keep to the real one)
//	POST   /_control/faults {"bank", "operation", "method", "path", "count", "delay", "slow", "status", "code", "retryAfter", "drop", "middle", "garbage", "body", "mediaType", "after"}
//	                                                 lets the next requests go wrong; GET lists, DELETE clears, and
//	                                                 DELETE /_control/faults/{id} takes one back
//	GET    /_control/hits                            the last requests that went wrong so, the newest first
//	GET    /_control/operations                      the names of operations, and of groups of them
//	POST   /_control/authorisations/{id}/phone {"as", "login", "password", "action"}
//	                                                 does this on the person's telephone, or nothing, and shows the
//	                                                 page that stands there then
//	POST   /_control/phones {"bank", "flat": true}   the telephones of a bank's customers are flat; false charges them
//	GET    /_control/payments                        the books: each payment with the X-Request-ID it came under
//	POST   /_control/accounts {"bank", "psu", "account", "entries", "days", "busiest", "order", "page"}
//	                                                 lays so many generated entries over an account (the household's
//	                                                 first is 0): spread over days that end yesterday, as many as
//	                                                 busiest on one of them; listed "newest" or "oldest" first or in
//	                                                 "runs" over the whole period, so many on a page. It tells how
//	                                                 many are served now. No entries: takes them away again
//	POST   /_control/books {"bank", "psu", "account", "conduct", "entries"}
//	                                                 books what is said on an account, a list of {"date", "amount",
//	                                                 "name", "text", "pending", "dropped"}; one with the "number" of
//	                                                 one that was booked so changes what it names of it. The conduct
//	                                                 is how the bank tells of the account: {"ids": "own", "none",
//	                                                 "same", "anew" or "places", "order", "page", "offset"}
//	GET    /_control/books?bank=&psu=&account=       all that is on the account's books, with what is dropped
//	POST   /_control/directory {"bareLists", "empty", "without", "names", "products", "ways"}
//	                                                 the directory sends its lists without an envelope or empty, leaves banks
//	                                                 out, and says other names, products and ways to authorise of them, by BIC
//	POST   /_control/consents/{id} {"validUntil", "stuckValid", "accounts", "others", "refuses", "forget"}
//	                                                 the bank changes a consent by itself: another last day; called
//	                                                 valid although it is over; only so many accounts; accounts that
//	                                                 nobody asked for; reads refused though they are granted, as a
//	                                                 list of {"account", "balances", "transactions"}; nothing known
//	                                                 of it any more
//	POST   /_control/consents/{id}/authorise {"psu", "grants"}
//	                                                 a person approves it elsewhere, with all it asks for, or with
//	                                                 a list as above of what they give for which account
//	POST   /_control/payments/{id}/authorise {"psu"} a person approves a payment from an account of theirs elsewhere
//	POST   /_control/visit {"address", "psu"}        a person opens a bank's page and approves all that it asks for;
//	                                                 it tells where the bank sends them afterwards
//	POST   /_control/page {"address"}                shows a bank's page as one that needs no other address; then, with
//	                                                 {"authorisation", "session", "form"}, what is done there
//	POST   /_control/consents/{id}/revoke            the person takes a consent back
//	POST   /_control/authorisations/{id}/approve     answers a decoupled approval; …/deny says no, and …/expire lets the
//	                                                 time run out, whatever the approach
//	POST   /_control/reset                           forgets everything but the data and the certificates
//
// Magic values: 666.66 of any currency is rejected; what the account does not hold
// is too.
//
// # Rooms
//
// Package people has the data that are drawn, bank the banks as a table, sign what
// signatures and certificates are worth, and page the banks' pages. None of them
// knows this one: here are the server, its state, its clock, the control and faults.
//
// The package shares no code with the client, so that no mistake can hide by
// being made on both sides.
package sandbox

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
)

// Config says what kind of sandbox to make. The zero value is a usable one that
// forgets everything when the program ends.
type Config struct {
	// Seed picks the data; the same seed gives the same banks' data.
	Seed int64
	// Now is the clock; nil means time.Now. Its location is the banks' own, so
	// that a bank's "today" is the person's.
	Now func() time.Time
	// Log receives one line per request; nil discards.
	Log *slog.Logger
	// State is the file in which consents, authorisations, tokens and reads
	// survive a restart. It is written before an answer goes out. Empty keeps
	// them in memory.
	State string
	// Opened is the day on which people opened their accounts, before which there are no
	// entries; the zero value means people.Epoch.
	Opened time.Time
	// Keys lends its practice keys and certificates to banks that have none yet;
	// nil: new ones are made, which takes a while.
	Keys *Server
}

// Sandbox answers for all its banks. It is an http.Handler.
type Sandbox struct {
	seed  int64
	since people.Day // when people opened their accounts
	clock func() time.Time
	log   *slog.Logger
	base  string // scheme and host that links start with; "" takes the request's Host
	line  string // the same of the address that demands a client certificate
	mux   *http.ServeMux
	banks []*bank.Bank

	ending context.Context // over when the server closes
	end    context.CancelFunc

	mu         sync.Mutex // guards everything below
	state      *state
	households map[string]*people.Household
	faults     []*fault        // what is to go wrong next
	faultsSet  int             // how many ever were
	hits       []hit           // what went wrong so, the newest last
	flat       map[string]bool // BICs of banks whose customers' telephones are flat

	aside string // where a damaged state file lies now; "" where there was none
}

// New makes a sandbox and loads its state, if there is any. A damaged state file
// is set aside, see [Server.SetAside]. It fails if the file cannot be read or
// written, or belongs to another seed.
func New(cfg Config) (*Sandbox, error) {
	s := &Sandbox{
		seed:       cfg.Seed,
		since:      people.Epoch,
		clock:      cfg.Now,
		log:        cfg.Log,
		mux:        http.NewServeMux(),
		banks:      append(bank.OpenBanks(), bank.BerlinBanks()...),
		households: make(map[string]*people.Household),
		faults:     []*fault{},
		flat:       map[string]bool{},
	}
	s.ending, s.end = context.WithCancel(context.Background())
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	state, aside, err := loadState(cfg.State, cfg.Seed, s.clock())
	if err != nil {
		return nil, fmt.Errorf("sandbox state: %w", err)
	}
	if aside != "" {
		s.log.Warn("the practice banks' file is damaged and was set aside; they start anew", "file", cfg.State, "aside", aside)
	}
	s.state, s.aside = state, aside
	if !cfg.Opened.IsZero() {
		s.since = people.DayOf(cfg.Opened)
	}
	if cfg.Keys != nil && s.state.Vault == (sign.Vault{}) {
		s.state.Vault = cfg.Keys.vault()
	}
	s.state.touch()
	if err := s.state.save(s.now()); err != nil { // says now that a file cannot be written, not at the first answer
		return nil, fmt.Errorf("sandbox state: %w", err)
	}
	s.routes()
	return s, nil
}

// routes is the map of the sandbox. Each dialect brings its own service routes;
// the banks' pages serve all of them.
func (s *Sandbox) routes() {
	s.openPaymentsRoutes()
	s.berlinGroupRoutes()
	s.bankOfGeorgiaRoutes()
	s.saltEdgeRoutes()
	s.controlRoutes()
	s.pageRoutes()
	s.mux.HandleFunc("GET /logo/{file}", s.logo)
	s.mux.HandleFunc("GET /style/{file}", s.style)
}

// ServeHTTP answers a request that is addressed to this machine; a foreign Host is
// refused, since the sandbox must not be reachable through a rebound name.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Date", s.realTime().UTC().Format(http.TimeFormat)) // RFC 9110 section 6.6.1, by the clock the banks have
	if !loopbackHost(r.Host) {
		http.Error(w, "the sandbox answers to 127.0.0.1 and localhost only", http.StatusMisdirectedRequest)
		return
	}
	s.log.Debug("sandbox request", "method", r.Method, "path", r.URL.Path)
	if !cleanPath(r.URL.EscapedPath()) {
		s.refuseUnclean(w, r)
		return
	}
	if s.misled(w, r) {
		return
	}
	s.mux.ServeHTTP(w, r)
}

// address is what absolute links start with.
func (s *Sandbox) address(r *http.Request) string {
	switch {
	case r.TLS != nil && s.line != "":
		return s.line
	case r.TLS != nil:
		return "https://" + r.Host
	case s.base != "":
		return s.base
	}
	return "http://" + r.Host
}

// now is the banks' time.
func (s *Sandbox) now() time.Time { return s.clock().Add(s.state.Ahead) }

// realTime is the time by which requests are signed. The control does not move it,
// since a TPP's clock would not follow.
func (s *Sandbox) realTime() time.Time { return s.clock() }

// pages is what links to the banks' pages start with. A person's browser has no
// client certificate, so that they are never on the address that demands one.
func (s *Sandbox) pages(r *http.Request) string {
	if s.base != "" {
		return s.base
	}
	return "http://" + r.Host
}

// bank finds a bank by its BIC; nil when there is none.
func (s *Sandbox) bank(bic string) *bank.Bank {
	for _, b := range s.banks {
		if b.BIC == bic {
			return b
		}
	}
	return nil
}

// bankByID finds a bank of a dialect; nil when there is none.
func (s *Sandbox) bankByID(dialect, id string) *bank.Bank {
	for _, b := range s.banks {
		if b.Dialect == dialect && b.ID == id && id != "" {
			return b
		}
	}
	return nil
}
