package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/hostile"
)

// TestEndsWhateverABankDoes ends the program while a bank holds an exchange with
// which it is told of a withdrawal: it ends in order, by one signal.
func TestEndsWhateverABankDoes(t *testing.T) {
	path := program(t)
	for _, m := range hostile.Lines {
		switch m.Name {
		case "switching protocols, and a byte now and then", "a slow header", "a slow body":
		default:
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			bank, err := hostile.Start(m)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(bank.Close)
			dir := t.TempDir()
			withdrawnAt(t, dir, bank.Address)
			_, cmd := start(t, path, "serve", "-sandbox=false", "-data", dir)
			until(t, "the bank was asked", func() bool { return bank.Asked() > 0 })
			cmd.Process.Signal(syscall.SIGINT)
			if err := waitFor(t, cmd); err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// TestSecondSignal has the program end at once, whatever it is waiting for.
func TestSecondSignal(t *testing.T) {
	first, cmd := start(t, program(t), "serve", "-sandbox=false", "-data", t.TempDir())
	address, err := url.Parse(first)
	if err != nil {
		t.Fatal(err)
	}
	request, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer request.Close()
	if _, err := request.Write([]byte("POST / HTTP/1.1\r\n")); err != nil { // and no more: the program waits for it
		t.Fatal(err)
	}
	// Connections are taken in their order: once a later one is answered, the program has the first.
	if answer, err := http.Get(address.Scheme + "://" + address.Host + "/"); err != nil {
		t.Fatal(err)
	} else {
		answer.Body.Close()
	}
	cmd.Process.Signal(syscall.SIGINT)
	until(t, "the program answers no more", func() bool {
		other, err := net.Dial("tcp", address.Host)
		if err == nil {
			other.Close()
		}
		return err != nil
	})
	cmd.Process.Signal(syscall.SIGINT)
	var ended *exec.ExitError
	if err := waitFor(t, cmd); !errors.As(err, &ended) || ended.ExitCode() != 1 {
		t.Errorf("the second signal was not what ended it: %v", err)
	}
}

// withdrawnAt stores a consent that was withdrawn and whose bank is to be told.
func withdrawnAt(t *testing.T, dir, address string) {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	check(err)
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	check(err)
	ctx := context.Background()
	check(store.PutEnvironment(ctx, storage.Environment{ID: "hostile", Name: "Hostile",
		Profile: xs2a.Profile{Dialect: xs2a.BerlinGroup.Name, APIURL: address, Context: "private"},
		Banks:   []storage.Bank{{ID: "hostile", Name: "Hostile Bank"}}}))
	check(store.AddConsent(ctx, storage.Consent{ID: "c", EnvironmentID: "hostile", BIC: "hostile", BankName: "Hostile Bank", RequestID: "r",
		ValidUntil: time.Now().AddDate(0, 0, 90).Format(time.DateOnly)}))
	check(store.SetBankConsent(ctx, "c", "bank-c"))
	check(store.SetConsentStatus(ctx, "c", "", xs2a.ConsentValid))
	_, err = store.WithdrawConsent(ctx, "c", false)
	check(err)
	check(store.Close())
}

// longest is what a test waits at most for what comes at once.
const longest = 30 * time.Second

func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for over := time.Now().Add(longest); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(over) {
			t.Fatalf("it never came to it that %s", what)
		}
	}
}

func waitFor(t *testing.T, cmd *exec.Cmd) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(longest):
		t.Fatal("the program does not end")
		return nil
	}
}
