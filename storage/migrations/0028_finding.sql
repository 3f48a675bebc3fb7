-- +goose Up

-- Of words in which digits follow letters, the letters and the first digit stand among those that begin alike, too (see listedAs in
-- storage/find.go). Whose they are is not in the index: they are put down for all accounts, which costs a look and finds nothing else.
CREATE VIRTUAL TABLE temp.indexed USING fts5vocab (main, entry_text, row);
INSERT OR IGNORE INTO word (word, account_id)
SELECT begins, a.id FROM (
    SELECT DISTINCT substr(term, 1, letters + 1) AS begins FROM (
        SELECT term, length(term) - length(ltrim(term, 'abcdefghijklmnopqrstuvwxyz')) AS letters FROM temp.indexed WHERE term >= 'a' AND term < '{'
    ) WHERE letters < length(term) AND (letters <= 2 OR length(term) <= 16)
) CROSS JOIN account a;
DROP TABLE temp.indexed;

-- A search that was kept for an account that is erased stays, and says so.
ALTER TABLE saved_search ADD COLUMN account_gone INTEGER NOT NULL DEFAULT 0;
