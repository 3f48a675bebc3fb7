-- +goose Up

-- A bank that its environment names itself stands there once, with its cities, and may
-- be spoken to in a way of its own: its profile.
UPDATE environment SET banks = (
    SELECT json_group_array(json_object('ID', id, 'Name', name, 'CountryCode', country, 'Cities', json(cities), 'LogoURL', logo, 'Note', note))
    FROM (
        SELECT id, min(name) AS name, min(country) AS country, json_group_array(city) FILTER (WHERE city <> '') AS cities, min(logo) AS logo, min(note) AS note
        FROM (
            SELECT key, value ->> 'ID' AS id, value ->> 'Name' AS name, value ->> 'CountryCode' AS country, coalesce(value ->> 'City', '') AS city,
                coalesce(value ->> 'LogoURL', '') AS logo, coalesce(value ->> 'Note', '') AS note
            FROM json_each(banks) WHERE type = 'object' ORDER BY key
        ) GROUP BY id ORDER BY min(key)
    )
);

-- What an environment names itself is kept apart from what its directory lists: each
-- is read anew by itself.
ALTER TABLE aspsp ADD COLUMN listed INTEGER NOT NULL DEFAULT 0; -- by the environment, and not by a directory
ALTER TABLE aspsp ADD COLUMN code TEXT NOT NULL DEFAULT '';     -- its BIC, where bic is an id of another kind
ALTER TABLE aspsp ADD COLUMN dialect TEXT NOT NULL DEFAULT '';  -- where that is not its environment's
ALTER TABLE aspsp ADD COLUMN note TEXT NOT NULL DEFAULT '';
UPDATE aspsp SET listed = 1, note = coalesce((
        SELECT b.value ->> 'Note' FROM environment e, json_each(e.banks) b WHERE e.id = aspsp.environment_id AND b.value ->> 'ID' = aspsp.bic), '')
    WHERE (SELECT reach ->> 'Dialect' FROM environment e WHERE e.id = aspsp.environment_id) <> 'openpayments';

-- The practice banks had an environment for each way in which they are spoken to. They
-- become one, in which each has its profile. Ids of banks were never the same in two of
-- them, but for a bank that moved: it is as the list that was read last has it, and its
-- older accounts get a key of their own.
CREATE TABLE joined AS SELECT id, row_number() OVER (ORDER BY directory_at DESC, id) AS place, json_set(json_remove(reach, '$.ClientID', '$.ClientSecret', '$.Certificate', '$.Key', '$.TLSCertificate', '$.TLSKey', '$.RootCA'),
        '$.MTLS', json(CASE reach ->> 'TLSCertificate' WHEN '' THEN 'false' ELSE 'true' END)) AS profile
    FROM environment WHERE sandbox = 1 AND id LIKE 'sandbox-%' AND EXISTS (SELECT 1 FROM environment WHERE id = 'sandbox');
UPDATE environment SET name = 'Practice banks', banks = (
        SELECT json_group_array(json_set(bank, '$.Profile', json(profile))) FROM (
            SELECT b.value AS bank, j.profile AS profile, min(j.place) FROM joined j JOIN environment e USING (id), json_each(e.banks) b
                GROUP BY b.value ->> 'ID' ORDER BY j.id, b.key))
    WHERE id = 'sandbox' AND EXISTS (SELECT 1 FROM joined);
UPDATE account SET key = key || ' ' || environment_id
    WHERE (environment_id = 'sandbox' OR environment_id IN (SELECT id FROM joined)) AND EXISTS (
        SELECT 1 FROM account later WHERE later.bic = account.bic AND later.key = account.key AND later.id > account.id
            AND (later.environment_id = 'sandbox' OR later.environment_id IN (SELECT id FROM joined)));
UPDATE account SET environment_id = 'sandbox' WHERE environment_id IN (SELECT id FROM joined);
UPDATE consent SET environment_id = 'sandbox' WHERE environment_id IN (SELECT id FROM joined);
INSERT INTO logo SELECT 'sandbox', bic, url, media_type, image, fetched_at FROM logo WHERE environment_id IN (SELECT id FROM joined)
    ON CONFLICT DO UPDATE SET url = excluded.url, media_type = excluded.media_type, image = excluded.image, fetched_at = excluded.fetched_at
        WHERE excluded.fetched_at > fetched_at;
INSERT OR REPLACE INTO report_habit SELECT 'sandbox', bic, accept, apart, no_pending FROM report_habit h JOIN joined j ON j.id = h.environment_id ORDER BY j.place DESC;
INSERT OR IGNORE INTO bank_host SELECT 'sandbox', bic, origin, named_at FROM bank_host WHERE environment_id IN (SELECT id FROM joined);
INSERT OR IGNORE INTO aspsp (environment_id, bic, name, logo_url, details, details_at, listed, dialect, note)
    SELECT 'sandbox', a.bic, a.name, a.logo_url, a.details, a.details_at, 1, j.profile ->> 'Dialect', a.note FROM aspsp a JOIN joined j ON j.id = a.environment_id;
UPDATE aspsp SET listed = 1, name = bank ->> 'Name', logo_url = bank ->> 'LogoURL', dialect = bank ->> '$.Profile.Dialect', note = bank ->> 'Note'
    FROM (SELECT b.value AS bank FROM environment e, json_each(e.banks) b WHERE e.id = 'sandbox' AND EXISTS (SELECT 1 FROM joined))
    WHERE environment_id = 'sandbox' AND bic = bank ->> 'ID';

CREATE TABLE country_of (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    listed         INTEGER NOT NULL,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    PRIMARY KEY (environment_id, listed, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE city_of (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    listed         INTEGER NOT NULL,
    id             TEXT NOT NULL,
    name           TEXT NOT NULL,
    country_code   TEXT NOT NULL,
    PRIMARY KEY (environment_id, listed, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE aspsp_country_of (
    environment_id TEXT NOT NULL,
    listed         INTEGER NOT NULL,
    bic            TEXT NOT NULL,
    code           TEXT NOT NULL,
    PRIMARY KEY (environment_id, code, bic, listed),
    FOREIGN KEY (environment_id, bic) REFERENCES aspsp ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE aspsp_city_of (
    environment_id TEXT NOT NULL,
    listed         INTEGER NOT NULL,
    bic            TEXT NOT NULL,
    city_id        TEXT NOT NULL,
    PRIMARY KEY (environment_id, city_id, bic, listed),
    FOREIGN KEY (environment_id, bic) REFERENCES aspsp ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE moved AS SELECT id, CASE WHEN id IN (SELECT id FROM joined) THEN 'sandbox' ELSE id END AS now, reach ->> 'Dialect' <> 'openpayments' AS listed FROM environment;
INSERT OR IGNORE INTO country_of SELECT m.now, m.listed, c.code, c.name FROM country c JOIN moved m ON m.id = c.environment_id;
INSERT OR IGNORE INTO city_of SELECT m.now, m.listed, c.id, c.name, c.country_code FROM city c JOIN moved m ON m.id = c.environment_id;
INSERT OR IGNORE INTO aspsp_country_of SELECT m.now, m.listed, l.bic, l.code FROM aspsp_country l JOIN moved m ON m.id = l.environment_id;
INSERT OR IGNORE INTO aspsp_city_of SELECT m.now, m.listed, l.bic, l.city_id FROM aspsp_city l JOIN moved m ON m.id = l.environment_id;
DROP TABLE country;
DROP TABLE city;
DROP TABLE aspsp_country;
DROP TABLE aspsp_city;
ALTER TABLE country_of RENAME TO country;
ALTER TABLE city_of RENAME TO city;
ALTER TABLE aspsp_country_of RENAME TO aspsp_country;
ALTER TABLE aspsp_city_of RENAME TO aspsp_city;
DELETE FROM environment WHERE id IN (SELECT id FROM joined);
DROP TABLE joined;
DROP TABLE moved;
