package sandbox

import "consentry/xs2a/sandbox/bank"

func (s *Sandbox) bankOfGeorgiaRoutes() {
	s.servicesUnder(bank.GeorgianRoot, func(s *Sandbox, c *call) error {
		c.bank, c.client = s.bankByID(bank.BankOfGeorgia, "mtkvari"), practiceClient
		return nil
	})
	s.authorisationServer("/bog")
	s.productRoutes()
}
