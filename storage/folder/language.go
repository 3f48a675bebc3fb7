package folder

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Language is the file with the language the person chose: the store has it, too, and is read later. What is said
// before, or because the store cannot be opened, is said in it.
const Language = "language"

// longestLanguage bounds what is read of the file: no tag of a language is longer (BCP 47 section 4.4.1).
const longestLanguage = 35

// KeepLanguage keeps the tag of the language that was chosen; an empty one removes it.
func KeepLanguage(dir, tag string) error {
	path := filepath.Join(dir, Language)
	if tag == "" {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	return os.WriteFile(path, []byte(tag+"\n"), ownFile)
}

// LanguageOf returns the tag of the language that was chosen; empty where none was, or it cannot be read.
func LanguageOf(dir string) string {
	path := filepath.Join(dir, Language)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() { // it is read before Prepare refuses such: a pipe would never end
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	tag, err := io.ReadAll(io.LimitReader(file, longestLanguage+1))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(tag))
}
