package e2e

import (
	"context"
	"net/http"
	"strings"

	"consentry/storage"
)

// The practice banks' control, where a test moves their time on or lets a
// request go wrong. It lies beside the banks, in the program itself.

// practice is where the program's own practice banks are.
func (c *program) practice() string {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) (string, error) {
		environment, err := s.Environment(ctx, "sandbox")
		return environment.Profile.APIURL, err
	})
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
