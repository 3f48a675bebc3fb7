-- +goose Up

-- Fetches that have not come to an end: those under way, those the person stopped, and those the
-- program's own end broke off.
CREATE TABLE fetch_job (
    consent_id TEXT PRIMARY KEY REFERENCES consent ON DELETE CASCADE,
    begun_at   TEXT NOT NULL,
    accounts   INTEGER NOT NULL DEFAULT 0, -- to be read; 0 until the bank has listed them
    done       INTEGER NOT NULL DEFAULT 0, -- of these, those that were read
    stopped_at TEXT NOT NULL DEFAULT ''    -- when the person stopped it
) STRICT, WITHOUT ROWID;
