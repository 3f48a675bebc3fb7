package storage

import (
	"encoding/json"
	"slices"
	"sync"
)

// bankLists are the banks that environments name themselves, as they were read last: most
// pages read an environment, and its banks may be a hundred.
type bankLists struct {
	mu   sync.Mutex
	read map[string]bankList // by environment
}

type bankList struct {
	text  string
	banks []Bank
}

// of returns the banks of an environment, which belong to the caller, from the text they are
// stored as.
func (l *bankLists) of(environment, text string) ([]Bank, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, is := l.read[environment]
	if !is || known.text != text {
		known = bankList{text: text}
		if err := json.Unmarshal([]byte(text), &known.banks); err != nil {
			return nil, err
		}
		if l.read == nil {
			l.read = map[string]bankList{}
		}
		l.read[environment] = known
	}
	banks := slices.Clone(known.banks)
	for i := range banks {
		banks[i].Cities, banks[i].Products = slices.Clone(banks[i].Cities), slices.Clone(banks[i].Products)
	}
	return banks, nil
}
