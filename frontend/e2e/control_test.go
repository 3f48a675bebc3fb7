package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"consentry/storage"
)

// The practice banks' control, where a test moves their time on or lets a
// request go wrong. It lies beside the banks, in the program itself.

// practice is where the practice banks are that the test has.
func (c *program) practice() string {
	c.t.Helper()
	if c.at != "" {
		return c.at
	}
	c.known.Lock()
	defer c.known.Unlock()
	if c.known.here != "" {
		return c.known.here
	}
	c.known.here = reading(c, func(ctx context.Context, s *storage.Store) (string, error) {
		environment, err := s.Environment(ctx, "sandbox")
		return environment.Profile.APIURL, err
	})
	return c.known.here
}

// listed is a bank by its name, as the program lists it.
func (c *program) listed(name string) storage.ASPSP {
	c.t.Helper()
	c.known.Lock()
	defer c.known.Unlock()
	if c.known.banks == nil {
		c.known.banks = map[string]storage.ASPSP{}
		for _, each := range reading(c, func(ctx context.Context, s *storage.Store) ([]storage.ASPSP, error) {
			return s.ASPSPs(ctx, storage.ASPSPQuery{})
		}) {
			c.known.banks[each.Name] = each
		}
	}
	one, is := c.known.banks[name]
	if !is {
		c.t.Fatalf("there is no %s", name)
	}
	return one
}

// controls tells the practice banks what to do.
func (c *program) controls(what, body string) {
	c.t.Helper()
	answer, err := http.Post(c.practice()+"/_control/"+what, "application/json", strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		c.t.Fatalf("the control answered %s to %s", answer.Status, body)
	}
}

// accountAt is the first account of a person at a bank.
func (c *program) accountAt(bic, login string) (iban string) {
	c.t.Helper()
	var all []struct{ IBAN string }
	if c.control(c.t, "accounts?bank="+bic+"&psu="+login, &all); len(all) == 0 {
		c.t.Fatalf("%s has no account at %s", login, bic)
	}
	return all[0].IBAN
}

// control reads what the practice banks' control shows.
func (c *program) control(t *testing.T, what string, into any) {
	t.Helper()
	answer, err := http.Get(c.practice() + "/_control/" + what)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatalf("the control answered %s (%v)", answer.Status, err)
	}
}

// clearsFaults lets everything go well again.
func (c *program) clearsFaults() {
	c.t.Helper()
	forget, err := http.NewRequest(http.MethodDelete, c.practice()+"/_control/faults", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(forget)
	if err != nil {
		c.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		c.t.Fatalf("the control answered %s", answer.Status)
	}
}

// elevenMinutes pass at the banks: one more than they wait for anybody.
func (c *program) elevenMinutes() {
	c.t.Helper()
	c.controls("clock", `{"advance": "11m"}`)
}
