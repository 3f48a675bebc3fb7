package storage

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// mostWords bounds, in bytes, what is kept of one message for people: a bank's
// words are shown again on many screens. mostMark is room to say that it was cut.
// What the bank sent stays whole, as far as bodies do, in the record of exchanges.
const mostWords, mostMark = 1000, 60

// shortened is a message as it is kept. One that was cut says so, and is not
// cut again.
func shortened(words string) string {
	if len(words) <= mostWords+mostMark {
		return words
	}
	return fmt.Sprintf("%s… (cut here; it had %d characters)", strings.ToValidUTF8(words[:mostWords], ""), utf8.RuneCountInString(words))
}
