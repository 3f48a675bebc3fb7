-- +goose Up

-- Times are RFC 3339 in UTC with milliseconds; dates are ISO dates as the bank
-- gave them. Columns ending in _sealed hold ciphertext. raw holds what came.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE environment (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL,
    reach           TEXT NOT NULL, -- hosts, dialect, certificates: JSON
    secrets_sealed  BLOB NOT NULL, -- client secret and private keys: JSON
    redirect_url    TEXT NOT NULL,
    banks           TEXT NOT NULL, -- of an environment without a directory: JSON
    sandbox         INTEGER NOT NULL,
    directory_at    TEXT NOT NULL DEFAULT '',
    directory_error TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE country (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    PRIMARY KEY (environment_id, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE city (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    id             TEXT NOT NULL,
    name           TEXT NOT NULL,
    country_code   TEXT NOT NULL,
    PRIMARY KEY (environment_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE aspsp (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    name           TEXT NOT NULL,
    logo_url       TEXT NOT NULL,
    details        TEXT NOT NULL DEFAULT '',
    details_at     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (environment_id, bic)
) STRICT, WITHOUT ROWID;

-- A list of banks says neither country nor city; which question a bank was
-- the answer to is remembered here.
CREATE TABLE aspsp_country (
    environment_id TEXT NOT NULL,
    bic            TEXT NOT NULL,
    code           TEXT NOT NULL,
    PRIMARY KEY (environment_id, code, bic),
    FOREIGN KEY (environment_id, bic) REFERENCES aspsp ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE aspsp_city (
    environment_id TEXT NOT NULL,
    bic            TEXT NOT NULL,
    city_id        TEXT NOT NULL,
    PRIMARY KEY (environment_id, city_id, bic),
    FOREIGN KEY (environment_id, bic) REFERENCES aspsp ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE logo (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    url            TEXT NOT NULL,
    media_type     TEXT NOT NULL, -- empty: there is none at the address
    image          BLOB NOT NULL,
    fetched_at     TEXT NOT NULL,
    PRIMARY KEY (environment_id, bic)
) STRICT;

CREATE TABLE consent (
    id                TEXT PRIMARY KEY,
    environment_id    TEXT NOT NULL REFERENCES environment,
    bic               TEXT NOT NULL,
    bank_name         TEXT NOT NULL,
    affiliated_id     TEXT NOT NULL,
    bank_consent_id   TEXT NOT NULL DEFAULT '', -- empty until the bank answered
    request_id        TEXT NOT NULL,            -- X-Request-ID of the POST
    asked             TEXT NOT NULL,            -- the request, JSON
    granted           TEXT NOT NULL DEFAULT '', -- the bank's consent, JSON as it came
    status            TEXT NOT NULL DEFAULT '',
    status_at         TEXT NOT NULL DEFAULT '',
    valid_until       TEXT NOT NULL,
    frequency_per_day INTEGER NOT NULL,
    recurring         INTEGER NOT NULL,
    created_at        TEXT NOT NULL,
    granted_at        TEXT NOT NULL DEFAULT '',
    fetched_at        TEXT NOT NULL DEFAULT '',
    fetch_error       TEXT NOT NULL DEFAULT '',
    person_sealed     BLOB              -- how the bank knows the person, and their access token: JSON
) STRICT;
CREATE INDEX consent_bank ON consent (environment_id, bic);

-- Who said what about a consent, and when. Rows are never changed.
CREATE TABLE consent_event (
    id         INTEGER PRIMARY KEY,
    consent_id TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    at         TEXT NOT NULL,
    source     TEXT NOT NULL, -- bank, person, time
    status     TEXT NOT NULL,
    note       TEXT NOT NULL
) STRICT;
CREATE INDEX consent_event_consent ON consent_event (consent_id, id);

CREATE TABLE authorisation (
    id              TEXT PRIMARY KEY,
    consent_id      TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    bank_id         TEXT NOT NULL DEFAULT '',
    state_hash      BLOB NOT NULL UNIQUE, -- SHA-256 of the OAuth state
    grant_sealed    BLOB NOT NULL,        -- state, verifier and what redeems the code: JSON
    redirect_uri    TEXT NOT NULL,
    step            TEXT NOT NULL,        -- what comes next
    approach        TEXT NOT NULL DEFAULT '',
    sca_status      TEXT NOT NULL DEFAULT '',
    link            TEXT NOT NULL DEFAULT '',
    asks            TEXT NOT NULL DEFAULT '{}', -- what the step needs: JSON
    message         TEXT NOT NULL DEFAULT '',
    outcome         TEXT NOT NULL DEFAULT '', -- how it ended; empty while it has not
    created_at      TEXT NOT NULL,
    opened_at       TEXT NOT NULL DEFAULT '',
    returned_at     TEXT NOT NULL DEFAULT '',
    ended_at        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX authorisation_consent ON authorisation (consent_id, created_at);

CREATE TABLE account (
    id             INTEGER PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environment,
    bic            TEXT NOT NULL,
    bank_name      TEXT NOT NULL,
    key            TEXT NOT NULL, -- the same across consents
    iban           TEXT NOT NULL,
    bban           TEXT NOT NULL,
    masked_pan     TEXT NOT NULL,
    currency       TEXT NOT NULL,
    name           TEXT NOT NULL,
    product        TEXT NOT NULL,
    type           TEXT NOT NULL,
    status         TEXT NOT NULL,
    usage          TEXT NOT NULL,
    owner_name     TEXT NOT NULL,
    raw            TEXT NOT NULL,
    first_seen_at  TEXT NOT NULL,
    fetched_at     TEXT NOT NULL DEFAULT '', -- last complete fetch
    booked_to      TEXT NOT NULL DEFAULT '', -- last day whose entries are complete
    UNIQUE (environment_id, bic, key)
) STRICT;

CREATE TABLE consent_account (
    consent_id  TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    account_id  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    resource_id TEXT NOT NULL, -- the bank's name for the account under this consent
    PRIMARY KEY (consent_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_account_account ON consent_account (account_id);

CREATE TABLE balance (
    account_id     INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    position       INTEGER NOT NULL, -- in the bank's order
    type           TEXT NOT NULL,
    amount         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    reference_date TEXT NOT NULL,
    last_change    TEXT NOT NULL,
    credit_limit   INTEGER NOT NULL,
    raw            TEXT NOT NULL,
    PRIMARY KEY (account_id, position)
) STRICT, WITHOUT ROWID;

-- Booked entries stay for ever; pending ones are a snapshot of the last fetch.
CREATE TABLE entry (
    id               INTEGER PRIMARY KEY,
    account_id       INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    pending          INTEGER NOT NULL,
    fingerprint      TEXT NOT NULL, -- of the content, without the bank's ids
    occurrence       INTEGER NOT NULL, -- tells equal entries of one account apart
    date             TEXT NOT NULL, -- booking date, else value date
    transaction_id   TEXT NOT NULL,
    entry_reference  TEXT NOT NULL,
    end_to_end_id    TEXT NOT NULL,
    booking_date     TEXT NOT NULL,
    value_date       TEXT NOT NULL,
    amount           TEXT NOT NULL,
    currency         TEXT NOT NULL,
    creditor_name    TEXT NOT NULL,
    creditor_account TEXT NOT NULL,
    debtor_name      TEXT NOT NULL,
    debtor_account   TEXT NOT NULL,
    remittance       TEXT NOT NULL,
    additional       TEXT NOT NULL,
    bank_code        TEXT NOT NULL,
    raw              TEXT NOT NULL,
    first_seen_at    TEXT NOT NULL,
    UNIQUE (account_id, pending, fingerprint, occurrence)
) STRICT;
CREATE INDEX entry_account_date ON entry (account_id, pending, date DESC, id DESC);
CREATE INDEX entry_date ON entry (pending, date DESC, id DESC);
