package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"consentry/xs2a/record"
)

const (
	// maxExchanges and exchangeAge bound the record of exchanges.
	maxExchanges = 20_000
	exchangeAge  = 30 * 24 * time.Hour

	// maxBodyBytes and maxRowBytes bound it, too: all bodies, and all else. Beyond
	// the first the oldest bodies go, and their rows stay.
	maxBodyBytes = 256 << 20
	maxRowBytes  = 128 << 20

	// pruneEvery is how many exchanges are added between two looks at the
	// bounds, which may be passed by as many.
	pruneEvery = 64
)

// Exchange is a recorded exchange. Its secrets were taken out before it came.
type Exchange struct {
	ID int64
	record.Exchange
}

// Class sorts exchanges by how they ended. The empty class is all of them.
type Class string

// The classes of exchanges.
const (
	Worked   Class = "worked"   // 1xx to 3xx
	Refused  Class = "refused"  // 4xx
	Broken   Class = "broken"   // 5xx
	NoAnswer Class = "noanswer" // none, or not a whole one
)

// ClassOf returns the class of an exchange.
func ClassOf(e record.Exchange) Class {
	switch {
	case e.Status == 0 || e.Error != "":
		return NoAnswer
	case e.Status >= 500:
		return Broken
	case e.Status >= 400:
		return Refused
	}
	return Worked
}

// classes are the same in SQL.
var classes = map[Class]string{
	Worked:   ` AND status BETWEEN 1 AND 399 AND error = ''`,
	Refused:  ` AND status BETWEEN 400 AND 499 AND error = ''`,
	Broken:   ` AND status >= 500 AND error = ''`,
	NoAnswer: ` AND (status = 0 OR error <> '')`,
}

// ExchangeQuery selects exchanges. What is empty does not narrow.
type ExchangeQuery struct {
	FlowID *string
	Words  string // all of them stand somewhere in the exchange
	// Named returns the steps whose words, as a person reads them, have a word in
	// them; nil: no step has.
	Named     func(word string) []string
	Class     Class
	RequestID string
	Before    int64    // the cursor: exchanges recorded before this one
	FlowIDs   []string // in one of these flows; nil: in any
	After     int64    // exchanges recorded after this one
}

// table is where the exchanges lie that a query selects: in the record or, of a flow that
// came with a file, among those of recordings.
func (q ExchangeQuery) table() string {
	if q.FlowID == nil {
		return "exchange"
	}
	return tableOf(*q.FlowID)
}

func tableOf(flowID string) string {
	if RecordingOf(flowID) != "" {
		return "recording_exchange"
	}
	return "exchange"
}

// ExchangeFlow sums up the exchanges of one flow.
type ExchangeFlow struct {
	ID       string
	Count    int
	Failed   int // not in the class Worked
	LatestID int64
	Started  time.Time // of the first that is kept
	Latest   time.Time
}

const exchangeColumns = `id, flow_id, step, attended, started_at, took_us, method, url, request, status, answer, error`

func readExchange(row scanner) (Exchange, error) {
	var e Exchange
	var took int64
	var request, answer string
	if err := row.Scan(&e.ID, &e.FlowID, &e.Step, &e.Attended, stamp{&e.Started}, &took, &e.Method, &e.URL, &request, &e.Status, &answer, &e.Error); err != nil {
		return e, err
	}
	e.Took = time.Duration(took) * time.Microsecond
	if err := json.Unmarshal([]byte(request), &e.Request); err != nil {
		return e, err
	}
	return e, json.Unmarshal([]byte(answer), &e.Answer)
}

// storedMessage is one side of an exchange as it is stored.
type storedMessage struct {
	text string
	body int // the bytes of the body in it
}

func storeMessage(m record.Message) (storedMessage, error) {
	whole, err := json.Marshal(m)
	if err != nil {
		return storedMessage{}, err
	}
	m.Body = ""
	bare, err := json.Marshal(m)
	return storedMessage{string(whole), len(whole) - len(bare)}, err
}

// storedExchange is an exchange as it is stored.
type storedExchange struct {
	record.Exchange
	request, answer storedMessage
}

func storeExchange(e record.Exchange) (storedExchange, error) {
	request, err := storeMessage(e.Request)
	if err != nil {
		return storedExchange{}, err
	}
	answer, err := storeMessage(e.Answer)
	return storedExchange{e, request, answer}, err
}

// bodyBytes are those of both bodies, otherBytes those of all else.
func (e storedExchange) bodyBytes() int { return e.request.body + e.answer.body }

func (e storedExchange) otherBytes() int {
	return len(e.Step) + len(e.Method) + len(e.URL) + len(e.Error) + len(e.request.text) + len(e.answer.text) - e.bodyBytes()
}

// AddExchange keeps an exchange, and now and then drops what is beyond the
// bounds.
func (s *Store) AddExchange(ctx context.Context, e record.Exchange) error {
	row, err := storeExchange(e)
	if err != nil {
		return err
	}
	return s.writeBulk(ctx, func(write *sql.Tx) error {
		tx := preparedTx{write, s.writer.prepared}
		var id int64
		// What is recorded late of a flow whose data are erased is kept without its
		// bodies; a read, whose address and name can tell the account, not at all, and
		// nothing of one whose environment was removed.
		var known, erased bool
		of := e.FlowID
		if IsFork(of) {
			if of, err = rootIn(ctx, write, of); err != nil {
				return err
			}
		}
		if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(max(erase_asked), 0) FROM consent WHERE id = ?`, of).Scan(&known, &erased); err != nil {
			return err
		}
		if s.removed.has(e.FlowID) && !known {
			return nil
		}
		if erased && e.Method == "GET" {
			return nil
		}
		if erased {
			row.request, row.answer = storedMessage{text: `{}`}, storedMessage{text: `{}`}
		}
		err := tx.QueryRowContext(ctx, `INSERT INTO exchange (flow_id, step, attended, started_at, took_us, method, url, request_id,
				request, status, answer, error, body_bytes, row_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			e.FlowID, e.Step, e.Attended, formatTime(e.Started), e.Took.Microseconds(), e.Method, e.URL, e.RequestID(),
			row.request.text, e.Status, row.answer.text, e.Error, row.bodyBytes(), row.otherBytes()).Scan(&id)
		if err == nil && e.Former != 0 {
			_, err = tx.ExecContext(ctx, `INSERT INTO exchange_former VALUES (?, ?)`, id, e.Former)
		}
		if err != nil || id%pruneEvery != 0 {
			return err
		}
		return s.pruneExchanges(ctx, write, id)
	})
}

// DropOldExchanges drops the exchanges that are older than they are kept, and what came with them. How old
// they are this machine's clock says: whoever calls this knows that it is right.
func (s *Store) DropOldExchanges(ctx context.Context) error {
	before := formatTime(s.now().Add(-exchangeAge))
	for _, table := range []string{`exchange WHERE started_at`, `delivery WHERE at`} {
		if _, err := s.exec(ctx, `DELETE FROM `+table+` < ?`, before); err != nil {
			return err
		}
	}
	_, err := s.exec(ctx, `DELETE FROM fork WHERE began_at < ? AND NOT EXISTS (SELECT 1 FROM exchange WHERE exchange.flow_id = fork.flow_id)`, before)
	return err
}

// pruneExchanges drops what is beyond the bounds. Ids rise by one and only the
// lowest go, so their number is known without counting. Where a bound lies is
// looked for only where the sum is beyond it, which is rare.
func (s *Store) pruneExchanges(ctx context.Context, tx *sql.Tx, latest int64) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM exchange WHERE id <= ?`, latest-maxExchanges); err != nil {
		return err
	}
	var rows, bodies int64
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(row_bytes), 0), coalesce(sum(body_bytes), 0) FROM exchange`).Scan(&rows, &bodies); err != nil {
		return err
	}
	for _, bound := range []struct {
		sum, most int64
		sql       string
	}{
		{rows, maxRowBytes, `DELETE FROM exchange WHERE id <= ` + beyond("row_bytes")},
		{bodies, maxBodyBytes, `UPDATE exchange SET request = ` + withoutBody("request") + `, answer = ` + withoutBody("answer") + `, body_bytes = 0
			WHERE body_bytes > 0 AND id <= ` + beyond("body_bytes")},
	} {
		if bound.sum <= bound.most {
			continue
		}
		if _, err := tx.ExecContext(ctx, bound.sql, bound.most); err != nil {
			return err
		}
	}
	return nil
}

// beyond returns the newest exchange of those that are too much when the bytes in
// a column are added up from the newest one on; NULL, which is no id's match,
// when none is.
func beyond(column string) string {
	return `(SELECT max(id) FROM (SELECT id, sum(` + column + `) OVER (ORDER BY id DESC) AS bytes FROM exchange) WHERE bytes > ?)`
}

// withoutBody returns a side of an exchange that says of its body, where it had
// one, that it was let go; see record.Message.
func withoutBody(column string) string {
	return `CASE WHEN coalesce(json_extract(` + column + `, '$.Body'), '') = '' THEN ` + column + `
		ELSE json_set(` + column + `, '$.Body', '', '$.BodyLetGo', json('true')) END`
}

// PruneExchanges drops the exchanges that are beyond the bounds.
func (s *Store) PruneExchanges(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		var latest int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM exchange`).Scan(&latest); err != nil {
			return err
		}
		return s.pruneExchanges(ctx, tx, latest)
	})
}

// Exchanges lists exchanges, the newest first.
func (s *Store) Exchanges(ctx context.Context, q ExchangeQuery, limit int) ([]Exchange, error) {
	query, args := `SELECT `+exchangeColumns+` FROM `+q.table()+` WHERE 1`+classes[q.Class], []any{}
	and := func(condition string, values ...any) {
		query += ` AND ` + condition
		args = append(args, values...)
	}
	if q.FlowID != nil {
		and(`flow_id = ?`, *q.FlowID)
	}
	if q.RequestID != "" {
		and(`request_id = ?`, q.RequestID)
	}
	if q.Before != 0 {
		and(`id < ?`, q.Before)
	}
	if q.After > 0 {
		and(`id > ?`, q.After)
	}
	if q.FlowIDs != nil {
		and(`flow_id IN (SELECT value FROM json_each(?))`, jsonList(q.FlowIDs))
	}
	for _, word := range strings.Fields(q.Words) {
		like := `%` + likeText.Replace(word) + `%`
		and(`(step IN (SELECT value FROM json_each(?)) OR step LIKE ? ESCAPE '\' OR method || ' ' || url LIKE ? ESCAPE '\' OR status LIKE ? ESCAPE '\' OR error LIKE ? ESCAPE '\'
			OR request LIKE ? ESCAPE '\' OR answer LIKE ? ESCAPE '\')`, q.named(word), like, like, like, like, like, like)
	}
	return collect(ctx, s.db, readExchange, query+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
}

// named are the steps a word is in, as JSON.
func (q ExchangeQuery) named(word string) string {
	steps := []string{}
	if q.Named != nil {
		steps = append(steps, q.Named(word)...)
	}
	return jsonList(steps)
}

// jsonList are texts as JSON.
func jsonList(texts []string) string {
	text, err := json.Marshal(texts)
	if err != nil { // strings always can be
		return "[]"
	}
	return string(text)
}

// LatestExchange returns the id of the newest exchange; 0 where there is none.
func (s *Store) LatestExchange(ctx context.Context) (id int64, err error) {
	return id, s.db.QueryRowContext(ctx, `SELECT coalesce(max(id), 0) FROM exchange`).Scan(&id)
}

var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Exchange returns one exchange, with its former where it was sent again, or ErrNotFound. Those of
// recordings have ids below zero.
func (s *Store) Exchange(ctx context.Context, id int64) (Exchange, error) {
	table := "exchange"
	if id < 0 {
		table = "recording_exchange"
	}
	e, err := one(readExchange, s.db.QueryRowContext(ctx, `SELECT `+exchangeColumns+` FROM `+table+` WHERE id = ?`, id))
	if err != nil || id < 0 {
		return e, err
	}
	err = s.db.QueryRowContext(ctx, `SELECT coalesce(max(former_id), 0) FROM exchange_former WHERE exchange_id = ?`, id).Scan(&e.Former)
	return e, err
}

// ExchangesOfStep lists exchanges that were for the same, of the record and of recordings:
// at most so many of each, the newest first.
func (s *Store) ExchangesOfStep(ctx context.Context, step string, limit int) ([]Exchange, error) {
	all, err := collect(ctx, s.db, readExchange, `SELECT `+exchangeColumns+` FROM exchange WHERE step = ? ORDER BY id DESC LIMIT ?`, step, limit)
	if err != nil {
		return nil, err
	}
	recorded, err := collect(ctx, s.db, readExchange, `SELECT `+exchangeColumns+` FROM recording_exchange WHERE step = ? ORDER BY id DESC LIMIT ?`, step, limit)
	return append(all, recorded...), err
}

const flowSums = `SELECT flow_id, count(*), sum(status = 0 OR status >= 400 OR error <> ''), max(id), min(started_at), max(started_at)`

func readFlow(row scanner) (ExchangeFlow, error) {
	var f ExchangeFlow
	err := row.Scan(&f.ID, &f.Count, &f.Failed, &f.LatestID, stamp{&f.Started}, stamp{&f.Latest})
	return f, err
}

// ExchangeFlows lists the flows there are exchanges of, the one with the
// newest exchange first; before is the cursor, a flow's LatestID.
func (s *Store) ExchangeFlows(ctx context.Context, before int64, limit int) ([]ExchangeFlow, error) {
	return collect(ctx, s.db, readFlow, flowSums+` FROM exchange GROUP BY flow_id HAVING ? = 0 OR max(id) < ? ORDER BY max(id) DESC LIMIT ?`, before, before, limit)
}

// OtherFlows lists the flows there are exchanges of that are about no consent and no payment
// that is kept, as one that the bank refused. Forks are none of them: what they ask for may be wrong on purpose.
func (s *Store) OtherFlows(ctx context.Context) ([]string, error) {
	return collect(ctx, s.db, readText, `SELECT DISTINCT flow_id FROM exchange WHERE flow_id NOT IN (SELECT id FROM consent) AND flow_id NOT IN (SELECT id FROM payment)
		AND flow_id NOT IN (SELECT flow_id FROM fork)`)
}

// ExchangeFlow sums up one flow, or returns ErrNotFound.
func (s *Store) ExchangeFlow(ctx context.Context, id string) (ExchangeFlow, error) {
	return one(readFlow, s.db.QueryRowContext(ctx, flowSums+` FROM `+tableOf(id)+` WHERE flow_id = ? GROUP BY flow_id`, id))
}
