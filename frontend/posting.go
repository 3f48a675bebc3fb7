package frontend

import (
	"bytes"
	"context"
	"io"

	"github.com/a-h/templ"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// postings are transactions as rows of a list, below a heading that says whether they are booked.
func postings(ctx context.Context, transactions []storage.Transaction) []ui.Posting {
	return postingsWith(ctx, transactions, func(t *storage.Transaction) string { return words.Row(ctx, belowName(*t)) })
}

// postingsWith is postings, with what each says below its name.
func postingsWith(ctx context.Context, transactions []storage.Transaction, sub func(*storage.Transaction) string) []ui.Posting {
	rows := make([]ui.Posting, len(transactions))
	for i := range transactions {
		t := &transactions[i]
		rows[i] = ui.Posting{
			Row:    ui.Row{Title: counterparty(ctx, *t), Sub: sub(t), Href: transactionPath(t.ID), Note: t.Note.Text, Tags: tagsOf(*t, storage.Find{})},
			Amount: money(t.Amount), New: t.New, Dropped: !t.DroppedAt.IsZero(),
		}
	}
	return rows
}

// withLogos gives rows the pictures of their transactions' banks. Each is drawn once.
func withLogos(transactions []storage.Transaction, rows []ui.Posting) []ui.Posting {
	drawn := map[ui.Logo]templ.Component{}
	for i := range transactions {
		t := &transactions[i]
		logo := logoOf(t.EnvironmentID, t.BIC, t.BankName, ui.LogoSmall)
		if drawn[logo] == nil {
			drawn[logo] = &repeated{Component: logo.Draw()}
		}
		rows[i].Picture = drawn[logo]
	}
	return rows
}

// repeated is a component that stands on a page many times: it is made at the first.
type repeated struct {
	templ.Component
	made []byte
}

// Render writes the component.
func (r *repeated) Render(ctx context.Context, w io.Writer) error {
	if r.made == nil {
		var made bytes.Buffer
		if err := r.Component.Render(ctx, &made); err != nil {
			return err
		}
		r.made = made.Bytes()
	}
	_, err := w.Write(r.made)
	return err
}
