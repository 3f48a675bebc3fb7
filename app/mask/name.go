package mask

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"consentry/storage/fold"
)

// names are what invented names are made of, in a country's language.
type names struct{ first, last, trade []string }

// english stands for the countries without a list of their own.
const english = "GB"

// namesOf are the lists by country. The people in them do not exist; the names are common ones.
var namesOf = map[string]names{
	english: {
		split("Alice Amelia Arthur Clara Daisy Edith Edmund Ellis Felix Florence Grace Harriet Hugo Iris Ivy Jasper Louisa Mabel Matilda Miles Oscar Rosalind Theo Violet"),
		split("Ashby Barlow Bexley Calder Carrow Dalby Elmhurst Fairley Garland Harcourt Hatherley Ingram Keswick Langley Marlowe Norwood Oakden Pembury Quill Radley Selwyn Thornby Underhill Wetherby"),
		split("Bakery Books Bikes Cafe Chandlery Dairy Florist Foods Garage Gardens Glassworks Hardware Joinery Mill Optics Pottery Stationers Stores Textiles Travel"),
	},
	"SE": {
		split("Agnes Alva Axel Birger Ebba Elsa Folke Greta Gunnar Hedda Hilda Inga Ivar Klara Linnea Majken Nils Ragna Sigge Stina Svea Tage Tuva Vilmer"),
		split("Almgren Björklind Dahlstrand Ekvall Fagerlund Granlöf Hedvall Isaksbo Källmark Lövgren Malmstedt Norrby Olinder Palmérus Rosenvall Sjölin Strandell Söderlind Tallberg Ulfsund Vallgren Vinterby Åslund Öhrnell"),
		split("Bageri Blommor Bokhandel Bygg Cykel Fisk Glas Handel Keramik Kafé Kläder Konditori Livs Mejeri Möbler Optik Resor Smide Snickeri Trädgård"),
	},
	"DE": {
		split("Anneliese Arno Bruno Dörte Elke Emmerich Friederike Gerda Gisela Hanno Henrike Ida Jobst Käthe Konrad Leonie Lorenz Marlene Ottilie Ruprecht Thekla Ulrike Volker Wiebke"),
		split("Ackerfeld Birnbaum Dornbusch Eichholz Feldkamp Grünwald Hagedorn Immergrün Kirschstein Lindental Mühlbach Nachtweide Osterholz Pappelreuter Quellmann Rosengart Silberbach Tannhof Uferland Veilchen Wacholder Wiesengrund Zeisig Zwirner"),
		split("Backstube Blumen Bücher Drogerie Eisenwaren Fahrräder Feinkost Garten Glas Handel Kaffee Käserei Keramik Moden Möbel Obsthof Optik Reisen Schreinerei Spielwaren"),
	},
	"FI": {
		split("Aino Aarre Eevi Eino Elsi Helmi Hilja Ilmari Impi Kerttu Lempi Lyyli Martta Onni Oiva Pihla Saimi Sisu Sylvi Taimi Tuisku Urho Veikko Vieno"),
		split("Aaltola Halmela Harjula Hiekkanen Kaislaniemi Kanervala Kivelä Koivusaari Kuusela Lehtola Metsälä Niittylä Ojamaa Pajula Pihlajaniemi Rantala Saarela Suvanto Tuomela Tuulari Vainio Valkamo Vuorela Ylismäki"),
		split("Herkku Huonekalut Kahvila Kaluste Kauppa Keramiikka Kirja Kukka Leipomo Maito Matkat Mylly Optiikka Paja Puoti Pyörä Rauta Tori Tukku Vaate"),
	},
	"GE": {
		split("ალექსი ანანო არჩილი ბარბარე გვანცა ელენე ვანო ზურა თამთა ია ირაკლი ლაშა ლელა ლია მაკა მზია ნატო ნინია ოთარი რატი სალომე სანდრო ქეთო ჯაბა"),
		split("აბულაძე ბაქრაძე გელაშვილი დოლიძე ვარდოშვილი ზედგინიძე თევდორაძე იაშვილი კალანდაძე კობახიძე ლომიძე მაისურაძე ნადირაძე ონიანი პაპავა რამიშვილი სამხარაძე ტაბიძე ფანცულაია ქარელი ღვინიაშვილი შარაძე ჩიტაია ჯაფარიძე"),
		split("ავეჯი ბაღი ბაზარი გალერეა ვარდი თონე კაფე კერამიკა მაღაზია მარანი მოგზაურობა ოპტიკა პური რძე საცხობი სახლი ტექსტილი ყვავილები წიგნები ხილი"),
	},
	"NO": {
		split("Aslaug Arvid Bergljot Borghild Dagny Eivor Embrik Frøydis Gudrun Halvard Hjørdis Ingebjørg Jorunn Ketil Liv Magnhild Oddvar Ragnhild Sigrun Solveig Torleif Tordis Unni Yngvild"),
		split("Aasnes Bakkerud Brekkhus Dalseth Eikeland Fossvik Granli Haugmo Heiberget Indrebø Kvitnes Lindvåg Moldestad Nesvik Oppedal Røsvik Sandviken Skogheim Solbakke Tindvik Ulvnes Vassdal Vikøren Ytterdal"),
		split("Bakeri Blomster Bok Brygge Bygg Fisk Glass Hage Handel Kafé Keramikk Klær Meieri Møbler Optikk Reiser Smie Snekkeri Sykkel Ull"),
	},
	"DK": {
		split("Agnethe Asger Bodil Dagmar Ebbe Ellen Esben Frode Gerda Gorm Hjalmar Inger Karna Knud Laurits Maren Oluf Petrea Ragnhild Signe Svend Thyra Valborg Viggo"),
		split("Aagesbo Birkelund Bølgemark Dalsgaard Egelund Fjordgren Grønkær Havrevang Højvang Kildegaard Klintholm Lyngdal Markvad Nørreskov Overby Pilegaard Rosenkilde Skovrup Stenkær Søndervang Tangmose Uldal Vestermark Ørnhøj"),
		split("Bageri Blomster Boghandel Brugs Byg Cykler Fisk Glas Handel Have Kaffe Keramik Mejeri Mode Møbler Optik Rejser Smedje Snedkeri Tæpper"),
	},
	"RO": {
		split("Anca Aurel Bogdana Călin Despina Doina Emil Floarea Horia Ileana Ioniță Lavinia Luca Mihnea Mirela Nicoleta Octav Petru Rodica Sânziana Sorin Smaranda Traian Viorica"),
		split("Aldea Brădeanu Călinescu Dumbravă Făgădaru Ghiocel Hârlea Izvoranu Livezeanu Măgureanu Negrilă Olteanca Pădureanu Răchițan Sălcianu Stejărel Teișanu Țărmure Ursache Văleanu Vișan Zăvoianu Zimbru Zorilă"),
		split("Berărie Biciclete Brutărie Cafea Cărți Ceramică Flori Grădină Lactate Librărie Magazin Mobilă Moară Optică Pâine Sticlă Textile Turism Vinărie Zahăr"),
	},
}

func split(text string) []string { return strings.Fields(text) }

// countryOf guesses whose language a name is in: by its letters, else by the country a number or a code begins with.
func countryOf(name, number string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Georgian, r) }) {
		return "GE"
	}
	if len(number) >= 2 && namesOf[strings.ToUpper(number[:2])].first != nil {
		return strings.ToUpper(number[:2])
	}
	return english
}

// trading are words of names that no person has.
var trading = split("ab aktiebolag ag and apotek as asa aps bank bar bv cafe cie co company corp coop gbr gmbh group handel hb inc kb kg kiosk limited livs llc ltd market oy oyj plc restaurang restaurant sa sarl se shop spa srl store supermarket und the of")

// isPerson reports whether a name may be a person's: two to four words of letters, each beginning with a capital
// where the script has them, and none that only companies have.
func isPerson(name string) bool {
	parts := strings.Fields(name)
	if len(parts) < 2 || len(parts) > 4 {
		return false
	}
	for _, part := range parts {
		first, _ := utf8.DecodeRuneInString(part)
		if unicode.IsLower(first) || slices.Contains(trading, fold.Word(strings.Trim(part, ".,"))) {
			return false
		}
		if strings.ContainsFunc(part, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("-’'.,", r)
		}) {
			return false
		}
	}
	return true
}

// invented returns a name in place of another, the n-th that may be: those after the first are longer, for
// where the first is taken.
func (m *Mask) invented(key, country string, person bool, n int) string {
	of := namesOf[country]
	draw := m.draw("name", key+"\x00"+string(rune('0'+n)))
	first, last, other, trade := draw.of(of.first), draw.of(of.last), draw.of(of.last), draw.of(of.trade)
	switch {
	case person && n == 0:
		return first + " " + last
	case person && n < 5:
		return first + " " + last + "-" + other
	case n == 0:
		return last + " " + trade
	case n < 3:
		return last + " " + other + " " + trade
	}
	return fmt.Sprintf("%s %s %d", last, trade, 2+draw.below(100_000))
}
