package main

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"consentry/app/export"
	"consentry/storage"
)

// asCSV asks for what a file of the program holds, column by column.
var asCSV = `SELECT coalesce(nullif(a.iban, ''), nullif(a.bban, ''), a.name), a.bank_name, CASE e.pending WHEN 1 THEN 'Pending' ELSE 'Booked' END,
	e.booking_date, e.value_date, e.amount, e.currency, e.creditor_name, e.creditor_account, e.debtor_name, e.debtor_account, e.remittance,
	e.additional, e.bank_code, e.transaction_id, e.entry_reference, e.end_to_end_id, substr(e.dropped_at, 1, 10)
	FROM entry e JOIN account a ON a.id = e.account_id ORDER BY e.id DESC`

// exports is how often everything is taken out, by either in turn.
const exports = 5

// measureExport takes out all transactions as CSV, and has SQLite's command line do the same.
func measureExport(browser *http.Client, home, data string) error {
	var ours, theirs []float64
	for range exports {
		rate, err := rateOf(func() (io.ReadCloser, error) {
			res, err := browser.Get(home + "/transactions/export/csv")
			if err != nil {
				return nil, err
			}
			if res.StatusCode != http.StatusOK {
				return nil, fmt.Errorf("the export: %s", res.Status)
			}
			return res.Body, nil
		})
		if err != nil {
			return err
		}
		ours = append(ours, rate)
		cmd := exec.Command("sqlite3", "-readonly", "-csv", "-header", filepath.Join(data, storage.FileName), asCSV)
		if rate, err = rateOf(func() (io.ReadCloser, error) {
			out, err := cmd.StdoutPipe()
			if err != nil {
				return nil, err
			}
			return out, cmd.Start()
		}); err != nil {
			return err
		}
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("sqlite3: %w", err)
		}
		theirs = append(theirs, rate)
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	a, b := ours[exports/2], theirs[exports/2]
	fmt.Printf("export     CSV of %d columns: %.0f MB/s, %.2f of sqlite3 -csv (%.0f MB/s)\n", len(export.Columns), a, a/b, b)
	return nil
}

// rateOf reads to the end, and returns how many MB came a second.
func rateOf(begin func() (io.ReadCloser, error)) (float64, error) {
	begun := time.Now()
	in, err := begin()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	n, err := io.Copy(io.Discard, in)
	return float64(n) / 1e6 / time.Since(begun).Seconds(), err
}
