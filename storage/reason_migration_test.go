package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
)

const ownServer = " Nothing of it was used. If that is your bank's own server, its name belongs into the environment (issuer)."

// earlierSentence is a sentence of an earlier version, said of the bank B, and what is
// kept of it now.
type earlierSentence struct {
	sentence string
	Reason
}

// of returns the sentence as it was said of a bank.
func (e earlierSentence) of(bank string) string { return strings.Replace(e.sentence, "B", bank, 1) }

// earlierSentences are all that an earlier version wrote down of what did not come about.
var earlierSentences = []earlierSentence{
	{"B could not be reached.", Reason{Code: "unreachable", Bank: "B"}},
	{"B answered in a way Consentry does not understand.", Reason{Code: "malformed", Bank: "B"}},
	{"B refused the request.", Reason{Code: "refused", Bank: "B"}},
	{"B refused access.", Reason{Code: "accessRefused", Bank: "B"}},
	{"B says that this permission has expired.", Reason{Code: "consentExpired", Bank: "B"}},
	{"B does not accept this permission for what was asked.", Reason{Code: "consentNotAccepted", Bank: "B"}},
	{"B allows no more reads of this kind today.", Reason{Code: "tooOften", Bank: "B"}},
	{"B does not accept the period asked for.", Reason{Code: "tooLongAgo", Bank: "B"}},
	{"B does not accept the signature of the request.", Reason{Code: "wrongSignature", Bank: "B"}},
	{"B does not accept the certificate.", Reason{Code: "wrongCertificate", Bank: "B"}},
	{"B has blocked this service.", Reason{Code: "serviceBlocked", Bank: "B"}},
	{"The client id or secret of this environment is not accepted.", Reason{Code: "wrongClient"}},
	{"B did not accept the confirmation it sent you back with.", Reason{Code: "wrongGrant", Bank: "B"}},
	{"B asks for a pause.", Reason{Code: "pause", Bank: "B"}},
	{"B has a technical problem.", Reason{Code: "bankFault", Bank: "B"}},
	{"B sends more transactions than Consentry takes in one fetch.", Reason{Code: "endless", Bank: "B"}},
	{"B leads to a host that is not known as its own: pay.example.", Reason{Code: "hostUnknown", Bank: "B", Name: "pay.example"}},
	{"B answered with a link that leads elsewhere: to 127.0.0.1:80.", Reason{Code: "linkElsewhere", Bank: "B", Name: "127.0.0.1:80"}},
	{"B answered with a link that cannot be followed.", Reason{Code: "linkUnusable", Bank: "B"}},
	{"Where you would approve at B, or where that is confirmed, is not known.", Reason{Code: "serverUnknown", Bank: "B"}},
	{"B wants your password encrypted, and its key is not known here.", Reason{Code: "passwordKeyUnknown", Bank: "B"}},
	{"Consentry has read B without you as often as the permission allows.", Reason{Code: "quotaUsed", Bank: "B"}},
	{"The permission at B is not in force.", Reason{Code: "notInForce", Bank: "B"}},
	{"The fetch stopped, as no page of Consentry was open any more.", Reason{Code: "fetchLeft"}},
	{"The environment “Mine, “too”” cannot be used: tls: no “key” found.", Reason{Code: "environmentUnusable", Name: "Mine, “too”", Text: "tls: no “key” found"}},
	{"Something went wrong inside Consentry.", Reason{Code: "inside"}},
	{"The disk is full, so Consentry could not store this.", Reason{Code: string(DiskFull)}},
	{"The disk takes no changes, so Consentry could not store this.", Reason{Code: string(ReadOnly)}},
	{"Consentry may not use its own files any more.", Reason{Code: string(NotAllowed)}},
	{"Consentry cannot open its own files any more.", Reason{Code: string(NotOpened)}},
	{"The disk gave an error, so Consentry could not store or read this.", Reason{Code: string(DiskBroken)}},
	{"A part of the database is damaged.", Reason{Code: string(Damaged)}},
	{"You came back from the bank too late.", Reason{Code: "cameTooLate"}},
	{"The bank did not accept the code you came back with.", Reason{Code: "codeNotAccepted"}},
	{"The bank sent you back without a confirmation.", Reason{Code: "nothingConfirms"}},
	{"The return says confirmation_code twice, which no bank does. Nothing of it was used.", Reason{Code: "saidTwice", Name: "confirmation_code"}},
	{"The return does not say which server it comes from, though the bank's always does." + ownServer, Reason{Code: "issuerMissing"}},
	{`The return came from another server than the bank's: it names itself "https://x\", and the person was sent to \"y", and the person was sent to "https://b.example".` + ownServer,
		Reason{Code: "issuerOther", Name: `"https://x\", and the person was sent to \"y"`, Text: `"https://b.example"`}},
}

// TestSentencesBecomeCodes opens the earlier folder with each sentence in it, wherever
// it could stand, at banks whose names are like patterns: they become codes. A sentence
// that nobody knows, or that names another bank, stays as it is.
func TestSentencesBecomeCodes(t *testing.T) {
	banks := []string{"Hamn Bank", "{bank}", "B% _'“{name}”"}
	dir := earlier(t)
	db := earlierFile(t, dir)
	var err error
	add := func(id, bank, sentence string) {
		for _, row := range [][]any{
			{`INSERT INTO consent (id, environment_id, bic, bank_name, affiliated_id, request_id, asked, valid_until, frequency_per_day, recurring, created_at, told_error, fetch_error)
				VALUES (?, 'sandbox', 'HAMNSEG0', ?, '', '', '{}', '', 4, 1, '', ?, ?)`, id, bank, sentence, sentence},
			{`INSERT INTO consent_event (consent_id, at, source, status, kind, args) VALUES
				(?1, '', 'bank', '', 'tellRefused', json_object('reason', ?2)), (?1, '', 'program', '', 'tellFailed', json_object('reason', ?2)),
				(?1, '', 'bank', '', 'unconfirmed', json_object('reason', ?2))`, id, sentence},
			{`INSERT INTO authorisation (id, consent_id, state_hash, grant_sealed, redirect_uri, step, message, outcome, created_at)
				VALUES (?1, ?1, CAST(?1 AS BLOB), x'', '', 'failed', ?2, 'failed', '')`, id, sentence},
		} {
			_, failed := db.Exec(row[0].(string), row[1:]...)
			err = errors.Join(err, failed)
		}
	}
	for i, one := range earlierSentences {
		for j, bank := range banks {
			add(fmt.Sprintf("%d of %d", i, j), bank, one.of(bank))
		}
		_, failed := db.Exec(`INSERT INTO environment SELECT ?, ?, reach, secrets_sealed, '', 'null', 0, '', ? FROM environment WHERE id = 'sandbox'`,
			fmt.Sprint(i), "N “1”", one.of("The bank directory of “N “1””"))
		err = errors.Join(err, failed)
	}
	others := []string{"Account blocked.", "Other Bank refused access.", "Hamn Bank refused access. Call us.", "Hamn Bank leads to a host that is not known as its own: .", "The return says "}
	for _, other := range others {
		add(other, "Hamn Bank", other)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}

	s := openEarlier(t, dir)
	for i, one := range earlierSentences {
		for j, bank := range banks {
			want := one.Reason
			if want.Bank != "" {
				want.Bank = bank
			}
			stands(t, s, fmt.Sprintf("%d of %d", i, j), one.of(bank), want, "", Event{Because: &want})
		}
		want := one.Reason
		switch {
		case want.Bank != "" && want.Name != "": // there is no room for both names
			want = TextReason(one.of("The bank directory of “N “1””"))
		case want.Bank != "":
			want.Bank, want.Who, want.Name = "", "directory", "N “1”"
		}
		var told Reason
		if err := s.db.QueryRowContext(t.Context(), `SELECT directory_error FROM environment WHERE id = ?`, fmt.Sprint(i)).Scan(&told); err != nil || !told.Same(want) {
			t.Errorf("%q of a directory is %+v, want %+v, %v", one.sentence, told, want, err)
		}
	}
	for _, other := range others {
		stands(t, s, other, other, TextReason(other), other, Event{Reason: other})
	}
}

// stands holds all that was stored under an id to what its sentence means; to the
// message that an authorisation keeps of it, and the event that a history does.
func stands(t *testing.T, s *Store, id, sentence string, want Reason, message string, event Event) {
	t.Helper()
	var told, fetch, reason Reason
	var kept string
	row := s.db.QueryRowContext(t.Context(), `SELECT c.told_error, c.fetch_error, a.reason, a.message FROM consent c JOIN authorisation a ON a.id = c.id WHERE c.id = ?`, id)
	if err := row.Scan(&told, &fetch, &reason, &kept); err != nil || !told.Same(want) || !fetch.Same(want) || kept != message {
		t.Errorf("%q is %+v, %+v, and the message %q, %v", sentence, told, fetch, kept, err)
	}
	if message == "" && !reason.Same(want) || message != "" && reason.Given() {
		t.Errorf("%q of an authorisation is %+v", sentence, reason)
	}
	events, err := s.ConsentEvents(t.Context(), id)
	if err != nil || len(events) != 3 || events[0].Reason != sentence {
		t.Fatalf("%q in a history: %+v, %v", sentence, events, err)
	}
	for _, e := range events[1:] {
		e.Event.Kind = ""
		if !reflect.DeepEqual(e.Event, event) {
			t.Errorf("%q in a history is %+v", sentence, e.Event)
		}
	}
}

// TestPasswordsAreToldApart opens the earlier folder with passwords in its record that
// went encrypted, plain, and with a body that is kept no longer.
func TestPasswordsAreToldApart(t *testing.T) {
	dir := earlier(t)
	db := earlierFile(t, dir)
	_, err := db.Exec(`INSERT INTO exchange (flow_id, step, attended, started_at, took_us, method, url, request_id, request, status, answer, error, row_bytes)
		SELECT 'passwords', 'Log in at the bank', 1, '', 0, 'PUT', '', '', json_object('Body', value), 200, '{}', '', 100
		FROM json_each('["{\"psuData\":{\"encryptedPassword\":\"x\"}}", "{\"psuData\":{\"password\":\"x\"}}", ""]') ORDER BY key`)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s := openEarlier(t, dir)
	steps, err := collect(t.Context(), s.db, func(row scanner) (step string, err error) {
		var size int
		err = row.Scan(&step, &size)
		return fmt.Sprint(step, " ", size-len(step)+len("Log in at the bank")), err
	}, `SELECT step, row_bytes FROM exchange WHERE flow_id = 'passwords' ORDER BY id`)
	if got := strings.Join(steps, ", "); err != nil || got != "sendEncryptedPassword 100, sendPassword 100, sendPassword 100" {
		t.Errorf("%s, %v", got, err)
	}
}

// earlierFile opens the database of an earlier folder as it is.
func earlierFile(t *testing.T, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", address(filepath.Join(dir, FileName), nil))
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// openEarlier opens an earlier folder as this version does.
func openEarlier(t *testing.T, dir string) *Store {
	t.Helper()
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), dir, key, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
