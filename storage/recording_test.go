package storage

import (
	"errors"
	"testing"
	"time"

	"consentry/xs2a/record"
)

// TestRecordingsStandApart keeps a recording beside the record, and removes it.
func TestRecordingsStandApart(t *testing.T) {
	s, _ := open(t)
	ctx := t.Context()
	addExchange(t, s, exchange("c1", "createConsent", 201, time.Now()))
	id := RecordingID("x")
	brought := []record.Exchange{exchange("1", "createConsent", 201, time.Time{}), exchange("2", "getAccountList", 429, time.Time{}), exchange("1", "getConsentStatus", 200, time.Time{})}
	if err := s.AddRecording(ctx, Recording{ID: id, FileName: "a.har", Format: "har", LeftOut: map[string]int{"pageFile": 2}}, brought); err != nil {
		t.Fatal(err)
	}
	if err := s.AddRecording(ctx, Recording{ID: RecordingID("y"), FileName: "b.har", Format: "har"}, brought[:1]); err != nil {
		t.Fatal(err)
	}
	r, err := s.Recording(ctx, id)
	if err != nil || r.Exchanges != 3 || r.Flows != 2 || r.LeftOut["pageFile"] != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	flows, err := s.RecordedFlows(ctx, id)
	if err != nil || len(flows) != 2 || flows[0].ID != id+".1" || flows[0].Count != 2 || flows[1].Failed != 1 {
		t.Errorf("flows %+v, %v", flows, err)
	}
	first := id + ".1"
	newest, err := s.Exchanges(ctx, ExchangeQuery{FlowID: &first}, 1)
	if err != nil || len(newest) != 1 || newest[0].Step != "getConsentStatus" || newest[0].ID >= 0 {
		t.Fatalf("the newest of the flow: %+v, %v", newest, err)
	}
	older, err := s.Exchanges(ctx, ExchangeQuery{FlowID: &first, Before: newest[0].ID}, 10)
	if err != nil || len(older) != 1 || older[0].Step != "createConsent" {
		t.Errorf("what is older: %+v, %v", older, err)
	}
	if one, err := s.Exchange(ctx, newest[0].ID); err != nil || one.FlowID != first {
		t.Errorf("one exchange: %+v, %v", one, err)
	}
	own, err := s.ExchangeFlows(ctx, 0, 10)
	if all, err2 := s.Exchanges(ctx, ExchangeQuery{}, 10); err != nil || err2 != nil || len(own) != 1 || len(all) != 1 {
		t.Errorf("the record holds %+v and %+v, %v, %v", own, all, err, err2)
	}
	if err := s.RemoveRecording(ctx, id); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Exchange(ctx, newest[0].ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("an exchange of a recording that was removed: %v", err)
	}
	if left, err := s.Recorded(ctx, RecordingID("y")); err != nil || len(left) != 1 {
		t.Errorf("the other recording holds %+v, %v", left, err)
	}
}

func TestRecordingsAreBounded(t *testing.T) {
	s, _ := open(t)
	for i := range MostRecordings + 1 {
		err := s.AddRecording(t.Context(), Recording{ID: RecordingID(string(rune('a' + i)))}, nil)
		if errors.Is(err, ErrTooManyRecordings) != (i == MostRecordings) {
			t.Errorf("recording %d: %v", i+1, err)
		}
	}
}
