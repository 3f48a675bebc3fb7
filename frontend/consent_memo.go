package frontend

import (
	"sync"
	"time"

	"consentry/storage"
	"consentry/xs2a"
)

// memoFresh is for how long a list shows what it remembers: reads of a day ago
// stop counting as time passes.
const memoFresh = time.Minute

// memo remembers what a list shows of a consent beside the consent itself, such
// as its reads of today. A list shows many, and is looked at far more often
// than any of them changes.
type memo[T any] struct {
	mu    sync.Mutex
	known map[string]remembered[T] // by consent
}

type remembered[T any] struct {
	mark consentMark
	at   time.Time
	what T
}

// consentMark is different once anything has happened to a consent.
type consentMark struct {
	status               xs2a.ConsentStatus
	granted, ended, read int64
	replacedBy           string
	perDay               int
}

func markOf(c storage.Consent) consentMark {
	return consentMark{c.Status, c.GrantedAt.UnixMilli(), c.EndedAt.UnixMilli(), c.ReadAt.UnixMilli(), c.ReplacedBy, c.FrequencyPerDay}
}

// of gives what is remembered of a consent, and asks where that is nothing, or
// old, or something has happened since.
func (m *memo[T]) of(c storage.Consent, now time.Time, ask func() (T, error)) (T, error) {
	m.mu.Lock()
	known, found := m.known[c.ID]
	m.mu.Unlock()
	mark := markOf(c)
	if age := now.Sub(known.at); found && known.mark == mark && age >= 0 && age < memoFresh {
		return known.what, nil
	}
	what, err := ask()
	if err != nil {
		return what, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]remembered[T]{}
	}
	m.known[c.ID] = remembered[T]{mark, now, what}
	return what, nil
}
