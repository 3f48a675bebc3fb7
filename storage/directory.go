package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"consentry/xs2a"
)

// Directory is a list of banks, whole: as an environment's interface gives it.
type Directory struct {
	Countries []xs2a.Country
	Cities    []xs2a.City
	ASPSPs    []xs2a.ASPSP
	InCountry map[string][]string // BICs by country code
	InCity    map[string][]string // BICs by city id
}

// ASPSP is a listed bank and the environment it is reached in.
type ASPSP struct {
	xs2a.ASPSP
	EnvironmentID   string
	EnvironmentName string
	Sandbox         bool      // a practice bank
	Code            string    // its BIC, where it is known here by another id
	Dialect         string    // which it is spoken to in
	Note            string    // what its environment says of it, see Bank
	WantsLogin      bool      // it refused a request that came without the person's login, see SetWantsLogin
	GoneAt          time.Time // since when its directory lists it no longer; zero: it is listed
	Linked          bool      // a consent of this bank is valid
}

// PlaceCount is a country or city with the number of banks there.
type PlaceCount struct {
	ID    string // country code or city id
	Name  string
	Banks int
}

// source is who lists a bank.
type source int

const (
	byDirectory   source = iota
	byEnvironment        // see Environment.Banks
)

// ReplaceDirectory puts a freshly read list in the place of the former one.
// Details and logos already fetched stay with the banks that are still there, and so
// do the banks that the environment names itself. What is otherwise than before is noted,
// see DirectoryReadings. An empty list takes no other's place (ErrEmptyDirectory).
func (s *Store) ReplaceDirectory(ctx context.Context, environmentID string, d Directory) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		if err := s.noteChanges(ctx, tx, environmentID, d.ASPSPs); err != nil {
			return err
		}
		if err := s.replaceASPSPs(ctx, tx, environmentID, d.ASPSPs); err != nil {
			return err
		}
		if err := replacePlaces(ctx, tx, environmentID, byDirectory, d); err != nil {
			return err
		}
		return s.noteDirectory(ctx, tx, environmentID)
	})
}

// ListBanks puts the banks an environment names itself now in the place of those it named
// before, beside those of its directory. A country is called by its name.
func (s *Store) ListBanks(ctx context.Context, environmentID string, countryName func(code string) string) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		e, err := s.environmentIn(ctx, tx, environmentID)
		if err != nil {
			return err
		}
		return s.listBanks(ctx, tx, e, countryName)
	})
}

func (s *Store) listBanks(ctx context.Context, tx *sql.Tx, e Environment, countryName func(code string) string) error {
	if err := s.replaceListed(ctx, tx, e); err != nil {
		return err
	}
	if err := replacePlaces(ctx, tx, e.ID, byEnvironment, placesOf(e.Banks, countryName)); err != nil || e.HasDirectory() {
		return err
	}
	return s.noteDirectory(ctx, tx, e.ID)
}

// noteDirectory notes that an environment's list is whole.
func (s *Store) noteDirectory(ctx context.Context, tx *sql.Tx, environmentID string) error {
	_, err := tx.ExecContext(ctx, `UPDATE environment SET directory_at = ?, directory_error = '' WHERE id = ?`, formatTime(s.now()), environmentID)
	return err
}

func (s *Store) replaceASPSPs(ctx context.Context, tx *sql.Tx, environmentID string, aspsps []xs2a.ASPSP) error {
	bics := make([]string, 0, len(aspsps))
	for _, a := range aspsps {
		bics = append(bics, a.BIC)
		if _, err := tx.ExecContext(ctx, `INSERT INTO aspsp (environment_id, bic, name, logo_url) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = excluded.name, logo_url = excluded.logo_url, gone_at = '' WHERE NOT listed`,
			environmentID, a.BIC, a.Name, a.LogoURL); err != nil {
			return err
		}
	}
	return s.dropASPSPs(ctx, tx, environmentID, byDirectory, bics)
}

// replaceListed lists an environment's own banks. One that a directory lists as well
// is as the environment says.
func (s *Store) replaceListed(ctx context.Context, tx *sql.Tx, e Environment) error {
	ids := make([]string, 0, len(e.Banks))
	for _, bank := range e.Banks {
		ids = append(ids, bank.ID)
		if _, err := tx.ExecContext(ctx, `INSERT INTO aspsp (environment_id, bic, name, logo_url, listed, code, dialect, note) VALUES (?, ?, ?, ?, 1, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = excluded.name, logo_url = excluded.logo_url, gone_at = '', listed = 1, code = excluded.code, dialect = excluded.dialect, note = excluded.note`,
			e.ID, bank.ID, bank.Name, bank.LogoURL, bank.BIC, bank.Profile.Dialect, bank.Note); err != nil {
			return err
		}
	}
	return s.dropASPSPs(ctx, tx, e.ID, byEnvironment, ids)
}

// dropASPSPs drops the banks that a source lists no longer. One of a directory's that was ever asked
// for a consent stays known, without being listed.
func (s *Store) dropASPSPs(ctx context.Context, tx *sql.Tx, environmentID string, by source, still []string) error {
	listed, err := json.Marshal(still)
	if err != nil {
		return err
	}
	if by == byDirectory {
		if _, err := tx.ExecContext(ctx, `UPDATE aspsp SET gone_at = ? WHERE environment_id = ? AND listed = ? AND gone_at = ''
			AND bic NOT IN (SELECT value FROM json_each(?))
			AND EXISTS (SELECT 1 FROM consent c WHERE c.environment_id = aspsp.environment_id AND c.bic = aspsp.bic)`,
			formatTime(s.now()), environmentID, by, string(listed)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM aspsp WHERE environment_id = ? AND listed = ? AND gone_at = ''
		AND bic NOT IN (SELECT value FROM json_each(?))`, environmentID, by, string(listed))
	return err
}

// placesOf returns where banks are. Banks that name no city are in their country alone.
func placesOf(banks []Bank, countryName func(code string) string) Directory {
	d := Directory{InCountry: map[string][]string{}, InCity: map[string][]string{}}
	for _, bank := range banks {
		if d.InCountry[bank.CountryCode] == nil {
			d.Countries = append(d.Countries, xs2a.Country{Code: bank.CountryCode, Name: countryName(bank.CountryCode)})
		}
		d.InCountry[bank.CountryCode] = append(d.InCountry[bank.CountryCode], bank.ID)
		for _, city := range bank.Cities {
			id := bank.CountryCode + "-" + strings.ToLower(city)
			if d.InCity[id] == nil {
				d.Cities = append(d.Cities, xs2a.City{ID: id, Name: city, CountryCode: bank.CountryCode})
			}
			d.InCity[id] = append(d.InCity[id], bank.ID)
		}
	}
	return d
}

func replacePlaces(ctx context.Context, tx *sql.Tx, environmentID string, by source, d Directory) error {
	for _, table := range []string{"country", "city", "aspsp_country", "aspsp_city"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE environment_id = ? AND listed = ?`, environmentID, by); err != nil {
			return err
		}
	}
	for _, c := range d.Countries {
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO country VALUES (?, ?, ?, ?)`, environmentID, by, c.Code, c.Name); err != nil {
			return err
		}
	}
	for _, c := range d.Cities {
		if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO city VALUES (?, ?, ?, ?, ?)`, environmentID, by, c.ID, c.Name, c.CountryCode); err != nil {
			return err
		}
	}
	// Columns of the link tables are (environment_id, listed, bic, place).
	for table, places := range map[string]map[string][]string{"aspsp_country": d.InCountry, "aspsp_city": d.InCity} {
		for place, bics := range places {
			for _, bic := range bics {
				if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO `+table+` VALUES (?, ?, ?, ?)`, environmentID, by, bic, place); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Countries lists the countries of all directories with their number of banks.
func (s *Store) Countries(ctx context.Context, of Practice) ([]PlaceCount, error) {
	return collect(ctx, s.db, readPlace, `SELECT c.code, min(c.name), count(DISTINCT l.environment_id || ' ' || l.bic)
		FROM country c LEFT JOIN aspsp_country l USING (environment_id, code)
		WHERE c.environment_id IN `+of.environments()+` GROUP BY c.code ORDER BY min(c.name)`)
}

// Cities lists the cities of a country with their number of banks. A city that
// several directories know stands there once, by the id one of them gives it.
func (s *Store) Cities(ctx context.Context, countryCode string, of Practice) ([]PlaceCount, error) {
	return collect(ctx, s.db, readPlace, `SELECT min(c.id), c.name, count(DISTINCT l.environment_id || ' ' || l.bic)
		FROM city c LEFT JOIN aspsp_city l ON l.environment_id = c.environment_id AND l.city_id = c.id
		WHERE c.country_code = ? AND c.environment_id IN `+of.environments()+` GROUP BY c.name ORDER BY c.name`, countryCode)
}

func readPlace(row scanner) (PlaceCount, error) {
	var p PlaceCount
	err := row.Scan(&p.ID, &p.Name, &p.Banks)
	return p, err
}

// ASPSPQuery narrows a list of banks: by country, or by city, which then wins.
type ASPSPQuery struct {
	CountryCode string
	CityID      string
	Practice    Practice
}

// Practice says whether practice banks count.
type Practice bool

// Whether they do.
const (
	WithPractice    Practice = false
	WithoutPractice Practice = true
)

// environments is a query for the ids of those that count.
func (p Practice) environments() string {
	if p == WithoutPractice {
		return `(SELECT id FROM environment WHERE sandbox = 0)`
	}
	return `(SELECT id FROM environment)`
}

const aspspColumns = `SELECT a.bic, a.name, a.logo_url, e.id, e.name, e.sandbox, a.code, coalesce(nullif(a.dialect, ''), e.reach ->> 'Dialect'), a.note, a.wants_login, a.gone_at,
	EXISTS (SELECT 1 FROM consent c WHERE c.environment_id = a.environment_id AND c.bic = a.bic AND c.status = 'valid')
	FROM aspsp a JOIN environment e ON e.id = a.environment_id`

// ASPSPs lists banks by name.
func (s *Store) ASPSPs(ctx context.Context, q ASPSPQuery) ([]ASPSP, error) {
	where, args := []string{`a.gone_at = ''`, `a.environment_id IN ` + q.Practice.environments()}, []any{}
	switch {
	case q.CityID != "":
		where = append(where, `EXISTS (SELECT 1 FROM aspsp_city l JOIN city c ON c.environment_id = l.environment_id AND c.id = l.city_id
			WHERE l.environment_id = a.environment_id AND l.bic = a.bic
			AND (c.country_code, c.name) IN (SELECT country_code, name FROM city WHERE id = ?))`)
		args = append(args, q.CityID)
	case q.CountryCode != "":
		where = append(where, `EXISTS (SELECT 1 FROM aspsp_country l WHERE l.environment_id = a.environment_id AND l.bic = a.bic AND l.code = ?)`)
		args = append(args, q.CountryCode)
	}
	return collect(ctx, s.db, readASPSP, aspspColumns+` WHERE `+strings.Join(where, " AND ")+` ORDER BY a.name, a.bic`, args...)
}

// Listing is where a bank stands in the lists of all environments.
type Listing struct{ EnvironmentID, BIC string }

// Listing returns where the bank stands.
func (a ASPSP) Listing() Listing { return Listing{a.EnvironmentID, a.BIC} }

// Place is where a bank is: a country, and a city of it where its list names one.
type Place struct {
	CountryCode string
	Country     string // as the list calls it
	City        string
}

// Places lists where all banks are: by country and city, a country alone only where no city
// of it is known.
func (s *Store) Places(ctx context.Context) (map[Listing][]Place, error) {
	return s.places.of(s, func() (map[Listing][]Place, error) {
		type listed struct {
			Listing
			Place
		}
		all, err := collect(ctx, s.db, func(row scanner) (one listed, err error) {
			return one, row.Scan(&one.EnvironmentID, &one.BIC, &one.CountryCode, &one.Country, &one.City)
		}, `SELECT l.environment_id, l.bic, c.country_code AS code, coalesce(n.name, ''), c.name AS city FROM aspsp_city l
			JOIN city c ON c.environment_id = l.environment_id AND c.listed = l.listed AND c.id = l.city_id
			LEFT JOIN country n ON n.environment_id = c.environment_id AND n.listed = c.listed AND n.code = c.country_code
			UNION SELECT l.environment_id, l.bic, l.code, coalesce(n.name, ''), '' FROM aspsp_country l
			LEFT JOIN country n ON n.environment_id = l.environment_id AND n.listed = l.listed AND n.code = l.code
			ORDER BY code, city`)
		places := map[Listing][]Place{}
		for _, one := range all {
			known := places[one.Listing]
			if last := len(known) - 1; last >= 0 && known[last].CountryCode == one.CountryCode && known[last].City == "" {
				known = known[:last] // the country alone comes before its cities
			}
			places[one.Listing] = append(known, one.Place)
		}
		return places, err
	})
}

func readASPSP(row scanner) (ASPSP, error) {
	var a ASPSP
	err := row.Scan(&a.BIC, &a.Name, &a.LogoURL, &a.EnvironmentID, &a.EnvironmentName, &a.Sandbox, &a.Code, &a.Dialect, &a.Note, &a.WantsLogin, stamp{&a.GoneAt}, &a.Linked)
	return a, err
}

// ASPSP returns one listed bank, or ErrNotFound.
func (s *Store) ASPSP(ctx context.Context, environmentID, bic string) (ASPSP, error) {
	return one(readASPSP, s.db.QueryRowContext(ctx, aspspColumns+` WHERE a.environment_id = ? AND a.bic = ?`, environmentID, bic))
}

// SetWantsLogin notes that a bank takes no request for a consent or a payment without the person's
// login: it refused one. It is forgotten with the bank.
func (s *Store) SetWantsLogin(ctx context.Context, environmentID, bic string) error {
	_, err := s.exec(ctx, `UPDATE aspsp SET wants_login = 1 WHERE environment_id = ? AND bic = ?`, environmentID, bic)
	return err
}

// ASPSPDetails returns the details last fetched of a bank and when that was, or
// ErrNotFound where they never were.
func (s *Store) ASPSPDetails(ctx context.Context, environmentID, bic string) (xs2a.ASPSPDetails, time.Time, error) {
	return detailsIn(s.db.QueryRowContext(ctx, detailsQuery, environmentID, bic))
}

const detailsQuery = `SELECT details, details_at FROM aspsp WHERE environment_id = ? AND bic = ? AND details <> ''`

func detailsIn(row *sql.Row) (xs2a.ASPSPDetails, time.Time, error) {
	var at time.Time
	d, err := one(func(row scanner) (xs2a.ASPSPDetails, error) {
		var raw string
		if err := row.Scan(&raw, stamp{&at}); err != nil {
			return xs2a.ASPSPDetails{}, err
		}
		return xs2a.DecodeASPSPDetails(json.RawMessage(raw))
	}, row)
	return d, at, err
}

// Logo is a bank's picture as fetched from its address.
type Logo struct {
	URL       string
	MediaType string // empty when there is no picture at the address
	Image     []byte
	FetchedAt time.Time
}

// Logo returns the stored picture of a bank, or ErrNotFound.
func (s *Store) Logo(ctx context.Context, environmentID, bic string) (Logo, error) {
	return one(func(row scanner) (Logo, error) {
		var l Logo
		err := row.Scan(&l.URL, &l.MediaType, &l.Image, stamp{&l.FetchedAt})
		return l, err
	}, s.db.QueryRowContext(ctx, `SELECT url, media_type, image, fetched_at FROM logo WHERE environment_id = ? AND bic = ?`, environmentID, bic))
}

// PutLogo keeps a picture.
func (s *Store) PutLogo(ctx context.Context, environmentID, bic string, l Logo) error {
	if l.Image == nil {
		l.Image = []byte{}
	}
	_, err := s.exec(ctx, `INSERT OR REPLACE INTO logo VALUES (?, ?, ?, ?, ?, ?)`,
		environmentID, bic, l.URL, l.MediaType, l.Image, formatTime(s.now()))
	return err
}
