// Package export writes transactions into files that other programs read.
//
// It promises that a file holds exactly what is looked for, of one moment, or that the writing
// fails: nothing is cut in silence. What a format has no place for is left out, and
// told before ([Exports.Contents]). No balance is invented.
package export

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"consentry/app/holding"
	"consentry/storage"
)

// Config is what Exports are made of; they use nothing else of the program.
type Config struct {
	Store    *storage.Store
	Holdings *holding.Holdings
	NowAt    func(environmentID string) time.Time // the environment's clock
}

// Exports write what a person looks for into files. They are safe for concurrent use.
type Exports struct {
	store    *storage.Store
	holdings *holding.Holdings
	nowAt    func(environmentID string) time.Time
}

// New returns Exports.
func New(c Config) *Exports {
	return &Exports{store: c.Store, holdings: c.Holdings, nowAt: c.NowAt}
}

// Options are how a person writes what a file leaves open.
type Options struct {
	DecimalComma bool // what a spreadsheet of theirs takes for a number
	Mask         Mask // nil: what is stored
}

// transactions are those of a part of a file, one by one.
type transactions = iter.Seq2[storage.Transaction, error]

// encoder writes one file. After an error it is not used any more.
type encoder interface {
	begin(of file) error
	// part writes the transactions of a part: all there are, or those of an account in a currency
	// where the format holds statements.
	part(of Part, all transactions) error
	end() error
}

// file is what an encoder is told of the whole.
type file struct {
	Accounts map[int64]storage.Account
	Parts    []Part
	Made     time.Time
	Options  Options
}

// buffered is how much is written in one go.
const buffered = 64 << 10

// Write writes what a person looks for into a file of a format.
func (e *Exports) Write(ctx context.Context, to io.Writer, format Format, search holding.Search, options Options) error {
	return e.store.Snapshot(ctx, func(at *storage.Store) error {
		holdings := e.holdings.At(at)
		accounts, err := at.Accounts(ctx)
		if err != nil {
			return err
		}
		of := file{Accounts: map[int64]storage.Account{}, Made: e.nowAt(""), Options: options}
		for _, account := range accounts {
			of.Accounts[account.ID] = maskedAccount(account, options.Mask)
		}
		find, nothing, err := holdings.Read(ctx, search, accounts)
		if err != nil {
			return err
		}
		if nothing {
			return ErrNothing
		}
		if of.Parts = []Part{{find: find}}; format.Statements {
			if of.Parts, err = e.statements(ctx, at, accounts, search, find); err != nil {
				return err
			}
			if of.Parts = format.taken(of.Parts); format.Balances == NeedsCourse && of.Parts == nil {
				return ErrNoPlace
			}
		}
		out := bufio.NewWriterSize(to, buffered)
		encoder := format.encoder(out)
		if err := encoder.begin(of); err != nil {
			return err
		}
		for _, part := range of.Parts {
			part.Account = maskedAccount(part.Account, options.Mask)
			all := at.All(ctx, part.find, format.order(), format.Whole)
			if format.Statements {
				all = listed(all)
			}
			if options.Mask != nil {
				all = masked(all, options.Mask)
			}
			if err := encoder.part(part, all); err != nil {
				return err
			}
		}
		if err := encoder.end(); err != nil {
			return err
		}
		return out.Flush()
	})
}

// listed leaves out what the bank does not list any more.
func listed(all transactions) transactions {
	return func(yield func(storage.Transaction, error) bool) {
		for t, err := range all {
			if t.DroppedAt.IsZero() && !yield(t, err) {
				return
			}
		}
	}
}

// What keeps a file from being written.
var (
	ErrNothing    = errors.New("export: nothing to look for") // what was typed names nothing
	ErrNoPlace    = errors.New("export: the format has no place for what is looked for")
	ErrLongAmount = errors.New("export: an amount has more digits than the format takes")
)
