package frontend

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// codeWords says what a bank's code stands for, if it is a bank transaction code of ISO 20022 or a merchant
// category code of ISO 18245; empty for others, which are shown as the bank writes them.
func codeWords(ctx context.Context, code string) string {
	if mcc, is := strings.CutPrefix(code, "MCC "); is {
		return words.T(ctx, merchantWords(mcc))
	}
	parts := strings.SplitN(code, "-", 4) // a domain, a family in it and a kind in that; more of them is the bank's own
	if len(parts) < 3 {
		return ""
	}
	family, known := codeFamilies[parts[1]]
	kind := codeKinds[parts[2]]
	switch {
	case !known:
		return ""
	case kind == "":
		return words.T(ctx, family)
	}
	return words.T(ctx, "%s: %s", family, kind)
}

// codeFamilies are families of bank transaction codes (ExternalBankTransactionFamily1Code).
var codeFamilies = map[string]words.Text{
	"RCDT": "Transfer received", "ICDT": "Transfer sent", "RRCT": "Instant transfer received", "IRCT": "Instant transfer sent",
	"RDDT": "Direct debit paid", "IDDT": "Direct debit collected", "RCHQ": "Cheque received", "ICHQ": "Cheque written",
	"CCRD": "Card", "MCRD": "Card payments taken", "CNTR": "Bank counter", "DRFT": "Draft", "MCOP": "Paid in by the bank", "MDOP": "Taken by the bank",
	"ACOP": "Paid in by the bank", "ADOP": "Taken by the bank", "OPCL": "Account opened or closed",
	"FTLN": "Loan", "CSLN": "Consumer loan", "MGLN": "Mortgage", "FTDP": "Term deposit", "NTDP": "Notice deposit",
	"SETT": "Securities traded", "CUST": "Securities held", "CORP": "Securities: what companies pay",
	"SPOT": "Currency exchange", "FWRD": "Currency exchange agreed ahead", "CAPL": "Between accounts of one pool",
}

// codeKinds are kinds within them (ExternalBankTransactionSubFamily1Code). What only says that there is no
// better one, such as OTHR and NTAV, is left out.
var codeKinds = map[string]words.Text{
	"ESCT": "SEPA", "ESDD": "SEPA", "BBDD": "SEPA between companies", "DMCT": "domestic", "XBCT": "cross-border", "XBDD": "cross-border",
	"SALA": "salary", "XBSA": "salary, cross-border", "STDO": "standing order", "XBST": "standing order, cross-border",
	"BOOK": "within the bank", "AUTT": "automatic", "PRCT": "urgent", "SDVA": "same day", "FICT": "between banks", "ICCT": "within the company",
	"PMDD": "direct debit", "OODD": "once", "PADD": "agreed beforehand", "UPDD": "returned unpaid", "PRDD": "reversed", "RCDD": "called back",
	"RPCR": "called back", "RRTN": "returned", "POSD": "debit card payment", "POSC": "credit card payment", "POSP": "payment in a shop", "SMRT": "smart card payment",
	"CWDL": "cash withdrawal", "XBCW": "cash withdrawal, cross-border", "XBCP": "payment, cross-border", "CDPT": "cash deposit", "RIMB": "refund",
	"CHKD": "cheque paid in", "BCDP": "paid in at a branch", "BCWD": "withdrawn at a branch",
	"CHRG": "charges", "FEES": "fees", "COMM": "commission", "TAXE": "taxes", "INTR": "interest", "CHQP": "cheque", "CCHQ": "cheque",
	"PPAY": "repayment", "DDWN": "paid out", "RNEW": "renewed", "DPST": "deposit", "RPMT": "repayment", "DVCA": "dividend", "TRAD": "trade", "TRFE": "fees", "ADJT": "correction",
	"DAJT": "correction", "CAJT": "correction",
}

// merchants are merchant category codes from one on, by what is sold under them.
type merchants struct {
	from int
	sold words.Text
}

// merchantKinds are the ranges of ISO 18245, and single codes that most people meet.
var merchantKinds = []merchants{
	{700, "Agriculture"}, {1500, "Craftspeople and builders"}, {3000, "Airlines"}, {3300, "Car hire"}, {3500, "Hotels"}, {4000, "Travel and transport"},
	{4111, "Local transport"}, {4112, "Railways"}, {4113, "Travel and transport"}, {4121, "Taxis"}, {4122, "Travel and transport"}, {4511, "Airlines"}, {4512, "Travel and transport"},
	{4800, "Telephone, internet and television"}, {4829, "Financial services"}, {4830, "Telephone, internet and television"}, {4900, "Electricity, gas and water"}, {5000, "Shops"},
	{5411, "Groceries"}, {5412, "Shops"}, {5541, "Fuel"}, {5543, "Shops"}, {5600, "Clothes and shoes"}, {5700, "Household goods and electronics"},
	{5800, "Shops"}, {5811, "Restaurants and bars"}, {5815, "Digital goods"}, {5819, "Shops"}, {5912, "Pharmacies"}, {5913, "Shops"},
	{6010, "Cash"}, {6012, "Financial services"}, {6300, "Insurance"}, {6513, "Rent"}, {6514, "Financial services"}, {7011, "Hotels"}, {7012, "Services"}, {7800, "Leisure and culture"},
	{8000, "Doctors and hospitals"}, {8100, "Services"}, {8200, "Schools and training"}, {8300, "Services"}, {8398, "Associations and donations"}, {8700, "Services"},
	{9200, "Authorities"},
}

// merchantWords says what is sold under a merchant category code; empty for what is none.
func merchantWords(code string) words.Text {
	n, err := strconv.Atoi(code)
	if err != nil || len(code) != 4 {
		return ""
	}
	at, exact := slices.BinarySearchFunc(merchantKinds, n, func(kind merchants, n int) int { return kind.from - n })
	switch {
	case exact:
		return merchantKinds[at].sold
	case at > 0:
		return merchantKinds[at-1].sold
	}
	return ""
}

// codesShown are the codes that a person chooses from: those that most transactions have.
const codesShown = 100

// codeOptions are the codes to choose one from, those first that most transactions have.
func (view transactionsView) codeOptions(ctx context.Context) []ui.Option {
	shown := view.Codes[:min(len(view.Codes), codesShown)]
	labels, called := make([]string, len(shown)), map[string]int{}
	for i, one := range shown {
		labels[i] = codeWords(ctx, one.Code)
		called[labels[i]]++
	}
	var options []ui.Option
	for i, one := range shown {
		label := labels[i]
		switch {
		case label == "":
			label = one.Code
		case called[label] > 1:
			label = words.T(ctx, "%s, %s", label, one.Code)
		}
		options = append(options, ui.Option{Value: one.Code, Label: label})
	}
	if chosen := view.Search.BankCode; chosen != "" && !slices.ContainsFunc(options, func(one ui.Option) bool { return one.Value == chosen }) {
		label := codeWords(ctx, chosen)
		if label == "" {
			label = chosen
		}
		options = append(options, ui.Option{Value: chosen, Label: label}) // of another account, or rare
	}
	return choose(options, words.T(ctx, "Any category"), view.Search.BankCode)
}

// codesHint says that not all codes are there to choose from.
func (view transactionsView) codesHint(ctx context.Context) string {
	if len(view.Codes) <= codesShown {
		return ""
	}
	return words.T(ctx, "The %d most frequent. Others are found by searching for them.", codesShown)
}
