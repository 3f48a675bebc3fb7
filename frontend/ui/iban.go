package ui

import (
	"context"
	"strings"

	"consentry/frontend/words"
)

// GroupIBAN writes an account number in groups of four, as on paper.
func GroupIBAN(number string) string {
	letters := []rune(strings.ReplaceAll(number, " ", ""))
	var grouped strings.Builder
	for i, letter := range letters {
		if i > 0 && i%4 == 0 {
			grouped.WriteByte(' ')
		}
		grouped.WriteRune(letter)
	}
	return grouped.String()
}

// noNumber stands where a bank gave none.
const noNumber words.Text = "no number"

// MaskIBAN leaves the first and last four: enough to know an account by, not
// enough to copy from a screenshot. Short numbers keep their last four only.
func MaskIBAN(ctx context.Context, number string) string {
	start, end := ibanEnds(number)
	if end == "" {
		return words.T(ctx, noNumber)
	}
	return strings.TrimSpace(start + " ···· " + end)
}

// ibanEnds yields what may be shown of an account number.
func ibanEnds(number string) (start, end string) {
	letters := []rune(strings.ReplaceAll(number, " ", ""))
	switch {
	case len(letters) <= 4:
		return "", string(letters)
	case len(letters) < 12:
		return "", string(letters[len(letters)-4:])
	}
	return string(letters[:4]), string(letters[len(letters)-4:])
}
