package sandbox

import (
	"time"

	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
)

var (
	byPush  = scaMethod{"PUSH_OTP", "push_app", "Approve in the bank's app", "The app on your telephone asks you."}
	byPage  = scaMethod{"CHIP_OTP", "web_page", "On the bank's own pages", "You go to the bank and come back."}
	byPhoto = scaMethod{"PHOTO_OTP", "photo_tan", "Photo TAN", "Your reader shows a code for the picture."}
)

// berlinBanks lists the banks of the Berlin Group's dialects, each with one habit. All names are invented.
//
// Quirky ones, whose answers depart from the definition on purpose, are those
// with quirks, with another form of errors, or with a link that comes late (null at
// first); all others keep to it.
func berlinBanks() []*bank {
	usual := []string{"closingBooked", "interimAvailable"}
	metadata := oauthHabit{link: "metadata"}
	signed, dated := &sign.Rules{Issuer: "CA"}, &sign.Rules{Issuer: "CA", Date: true}
	list := []*bank{
		// Redirect
		{id: "rheintor", bic: "RHTRDEB0", name: "Rheintor Bank", country: "DE", cities: []string{"Berlin", "Hamburg"}, look: look{"#0f4c5c", "#7cc6d6", "tower", "Georgia, serif", 4}, habit: &habit{words: "redirect, started by the bank; payments are cancelled at once", approach: byRedirect, cancel: cancelAtOnce}},
		{id: "elbufer", bic: "ELBFDEH0", name: "Elbufer Kreditbank", country: "DE", cities: []string{"Hamburg"}, look: look{"#5f0f40", "#e59ac4", "wave", "Verdana, sans-serif", 8}, habit: &habit{words: "redirect, started by the TPP; payments cannot be cancelled", approach: byRedirect, explicit: true, cancel: cancelNever}},
		{id: "siegelhaus", bic: "SGLHDEM0", name: "Siegelhaus Bank", country: "DE", cities: []string{"München"}, look: look{"#4a1942", "#d9a5d0", "oak", "Palatino, serif", 2}, habit: &habit{words: "redirect, then a confirmation code", approach: byRedirect, confirmation: true}},
		{id: "zwillingsbach", bic: "ZWLBDEB0", name: "Zwillingsbach Kasse", country: "DE", cities: []string{"Berlin"}, look: look{"#1b4332", "#95d5b2", "leaf", "Tahoma, sans-serif", 6}, habit: &habit{words: "redirect, two people have to sign", approach: byRedirect, signatories: 2}},
		{id: "freipass", bic: "FRPSDEM0", name: "Freipass Direktbank", country: "DE", cities: []string{"München", "Berlin"}, look: look{"#7f4f24", "#e0b98a", "sail", "Trebuchet MS, sans-serif", 12}, habit: &habit{words: "no SCA: exempted at once", approach: byEmbedded, exempt: true, needPSU: true}},

		// OAuth
		{id: "oststern", bic: "STSRDEB0", name: "Oststern Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#22333b", "#a9c1cc", "star", "Garamond, serif", 0}, habit: &habit{words: "OAuth, metadata by RFC 8414", approach: byOAuth, oauth: metadata}},
		{id: "havelquell", bic: "HVLQDEB0", name: "Havelquell Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#14489c", "#9dbdf2", "wave", "Gill Sans, sans-serif", 10}, habit: &habit{words: "OAuth, metadata by openid-configuration", approach: byOAuth, oauth: oauthHabit{link: "openid"}}},
		{id: "isarfels", bic: "SRFLDEM0", name: "Isarfels Bank", country: "DE", cities: []string{"München"}, look: look{"#3c6e71", "#a6d5d8", "peak", "Georgia, serif", 5}, habit: &habit{words: "OAuth, the link has no host", approach: byOAuth, oauth: oauthHabit{link: "relative", noRefresh: true}}},
		{id: "nordfjell", bic: "NRFJNOB0", name: "Nordfjell Sparekasse", country: "NO", cities: []string{"Oslo", "Bergen"}, look: look{"#27187e", "#aeb8fe", "peak", "Verdana, sans-serif", 3}, habit: &habit{words: "OAuth, a ready-made address", approach: byOAuth, oauth: oauthHabit{link: "ready"}}},
		{id: "bergtopp", bic: "BRGTNOT0", name: "Bergtopp Bank", country: "NO", cities: []string{"Tromsø"}, look: look{"#6a040f", "#f2a3a9", "star", "Tahoma, sans-serif", 14}, habit: &habit{words: "OAuth, a ready-made address in camel case", approach: byOAuth, explicit: true, oauth: oauthHabit{link: "camel"}}},
		{id: "havtorv", bic: "HVTVDKK0", name: "Havtorvets Bank", country: "DK", cities: []string{"København"}, look: look{"#00506b", "#86cfe8", "sail", "Palatino, serif", 7}, habit: &habit{words: "OAuth, a blank in the scope", approach: byOAuth, oauth: oauthHabit{link: "metadata", blank: true}}},
		{id: "senebro", bic: "SNBRDKA0", name: "Senebro Andelskasse", country: "DK", cities: []string{"Aarhus"}, look: look{"#432818", "#d9b99b", "tower", "Georgia, serif", 9}, habit: &habit{words: "OAuth, the link comes later", approach: byOAuth, late: true, oauth: metadata}},
		{id: "ensinmaki", bic: "NSMKFIH0", name: "Ensinmäen Pankki", country: "FI", cities: []string{"Helsinki", "Turku"}, look: look{"#344e41", "#b5cfa8", "leaf", "Trebuchet MS, sans-serif", 2}, methods: []scaMethod{byText}, habit: &habit{words: "OAuth before the consent, then a code", approach: byEmbedded, preStep: "authorization_code", oauth: metadata}},
		{id: "vuorenpaa", bic: "VRNPFIT0", name: "Vuorenpään Säästökassa", country: "FI", cities: []string{"Tampere"}, look: look{"#283618", "#c3cf9a", "peak", "Garamond, serif", 0}, habit: &habit{words: "client token before the consent, then redirect", approach: byRedirect, preStep: "client_credentials", oauth: metadata}},

		// Decoupled
		{id: "sandvik", bic: "SNVKSES0", name: "Sandviks Folkbank", country: "SE", cities: []string{"Stockholm"}, look: look{"#005f73", "#94d2bd", "wave", "Gill Sans, sans-serif", 11}, methods: []scaMethod{byPush}, habit: &habit{words: "decoupled, a message only", approach: byDecoupled, needPSU: true}},
		{id: "lyktan", bic: "LKTNSEG0", name: "Lyktans Bank", country: "SE", cities: []string{"Göteborg", "Malmö"}, look: look{"#9a031e", "#fb9ba6", "star", "Verdana, sans-serif", 6}, methods: []scaMethod{byPush}, habit: &habit{words: "decoupled, data for a QR code", approach: byDecoupled, identify: true, push: pushHabit{challenge: "data"}}},
		{id: "bildholm", bic: "BLDHSEM0", name: "Bildholmens Sparbank", country: "SE", cities: []string{"Malmö"}, look: look{"#3a0ca3", "#b8a6f5", "sail", "Tahoma, sans-serif", 4}, methods: []scaMethod{byPush}, habit: &habit{words: "decoupled, an image of the QR code", approach: byDecoupled, needPSU: true, push: pushHabit{challenge: "image"}}},
		{id: "sjalvgang", bic: "SJVGSES0", name: "Självgångs Bank", country: "SE", cities: []string{"Umeå"}, look: look{"#10451d", "#93d6a0", "oak", "Georgia, serif", 8}, methods: []scaMethod{byPush}, habit: &habit{words: "decoupled, approved by itself at the third look", approach: byDecoupled, needPSU: true, push: pushHabit{polls: 3}}},
		{id: "tystnad", bic: "TSTNSES0", name: "Tystnadens Bank", country: "SE", cities: []string{"Falun"}, look: look{"#495057", "#ced4da", "peak", "Palatino, serif", 0}, methods: []scaMethod{byPush}, habit: &habit{words: "decoupled, nobody answers: fails after half a minute", approach: byDecoupled, needPSU: true, push: pushHabit{life: 30 * time.Second, deaf: true}}},

		// Embedded
		{id: "lindwurm", bic: "LNDWDEH0", name: "Lindwurm Bank", country: "DE", cities: []string{"Hamburg", "Berlin"}, look: look{"#540b0e", "#e6a1a4", "horse", "Georgia, serif", 10}, methods: []scaMethod{byText, byReader, byPhoto}, habit: &habit{words: "embedded: name, password, choice of method, code", approach: byEmbedded, identify: true}},
		{id: "einhafen", bic: "NHFNDEH0", name: "Einhafen Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#023e8a", "#9cc2f2", "sail", "Verdana, sans-serif", 2}, methods: []scaMethod{byText}, habit: &habit{words: "embedded: password, one method", approach: byEmbedded, needPSU: true}},
		{id: "moorland", bic: "MRLDDEB0", name: "Moorland Kasse", country: "DE", cities: []string{"Berlin"}, look: look{"#5a5a2a", "#d6d69a", "leaf", "Tahoma, sans-serif", 16}, methods: []scaMethod{}, habit: &habit{words: "embedded: password alone", approach: byEmbedded, needPSU: true}},
		{id: "schlossgarten", bic: "SCHGDEM0", name: "Schlossgarten Privatbank", country: "DE", cities: []string{"München"}, look: look{"#3d0066", "#cfa3ef", "tower", "Garamond, serif", 3}, methods: []scaMethod{byPhoto}, habit: &habit{words: "embedded: encrypted password, a picture", approach: byEmbedded, needPSU: true, encrypted: true}},
		{id: "startklar", bic: "STRKDEB0", name: "Startklar Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#b5179e", "#f5a9e8", "star", "Gill Sans, sans-serif", 18}, methods: []scaMethod{byText, byReader}, habit: &habit{words: "embedded: the start carries the password", approach: byEmbedded, explicit: true, startBy: "startAuthorisationWithPsuAuthentication"}},
		{id: "riegelfest", bic: "RGLFDEH0", name: "Riegelfest Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#212d40", "#a4b8d6", "tower", "Gill Sans, sans-serif", 1}, methods: []scaMethod{byText}, habit: &habit{words: "embedded: the start carries the encrypted password", approach: byEmbedded, explicit: true, encrypted: true, startBy: "startAuthorisationWithEncryptedPsuAuthentication", startAll: true}},
		{id: "doppelhof", bic: "DPLHDEM0", name: "Doppelhof Genossenschaft", country: "DE", cities: []string{"München"}, look: look{"#6c584c", "#dcc9b6", "oak", "Trebuchet MS, sans-serif", 5}, methods: []scaMethod{byText}, habit: &habit{words: "embedded, two people have to sign", approach: byEmbedded, identify: true, signatories: 2}},
		{id: "vielweg", bic: "VLWGDEB0", name: "Vielweg Bank", country: "DE", cities: []string{"Berlin", "München"}, look: look{"#2d6a4f", "#a8dcc2", "wave", "Palatino, serif", 7}, methods: []scaMethod{byPush, byText, byPage}, habit: &habit{words: "the chosen method decides the approach", needPSU: true, ways: map[string]approach{byPush.ID: byDecoupled, byText.ID: byEmbedded, byPage.ID: byRedirect}}},

		{id: "ziffernfels", bic: "ZFFRDEB0", name: "Ziffernfels Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#2e294e", "#bdb4ea", "tower", "Verdana, sans-serif", 5}, methods: []scaMethod{byReader}, habit: &habit{words: "embedded: the start carries the code of a card reader", approach: byEmbedded, explicit: true, needPSU: true, trusted: true, startBy: "startAuthorisationWithTransactionAuthorisation"}},

		// Signatures and certificates
		{id: "notarsberg", bic: "NTRBDEB0", name: "Notarsberg Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#333d29", "#c2c5aa", "oak", "Garamond, serif", 0}, habit: &habit{words: "redirect, signed requests", approach: byRedirect, signing: signed}},
		{id: "kanzleihof", bic: "KNZLDEM0", name: "Kanzleihof Bank", country: "DE", cities: []string{"München"}, look: look{"#41436a", "#b8bae0", "tower", "Palatino, serif", 2}, methods: []scaMethod{byText}, habit: &habit{words: "embedded, signed requests with a date", approach: byEmbedded, needPSU: true, signing: dated}},
		{id: "tresorwald", bic: "TRSWDEH0", name: "Tresorwald Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#1d3557", "#a8c5e8", "leaf", "Tahoma, sans-serif", 4}, habit: &habit{words: "redirect, a client certificate on the line (mTLS)", approach: byRedirect, mtls: true}},

		{id: "sperrwerk", bic: "SPRWDEH0", name: "Sperrwerk Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#5b2333", "#e0aabb", "tower", "Georgia, serif", 1}, habit: &habit{words: "has blocked our certificate: refuses everything", approach: byRedirect, turnsDown: "CERTIFICATE_BLOCKED"}},
		{id: "widerruf", bic: "WDRRDEM0", name: "Widerrufshof Bank", country: "DE", cities: []string{"München"}, look: look{"#3d405b", "#b9bde0", "oak", "Palatino, serif", 3}, habit: &habit{words: "takes our certificate for revoked: refuses everything", approach: byRedirect, turnsDown: "CERTIFICATE_REVOKE"}},
		{id: "rollenwacht", bic: "RLLNDEB0", name: "Rollenwacht Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#1a535c", "#a0dbe3", "horse", "Tahoma, sans-serif", 2}, habit: &habit{words: "redirect; misses the role for payments in our certificate", approach: byRedirect, noPayments: "ROLE_INVALID"}},

		// Cards and reports
		{id: "kartenhaus", bic: "KRTNDEB0", name: "Kartenhaus Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#6d2e46", "#e3b1c6", "star", "Gill Sans, sans-serif", 12}, habit: &habit{words: "redirect; card accounts apart", approach: byRedirect, cards: true}},
		{id: "kortland", bic: "KRTLDKK0", name: "Kortland Sparekasse", country: "DK", cities: []string{"København", "Aarhus"}, look: look{"#003049", "#8ec5e6", "wave", "Verdana, sans-serif", 2}, methods: []scaMethod{byText}, habit: &habit{words: "embedded; card accounts apart, debits without a minus", approach: byEmbedded, needPSU: true, cards: true, debit: true}},
		{id: "auszughof", bic: "SZGHDEM0", name: "Auszughof Bank", country: "DE", cities: []string{"München"}, look: look{"#485696", "#bcc4ee", "tower", "Georgia, serif", 4}, habit: &habit{words: "redirect; transactions as camt.053 too, a payment's status as pain.002", approach: byRedirect, report: camt053, pain002: true}},
		{id: "fernschreib", bic: "FRNSDEH0", name: "Fernschreib Kasse", country: "DE", cities: []string{"Hamburg"}, look: look{"#283d3b", "#a9cbc7", "oak", "Garamond, serif", 0}, habit: &habit{words: "redirect; transactions as MT940 too", approach: byRedirect, report: mt940}},
		{id: "kurzblick", bic: "KRZBDEB0", name: "Kurzblick Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#772f1a", "#f0b79f", "peak", "Tahoma, sans-serif", 6}, noRetryAfter: true, habit: &habit{words: "redirect; 90 days an hour after the authorisation, today among them, 429 without Retry-After", approach: byRedirect, history: 90, today: true}},

		{id: "blaetterwald", bic: "BLTTDEM0", name: "Blätterwald Kasse", country: "DE", cities: []string{"München"}, look: look{"#31572c", "#b4d8a8", "leaf", "Georgia, serif", 11}, ids: bookedIDs, habit: &habit{words: "redirect; pages by offset and limit until one is empty, new ids once booked", approach: byRedirect, offset: true}},

		// Quirky ones
		{id: "kruemel", bic: "KRMLDEB0", name: "Krümel Kasse", country: "DE", cities: []string{"Berlin"}, look: look{"#805b10", "#ecc979", "leaf", "Trebuchet MS, sans-serif", 20}, habit: &habit{words: "quirks: bare links, Location as JSON, lower case header, forgets its authorisations, errors without a body", approach: byRedirect, forgetful: true, errors: noBody, quirks: []quirk{bareLinks, locationAsJSON, lowerCaseHeader}}},
		{id: "zahlenwirr", bic: "ZHLNDEH0", name: "Zahlenwirr Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#54428e", "#c5b9ee", "horse", "Palatino, serif", 1}, habit: &habit{words: "quirks: amounts in every form, flags as text, nulls, balances in two currencies, problem documents", approach: byRedirect, errors: problemDocument, quirks: []quirk{mixedAmounts, textFlags, explicitNulls, twoCurrencies}}},
		{id: "huellenlos", bic: "HLLNDEM0", name: "Hüllenlos Bank", country: "DE", cities: []string{"München"}, look: look{"#1b4965", "#9fd0ec", "sail", "Georgia, serif", 9}, methods: []scaMethod{byText}, habit: &habit{words: "quirks: no envelopes, scatransactionStatus, tppMessage, 200 for 201", approach: byEmbedded, needPSU: true, errors: tppMessageOne, quirks: []quirk{unwrapped("account"), unwrapped("accounts"), unwrapped("transactionsDetails"), unwrapped("transactionDetails"), renamed("scaStatus", "scatransactionStatus"), restored("_links", "scatransactionStatus", "scaStatus"), okForCreated}}},
		{id: "datumsfroh", bic: "DTMFDEB0", name: "Datumsfroh Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#5c3d46", "#dcb5c1", "star", "Verdana, sans-serif", 5}, habit: &habit{words: "quirks: dates with times, poor ids, odd remittance, balances and accounts, errors as a bare list", approach: byRedirect, errors: bareMessages, quirks: []quirk{timedDates, poorIDs, oddRemittance, oddBalances, oddAccounts}}},
		{id: "pfadlos", bic: "PFDLDEH0", name: "Pfadlos Bank", country: "DE", cities: []string{"Hamburg"}, look: look{"#3f4e4f", "#b8c9ca", "wave", "Gill Sans, sans-serif", 3}, habit: &habit{words: "quirks: links without host and version, the next page beside, errors as HTML, no signs", approach: byRedirect, errors: htmlPage, quirks: []quirk{nextBeside, shortLinks, unsignedAmounts}}},
		{id: "ringlauf", bic: "RNGLDEM0", name: "Ringlauf Bank", country: "DE", cities: []string{"München"}, look: look{"#4b3f72", "#c3b8e6", "oak", "Tahoma, sans-serif", 7}, habit: &habit{words: "quirks: the last page's next page is itself", approach: byRedirect, quirks: []quirk{nextToItself}}},
		{id: "umleiter", bic: "MLTRDEB0", name: "Umleiter Bank", country: "DE", cities: []string{"Berlin"}, look: look{"#264027", "#a6cfa8", "horse", "Georgia, serif", 4}, habit: &habit{words: "quirks: 302 with a Location instead of a link, 202 for a withdrawal", approach: byRedirect, quirks: []quirk{jump, acceptedDelete}}},
	}
	list = append(append(list, georgianBank()), saltEdgeBanks()...)
	for i, b := range list {
		if b.dialect == "" {
			b.dialect = dialectBerlinGroup
		}
		if b.methods == nil {
			b.methods = []scaMethod{byApp}
		}
		if b.balances == nil {
			b.balances = usual
		}
		b.website = "https://" + people.FixedID("website", b.bic)[:8] + ".bank.example/"
		b.settle(100 + i)
	}
	return list
}

// prefix is where a bank's services lie on the sandbox's host.
func (b *bank) prefix() string {
	switch b.dialect {
	case dialectBankOfGeorgia:
		return georgianRoot
	case dialectSaltEdge:
		return "/saltedge/" + b.id + "/api/berlingroup/v1"
	}
	return "/berlingroup/" + b.id + "/v1"
}

// server is where a bank's authorisation server lies, and the end of its issuer.
func (b *bank) server() string {
	if b.dialect == dialectBankOfGeorgia {
		return "/bog"
	}
	return "/berlingroup/" + b.id
}

// bankByID finds a bank of a dialect; nil when there is none.
func (s *Sandbox) bankByID(dialect, id string) *bank {
	for _, b := range s.banks {
		if b.dialect == dialect && b.id == id && id != "" {
			return b
		}
	}
	return nil
}
