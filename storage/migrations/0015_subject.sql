-- +goose Up

-- An SCA process authorises a resource, whatever that is: subject_kind says what,
-- subject_id which one of ours. So no foreign key holds them together; what
-- removes a subject removes its authorisations.
CREATE TABLE authorisation_of (
    id           TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,           -- see storage.SubjectKind
    subject_id   TEXT NOT NULL,
    bank_id      TEXT NOT NULL DEFAULT '',
    state_hash   BLOB NOT NULL UNIQUE,    -- SHA-256 of the OAuth state
    grant_sealed BLOB NOT NULL,           -- state, verifier and what redeems the code: JSON
    redirect_uri TEXT NOT NULL,
    step         TEXT NOT NULL,           -- what comes next
    approach     TEXT NOT NULL DEFAULT '',
    sca_status   TEXT NOT NULL DEFAULT '',
    link         TEXT NOT NULL DEFAULT '',
    asks         TEXT NOT NULL DEFAULT '{}', -- what the step needs: JSON
    message      TEXT NOT NULL DEFAULT '',
    answer       TEXT NOT NULL DEFAULT '', -- the beginning of the bank's last answer, without secrets
    outcome      TEXT NOT NULL DEFAULT '', -- how it ended; empty while it has not
    created_at   TEXT NOT NULL,
    opened_at    TEXT NOT NULL DEFAULT '',
    returned_at  TEXT NOT NULL DEFAULT '',
    ended_at     TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL DEFAULT 0 -- another after each change of what comes next
) STRICT;
INSERT INTO authorisation_of
    SELECT id, 'consent', consent_id, bank_id, state_hash, grant_sealed, redirect_uri, step, approach, sca_status, link, asks,
        message, answer, outcome, created_at, opened_at, returned_at, ended_at, version
    FROM authorisation ORDER BY rowid;
DROP TABLE authorisation;
ALTER TABLE authorisation_of RENAME TO authorisation;
CREATE INDEX authorisation_subject ON authorisation (subject_kind, subject_id, created_at);
CREATE INDEX authorisation_open ON authorisation (subject_kind, subject_id) WHERE outcome = '';
