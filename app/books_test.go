package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/bank"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/storage/agreement"
)

var (
	booksSequences = flag.Int("books.sequences", 4, "random banks of TestAnyBanksBooks")
	booksSeed      = flag.Uint64("books.seed", 1, "seed of the first of them")
)

// bookBanks are those whose books are compared: each tells of accounts in a way of its own.
var bookBanks = []string{
	"rheintor", // as the definition has it
	"kurzblick", "blaetterwald", "ringlauf", "zahlenwirr", "datumsfroh", "kartenhaus", "auszughof", "fernschreib",
	"SKGDSES0", "VDDANOT0", // of the directory: without ids, and with the same for all
}

// TestAnyBanksBooks reads banks whose ways and books are drawn again and again: ids of every
// kind, pages of every size in every order, told apart by an offset or by a key; equal purchases on
// one day, late ones, pending ones that become booked, and others that are taken back, reworded or
// moved to another day, also between two pages. What is stored is what is on the bank's own
// books, each once; and the balance of each day is what they add up to.
func TestAnyBanksBooks(t *testing.T) {
	t.Parallel()
	compareBooks(t, *booksSequences)
}

// TestJourneyAnyBanksBooks does so with many more.
func TestJourneyAnyBanksBooks(t *testing.T) {
	journey(t)
	compareBooks(t, 200)
}

func compareBooks(t *testing.T, many int) {
	for seed := *booksSeed; seed < *booksSeed+uint64(many); seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			k := newBookkeeper(t, seed)
			for rounds := 4 + k.dice.IntN(5); rounds > 0 && !t.Failed(); rounds-- {
				k.round()
			}
			if err := agreement.Check(t.Context(), filepath.Join(k.dir, storage.FileName)); err != nil {
				t.Error(err)
			}
			if t.Failed() {
				t.Logf("-run %s -books.sequences=1 -books.seed=%d; %s did: %s", "TestAnyBanksBooks", seed, k.bank, strings.Join(k.said, ", "))
			}
		})
	}
}

// bookkeeper keeps the books of a person's accounts at a bank, which a program reads.
type bookkeeper struct {
	*world
	dice    *rand.Rand
	bank    string
	consent string
	first   int // an account whose books are kept
	conduct map[string]any
	ids     string       // what the bank does with them
	stable  bool         // they are those of the last fetch
	told    int          // the first entry that had an id of its own ever since it was listed
	passed  int          // days
	changed map[int]bool // of the entries, since the last fetch
	number  int          // of what was booked last
	said    []string
}

func newBookkeeper(t *testing.T, seed uint64) *bookkeeper {
	k := &bookkeeper{world: newWorld(t), dice: rand.New(rand.NewPCG(seed, 14))}
	k.clock.noon()
	k.must(k.UseSandbox(t.Context(), bank.Practice(k.info)))
	k.bank = bookBanks[k.dice.IntN(len(bookBanks))]
	k.newConduct()
	k.consent = k.linkAt(k.bank)
	k.fetch()
	return k
}

func (k *bookkeeper) did(format string, args ...any) {
	k.said = append(k.said, fmt.Sprintf(format, args...))
}

// newConduct has the bank tell of the account in another way.
func (k *bookkeeper) newConduct() {
	ids := []string{"own", "own", "own", "none", "same", "anew", "places"}[k.dice.IntN(7)]
	if k.ids != "" && k.ids != "own" && ids == "own" {
		_, _, entries := k.books()
		for _, one := range entries {
			k.told = max(k.told, one.Number+1)
		}
	}
	k.ids, k.stable = ids, false
	k.conduct = map[string]any{"ids": ids, "order": []string{"newest", "oldest", "runs"}[k.dice.IntN(3)], "page": 2 + k.dice.IntN(40), "offset": k.dice.IntN(2) == 0,
		"deltas": []string{"none", "reference", "reference", "dated", "list"}[k.dice.IntN(5)]}
	k.did("tells %v", k.conduct)
	k.tellsDeltas(k.conduct["deltas"].(string))
	k.keep(map[string]any{"conduct": k.conduct})
}

// tellsDeltas has the bank tell what is new alone in a way, of all accounts but that whose books are kept.
func (k *bookkeeper) tellsDeltas(way string) {
	k.Helper()
	res, err := http.Get(fmt.Sprintf("%s/accounts?bank=%s&psu=%s", k.info.Control, k.bank, k.psu.Login))
	k.must(err)
	defer res.Body.Close()
	var all []struct{ Number int }
	k.must(json.NewDecoder(res.Body).Decode(&all))
	kept := k.first
	defer func() { k.first = kept }()
	for _, one := range all {
		if k.first = one.Number; k.first != kept {
			k.keep(map[string]any{"conduct": map[string]any{"deltas": way}})
		}
	}
}

// keep has the bank keep its books, and returns the numbers of what is new.
func (k *bookkeeper) keep(body map[string]any) (numbers []int) {
	k.Helper()
	body["bank"], body["psu"], body["account"] = k.bank, k.psu.Login, k.first
	sent, err := json.Marshal(body)
	k.must(err)
	res, err := http.Post(k.info.Control+"/books", "application/json", bytes.NewReader(sent))
	if err != nil {
		k.Error(err)
		return nil
	}
	defer res.Body.Close()
	var said struct {
		Numbers []int  `json:"numbers"`
		Error   string `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil || res.StatusCode != http.StatusOK {
		k.Errorf("%s: %s (%v)", sent, said.Error, err)
	}
	return said.Numbers
}

// onBooks is what stands on the bank's books.
type onBooks struct {
	Number                           int
	Date, Amount, Name, Text, Status string
}

func (o onBooks) kept() bool { return o.Number >= 3_000_000 } // by the bookkeeper, who may change it

func (k *bookkeeper) books() (iban, currency string, entries []onBooks) {
	k.Helper()
	res, err := http.Get(fmt.Sprintf("%s/books?bank=%s&psu=%s&account=%d", k.info.Control, k.bank, k.psu.Login, k.first))
	k.must(err)
	defer res.Body.Close()
	var said struct {
		IBAN, Currency string
		Entries        []onBooks
	}
	k.must(json.NewDecoder(res.Body).Decode(&said))
	return said.IBAN, said.Currency, said.Entries
}

// account is that whose books are kept, as it is stored.
func (k *bookkeeper) account() storage.Account {
	k.Helper()
	iban, currency, _ := k.books()
	for _, one := range k.accounts() {
		if one.IBAN == iban && (one.Currency == currency || one.Currency == "XXX") {
			return one
		}
	}
	k.Fatalf("no account %s", iban)
	return storage.Account{}
}

// round lets days pass in which the bank keeps its books, and has them read: once while something
// happens, and then until it is all told.
func (k *bookkeeper) round() {
	k.Helper()
	if k.dice.IntN(10) == 0 {
		k.newConduct()
	}
	days := k.dice.IntN(6)
	if k.dice.IntN(8) == 0 {
		days = 10 + k.dice.IntN(110)
	}
	if k.passed += days; k.passed > 150 { // and the consent would be over
		days = 0
	}
	k.did("%d days", days)
	k.clock.pass(days)
	since := k.since()
	k.changed = map[int]bool{}
	for range k.dice.IntN(12) {
		k.act(since)
	}
	if k.dice.IntN(2) == 0 {
		k.disturbedFetch()
	}
	for range 1 + k.dice.IntN(2) {
		k.fetch()
	}
	if account := k.account(); !account.DeltaAt.IsZero() { // what the bank calls new is all there, but not all that happened is called new
		k.passed++
		k.clock.pass(1)
		k.fetch()
	}
	k.compare()
}

// since is the first day of which the next fetch is sure to tell: a bank that books further back is
// read no more.
func (k *bookkeeper) since() time.Time {
	k.Helper()
	now := k.clock.Now()
	read, err := time.Parse(time.DateOnly, k.account().BookedTo)
	k.must(err)
	if since, served := read.AddDate(0, 0, -9), now.AddDate(0, 0, -85); since.Before(served) {
		return served
	} else {
		return since
	}
}

func (k *bookkeeper) fetch() {
	k.Helper()
	k.Reader().Fetch(k.consent, person)
	if job := k.fetched(k.consent); job.Err != nil {
		k.Fatalf("the fetch: %v", job.Err)
	}
	k.stable = k.ids == "own" && k.bank != "datumsfroh" // which spoils them
}

// disturbedFetch reads while something is booked between two pages, or the line breaks.
func (k *bookkeeper) disturbedFetch() {
	k.Helper()
	breaks, left := k.dice.IntN(3) == 0, k.dice.IntN(8)
	k.did("a disturbed fetch (%v, %d)", breaks, left)
	// Where pages are told apart by an offset, what is on two of them can be told only by its id.
	books := k.ids == "own" && k.bank != "datumsfroh" || k.conduct["offset"] == false && k.bank != "blaetterwald"
	dice := rand.New(rand.NewPCG(k.dice.Uint64(), 1)) // requests come as they come
	k.network.before(func(r *http.Request) {
		if !strings.Contains(r.URL.Path, "transactions") || r.URL.Query().Get("offset") == "" && r.URL.Query().Get("page") == "" {
			return
		}
		if left--; left >= 0 && books {
			since := k.clock.Now().AddDate(0, 0, -dice.IntN(8))
			k.keep(map[string]any{"entries": []map[string]any{k.purchase(dice, since)}})
		} else if breaks {
			k.network.cut.Store(true)
		}
	})
	k.Reader().Fetch(k.consent, person)
	k.fetched(k.consent)
	k.network.before(nil)
	k.network.cut.Store(false)
}

// purchase is one of a few, so that some are equal.
func (k *bookkeeper) purchase(dice *rand.Rand, on time.Time) map[string]any {
	return map[string]any{"date": on.Format(time.DateOnly), "amount": fmt.Sprintf("%d.50", []int{-1, -2, -3, 4}[dice.IntN(4)]),
		"name": []string{"Café", "Kiosk", "კაფე"}[dice.IntN(3)], "text": fmt.Sprint("Purchase ", dice.IntN(2))}
}

// act lets the bank do something with what is dated since a day.
func (k *bookkeeper) act(since time.Time) {
	k.Helper()
	_, _, entries := k.books()
	own := slices.DeleteFunc(entries, func(o onBooks) bool { return !o.kept() || k.changed[o.Number] || o.Date < since.Format(time.DateOnly) })
	someDay := func() time.Time {
		return since.AddDate(0, 0, k.dice.IntN(1+int(k.clock.Now().Sub(since).Hours()/24)))
	}
	change := map[string]any{}
	if len(own) > 0 {
		one := own[k.dice.IntN(len(own))]
		change["number"] = one.Number
		k.changed[one.Number] = true
		stable := k.stable && one.Number >= k.told // else the bank may be taken to list another
		switch what := k.dice.IntN(8); {
		case what == 0 && one.Status == "pending":
			change["pending"] = false
		case what == 1 && one.Status == "booked":
			change["dropped"] = true
		case what == 2 && one.Status == "dropped":
			change["dropped"] = false
		case what == 3 && one.Status == "booked" && stable:
			k.number++
			change["text"] = fmt.Sprint("Reworded ", k.number)
		case what == 4 && one.Status == "booked" && stable:
			change["date"] = someDay().Format(time.DateOnly)
		default:
			clear(change)
		}
	}
	if len(change) == 0 {
		change = k.purchase(k.dice, someDay())
		change["pending"] = k.dice.IntN(5) == 0
	}
	k.did("%v", change)
	k.keep(map[string]any{"entries": []map[string]any{change}})
}

// compare holds what is stored to the bank's books.
func (k *bookkeeper) compare() {
	k.Helper()
	account := k.account()
	_, _, entries := k.books()
	unknown := func(date string) bool { // of days that were not read
		return date > account.BookedTo || slices.ContainsFunc(account.Gaps, func(g storage.Gap) bool { return g.From <= date && date <= g.To })
	}
	served := k.clock.Now().AddDate(0, 0, -85).Format(time.DateOnly) // by every bank
	left, dropped, pending := map[string]int{}, map[string]int{}, 0
	for _, one := range entries {
		switch key := one.Date + " " + one.Amount; {
		case one.Status == "pending":
			if one.Date >= served {
				pending++
			}
		case unknown(one.Date):
		case one.Status == "dropped":
			dropped[key]++
		default:
			left[key]++
		}
	}
	stored, err := k.store.BookedTransactions(k.Context(), account.ID, 0, 100_000)
	k.must(err)
	var unsure []string // days of which something is stored that the bank has taken back
	for _, one := range stored {
		if unknown(one.Date()) || !one.DroppedAt.IsZero() {
			continue
		}
		key := one.Date() + " " + inCents(one.Amount.Number)
		if left[key]--; left[key] < 0 && dropped[key] > 0 {
			left[key]++
			dropped[key]--
			unsure = append(unsure, one.Date())
		}
	}
	for key, n := range left {
		if n != 0 {
			k.Errorf("%s: on the books %d more than stored", key, n)
		}
	}
	waiting, err := k.store.PendingTransactions(k.Context(), account.ID)
	k.must(err)
	if waiting = slices.DeleteFunc(waiting, func(one storage.Transaction) bool { return one.Date() < served }); len(waiting) != pending {
		k.Errorf("%d pending, at the bank %d", len(waiting), pending)
	}
	k.compareCourse(account, entries, unsure)
}

// compareCourse holds the balance over time to what the books add up to, but for what lies, seen
// from the day of the bank's balance, beyond a day of which too much is stored still.
func (k *bookkeeper) compareCourse(account storage.Account, entries []onBooks, unsure []string) {
	k.Helper()
	main, has := holding.MainBalance(account)
	if !has || main.Type != "interimBooked" && main.Type != "closingBooked" {
		return
	}
	points, err := k.Holdings().History(k.Context(), account, 60)
	k.must(err)
	known := k.clock.Now().Format(time.DateOnly)
	if main.Type == "closingBooked" {
		known = main.ReferenceDate
	}
	beyond := func(date string) bool {
		return slices.ContainsFunc(unsure, func(day string) bool { return date < day && day <= known || known < day && day <= date })
	}
	for _, point := range points {
		if beyond(point.Date) {
			continue
		}
		sum := new(big.Rat)
		for _, one := range entries {
			if one.Status == "booked" && one.Date <= point.Date {
				n, _ := new(big.Rat).SetString(one.Amount)
				sum.Add(sum, n)
			}
		}
		if got := inCents(point.Amount.Number); got != sum.FloatString(2) {
			k.Errorf("the balance of %s is %s, by the books %s", point.Date, got, sum.FloatString(2))
			return
		}
	}
}

// inCents writes an amount with two decimals.
func inCents(number string) string {
	n, ok := new(big.Rat).SetString(number)
	if !ok {
		return number
	}
	return n.FloatString(2)
}
