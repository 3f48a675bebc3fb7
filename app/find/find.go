// Package find reads what a person types to find transactions: words, amounts, days, and
// names of accounts and banks, in one field and in any order.
//
// It promises to find what was typed: what can be read in more than one way is looked for in
// each of them, and what is no amount and no day is words.
package find

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"consentry/storage"
	"consentry/storage/fold"
)

// Longest is how many characters are read of what is typed.
const Longest = 200

// mostTerms bounds what is looked for at once.
const mostTerms = 12

// Read returns what a person looks for who typed this, with these accounts, on this day.
func Read(typed string, accounts []storage.Account, now time.Time) storage.Find {
	var f storage.Find
	parts := partsOf(typed)
	for len(parts) > 0 {
		if n, days, is := readDays(parts, now); is && !(n == 1 && len(parts) > 1 && isCurrency(parts[1].text)) { // 2024 kr
			f.Days = Within(f.Days, days)
			parts = parts[n:]
			continue
		}
		one := parts[0]
		parts = parts[1:]
		if b, currency, is := readRange(one); is {
			b.narrow(&f)
			if currency != "" {
				f.Terms = append(f.Terms, storage.Term{Currency: currency})
			}
			continue
		}
		for _, term := range termsOf(one, accounts) {
			if len(f.Terms) < mostTerms && !slices.ContainsFunc(f.Terms, func(other storage.Term) bool {
				return other.Word == term.Word && other.Tag == term.Tag && other.Word+other.Tag != ""
			}) {
				f.Terms = append(f.Terms, term)
			}
		}
	}
	return f
}

// Empty reports whether nothing is looked for.
func Empty(f storage.Find) bool {
	return len(f.Terms) == 0 && f.Days == (storage.Span{}) && f.Least == nil && f.Most == nil
}

// part is what stands between blanks, or between quotation marks, which makes it words.
type part struct {
	text   string
	quoted bool
}

// quotes are the marks that people put round words.
const quotes = `"“”„«»`

// spaced are blanks that belong to what stands round them: > 500, 100 .. 200.
var (
	spacedSign  = regexp.MustCompile(`([<>]=?)\s+(\d)`)
	spacedRange = regexp.MustCompile(`(\d)\s+\.\.(\s*)`)
	spacedThree = regexp.MustCompile(`(^|\s)-?\d{1,3}([\x{a0}\x{202f}\x{2009} ]\d{3})+([.,]\d{1,2})?($|\s)`)
)

func partsOf(typed string) (parts []part) {
	if runes := []rune(typed); len(runes) > Longest {
		typed = string(runes[:Longest])
	}
	if strings.ContainsAny(typed, "0123456789") {
		typed = spacedSign.ReplaceAllString(typed, "$1$2")
		typed = spacedRange.ReplaceAllString(typed, "$1..")
		typed = spacedThree.ReplaceAllStringFunc(typed, func(number string) string { return " " + strings.Join(strings.Fields(number), "") + " " })
	}
	var text strings.Builder
	quoted := false
	end := func() {
		if strings.TrimSpace(text.String()) != "" {
			parts = append(parts, part{text.String(), quoted})
		}
		text.Reset()
	}
	for _, r := range typed {
		switch {
		case strings.ContainsRune(quotes, r):
			end()
			quoted = !quoted
		case unicode.IsSpace(r) && !quoted:
			end()
		default:
			text.WriteRune(r)
		}
	}
	end()
	return parts
}

// termsOf reads words, and what else a word may mean: an amount, a currency, an account or a
// bank by its name. What follows the sign # is a tag.
func termsOf(one part, accounts []storage.Account) (terms []storage.Term) {
	if named, is := strings.CutPrefix(one.text, "#"); is && !one.quoted {
		if tag := storage.FoldTag(named); tag != "" {
			terms = append(terms, storage.Term{Tag: tag})
		}
		return terms
	}
	text, currency := splitCurrency(one.text)
	if amount := readAmount(text); amount != nil && !one.quoted {
		term := storage.Term{Amount: amount}
		if words := fold.Words(text); len(words) == 1 && currency == "" {
			term.Word = words[0]
		}
		if currency != "" {
			return []storage.Term{term, {Currency: currency}}
		}
		return []storage.Term{term}
	}
	if strings.EqualFold(one.text, crowns) && !one.quoted {
		return nil
	}
	for _, word := range fold.Words(one.text) {
		term := storage.Term{Word: word}
		for _, account := range accounts {
			if strings.EqualFold(account.Currency, word) {
				term.Currency = account.Currency
			}
			if isNamed(account, word) {
				term.Accounts = append(term.Accounts, account.ID)
			}
		}
		terms = append(terms, term)
	}
	return terms
}

// isNamed reports whether an account, or its bank, has a name or a number that begins with a word.
func isNamed(account storage.Account, word string) bool {
	for _, name := range [...]string{account.Nickname, account.Name, account.BankName, account.Product, account.IBAN, account.BBAN} {
		if fold.HasBeginning(name, word) {
			return true
		}
	}
	return false
}
