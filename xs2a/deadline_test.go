package xs2a

import (
	"context"
	"errors"
	"testing"
	"time"

	"consentry/xs2a/sandbox/hostile"
)

// TestEveryLineEnds holds an exchange to its deadline whatever is done with the
// line: it ends, with an error of the client's.
func TestEveryLineEnds(t *testing.T) {
	for _, m := range hostile.Lines {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			_, client := atHostileBank(t, m, 300*time.Millisecond)
			ended := make(chan error, 1)
			go func() { ended <- readAccounts(client, Call{BIC: "b", ConsentID: "7"}) }()
			var err error
			select {
			case err = <-ended:
			case <-time.After(20 * time.Second):
				t.Fatal("the exchange goes on far beyond its deadline")
			}
			var failed *Error
			if !errors.As(err, &failed) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// atHostileBank returns a bank that misbehaves in one way, and a client of its with a
// deadline.
func atHostileBank(t *testing.T, m hostile.Misbehaviour, deadline time.Duration) (*hostile.Bank, *Client) {
	t.Helper()
	bank, err := hostile.Start(m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bank.Close)
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: bank.Address}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	client.Deadline = deadline
	return bank, client
}

// TestUsualDeadline is set without being asked for.
func TestUsualDeadline(t *testing.T) {
	client, err := New(Reach{Profile: Profile{Dialect: BerlinGroup.Name, APIURL: "https://bank.example"}}, nil)
	if err != nil || client.Deadline != usualDeadline || client.For("flow").Deadline != usualDeadline {
		t.Errorf("%v, %v", client.Deadline, err)
	}
}

// TestDeadlineOfAll ends what is sent again, too.
func TestDeadlineOfAll(t *testing.T) {
	silence := hostile.Lines[0]
	bank, client := atHostileBank(t, silence, 50*time.Millisecond)
	err := readAccounts(client, Call{BIC: "b", ConsentID: "7", PSU: &PSU{IPAddress: "127.0.0.1"}})
	if !errors.Is(err, context.DeadlineExceeded) || bank.Asked() != 1 {
		t.Errorf("%v, asked %d times", err, bank.Asked())
	}
}
