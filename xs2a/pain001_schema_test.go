package xs2a_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"consentry/xs2a"
)

// transfers are one of each form that goes into a pain.001.
func transfers() map[string]xs2a.Transfer {
	simple := orders()["single"].Transfers[0]
	change := func(do func(*xs2a.Transfer)) xs2a.Transfer {
		t := simple
		do(&t)
		return t
	}
	return map[string]xs2a.Transfer{
		"simple":                        simple,
		"without a text":                change(func(t *xs2a.Transfer) { t.Text = "" }),
		"a text as long as it may be":   change(func(t *xs2a.Transfer) { t.Text = strings.Repeat("Ab1 ?", 28) }),
		"letters that XML has reserved": change(func(t *xs2a.Transfer) { t.Creditor, t.Text = `Tea & Cakes "<Ltd>"`, "a ]]> b &amp; <c/>" }),
		"letters of other countries":    change(func(t *xs2a.Transfer) { t.Creditor, t.Text = "Łódź Ünï ნინო", "Grüße" }),
		"a name as long as it may be":   change(func(t *xs2a.Transfer) { t.Creditor = strings.Repeat("Nino Beri ", 7)[:70] }),
		"a reference of one's own":      change(func(t *xs2a.Transfer) { t.EndToEnd = strings.Repeat("R-123", 7) }),
		"a creditor reference":          change(func(t *xs2a.Transfer) { t.Text = "RF18539007547034" }),
		"all there is":                  orders()["full"].Transfers[0],
		"an address of a country alone": change(func(t *xs2a.Transfer) { t.Address = &xs2a.Address{Country: "GE"} }),
		"costs to the payee":            change(func(t *xs2a.Transfer) { t.Charges = "CRED" }),
		"costs shared":                  change(func(t *xs2a.Transfer) { t.Charges = "SHAR" }),
		"costs to the payer":            change(func(t *xs2a.Transfer) { t.Charges = "DEBT" }),
		"yen, which have no decimals":   change(func(t *xs2a.Transfer) { t.Amount = xs2a.Amount{Number: "1250", Currency: "JPY"} }),
		"dinars, which have three":      change(func(t *xs2a.Transfer) { t.Amount = xs2a.Amount{Number: "12.345", Currency: "KWD"} }),
		"the smallest amount":           change(func(t *xs2a.Transfer) { t.Amount.Number = "0.01" }),
		"the largest amount":            change(func(t *xs2a.Transfer) { t.Amount.Number = "999999999999.99" }),
	}
}

// TestPain001KeepsToItsSchema holds to the schema of ISO 20022 what orders by each product of
// XML come to, single and in bulk.
func TestPain001KeepsToItsSchema(t *testing.T) {
	keeps := schema(t)
	documents := map[string][]byte{}
	all := transfers()
	several := make([]xs2a.Transfer, 0, len(all))
	for name, transfer := range all {
		if transfer.Amount.Currency == "EUR" {
			several = append(several, transfer)
		}
		for _, product := range xs2a.BerlinGroup.PaymentProducts {
			if !xs2a.XML(product) {
				continue
			}
			o := xs2a.Order{Service: xs2a.SinglePayment, Product: product, Debtor: orders()["single"].Debtor, Transfers: []xs2a.Transfer{transfer}}
			documents[product+", "+name] = pain001(t, o)
		}
	}
	yes, no := true, false
	for name, o := range map[string]xs2a.Order{
		"as the bank books":      {},
		"booked as one":          {Batch: &yes},
		"booked one by one":      {Batch: &no},
		"on a day":               {On: "2027-01-29"},
		"in a currency":          {Debtor: xs2a.OrderAccount{IBAN: "DE89370400440532013000", Currency: "EUR"}},
		"rejected without money": {NoWait: true},
		"hundreds":               {Transfers: slices.Repeat(several, 30)},
	} {
		o.Service, o.Product = xs2a.BulkPayment, "pain.001-sepa-credit-transfers"
		if o.Debtor == (xs2a.OrderAccount{}) {
			o.Debtor = orders()["single"].Debtor
		}
		if o.Transfers == nil {
			o.Transfers = several
		}
		document := pain001(t, o)
		documents["in bulk, "+name] = document
		// The schema does not count.
		if count := fmt.Sprintf("<NbOfTxs>%d</NbOfTxs>", len(o.Transfers)); bytes.Count(document, []byte(count)) != 2 {
			t.Errorf("in bulk, %s: %s does not stand there twice", name, count)
		}
	}
	for name, wrong := range keeps(documents) {
		t.Errorf("%s: %s\n%s", name, wrong, documents[name])
	}
	shared, mine := all["costs shared"], all["costs to the payer"]
	if document := pain001(t, xs2a.Order{Service: xs2a.BulkPayment, Product: "pain.001-cross-border-credit-transfers", Debtor: orders()["single"].Debtor,
		Transfers: []xs2a.Transfer{shared, mine}}); !bytes.Contains(document, []byte("<ChrgBr>SHAR")) || !bytes.Contains(document, []byte("<ChrgBr>DEBT")) {
		t.Errorf("each transfer has its own costs: %s", document)
	}
	if sum := pain001(t, xs2a.Order{Service: xs2a.BulkPayment, Product: "pain.001-sepa-credit-transfers", Debtor: orders()["single"].Debtor,
		Transfers: []xs2a.Transfer{all["the largest amount"], all["the smallest amount"]}}); !bytes.Contains(sum, []byte("<CtrlSum>1000000000000.00</CtrlSum>")) {
		t.Errorf("the sum is not that of the transfers: %s", sum)
	}
}

// TestSchemaRefuses holds that the schema would find what is wrong: each change of a document
// that keeps to it makes one that does not.
func TestSchemaRefuses(t *testing.T) {
	keeps := schema(t)
	o := orders()["bulk"]
	o.Product, o.Transfers[1].Charges = "pain.001-cross-border-credit-transfers", "DEBT"
	document := string(pain001(t, o))
	documents := map[string][]byte{"as it is": []byte(document)}
	for name, change := range map[string]struct{ from, to string }{
		"another version":              {"pain.001.001.03", "pain.001.001.09"},
		"an amount of six decimals":    {">12.50<", ">12.500001<"},
		"a negative amount":            {">12.50<", ">-12.50<"},
		"an amount with a comma":       {">12.50<", ">12,50<"},
		"no currency":                  {` Ccy="EUR"`, ``},
		"half a currency":              {`Ccy="EUR"`, `Ccy="EU"`},
		"no IBAN":                      {"<IBAN>GE29NB0000000101904917</IBAN>", "<IBAN>101904917</IBAN>"},
		"no BIC":                       {"<BIC>BAGAGE22</BIC>", "<BIC>BAGA</BIC>"},
		"a text that is too long":      {"<Ustrd>Rent", "<Ustrd>" + strings.Repeat("Rent ", 28) + "Rent"},
		"a name that is too long":      {"<Nm>Nino Beridze</Nm>", "<Nm>" + strings.Repeat("Nino Beridze ", 12) + "</Nm>"},
		"a reference that is too long": {"<EndToEndId>R-1<", "<EndToEndId>" + strings.Repeat("R-1", 12) + "<"},
		"no reference":                 {"<EndToEndId>R-1</EndToEndId>", ""},
		"a day that is none":           {"2027-01-29", "2027-02-29"},
		"no country":                   {"<Ctry>GE<", "<Ctry>Georgia<"},
		"another kind of payment":      {"<PmtMtd>TRF<", "<PmtMtd>CHQ2<"},
		"a count that is none":         {"<NbOfTxs>2<", "<NbOfTxs>two<"},
		"no name of the message":       {"<MsgId>m1</MsgId>", ""},
		"members in another order":     {"<Cdtr>", "<Cdtr/><Cdtr>"},
	} {
		if !strings.Contains(document, change.from) {
			t.Errorf("%s: %q does not stand in the document", name, change.from)
		}
		documents[name] = []byte(strings.Replace(document, change.from, change.to, 1))
	}
	wrong := keeps(documents)
	for name := range documents {
		if refused := wrong[name] != ""; refused != (name != "as it is") {
			t.Errorf("%s: refused is %t", name, refused)
		}
	}
}

// pain001 is an order as it is sent in XML.
func pain001(t *testing.T, o xs2a.Order) []byte {
	t.Helper()
	document, err := xs2a.BerlinGroup.Document(o, "m1", day)
	if err != nil || document.MediaType != "application/xml" {
		t.Fatal(document.MediaType, err)
	}
	return document.Content
}

// schema returns what says of documents, by their names, why they do not keep to the schema
// of pain.001. Those that do are left out.
func schema(t *testing.T) (keeps func(documents map[string][]byte) (wrong map[string]string)) {
	t.Helper()
	xsd := reference(t, "xsd/pain.001.001.03.xsd")
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		const why = "xmllint is not installed: the package libxml2-utils has it"
		if os.Getenv("CI") != "" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	return func(documents map[string][]byte) map[string]string {
		folder, names := t.TempDir(), slices.Sorted(maps.Keys(documents))
		arguments := []string{"--noout", "--nonet", "--schema", xsd}
		for i, name := range names {
			file := filepath.Join(folder, strconv.Itoa(i)+".xml")
			if err := os.WriteFile(file, documents[name], 0o600); err != nil {
				t.Fatal(err)
			}
			arguments = append(arguments, file)
		}
		out, _ := exec.Command(lint, arguments...).CombinedOutput() // it fails where one document does
		wrong := map[string]string{}
		for i, file := range arguments[4:] {
			if !strings.Contains(string(out), file+" validates\n") {
				wrong[names[i]] = said(string(out), file)
			}
		}
		return wrong
	}
}

// said are the lines about a file; where there are none, all.
func said(out, file string) string {
	var lines []string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, file) {
			lines = append(lines, line)
		}
	}
	if lines == nil {
		return out
	}
	return strings.Join(lines, "")
}
