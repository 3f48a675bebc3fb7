package pay

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/failure"
	"consentry/xs2a"
)

// head is what holds for all payments of the tests' files.
var head = Form{Service: xs2a.SinglePayment, Product: "sepa-credit-transfers", From: "DE97535700008337724498", Currency: "EUR"}

// ordered are the rows of a file, each as what is asked for and the fields that are wrong.
func ordered(t *testing.T, f Form, file string) (rows []string, unread []string) {
	t.Helper()
	read, unread, err := readRows(t.Context(), f, []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range read {
		row.check(ProductNamed(row.Form.Product), time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC))
		to := row.Transfer
		text := fmt.Sprintf("%d %s %s %s %s %q %s", row.Line, to.Creditor, to.To.IBAN+to.To.Giro, to.Amount.Number, to.Amount.Currency, to.Text+to.OCR+to.Invoice, row.On)
		for _, field := range slices.Sorted(maps.Keys(row.Wrong)) {
			text += " " + field + ":" + row.Wrong[field].Code
		}
		rows = append(rows, text)
	}
	return rows, unread
}

// TestPaymentsFromATable reads what spreadsheets save, and says of each line what is wrong.
func TestPaymentsFromATable(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"commas": {
			"name,account,amount,text\nAnna,DE89370400440532013000,12.50,Rent\n\n\"Beta, Ltd\",DE75 5121 0800 1245 1261 99,7,\n",
			[]string{`2 Anna DE89370400440532013000 12.50 EUR "Rent" `, `4 Beta, Ltd DE75512108001245126199 7 EUR "" `},
		},
		"semicolons, decimal commas, a mark before": {
			"\ufeffName;Account;Amount;Currency;Date\r\nAnna;DE89370400440532013000;1.234,50;EUR;2027-03-01\r\n;;;;\r\n",
			[]string{`2 Anna DE89370400440532013000 1234.50 EUR "" 2027-03-01`},
		},
		"tabs": {"name\taccount\tamount\nAnna\tDE89370400440532013000\t1", []string{`2 Anna DE89370400440532013000 1 EUR "" `}},
		"what is wrong": {
			"name,account,amount,text\nAnna,DE88370400440532013000,0,Rent\nAnna\n,,1,\nAnna,DE89370400440532013000,1,x,y\n\"Anna,1\n",
			[]string{
				`2 Anna   EUR "Rent"  amount:notPositive to:ibanDigits`, `3 Anna   EUR ""  line:lineWidth`, `4   1 EUR ""  creditor:missing to:missing`,
				`5 Anna DE89370400440532013000 1 EUR "x"  line:lineWidth`, `6    EUR ""  line:lineTorn`,
			},
		},
		"a reference without a text": {
			"name,account,amount,text,ocr\nAnna,DE89370400440532013000,1,,RF18539007547034\nAnna,DE89370400440532013000,1,Rent,RF18539007547034\n",
			[]string{`2 Anna DE89370400440532013000 1 EUR "RF18539007547034" `, `3 Anna DE89370400440532013000 1 EUR "Rent"  text:textAndReference`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, unread := ordered(t, head, test.file)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if len(unread) > 0 {
				t.Errorf("unread are %q", unread)
			}
		})
	}
}

// TestPaymentsFromNothing says why a file is no list.
func TestPaymentsFromNothing(t *testing.T) {
	many := "name,account,amount\n" + strings.Repeat("Anna,DE89370400440532013000,1\n", mostRows+1)
	for name, test := range map[string]struct{ file, code string }{
		"empty":             {"", failure.FileNoColumns},
		"no line":           {"name,account,amount\n", failure.NoTransfers},
		"no amount":         {"name,account\nAnna,DE89370400440532013000\n", failure.FileLacks},
		"ISO 8859-1":        {"name,account,amount\nK\xf6ln,DE89370400440532013000,1\n", failure.FileNotUTF8},
		"too many":          {many, failure.TooManyTransfers},
		"too large":         {strings.Repeat("x", MaxListFile+1), failure.FileLarger},
		"other XML":         {"<Document><BkToCstmrStmt/></Document>", failure.NotInitiation},
		"an empty pain.001": {"<Document><CstmrCdtTrfInitn/></Document>", failure.NoTransfers},
	} {
		_, _, err := readRows(t.Context(), head, []byte(test.file))
		var told *failure.Error
		if !errors.As(err, &told) || told.Fields["file"].Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, unread := ordered(t, head, "name,account,amount,Name,colour\nAnna,DE89370400440532013000,1,Berta,red\n"); strings.Join(unread, ",") != "Name,colour" {
		t.Errorf("unread are %q", unread)
	}
}

// TestPaymentsFromPain001 reads the transfers of a pain.001.
func TestPaymentsFromPain001(t *testing.T) {
	transfer := func(method, from, iban, amount string) string {
		return "<PmtInf><PmtMtd>" + method + "</PmtMtd><ReqdExctnDt>2027-03-01</ReqdExctnDt><DbtrAcct><Id><IBAN>" + from + "</IBAN></Id></DbtrAcct><CdtTrfTxInf><Amt><InstdAmt " + amount +
			"</InstdAmt></Amt><Cdtr><Nm>Anna</Nm></Cdtr><CdtrAcct><Id><IBAN>" + iban + "</IBAN></Id></CdtrAcct></CdtTrfTxInf></PmtInf>"
	}
	file := "<Document><CstmrCdtTrfInitn>" + transfer("TRF", head.From, "DE89370400440532013000", `Ccy="EUR">12.50`) +
		transfer("CHK", head.From, "DE89370400440532013000", `Ccy="USD">1.00`) + "</CstmrCdtTrfInitn></Document>"
	got, _ := ordered(t, head, file)
	if len(got) != 2 || got[0] != `1 Anna DE89370400440532013000 12.50 EUR "" 2027-03-01` || !strings.HasSuffix(got[1], " line:notATransfer") {
		t.Errorf("got %q", got)
	}
}

// TestListIsWrittenAndReadAgain pays an order's transfers again as they were.
func TestListIsWrittenAndReadAgain(t *testing.T) {
	was := []xs2a.Transfer{
		{Creditor: "Anna; \"A\"", To: xs2a.OrderAccount{IBAN: "DE89370400440532013000"}, Amount: xs2a.Amount{Number: "1234.50", Currency: "EUR"}, Text: "Rent, March", EndToEnd: "R-1"},
		{Creditor: "Berta", To: xs2a.OrderAccount{IBAN: "DE75512108001245126199"}, Amount: xs2a.Amount{Number: "7", Currency: "EUR"}},
	}
	file, err := ListOf(xs2a.Order{Product: "domestic", Transfers: was})
	if err != nil {
		t.Fatal(err)
	}
	f := head
	f.Product = "domestic"
	rows, _, err := readRows(t.Context(), f, file)
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	for i, row := range rows {
		row.check(ProductNamed(row.Form.Product), time.Date(2027, 2, 1, 12, 0, 0, 0, time.UTC))
		if len(row.Wrong) > 0 || !sameTransfer(row.Transfer, was[i]) || row.Transfer.Creditor != was[i].Creditor {
			t.Errorf("%+v is read as %+v, %v", was[i], row.Transfer, row.Wrong)
		}
	}
}
