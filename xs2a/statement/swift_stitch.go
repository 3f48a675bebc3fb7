package statement

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// stitched is text that came in parts, put together again.
type stitched struct {
	text  string
	seams []int // where parts begin, in order
	soft  []int // those seams at which a blank belongs into words
}

// stitch puts parts together. A part that is full was cut where the text
// stood; after a shorter one a word ended.
func stitch(parts []string, full int) stitched {
	var s stitched
	var b strings.Builder
	blank := true
	for _, part := range parts {
		if part == "" {
			continue
		}
		s.seams = append(s.seams, b.Len())
		if !blank && part[0] != ' ' {
			s.soft = append(s.soft, b.Len())
		}
		b.WriteString(part)
		blank = utf8.RuneCountInString(part) >= full || strings.HasSuffix(part, " ")
	}
	s.text = b.String()
	return s
}

// begins reports whether a word begins at a place, or a part.
func (s stitched) begins(at int) bool {
	_, seam := slices.BinarySearch(s.seams, at)
	return seam || at == 0 || s.text[at-1] == ' '
}

// words returns a piece as text.
func (s stitched) words(from, to int) string {
	first, _ := slices.BinarySearch(s.soft, from)
	var b strings.Builder
	for _, seam := range s.soft[first:] {
		if seam >= to {
			break
		}
		b.WriteString(s.text[from:seam])
		b.WriteByte(' ')
		from = seam
	}
	b.WriteString(s.text[from:to])
	return strings.TrimSpace(b.String())
}

// reference returns a piece as a reference, which has no blanks at seams.
func (s stitched) reference(from, to int) string { return strings.TrimSpace(s.text[from:to]) }
