package sheet

import "strings"

// formulas are the signs with which a cell begins that a spreadsheet carries out, and those it
// drops before it looks (OWASP, CSV injection).
const formulas = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"

// Neutral returns a text as a cell that no spreadsheet takes for a formula: one that would be gets an
// apostrophe before it, and so does one that begins as if it had one already. [Plain] takes it away.
func Neutral(text string) string {
	if begins(text) {
		return "'" + text
	}
	return text
}

// Plain returns the text of a cell that [Neutral] made.
func Plain(cell string) string {
	if rest, is := strings.CutPrefix(cell, "'"); is && begins(rest) {
		return rest
	}
	return cell
}

// begins reports whether a text begins as a formula does, apostrophes before it aside.
func begins(text string) bool {
	if text == "" || text[0] > '@' && text[0] < 0x80 { // a letter, as most do
		return false
	}
	rest := strings.TrimLeft(text, "'")
	for _, first := range rest {
		return strings.ContainsRune(formulas, first)
	}
	return false
}
