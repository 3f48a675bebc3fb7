package app_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"consentry/app"
	"consentry/frontend"
	"consentry/storage"
)

// recordSchema is the published form of a record.
func recordSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("../docs/consent-record.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(frontend.RecordSchema, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(frontend.RecordSchema)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// record returns a consent's record, held against the published form.
func (w *world) record(id string) (frontend.Record, string) {
	w.Helper()
	receipt, err := w.Receipt(w.Context(), id)
	w.must(err)
	text, err := json.Marshal(frontend.RecordOf(w.Context(), receipt))
	w.must(err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	w.must(err)
	if err := recordSchema(w.T).Validate(document); err != nil {
		w.Fatalf("%v\n%s", err, text)
	}
	return frontend.RecordOf(w.Context(), receipt), string(text)
}

func states(r frontend.Record) (all []string) {
	for _, event := range r.Events {
		if n := len(all); n == 0 || all[n-1] != event.State {
			all = append(all, event.State)
		}
	}
	return all
}

// TestReceipt follows a consent from the request to the erasing of its data: at
// each point its receipt can be had, and none names an account in full.
func TestReceipt(t *testing.T) {
	w := newWorld(t)
	flow := w.link()
	id := flow.Consent.ID
	accounts, err := w.Holdings().ConsentAccounts(t.Context(), id)
	w.must(err)
	masked := func(text string) {
		t.Helper()
		for _, account := range accounts {
			for _, number := range []string{account.IBAN, account.BBAN} {
				if number != "" && strings.Contains(text, number) {
					t.Errorf("%s stands in the receipt:\n%s", number, text)
				}
			}
		}
	}

	given, text := w.record(id)
	masked(text)
	if got := states(given); !slices.Equal(got, []string{"requested", "given"}) {
		t.Errorf("states %q\n%s", got, text)
	}
	x := given.Extension
	if len(x.Accounts) != len(accounts) || x.Granted == nil || x.Used.Attended == 0 || x.Used.LastReadAt == nil || !x.Used.LastReadAskedFor || x.End != nil {
		t.Errorf("got %s", text)
	}
	if given.Parties[2].Name != flow.Consent.BankName || given.Processing.Purposes[0].Purpose == "" {
		t.Errorf("got %s", text)
	}
	again, _ := w.record(id)
	if again.ReceiptID != given.ReceiptID || again.PIIPrincipalID != given.PIIPrincipalID {
		t.Error("the same state has another receipt")
	}

	w.must(w.Withdraw(t.Context(), id, false, person))
	ended, text := w.record(id)
	masked(text)
	if got := states(ended); !slices.Equal(got, []string{"requested", "given", "withdrawn"}) {
		t.Errorf("states %q\n%s", got, text)
	}
	if ended.ReceiptID == given.ReceiptID || ended.RecordID != given.RecordID || ended.Extension.End == nil || ended.Extension.End.Reason != string(storage.EndWithdrawn) {
		t.Errorf("got %s", text)
	}

	w.must(w.EraseData(t.Context(), id))
	erased, text := w.record(id)
	masked(text)
	if len(erased.Extension.Accounts) != 0 || erased.Extension.End.ErasedAt == nil || !strings.HasPrefix(erased.Processing.Purposes[0].RetentionPeriod, "erased on ") {
		t.Errorf("got %s", text)
	}
	if got := states(erased); !slices.Equal(got, []string{"requested", "given", "withdrawn"}) {
		t.Errorf("states %q", got)
	}
}

// TestReceiptOfARequest has what there is before anything was granted.
func TestReceiptOfARequest(t *testing.T) {
	w := newWorld(t)
	flow := w.ask(w.banks[0])
	record, text := w.record(flow.Consent.ID)
	if got := states(record); !slices.Equal(got, []string{"requested"}) || record.Extension.Used.LastReadAt != nil {
		t.Errorf("states %q\n%s", got, text)
	}
	w.must(w.Withdraw(t.Context(), flow.Consent.ID, false, person))
	record, text = w.record(flow.Consent.ID)
	if got := states(record); !slices.Equal(got, []string{"requested", "refused"}) || record.Extension.End.Reason != string(storage.EndGivenUp) {
		t.Errorf("states %q\n%s", got, text)
	}
	if _, err := w.Receipt(t.Context(), "no such"); !app.NotFound(err) {
		t.Errorf("of none: %v", err)
	}
}
