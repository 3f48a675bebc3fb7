package find

import (
	"regexp"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// exact never rounds: more digits than are read of an amount.
var exact = apd.BaseContext.WithPrecision(2 * Longest)

// readRange reads a range of amounts: >500, >=500, <12,90, <=5, 100..200, 100.., ..200. It is
// without a sign: money that came and money that went. What is above an amount is not the
// amount itself: the bound is the next one that can be paid.
func readRange(one part) (least, most *apd.Decimal, is bool) {
	if one.quoted {
		return nil, nil, false
	}
	for _, sign := range []string{">=", "<=", ">", "<"} {
		rest, has := strings.CutPrefix(one.text, sign)
		if !has {
			continue
		}
		amount := readAmount(rest)
		switch {
		case amount == nil:
			return nil, nil, false
		case sign == ">=":
			return amount, nil, true
		case sign == "<=":
			return nil, amount, true
		case sign == ">":
			return beside(amount, 1), nil, true
		}
		return nil, beside(amount, -1), true
	}
	from, to, has := strings.Cut(one.text, "..")
	if !has || from == "" && to == "" {
		return nil, nil, false
	}
	least, most = readAmount(from), readAmount(to)
	if from != "" && least == nil || to != "" && most == nil {
		return nil, nil, false
	}
	return least, most, true
}

// finest is how many decimals an amount has at most that is told from the next: more than
// any currency has (ISO 4217: four).
const finest = 6

// beside returns the amount next to one, so that the amount itself is left out.
func beside(amount *apd.Decimal, step int64) *apd.Decimal {
	next := new(apd.Decimal)
	_, _ = exact.Add(next, amount, apd.New(step, -finest)) // errs only where the context traps
	return next
}

var (
	plainAmount   = regexp.MustCompile(`^\d{1,15}([.,]\d{1,4})?$`)
	groupedAmount = regexp.MustCompile(`^\d{1,3}([.,'’]\d{3})+([.,]\d{1,2})?$`)
)

// readAmount reads an amount as people write it: 500, 12,90, 12.90, 1.234,50, 1,234.50. What
// stands before three digits groups them where there is more of it, or decimals follow; else
// "1.234" is one with three decimals. It returns nil for what is none.
func readAmount(text string) *apd.Decimal {
	text = strings.TrimLeft(text, "+-−")
	switch {
	case plainAmount.MatchString(text):
		text = strings.Replace(text, ",", ".", 1)
	case groupedAmount.MatchString(text):
		last := strings.LastIndexAny(text, ".,")
		whole, cents := text, ""
		if last >= 0 && len(text)-last-1 < 3 {
			whole, cents = text[:last], "."+text[last+1:]
		}
		text = strings.NewReplacer(".", "", ",", "", "'", "", "’", "").Replace(whole) + cents
	default:
		return nil
	}
	amount, _, err := apd.NewFromString(text)
	if err != nil {
		return nil
	}
	return amount
}

func higher(a, b *apd.Decimal) *apd.Decimal {
	if a == nil || b != nil && b.Cmp(a) > 0 {
		return b
	}
	return a
}

func lower(a, b *apd.Decimal) *apd.Decimal {
	if a == nil || b != nil && b.Cmp(a) < 0 {
		return b
	}
	return a
}
