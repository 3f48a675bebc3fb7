package xs2a

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"consentry/xs2a/field"
)

// Account is one the consent gives access to (BG 1.3.12 section 14.4).
type Account struct {
	ResourceID string // valid with this consent only
	IBAN       string
	BBAN       string
	MaskedPAN  string
	Currency   string
	Name       string
	Product    string
	Type       string // ISO 20022 cash account type
	Status     string // enabled, deleted, blocked, or what the bank says
	Usage      string // PRIV or ORGA
	OwnerName  string
	BIC        string
	// CreditLimit is the line of a card account (BG 1.3.12 section 14.4, creditLimit); empty where
	// the bank says none, or one that cannot be read: it stands in Raw then.
	CreditLimit Amount
	Balances    []Balance       // when asked for together, and all can be read
	Raw         json.RawMessage // as it came
}

// Key names the account across consents: the first identifier that outlives
// one, and the currency.
func (a Account) Key() string {
	for _, id := range []struct{ scheme, value string }{
		{"iban", strings.ReplaceAll(a.IBAN, " ", "")}, {"bban", a.BBAN}, {"pan", a.MaskedPAN}, {"id", a.ResourceID},
	} {
		if id.value != "" {
			return id.scheme + ":" + strings.ToUpper(id.value) + ":" + a.Currency
		}
	}
	return "unknown:" + a.Currency
}

// says joins what tells an account from nothing at all.
func (a Account) says() string {
	return a.ResourceID + a.IBAN + a.BBAN + a.MaskedPAN + a.Currency + a.Name
}

// Balance is one of an account's balances (BG 1.3.12 section 14.12).
type Balance struct {
	Amount          Amount
	Type            string // such as interimAvailable; empty when the bank does not say
	ReferenceDate   string // ISO date; may be empty
	LastChange      string // as sent: zones are often missing
	CreditLimitIncl bool
	Raw             json.RawMessage
}

// Accounts lists the accounts of a consent (BG 1.3.12 section 6.4.1).
func (c *Client) Accounts(ctx context.Context, call Call, withBalance bool) ([]Account, error) {
	query := url.Values{}
	if withBalance {
		query.Set("withBalance", "true")
	}
	return accountList(ctx, c, "/accounts", "accounts", query, call)
}

// Account reads the details of one account (BG 1.3.12 section 6.4.2).
func (c *Client) Account(ctx context.Context, call Call, resourceID string) (Account, error) {
	return c.account(ctx, call, accountPath(resourceID), "account")
}

// Balances reads the balances of one account (BG 1.3.12 section 6.4.3).
func (c *Client) Balances(ctx context.Context, call Call, resourceID string) ([]Balance, error) {
	balances, _, err := c.balances(ctx, call, accountPath(resourceID)+"/balances")
	return balances, err
}

func accountList(ctx context.Context, c *Client, path, name string, query url.Values, call Call) ([]Account, error) {
	r := request{service: AccountInformation, method: http.MethodGet, path: path, query: query, call: call}
	a, err := c.read(ctx, r)
	if err != nil {
		return nil, err
	}
	elements, err := list(a.body, name)
	if err != nil {
		return nil, unusable(r, a, err)
	}
	accounts, err := each(elements, name, decodeAccount)
	if err != nil {
		return nil, notUnderstood(r, a, err)
	}
	return accounts, nil
}

func (c *Client) account(ctx context.Context, call Call, path, wrapper string) (Account, error) {
	r := request{service: AccountInformation, method: http.MethodGet, path: path, call: call}
	a, err := c.read(ctx, r)
	if err != nil {
		return Account{}, err
	}
	account, err := decodeAccount(unwrap(a.body, wrapper))
	switch {
	case err != nil:
		return Account{}, notUnderstood(r, a, err)
	case account.says() == "":
		return Account{}, unusable(r, a, errNoList)
	}
	return account, nil
}

// balances reads a list of balances, and returns the body it stands in.
func (c *Client) balances(ctx context.Context, call Call, path string) ([]Balance, json.RawMessage, error) {
	r := request{service: AccountInformation, method: http.MethodGet, path: path, call: call}
	a, err := c.read(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	elements, err := list(a.body, "balances")
	if err != nil {
		return nil, nil, unusable(r, a, err)
	}
	balances, err := each(elements, "balances", decodeBalance)
	if err != nil {
		return nil, nil, notUnderstood(r, a, err)
	}
	return balances, a.body, nil
}

func accountPath(resourceID string) string { return "/accounts/" + url.PathEscape(resourceID) }

// unwrap returns what stands under name, or the whole where nothing does.
func unwrap(body json.RawMessage, name string) json.RawMessage {
	if inner, err := member(body, name); err == nil && len(inner) > 0 && inner[0] == '{' {
		return inner
	}
	return body
}

func decodeAccount(raw json.RawMessage) (Account, error) {
	var w struct {
		ResourceID, IBAN, BBAN, MaskedPAN, Currency text
		Name, Product, CashAccountType, Status      text
		Usage, OwnerName, BIC                       text
		Balances, CreditLimit                       json.RawMessage
	}
	if err := unmarshal(raw, &w); err != nil {
		return Account{}, err
	}
	w.IBAN = text(strings.ReplaceAll(string(w.IBAN), " ", ""))
	if w.MaskedPAN == "" && isMaskedPAN(string(w.IBAN)) {
		w.IBAN, w.MaskedPAN = "", w.IBAN
	}
	return Account{
		ResourceID: string(w.ResourceID), IBAN: string(w.IBAN), BBAN: string(w.BBAN),
		MaskedPAN: string(w.MaskedPAN), Currency: strings.ToUpper(string(w.Currency)),
		Name: string(w.Name), Product: string(w.Product), Type: string(w.CashAccountType),
		Status: string(w.Status), Usage: string(w.Usage), OwnerName: string(w.OwnerName), BIC: string(w.BIC),
		CreditLimit: creditLimit(w.CreditLimit), Balances: embeddedBalances(w.Balances), Raw: raw,
	}, nil
}

// creditLimit reads the line of a card. One that cannot be read costs no account, and a negative one is none.
func creditLimit(raw json.RawMessage) (limit Amount) {
	if len(raw) == 0 || json.Unmarshal(raw, &limit) != nil || limit.Negative() {
		return Amount{}
	}
	return limit
}

// embeddedBalances reads the balances that come with an account in a list. One
// that cannot be read costs neither the list nor the account: that is then
// taken without balances, so that they are asked for by themselves, where the
// error names what is wrong.
func embeddedBalances(raw json.RawMessage) []Balance {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return nil
	}
	balances, err := each(elements, "balances", decodeBalance)
	if err != nil {
		return nil
	}
	return balances
}

// isMaskedPAN knows a card number some banks put where an IBAN belongs: an
// IBAN begins with a country (ISO 13616), a card number with a digit.
func isMaskedPAN(s string) bool {
	return s != "" && s[0] >= '0' && s[0] <= '9' && strings.ContainsAny(s, "*xX#•")
}

func decodeBalance(raw json.RawMessage) (Balance, error) {
	var w struct {
		BalanceAmount       *Amount
		BalanceType         text
		ReferenceDate       text
		LastChangeDateTime  text
		CreditLimitIncluded flag
	}
	if err := unmarshal(raw, &w); err != nil {
		return Balance{}, err
	}
	if w.BalanceAmount == nil {
		return Balance{}, field.Missing("balanceAmount")
	}
	date, err := field.Day("referenceDate", string(w.ReferenceDate))
	if err != nil {
		return Balance{}, err
	}
	return Balance{
		Amount: *w.BalanceAmount, Type: string(w.BalanceType), ReferenceDate: date,
		LastChange: string(w.LastChangeDateTime), CreditLimitIncl: bool(w.CreditLimitIncluded), Raw: raw,
	}, nil
}
