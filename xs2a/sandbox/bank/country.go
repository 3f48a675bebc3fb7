package bank

import (
	"fmt"

	"consentry/xs2a/sandbox/people"
)

// Country is a country of the directory.
type Country struct {
	Code, Name string
	dial       string
	streets    []string
	Cities     []string
}

// CountryOrder is the order in which the directory lists countries.
var CountryOrder = []string{"SE", "FI", "DK", "NO", "DE", "GE"}

// Countries are those of the directory, by code.
var Countries = map[string]Country{
	"SE": {"SE", "Sweden", "+46", []string{"Storgatan", "Drottninggatan", "Hamngatan"}, []string{"Stockholm", "Göteborg", "Malmö", "Falun", "Umeå"}},
	"FI": {"FI", "Finland", "+358", []string{"Kauppakatu", "Rantakatu", "Puistotie"}, []string{"Helsinki", "Tampere", "Turku"}},
	"DK": {"DK", "Denmark", "+45", []string{"Nørregade", "Algade", "Havnegade"}, []string{"København", "Aarhus"}},
	"NO": {"NO", "Norway", "+47", []string{"Storgata", "Kirkegata", "Strandgata"}, []string{"Oslo", "Bergen", "Tromsø"}},
	"DE": {"DE", "Germany", "+49", []string{"Lindenstraße", "Marktplatz", "Am Hafen"}, []string{"Berlin", "Hamburg", "München"}},
	"GE": {"GE", "Georgia", "+995", []string{"Vazha Street", "Garden Street", "Harbour Avenue"}, []string{"Tbilisi", "Batumi", "Kutaisi"}},
}

// ID returns the directory's name for the country.
func (c Country) ID() string { return people.FixedID("country", c.Code) }

// CityID returns the directory's name for a city.
func CityID(country, city string) string { return people.FixedID("city", country, city) }

func (c Country) street(d *people.Dice) string {
	return fmt.Sprintf("%s %d", people.Pick(d, c.streets), 1+d.N(80))
}

func (c Country) postcode(d *people.Dice) string {
	switch c.Code {
	case "SE":
		return fmt.Sprintf("1%s %s", d.Digits(2), d.Digits(2))
	case "DK", "NO", "GE":
		return fmt.Sprintf("%04d", 1000+d.N(8000))
	}
	return fmt.Sprintf("%05d", 10000+d.N(80000))
}

// company is a register number that nobody has: n keeps them apart.
func (c Country) company(d *people.Dice, n int) string {
	if c.Code == "DE" {
		return fmt.Sprintf("HRB %05d", 90000+n)
	}
	return fmt.Sprintf("%s-%04d", d.Digits(6), n)
}
