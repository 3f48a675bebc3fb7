package sandbox

import (
	"fmt"
	"net/http"
	"strconv"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/people"
)

// The catalogue of the Bank of Georgia's interface: all products, deposits and
// personal loans, in Georgian or English. It is public.

type product struct {
	ID          string              `json:"productId"`
	From        string              `json:"effectiveFrom"`
	Updated     string              `json:"lastUpdated"`
	Category    string              `json:"productCategory"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Brand       string              `json:"brand"`
	BrandName   string              `json:"brandName"`
	Tailored    bool                `json:"isTailored"`
	Features    []productFeature    `json:"features"`
	Constraints []productConstraint `json:"constraints"`
	Eligibility []productCriterion  `json:"eligibility"`
	Fees        []productFee        `json:"fees,omitempty"`
	Deposits    []depositRate       `json:"depositRates,omitempty"`
	Loans       []lendingRate       `json:"lendingRates,omitempty"`
}

type productFeature struct {
	Type  string  `json:"featureType"`
	Value *string `json:"additionalValue"`
	Info  string  `json:"additionalInfo"`
}

type productConstraint struct {
	Type  string `json:"constraintType"`
	Value string `json:"additionalValue"`
	Info  string `json:"additionalInfo,omitempty"`
}

type productCriterion struct {
	Type  string `json:"eligibilityType"`
	Value string `json:"additionalValue"`
	Info  string `json:"additionalInfo"`
}

type productFee struct {
	Name     string  `json:"name"`
	Type     string  `json:"feeType"`
	Rate     float64 `json:"balanceRate"`
	Currency string  `json:"currency"`
}

type depositRate struct {
	Type       string     `json:"depositRateType"`
	Rate       float64    `json:"rate"`
	Comparison float64    `json:"comparisonRate"`
	Tiers      []rateTier `json:"tiers"`
}

type rateTier struct {
	Name    *string `json:"name"`
	Unit    string  `json:"unitOfMeasure"`
	Minimum int     `json:"minimumValue"`
	Maximum int     `json:"maximumValue"`
	Info    string  `json:"additionalInfo"`
}

type lendingRate struct {
	Type        string  `json:"lendingRateType"`
	Rate        float64 `json:"rate"`
	Comparison  string  `json:"comparisonRate"`
	Frequency   string  `json:"calculationFrequency"`
	Due         string  `json:"interestPaymentDue"`
	Repayment   string  `json:"repaymentType"`
	Application string  `json:"applicationFrequency"`
	Info        string  `json:"additionalInfo"`
}

// locale holds the catalogue's words in one language.
type locale struct {
	deposit, depositText, loan, loanText, card, cardText, feature, adult, fee, payout string
	early, withdrawal, yearly, citizen, income, online, grace, opening                string
	kinds                                                                             []string // of loans
}

var locales = map[string]locale{
	"en": {
		"Term deposit %s, %d months", "Term deposit in %s for %d months, interest paid monthly", "%s loan %s", "%s loan in %s", "Credit card %s", "Credit card in %s with an interest-free period",
		"A decision within an hour", "You have to be of age", "For opening", "Interest is paid monthly",
		"For repaying before its time", "For taking out money", "For a year", "You have to be a citizen of Georgia", "Without proof of income", "Opened online", "Days without interest", "The first payment",
		[]string{"Consumer", "Car", "Study", "Renovation"},
	},
	"ge": {
		"ვადიანი ანაბარი %s, %d თვე", "ვადიანი ანაბარი %s, %d თვე, პროცენტი ყოველთვიურად", "%s სესხი %s", "%s სესხი, %s", "საკრედიტო ბარათი %s", "საკრედიტო ბარათი %s, საშეღავათო პერიოდით",
		"გადაწყვეტილება ერთ საათში", "უნდა იყოთ სრულწლოვანი", "გახსნის საკომისიო", "პროცენტი ყოველთვიურად",
		"ვადამდე დაფარვის საკომისიო", "თანხის გატანის საკომისიო", "წლიური საკომისიო", "უნდა იყოთ საქართველოს მოქალაქე", "შემოსავლის დადასტურების გარეშე", "იხსნება ონლაინ", "უპროცენტო დღეები", "საწყისი თანხა",
		[]string{"სამომხმარებლო", "ავტო", "სტუდენტური", "სარემონტო"},
	},
}

func (s *Sandbox) productRoutes() {
	const root = "/bog/v1/banking/products/{locale}"
	find := func(s *Sandbox, c *call) error {
		c.bank, c.client = s.bankByID(bank.BankOfGeorgia, "mtkvari"), practiceClient
		return nil
	}
	for path, category := range map[string]string{"": "", "/deposits": "TERM_DEPOSITS", "/personal-loans": "PERS_LOANS"} {
		rt := route{path: root + path, find: find, checks: []check{checkAccept}, methods: methods{"GET": func(c *call) (answer, error) { return s.getProducts(c, category) }}}
		s.mux.Handle(rt.path, s.api(rt))
	}
}

// getProducts answers one page of the catalogue.
func (s *Sandbox) getProducts(c *call, category string) (answer, error) {
	name := c.request.PathValue("locale")
	words, known := locales[name]
	if !known {
		return answer{}, formatError("locale", "ge or en")
	}
	page, err := number(c, "page", 0, 0, 1000)
	if err != nil {
		return answer{}, err
	}
	size, err := number(c, "page-size", 10, 1, 100)
	if err != nil {
		return answer{}, err
	}
	var all []product
	for _, p := range words.catalogue() {
		if category == "" || p.Category == category {
			all = append(all, p)
		}
	}
	first, last := min(page*size, len(all)), min((page+1)*size, len(all))
	to := func(page int) link {
		return link{fmt.Sprintf("%s%s?page=%d&page-size=%d", c.address, c.request.URL.Path, page, size)}
	}
	links := map[string]link{"self": to(page)}
	if last < len(all) {
		links["next"] = to(page + 1)
	}
	if page > 0 {
		links["prev"] = to(page - 1)
	}
	return ok(map[string]any{"products": append([]product{}, all[first:last]...), "_links": links})
}

// number reads a parameter within bounds.
func number(c *call, name string, otherwise, low, high int) (int, error) {
	sent := c.request.URL.Query().Get(name)
	if sent == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(sent)
	if err != nil || n < low || n > high {
		return 0, refuseField(http.StatusBadRequest, "FORMAT_ERROR", name, fmt.Sprintf("a number from %d to %d", low, high))
	}
	return n, nil
}

// catalogue draws the products; they are the same in every language.
func (l locale) catalogue() []product {
	var list []product
	add := func(p product) {
		p.ID = people.FixedID("product", p.Category, strconv.Itoa(len(list)))
		p.From, p.Updated, p.Brand, p.BrandName = "2025-04-01T00:00:00.000+04:00", "2026-07-19T11:38:59.159+04:00", "MTK", "Mtkvari"
		p.Features = append(p.Features, productFeature{Type: "OTHER", Info: l.feature})
		p.Eligibility = append(p.Eligibility, productCriterion{"MIN_AGE", "18", l.adult})
		list = append(list, p)
	}
	for _, currency := range []string{"GEL", "USD", "EUR", "GBP"} {
		for _, months := range []int{3, 6, 12, 24} {
			add(l.termDeposit(currency, months))
		}
	}
	for i, kind := range l.kinds {
		for _, currency := range []string{"GEL", "USD", "EUR"} {
			add(l.loanOf(i, kind, currency, len(list)))
		}
	}
	for _, currency := range []string{"GEL", "USD"} {
		days := "55"
		add(product{
			Category: "CRED_CARDS", Name: fmt.Sprintf(l.card, currency), Description: fmt.Sprintf(l.cardText, currency),
			Features:    []productFeature{{"INTEREST_FREE", &days, l.grace}},
			Constraints: []productConstraint{{Type: "MAX_LIMIT", Value: "20000.00"}},
			Fees:        []productFee{{l.yearly, "PERIODIC", 0.5, currency}, {l.withdrawal, "WITHDRAWAL", 3, currency}},
		})
	}
	return list
}

// termDeposit draws a deposit: longer ones bring more, and short ones cost nothing to end.
func (l locale) termDeposit(currency string, months int) product {
	d := people.NewDice("deposit", currency, strconv.Itoa(months))
	rate := float64(d.Between(10, 110)) / 1000
	p := product{
		Category: "TERM_DEPOSITS", Name: fmt.Sprintf(l.deposit, currency, months), Description: fmt.Sprintf(l.depositText, currency, months),
		Constraints: []productConstraint{{"OPENING_BALANCE", strconv.Itoa(50 * months), l.opening}},
		Deposits:    []depositRate{{"FIXED", rate, rate, []rateTier{{Unit: "DAY", Minimum: months * 30, Maximum: months*30 + 29, Info: l.payout}}}},
	}
	if months >= 12 {
		p.Fees = []productFee{{l.early, "EARLY_EXIT", 1, currency}}
	} else {
		p.Features = []productFeature{{Type: "DIGITAL_OPENING", Info: l.online}}
	}
	return p
}

// loanOf draws a loan of a kind, of which there are some before it: kinds differ in whom they are for, in fees and in how
// they are paid back.
func (l locale) loanOf(i int, kind, currency string, before int) product {
	d := people.NewDice("loan", currency, strconv.Itoa(before))
	rate := float64(d.Between(90, 240)) / 1000
	text := fmt.Sprintf(l.loanText, kind, currency)
	lending := lendingRate{"FIXED", rate, fmt.Sprintf("%.2f", rate*100+0.34), "P1D", "IN_ARREARS", "PRINCIPAL_AND_INTEREST", "P1M", text}
	p := product{
		Category: "PERS_LOANS", Name: fmt.Sprintf(l.loan, kind, currency), Description: text, Tailored: true,
		Constraints: []productConstraint{{Type: "MIN_LIMIT", Value: "2000.00"}, {Type: "MAX_LIMIT", Value: strconv.Itoa(50_000*(i+1)) + ".00"}},
		Fees:        []productFee{{l.fee, "UPFRONT", 1.5 - float64(i)/4, currency}, {l.early, "EVENT", 0.5, currency}},
	}
	if i%2 == 0 {
		p.Eligibility = []productCriterion{{"RESIDENCY_STATUS", "GE", l.citizen}}
		p.Features = []productFeature{{Type: "FREE_TXNS_ALLOWANCE", Info: l.income}}
	} else {
		lending.Type = "VARIABLE"
		p.Fees = append(p.Fees, productFee{l.withdrawal, "WITHDRAWAL", 0.6, currency})
	}
	p.Loans = []lendingRate{lending}
	return p
}
