package e2e

import "testing"

// approach is one way in which a bank of the Berlin Group's dialects lets a
// person approve, with what the person does screen by screen.
type approach struct {
	name  string
	bank  string
	known bool // the bank wants the login with the first request
	stays bool // the person would rather not go to the bank's page
	acts  []act

	cancel  []act // what approves that a payment is cancelled; nil: the same
	cancels cancelling
}

// cancelling is how a bank cancels payments.
type cancelling int

const (
	byApproval cancelling = iota
	atOnce
	never
)

var (
	implicitly = approach{name: "redirect, started by the bank", bank: "Rheintor Bank", acts: []act{atTheBank}, cancels: atOnce}
	explicitly = approach{name: "redirect, started by us", bank: "Elbufer Kreditbank", acts: []act{atTheBank}, cancels: never}
	signed     = approach{name: "redirect, signed", bank: "Notarsberg Bank", acts: []act{atTheBank}}
	certified  = approach{name: "redirect, mTLS", bank: "Tresorwald Bank", acts: []act{atTheBank}}
	classed    = approach{name: "Salt Edge", bank: "Salzhafen Bank", acts: []act{atTheBank}}
	confirmed  = approach{name: "confirmation", bank: "Siegelhaus Bank", acts: []act{atTheBank}}
	twoAtBank  = approach{name: "redirect, two signatories", bank: "Zwillingsbach Kasse", acts: []act{atTheBank, another, atTheBank}, cancel: []act{atTheBank}}

	byMetadata = approach{name: "OAuth, metadata", bank: "Oststern Bank", acts: []act{atTheBank}}
	late       = approach{name: "OAuth, the link comes later", bank: "Senebro Andelskasse", acts: []act{atTheBank}}
	georgian   = approach{name: "Bank of Georgia", bank: "Mtkvari Bank", acts: []act{chooses("Code by text message"), atTheBank}}
	preStep    = approach{name: "OAuth before the consent", bank: "Ensinmäen Pankki", acts: []act{logsInFirst, givesCode}, cancel: []act{givesCode}}

	byMessage = approach{name: "decoupled, a message", bank: "Sandviks Folkbank", known: true, acts: []act{reads("Approve on your other device"), onTheTelephone}}
	byQR      = approach{name: "decoupled, data for a QR code", bank: "Lyktans Bank", acts: []act{identifies, scans("QR code that opens your bank's app"), onTheTelephone}, cancel: []act{scans("QR code that opens your bank's app"), onTheTelephone}}
	byPicture = approach{name: "decoupled, a picture", bank: "Bildholmens Sparbank", known: true, acts: []act{scansPicture("The picture your bank wants you to use"), onTheTelephone}}

	byBankID = approach{name: "Open Payments, a code for the bank's app", bank: "Blixtens Bank", stays: true, acts: []act{choosesBankID, onBankID}}
	byMoving = approach{name: "Open Payments, a picture that moves", bank: "Blixtens Bank", stays: true, acts: []act{choosesPicture, looksAt("The picture your bank wants you to use"), onBankID}}

	noMethod      = approach{name: "embedded, no method", bank: "Moorland Kasse", known: true, acts: []act{givesPassword}}
	oneMethod     = approach{name: "embedded, one method", bank: "Einhafen Bank", known: true, acts: []act{givesPassword, givesCode}}
	methods       = approach{name: "embedded, several methods", bank: "Lindwurm Bank", acts: []act{identifies, givesPassword, chooses("Card reader"), reads("Put your card into the reader."), givesCode}, cancel: []act{givesPassword, chooses("Card reader"), givesCode}}
	encrypted     = approach{name: "embedded, encrypted", bank: "Schlossgarten Privatbank", known: true, acts: []act{givesPassword, looksAt("The picture your bank wants you to use"), givesCode}}
	atStart       = approach{name: "embedded, the start carries the password", bank: "Startklar Bank", acts: []act{givesLogin, chooses("Code by text message"), givesCode}}
	codeAtStart   = approach{name: "embedded, the start carries the code", bank: "Ziffernfels Bank", known: true, acts: []act{givesCode}}
	twoHere       = approach{name: "embedded, two signatories", bank: "Doppelhof Genossenschaft", acts: []act{identifies, givesPassword, givesCode, another, identifies, givesPassword, givesCode}, cancel: []act{givesPassword, givesCode}}
	exempted      = approach{name: "exemption", bank: "Freipass Direktbank", known: true}
	pushChosen    = approach{name: "the method decides: push", bank: "Vielweg Bank", known: true, acts: []act{chooses("Approve in the bank's app"), onTheTelephone}}
	textChosen    = approach{name: "the method decides: text", bank: "Vielweg Bank", known: true, acts: []act{chooses("Code by text message"), givesPassword, givesCode}}
	pageChosen    = approach{name: "the method decides: page", bank: "Vielweg Bank", known: true, acts: []act{chooses("On the bank's own pages"), atTheBank}}
	allApproaches = map[string][]approach{
		"redirect":  {implicitly, explicitly, signed, certified, classed},
		"OAuth":     {byMetadata, late, georgian, preStep},
		"decoupled": {byMessage, byQR, byPicture, pushChosen, byBankID},
		"embedded":  {noMethod, oneMethod, methods, encrypted, atStart, codeAtStart, twoHere, exempted, textChosen},
		"and more":  {confirmed, twoAtBank, pageChosen, byMoving},
	}
)

var (
	choosesBankID  = chooses("BankID on another device")
	choosesPicture = chooses("BankID, with the bank's own picture")
)

// afterStart is what is left at the bank whose start carries the password, once it
// has been started: it knows who asks.
var afterStart = []act{givesPassword, chooses("Code by text message"), givesCode}

// One of each kind of approach leads to the accounts: what is typed here after a
// mistake, and what is approved elsewhere. The kinds with a page of the bank's
// have stories of their own.
func TestApproveHereAndElsewhere(t *testing.T) {
	t.Parallel()
	consentry := start(t)
	p := opens(consentry)
	wrongPassword := mistypes("Password (needed)", "not-this-one", "Wrong password.")
	for _, a := range []struct {
		approach
		acts []act
	}{
		{methods, append([]act{misspellsName, wrongPassword}, methods.acts[1:]...)},
		{byQR, byQR.acts},
		{byMessage, []act{deniesOnTheTelephone}},
	} {
		consentry.tells(p, a.approach, func(c *customer) {
			c.begins()
			c.does(a.acts...)
			if a.name == byMessage.name {
				c.see(saidNo.at(c.bank))
				c.ended("denied", "rejected")
				return
			}
			c.linked()
		})
	}
	consentry.holdNothing(p.exports(consentry))
	p.leave()
	consentry.crash() // and then nothing is tidied up
}

// Every approach leads from the bank's name to its accounts.
func TestJourneyEveryApproach(t *testing.T) {
	journey(t)
	t.Parallel()
	for name, group := range allApproaches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			consentry := start(t)
			consentry.tellsAll(t, opens(consentry), group, func(c *customer, a approach) {
				c.begins()
				c.does(a.acts...)
				c.linked()
			})
		})
	}
}
