-- +goose Up

-- What went over the wire between the program and banks, without secrets. Rows
-- are never changed; the oldest go when there are too many or they are too old.
CREATE TABLE exchange (
    id             INTEGER PRIMARY KEY, -- in the order they were recorded
    flow_id        TEXT NOT NULL, -- a consent's id, or another word for what it belongs to; no reference: a flow may leave no consent
    step           TEXT NOT NULL,
    attended       INTEGER NOT NULL,
    started_at     TEXT NOT NULL,
    took_us        INTEGER NOT NULL,
    method         TEXT NOT NULL,
    url            TEXT NOT NULL,
    request_id     TEXT NOT NULL, -- X-Request-ID
    request        TEXT NOT NULL, -- header and body, JSON
    status         INTEGER NOT NULL, -- 0: no answer came
    answer         TEXT NOT NULL,
    error          TEXT NOT NULL
) STRICT;
-- Flows are summed up from the index alone.
CREATE INDEX exchange_flow ON exchange (flow_id, id, status, error, started_at);
CREATE INDEX exchange_started ON exchange (started_at);
CREATE INDEX exchange_request ON exchange (request_id);
