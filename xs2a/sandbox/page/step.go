package page

// The steps of a visit, each a page: login, accounts, code. "cancel" may be opened
// at any of them.
const (
	StepLogin    = "login"
	StepAccounts = "accounts"
	StepPayment  = "payment" // instead of accounts
	StepCode     = "code"
	StepCancel   = "cancel"
	StepPhone    = "phone" // the only one of a decoupled approval
)
