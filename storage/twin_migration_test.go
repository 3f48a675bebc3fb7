package storage

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"consentry/app/secret"
	"consentry/xs2a"
)

// twinPlaces are practice environments in which one bank can have stood, the one that
// is left among them; its list was read first, and that of the last one last.
var twinPlaces = []string{"sandbox", "sandbox-berlingroup", "sandbox-berlingroup-dated"}

// TestTwinsBecomeOne opens the earlier folder with banks that stood in two or three of
// the practice environments, in every order: all that is of them is there once, or
// apart where it cannot be one, and the bank is as one environment had it.
func TestTwinsBecomeOne(t *testing.T) {
	dir := earlier(t)
	key, err := secret.LoadWithoutKeyring(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	db := earlierFile(t, dir)
	at := func(minute int) time.Time { return time.Date(2026, 3, 3, 9, minute, 0, 0, time.UTC) }
	do := func(statement string, args ...any) {
		_, failed := db.Exec(statement, args...)
		err = errors.Join(err, failed)
	}
	for i, place := range twinPlaces {
		do(`UPDATE environment SET directory_at = ? WHERE id = ?`, formatTime(at(i)), place)
		do(`INSERT OR IGNORE INTO country VALUES (?, 'AX', 'Åland')`, place)
		do(`INSERT OR IGNORE INTO city VALUES (?, 'AX-mariehamn', 'Mariehamn', 'AX')`, place)
	}
	for _, order := range orders(twinPlaces) {
		bank := strings.ReplaceAll(strings.Join(order, " "), "sandbox", "s")
		for i, place := range order {
			id := bank + " in " + place
			do(accountIn(place, bank))
			do(`INSERT INTO consent (id, environment_id, bic, bank_name, affiliated_id, request_id, asked, status, valid_until, frequency_per_day, recurring, created_at, series, form_id, person_sealed)
				VALUES (?1, ?2, ?3, 'Twin', '', '', '{}', 'valid', '', 4, 1, '', ?1, ?1, ?4)`, id, place, bank, key.Seal(credentialsContext(ConsentSubject(id)), []byte(`{"AccessToken":"`+id+`"}`)))
			do(`INSERT INTO authorisation (id, consent_id, state_hash, grant_sealed, redirect_uri, step, created_at) VALUES (?1, ?1, CAST(?1 AS BLOB), ?2, '', 'start', '')`,
				id, key.Seal(grantContext(id), []byte(`{}`)))
			do(`INSERT INTO logo VALUES (?, ?, ?, 'image/png', x'00', ?)`, place, bank, "https://logo.example/"+place, formatTime(at(i)))
			do(`INSERT INTO report_habit VALUES (?, ?, ?, 0, 0)`, place, bank, place)
			do(`INSERT INTO bank_host VALUES (?1, ?2, 'https://both.example', ''), (?1, ?2, 'https://' || ?1 || '.example', '')`, place, bank)
			do(`INSERT INTO aspsp (environment_id, bic, name, logo_url) VALUES (?, ?, ?, '')`, place, bank, "Twin of "+place)
			do(`INSERT INTO aspsp_country VALUES (?, ?, 'AX')`, place, bank)
			do(`INSERT INTO aspsp_city VALUES (?, ?, 'AX-mariehamn')`, place, bank)
			if place != "sandbox" { // its directory lists its banks
				do(`UPDATE environment SET banks = json_insert(banks, '$[#]', json_object('ID', ?, 'Name', 'Twin of ' || id, 'CountryCode', 'AX', 'City', 'Mariehamn', 'Note', id)) WHERE id = ?`, bank, place)
			}
		}
	}
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}

	s := openEarlier(t, dir)
	practice, err := s.Environment(t.Context(), "sandbox")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range orders(twinPlaces) {
		bank := strings.ReplaceAll(strings.Join(order, " "), "sandbox", "s")
		last := slices.MaxFunc(order, func(a, b string) int { return slices.Index(twinPlaces, a) - slices.Index(twinPlaces, b) })
		t.Run(bank, func(t *testing.T) { isOne(t, s, practice, bank, order, last) })
	}
}

// isOne holds a bank to what it has to be after it stood in environments, in this
// order, of which the last one tells how it is.
func isOne(t *testing.T, s *Store, practice Environment, bank string, order []string, last string) {
	ctx := t.Context()
	named := slices.DeleteFunc(slices.Clone(practice.Banks), func(b Bank) bool { return b.ID != bank })
	if len(named) != 1 || named[0].Note != last || named[0].Profile.Dialect != xs2a.BerlinGroup.Name ||
		(named[0].Profile.Signing == xs2a.SignHTTPDate) != strings.HasSuffix(last, "-dated") {
		t.Errorf("its environment names %+v", named)
	}
	if a, err := s.ASPSP(ctx, "sandbox", bank); err != nil || a.Name != "Twin of "+last || a.Note != last || a.Dialect != xs2a.BerlinGroup.Name {
		t.Errorf("%+v, %v", a, err)
	}
	if in, err := s.ASPSPs(ctx, ASPSPQuery{CityID: "AX-mariehamn"}); err != nil || !slices.ContainsFunc(in, func(a ASPSP) bool { return a.BIC == bank }) {
		t.Errorf("in its city are %+v, %v", in, err)
	}
	if logo, err := s.Logo(ctx, "sandbox", bank); err != nil || logo.URL != "https://logo.example/"+order[len(order)-1] {
		t.Errorf("the logo is %+v, %v", logo, err)
	}
	if habits, err := s.ReportHabits(ctx, "sandbox", bank); err != nil || habits.Accept != last {
		t.Errorf("its habits are %+v, %v", habits, err)
	}
	if hosts, err := s.Hosts(ctx, "sandbox", bank); err != nil || len(hosts) != len(order)+1 {
		t.Errorf("its hosts are %v, %v", hosts, err)
	}
	var accounts, keys, newest, listed int
	row := s.db.QueryRowContext(ctx, `SELECT count(*), count(DISTINCT key), count(*) FILTER (WHERE key = 'DE1' AND id = (SELECT max(id) FROM account WHERE bic = ?1)),
		(SELECT listed FROM aspsp WHERE bic = ?1) FROM account WHERE bic = ?1 AND environment_id = 'sandbox'`, bank)
	if err := row.Scan(&accounts, &keys, &newest, &listed); err != nil || accounts != len(order) || keys != accounts || newest != 1 || listed != 1 {
		t.Errorf("%d accounts with %d keys, the newest with its own: %d; listed: %d, %v", accounts, keys, newest, listed, err)
	}
	for _, place := range order {
		id := bank + " in " + place
		c, err := s.Consent(ctx, id)
		if err != nil || c.EnvironmentID != "sandbox" || c.BIC != bank {
			t.Errorf("%+v, %v", c, err)
		}
		if known, err := s.Credentials(ctx, ConsentSubject(id)); err != nil || known.AccessToken != id {
			t.Errorf("%+v, %v", known, err)
		}
		if a, err := s.Authorisation(ctx, id); err != nil || a.Subject != ConsentSubject(id) {
			t.Errorf("%+v, %v", a, err)
		}
	}
}

// orders returns the ways to take two or more of some in a row.
func orders(of []string) [][]string {
	all, rows := [][]string{}, [][]string{{}}
	for range of {
		var longer [][]string
		for _, row := range rows {
			for _, next := range of {
				if !slices.Contains(row, next) {
					longer = append(longer, append(slices.Clone(row), next))
				}
			}
		}
		if rows = longer; len(rows[0]) > 1 {
			all = append(all, rows...)
		}
	}
	return all
}
