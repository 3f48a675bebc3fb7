package imports

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"consentry/app/clock"
	"consentry/app/failure"
	"consentry/app/fresh"
	"consentry/app/turn"
	"consentry/storage"
	"consentry/xs2a"
)

// world is a store with one account, and what reads files into it.
type world struct {
	*Imports
	*testing.T
	store   *storage.Store
	account storage.Account
	consent storage.Consent
}

func newWorld(t *testing.T) *world {
	t.Helper()
	store := fresh.Store(t, time.Now)
	w := &world{T: t, store: store}
	w.must(store.PutEnvironment(t.Context(), storage.Environment{ID: "e", Name: "Test"}))
	w.consent = storage.Consent{ID: "c", EnvironmentID: "e", BIC: "NRSKSESS", BankName: "Norrsken Bank", RequestID: "r", ValidUntil: "2099-01-01"}
	w.must(store.AddConsent(t.Context(), w.consent))
	w.account = w.addAccount("SE4550000000058398257466")
	c := clock.New(clock.Config{Store: store, Log: slog.New(slog.DiscardHandler), Now: time.Now, Practice: func(string) bool { return false },
		PracticeIDs: func() []string { return nil }, Moved: func(context.Context) error { return nil }})
	w.Imports = New(Config{Store: store, Log: slog.New(slog.DiscardHandler), Clock: c, Accounts: new(turn.Turns[int64]), Patience: time.Minute,
		Run: func(work func(context.Context)) { go work(t.Context()) }})
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) addAccount(iban string) storage.Account {
	w.Helper()
	a, err := w.store.PutAccount(w.Context(), w.consent, xs2a.Account{ResourceID: iban, IBAN: iban, Currency: "SEK", Name: "Account " + iban, Raw: []byte(`{}`)})
	w.must(err)
	return a
}

// look chooses a file and looks at it.
func (w *world) look(content string, columns *Columns) (Preview, error) {
	return w.Look(w.Context(), w.account, w.Take(w.account.ID, "file", []byte(content)), columns)
}

// add reads a file into the account and waits until it is done.
func (w *world) add(content string) storage.Import {
	w.Helper()
	p, err := w.look(content, nil)
	w.must(err)
	noted, err := w.Begin(w.Context(), w.account, p.ID, nil, true)
	w.must(err)
	noted, err = w.Import(w.Context(), noted.ID)
	w.must(err)
	if noted.EndedAt.IsZero() || noted.Added != p.New || noted.Known != p.Known() {
		w.Errorf("it was to bring %d of %d, and brought %+v", p.New, p.Total, noted)
	}
	return noted
}

func (w *world) booked(of storage.Account) []storage.Transaction {
	w.Helper()
	all, err := w.store.BookedTransactions(w.Context(), of.ID, 0, 1000)
	w.must(err)
	return all
}

func codeOf(err error, field string) string {
	var failed *failure.Error
	if errors.As(err, &failed) {
		return failed.Fields[field].Code
	}
	return fmt.Sprint(err)
}

// brief is a transaction in a line.
func brief(t xs2a.Transaction) string {
	return strings.TrimRight(strings.Join([]string{t.BookingDate, t.Amount.Number, t.Amount.Currency, t.CreditorName, t.CreditorAccount, t.DebtorName, t.DebtorAccount, t.Remittance}, "|"), "|")
}

// TestTables reads tables as banks write them, guessed by their headings.
func TestTables(t *testing.T) {
	for name, test := range map[string]struct {
		file   string
		want   []string // see brief
		unread []string // line and code
	}{
		"English": {
			"Date,Description,Amount\n2026-03-14,Coffee,-3.50\n2026-03-15,Salary,\"1,234.56\"\n",
			[]string{"2026-03-14|-3.50|SEK|||||Coffee", "2026-03-15|1234.56|SEK|||||Salary"}, nil,
		},
		"money in and out": {
			"Date;Details;Paid out;Paid in\n14/03/2026;Coffee;3.50;\n25/03/2026;Salary;;100.00\n26/03/2026;Nothing;0.00;5.00\n",
			[]string{"2026-03-14|-3.50|SEK|||||Coffee", "2026-03-25|100.00|SEK|||||Salary", "2026-03-26|5.00|SEK|||||Nothing"}, nil,
		},
		"German, with lines above": {
			"Kontoumsätze;\n;\n\"Buchungstag\";\"Valuta\";\"Buchungstext\";\"Begünstigter/Zahlungspflichtiger\";\"Kontonummer/IBAN\";\"Verwendungszweck\";\"Betrag\";\"Währung\"\n" +
				"\"14.03.26\";\"15.03.26\";\"LASTSCHRIFT\";\"Stadtwerke\";\"DE89 3704 0044 0532 0130 00\";\"Abschlag März\";\"-1.045,90\";\"SEK\"\n\"Summe\";;;;;;\"-1.045,90\";\n",
			[]string{"2026-03-14|-1045.90|SEK|Stadtwerke|DE89370400440532013000|||Abschlag März"}, []string{"5 rowNotADay"},
		},
		"Swedish": {
			"Bokföringsdag\tBelopp\tMottagare\tMeddelande\tValuta\n2026-03-14\t-12,90\tPressbyrån\tkort\tSEK\n",
			[]string{"2026-03-14|-12.90|SEK|Pressbyrån||||kort"}, []string{},
		},
		"Georgian": {
			"თარიღი,დანიშნულება,დებეტი,კრედიტი,ვალუტა\n14.03.2026,კაფე,5.00,,GEL\n",
			[]string{"2026-03-14|-5.00|GEL|||||კაფე"}, nil,
		},
		"a direction beside the amount": {
			"Date,Text,Amount,Credit/Debit\n2026-03-14,a,5,DBIT\n2026-03-14,b,6,CRDT\n2026-03-14,c,7,sideways\n",
			[]string{"2026-03-14|-5|SEK|||||a", "2026-03-14|6|SEK|||||b"}, []string{"4 rowNoDirection"},
		},
		"what cannot be read": {
			"Date,Text,Amount\n2026-03-14,a,1\n2026-02-30,b,1\n,c,1\n2026-03-14,d,one\n2026-03-14,e,\n\n2026-03-14,f,2\n",
			[]string{"2026-03-14|1|SEK|||||a", "2026-03-14|2|SEK|||||f"}, []string{"3 rowNotADay", "4 rowNoDay", "5 rowNotAnAmount", "6 rowNoAmount"},
		},
		"pending ones":      {"Date,Text,Amount,Status\n2026-03-14,a,1,Pending\n2026-03-14,b,2,Booked\n", []string{"2026-03-14|2|SEK|||||b"}, nil},
		"another's account": {"Account,Date,Text,Amount\nSE3550000000054910000003,2026-03-14,a,1\nSE45 5000 0000 0583 9825 7466,2026-03-14,b,2\n", []string{"2026-03-14|2|SEK|||||b"}, nil},
		"signs of other kinds": {"Date,Text,Amount\n2026-03-14,a,−1.50 kr\n2026-03-14,b,(2.50)\n2026-03-14,c,3.50-\n2026-03-14,d,SEK 1’000.00\n", []string{
			"2026-03-14|-1.50|SEK|||||a", "2026-03-14|-2.50|SEK|||||b", "2026-03-14|-3.50|SEK|||||c", "2026-03-14|1000.00|SEK|||||d"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			for spelling, content := range map[string][]byte{"UTF-8": []byte(test.file), "with a mark": []byte("\ufeff" + test.file), "UTF-16": encoded(t, test.file)} {
				p, err := w.Look(t.Context(), w.account, w.Take(w.account.ID, "f.csv", content), nil)
				if err != nil {
					t.Fatal(spelling, err)
				}
				var got, unread []string
				for _, one := range p.First {
					got = append(got, brief(one.Transaction))
				}
				for _, one := range p.Unread {
					unread = append(unread, fmt.Sprint(one.Line, " ", one.Reason.Code))
				}
				if !slices.Equal(got, test.want) || !slices.Equal(unread, test.unread) || p.Total != len(test.want) || p.New != p.Total {
					t.Errorf("%s: got %q, without %q; %+v", spelling, got, unread, p.Table.Columns)
				}
			}
		})
	}
}

func encoded(t *testing.T, text string) []byte {
	t.Helper()
	content, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestWindows1252 reads what says nothing of its encoding and is no UTF-8.
func TestWindows1252(t *testing.T) {
	content, err := charmap.Windows1252.NewEncoder().String("Datum;Verwendungszweck;Betrag\n14.03.2026;Käse für 5 €;-5,00\n")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	p, err := w.look(content, nil)
	if err != nil || len(p.First) != 1 || p.First[0].Remittance != "Käse für 5 €" {
		t.Errorf("%+v, %v", p.First, err)
	}
}

// TestAmbiguous asks how days and amounts are written where both ways fit, and takes the answer.
func TestAmbiguous(t *testing.T) {
	w := newWorld(t)
	const file = "Date,Text,Amount\n03/04/2026,a,\"1,234\"\n"
	p, err := w.look(file, nil)
	if err != nil || !slices.Equal(p.Table.Dates, []string{"2/1/2006", "1/2/2006"}) || !slices.Equal(p.Table.Decimals, []string{DecimalPoint, DecimalComma}) || brief(p.First[0].Transaction) != "2026-04-03|1234|SEK|||||a" {
		t.Fatalf("%+v, %v", p.Table, err)
	}
	columns := p.Table.Columns
	columns.Dates, columns.Decimal = "1/2/2006", DecimalComma
	p, err = w.look(file, &columns)
	if err != nil || brief(p.First[0].Transaction) != "2026-03-04|1.234|SEK|||||a" {
		t.Fatalf("%+v, %v", p.First, err)
	}
	if _, err := w.Begin(t.Context(), w.account, p.ID, &columns, false); err != nil {
		t.Fatal(err)
	}
	p, err = w.look(strings.Replace(file, "2026,a", "2025,b", 1), nil) // another file of the form
	if err != nil || !p.Table.Known || brief(p.First[0].Transaction) != "2025-03-04|1.234|SEK|||||b" {
		t.Errorf("%+v, %v", p.First, err)
	}
}

// TestColumnsAreAsked says at the columns what is missing, and shows the table all the same.
func TestColumnsAreAsked(t *testing.T) {
	w := newWorld(t)
	const file = "Wann;Was;Wieviel\n14.03.2026;a;1,00\n"
	p, err := w.look(file, nil)
	if codeOf(err, "columns") != failure.ColumnsNeeded || p.Table == nil || len(p.Table.Sample) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err := w.look(file, &Columns{Means: []Meaning{BookingDate, BookingDate, Amount}}); codeOf(err, "columns") != failure.ColumnsTwice {
		t.Error(err)
	}
	p, err = w.look(file, &Columns{Means: []Meaning{BookingDate, "nonsense", Amount}, Dates: "nonsense"})
	if err != nil || brief(p.First[0].Transaction) != "2026-03-14|1.00|SEK" {
		t.Errorf("%+v, %v", p.First, err)
	}
}

// TestFilesRefused says why a file is not read.
func TestFilesRefused(t *testing.T) {
	camt, err := os.ReadFile(filepath.Join("..", "..", "xs2a", "statement", "testdata", "camt053v02.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ file, code string }{
		"no text at all":             {"\x00\x01\x02", failure.FileNoStatement},
		"a letter":                   {"Dear bank,", failure.FileNoStatement},
		"another XML":                {"<Document><Other/></Document>", failure.FileBroken},
		"a page":                     {"<!DOCTYPE html><html></html>", failure.FileBroken},
		"another account":            {strings.Replace(string(camt), "SE45 5000 0000 0583 9825 7466", "SE3550000000054910000003", 1), failure.FileOtherAccount},
		"another currency":           {strings.ReplaceAll(string(camt), "SEK", "EUR"), failure.FileCurrency},
		"an empty table":             {"Date,Text,Amount\n", failure.FileNothing},
		"a table of another account": {"Account,Date,Text,Amount\nSE3550000000054910000003,2026-03-14,a,1\n", failure.FileOtherAccount},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if _, err := w.look(test.file, nil); codeOf(err, "file") != test.code {
				t.Errorf("%v", err)
			}
		})
	}
	w := newWorld(t)
	if _, err := w.Look(t.Context(), w.account, "gone", nil); codeOf(err, "file") != failure.FileGone {
		t.Error(err)
	}
	p, err := w.look("Date,Text,Amount\n2026-03-14,a,1\n", nil)
	w.must(err)
	if _, err := w.Look(t.Context(), w.addAccount("SE3550000000054910000003"), p.ID, nil); codeOf(err, "file") != failure.FileGone {
		t.Errorf("a file chosen for another account: %v", err)
	}
	w.Discard(p.ID)
	if _, err := w.Begin(t.Context(), w.account, p.ID, nil, false); codeOf(err, "file") != failure.FileGone {
		t.Error(err)
	}
}

// TestStatements reads a statement, a second time, and takes it back.
func TestStatements(t *testing.T) {
	for name, test := range map[string]struct {
		file   string
		total  int
		covers []storage.Span
	}{
		"camt053v02.xml":  {"", 3, nil},
		"statement.mt940": {":20:A\n:25:SE4550000000058398257466\n:60F:C240430SEK1,\n:61:2405020502D45,NMSCNONREF//B1\n:86:coffee\n:61:240503C1,NMSC\n:62F:C240531SEK2,\n", 2, []storage.Span{{From: "2024-05-01", To: "2024-05-31"}}},
		"statement.ofx":   {"<OFX><STMTRS><CURDEF>SEK<BANKACCTFROM><ACCTID>5839 8257 466</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>POS<DTPOSTED>20240503<TRNAMT>-5,00<FITID>1<NAME>Kiosk</STMTTRN></BANKTRANLIST></STMTRS></OFX>", 1, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if test.file == "" {
				content, err := os.ReadFile(filepath.Join("..", "..", "xs2a", "statement", "testdata", name))
				w.must(err)
				test.file = string(content)
			}
			first := w.add(test.file)
			if first.Added != test.total || !slices.Equal(first.Covers, test.covers) || len(w.booked(w.account)) != test.total {
				t.Errorf("%+v", first)
			}
			p, err := w.look(test.file, nil)
			if err != nil || p.Before.ID != first.ID || p.New != 0 {
				t.Errorf("the second time it is %+v, %v", p, err)
			}
			again := w.add(test.file)
			if again.Added != 0 || len(w.booked(w.account)) != test.total {
				t.Errorf("the second time it brought %+v", again)
			}
			w.must(w.Undo(t.Context(), first.ID))
			w.must(w.Undo(t.Context(), again.ID))
			if left := w.booked(w.account); len(left) != 0 {
				t.Errorf("%d are left", len(left))
			}
		})
	}
}

// TestWhoseAccount asks where a number tells nothing.
func TestWhoseAccount(t *testing.T) {
	se := storage.Account{IBAN: "SE4550000000058398257466", Name: "Lönekonto"}
	de := storage.Account{IBAN: "DE02120300000000202051"}
	card := storage.Account{MaskedPAN: "411111******1111"}
	for _, test := range []struct {
		named   string
		account storage.Account
		want    whose
	}{
		{"", se, this}, {"SE45 5000 0000 0583 9825 7466", se, this}, {"lönekonto", se, this}, {"58398257466", se, this}, {"SE3550000000054910000003", se, another},
		{"12030000/202051", de, this}, {"12030000/0000202051", de, this}, {"12030000/202052", de, unsure}, {"51", de, unsure}, {"Savings", se, unsure},
		{"411111******1111", card, this}, {"DE02120300000000202051", card, unsure},
	} {
		if got := whoseIs(test.named, test.account); got != test.want {
			t.Errorf("%q: %v, want %v", test.named, got, test.want)
		}
	}
	w := newWorld(t)
	p, err := w.look(":20:A\n:25:99/1\n:60F:C240430SEK1,\n:61:240503C1,NMSC\n:62F:C240531SEK2,\n", nil)
	w.must(err)
	if _, err := w.Begin(t.Context(), w.account, p.ID, nil, false); p.Named != "99/1" || codeOf(err, "sure") != failure.FileWhoseAccount {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := w.Begin(t.Context(), w.account, p.ID, nil, true); err != nil {
		t.Error(err)
	}
}

// TestOwnTable reads what Consentry saved into another account of the same number, in the form for
// programs and in that for spreadsheets: field by field the same comes back.
func TestOwnTable(t *testing.T) {
	const heading = "Account,Bank,Status,Booking date,Value date,Amount,Currency,Creditor,Creditor account,Debtor,Debtor account,Text,Additional,Bank code,Transaction id,Entry reference,End-to-end id,No longer listed since\r\n"
	lines := []string{
		`SE4550000000058398257466,Norrsken Bank,Booked,2026-03-14,2026-03-15,-1234.50,SEK,"Kiosk, the ""best""",SE1,Anna,SE4550000000058398257466,"two` + "\n" + `lines",'=SUM(A1),PMNT,T1,E1,X1,` + "\r\n",
		`SE4550000000058398257466,Norrsken Bank,Booked,2026-03-14,,10,SEK,,,Bo,,'-text,,,,,,2026-05-01` + "\r\n",
		`SE4550000000058398257466,Norrsken Bank,Booked,,,7.00,SEK,,,,," blanks ",,,,,,` + "\r\n",
		`SE4550000000058398257466,Norrsken Bank,Pending,2026-03-16,,-1,SEK,Later,,,,,,,,,,` + "\r\n",
		`SE3550000000054910000003,Norrsken Bank,Booked,2026-03-16,,-1,SEK,Other,,,,,,,,,,` + "\r\n",
	}
	want := []xs2a.Transaction{
		{Amount: xs2a.Amount{Number: "7.00", Currency: "SEK"}, Remittance: " blanks "},
		{BookingDate: "2026-03-14", Amount: xs2a.Amount{Number: "10", Currency: "SEK"}, DebtorName: "Bo", Remittance: "-text"},
		{ID: "T1", EntryReference: "E1", EndToEndID: "X1", BookingDate: "2026-03-14", ValueDate: "2026-03-15", Amount: xs2a.Amount{Number: "-1234.50", Currency: "SEK"},
			CreditorName: `Kiosk, the "best"`, CreditorAccount: "SE1", DebtorName: "Anna", DebtorAccount: "SE4550000000058398257466", Remittance: "two\nlines", Additional: "=SUM(A1)", BankCode: "PMNT"},
	}
	spreadsheet := "\ufeff" + strings.ReplaceAll(heading, ",", ";")
	for _, line := range lines {
		line = strings.NewReplacer("Kiosk, the", "Kiosk§ the", ",", ";", "-1234.50", "-1234,50", "7.00", "7,00").Replace(line)
		spreadsheet += strings.ReplaceAll(line, "§", ",")
	}
	for name, file := range map[string]string{"programs": heading + strings.Join(lines, ""), "spreadsheets": spreadsheet,
		"with a person's own words": strings.TrimSuffix(heading, "\r\n") + ",Note,Tags\r\n" + strings.ReplaceAll(strings.Join(lines, ""), "\r\n", ",mine,holiday\r\n")} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p, err := w.look(file, nil)
			if err != nil || !p.Table.Own || p.Skipped != 2 || p.UnreadAll != 0 {
				t.Fatalf("%+v, %v", p, err)
			}
			w.add(file)
			got := w.booked(w.account)
			if len(got) != len(want) {
				t.Fatalf("%d transactions", len(got))
			}
			for _, one := range want {
				if !slices.ContainsFunc(got, func(other storage.Transaction) bool {
					other.Raw = nil
					return fmt.Sprintf("%+v", other.Transaction) == fmt.Sprintf("%+v", one) && (other.DroppedAt.IsZero() || other.DroppedAt.Format(time.DateOnly) == "2026-05-01") == true && other.DroppedAt.IsZero() == (one.DebtorName != "Bo")
				}) {
					t.Errorf("%+v is not among %+v", one, got)
				}
			}
			if again := w.add(file); again.Added != 0 {
				t.Errorf("the second time it brought %+v", again)
			}
		})
	}
}

// TestHeadingsAreTold holds that no word over a column means two things.
func TestHeadingsAreTold(t *testing.T) {
	seen := map[string]Meaning{}
	for means, words := range headings {
		for _, one := range words {
			if before, twice := seen[folded(one)]; twice && before != means {
				t.Errorf("%q means %s and %s", one, before, means)
			}
			seen[folded(one)] = means
			if folded(one) == "" {
				t.Errorf("%q has no word", one)
			}
		}
	}
}

// FuzzTable reads any table, and tells of each line what became of it.
func FuzzTable(f *testing.F) {
	f.Add("Date,Description,Amount\n2026-03-14,Coffee,-3.50\n", "SEK")
	f.Add("Buchungstag;Betrag;Verwendungszweck;Soll/Haben\n14.03.26;1.234,50;x;S\n", "EUR")
	f.Add("a\tb\n\"1\t2\n", "")
	f.Fuzz(func(t *testing.T, text, currency string) {
		table, err := openTable(xs2a.FileText([]byte(text)))
		if err != nil {
			return
		}
		table.lookThrough()
		into := &reading{}
		table.read(storage.Account{Currency: currency, IBAN: "SE4550000000058398257466"}, into)
		for _, one := range into.All {
			if one.Amount.Decimal() == nil || one.Amount.Currency == "" || one.Date() == "" && !table.Own {
				t.Errorf("%+v was read", one)
			}
		}
		if len(into.Unread) > unreadKept {
			t.Error("too much is told of what could not be read")
		}
	})
}

// TestTurns lets a file wait for whoever writes many transactions of its account, and undoes one
// that still waits: nothing of it is stored then.
func TestTurns(t *testing.T) {
	w := newWorld(t)
	w.patience = time.Millisecond
	done, err := w.accounts.Take(t.Context(), w.account.ID)
	w.must(err)
	p, err := w.look("Date,Text,Amount\n2026-03-14,a,1\n", nil)
	w.must(err)
	noted, err := w.Begin(t.Context(), w.account, p.ID, nil, false)
	w.must(err)
	if !w.Running(noted.ID) || len(w.booked(w.account)) != 0 {
		t.Error("it did not wait")
	}
	w.must(w.Undo(t.Context(), noted.ID))
	done()
	for w.Running(noted.ID) {
		time.Sleep(time.Millisecond)
	}
	if _, err := w.Import(t.Context(), noted.ID); !errors.Is(err, storage.ErrNotFound) || len(w.booked(w.account)) != 0 {
		t.Errorf("what was undone is there: %v", err)
	}
}

// TestResume goes on with an undo that the program's end broke off.
func TestResume(t *testing.T) {
	w := newWorld(t)
	noted := w.add("Date,Text,Amount\n2026-03-14,a,1\n")
	w.must(w.store.BeginUndo(t.Context(), noted.ID))
	w.must(w.Resume(t.Context()))
	for w.Running(noted.ID) {
		time.Sleep(time.Millisecond)
	}
	if len(w.booked(w.account)) != 0 {
		t.Error("it is not undone")
	}
}

// TestMarkWithin adds a table whose mark of its encoding stands after lines of text: where its lines
// begin is told in bytes of the file.
func TestMarkWithin(t *testing.T) {
	w := newWorld(t)
	p, err := w.Look(t.Context(), w.account, w.Take(w.account.ID, "f.csv", []byte("Kontoutdrag\n\ufeffDate;Text;Amount\n2026-03-01;Kiosk;-1250\n2026-03-02;Bakery;-3475\n")), nil)
	if err != nil {
		t.Fatal(err)
	}
	noted, err := w.Begin(t.Context(), w.account, p.ID, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Import(t.Context(), noted.ID); err != nil {
		t.Fatal(err)
	}
	var stored []string
	for _, one := range w.booked(w.account) {
		stored = append(stored, one.Amount.Number)
	}
	if !slices.Equal(stored, []string{"-3475", "-1250"}) {
		t.Errorf("stored are %q", stored)
	}
}
