package storage

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// Census is how much there is in a data folder.
type Census struct {
	Banks        int       `json:"banks"`    // of which there is a consent or an account
	Consents     int       `json:"consents"` // also those that have ended
	Accounts     int       `json:"accounts"`
	Transactions int       `json:"transactions"`
	Environments int       `json:"environments,omitzero"` // of the person's own, with credentials and certificates
	ReadAt       time.Time `json:"readAt,omitzero"`       // when an account was read last; zero where none was
}

// Empty reports whether there is nothing that anybody would miss.
func (c Census) Empty() bool { return c.Consents == 0 && c.Accounts == 0 && c.Environments == 0 }

// CensusOf counts what there is in the database of a data folder, also while a program uses it, and without its key. Where
// there is no database there is nothing.
func CensusOf(ctx context.Context, dir string) (Census, error) {
	return CensusIn(ctx, filepath.Join(dir, FileName))
}

// CensusIn counts what there is in the file of a database.
func CensusIn(ctx context.Context, path string) (c Census, err error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return c, nil
	}
	db, err := sql.Open("sqlite", address(path, url.Values{"mode": {"ro"}, "_pragma": {"busy_timeout(5000)", "query_only(1)"}}))
	if err != nil {
		return c, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM (SELECT environment_id, bic FROM consent UNION SELECT environment_id, bic FROM account)),
		(SELECT count(*) FROM consent), (SELECT count(*) FROM account), (SELECT count(*) FROM entry),
		(SELECT count(*) FROM environment WHERE NOT sandbox),
		(SELECT coalesce(max(fetched_at), '') FROM account)`).
		Scan(&c.Banks, &c.Consents, &c.Accounts, &c.Transactions, &c.Environments, stamp{&c.ReadAt})
	return c, err
}
