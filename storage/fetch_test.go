package storage

import (
	"context"
	"errors"
	"slices"

	"consentry/xs2a"
)

// Fetch is what a test says was fetched of one account at once.
type Fetch struct {
	ConsentID       string
	Account         xs2a.Account
	Balances        []xs2a.Balance
	HasTransactions bool
	Booked, Pending []xs2a.Transaction
	Since, To       string // the days the bank was asked for; empty: all
}

// Fetched counts what a fetch changed.
type Fetched struct {
	AccountID       int64
	NewTransactions int
}

// PutFetch keeps a fetch step by step, as the program does it, whose bank goes by the days.
func (s *Store) PutFetch(ctx context.Context, c Consent, f Fetch) (Fetched, error) {
	c.ID = f.ConsentID
	account, err := s.PutAccount(ctx, c, f.Account)
	id := account.ID
	got := Fetched{AccountID: id}
	if err == nil && f.Balances != nil {
		err = s.PutBalances(ctx, c.ID, id, f.Balances)
	}
	if err != nil || !f.HasTransactions {
		return got, err
	}
	asked := Span{f.Since, f.To}
	r, err := s.BeginReading(ctx, c.ID, id, asked, asked, "")
	if err != nil {
		return got, err
	}
	for _, part := range []struct {
		pending      bool
		transactions []xs2a.Transaction
	}{{false, f.Booked}, {true, f.Pending}} {
		for some := range slices.Chunk(oldestFirst(part.transactions), MostAtOnce) {
			added, err := s.PutTransactions(ctx, r, part.pending, some, r.Missing)
			if err != nil {
				return got, err
			}
			if !part.pending {
				got.NewTransactions += added
			}
		}
	}
	return got, errors.Join(s.EndReading(ctx, r, Answered{Booked: true, Pending: true}), s.EndAccount(ctx, c.ID, id, nil))
}

// oldestFirst turns round what came newest first.
func oldestFirst(transactions []xs2a.Transaction) []xs2a.Transaction {
	if n := len(transactions); n > 0 && transactions[0].Date() < transactions[n-1].Date() {
		return transactions
	}
	turned := slices.Clone(transactions)
	slices.Reverse(turned)
	return turned
}
