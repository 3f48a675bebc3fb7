package app

// Explain returns the words a person reads of a failure at a bank.
func (a *App) Explain(bank string, err error) *Error { return a.explain(bank, err) }
