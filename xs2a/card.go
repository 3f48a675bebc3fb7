package xs2a

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"consentry/xs2a/field"
)

// CardAccounts lists the card accounts of a consent (BG 1.3.12 section 6.5.1).
func (c *Client) CardAccounts(ctx context.Context, call Call) ([]Account, error) {
	accounts, err := accountList(ctx, c, "/card-accounts", "cardAccounts", nil, call)
	for i := range accounts {
		accounts[i].Balances = cardSigns(accounts[i].Balances, accounts[i].Raw)
	}
	return accounts, err
}

// CardAccount reads the details of one card account (BG 1.3.12 section 6.5.2).
func (c *Client) CardAccount(ctx context.Context, call Call, resourceID string) (Account, error) {
	account, err := c.account(ctx, call, cardPath(resourceID), "cardAccount")
	account.Balances = cardSigns(account.Balances, account.Raw)
	return account, err
}

// CardBalances reads the balances of a card account (BG 1.3.12 section 6.5.3).
func (c *Client) CardBalances(ctx context.Context, call Call, resourceID string) ([]Balance, error) {
	balances, body, err := c.balances(ctx, call, cardPath(resourceID)+"/balances")
	return cardSigns(balances, body), err
}

// debitAccounting reports whether a bank quotes what is owed on a card without a
// minus (BG 1.3.12 section 14.4, debitAccounting).
func debitAccounting(body json.RawMessage) bool {
	var w struct{ DebitAccounting flag }
	return json.Unmarshal(body, &w) == nil && bool(w.DebitAccounting)
}

// cardSigns makes what is owed negative, as on any other account. What is still
// available is no debt and stays.
func cardSigns(balances []Balance, body json.RawMessage) []Balance {
	if !debitAccounting(body) {
		return balances
	}
	for i, b := range balances {
		if !strings.HasSuffix(b.Type, "Available") {
			balances[i].Amount = b.Amount.negated()
		}
	}
	return balances
}

// CardTransactions reads the first page of a card account's transactions
// (BG 1.3.12 section 6.5.4); NextCardTransactions follows its link.
func (c *Client) CardTransactions(ctx context.Context, call Call, resourceID string, q TransactionQuery) (TransactionPage, error) {
	return c.cardPage(ctx, call, cardPath(resourceID)+"/transactions", q.values())
}

// NextCardTransactions follows the link of a page.
func (c *Client) NextCardTransactions(ctx context.Context, call Call, link string) (TransactionPage, error) {
	return c.cardPage(ctx, call, link, nil)
}

func (c *Client) cardPage(ctx context.Context, call Call, path string, query url.Values) (TransactionPage, error) {
	return c.page(ctx, call, path, query, func(ctx context.Context, a answer) (TransactionPage, error) {
		return decodeCardTransactions(ctx, a.body)
	})
}

func cardPath(resourceID string) string { return "/card-accounts/" + url.PathEscape(resourceID) }

// decodeCardTransactions reads a page of a card account's transactions. An
// entry that cannot be read is left out; without any list there is no page.
func decodeCardTransactions(ctx context.Context, body []byte) (TransactionPage, error) {
	var w struct {
		CardTransactions json.RawMessage
		Links            Links `json:"_links"`
	}
	if err := unmarshal(body, &w); err != nil {
		return TransactionPage{}, err
	}
	if len(w.CardTransactions) == 0 {
		return TransactionPage{}, errNoList
	}
	page, err := decodeLists(ctx, w.CardTransactions, "cardTransactions", decodeCardTransaction)
	if err != nil {
		return TransactionPage{}, err
	}
	page.Next = cmp.Or(page.Next, w.Links["next"])
	if debitAccounting(body) {
		for _, list := range [][]Transaction{page.Booked, page.Pending} {
			for i, t := range list {
				list[i].Amount, list[i].signed = t.Amount.negated(), true
			}
		}
	}
	return page, nil
}

// decodeCardTransaction reads an entry of a card account, whose fields are
// other ones (BG 1.3.12 section 14.21): the shop stands in for the creditor.
func decodeCardTransaction(raw json.RawMessage) (Transaction, error) {
	var w struct {
		CardTransactionID, TransactionDate       text
		TransactionDetails, MerchantCategoryCode text
		CardAcceptorAddress                      struct{ TownName text }
	}
	if err := unmarshal(raw, &w); err != nil {
		return Transaction{}, err
	}
	t, err := decodeTransaction(raw) // the fields both kinds share
	if err != nil {
		return Transaction{}, err
	}
	t.ID = string(w.CardTransactionID)
	if t.ValueDate == "" {
		if t.ValueDate, err = field.Day("transactionDate", string(w.TransactionDate)); err != nil {
			return Transaction{}, err
		}
	}
	t.Remittance = string(w.TransactionDetails)
	t.Additional = string(w.CardAcceptorAddress.TownName)
	if w.MerchantCategoryCode != "" {
		t.BankCode = "MCC " + string(w.MerchantCategoryCode)
	}
	return t, nil
}
