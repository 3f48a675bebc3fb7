package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"consentry/xs2a/record"
)

// MostRecordings bounds how many recordings are kept: each may be as large as a file may be.
const MostRecordings = 20

// ErrTooManyRecordings is that there are as many recordings as are kept.
var ErrTooManyRecordings = errors.New("storage: there are as many recordings as are kept")

// Recording is a file with exchanges that somebody else recorded. Their secrets were taken
// out before they came. They are no part of the record of exchanges: they are not dropped
// when that gets long, and nothing is learned from them.
type Recording struct {
	ID        string // begins with recordingPrefix
	FileName  string
	Digest    string // of the file
	Format    string // as xs2a/record/brought names it
	BroughtAt time.Time
	LeftOut   map[string]int // how much of the file, by reason, see xs2a/record/brought
	Played    bool           // a bank is made of it
	Ports     map[string]int // those its hosts had last, by origin
	Exchanges int            // how many it has
	Flows     int            // likewise
}

// recordingPrefix tells ids of recordings, and the flows of them, from all other.
const recordingPrefix = "recording-"

// RecordingID returns the id of a recording that is named after something unique.
func RecordingID(unique string) string { return recordingPrefix + unique }

// RecordingOf returns the id of the recording a flow is from; empty where it is one of
// this program's own.
func RecordingOf(flowID string) string {
	id, _, cut := strings.Cut(flowID, ".")
	if !cut || !strings.HasPrefix(id, recordingPrefix) {
		return ""
	}
	return id
}

const recordingColumns = `id, file_name, digest, format, brought_at, left_out, played, ports,
	(SELECT count(*) FROM recording_exchange WHERE recording_id = r.id), (SELECT count(DISTINCT flow_id) FROM recording_exchange WHERE recording_id = r.id)`

func readRecording(row scanner) (Recording, error) {
	var r Recording
	var left, ports string
	if err := row.Scan(&r.ID, &r.FileName, &r.Digest, &r.Format, stamp{&r.BroughtAt}, &left, &r.Played, &ports, &r.Exchanges, &r.Flows); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(left), &r.LeftOut); err != nil {
		return r, err
	}
	return r, json.Unmarshal([]byte(ports), &r.Ports)
}

// Recordings lists the recordings, the latest first.
func (s *Store) Recordings(ctx context.Context) ([]Recording, error) {
	return collect(ctx, s.db, readRecording, `SELECT `+recordingColumns+` FROM recording r ORDER BY brought_at DESC, id`)
}

// Recording returns one of them, or ErrNotFound.
func (s *Store) Recording(ctx context.Context, id string) (Recording, error) {
	return one(readRecording, s.db.QueryRowContext(ctx, `SELECT `+recordingColumns+` FROM recording r WHERE id = ?`, id))
}

// AddRecording keeps a recording with its exchanges, by time, whose flows are numbers;
// all of it or nothing.
func (s *Store) AddRecording(ctx context.Context, r Recording, exchanges []record.Exchange) error {
	left, err := json.Marshal(r.LeftOut)
	if err != nil {
		return err
	}
	return s.writeBulk(ctx, func(tx *sql.Tx) error {
		var kept int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM recording`).Scan(&kept); err != nil {
			return err
		}
		if kept >= MostRecordings {
			return ErrTooManyRecordings
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO recording (id, file_name, digest, format, brought_at, left_out) VALUES (?, ?, ?, ?, ?, ?)`,
			r.ID, r.FileName, r.Digest, r.Format, formatTime(s.now()), string(left)); err != nil {
			return err
		}
		var lowest int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(min(id), 0) FROM recording_exchange`).Scan(&lowest); err != nil {
			return err
		}
		for i, e := range exchanges {
			e.FlowID = r.ID + "." + e.FlowID
			if err := addRecorded(ctx, tx, lowest-int64(len(exchanges)-i), r.ID, e); err != nil {
				return err
			}
		}
		return nil
	})
}

func addRecorded(ctx context.Context, tx *sql.Tx, id int64, recordingID string, e record.Exchange) error {
	row, err := storeExchange(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO recording_exchange (id, recording_id, flow_id, step, attended, started_at, took_us, method, url, request_id,
			request, status, answer, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, recordingID, e.FlowID, e.Step, e.Attended, formatTime(e.Started), e.Took.Microseconds(), e.Method, e.URL, e.RequestID(),
		row.request.text, e.Status, row.answer.text, e.Error)
	return err
}

// Recorded lists the exchanges of a recording, by time.
func (s *Store) Recorded(ctx context.Context, recordingID string) ([]Exchange, error) {
	return collect(ctx, s.db, readExchange, `SELECT `+exchangeColumns+` FROM recording_exchange WHERE recording_id = ? ORDER BY id`, recordingID)
}

// RecordedFlows lists the flows of a recording, in the order in which they began.
func (s *Store) RecordedFlows(ctx context.Context, recordingID string) ([]ExchangeFlow, error) {
	return collect(ctx, s.db, readFlow, flowSums+` FROM recording_exchange WHERE recording_id = ? GROUP BY flow_id ORDER BY min(id)`, recordingID)
}

// AllRecordedFlows lists the flows of all recordings, those that came last first.
func (s *Store) AllRecordedFlows(ctx context.Context, limit int) ([]ExchangeFlow, error) {
	return collect(ctx, s.db, readFlow, flowSums+` FROM recording_exchange GROUP BY flow_id ORDER BY min(id) LIMIT ?`, limit)
}

// SetPlayed notes whether a bank is made of a recording, and at which ports.
func (s *Store) SetPlayed(ctx context.Context, id string, played bool, ports map[string]int) error {
	text, err := json.Marshal(ports)
	if err != nil {
		return err
	}
	return changed(s.exec(ctx, `UPDATE recording SET played = ?, ports = ? WHERE id = ?`, played, string(text), id))
}

// RemoveRecording removes a recording with its exchanges.
func (s *Store) RemoveRecording(ctx context.Context, id string) error {
	return changed(s.exec(ctx, `DELETE FROM recording WHERE id = ?`, id))
}
