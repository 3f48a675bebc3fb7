package stage

import (
	"fmt"
	"strings"
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

// String returns an act as a line of a file.
func (a Act) String() string {
	switch a.Verb {
	case Link:
		return a.link()
	case Pass:
		return fmt.Sprintf("pass %s", days(a.Days))
	case Book:
		on := ""
		if a.Account > 1 {
			on = fmt.Sprintf(" on account %d", a.Account)
		}
		return fmt.Sprintf("book %s at %s as %s%s from %s: %s", a.Amount, a.Bank, a.Person, on, a.Other, a.Text)
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

func (a Act) link() string {
	line := fmt.Sprintf("link %s as %s for %s", a.Bank, a.Person, days(a.Days))
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
