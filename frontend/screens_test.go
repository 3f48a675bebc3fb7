package frontend

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/cockroachdb/apd/v3"

	"consentry/app"
	"consentry/app/alert"
	"consentry/app/backup"
	"consentry/app/bank"
	"consentry/app/clock"
	"consentry/app/export"
	"consentry/app/failure"
	"consentry/app/fetch"
	"consentry/app/holding"
	"consentry/app/lock"
	"consentry/app/own"
	"consentry/app/pay"
	"consentry/app/profile"
	"consentry/app/sca"
	"consentry/app/stage"
	"consentry/frontend/room"
	"consentry/storage"
	"consentry/xs2a"
)

var now = time.Date(2026, 11, 20, 9, 41, 0, 0, time.UTC)

// What banks and people put into texts.
const (
	longName = "Sparbanken Skaraborg-Västra Götaland-och-Norra Bohuslän Ekonomisk Förening (publ) med begränsad ansvarighet"
	georgian = "ნინო ბერიძე"
	arabic   = "مصرف الشمال"
	hostile  = `<script>alert("1")</script>"><img src=x onerror=alert(2)>`
)

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

// logsIn are the settings with what is started at login.
func logsIn(settings settingsView, state LoginState, failed string) settingsView {
	settings.Login, settings.LoginFailed = &loginView{State: state, Ends: true, Locks: state.Kind == LoginOn, Chooses: state.Kind == LoginGone}, failed
	return settings
}

// screens are the views with the data that is hardest on them.
func screens(ctx context.Context) map[string]templ.Component {
	s := &Server{app: app.New(app.Config{Now: func() time.Time { return now }})}
	live, soon, waiting, refused := exampleConsents()
	lines := []consentLine{
		s.line(live, nil), s.line(soon, nil), s.line(refused, nil),
		s.line(waiting, &sca.Flow{Authorisation: storage.Authorisation{ID: "a1", CreatedAt: daysAgo(1)}}),
	}
	accounts, transactions := exampleAccounts(), exampleTransactions()
	example := exampleBank()
	share := shareView{Bank: example, Share: app.Share{Balances: true, Recurring: true, ValidUntil: "2027-05-19", FrequencyPerDay: 4, IBANs: []string{"SE4550000000058398257466"}}, Named: true, IBANs: hostile, Frequency: hostile,
		Failure: failure.Invalid(map[string]storage.Reason{"ibans": {Code: failure.NotAnIBAN, Name: "x"}, "frequency": {Code: failure.TimesADay, Of: 24}, "valid_until": {Code: failure.EnterDate}})}
	begun := share
	begun.Begun, begun.Share.FormID = &waiting, "the-form"
	account := accountView{Account: accounts[0], First: true, Consent: &live, Covers: fetch.Coverage{Balances: true, Transactions: true}, Booked: len(transactions) - 1,
		Transactions: holding.Transactions{Pending: transactions[:1], Booked: transactions[1:], Older: 3}}
	missing := account
	dropped := transactions[1]
	dropped.DroppedAt, dropped.ChangedAt = daysAgo(1), daysAgo(2)
	missing.Account, missing.Unread = exampleMissing(), []storage.Unread{{Reason: hostile, Raw: hostile}, {Reason: "transactions.booked[1]: no amount", Raw: `{"a":"</pre><script>"}`}}
	missing.Failed, missing.Transactions.Older = s.failures(ctx, missing.Account), 0
	missing.Months = []holding.Month{{Month: "2026-06", In: xs2a.Amount{Number: "1", Currency: "SEK"}, Out: xs2a.Amount{Number: "2", Currency: "SEK"}, Missing: true}}
	withheld := live
	withheld.Granted = json.RawMessage(`{"access":{"accounts":[{"iban":"SE4550000000058398257466"}]}}`)
	less := accountView{Account: accounts[1], First: true, Consent: &withheld}
	searches := []storage.SavedSearch{{ID: 1, Name: georgian, Chosen: map[string]string{"q": "kafe"}}, {ID: 2, Name: hostile, Chosen: map[string]string{"way": "in"}, AccountID: 1}}
	called := transactions[1]
	called.OwnName, called.New = "Work", true
	noted := transactions[1]
	noted.Note = storage.Note{Text: hostile, Tags: []string{"holiday", "თბილისი"}}
	settings := settingsView{Page: Page{Theme: ThemeDark}, Chosen: app.Settings{Theme: "dark", Locale: "ka-GE"},
		Environments: []storage.Environment{{ID: "sandbox", Name: "Sandbox", Sandbox: true, DirectoryAt: now}, {ID: "e2", Name: hostile, DirectoryError: storage.TextReason(hostile)}},
		About:        About{Version: "1.0", DataDir: "/home/" + arabic, SandboxLogins: []Login{{georgian, "nino", "mandarini-9", "173205"}}}}
	settings.Environments = append(settings.Environments, storage.Environment{ID: "e3", Name: "Checked"}, storage.Environment{ID: "e4", Name: georgian})
	settings.Checks = map[string]storage.EnvironmentCheck{"e3": {At: now.Add(-time.Hour)}, "e4": {At: daysAgo(3), Failed: storage.Reason{Code: failure.Unreachable, Who: failure.TheInterface}}}
	noticed, presents := settings, settings
	settings.Lockable, settings.Locks, settings.Household, settings.BacksUp, settings.About.KeyFile = true, true, true, true, "/home/"+arabic+"/wrapped.key"
	onPhone := flowOf(storage.Authorisation{ID: "a1", BankID: "b1", Step: xs2a.StepDecoupled, Message: hostile, CreatedAt: now}, storage.Consent{ID: "c1", EnvironmentID: bank.SandboxID, BIC: "LKTNSEG0", BankName: longName, Status: xs2a.ConsentReceived})
	atBank := linkingView{Flow: flowOf(storage.Authorisation{ID: "a2", BankID: "b2", Step: xs2a.StepRedirect, Link: "https://bank.example/approve/1", RedirectURI: "http://127.0.0.1:8080/callback", Message: hostile, CreatedAt: now}, storage.Consent{ID: "c2", EnvironmentID: "live", BIC: "EXAMPLE0", BankName: longName, Status: xs2a.ConsentReceived})}
	atBank.PageHost = "bank.example"
	left := atBank
	left.OpenedAt = now
	returns := left.Flow
	returns.Step = xs2a.StepOAuth
	pageHere := atBank.Flow
	pageHere.PageHere = true
	letIn := examplePhone("")
	letIn.Phone = netip.MustParseAddr("fd12:3456::7")
	presents.Chosen.Audience, presents.Chosen.Presenting = app.AudienceShowing, app.Presenting{On: true, HideAmounts: true}
	noticed.About.Notices = []StartNotice{{Kind: PracticeAnew, Aside: hostile}, {Kind: PracticeFailed, Detail: hostile}, {Kind: PracticePortTaken, Aside: "127.0.0.1:8021", Detail: hostile}}
	return map[string]templ.Component{
		"overview":       overviewScreen(overviewView{Consents: lines, Read: exampleRead(), Accounts: 2, Banks: 1, Transactions: transactions, Totals: exampleTotals(), Needs: exampleNeeds(s), Lately: exampleLately(s), Coming: exampleComing(accounts)}),
		"overview-quiet": overviewScreen(overviewView{Accounts: 2, Banks: 1, Transactions: transactions, Totals: exampleTotals(), Coming: comingView{Found: true}}),
		"overview-many":  overviewScreen(overviewView{Accounts: 2, Banks: 1, Needs: manyNeeds(s), Coming: comingView{}}),
		"alerts":         alertsScreen(exampleAlerts(accounts)),
		"alerts-wrong":   alertsScreen(alertsView{Accounts: accounts, Found: true, Form: alert.Form{Kind: storage.AlertBalance, Account: "1", Amount: hostile, Currency: "SEK"}, Failure: failure.Unchanged(map[string]storage.Reason{"amount": {Code: "missing"}, "currency": {Code: failure.ChooseFromList}, "account": {Code: failure.ChooseFromList}})}),
		"alerts-empty":   alertsScreen(alertsView{}),
		"coming":         comingScreen(exampleComing(accounts)),
		"coming-empty":   comingScreen(comingView{Found: true}),
		"refused": refusedPage(Refusal{Kind: KeyMissing, Folder: "/home/" + arabic + hostile, Detail: hostile,
			SetAside: func() (string, error) { return "", nil }}, nil),
		"refused-failed":              refusedPage(Refusal{Kind: KeyMissing, Folder: "/home/" + arabic + hostile}, errors.New(hostile)),
		"set-aside":                   setAsidePage("/home/" + arabic + "/set-aside-2026-11-27-171500"),
		"ended":                       endedPage(),
		"settings-notices":            settingsScreen(noticed),
		"settings-presents":           settingsScreen(presents),
		"settings-login":              settingsScreen(logsIn(settings, LoginState{Kind: LoginOn, Entry: "/home/" + arabic + "/.config/autostart/consentry.desktop", Program: hostile}, "")),
		"settings-off":                settingsScreen(logsIn(settings, LoginState{Kind: LoginOff, Program: "/usr/bin/consentry"}, hostile)),
		"settings-gone":               settingsScreen(logsIn(settings, LoginState{Kind: LoginGone, Entry: hostile, Program: hostile}, "")),
		"settings-other":              settingsScreen(logsIn(settings, LoginState{Kind: LoginOther, Entry: hostile, Program: hostile}, "")),
		"settings-disabled":           settingsScreen(logsIn(settings, LoginState{Kind: LoginDisabled, Entry: hostile}, "")),
		"settings-never":              settingsScreen(logsIn(settings, LoginState{Kind: LoginNever, Program: "/tmp/go-build/" + hostile}, "")),
		"settings-unknown":            settingsScreen(logsIn(settings, LoginState{Kind: LoginUnknown, Detail: hostile}, "")),
		"ended-here":                  endedHerePage(),
		"no-session":                  noSessionPage(),
		"overview-notices":            overviewScreen(overviewView{Consents: lines, Accounts: 2, Banks: 1, About: noticed.About}),
		"overview-empty":              overviewScreen(overviewView{Practice: true, Restores: true}),
		"banks":                       banksScreen(exampleBanks()),
		"banks-unread":                banksScreen(banksView{Environments: []storage.Environment{{ID: "sandbox", Name: "Sandbox"}}}),
		"banks-none":                  foundBanks(banksView{Query: bank.Search{Text: hostile}}),
		"banks-near":                  foundBanks(nearBanks()),
		"banks-not-read":              banksScreen(partlyRead()),
		"bank":                        bankScreen(bankView{Bank: example}),
		"bank-asks":                   bankScreen(bankView{Bank: example, AskAudience: true}),
		"bank-offline":                bankScreen(bankView{Bank: bank.Bank{ASPSP: example.ASPSP, Stale: &app.Error{Reason: storage.Reason{Code: failure.Unreachable, Who: failure.TheDirectory}, Detail: hostile}}}),
		"share":                       shareScreen(share),
		"share-begun":                 shareScreen(begun),
		"accounts":                    accountsScreen(accountsView{Banks: byBank(append(accounts, exampleMissing()), map[int64]bool{accounts[0].ID: true}), Ages: exampleAges()}),
		"accounts-parts":              accountsScreen(exampleParts()),
		"arrange":                     arrangeScreen(exampleParts().Banks),
		"shown":                       shownScreen(shownView{Account: accounts[0], Chosen: storage.Arrangement{Nickname: hostile, MainType: "expected", Hidden: true}, Failure: failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.TextTooLong, Number: 41, Of: 40}, "balance": {Code: failure.ChooseFromList}})}),
		"account-parts":               accountScreen(exampleCardAccount()),
		"account":                     accountScreen(account),
		"account-missing":             accountScreen(missing),
		"account-less":                accountScreen(less),
		"account-older":               accountScreen(accountView{Account: accounts[0], Booked: 120, Day: "2026-11-21", Consent: &live, Covers: fetch.Coverage{Balances: true, Transactions: true}, Transactions: holding.Transactions{Booked: transactions[1:], Older: 3, Newer: 9, Above: "2026-11-20"}}),
		"transaction":                 transactionScreen(transactionView{Transaction: transactions[1]}),
		"transaction-delivered":       transactionScreen(transactionView{Transaction: transactions[1], Delivery: holding.Delivery{Exchange: 12}}),
		"transaction-delivered-among": transactionScreen(transactionView{Transaction: transactions[1], Delivery: holding.Delivery{Candidates: []int64{12, 13}}}),
		"transaction-noted":           transactionScreen(transactionView{Transaction: noted, Form: noteForm{Text: noted.Note.Text, Tags: noted.Tags, Offered: []string{"holiday", "თბილისი"}}}),
		"transaction-note-wrong": transactionScreen(transactionView{Transaction: transactions[1], Form: noteForm{Text: hostile, More: "!?", Offered: []string{"holiday"}, Failure: failure.Unchanged(map[string]storage.Reason{
			"note": {Code: failure.TextTooLong, Number: 501, Of: 500}, "tags": {Code: failure.TagWithoutLetter, Name: "!?"}})}}),
		"name": nameScreen(nameForm{Transaction: called, Name: called.OwnName, By: own.ByName, Begins: hostile, Failure: failure.Unchanged(map[string]storage.Reason{"begins": {Code: failure.NotItsBeginning, Name: hostile}})}),
		"names": namesScreen(namesView{All: []own.Named{{OwnName: storage.OwnName{ID: 1, Name: georgian, Number: "SE4550000000058398257466"}, Count: 1}, {OwnName: storage.OwnName{ID: 2, Name: "Shop", Begins: hostile}, Count: storage.MostNamed, More: true}},
			ID: 2, Typed: "", Failure: failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameMissing}})}),
		"names-empty":         namesScreen(namesView{}),
		"transaction-called":  transactionScreen(transactionView{Transaction: called}),
		"transactions-called": transactionsScreen(transactionsView{Accounts: accounts, Nows: map[string]time.Time{"sandbox": now}, Found: holding.Found{Found: storage.Found{Transactions: []storage.Transaction{called}}}}),
		"searches":            savedScreen(savedView{All: searches, ID: 2, Failure: failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameMissing}})}),
		"searches-erased":     savedScreen(savedView{All: []storage.SavedSearch{{ID: 1, Name: georgian, Chosen: map[string]string{"q": "kafe"}, AccountGone: true}}}),
		"searches-empty":      savedScreen(savedView{}),
		"transactions-kept": transactionsScreen(transactionsView{Search: holding.Search{Typed: "script"}, Saved: searches, SaveName: hostile, SaveFailure: failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameTaken}}), Accounts: accounts,
			Nows: map[string]time.Time{"sandbox": now}, Found: holding.Found{Found: storage.Found{Transactions: transactions[2:3]}}}),
		"transactions-tagged": transactionsScreen(transactionsView{Search: holding.Search{Typed: "script"}, Tagged: &own.Tagged{Added: 1, Full: 2}, NewTag: "a b", TagFailure: failure.Unchanged(map[string]storage.Reason{"newtag": {Code: failure.OneTag}}), Accounts: accounts,
			Nows: map[string]time.Time{"sandbox": now}, Found: holding.Found{Found: storage.Found{Transactions: transactions[2:3]}}}),
		"transactions-categories": transactionsScreen(transactionsView{Search: holding.Search{BankCode: "MCC 5411"}, Accounts: accounts, Nows: map[string]time.Time{"sandbox": now},
			Codes: []storage.BankCode{{Code: "PMNT-ICDT-ESCT", Entries: 1203}, {Code: "MCC 5411", Entries: 7}, {Code: "MCC 5812", Entries: 5}, {Code: "MCC 5814", Entries: 2}, {Code: hostile, Entries: 1}},
			Found: holding.Found{Found: storage.Found{Transactions: transactions[2:3]}}}),
		"left-notes": leftNotes(1, []storage.LeftNote{{ID: 7, Note: noted.Note, LeftAt: daysAgo(3), Transaction: transactions[1].Transaction}, {ID: 8, Note: noted.Note, LeftAt: daysAgo(3), File: hostile, Transaction: transactions[2].Transaction}}),
		"transactions-noted": transactionsScreen(transactionsView{Search: holding.Search{Typed: "#holiday script", Tag: "Georgia"}, Tags: []storage.Tag{{Name: "holiday", Uses: 2}}, Accounts: accounts, Nows: map[string]time.Time{"sandbox": now},
			Found: holding.Found{Found: storage.Found{Transactions: []storage.Transaction{noted}}, Read: storage.Find{Terms: []storage.Term{{Tag: "holiday"}, {Word: "script"}}}}}),
		"transaction-dropped": transactionScreen(transactionView{Transaction: dropped, Changes: []storage.Change{
			{At: daysAgo(2), Transaction: xs2a.Transaction{CreditorName: georgian, Remittance: hostile}}, {At: daysAgo(9), Transaction: xs2a.Transaction{Remittance: arabic}},
		}}),
		"transactions": transactionsScreen(transactionsView{Accounts: accounts, Nows: map[string]time.Time{"sandbox": now}, Found: holding.Found{Found: storage.Found{
			Transactions: append([]storage.Transaction{dropped}, transactions...), Older: 3, Newer: 9, Full: true}}}),
		"transactions-found": transactionsScreen(transactionsView{Search: holding.Search{Typed: "script >1", Way: storage.MoneyIn}, Accounts: accounts, Nows: map[string]time.Time{"sandbox": now},
			Sum: &storage.FoundSum{Count: 1, Sums: []storage.DaySum{{Currency: "SEK", Count: 1}}},
			Found: holding.Found{Found: storage.Found{Transactions: transactions[1:2], Older: 3}, Read: storage.Find{
				Terms: []storage.Term{{Word: "script"}, {Amount: apd.New(38650, 0)}}, Least: apd.New(1, 0), Above: true, Days: storage.Span{From: "2026-11-01", To: "2026-11-30"}}}}),
		"transactions-more": transactionsScreen(transactionsView{Search: holding.Search{Typed: "<2000"}, Accounts: accounts, Sum: &storage.FoundSum{More: true},
			Found: holding.Found{Found: storage.Found{Transactions: transactions[2:3], Older: 3}, Read: storage.Find{Most: apd.New(2000, 0), Below: true, Days: storage.Span{From: "2026-11-01"}}}}),
		"transactions-none":    transactionsScreen(transactionsView{Search: holding.Search{Typed: "zzz", AccountID: 1}, Accounts: accounts}),
		"transactions-nothing": transactionsScreen(transactionsView{Search: holding.Search{Typed: "*"}, Accounts: accounts, Found: holding.Found{Nothing: true}}),
		"transactions-empty":   transactionsScreen(transactionsView{}),
		"transactions-turned":  transactionsScreen(transactionsView{Search: holding.Search{Typed: "script", Days: storage.Span{From: "2026-03-31", To: "2026-03-01"}}, Accounts: accounts}),
		"transactions-erased":  transactionsScreen(transactionsView{Search: holding.Search{Typed: "script"}, AccountGone: true, Accounts: accounts}),
		"transactions-words":   transactionsScreen(transactionsView{Search: holding.Search{Typed: "13.13.2026"}, Accounts: accounts, Found: holding.Found{AsWords: []string{"13.13.2026"}}}),
		"statement":            statementScreen(exampleStatement(accounts[0], transactions)),
		"statement-many": statementScreen(statementView{MadeAt: now, AccountStatement: holding.AccountStatement{Account: exampleMissing(), Days: storage.Span{From: "2026-01-01"}, Count: 2001, TooMany: true,
			Currencies: []holding.CurrencyStatement{{Currency: "SEK", Statement: holding.Statement{Count: 2001, Unknown: holding.NotRead, In: xs2a.Amount{Number: "1", Currency: "SEK"}, Out: xs2a.Amount{Number: "2", Currency: "SEK"}}}}}}),
		"export": exportScreen(exportView{Accounts: accounts, Search: holding.Search{Typed: hostile, Way: storage.MoneyIn}, Comma: true,
			Contents: export.Contents{Count: 12, Pending: 2, Undated: 1, Dropped: 1, Noted: 3, Accounts: []storage.Account{exampleMissing()}, Parts: []export.Part{{Account: accounts[0], Currency: "SEK", Unknown: holding.BeforeFirst}, {Account: accounts[1], Currency: "EUR",
				Balance: storage.Balance{Amount: xs2a.Amount{Number: "1", Currency: "EUR"}}}}}}),
		"export-account": exportScreen(exportView{Accounts: accounts, Search: holding.Search{AccountID: 1, Days: storage.Span{From: "2026-03-01", To: "2026-03-31"}},
			Contents: export.Contents{Count: 50_000, More: true, Accounts: accounts[:1]}}),
		"export-nothing": exportScreen(exportView{Accounts: accounts, Search: holding.Search{Typed: "*"}, Contents: export.Contents{Nothing: true}}),
		"export-masked":  exportScreen(exportView{Accounts: accounts, Presenting: app.Presenting{On: true}, Contents: export.Contents{Count: 12}}),
		"export-hidden":  exportScreen(exportView{Accounts: accounts, Presenting: app.Presenting{On: true, HideAmounts: true}, Contents: export.Contents{Count: 12}}),
		"export-none":    exportScreen(exportView{Accounts: accounts, Search: holding.Search{Typed: "zzz"}}),
		"export-turned":  exportScreen(exportView{Accounts: accounts, Search: holding.Search{Days: storage.Span{From: "2026-03-31", To: "2026-03-01"}}}),
		"transactions-with": transactionsScreen(transactionsView{Search: holding.Search{Counterparty: "script", Currency: "SEK", Apart: true}, Accounts: accounts,
			With: storage.Counterparty{Key: "script", Name: hostile}}),
		"insights":           insightsScreen(exampleInsights(accounts)),
		"insights-missing":   insightsScreen(exampleMissingInsights(accounts)),
		"insights-days":      insightsScreen(exampleDays(accounts)),
		"insights-empty":     insightsScreen(insightsView{Now: now}),
		"insights-hidden":    insightsScreen(insightsView{Now: now, All: accounts, Hidden: len(accounts)}),
		"with":               insightsWithScreen(exampleInsights(accounts)),
		"with-missing":       insightsWithScreen(exampleMissingInsights(accounts)),
		"with-empty":         insightsWithScreen(insightsView{Now: now}),
		"counterparty":       counterpartyScreen(exampleCounterparty(accounts, transactions)),
		"counterparty-own":   counterpartyScreen(counterpartyView{Counterparty: storage.Counterparty{Key: storage.NumberKey(accounts[0].IBAN), Number: accounts[0].IBAN}, Accounts: accounts}),
		"subscriptions":      subscriptionsScreen(exampleSubscriptions(accounts)),
		"subscriptions-none": subscriptionsScreen(subscriptionsView{}),
		"transaction-paid":   transactionScreen(transactionView{Transaction: transactions[1], Payers: []pay.Payer{{Payment: paymentIn(storage.FateTaken, xs2a.PaymentSettled), Sure: true}}}),
		"transaction-paid-maybe": transactionScreen(transactionView{Transaction: transactions[1], Payers: []pay.Payer{
			{Payment: paymentIn(storage.FateTaken, xs2a.PaymentSettled)}, {Payment: paymentIn(storage.FateUnknown, "")}}}),
		"account-asked":   accountTesters(accountView{Account: accounts[0], Said: &asked{Title: "The bank’s details of the account", Raw: hostile}}),
		"account-refused": accountTesters(accountView{Account: accounts[0], Said: &asked{Failure: &app.Error{Reason: storage.TextReason(hostile), Detail: hostile}}}),
		"products": productsScreen(productsView{Bank: example.ASPSP, Kind: bank.Deposits, Query: xs2a.ProductQuery{Locale: "ge", Page: 1}, Found: xs2a.ProductPage{More: true, Products: []xs2a.Product{
			{Name: georgian, Description: hostile, Category: "TERM_DEPOSITS", Raw: json.RawMessage(`{"a":"</pre><script>"}`)}, {Category: hostile},
		}}}),
		"products-chosen": productsScreen(productsView{Bank: example.ASPSP, Query: xs2a.ProductQuery{Locale: "en"}, Chosen: []string{"p1", "p7"}, Mistake: "Choose two to four products.", Found: xs2a.ProductPage{Products: exampleProducts()}}),
		"product":         productScreen(exampleCompared(ctx, exampleProducts()[:1])),
		"compared":        comparedScreen(exampleCompared(ctx, exampleProducts())),
		"products-none":   productsScreen(productsView{Bank: example.ASPSP, Query: xs2a.ProductQuery{Locale: "en"}}),
		"settings":        settingsScreen(settings),
		"stage":           stageScreen(stageView{Practice: storage.PracticeWorld{Consents: 1, Accounts: 4, Transactions: 1486}, Scenes: exampleScenes, Stories: exampleStories}),
		"stage-phone":     stageScreen(stageView{Scenes: exampleScenes, Stories: exampleStories, Waited: []app.Flow{onPhone}, Phone: examplePhone(room.TooManyCodes)}),
		"phone":           phoneScreen(phoneView{Flow: onPhone, Addresses: exampleNetworks, Now: examplePhone("")}),
		"phone-none":      phoneScreen(phoneView{Flow: onPhone}),
		"phone-failed":    phoneScreen(phoneView{Flow: onPhone, Addresses: exampleNetworks[:1], Failure: &app.Error{Reason: storage.Reason{Code: failure.PhoneNotShown}, Detail: hostile}, Now: examplePhone(room.Answered)}),
		"phone-unchosen":  phoneScreen(phoneView{Flow: onPhone, Addresses: exampleNetworks, Failure: failure.Invalid(map[string]storage.Reason{"address": {Code: failure.ChooseFromList}})}),
		"at-bank":         atBank.content(),
		"at-bank-left":    left.content(),
		"device":          deviceView{linkingView: left, Address: "https://bank.example/approve/1?x=" + url.QueryEscape(hostile)}.content(),
		"device-oauth":    deviceView{linkingView: linkingView{Flow: returns, Failed: failure.Invalid(map[string]storage.Reason{"address": {Code: failure.PasteNoAnswer}})}, Address: "https://bank.example/authorize?state=s"}.content(),
		"device-long":     deviceView{linkingView: left, Address: "https://bank.example/" + strings.Repeat("a", 4000)}.content(),
		"device-here":     deviceView{linkingView: linkingView{Flow: pageHere}}.content(),
		"device-masked":   deviceView{linkingView: atBank, Masked: true}.content(),
		"room":            linkingView{Flow: onPhone, OnPhone: true, Phone: examplePhone("")}.content(),
		"room-let-in":     linkingView{Flow: onPhone, OnPhone: true, Phone: letIn}.content(),
		"room-left":       linkingView{Flow: onPhone, OnPhone: true, Phone: examplePhone(room.TimedOut)}.content(),
		"stage-set": stageScreen(stageView{Set: hostile, Showing: hostile, Window: true, Scenes: exampleScenes[:1], Stories: exampleStories,
			Failure: &app.Error{Reason: storage.Reason{Code: failure.StageFile, Number: 3, Because: &storage.Reason{Code: failure.StageVerb, Name: hostile}}}}),
		"reset":       resetScreen(resetView{Practice: storage.PracticeWorld{Consents: 2, Accounts: 7, Transactions: 2984, Payments: 1, Templates: 1, Notes: 2, Names: 1}}),
		"reset-empty": resetScreen(resetView{Failure: failure.New(failure.StageBusy)}),
		"panel":       panelScreen(examplePanel(0)),
		"panel-over":  panelScreen(examplePanel(2)),
		"panel-none":  panelScreen(panelView{Mishaps: mishapsView{Unread: &app.Error{Reason: storage.Reason{Code: failure.FaultsNotRead}, Detail: hostile}}}),
		"panel-quiet": panelScreen(panelView{Mishaps: quietMishaps()}),
		"host":        exampleHost().content(),
		"environment": environmentScreen(exampleEnvironment()),

		"environment-new":      environmentScreen(environmentView{Environment: newEnvironment(0)}),
		"environment-mistakes": environmentScreen(exampleMistakes()),
		"environment-sandbox":  environmentScreen(exampleSandbox()),
		"keys":                 keysScreen(exampleKeys()),
		"guide":                guideScreen(guideView{exampleEnvironment().Environment}),
		"removal":              removalScreen(exampleRemoval(true)),
		"removal-kept":         removalScreen(exampleRemoval(false)),
		"banks-file":           importScreen(importView{Environment: exampleEnvironment().Environment}),
		"banks-file-looked":    importScreen(exampleImport()),
		"bank-profile":         bankProfileScreen(exampleBankProfile()),
		"bank-own":             bankScreen(bankView{Bank: bank.Bank{ASPSP: example.ASPSP}, Own: &ownBank{Environment: "a/b", Interface: "Berlin Group NextGenPSD2", Places: []string{hostile, "Georgia"}}}),

		"job": jobView("c1", &fetch.Job{ConsentID: "c1", StartedAt: now, Account: hostile, Done: 1, Total: 3, Progress: fetch.Progress{Transactions: 120_120, New: 1, Took: 50 * time.Second},
			Accounts: []fetch.AccountProgress{{Name: georgian, Ended: true, Progress: fetch.Progress{Transactions: 120_000, Took: 40 * time.Second}},
				{Name: hostile, DaysDone: 70, Days: 729, Progress: fetch.Progress{Transactions: 120, New: 1, Took: 10 * time.Second}}}}),
		"carrying":     carryingPage(storage.Progress{Done: 300_000, Of: 1_000_000}),
		"job-begun":    jobView("c1", &fetch.Job{ConsentID: "c1", StartedAt: now}),
		"job-stopping": jobView("c1", &fetch.Job{ConsentID: "c1", StartedAt: now, Stopped: true, Account: "Savings", Total: 1}),
		"job-stopped":  unfinishedNotice(unfinished{Bank: hostile, Accounts: []storage.Account{exampleMissing()}, Job: storage.Job{ConsentID: "c1", BegunAt: now, StoppedAt: now, Accounts: 2, Done: 1}}),
		"job-broken":   unfinishedNotice(unfinished{Bank: "Hamnbanken", Job: storage.Job{ConsentID: "c1", BegunAt: now}}),
		"job-failed":   jobBrought(&fetch.Job{FinishedAt: now, Done: 1, Total: 2, Progress: fetch.Progress{New: 3}, Missing: 1, Unread: 2, Err: &app.Error{Reason: storage.Reason{Code: failure.Unreachable, Bank: "Hamnbanken"}, Detail: hostile}}, 0, []string{hostile}),
		"job-brought":  jobBrought(&fetch.Job{FinishedAt: now, Done: 1, Total: 1}, 0, nil),
		"layout":       Layout(Page{Title: hostile, Section: SectionConsents, Theme: ThemeDark, NeedYou: 2, Environment: hostile, Updated: now}),
		"layout-window": templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return Layout(Page{Title: "Consents", Section: SectionConsents}).Render(withShell(ctx, inWindow), w)
		}),
		"layout-doubt":         Layout(Page{Title: "Consents", Section: SectionConsents, Doubt: &clock.Doubt{Was: now.AddDate(-1, 0, 0), Is: now, Bank: hostile}}),
		"layout-full":          Layout(Page{Title: "Consents", Section: SectionConsents, NotStored: failure.OfInside(syscall.ENOSPC)}),
		"layout-ahead":         Layout(Page{Title: "Consents", Section: SectionConsents, NeedYou: 1, Ahead: 181 * 24 * time.Hour, There: now.AddDate(0, 0, 181)}),
		"layout-phone":         Layout(Page{Title: "Consents", Section: SectionConsents, Phone: examplePhone("")}),
		"layout-presents":      Layout(Page{Title: "Consents", Section: SectionConsents, Presenting: true}),
		"layout-locks":         Layout(Page{Title: "Consents", Section: SectionConsents, Locks: true, LockAfter: 5 * time.Minute, Profile: hostile}),
		"locked":               lockedPage(lockedView{To: "/consents", Forgets: true}),
		"locked-wrong":         lockedPage(lockedView{To: hostile, Profile: hostile, Forgets: true, Failure: failure.Invalid(map[string]storage.Reason{"passphrase": {Code: failure.PassphraseWait, Number: 17}})}),
		"locked-refused":       lockedPage(lockedView{To: "/", Profile: georgian, Refused: true, Failure: &app.Error{Reason: storage.Reason{Code: failure.NotStartedOver}, Detail: hostile}}),
		"forgotten":            forgottenPage(lockedView{}),
		"forgotten-sure":       forgottenPage(lockedView{Certainly: true, Failure: &app.Error{Reason: storage.Reason{Code: failure.FolderOfAnother}, Detail: hostile}}),
		"returned":             returnedPage(returnedView{Kept: true}),
		"returned-other":       returnedPage(returnedView{}),
		"backup":               backupScreen(backupView{}),
		"backup-wrong":         backupScreen(backupView{Made: now.Add(-time.Hour), Locks: true, Failure: failure.Unchanged(map[string]storage.Reason{"again": {Code: failure.PassphraseDiffers}})}),
		"found":                foundScreen(foundView{Manifest: exampleBackup(), Here: backup.Census{Banks: 1, Consents: 2, Accounts: 1, Transactions: 1, ReadAt: now.AddDate(0, -1, 0)}, Locks: true}),
		"found-empty":          foundScreen(foundView{Manifest: exampleBackup()}),
		"restore":              restoreScreen(restoreView{}),
		"restore-passphrase":   restoreScreen(restoreView{failureOf(ofBackup(backup.ErrPassphrase))}),
		"restore-newer":        restoreScreen(restoreView{failureOf(ofBackup(&backup.NewerError{Version: hostile}))}),
		"restore-under-way":    restoreScreen(restoreView{failure.New(failure.RestoreUnderWay)}),
		"restored":             restoredScreen(restoredView{Restored: backup.Restored{Manifest: exampleBackup()}, Aside: "/home/" + arabic + "/set-aside-2026-11-30-101500"}),
		"lock":                 lockScreen(lockView{}),
		"lock-set":             lockScreen(lockView{Protected: true, PlainLeft: true, Choice: lock.Choice{After: 15 * time.Minute, ReadsGoOn: true}, Done: "Saved."}),
		"lock-wrong":           lockScreen(lockView{Protected: true, Removing: true, Failure: failure.Unchanged(map[string]storage.Reason{"current": {Code: failure.PassphraseWrong}})}),
		"who":                  whoPage(whoView{All: exampleProfiles}),
		"profiles":             profilesScreen(profilesView{All: exampleProfiles, ID: "aaaaaaaaaa", Renamed: georgian}),
		"profiles-first":       profilesScreen(profilesView{All: []profile.Profile{{}}, Name: hostile, Failure: failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.NameTaken}, "own": {Code: failure.NameMissing}})}),
		"profile-removal":      profileRemovalScreen(profileRemovalView{Profile: exampleProfiles[1]}),
		"profile-removal-kept": profileRemovalScreen(profileRemovalView{Profile: exampleProfiles[1], InForce: []storage.Consent{live, soon}, Failure: &app.Error{Reason: storage.Reason{Code: failure.ProfileInUse, Number: 2}}}),
	}
}

func exampleBackup() backup.Manifest {
	return backup.Manifest{Version: "v1.2.3", MadeAt: now.AddDate(0, 0, -1), Profile: hostile, Holds: backup.Census{Banks: 2, Consents: 3, Accounts: 11, Transactions: 3012, ReadAt: now.AddDate(0, 0, -1)}}
}

func failureOf(err error) *app.Error {
	failed, _ := asFailure(err)
	return failed
}

var exampleProfiles = []profile.Profile{{Name: "Åsa", Folder: "/home/" + arabic}, {ID: "aaaaaaaaaa", Name: georgian, Folder: "/home/" + arabic + "/profiles/aaaaaaaaaa", Locked: true}, {ID: "bbbbbbbbbb", Name: hostile}}

func TestScreens(t *testing.T) { golden(t, screens(t.Context())) }

// The stored secret is never sent to a page.
func TestSecretIsNotShown(t *testing.T) {
	view := environmentView{Environment: storage.Environment{ID: "e2", Identity: xs2a.Identity{ClientSecret: "hunter2"}}, HasSecret: true}
	if html := string(render(t, t.Context(), environmentScreen(view))); strings.Contains(html, "hunter2") {
		t.Error("the client secret stands in the form")
	}
}

func exampleConsents() (live, soon, waiting, refused storage.Consent) {
	none := &[]xs2a.AccountReference{}
	asked := xs2a.ConsentRequest{Access: xs2a.Access{Accounts: none, Balances: none, Transactions: none}, Recurring: true, ValidUntil: "2027-05-16", FrequencyPerDay: 4}
	live = storage.Consent{ID: "c1", EnvironmentID: "sandbox", BIC: "HAMNSEG0", BankName: longName, BankConsentID: "b1", Asked: asked, Recurring: true, FrequencyPerDay: 4,
		Granted: json.RawMessage(`{"access":{"accounts":[{"iban":"SE4550000000058398257466","currency":"SEK"}],"balances":[{"iban":"SE4550000000058398257466","currency":"SEK"}]},"frequencyPerDay":"4"}`),
		Status:  xs2a.ConsentValid, StatusAt: daysAgo(0), ValidUntil: "2027-05-16", CreatedAt: daysAgo(4), GrantedAt: daysAgo(3), FetchedAt: daysAgo(1), FetchError: storage.Reason{Code: failure.Pause}}
	soon = live
	soon.ID, soon.BankName, soon.ValidUntil, soon.Granted, soon.FetchError = "c2", georgian, "2026-11-26", nil, storage.Reason{}
	waiting = storage.Consent{ID: "c3", BankName: arabic, Asked: asked, Recurring: true, CreatedAt: daysAgo(1)}
	refused = storage.Consent{ID: "c4", BankName: hostile, Asked: asked, Granted: live.Granted, Recurring: true, Status: xs2a.ConsentRejected, StatusAt: daysAgo(8), EndedAt: daysAgo(8), End: storage.EndRejected, ValidUntil: "2027-05-16", CreatedAt: daysAgo(9)}
	return live, soon, waiting, refused
}

func exampleAccounts() []storage.Account {
	return []storage.Account{
		{ID: 1, EnvironmentID: "sandbox", BIC: "HAMNSEG0", BankName: longName, IBAN: "SE4550000000058398257466", Currency: "SEK", Name: georgian, Product: "Privatkonto", OwnerName: hostile, Status: "blocked", Usage: "PRIV", FetchedAt: daysAgo(1), FirstSeenAt: daysAgo(3), BookedTo: "2026-11-20", WholeAt: daysAgo(1), DeltaAt: daysAgo(0),
			Raw: json.RawMessage(`{"iban":"SE4550000000058398257466","name":"` + georgian + `"}`),
			Balances: []storage.Balance{
				{Type: "interimBooked", Amount: xs2a.Amount{Number: "-62418.22", Currency: "SEK"}, ReferenceDate: "2026-11-20"},
				{Type: hostile, Amount: xs2a.Amount{Number: "5166", Currency: "XXX"}, LastChange: "yesterday, says the bank", CreditLimitIncl: true},
				{Amount: xs2a.Amount{Number: "0.1", Currency: "SEK"}, LastChange: "2026-11-20T06:00:00Z"},
			}},
		{ID: 2, EnvironmentID: "sandbox", BIC: "HAMNSEG0", BankName: longName, Currency: "EUR", FetchedAt: daysAgo(2)},
	}
}

// exampleAges are those of two accounts that are not up to date.
func exampleAges() map[int64]holding.Ages {
	return map[int64]holding.Ages{2: {Old: holding.Aged{Accounts: 1, Since: daysAgo(100), Last: daysAgo(100)}}, 3: {Late: holding.Aged{Accounts: 1}}}
}

// exampleParts are accounts at two banks: one in several currencies, a card, and hidden ones.
func exampleParts() accountsView {
	lari := storage.Account{ID: 4, EnvironmentID: "sandbox", BIC: "A", BankName: georgian, IBAN: "GE29NB0000000101904917", Currency: "GEL", Name: georgian,
		Arrangement: storage.Arrangement{Nickname: hostile, MainType: "expected"}, Balances: []storage.Balance{{Type: "closingBooked", Amount: xs2a.Amount{Number: "12.50", Currency: "GEL"}, ReferenceDate: "2026-11-19"}}}
	euro, all := lari, lari
	euro.ID, euro.Currency, euro.Arrangement, euro.Balances = 5, "EUR", storage.Arrangement{}, nil
	all.ID, all.Currency, all.Arrangement, all.Name = 6, "XXX", storage.Arrangement{}, ""
	all.Balances = []storage.Balance{{Type: "expected", Amount: xs2a.Amount{Number: "1", Currency: "USD"}}, {Type: "expected", Amount: xs2a.Amount{Number: "2", Currency: "CHF"}}}
	hidden := exampleCardAccount().Account
	hidden.Hidden, hidden.BIC = true, "A"
	other := exampleAccounts()[0]
	other.BIC, other.BankName = "B", arabic
	view := accountsView{Banks: byBank([]storage.Account{lari, euro, all, hidden, other}, map[int64]bool{4: true}), Ages: map[int64]holding.Ages{4: exampleAges()[2]}, New: map[int64]int{5: 3}}
	view.Totals = []holding.Total{{Currency: "GEL", Accounts: 1, Hidden: 1, Unbooked: 1, Wanted: 2, Sum: xs2a.Amount{Number: "12.50", Currency: "GEL"}, Ages: exampleAges()[2]}, {Currency: "EUR", Without: []holding.Unsummed{{Account: euro, Reason: holding.BalanceNotShared}}}}
	view.Banks[0].Totals = view.Totals
	return view
}

// exampleCardAccount is a hidden card with a line and a part in another currency, of which the bank does not send what was chosen.
func exampleCardAccount() accountView {
	sek := func(number string) xs2a.Amount { return xs2a.Amount{Number: number, Currency: "SEK"} }
	card := exampleAccounts()[0]
	card.ID, card.CreditLimit, card.Arrangement = 7, sek("10000"), storage.Arrangement{Nickname: arabic, Hidden: true, MainType: "expected"}
	card.Balances = []storage.Balance{{Type: "interimBooked", Amount: sek("-62.25"), ReferenceDate: "2026-11-20"}, {Type: "interimAvailable", Amount: sek("9937.75"), CreditLimitIncl: true}, {Type: hostile, Amount: sek("1")}}
	part := exampleAccounts()[1]
	return accountView{Account: card, First: true, Ages: exampleAges()[2], Others: []storage.Account{part}, Differences: []holding.Difference{
		{Balance: card.Balances[1], By: sek("10000"), Made: []holding.Part{{Kind: holding.LineIn, Amount: sek("10000")}, {Kind: holding.PendingOut, Count: 2, Amount: sek("-3")}, {Kind: holding.BookedBetween, Amount: sek("4")}}, Rest: sek("-1")},
		{Balance: card.Balances[2], By: sek("63.25"), Made: []holding.Part{{Kind: holding.DaysUnread}, {Kind: holding.LineOut}}}}}
}

// exampleMissing is an account of which not all could be read.
func exampleMissing() storage.Account {
	account := exampleAccounts()[0]
	account.ID, account.FetchedAt, account.BookedTo = 3, time.Time{}, "2026-11-20"
	account.Gaps = []storage.Gap{
		{AccountID: 3, Span: storage.Span{From: "2026-11-19", To: "2026-11-20"}, Reason: storage.GapStopped},
		{AccountID: 3, Span: storage.Span{From: "2026-06-02", To: "2026-08-20"}, Reason: storage.GapPeriod},
		{AccountID: 3, Span: storage.Span{From: "2025-01-01", To: "2025-01-01"}, Reason: storage.GapGone},
	}
	account.Failures = []storage.Failure{
		{AccountID: 3, Part: storage.PartBalances, Kind: storage.FailedRefused, Status: 429, Detail: hostile},
		{AccountID: 3, Part: storage.PartTransactions, Kind: storage.FailedEndless},
	}
	account.LeftOut = storage.LeftOut{Count: 3, Reasons: []string{hostile}}
	return account
}

func exampleTransactions() []storage.Transaction {
	transaction := func(id int64, date string, pending bool, tx xs2a.Transaction) storage.Transaction {
		if tx.BookingDate == "" {
			tx.ValueDate = date
		}
		return storage.Transaction{ID: id, AccountID: 1, Pending: pending, FirstSeenAt: daysAgo(1), Transaction: tx, BankName: longName, AccountName: georgian, EnvironmentID: "sandbox", BIC: "HAMNSEG0"}
	}
	return []storage.Transaction{
		transaction(9, "2026-11-20", true, xs2a.Transaction{Amount: xs2a.Amount{Number: "-248.90", Currency: "SEK"}, CreditorName: arabic}),
		transaction(8, "2026-11-19", false, xs2a.Transaction{ID: hostile, Amount: xs2a.Amount{Number: "38650.00", Currency: "SEK"}, DebtorName: hostile, DebtorAccount: "SE1230000000012345670019", Remittance: "first line\nsecond line", BookingDate: "2026-11-19", ValueDate: "2026-11-19", Raw: json.RawMessage(`{"a":"</pre><script>"}`)}),
		transaction(7, "2026-11-19", false, xs2a.Transaction{Amount: xs2a.Amount{Number: "-1", Currency: "XXX"}, CreditorName: longName, Remittance: longName}),
		transaction(3, "2026-11-18", false, xs2a.Transaction{Amount: xs2a.Amount{Number: "0", Currency: ""}}),
	}
}

func exampleTotals() []holding.Total {
	sek := func(n string) xs2a.Amount { return xs2a.Amount{Number: n, Currency: "SEK"} }
	return []holding.Total{{Currency: "SEK", Accounts: 1, Sum: sek("184233.10"), Change: sek("-320.15"), Days: []xs2a.Amount{sek("184553.25"), sek("184233.10")}}, {Currency: "XXX", Accounts: 2, Sum: xs2a.Amount{Number: "12", Currency: "XXX"}}}
}

func exampleBank() bank.Bank {
	listed := storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "HAMNSEG0", Name: longName, LogoURL: "https://bank.example/logo.png"}, EnvironmentID: "sandbox", EnvironmentName: "Sandbox", Linked: true}
	details := &xs2a.ASPSPDetails{ASPSP: listed.ASPSP, City: hostile, Country: "Sweden", PostalCode: "411 03", Phone: "+46 31 123", WebsiteURL: "javascript:alert(1)", CompanyNumber: "556000-0000",
		Products: []string{"swedish-giro", hostile}, Methods: []xs2a.SCAMethod{{Name: "OAuth2"}, {Name: "Decoupled"}, {Name: hostile}}}
	for _, name := range []string{"A", "B", "C", "D", "E", "F", "G", georgian, hostile} {
		details.Affiliated = append(details.Affiliated, xs2a.AffiliatedASPSP{ID: name, Name: name})
	}
	return bank.Bank{ASPSP: listed, Details: details, DetailsAt: now}
}

func exampleBanks() banksView {
	return banksView{
		Query:     bank.Search{ASPSPQuery: storage.ASPSPQuery{CountryCode: "SE", CityID: "2"}, Text: "ban & k"},
		Countries: []storage.PlaceCount{{ID: "SE", Name: "Sweden"}, {ID: "XX", Name: hostile}}, Cities: []storage.PlaceCount{{ID: "2", Name: "Göteborg"}},
		Environments: []storage.Environment{{ID: "sandbox", Name: "Sandbox", DirectoryAt: daysAgo(2), DirectoryError: storage.Reason{Code: failure.Unreachable, Who: failure.TheDirectory}}, {ID: "e2", Name: hostile, DirectoryError: storage.Reason{Code: failure.Malformed, Who: failure.TheDirectory}}},
		Found: bank.Found{
			Here:      []bank.Match{{ASPSP: exampleBank().ASPSP, Places: []storage.Place{{CountryCode: "SE", Country: "Sweden", City: "Göteborg"}, {CountryCode: "SE", Country: "Sweden", City: longName}}}},
			Elsewhere: []bank.Match{{ASPSP: storage.ASPSP{ASPSP: xs2a.ASPSP{BIC: "a/b?c", Name: georgian}, EnvironmentID: "e2", EnvironmentName: hostile}, Places: []storage.Place{{CountryCode: "XX", Country: hostile, City: hostile}}}},
		},
	}
}

// nearBanks is what is shown where no bank is called so.
func nearBanks() banksView {
	view := exampleBanks()
	view.Query.Text, view.Found.Near = hostile, true
	return view
}

// partlyRead is the list while a directory is missing from it.
func partlyRead() banksView {
	view := exampleBanks()
	view.Query, view.Found.Elsewhere = bank.Search{}, nil
	view.Environments = append(view.Environments[:1:1], storage.Environment{ID: "e3", Name: hostile}, storage.Environment{ID: "e4", Name: longName})
	return view
}

// exampleStatement is one with a balance after each transaction.
func exampleStatement(account storage.Account, transactions []storage.Transaction) statementView {
	sek := func(number string) *xs2a.Amount { return &xs2a.Amount{Number: number, Currency: "SEK"} }
	one := holding.CurrencyStatement{Currency: "SEK", Statement: holding.Statement{Opening: sek("100.5"), Closing: sek("-7"), In: *sek("25000"), Out: *sek("25107.50"), Count: len(transactions)}, Dropped: 1}
	for _, t := range transactions {
		t.ValueDate = "2026-11-18"
		one.Entries = append(one.Entries, holding.StatementEntry{Transaction: t, Balance: sek("12.25")})
	}
	account.BookedTo = "2026-11-20"
	return statementView{MadeAt: now, AccountStatement: holding.AccountStatement{Account: account, Days: storage.Span{From: "2026-11-01", To: "2026-11-30"}, Currencies: []holding.CurrencyStatement{one}, Count: one.Count}}
}

var (
	exampleScenes  = []stage.Scene{{Name: "three-banks", Title: georgian, About: longName}, {Name: "x", Title: hostile, About: hostile}}
	exampleStories = []stage.Story{{Name: "wire", Title: hostile, About: arabic, Minutes: 5}}
)

// examplePanel is a story of two steps at one of them.
func examplePanel(at int) panelView {
	story := stage.Story{Title: hostile, Scene: "three-banks", Steps: []stage.StoryStep{
		{Title: georgian, Do: []string{hostile, longName}, Say: []string{arabic}, Look: []string{"there"}, Seconds: 40},
		{Title: "After that", Do: []string{"go on"}, Seconds: 20},
	}}
	view := panelView{Story: story, At: at, Begun: now, Now: now.Add(75 * time.Second), Mishaps: exampleMishaps()}
	if at == 0 {
		view.Done = []conditionSeen{
			{stage.Condition{Kind: stage.OnPage, Path: "/consents/*"}, true}, {stage.Condition{Kind: stage.OfConsent, Bank: hostile, State: "valid"}, false},
			{stage.Condition{Kind: stage.OfPayment, State: "sent"}, false}, {stage.Condition{Kind: stage.OfClock, Number: 90}, false},
		}
	}
	return view
}

// exampleNetworks are addresses to choose from; what an interface is called, its machine decides.
var exampleNetworks = []room.Address{
	{Interface: "wlan0", Prefix: netip.MustParsePrefix("192.168.1.5/24")}, {Interface: hostile, Prefix: netip.MustParsePrefix("fd12:3456:789a:bcde:1234:5678:9abc:def0/64")},
}

// examplePhone is a phone in the room, at which much has happened.
func examplePhone(end room.End) *phoneState {
	state := room.State{Host: "192.168.1.5:41234", Code: "314159", URL: "http://192.168.1.5:41234/t0ken", Until: now.Add(room.Life), End: end}
	for i, kind := range []room.Kind{room.Looked, room.WrongCode, room.TooSoon, room.Entered, room.Other, room.Refused, room.Foreign, room.TooMany} {
		event := room.Event{Kind: kind, From: netip.MustParseAddr("192.168.1.20"), Last: now, Of: 1 + i*i}
		if kind == room.TooMany {
			event.From = netip.Addr{}
		}
		state.Events = append(state.Events, event)
	}
	return &phoneState{state, "a1", longName}
}
