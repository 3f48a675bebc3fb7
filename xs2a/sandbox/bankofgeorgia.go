package sandbox

// dialectBankOfGeorgia is the name under which Info lists the addresses of the
// bank that speaks the Bank of Georgia's form of NextGenPSD2 1.3.9: OAuth as SCA,
// detached JWS, its own payment products and a catalogue.
const dialectBankOfGeorgia = "bankofgeorgia"

const georgianRoot = "/bog/v1"

// georgianBank is the one bank of the dialect. It is invented.
func georgianBank() *bank {
	return &bank{
		dialect: dialectBankOfGeorgia, id: "mtkvari", bic: "MTKVGET0", name: "Mtkvari Bank", country: "GE", cities: []string{"Tbilisi", "Batumi", "Kutaisi"},
		look: look{"#8a3324", "#f0b0a2", "tower", "Georgia, serif", 8}, methods: []scaMethod{byText, byApp}, balances: []string{"interimAvailable", "closingBooked"},
		habit: &habit{words: "a choice of methods, then OAuth; requests signed as detached JWS", approach: byOAuth, explicit: true, oauth: oauthHabit{link: "metadata"}, jws: true},
	}
}

func (s *Sandbox) bankOfGeorgiaRoutes() {
	s.servicesUnder(georgianRoot, func(s *Sandbox, c *call) error {
		c.bank, c.client = s.bankByID(dialectBankOfGeorgia, "mtkvari"), practiceClient
		return nil
	})
	s.authorisationServer("/bog")
	s.productRoutes()
}
