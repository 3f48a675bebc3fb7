package sandbox

import (
	"fmt"
	"strings"

	"consentry/xs2a/sandbox/people"
)

// bank is one invented bank: what the directory says of it, how it looks, how a
// person authorises there, and the habits by which its answers differ from those
// of its neighbours.
type bank struct {
	dialect string
	id      string // in addresses, where the dialect names banks there
	habit   *habit // nil at banks that are reached through Open Payments

	bic, name, country string
	cities             []string
	street, postcode   string
	company, phone     string
	website            string
	products           []string
	affiliated         []affiliate

	look look
	logo logoKind

	redirect       bool // sends people to its page (scaRedirect) rather than through OAuth
	elsewhere      bool // approves in an app where the TPP prefers no redirect (decoupled)
	methods        []scaMethod
	wantsUserAgent bool // refuses consents without PSU-User-Agent
	selective      bool // lets people leave balances or transactions out, account by account

	relativeLinks bool
	noRetryAfter  bool // says 429 without when to come back
	bareAmounts   bool // "692.5" and "5166" where others write "692.50" and "5166.00"
	namesInText   bool // puts the other party's name into the text only
	ids           idHabit
	balances      []string // the balance types it sends, in order
}

// affiliate is a member of a union of savings banks that share one BIC.
type affiliate struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// idHabit is what a bank does with transactionId.
type idHabit int

const (
	ownIDs    idHabit = iota // a stable one each
	noIDs                    // none at all
	sameIDs                  // the same for every entry
	bookedIDs                // another once the entry is booked
)

// scaMethod is a way to authenticate, as scaMethods lists it.
type scaMethod struct {
	Type        string `json:"authenticationType"`
	ID          string `json:"authenticationMethodId"`
	Name        string `json:"name"`
	Explanation string `json:"explanation,omitempty"`
}

var (
	byApp    = scaMethod{"PUSH_OTP", "code_app", "Code in the bank's app", "The app shows a code to type in."}
	byText   = scaMethod{"SMS_OTP", "code_sms", "Code by text message", "A code is sent to your telephone."}
	byReader = scaMethod{"CHIP_OTP", "code_card", "Card reader", "Put your card into the reader."}
)

// openBanks lists the banks that are reached through Open Payments. All names are
// invented; the 0 at the end of the location code marks a BIC for tests (ISO 9362).
func openBanks() []*bank {
	nordic := []string{"domestic", "sepa-credit-transfers", "international"}
	sepa := []string{"sepa-credit-transfers", "international"}
	usual := []string{"interimAvailable", "closingBooked"}
	one := []scaMethod{byApp}

	banks := []*bank{
		{bic: "NRSKSEP0", name: "Norrsken Bank", country: "SE", cities: []string{"Stockholm", "Umeå", "Göteborg"}, look: look{"#1c5e20", "#8fd694", "star", "Georgia, serif", 0}},
		{bic: "HAMNSEG0", name: "Hamnbanken", country: "SE", cities: []string{"Göteborg", "Malmö"}, look: look{"#123c73", "#8fb8f5", "wave", "Verdana, sans-serif", 10}, methods: []scaMethod{byApp, byText, byReader}, relativeLinks: true, balances: []string{"interimBooked", "interimAvailable"}},
		{bic: "SPFBSEP0", name: "Sparförbundet", country: "SE", cities: []string{"Stockholm", "Göteborg", "Malmö", "Falun", "Umeå"}, look: look{"#8a1c2b", "#f59aa6", "oak", "Trebuchet MS, sans-serif", 4}, affiliated: union()},
		{bic: "DALBSEF0", name: "Dalabanken", country: "SE", cities: []string{"Falun"}, look: look{"#a3260e", "#ffab94", "horse", "Georgia, serif", 16}, redirect: true},
		{bic: "SKGDSES0", name: "Skärgårdsbanken", country: "SE", cities: []string{"Stockholm"}, look: look{"#005a6e", "#7fd1e3", "sail", "Palatino, serif", 2}, ids: noIDs, balances: []string{"closingBooked", "expected"}},
		{bic: "LNKSSEP0", name: "Länskassan", country: "SE", cities: []string{"Stockholm", "Umeå", "Malmö"}, look: look{"#4a2f7d", "#c4aef2", "tower", "Tahoma, sans-serif", 8}, methods: []scaMethod{byApp, byReader}, logo: noLogo, wantsUserAgent: true},
		{bic: "ISBGSES0", name: "Isbergs Bank", country: "SE", cities: []string{"Umeå", "Stockholm"}, look: look{"#27496d", "#a8cbf0", "peak", "Gill Sans, sans-serif", 0}, bareAmounts: true, balances: []string{"interimAvailable"}},
		{bic: "BLXTSES0", name: "Blixtens Bank", country: "SE", cities: []string{"Stockholm", "Umeå"}, look: look{"#1d3b8b", "#a9bdf5", "star", "Tahoma, sans-serif", 6}, methods: []scaMethod{byToken, byImage}, elsewhere: true},
		{bic: "VNTGSEM0", name: "Vintergatans Bank  ", country: "SE", cities: []string{"Malmö"}, look: look{"#2d2a54", "#b5b0f0", "star", "Garamond, serif", 12}, relativeLinks: true},

		{bic: "FJRDNOB0", name: "Fjordbanken", country: "NO", cities: []string{"Bergen", "Oslo"}, look: look{"#0b4f6c", "#86cdec", "wave", "Georgia, serif", 6}, methods: []scaMethod{byApp, byText}},
		{bic: "VDDANOT0", name: "Vidda Sparebank", country: "NO", cities: []string{"Tromsø"}, look: look{"#6b3e12", "#e8bd8d", "peak", "Verdana, sans-serif", 0}, redirect: true, ids: sameIDs},
		{bic: "NRLSNOT0", name: "Nordlyskassen", country: "NO", cities: []string{"Tromsø", "Oslo"}, look: look{"#14532d", "#86dba8", "star", "Trebuchet MS, sans-serif", 14}},
		{bic: "BRGNNOB0", name: "Bryggetorget Bank", country: "NO", cities: []string{"Bergen"}, look: look{"#7a1f3d", "#f2a3bd", "tower", "Palatino, serif", 3}, logo: brokenLogo},

		{bic: "BGSKDKK0", name: "Bøgeskov Sparekasse", country: "DK", cities: []string{"København", "Aarhus"}, look: look{"#2f5d1e", "#a9d893", "leaf", "Georgia, serif", 8}, methods: []scaMethod{byApp, byReader}, balances: []string{"interimBooked", "interimAvailable", "closingBooked"}},
		{bic: "KLITDKK0", name: "Klitbanken", country: "DK", cities: []string{"Aarhus"}, look: look{"#7c4a03", "#f0c073", "sail", "Verdana, sans-serif", 20}, redirect: true},
		{bic: "HVNGDKK0", name: "Havnegade Bank", country: "DK", cities: []string{"København"}, look: look{"#10375c", "#93bde8", "wave", "Tahoma, sans-serif", 2}, namesInText: true},
		{bic: "MLLHDKA0", name: "Møllehøj Andelsbank", country: "DK", cities: []string{"Aarhus", "København"}, look: look{"#5c1d1d", "#eda3a3", "tower", "Garamond, serif", 0}, noRetryAfter: true},

		{bic: "RVTLFIH0", name: "Revontuli Pankki", country: "FI", cities: []string{"Helsinki", "Tampere"}, look: look{"#31306b", "#b3b2f5", "star", "Gill Sans, sans-serif", 10}, methods: []scaMethod{byApp, byText}},
		{bic: "KTMOFIH0", name: "Kuutamopankki", country: "FI", cities: []string{"Helsinki"}, look: look{"#3d3d3d", "#d0d0d0", "sail", "Georgia, serif", 4}, relativeLinks: true},
		{bic: "JRVSFIT0", name: "Järvenselän Säästökassa", country: "FI", cities: []string{"Tampere", "Turku"}, look: look{"#0a5c5c", "#7ad1d1", "wave", "Trebuchet MS, sans-serif", 0}, redirect: true, methods: []scaMethod{byApp, byReader}},
		{bic: "AURNFIU0", name: "Auranranta Pankki", country: "FI", cities: []string{"Turku"}, look: look{"#8c3b00", "#ffb57d", "oak", "Palatino, serif", 6}, bareAmounts: true},

		{bic: "LNDHDEB0", name: "Lindenhof Bank", country: "DE", cities: []string{"Berlin", "München"}, look: look{"#2c5f2d", "#9ad69b", "leaf", "Georgia, serif", 0}, methods: []scaMethod{byApp, byText, byReader}, balances: []string{"closingBooked", "interimAvailable"}},
		{bic: "LCHTDEH0", name: "Bank am Leuchtturm", country: "DE", cities: []string{"Hamburg"}, look: look{"#a11d1d", "#ff9e9e", "tower", "Tahoma, sans-serif", 5}, redirect: true},
		{bic: "KRNCDEB0", name: "Kranichkasse", country: "DE", cities: []string{"Berlin", "Hamburg"}, look: look{"#374785", "#aebdf7", "sail", "Verdana, sans-serif", 12}, selective: true},
		{bic: "SRNWDEM0", name: "Sternwarte Kreditbank", country: "DE", cities: []string{"München"}, look: look{"#1f2a44", "#a9bbe8", "star", "Garamond, serif", 2}, namesInText: true, logo: noLogo},

		{bic: "KLKHGET0", name: "Kolkheti Bank", country: "GE", cities: []string{"Tbilisi", "Batumi", "Kutaisi"}, look: look{"#7b1e3b", "#f59ebb", "peak", "Georgia, serif", 6}, methods: []scaMethod{byApp, byText}},
		{bic: "SHVZGEB0", name: "Shavi Zghva Bank", country: "GE", cities: []string{"Batumi"}, look: look{"#12304f", "#8fb6e0", "wave", "Verdana, sans-serif", 0}, redirect: true},
		{bic: "MTWMGET0", name: "Mtatsminda Kassa", country: "GE", cities: []string{"Tbilisi"}, look: look{"#5a3a1b", "#e3bb8f", "tower", "Palatino, serif", 10}},
		{bic: "RNBKGEK0", name: "Rioni Bank", country: "GE", cities: []string{"Kutaisi", "Tbilisi"}, look: look{"#00594c", "#74d4c4", "leaf", "Trebuchet MS, sans-serif", 3}, relativeLinks: true, balances: []string{"interimBooked", "expected"}},
	}
	for i, b := range banks {
		b.dialect = dialectOpenPayments
		b.website = "https://" + people.FixedID("website", b.bic)[:8] + ".bank.example/"
		b.products = nordic
		if b.country == "FI" || b.country == "DE" {
			b.products = sepa
		}
		if b.balances == nil {
			b.balances = usual
		}
		if b.methods == nil {
			b.methods = one
		}
		b.settle(i)
	}
	return banks
}

// settle gives a bank its head office, in the form of its country.
func (b *bank) settle(n int) {
	d := people.NewDice("office", b.bic)
	place := countries[b.country]
	b.street = place.street(d)
	b.postcode = place.postcode(d)
	b.company = place.company(d, n)
	b.phone = place.dial + " " + d.Digits(3) + " " + d.Digits(6)
}

func union() []affiliate {
	names := []string{
		"Sparförbundet", "Bergslagens Sparkassa", "Hallands Kustsparkassa", "Högalids Sparkassa", "Ljusdals Ängssparkassa",
		"Mörkö Sparkassa", "Norra Skogens Sparkassa", "Siljansviks Sparkassa", "Skånska Slättens Sparkassa", "Tjusta Sparkassa",
		"Vadsbo Storsparkassa", "Ydrebygdens Sparkassa", "Åby Sockens Sparkassa", "Ölands Alvarsparkassa",
	}
	list := make([]affiliate, len(names))
	for i, name := range names {
		list[i] = affiliate{ID: fmt.Sprintf("%05d", 8901+7*i), Name: name}
	}
	return list
}

// display is the bank's name as its own pages write it.
func (b *bank) display() string { return strings.TrimSpace(b.name) }
