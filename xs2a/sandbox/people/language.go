package people

// words are what a country's banks and shops print on statements. All shops are
// invented; no real chain is meant.
type words struct {
	currency string
	abroad   string // currency of the foreign account
	level    int64  // local currency units for a euro of pay
	note     int64  // what cash machines give, in minor units

	accounts, products map[Kind]string

	salary, rent, invoice, insurance, subscription, purchase, refund, cash, cardNumber string
	toSavings, toBills, exchange, settle, interest, opening, fund, fundText            string
	power, telephone, internet, insurer                                                string

	employers, landlords, friends, thanks []string
	shops                                 map[string][]string
}

// place is a shop abroad.
type place struct {
	name, currency string
}

var abroad = []place{
	{"Café Miramar Lisboa", "EUR"}, {"Hotel Adlerhorst Wien", "EUR"}, {"Boulangerie Petit Quai Nice", "EUR"}, {"Trattoria Limonaia Verona", "EUR"},
	{"Harbour Lane Books London", "GBP"}, {"Thistle & Oat Edinburgh", "GBP"},
	{"Cloudpine Hosting", "USD"}, {"Maple Street Diner Boston", "USD"},
}

// places are the shops abroad whose currency is not the country's own.
func (w words) places() []place {
	var list []place
	for _, p := range abroad {
		if p.currency != w.currency {
			list = append(list, p)
		}
	}
	return list
}

// draw picks the shops that a person goes to.
func (w words) draw(d *Dice) map[string][]string {
	mine := make(map[string][]string, len(pastimes)+1)
	for _, h := range pastimes {
		list := w.shops[h.shop]
		skip := d.N(len(list))
		for i, shop := range list {
			if i != skip || len(list) < 3 {
				mine[h.shop] = append(mine[h.shop], shop)
			}
		}
	}
	for i, name := range w.shops["subscription"] {
		if i == 0 || d.chance(65) {
			mine["subscription"] = append(mine["subscription"], name)
		}
	}
	return mine
}

var language = map[string]words{
	"SE": {
		currency: "SEK", abroad: "EUR", level: 11, note: 10000,
		accounts: map[Kind]string{Current: "Lönekonto", Savings: "Sparkonto", Foreign: "Valutakonto EUR", Card: "Kreditkort", Bills: "Räkningskonto"},
		products: map[Kind]string{Current: "Privatkonto", Savings: "Sparkonto Flex", Foreign: "Valutakonto", Card: "Kort Guld", Bills: "Servicekonto"},
		salary:   "Lön", rent: "Hyra", invoice: "Faktura", insurance: "Hemförsäkring", subscription: "Prenumeration", purchase: "Kortköp", refund: "Retur", cash: "Uttag", cardNumber: "Kort",
		toSavings: "Månadssparande", toBills: "Till räkningar", exchange: "Växling", settle: "Kreditkortsbetalning", interest: "Ränta", opening: "Ingående saldo", fund: "Tallkotten Fonder", fundText: "Fondköp",
		power: "Älvkraft Energi", telephone: "Ekorren Mobil", internet: "Fiberbyn", insurer: "Trygga Hörnet Försäkring",
		employers: []string{"Björkhagens Kommunskola", "Gransund Teknik AB", "Lavendel Omsorg AB"}, landlords: []string{"Eklundens Bostäder", "Brf Solrosen", "Kvarnbackens Fastigheter"},
		friends: []string{"Elsa Nordahl", "Viktor Åsberg", "Maja Sundell", "Karim Haddadi"}, thanks: []string{"Tack för middagen", "Biobiljetter", "Present", "Taxi"},
		shops: map[string][]string{
			"grocery": {"Matlådan Hornsgatan", "Grönkålen Livs", "Kvarterskorgen", "Lanthandeln Åsen"}, "bakery": {"Bageri Vetekornet", "Kaffestugan Lingon", "Konditori Mandel"}, "lunch": {"Lunchbaren Dill", "Soppköket", "Restaurang Gjutaren"},
			"restaurant": {"Krog Kastanj", "Pizzeria Vulkan", "Bistro Sjöboden"}, "transport": {"Stadstrafiken", "Cykelpoolen"}, "pharmacy": {"Apotek Blåklinten", "Apotek Ormbunken"},
			"clothes": {"Klädvalvet", "Ullbutiken Får", "Skohuset Kängan"}, "online": {"Nätlagret", "Prylhörnan Online", "Bokskeppet"}, "fuel": {"Mackstället Norr", "Tanken E4"}, "fun": {"Biograf Norrskenet", "Klätterhallen Grepp", "Konserthuset Ton"},
			"subscription": {"Tonvåg Musik", "Filmlådan", "Morgontuppen"},
		},
	},
	"NO": {
		currency: "NOK", abroad: "EUR", level: 12, note: 10000,
		accounts: map[Kind]string{Current: "Lønnskonto", Savings: "Sparekonto", Foreign: "Valutakonto EUR", Card: "Kredittkort", Bills: "Regningskonto"},
		products: map[Kind]string{Current: "Brukskonto", Savings: "Høyrentekonto", Foreign: "Valutakonto", Card: "Kort Pluss", Bills: "Brukskonto"},
		salary:   "Lønn", rent: "Husleie", invoice: "Faktura", insurance: "Innboforsikring", subscription: "Abonnement", purchase: "Varekjøp", refund: "Retur", cash: "Uttak", cardNumber: "Kort",
		toSavings: "Sparing", toBills: "Til regninger", exchange: "Veksling", settle: "Kredittkort betaling", interest: "Renter", opening: "Inngående saldo", fund: "Granbar Fond", fundText: "Fondskjøp",
		power: "Fossekraft Strøm", telephone: "Ekornet Mobil", internet: "Fiberbygda", insurer: "Trygg Havn Forsikring",
		employers: []string{"Lyngmo Skole", "Havblikk Teknikk AS", "Multe Helse AS"}, landlords: []string{"Solbakken Borettslag", "Tunet Eiendom"},
		friends: []string{"Sindre Aalvik", "Kari Myrvang", "Jonas Fagerli", "Leila Rahimi"}, thanks: []string{"Takk for middagen", "Kinobilletter", "Gave", "Drosje"},
		shops: map[string][]string{
			"grocery": {"Matkroken Torget", "Nabobutikken Lyng", "Kornbua", "Fjellhandel"}, "bakery": {"Bakeri Skolebollen", "Kaffekverna", "Vaffelhuset"}, "lunch": {"Lunsjbaren Løk", "Suppestua"},
			"restaurant": {"Restaurant Tindved", "Pizzeria Glo", "Brygga Bistro"}, "transport": {"Bytrafikken", "Sykkelpoolen"}, "pharmacy": {"Apotek Blåveis", "Apotek Røsslyng"},
			"clothes": {"Ullkisten", "Klesloftet", "Støvelhuset"}, "online": {"Nettlageret", "Dingsehjørnet", "Bokskuta"}, "fuel": {"Drivstoff Nord", "Pumpa"}, "fun": {"Kino Polaris", "Klatrehuset", "Konserthuset Klang"},
			"subscription": {"Tonebølge Musikk", "Filmboksen", "Morgenavisa Fjord"},
		},
	},
	"DK": {
		currency: "DKK", abroad: "EUR", level: 7, note: 10000,
		accounts: map[Kind]string{Current: "Lønkonto", Savings: "Opsparing", Foreign: "Valutakonto EUR", Card: "Kreditkort", Bills: "Budgetkonto"},
		products: map[Kind]string{Current: "Privatkonto", Savings: "Opsparingskonto", Foreign: "Valutakonto", Card: "Kort Plus", Bills: "Budgetkonto"},
		salary:   "Løn", rent: "Husleje", invoice: "Faktura", insurance: "Indboforsikring", subscription: "Abonnement", purchase: "Kortkøb", refund: "Retur", cash: "Hævning", cardNumber: "Kort",
		toSavings: "Opsparing", toBills: "Til budget", exchange: "Veksling", settle: "Kreditkortbetaling", interest: "Renter", opening: "Primosaldo", fund: "Bøgeblad Invest", fundText: "Køb af fond",
		power: "Vindkraft Energi", telephone: "Egern Mobil", internet: "Fiberbyen", insurer: "Tryg Havn Forsikring",
		employers: []string{"Egelund Skole", "Strandby Teknik ApS", "Hyben Pleje ApS"}, landlords: []string{"Andelsboligforeningen Hyld", "Lindegården Boliger"},
		friends: []string{"Freja Damgaard", "Magnus Toft", "Signe Ravn", "Yusuf Demir"}, thanks: []string{"Tak for mad", "Biografbilletter", "Gave", "Taxa"},
		shops: map[string][]string{
			"grocery": {"Madkurven Torvet", "Grønkålshandlen", "Købmand Kløver", "Hverdagsmarked"}, "bakery": {"Bageri Kanelsnegl", "Kaffekrukken", "Konditori Hindbær"}, "lunch": {"Smørrebrød Radise", "Suppekøkkenet"},
			"restaurant": {"Restaurant Havtorn", "Pizzeria Glød", "Bistro Kajen"}, "transport": {"Bybusserne", "Cykelpuljen"}, "pharmacy": {"Apotek Kamille", "Apotek Hyben"},
			"clothes": {"Tøjloftet", "Uldbutikken", "Skohuset Støvle"}, "online": {"Netlageret", "Dimsehjørnet", "Bogskibet"}, "fuel": {"Tanken Vest", "Pumpen"}, "fun": {"Biograf Månen", "Klatrehallen", "Spillestedet Klang"},
			"subscription": {"Tonebølge Musik", "Filmkassen", "Morgenbladet Øst"},
		},
	},
	"FI": {
		currency: "EUR", abroad: "USD", level: 1, note: 1000,
		accounts: map[Kind]string{Current: "Palkkatili", Savings: "Säästötili", Foreign: "Valuuttatili USD", Card: "Luottokortti", Bills: "Laskutili"},
		products: map[Kind]string{Current: "Käyttötili", Savings: "Tuottotili", Foreign: "Valuuttatili", Card: "Kortti Plus", Bills: "Käyttötili"},
		salary:   "Palkka", rent: "Vuokra", invoice: "Lasku", insurance: "Kotivakuutus", subscription: "Tilaus", purchase: "Korttiosto", refund: "Palautus", cash: "Nosto", cardNumber: "Kortti",
		toSavings: "Säästöön", toBills: "Laskuihin", exchange: "Valuutanvaihto", settle: "Luottokortin maksu", interest: "Korko", opening: "Alkusaldo", fund: "Käpy Rahastot", fundText: "Rahastomerkintä",
		power: "Koskivoima Energia", telephone: "Orava Mobiili", internet: "Valokuitukylä", insurer: "Turvasatama Vakuutus",
		employers: []string{"Koivumäen Koulu", "Rantasalo Tekniikka Oy", "Vadelma Hoiva Oy"}, landlords: []string{"Kuusikon Asunnot", "As Oy Päivänkakkara"},
		friends: []string{"Eero Vuorela", "Liisa Harjula", "Sami Lehtovaara", "Amira Nuur"}, thanks: []string{"Kiitos illallisesta", "Elokuvaliput", "Lahja", "Taksi"},
		shops: map[string][]string{
			"grocery": {"Ruokakori Tori", "Lähikauppa Kaali", "Viljapuoti", "Kylämarket"}, "bakery": {"Leipomo Korvapuusti", "Kahvila Puolukka", "Konditoria Manteli"}, "lunch": {"Lounas Tilli", "Keittobaari"},
			"restaurant": {"Ravintola Kastanja", "Pizzeria Hiillos", "Bistro Laituri"}, "transport": {"Kaupunkiliikenne", "Pyöräpooli"}, "pharmacy": {"Apteekki Sinikello", "Apteekki Saniainen"},
			"clothes": {"Vaatevintti", "Villapuoti", "Kenkätalo Saapas"}, "online": {"Verkkovarasto", "Laitekulma", "Kirjalaiva"}, "fuel": {"Tankki Pohjoinen", "Pumppu"}, "fun": {"Elokuvateatteri Otava", "Kiipeilyhalli", "Konserttisali Sointu"},
			"subscription": {"Sävelaalto", "Filmilaatikko", "Aamulehdykkä"},
		},
	},
	"DE": {
		currency: "EUR", abroad: "USD", level: 1, note: 1000,
		accounts: map[Kind]string{Current: "Gehaltskonto", Savings: "Tagesgeld", Foreign: "Währungskonto USD", Card: "Kreditkarte", Bills: "Haushaltskonto"},
		products: map[Kind]string{Current: "Girokonto", Savings: "Tagesgeldkonto", Foreign: "Fremdwährungskonto", Card: "Karte Plus", Bills: "Girokonto"},
		salary:   "Gehalt", rent: "Miete", invoice: "Rechnung", insurance: "Hausratversicherung", subscription: "Abo", purchase: "Kartenzahlung", refund: "Rückerstattung", cash: "Bargeld", cardNumber: "Karte",
		toSavings: "Sparen", toBills: "Haushaltsgeld", exchange: "Devisentausch", settle: "Kreditkartenabrechnung", interest: "Zinsen", opening: "Anfangsbestand", fund: "Zapfen Fonds", fundText: "Fondskauf",
		power: "Mühlbach Energie", telephone: "Eichhorn Mobil", internet: "Glasfaserdorf", insurer: "Sicherer Hafen Versicherung",
		employers: []string{"Birkenschule", "Seegrund Technik GmbH", "Holunder Pflege gGmbH"}, landlords: []string{"Wohnen am Lindenplatz", "Hausverwaltung Kastanie"},
		friends: []string{"Jule Hartwig", "Moritz Sandner", "Clara Weidner", "Emre Aslan"}, thanks: []string{"Danke fürs Essen", "Kinokarten", "Geschenk", "Taxi"},
		shops: map[string][]string{
			"grocery": {"Marktkorb Lindenplatz", "Grünkohl Naturkost", "Hofladen Ähre", "Kiezmarkt"}, "bakery": {"Bäckerei Morgenrot", "Café Johannisbeere", "Konditorei Mandel"}, "lunch": {"Mittagstisch Dill", "Suppenbar"},
			"restaurant": {"Gasthaus Kastanie", "Pizzeria Glut", "Bistro am Kai"}, "transport": {"Stadtverkehr", "Radpool"}, "pharmacy": {"Glockenblumen-Apotheke", "Farn-Apotheke"},
			"clothes": {"Kleiderkammer", "Wollwerk", "Schuhhaus Stiefel"}, "online": {"Netzlager", "Technikecke", "Bücherschiff"}, "fuel": {"Tankhof Nord", "Zapfsäule 7"}, "fun": {"Kino Polarlicht", "Kletterhalle Griff", "Konzerthaus Klang"},
			"subscription": {"Tonwelle Musik", "Filmkiste", "Morgenblatt"},
		},
	},
	"GE": {
		currency: "GEL", abroad: "EUR", level: 2, note: 1000,
		accounts: map[Kind]string{Current: "სახელფასო ანგარიში", Savings: "შემნახველი ანგარიში", Foreign: "სავალუტო ანგარიში EUR", Card: "საკრედიტო ბარათი", Bills: "გადასახადების ანგარიში"},
		products: map[Kind]string{Current: "მიმდინარე ანგარიში", Savings: "ანაბარი", Foreign: "სავალუტო ანგარიში", Card: "ბარათი პლუსი", Bills: "მიმდინარე ანგარიში"},
		salary:   "ხელფასი", rent: "ქირა", invoice: "ინვოისი", insurance: "დაზღვევა", subscription: "გამოწერა", purchase: "ბარათით გადახდა", refund: "დაბრუნება", cash: "თანხის გატანა", cardNumber: "ბარათი",
		toSavings: "დანაზოგი", toBills: "გადასახადებისთვის", exchange: "კონვერტაცია", settle: "ბარათის დაფარვა", interest: "პროცენტი", opening: "საწყისი ნაშთი", fund: "გირჩი ფონდი", fundText: "ფონდის ყიდვა",
		power: "მდინარე ენერჯი", telephone: "ციყვი მობაილი", internet: "ოპტიკა სოფელი", insurer: "ნავსადგური დაზღვევა",
		employers: []string{"სკოლა მუხა", "შპს ზღვისპირა ტექნიკა", "შპს ჟოლო"}, landlords: []string{"ბინა ალვა", "შპს კარიბჭე"},
		friends: []string{"გიორგი მაღრაძე", "ანა წიკლაური", "ლუკა ჯანელიძე", "მარიამ ხუციშვილი"}, thanks: []string{"მადლობა ვახშმისთვის", "კინოს ბილეთები", "საჩუქარი", "ტაქსი"},
		shops: map[string][]string{
			"grocery": {"მარკეტი კალათა", "ბაღჩა", "პურის სახლი", "მეზობელი"}, "bakery": {"თონე შოთი", "კაფე მოცვი", "საცხობი ნუში"}, "lunch": {"სასადილო ქინძი", "სუპის ბარი"},
			"restaurant": {"რესტორანი წაბლი", "პიცერია ნაღვერდალი", "ბისტრო ნავმისადგომი"}, "transport": {"ქალაქის ტრანსპორტი", "ველოპარკი"}, "pharmacy": {"აფთიაქი გვირილა", "აფთიაქი გვიმრა"},
			"clothes": {"ტანსაცმლის სახლი", "მატყლი", "ფეხსაცმლის სახლი"}, "online": {"ქსელის საწყობი", "ტექნიკის კუთხე", "წიგნის გემი"}, "fuel": {"ბენზინი ჩრდილო", "ავზი"}, "fun": {"კინო ვარსკვლავი", "საცოცი დარბაზი", "საკონცერტო ჰანგი"},
			"subscription": {"ტალღა მუსიკა", "ფილმის ყუთი", "დილის გაზეთი"},
		},
	},
}
