package storage

import (
	"context"
	"slices"
	"strings"

	"consentry/storage/fold"
)

// BankCode is a code by which a bank sorts transactions: of ISO 20022, of a scheme of cards, or its own.
type BankCode struct {
	AccountID int64
	Code      string // as the bank writes it
	Entries   int    // how many transactions of the account have it, pending ones included
}

// longestCode bounds, in bytes, what counts as a code: what is longer sorts nothing.
const longestCode = 100

// BankCodes lists the codes that transactions have, those first of which an account has most.
func (s *Store) BankCodes(ctx context.Context) ([]BankCode, error) {
	return listKept(s.codes, s, func() ([]BankCode, error) { return collect(ctx, s.db, readBankCode, bankCodes, mostCodes) })
}

// mostCodes are read at most. A bank that sorts has some dozens; one that gives each transaction a code of its
// own sorts nothing by it.
const mostCodes = 2000

const bankCodes = `SELECT account_id, code, entries FROM bank_code ORDER BY entries DESC, code, account_id LIMIT ?`

func readBankCode(row scanner) (c BankCode, err error) {
	err = row.Scan(&c.AccountID, &c.Code, &c.Entries)
	return c, err
}

// codeAlone reports whether a code is all that is looked for and the index does not tell.
func (f Find) codeAlone() bool {
	code := f.BankCode
	f.BankCode = ""
	return code != "" && !f.looks()
}

// coded returns transactions with a code of the first that may have it, one more than a page has where they are
// enough for it: most often they are, and what is looked at is listed in one go.
func (s *Store) coded(ctx context.Context, f Find, match string, along walk, limit int) ([]Transaction, error) {
	accounts, err := idList(f.Accounts)
	if err != nil {
		return nil, err
	}
	return s.listed(ctx, along.coded, match, along.low, along.high, 2*(limit+1), f.BankCode, accounts, accounts, limit+1)
}

// codeMatch is what the index of words is asked for to find transactions that may have a code: the word of it
// that fewest codes have, where that is nearly its own; else all of them. It is nothing for what no transaction
// has, and empty where the index cannot tell. rowsTell says that most of them are of the accounts that are
// looked for, so that to look at each is less than to hold their marks against the code.
func (s *Store) codeMatch(ctx context.Context, f Find) (match string, rowsTell bool, err error) {
	if f.BankCode == "" {
		return "", false, nil
	}
	all, err := s.BankCodes(ctx)
	if err != nil {
		return "", false, err
	}
	words := fold.Words(f.BankCode)
	having, there, with := 0, 0, map[string]int{} // how many transactions have the code, those of the accounts, and how many have each word
	for _, one := range all {
		if one.Code == f.BankCode {
			having += one.Entries
			if slices.Contains(f.Accounts, one.AccountID) {
				there += one.Entries
			}
		}
		has := fold.Words(one.Code)
		for _, word := range words {
			if slices.Contains(has, word) {
				with[word] += one.Entries
			}
		}
	}
	if having == 0 && len(all) < mostCodes {
		return nothing, false, nil
	}
	rowsTell = 2*there >= having && having > 0
	rarest := ""
	for i, word := range words {
		if rarest == "" || with[word] < with[rarest] {
			rarest = word
		}
		words[i] = quoted(word)
	}
	if rarest != "" && with[rarest] <= 2*having {
		return quoted(rarest), rowsTell, nil
	}
	return strings.Join(words, " AND "), rowsTell, nil
}

// codes are how many transactions more have each code after a write; nil: they are not counted yet.
type codes map[codeOf]int

type codeOf struct {
	account int64
	code    string
}

// add counts a transaction with a code, if that is one.
func (all codes) add(account int64, code string, n int) {
	if all != nil && code != "" && len(code) <= longestCode {
		all[codeOf{account, code}] += n
	}
}

// write adds all of them to those that are counted. What no transaction has any more is listed no more.
func (all codes) write(ctx context.Context, tx writeTx) error {
	for of, more := range all {
		statement := moreOfCode
		switch {
		case more == 0:
			continue
		case more < 0: // of an account that is erased, there is nothing any more
			statement, more = fewerOfCode, -more
		}
		if _, err := tx.ExecContext(ctx, statement, of.account, of.code, more); err != nil {
			return err
		}
		if statement == moreOfCode {
			continue
		}
		if _, err := tx.ExecContext(ctx, noneOfCode, of.account, of.code); err != nil {
			return err
		}
	}
	return nil
}

const (
	moreOfCode = `INSERT INTO bank_code (account_id, code, entries) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET entries = entries + excluded.entries`
	fewerOfCode = `UPDATE bank_code SET entries = entries - ?3 WHERE account_id = ?1 AND code = ?2`
	noneOfCode  = `DELETE FROM bank_code WHERE account_id = ? AND code = ? AND entries <= 0`
)
