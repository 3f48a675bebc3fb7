-- +goose Up

-- A private key that was made here for an environment, sealed, with the signing request for it. It
-- stays until its certificate is there, or a person removes it. certificate is one for tests.
CREATE TABLE key_pair (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    purpose        TEXT NOT NULL,
    key_sealed     BLOB NOT NULL,
    application    TEXT NOT NULL,
    request        BLOB NOT NULL,
    certificate    TEXT NOT NULL DEFAULT '',
    made_at        TEXT NOT NULL,
    PRIMARY KEY (environment_id, purpose)
) STRICT, WITHOUT ROWID;
