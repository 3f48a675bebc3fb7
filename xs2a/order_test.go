package xs2a_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"consentry/xs2a"
)

// orders are one of each form.
func orders() map[string]xs2a.Order {
	debtor := xs2a.OrderAccount{IBAN: "DE89370400440532013000"}
	simple := xs2a.Transfer{Amount: xs2a.Amount{Number: "12.50", Currency: "EUR"}, Creditor: "Nino Beridze", To: xs2a.OrderAccount{IBAN: "GE29NB0000000101904917"}, Text: "Rent <May> & June"}
	full := simple
	full.EndToEnd, full.Agent, full.AgentName, full.Purpose = "R-1", "BAGAGE22", "Bank of Georgia", "RENT"
	full.Address = &xs2a.Address{Street: "Rustaveli Avenue", Number: "5", PostCode: "0108", Town: "Tbilisi", Country: "GE"}
	giro := xs2a.Transfer{Amount: xs2a.Amount{Number: "100", Currency: "SEK"}, Creditor: "Elbolaget", To: xs2a.OrderAccount{Giro: "5050-1055", GiroType: xs2a.Bankgiro}, OCR: "12345674", ToSelf: "Electricity"}
	batch := true
	return map[string]xs2a.Order{
		"single":   {Service: xs2a.SinglePayment, Product: "sepa-credit-transfers", Debtor: debtor, Transfers: []xs2a.Transfer{simple}},
		"full":     {Service: xs2a.SinglePayment, Product: "cross-border-credit-transfers", Debtor: debtor, Transfers: []xs2a.Transfer{full}, On: "2027-01-29"},
		"bulk":     {Service: xs2a.BulkPayment, Product: "sepa-credit-transfers", Debtor: debtor, Transfers: []xs2a.Transfer{simple, full}, On: "2027-01-29", Batch: &batch},
		"periodic": {Service: xs2a.PeriodicPayment, Product: "sepa-credit-transfers", Debtor: debtor, Transfers: []xs2a.Transfer{simple}, Standing: &xs2a.Standing{Start: "2027-01-29", End: "2027-12-31", Frequency: xs2a.Monthly, Rule: "following", Day: "31"}},
		"giro":     {Service: xs2a.SinglePayment, Product: "swedish-giro", Debtor: xs2a.OrderAccount{BBAN: "58398257466", Clearing: "5000", Currency: "SEK"}, Transfers: []xs2a.Transfer{giro}, On: "2027-01-29"},
	}
}

// What is sent is what the definitions define.
func TestOrderAsJSON(t *testing.T) {
	for _, each := range []struct {
		dialect       xs2a.Dialect
		file          string
		order, schema string
	}{
		{xs2a.BerlinGroup, "berlin-group-1.3.11.yaml", "single", "paymentInitiation_json"},
		{xs2a.BerlinGroup, "berlin-group-1.3.11.yaml", "full", "paymentInitiation_json"},
		{xs2a.BerlinGroup, "berlin-group-1.3.11.yaml", "bulk", "bulkPaymentInitiation_json"},
		{xs2a.BerlinGroup, "berlin-group-1.3.11.yaml", "periodic", "periodicPaymentInitiation_json"},
		{xs2a.OpenPayments, "open-payments-1.3.3.yaml", "full", "paymentInitiation_json"},
		{xs2a.OpenPayments, "open-payments-1.3.3.yaml", "bulk", "bulkPaymentInitiation_json"},
		{xs2a.OpenPayments, "open-payments-1.3.3.yaml", "periodic", "periodicPaymentInitiation_json"},
		{xs2a.OpenPayments, "open-payments-1.3.3.yaml", "giro", "paymentInitiationSwedishGiro_json"},
	} {
		t.Run(each.dialect.Name+" "+each.order, func(t *testing.T) {
			definition := definitionOf(t, each.file)
			order := orders()[each.order]
			if each.dialect.Name == xs2a.OpenPayments.Name && each.order != "giro" {
				order.Transfers[len(order.Transfers)-1].Purpose = "" // it defines none
			}
			document, err := each.dialect.Document(order, "m1", day)
			if err != nil {
				t.Fatal(err)
			}
			body := document.Content
			value := decoded(t, body)
			schema := definition.Components.Schemas[each.schema].Value
			if err := schema.VisitJSON(value); err != nil {
				t.Errorf("%s\n%v", body, err)
			}
			for member := range value {
				if schema.Properties[member] == nil && member != "ocrRef" && member != "invoiceRef" {
					t.Errorf("%s is not defined: %s", member, body)
				}
			}
		})
	}
}

// day is when the orders were composed.
var day = time.Date(2027, 1, 28, 10, 0, 0, 0, time.UTC)

// reference is a file that lies beside the checkout; without it the test is skipped.
func reference(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "shared", "reference", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the official definition is not beside the checkout (%s)", path)
	}
	return path
}

func definitionOf(t *testing.T, file string) *openapi3.T {
	t.Helper()
	definition, err := openapi3.NewLoader().LoadFromFile(reference(t, filepath.Join("openapi", file)))
	if err != nil {
		t.Fatal(err)
	}
	return definition
}

func decoded(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	return value
}
