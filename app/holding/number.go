package holding

import "strings"

// MaskNumber leaves of an account number what it can be known by and not
// copied from: SE45 ···· 7466. Short numbers keep their last four alone.
func MaskNumber(number string) string {
	letters := []rune(strings.ReplaceAll(number, " ", ""))
	switch n := len(letters); {
	case n <= 4:
		return "····"
	case n < 12:
		return "···· " + string(letters[n-4:])
	default:
		return string(letters[:4]) + " ···· " + string(letters[n-4:])
	}
}
