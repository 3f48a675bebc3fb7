-- +goose Up

-- The record of exchanges is bounded by bytes as well. The oldest bodies go
-- before their rows do: this changes request, answer and body_bytes of a row.
ALTER TABLE exchange ADD COLUMN body_bytes INTEGER NOT NULL DEFAULT 0; -- of both bodies, as they are stored
ALTER TABLE exchange ADD COLUMN row_bytes INTEGER NOT NULL DEFAULT 0; -- of everything else
UPDATE exchange SET
    body_bytes = length(CAST(coalesce(json_extract(request, '$.Body'), '') || coalesce(json_extract(answer, '$.Body'), '') AS BLOB)),
    row_bytes = length(CAST(step || method || url || error || json_remove(request, '$.Body') || json_remove(answer, '$.Body') AS BLOB));
-- Sums are made from the index alone, without reading a body.
CREATE INDEX exchange_size ON exchange (id, body_bytes, row_bytes);
