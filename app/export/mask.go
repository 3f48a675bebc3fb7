package export

import (
	"encoding/json"

	"consentry/storage"
)

// Mask puts invented names and numbers in place of real ones.
type Mask interface{ Text(text string) string }

// masked are transactions with invented names and numbers, wherever in them they stand.
func masked(all transactions, mask Mask) transactions {
	return func(yield func(storage.Transaction, error) bool) {
		for t, err := range all {
			if !yield(maskedTransaction(t, mask), err) {
				return
			}
		}
	}
}

func maskedTransaction(t storage.Transaction, mask Mask) storage.Transaction {
	for _, text := range []*string{
		&t.CreditorName, &t.CreditorAccount, &t.DebtorName, &t.DebtorAccount, &t.Remittance, &t.Additional,
		&t.EndToEndID, &t.EntryReference, &t.Transaction.ID, &t.Note.Text, &t.OwnName, &t.AccountName,
	} {
		*text = mask.Text(*text)
	}
	tags := make([]string, len(t.Tags))
	for i, tag := range t.Tags {
		tags[i] = mask.Text(tag)
	}
	t.Tags, t.Raw = tags, maskedRaw(t.Raw, mask)
	return t
}

// maskedAccount is an account with invented names and numbers; as it is without a mask.
func maskedAccount(account storage.Account, mask Mask) storage.Account {
	if mask == nil {
		return account
	}
	for _, text := range []*string{&account.Key, &account.IBAN, &account.BBAN, &account.MaskedPAN, &account.Name, &account.Product, &account.OwnerName} {
		*text = mask.Text(*text)
	}
	account.Raw = maskedRaw(account.Raw, mask)
	return account
}

func maskedRaw(raw json.RawMessage, mask Mask) json.RawMessage {
	if len(raw) == 0 {
		return raw
	}
	return json.RawMessage(mask.Text(string(raw)))
}
