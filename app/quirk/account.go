package quirk

// accountID is what a bank called an account in a flow.
type accountID struct{ flow, id string }

// mostAccounts bounds the accounts that are remembered.
const mostAccounts = 1000

// account learns how a bank tells of accounts and balances.
func (l *learner) account(x exchange) {
	if !x.worked() || x.answer == nil {
		return
	}
	switch x.operation {
	case "getAccountList", "getCardAccountList":
		l.accountList(x)
	case "getBalances", "getCardAccountBalances":
		all := objects(x.answer, "balances")
		if bare, is := x.answer.([]any); is {
			all = objects(map[string]any{"": bare}, "")
		}
		if len(all) > 0 {
			l.saw(Balances, balanceForm(all), x.Exchange)
		}
	}
}

func (l *learner) accountList(x exchange) {
	form, list := "object", objects(x.answer, "accounts")
	if bare, is := x.answer.([]any); is {
		form, list = "bare", objects(map[string]any{"": bare}, "")
	} else if list == nil {
		list = objects(x.answer, "cardAccounts")
	}
	if len(list) == 0 {
		return
	}
	l.saw(Envelopes, form, x.Exchange)
	compared, changed := false, false
	for _, each := range list {
		number, id := textIn(each, "iban")+textIn(each, "bban")+textIn(each, "maskedPan"), textIn(each, "resourceId")
		if number == "" || id == "" || hidden(number) || hidden(id) {
			continue
		}
		number += " " + textIn(each, "currency")
		newer, known := l.accounts[number]
		if known && newer.flow != x.FlowID {
			compared, changed = true, changed || newer.id != id
		}
		if len(l.accounts) < mostAccounts || known {
			l.accounts[number] = accountID{x.FlowID, id}
		}
	}
	switch {
	case changed:
		l.saw(AccountIDs, "changed", x.Exchange)
	case compared:
		l.saw(AccountIDs, "kept", x.Exchange)
	}
}

// balanceForm says whether balances have types, and each its own.
func balanceForm(all []map[string]any) string {
	types := map[string]bool{}
	form := "typed"
	for _, each := range all {
		of := textIn(each, "balanceType")
		switch {
		case of == "":
			return "untyped"
		case types[of]:
			form = "double"
		}
		types[of] = true
	}
	return form
}
