package frontend

import (
	"context"
	"strings"
	"time"

	"consentry/storage"
	"consentry/xs2a/record"
)

const (
	// triedAmong is among how many of a flow's latest exchanges the one is that failed.
	triedAmong = 8

	// recordPatience is how long a page waits for the record of what has just failed.
	recordPatience = time.Second
)

// withTried adds to a flow that failed what was tried last, as the record has it.
func (s *Server) withTried(ctx context.Context, view linkingView) (linkingView, error) {
	if !view.failed() {
		return view, nil
	}
	waiting, stop := context.WithTimeout(ctx, recordPatience)
	defer stop()
	_ = s.app.Record().Flush(waiting) // without it the page shows what is recorded so far
	holder := view.holder()
	latest, err := s.app.Record().Exchanges(ctx, storage.ExchangeQuery{FlowID: &holder}, triedAmong)
	for _, e := range latest {
		if storage.ClassOf(e.Exchange) != storage.Worked {
			view.Tried = &e
			break
		}
	}
	return view, err
}

// failed reports whether a flow has come to nothing, or no further, by a failure.
func (v linkingView) failed() bool {
	return v.Unanswered() || v.Failed != nil && !v.atField() || v.Outcome == storage.Failed || v.Outcome == storage.Misled
}

// holder is what the exchanges of the flow are recorded under.
func (v linkingView) holder() string {
	if v.pays() {
		return v.Payment.ID
	}
	return v.Consent.ID
}

// wholeLine is method and address, without the query.
func wholeLine(e record.Exchange) string {
	address, _, _ := strings.Cut(e.URL, "?")
	return e.Method + " " + address
}
