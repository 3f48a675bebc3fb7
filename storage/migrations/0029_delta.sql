-- +goose Up

-- When all days of an account since an overlap were last read to their end, and up to which day; when since
-- then only what is new was asked for, and whether that may be done again: the reading before came to its
-- end, and the bank's ids tell.
ALTER TABLE account ADD COLUMN whole_to TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN whole_at TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN delta_at TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN delta_may_follow INTEGER NOT NULL DEFAULT 0;

-- In how many of the last readings the bank gave other ids than before to what it told again.
ALTER TABLE account ADD COLUMN renamed_readings INTEGER NOT NULL DEFAULT 0;

-- In which way a bank tells what is new alone, as far as reads have shown it.
ALTER TABLE report_habit ADD COLUMN delta TEXT NOT NULL DEFAULT '';

-- The file a note came with, as long as nobody has written it anew; undoing the file takes it out. Of a note that
-- was left, the file whose undoing took its transaction.
ALTER TABLE note ADD COLUMN import_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX note_import ON note (import_id) WHERE import_id <> 0;
ALTER TABLE note_left ADD COLUMN file TEXT NOT NULL DEFAULT '';
