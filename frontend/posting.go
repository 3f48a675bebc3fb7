package frontend

import (
	"context"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// postings are transactions as rows of a list, below a heading that says whether they are booked.
func postings(ctx context.Context, transactions []storage.Transaction) []ui.Posting {
	rows := make([]ui.Posting, len(transactions))
	for i := range transactions {
		t := &transactions[i]
		rows[i] = ui.Posting{
			Row:    ui.Row{Title: counterparty(ctx, *t), Sub: words.Row(ctx, belowName(*t)), Href: transactionPath(t.ID), Note: t.Note.Text, Tags: tagsOf(*t, storage.Find{})},
			Amount: money(t.Amount), New: t.New, Dropped: !t.DroppedAt.IsZero(),
		}
	}
	return rows
}

// withLogos gives rows the pictures of their transactions' banks.
func withLogos(transactions []storage.Transaction, rows []ui.Posting) []ui.Posting {
	for i := range transactions {
		t := &transactions[i]
		rows[i].Picture = logoOf(t.EnvironmentID, t.BIC, t.BankName, ui.LogoSmall).Draw()
	}
	return rows
}
