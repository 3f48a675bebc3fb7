package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
)

// sums is the file of checksums, as sha256sum reads it.
const sums = "SHA256SUMS"

// outFile is the path of a product.
func (d *dist) outFile(name string) string { return filepath.Join(d.out, name) }

// sum writes the checksums of all products.
func (d *dist) sum() error {
	entries, err := os.ReadDir(d.out)
	if err != nil {
		return err
	}
	var lines bytes.Buffer
	for _, entry := range entries {
		content, err := os.ReadFile(d.outFile(entry.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%x  %s\n", sha256.Sum256(content), entry.Name())
	}
	return os.WriteFile(d.outFile(sums), lines.Bytes(), 0o644)
}

// print says what there is.
func (d *dist) print(to io.Writer) error {
	entries, err := os.ReadDir(d.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(to, "Consentry %s, commit %s of %s\n", d.version.Plain(), d.version.Commit, d.version.Date.UTC().Format("2006-01-02 15:04:05 UTC"))
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%.1f MB\n", entry.Name(), float64(info.Size())/1e6)
	}
	return table.Flush()
}
