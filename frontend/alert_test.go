package frontend

import (
	"consentry/app/alert"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// exampleTold are one of each kind.
func exampleTold() []alertLine {
	live, _, _, _ := exampleConsents()
	account := exampleAccounts()[0]
	account.ID = 1
	sek := func(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "SEK"} }
	line := func(kind storage.AlertKind, bound string, change func(*alertLine)) alertLine {
		one := alertLine{Alert: storage.Alert{ID: 1, Rule: storage.AlertRule{ID: 1, Kind: kind, Amount: sek(bound)}, At: now}}
		change(&one)
		return one
	}
	about := func(l *alertLine, amount, name string) {
		l.Account, l.AccountID, l.EntryID, l.Amount, l.Name = account, 1, 7, sek(amount), name
	}
	return []alertLine{
		line(storage.AlertDebit, "1000", func(l *alertLine) { about(l, "-4500.50", hostile); l.Pending, l.Others = true, 12 }),
		line(storage.AlertBalance, "100", func(l *alertLine) { l.Amount = sek("-99.5") }),
		line(storage.AlertDebit, "1000", func(l *alertLine) { about(l, "-1000.01", ""); l.SeenAt = now }),
		line(storage.AlertIncome, "30000", func(l *alertLine) { about(l, "31000", georgian); l.SeenAt = now }),
		line(storage.AlertBank, "", func(l *alertLine) { l.Consent, l.ConsentID, l.Rule.Failures = live, live.ID, 3 }),
		line(storage.AlertBank, "", func(l *alertLine) { l.Consent, l.ConsentID, l.SeenAt = live, live.ID, now }),
		line(storage.AlertApproval, "", func(l *alertLine) { l.Payment, l.PaymentID = paymentIn(storage.FateTaken, "RCVD"), "p1" }),
		line(storage.AlertApproval, "", func(l *alertLine) { l.Consent, l.ConsentID = live, live.ID }),
	}
}

// exampleAlerts are rules of each kind, and each way they may stand.
func exampleAlerts(accounts []storage.Account) alertsView {
	sek := func(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "SEK"} }
	rule := func(id int64, kind storage.AlertKind, amount string, change func(*alert.Rule)) alert.Rule {
		one := alert.Rule{AlertRule: storage.AlertRule{ID: id, Kind: kind, Amount: sek(amount), Since: "2026-11-01"}}
		change(&one)
		return one
	}
	account := accounts[0]
	view := alertsView{Told: exampleTold(), Accounts: accounts, Found: true, Incomes: []holding.Regular{{Counterparty: storage.Counterparty{Key: "k", Name: georgian}, AccountID: account.ID, Amount: sek("31000")}}}
	for i, why := range []alert.Unjudged{"", alert.NoBalance, alert.OtherType, alert.NotReached, alert.NotRead, alert.NotAllKnown} {
		view.Rules = append(view.Rules, rule(int64(i), storage.AlertBalance, "100", func(r *alert.Rule) {
			r.Account, r.Standing = &account, alert.Standing{Unjudged: why, Amount: sek("150")}
		}))
	}
	view.Rules = append(view.Rules,
		rule(10, storage.AlertBalance, "0", func(r *alert.Rule) { r.Standing = alert.Standing{Amount: sek("-20"), Below: true, Hidden: 2} }),
		rule(11, storage.AlertDebit, "5000", func(r *alert.Rule) {}),
		rule(12, storage.AlertDebit, "5000", func(r *alert.Rule) { r.Account, r.NotRead = &account, true }),
		rule(13, storage.AlertIncome, "30000", func(r *alert.Rule) { r.Account, r.Name = &account, hostile }),
		rule(14, storage.AlertBank, "", func(r *alert.Rule) { r.Failures = 3 }),
		rule(15, storage.AlertApproval, "", func(r *alert.Rule) {}),
	)
	return view
}
