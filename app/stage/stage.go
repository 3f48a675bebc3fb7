// Package stage is what a presenter brings: scenes, which say how the practice world is
// to stand, and stories, which lead through the program step by step. Both are texts that
// a person can write; those of the program are such texts, too.
//
// It reads them strictly: what it does not understand is a [Mistake] that names the line.
// It sets no scene itself, and knows no screen.
package stage

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
)

const (
	// MaxFile bounds a scene's or story's file, in bytes.
	MaxFile = 64 << 10

	longestLine  = 600 // in characters
	longestTitle = 80
)

// Mistake says which line of a scene or story cannot be taken, and why.
type Mistake struct {
	Line    int // 0: the whole file
	Problem storage.Reason
}

func (m *Mistake) Error() string {
	return fmt.Sprintf("line %d of the file cannot be taken: %s %s", m.Line, m.Problem.Code, m.Problem.Name)
}

// mistake returns the Mistake of a line.
func mistake(line int, code, name string) *Mistake {
	return &Mistake{line, storage.Reason{Code: code, Name: name}}
}

// line is one line of a file, without the blanks around it.
type line struct {
	number int
	text   string
}

// linesOf takes a file apart, and refuses what nobody typed.
func linesOf(file []byte) ([]line, error) {
	if len(file) > MaxFile {
		return nil, &Mistake{0, storage.Reason{Code: failure.FileLarger, Of: MaxFile >> 10}}
	}
	if !utf8.Valid(file) {
		return nil, mistake(0, failure.FileNotUTF8, "")
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(file), "\r\n", "\n"), "\ufeff")
	var all []line
	for i, one := range strings.Split(text, "\n") {
		one = strings.TrimSpace(one)
		switch {
		case strings.ContainsFunc(one, unshowable):
			return nil, mistake(i+1, failure.NotShowable, "")
		case utf8.RuneCountInString(one) > longestLine:
			return nil, &Mistake{i + 1, storage.Reason{Code: failure.LongerThan, Of: longestLine}}
		}
		all = append(all, line{i + 1, one})
	}
	return all, nil
}

// unshowable reports whether a character is none that a text shows: control characters, and
// those that turn the direction of what follows.
func unshowable(r rune) bool {
	return r != '\t' && unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
