package storage

import (
	"context"
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

// codeMatch is what the index of words is asked for to find transactions that may have a code: the word of it
// that fewest codes have, where that is nearly its own; else all of them. It is nothing for what no transaction
// has, and empty where the index cannot tell.
func (s *Store) codeMatch(ctx context.Context, code string) (string, error) {
	all, err := s.BankCodes(ctx)
	if err != nil {
		return "", err
	}
	having, with := 0, map[string]int{} // how many transactions have the code, and each word of codes
	for _, one := range all {
		if one.Code == code {
			having += one.Entries
		}
		seen := map[string]bool{}
		for _, word := range fold.Words(one.Code) {
			if !seen[word] {
				seen[word] = true
				with[word] += one.Entries
			}
		}
	}
	if having == 0 && len(all) < mostCodes {
		return nothing, nil
	}
	rarest, words := "", fold.Words(code)
	for i, word := range words {
		if rarest == "" || with[word] < with[rarest] {
			rarest = word
		}
		words[i] = quoted(word)
	}
	if rarest != "" && with[rarest] <= 2*having {
		return quoted(rarest), nil
	}
	return strings.Join(words, " AND "), nil
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
