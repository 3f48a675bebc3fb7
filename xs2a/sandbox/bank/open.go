package bank

import (
	"fmt"

	"consentry/xs2a/sandbox/people"
)

// OpenBanks lists the banks that are reached through Open Payments. All names are
// invented; the 0 at the end of the location code marks a BIC for tests (ISO 9362).
func OpenBanks() []*Bank {
	nordic := []string{"domestic", "sepa-credit-transfers", "international"}
	sepa := []string{"sepa-credit-transfers", "international"}
	usual := []string{"interimAvailable", "closingBooked"}
	one := []Method{ByApp}

	banks := []*Bank{
		{BIC: "NRSKSEP0", Name: "Norrsken Bank", Country: "SE", Cities: []string{"Stockholm", "Umeå", "Göteborg"}, Look: Look{"#1c5e20", "#8fd694", "star", "Georgia, serif", 0}},
		{BIC: "HAMNSEG0", Name: "Hamnbanken", Country: "SE", Cities: []string{"Göteborg", "Malmö"}, Look: Look{"#123c73", "#8fb8f5", "wave", "Verdana, sans-serif", 10}, Methods: []Method{ByApp, ByText, ByReader}, RelativeLinks: true, Balances: []string{"interimBooked", "interimAvailable"}},
		{BIC: "SPFBSEP0", Name: "Sparförbundet", Country: "SE", Cities: []string{"Stockholm", "Göteborg", "Malmö", "Falun", "Umeå"}, Look: Look{"#8a1c2b", "#f59aa6", "oak", "Trebuchet MS, sans-serif", 4}, Affiliated: union()},
		{BIC: "DALBSEF0", Name: "Dalabanken", Country: "SE", Cities: []string{"Falun"}, Look: Look{"#a3260e", "#ffab94", "horse", "Georgia, serif", 16}, Redirect: true},
		{BIC: "SKGDSES0", Name: "Skärgårdsbanken", Country: "SE", Cities: []string{"Stockholm"}, Look: Look{"#005a6e", "#7fd1e3", "sail", "Palatino, serif", 2}, IDs: NoIDs, Balances: []string{"closingBooked", "expected"}},
		{BIC: "LNKSSEP0", Name: "Länskassan", Country: "SE", Cities: []string{"Stockholm", "Umeå", "Malmö"}, Look: Look{"#4a2f7d", "#c4aef2", "tower", "Tahoma, sans-serif", 8}, Methods: []Method{ByApp, ByReader}, Logo: NoLogo, WantsUserAgent: true},
		{BIC: "ISBGSES0", Name: "Isbergs Bank", Country: "SE", Cities: []string{"Umeå", "Stockholm"}, Look: Look{"#27496d", "#a8cbf0", "peak", "Gill Sans, sans-serif", 0}, BareAmounts: true, Balances: []string{"interimAvailable"}},
		{BIC: "BLXTSES0", Name: "Blixtens Bank", Country: "SE", Cities: []string{"Stockholm", "Umeå"}, Look: Look{"#1d3b8b", "#a9bdf5", "star", "Tahoma, sans-serif", 6}, Methods: []Method{ByToken, ByImage}, Elsewhere: true},
		{BIC: "VNTGSEM0", Name: "Vintergatans Bank  ", Country: "SE", Cities: []string{"Malmö"}, Look: Look{"#2d2a54", "#b5b0f0", "star", "Garamond, serif", 12}, RelativeLinks: true},

		{BIC: "FJRDNOB0", Name: "Fjordbanken", Country: "NO", Cities: []string{"Bergen", "Oslo"}, Look: Look{"#0b4f6c", "#86cdec", "wave", "Georgia, serif", 6}, Methods: []Method{ByApp, ByText}},
		{BIC: "VDDANOT0", Name: "Vidda Sparebank", Country: "NO", Cities: []string{"Tromsø"}, Look: Look{"#6b3e12", "#e8bd8d", "peak", "Verdana, sans-serif", 0}, Redirect: true, IDs: SameIDs},
		{BIC: "NRLSNOT0", Name: "Nordlyskassen", Country: "NO", Cities: []string{"Tromsø", "Oslo"}, Look: Look{"#14532d", "#86dba8", "star", "Trebuchet MS, sans-serif", 14}},
		{BIC: "BRGNNOB0", Name: "Bryggetorget Bank", Country: "NO", Cities: []string{"Bergen"}, Look: Look{"#7a1f3d", "#f2a3bd", "tower", "Palatino, serif", 3}, Logo: BrokenLogo},

		{BIC: "BGSKDKK0", Name: "Bøgeskov Sparekasse", Country: "DK", Cities: []string{"København", "Aarhus"}, Look: Look{"#2f5d1e", "#a9d893", "leaf", "Georgia, serif", 8}, Methods: []Method{ByApp, ByReader}, Balances: []string{"interimBooked", "interimAvailable", "closingBooked"}},
		{BIC: "KLITDKK0", Name: "Klitbanken", Country: "DK", Cities: []string{"Aarhus"}, Look: Look{"#7c4a03", "#f0c073", "sail", "Verdana, sans-serif", 20}, Redirect: true},
		{BIC: "HVNGDKK0", Name: "Havnegade Bank", Country: "DK", Cities: []string{"København"}, Look: Look{"#10375c", "#93bde8", "wave", "Tahoma, sans-serif", 2}, NamesInText: true},
		{BIC: "MLLHDKA0", Name: "Møllehøj Andelsbank", Country: "DK", Cities: []string{"Aarhus", "København"}, Look: Look{"#5c1d1d", "#eda3a3", "tower", "Garamond, serif", 0}, NoRetryAfter: true},

		{BIC: "RVTLFIH0", Name: "Revontuli Pankki", Country: "FI", Cities: []string{"Helsinki", "Tampere"}, Look: Look{"#31306b", "#b3b2f5", "star", "Gill Sans, sans-serif", 10}, Methods: []Method{ByApp, ByText}},
		{BIC: "KTMOFIH0", Name: "Kuutamopankki", Country: "FI", Cities: []string{"Helsinki"}, Look: Look{"#3d3d3d", "#d0d0d0", "sail", "Georgia, serif", 4}, RelativeLinks: true},
		{BIC: "JRVSFIT0", Name: "Järvenselän Säästökassa", Country: "FI", Cities: []string{"Tampere", "Turku"}, Look: Look{"#0a5c5c", "#7ad1d1", "wave", "Trebuchet MS, sans-serif", 0}, Redirect: true, Methods: []Method{ByApp, ByReader}},
		{BIC: "AURNFIU0", Name: "Auranranta Pankki", Country: "FI", Cities: []string{"Turku"}, Look: Look{"#8c3b00", "#ffb57d", "oak", "Palatino, serif", 6}, BareAmounts: true},

		{BIC: "LNDHDEB0", Name: "Lindenhof Bank", Country: "DE", Cities: []string{"Berlin", "München"}, Look: Look{"#2c5f2d", "#9ad69b", "leaf", "Georgia, serif", 0}, Methods: []Method{ByApp, ByText, ByReader}, Balances: []string{"closingBooked", "interimAvailable"}},
		{BIC: "LCHTDEH0", Name: "Bank am Leuchtturm", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#a11d1d", "#ff9e9e", "tower", "Tahoma, sans-serif", 5}, Redirect: true},
		{BIC: "KRNCDEB0", Name: "Kranichkasse", Country: "DE", Cities: []string{"Berlin", "Hamburg"}, Look: Look{"#374785", "#aebdf7", "sail", "Verdana, sans-serif", 12}, Selective: true},
		{BIC: "SRNWDEM0", Name: "Sternwarte Kreditbank", Country: "DE", Cities: []string{"München"}, Look: Look{"#1f2a44", "#a9bbe8", "star", "Garamond, serif", 2}, NamesInText: true, Logo: NoLogo},

		{BIC: "KLKHGET0", Name: "Kolkheti Bank", Country: "GE", Cities: []string{"Tbilisi", "Batumi", "Kutaisi"}, Look: Look{"#7b1e3b", "#f59ebb", "peak", "Georgia, serif", 6}, Methods: []Method{ByApp, ByText}},
		{BIC: "SHVZGEB0", Name: "Shavi Zghva Bank", Country: "GE", Cities: []string{"Batumi"}, Look: Look{"#12304f", "#8fb6e0", "wave", "Verdana, sans-serif", 0}, Redirect: true},
		{BIC: "MTWMGET0", Name: "Mtatsminda Kassa", Country: "GE", Cities: []string{"Tbilisi"}, Look: Look{"#5a3a1b", "#e3bb8f", "tower", "Palatino, serif", 10}},
		{BIC: "RNBKGEK0", Name: "Rioni Bank", Country: "GE", Cities: []string{"Kutaisi", "Tbilisi"}, Look: Look{"#00594c", "#74d4c4", "leaf", "Trebuchet MS, sans-serif", 3}, RelativeLinks: true, Balances: []string{"interimBooked", "expected"}},
	}
	for i, b := range banks {
		b.Dialect = OpenPayments
		b.Website = "https://" + people.FixedID("website", b.BIC)[:8] + ".bank.example/"
		b.Products = nordic
		if b.Country == "FI" || b.Country == "DE" {
			b.Products = sepa
		}
		if b.Balances == nil {
			b.Balances = usual
		}
		if b.Methods == nil {
			b.Methods = one
		}
		b.settle(i)
	}
	return banks
}

// union lists the members of a union of savings banks.
func union() []Affiliate {
	names := []string{
		"Sparförbundet", "Bergslagens Sparkassa", "Hallands Kustsparkassa", "Högalids Sparkassa", "Ljusdals Ängssparkassa",
		"Mörkö Sparkassa", "Norra Skogens Sparkassa", "Siljansviks Sparkassa", "Skånska Slättens Sparkassa", "Tjusta Sparkassa",
		"Vadsbo Storsparkassa", "Ydrebygdens Sparkassa", "Åby Sockens Sparkassa", "Ölands Alvarsparkassa",
	}
	list := make([]Affiliate, len(names))
	for i, name := range names {
		list[i] = Affiliate{ID: fmt.Sprintf("%05d", 8901+7*i), Name: name}
	}
	return list
}
