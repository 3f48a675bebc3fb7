package export_test

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/app/export"
	"consentry/app/fresh"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// today is when all of this happens.
var today = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// hostile are texts that mean something to one of the formats, or to who reads them.
var hostile = []string{
	`=HYPERLINK("https://evil.example","Click")`, "+46701234567", "-2+3", "@SUM(A1)", "\t=1", "'=1", "''", "＝1", `a "quoted" text`, "a;b,c\td", "two\nlines\r\nor three\r",
	"]]>", "<![CDATA[x]]> & <b>&amp;</b>", "a\x00b\x01c\x1f\x7f", "מזל טוב \u202etxet", "👨‍👩‍👧 emoji", "^", "!Type:Bank", "კაფე \ufffe\uffff", " blanks ", "\xff\xfe", "x", "-", "",
}

// bank is a store with an account of a bank, as it was read.
type bank struct {
	t        *testing.T
	store    *storage.Store
	exports  *export.Exports
	holdings *holding.Holdings
	now      time.Time
	consent  storage.Consent
	over     bool // no consent reaches an account any more
}

func newBank(t *testing.T) *bank {
	t.Helper()
	b := &bank{t: t, now: today}
	b.store = fresh.Store(t, func() time.Time { return b.now })
	b.must(b.store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "Practice"}))
	b.consent = storage.Consent{ID: "c", EnvironmentID: "e", BIC: "HAMNSESS", BankName: "Hamnbanken", Status: xs2a.ConsentReceived, CreatedAt: today}
	b.must(b.store.AddConsent(t.Context(), b.consent))
	b.must(b.store.SetConsentStatus(t.Context(), "c", "", xs2a.ConsentValid))
	nowAt := func(string) time.Time { return today }
	b.holdings = holding.New(holding.Config{Store: b.store, NowAt: nowAt, BeingRead: func(int64) bool { return false }, Updated: b.updated})
	b.exports = export.New(export.Config{Store: b.store, NowAt: nowAt, Holdings: b.holdings})
	return b
}

// updated are the accounts that a consent in use reaches.
func (b *bank) updated(ctx context.Context) (map[int64]bool, error) {
	reached := map[int64]bool{}
	accounts, err := b.store.PlainAccounts(ctx)
	for _, account := range accounts {
		reached[account.ID] = !b.over
	}
	return reached, err
}

func (b *bank) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// read keeps what the bank tells of an account, of the days up to today.
func (b *bank) read(account xs2a.Account, balances []xs2a.Balance, from string, booked, pending []xs2a.Transaction) int64 {
	b.t.Helper()
	ctx := b.t.Context()
	kept, err := b.store.PutAccount(ctx, b.consent, account)
	b.must(err)
	b.must(b.store.PutBalances(ctx, "c", kept.ID, balances))
	span := storage.Span{From: from, To: today.Format(time.DateOnly)}
	reading, err := b.store.BeginReading(ctx, "c", kept.ID, span, span, "")
	b.must(err)
	for some := range slices.Chunk(booked, storage.MostAtOnce) {
		_, err = b.store.PutTransactions(ctx, reading, false, some, reading.Missing)
		b.must(err)
	}
	_, err = b.store.PutTransactions(ctx, reading, true, pending, reading.Missing)
	b.must(err)
	b.must(b.store.EndReading(ctx, reading, storage.Answered{Booked: true, Pending: true}))
	b.must(b.store.EndAccount(ctx, "c", kept.ID, nil))
	return kept.ID
}

func amount(number, currency string) xs2a.Amount {
	return xs2a.Amount{Number: number, Currency: currency}
}

// days counts days from the first of October.
func days(n int) string {
	return time.Date(2026, 10, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// kronor is an account of all that is hard to write.
var kronor = xs2a.Account{ResourceID: "1", IBAN: "SE4550000000058398257466", Currency: "SEK", Name: "Lönekonto =1+1", OwnerName: "Åsa & <Co>"}

func closing(number, day string) []xs2a.Balance {
	return []xs2a.Balance{{Type: "closingBooked", ReferenceDate: day, Amount: amount(number, "SEK")}}
}

// booked are its transactions in kronor, with hostile texts everywhere.
func booked() (all []xs2a.Transaction) {
	for i, text := range hostile {
		all = append(all, xs2a.Transaction{ID: "T" + text, EntryReference: text, EndToEndID: text, BookingDate: days(i), ValueDate: days(i + 1),
			Amount: amount("-"+[]string{"12.90", "0.01", "1234567.5", "7"}[i%4], "SEK"), CreditorName: text, CreditorAccount: "SE3550000000054910000003", Remittance: text, Additional: text, BankCode: "PMNT-RCDT-ESCT",
			Raw: []byte(`{"text":"raw"}`)})
	}
	return append(all,
		xs2a.Transaction{ID: "in", BookingDate: days(40), Amount: amount("25000.00", "SEK"), DebtorName: "Employer", DebtorAccount: "1234-5678", Remittance: "Salary", Raw: []byte("<Ntry>]]></Ntry>")},
		xs2a.Transaction{ID: "nothing", BookingDate: days(41), Amount: amount("0.00", "SEK"), Remittance: strings.Repeat("Nothing at all. ", 40), Raw: []byte(`{}`)},
		xs2a.Transaction{ID: "gone", BookingDate: days(42), Amount: amount("-77", "SEK"), Remittance: "Taken back", Raw: []byte(`{}`)},
		xs2a.Transaction{ID: "last", BookingDate: days(44), Amount: amount("-1", "SEK"), CreditorName: strings.Repeat("A long name ", 20), Raw: []byte(`{}`)},
		xs2a.Transaction{ID: "later", BookingDate: days(45), Amount: amount("-1", "SEK"), Remittance: "Later", Raw: []byte(`{}`)},
	)
}

// example fills a bank with three accounts and all that files have trouble with: hostile texts,
// currencies of no and of three decimals, an account of two currencies, what is pending, bears no date,
// or is not listed any more.
func example(t *testing.T) *bank {
	b := newBank(t)
	all := append(booked(), xs2a.Transaction{ID: "euro", BookingDate: days(46), Amount: amount("-5.5", "EUR"), Remittance: "In another currency", Raw: []byte(`{}`)})
	pending := []xs2a.Transaction{
		{ID: "p1", Amount: amount("-3", "SEK"), Remittance: "Pending without a date", Raw: []byte(`{}`)},
		{ID: "p2", ValueDate: days(50), Amount: amount("-4", "SEK"), Remittance: "Pending", Raw: []byte(`{}`)},
	}
	b.read(kronor, closing("1000.00", "2026-11-28"), "2026-09-01", all, pending)
	without := slices.DeleteFunc(slices.Clone(all), func(t xs2a.Transaction) bool { return t.ID == "gone" })
	for range 2 { // readings that miss it
		b.now = b.now.Add(time.Hour)
		b.read(kronor, closing("1000.00", "2026-11-28"), "2026-09-01", without, pending)
	}
	b.read(xs2a.Account{ResourceID: "2", BBAN: "1234567890", Currency: "JPY", Name: "Yen"}, nil, "2026-09-01", []xs2a.Transaction{
		{ID: "y1", BookingDate: days(3), Amount: amount("-1250", "JPY"), CreditorName: "寿司", Raw: []byte(`{}`)},
		{ID: "y2", Amount: amount("-50", "JPY"), Remittance: "Booked without a date", Raw: []byte(`{}`)},
	}, nil)
	b.read(xs2a.Account{ResourceID: "3", MaskedPAN: "5409 **** **** 1111", Currency: "KWD", Name: "Card"}, nil, "2026-09-01", []xs2a.Transaction{
		{ID: "k1", BookingDate: days(9), Amount: amount("12.345", "KWD"), DebtorName: "Refund", Raw: []byte(`{}`)},
		{ID: "k2", BookingDate: days(9), Amount: amount("-0.005", "KWD"), CreditorName: "Fee", Raw: []byte(`{}`)},
	}, nil)
	if gone := slices.ContainsFunc(b.stored(), func(t storage.Transaction) bool { return !t.DroppedAt.IsZero() }); !gone {
		t.Fatal("nothing is dropped")
	}
	b.must(b.store.SetNote(b.t.Context(), b.stored()[4].ID, storage.Note{Text: "=1+1 of mine", Tags: []string{"holiday", "თბილისი"}}))
	return b
}

// write returns a file.
func (b *bank) write(format string, search holding.Search, options export.Options) []byte {
	b.t.Helper()
	f, known := export.FormatNamed(format)
	if !known {
		b.t.Fatalf("no format is called %s", format)
	}
	var file bytes.Buffer
	b.must(b.exports.Write(b.t.Context(), &file, f, search, options))
	return file.Bytes()
}

// stored lists what is stored, the newest first.
func (b *bank) stored() (all []storage.Transaction) {
	b.t.Helper()
	for t, err := range b.store.All(b.t.Context(), storage.Find{}, storage.NewestFirst, true) {
		b.must(err)
		all = append(all, t)
	}
	return all
}

// statable lists what has a place in a statement, the oldest first.
func (b *bank) statable() []storage.Transaction {
	all := slices.DeleteFunc(b.stored(), func(t storage.Transaction) bool { return t.Pending || t.Date() == "" || !t.DroppedAt.IsZero() })
	slices.Reverse(all)
	return all
}

// tally is how many transactions a file holds of something and what they come to, as text.
type tally struct {
	count int
	sum   *apd.Decimal
}

// tallies count and add up amounts by a key.
type tallies map[string]tally

func (all tallies) add(key, number string) {
	n, _, err := apd.NewFromString(number)
	if err != nil {
		n = apd.New(-999_999_999, 0) // no file shall hold it
	}
	one, is := all[key]
	if !is {
		one.sum = new(apd.Decimal)
	}
	one.count++
	_, _ = apd.BaseContext.WithPrecision(60).Add(one.sum, one.sum, n)
	all[key] = one
}

// same holds that a file comes to what is stored.
func (all tallies) same(t *testing.T, want tallies) {
	t.Helper()
	if !slices.Equal(slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("the file holds %v, want %v", slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(want)))
	}
	for key, one := range want {
		if got := all[key]; got.sum != nil && (got.count != one.count || got.sum.Cmp(one.sum) != 0) {
			t.Errorf("%s: %d transactions come to %s, want %d and %s", key, got.count, got.sum, one.count, one.sum)
		}
	}
}

// by tallies transactions by account and currency.
func by(all []storage.Transaction, key func(storage.Transaction) string) tallies {
	sums := tallies{}
	for _, t := range all {
		sums.add(key(t), t.Amount.Number)
	}
	return sums
}
