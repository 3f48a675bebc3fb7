package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"

	"consentry/xs2a/sandbox"
)

// bulk is an account of a practice bank that is given very many transactions at its start.
type bulk struct {
	entries, page    int
	bank, psu, order string
}

func bulkFlags(flags *flag.FlagSet) *bulk {
	var b bulk
	flags.IntVar(&b.entries, "transactions", 0, "`number` of dated transactions that an account is given, up to 1,000,000")
	flags.StringVar(&b.bank, "bank", "rheintor", "`id` or BIC of the bank that has it")
	flags.StringVar(&b.psu, "psu", "", "`login` of the person whose first account it is (default: the first who is listed)")
	flags.IntVar(&b.page, "page", 500, "transactions on a `page` of its list, up to 5,000")
	flags.StringVar(&b.order, "order", "newest", "newest, oldest, or spread: the whole period three times, so that pages are out of date `order`")
	return &b
}

// give has the practice banks give the account its transactions.
func (b *bulk) give(info sandbox.Info) error {
	if b.entries == 0 {
		return nil
	}
	if b.psu == "" {
		b.psu = info.PSUs[0].Login
	}
	if b.order == "spread" {
		b.order = "runs"
	}
	body, err := json.Marshal(map[string]any{"bank": b.bank, "psu": b.psu, "account": 0, "entries": b.entries, "page": b.page, "order": b.order})
	if err != nil {
		return err
	}
	res, err := http.Post(info.Control+"/accounts", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10)) // what there is of it
		return fmt.Errorf("-transactions: %s", why)
	}
	return nil
}
