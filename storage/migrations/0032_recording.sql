-- +goose Up

-- Files with exchanges that somebody else recorded, without their secrets. They are kept apart from
-- what went over the wire here: nothing is learned from them, and they stay until a person removes them.
CREATE TABLE recording (
    id         TEXT PRIMARY KEY,
    file_name  TEXT NOT NULL,
    digest     TEXT NOT NULL, -- of the file
    format     TEXT NOT NULL, -- as xs2a/record/brought names it
    brought_at TEXT NOT NULL,
    left_out   TEXT NOT NULL, -- how much, by reason; JSON
    played     INTEGER NOT NULL DEFAULT 0, -- whether a bank is made of it
    ports      TEXT NOT NULL DEFAULT '{}'  -- those its hosts had last, by origin; JSON
) STRICT;

-- Their exchanges; columns as in exchange. Ids fall from -1 on, so that a number names one of both.
CREATE TABLE recording_exchange (
    id           INTEGER PRIMARY KEY CHECK (id < 0), -- rising within a recording
    recording_id TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    flow_id      TEXT NOT NULL, -- the recording's id, a dot and the flow's number
    step         TEXT NOT NULL,
    attended     INTEGER NOT NULL,
    started_at   TEXT NOT NULL, -- empty where the file does not tell
    took_us      INTEGER NOT NULL,
    method       TEXT NOT NULL,
    url          TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    request      TEXT NOT NULL,
    status       INTEGER NOT NULL,
    answer       TEXT NOT NULL,
    error        TEXT NOT NULL
) STRICT;
CREATE INDEX recording_exchange_flow ON recording_exchange (flow_id, id, status, error, started_at);
CREATE INDEX recording_exchange_of ON recording_exchange (recording_id, id);
