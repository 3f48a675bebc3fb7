package stage

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Write returns a scene as a file that ParseScene reads. What stands in left is said in
// comments at its end.
func (s Scene) Write(left []string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\n", s.Title)
	if s.About != "" {
		fmt.Fprintf(&b, "about: %s\n", s.About)
	}
	b.WriteString("\n")
	for _, a := range s.Acts {
		b.WriteString(a.String() + "\n")
	}
	for _, one := range left {
		b.WriteString("# " + one + "\n")
	}
	return []byte(b.String())
}

// Impersonal returns a scene without what may name somebody a person knows: what they paid and wrote, and
// what they had booked. The rest names practice banks and practice logins alone. It counts what it leaves out.
func (s Scene) Impersonal() (plain Scene, left map[Verb]int) {
	plain, left = s, map[Verb]int{}
	plain.Acts = nil
	for _, a := range s.Acts {
		switch a.Verb {
		case Book, Draft, Send, Pay, Decline, Note, Name:
			left[a.Verb]++
		default:
			plain.Acts = append(plain.Acts, a)
		}
	}
	return plain, left
}

// String returns an act as a line of a file.
func (a Act) String() string {
	switch a.Verb {
	case Link, Renew:
		return a.link()
	case Draft, Send, Pay, Decline:
		return a.payment()
	case Note:
		earlier := ""
		if a.Earlier > 0 {
			earlier = fmt.Sprintf(", %d earlier", a.Earlier)
		}
		return fmt.Sprintf("note %s at %s from %s%s: %s", a.Amount, a.Bank, a.Other, earlier, a.Text)
	case Name:
		if a.To != "" {
			return fmt.Sprintf("name number %s at %s: %s", a.To, a.Bank, a.Text)
		}
		return fmt.Sprintf("name %s at %s: %s", a.Other, a.Bank, a.Text)
	case Pass:
		return fmt.Sprintf("pass %s", days(a.Days))
	case Book:
		return fmt.Sprintf("book %s at %s as %s%s from %s: %s", a.Amount, a.Bank, a.Person, a.onAccount(), a.Other, a.Text)
	case Withdraw, Revoke:
		return fmt.Sprintf("%s %s", a.Verb, a.Bank)
	case Fault:
		how, times := "cut", ""
		if a.Status != 0 {
			how = fmt.Sprint(a.Status)
		}
		if a.Count > 1 {
			times = fmt.Sprintf(" %d times", a.Count)
		}
		return fmt.Sprintf("fault %s %s %s%s", a.Method, a.Path, how, times)
	}
	return string(a.Verb)
}

// onAccount names the account, where it is not the first.
func (a Act) onAccount() string {
	if a.Account > 1 {
		return fmt.Sprintf(" on account %d", a.Account)
	}
	return ""
}

func (a Act) payment() string {
	line := fmt.Sprintf("%s %s %s at %s as %s%s", a.Verb, a.Amount, a.Currency, a.Bank, a.Person, a.onAccount())
	if a.Product != "" {
		line += " by " + a.Product
	}
	if a.Every != "" {
		line += " every " + a.Every
	}
	if a.Days > 0 {
		line += " in " + days(a.Days)
	}
	line += fmt.Sprintf(" to %s %s", a.To, a.Other)
	if a.Text != "" {
		line += ": " + a.Text
	}
	return line
}

// Stands reports whether an act is read as it is written.
func (a Act) Stands() bool {
	read, err := parseAct(line{0, a.String()})
	a.Line = 0
	return err == nil && read == a && utf8.RuneCountInString(a.String()) <= longestLine && !strings.ContainsFunc(a.String(), unshowable)
}

func (a Act) link() string {
	line := fmt.Sprintf("%s %s as %s for %s", a.Verb, a.Bank, a.Person, days(a.Days))
	if a.OneOff {
		line += ", once"
	} else {
		line += fmt.Sprintf(", %d a day", a.PerDay)
	}
	if a.NoBalances {
		line += ", without balances"
	}
	if a.NoTransactions {
		line += ", without transactions"
	}
	return line
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}
