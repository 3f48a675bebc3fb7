package frontend

import (
	"cmp"
	"context"
	"regexp"
	"strings"

	"consentry/app/holding"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

func money(amount xs2a.Amount) ui.Money {
	return ui.Money{Number: amount.Number, Currency: amount.Currency}
}

// accountName is what an account is called: as the person does, else by its name at the bank, else its product.
func accountName(ctx context.Context, a storage.Account) string {
	if name := cmp.Or(a.Nickname, bankAccountName(a)); name != "" {
		return name
	}
	if number := accountNumber(a); number != "" {
		return words.T(ctx, "Account %s", ui.MaskIBAN(ctx, number))
	}
	if a.Currency == "" {
		return words.T(ctx, "Account")
	}
	return words.T(ctx, "Account in %s", a.Currency)
}

// bankAccountName is what the bank calls an account; empty where it gives it no name.
func bankAccountName(a storage.Account) string { return cmp.Or(a.Name, a.Product) }

// accountNumber is the number an account is known by.
func accountNumber(a storage.Account) string {
	for _, number := range []string{a.IBAN, a.BBAN, a.MaskedPAN} {
		if number != "" {
			return number
		}
	}
	return ""
}

// accountStatuses are the states of an account that is not in use, by themselves
// and in a line. Another is shown as it came.
var accountStatuses = map[string]struct{ alone, inLine words.Text }{
	"deleted": {"Deleted", "deleted"}, "blocked": {"Blocked", "blocked"},
}

// points are a course for its chart.
func points(course []holding.Point) ui.Balances {
	all := make(ui.Balances, len(course))
	for i, point := range course {
		if i == 0 {
			all[0].Day = day(point.Date)
		} else {
			all[i].Day = all[i-1].Day.AddDate(0, 0, 1) // they follow each other
		}
		all[i].Balance = money(point.Amount)
	}
	return all
}

func months(history []holding.Month) ui.Months {
	var all ui.Months
	for _, month := range history {
		all = append(all, ui.Month{First: day(month.Month + "-01"), In: money(month.In), Out: money(month.Out), Unread: month.Unread, Part: month.Missing})
	}
	return all
}

// counterparty is whom a transaction came from or went to.
func counterparty(ctx context.Context, e storage.Transaction) string {
	if e.OwnName != "" {
		return e.OwnName
	}
	return bankName(ctx, e)
}

// bankName is how the bank calls it.
func bankName(ctx context.Context, e storage.Transaction) string {
	if named := e.Named(); named != "" {
		return named
	}
	return words.T(ctx, "No name given")
}

// transactionNote is the second line of a transaction: what it is for, without the name
// that stands above it. Dates in it are not broken at their hyphens.
func transactionNote(e storage.Transaction) string {
	name := e.Named()
	for _, note := range []string{e.Remittance, e.Additional} {
		if note == "" || note == name {
			continue
		}
		if short, ends := strings.CutSuffix(note, " "+name); ends {
			note = strings.TrimSpace(short)
		}
		if strings.Count(note, "-") < 2 {
			return note
		}
		return isoDate.ReplaceAllString(note, "$1\u2011$2\u2011$3")
	}
	return ""
}

var isoDate = regexp.MustCompile(`\b(\d{4})-(\d{2})-(\d{2})\b`)

// logoOf shows a bank's picture through this program: a page never asks a
// bank's host. The initials behind it show when there is none.
func logoOf(environmentID, bic, name string, size ui.LogoSize) ui.Logo {
	logo := ui.Logo{Name: name, Size: size}
	if environmentID != "" && bic != "" {
		logo.Src = bankPath(environmentID, bic) + "/logo"
	}
	return logo
}
