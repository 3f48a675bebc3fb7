package bank

import (
	"fmt"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
)

// LineError says which line of a list of banks cannot be read.
type LineError struct {
	Line    int
	Problem storage.Reason // none where a part is missing, or one too many
}

func (e *LineError) Error() string {
	return fmt.Sprintf("line %d of the list of banks cannot be read", e.Line)
}

// ParseList reads the banks an environment names itself from a text, one each line:
// id, name, country code and, if wanted, city, between semicolons. A bank in two cities
// has two lines, which have the same name. What else is known of a bank it has from those named before. The error
// is a *LineError.
func ParseList(text string, before []storage.Bank) ([]storage.Bank, error) {
	type namedLine struct {
		number int
		name   string
	}
	var banks []storage.Bank
	lines := map[string]namedLine{} // in which an id stands first
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.Split(line, ";")
		for j := range parts {
			parts[j] = strings.TrimSpace(parts[j])
		}
		if len(parts) < 3 || len(parts) > 4 || parts[0] == "" || parts[1] == "" || len(parts[2]) != 2 {
			return nil, &LineError{Line: i + 1}
		}
		at := indexOf(banks, parts[0])
		if at < 0 {
			at, banks = len(banks), append(banks, knownBefore(before, parts[0]))
			lines[parts[0]] = namedLine{i + 1, parts[1]}
		}
		if first := lines[parts[0]]; first.name != parts[1] {
			return nil, &LineError{i + 1, storage.Reason{Code: failure.IDTwice, Number: first.number}}
		}
		problem := plainText(parts[0], 140)
		if !problem.Given() {
			problem = setPlace(&banks[at], parts[1:])
		}
		if problem.Given() {
			return nil, &LineError{i + 1, problem}
		}
	}
	return banks, nil
}

// setPlace takes over name, country and perhaps city of a bank, as a file's columns do.
func setPlace(b *storage.Bank, parts []string) storage.Reason {
	for i, set := range []func(*storage.Bank, string) storage.Reason{setName, setCountry, setCities}[:len(parts)] {
		if problem := set(b, parts[i]); problem.Given() {
			return problem
		}
	}
	return storage.Reason{}
}

// knownBefore returns what is known of a bank but for where it is.
func knownBefore(before []storage.Bank, id string) storage.Bank {
	if at := indexOf(before, id); at >= 0 {
		bank := before[at]
		bank.Cities = nil
		return bank
	}
	return storage.Bank{ID: id}
}

// indexOf returns where the bank of an id stands in a list; -1 where it does not.
func indexOf(banks []storage.Bank, id string) int {
	return slices.IndexFunc(banks, func(bank storage.Bank) bool { return bank.ID == id })
}
