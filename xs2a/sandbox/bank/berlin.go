package bank

import (
	"slices"
	"time"

	"consentry/xs2a/sandbox/people"
	"consentry/xs2a/sandbox/sign"
)

// The ways to authenticate of the Berlin Group's banks.
var (
	ByPush  = Method{"PUSH_OTP", "push_app", "Approve in the bank's app", "The app on your telephone asks you."}
	ByPage  = Method{"CHIP_OTP", "web_page", "On the bank's own pages", "You go to the bank and come back."}
	ByPhoto = Method{"PHOTO_OTP", "photo_tan", "Photo TAN", "Your reader shows a code for the picture."}
)

// BerlinBanks lists the banks of the Berlin Group's dialects, each with one
// behaviour. All names are invented.
//
// Quirky ones, whose answers depart from the definition on purpose, are those
// with quirks, with another form of errors, or with a link that comes late (null at
// first); all others keep to it.
func BerlinBanks() []*Bank {
	usual := []string{"closingBooked", "interimAvailable"}
	metadata := OAuth{Link: "metadata"}
	signed, dated := &sign.Rules{Issuer: "CA"}, &sign.Rules{Issuer: "CA", Date: true}
	list := []*Bank{
		// Redirect
		{ID: "rheintor", BIC: "RHTRDEB0", Name: "Rheintor Bank", Country: "DE", Cities: []string{"Berlin", "Hamburg"}, Look: Look{"#0f4c5c", "#7cc6d6", "tower", "Georgia, serif", 4}, Behaviour: &Behaviour{Words: "redirect, started by the bank; payments are cancelled at once", Approach: ByRedirect, Cancel: CancelAtOnce}},
		{ID: "elbufer", BIC: "ELBFDEH0", Name: "Elbufer Kreditbank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#5f0f40", "#e59ac4", "wave", "Verdana, sans-serif", 8}, Behaviour: &Behaviour{Words: "redirect, started by the TPP; payments cannot be cancelled; a withdrawal has to be approved", Guarded: true, Approach: ByRedirect, Explicit: true, Cancel: CancelNever}},
		{ID: "siegelhaus", BIC: "SGLHDEM0", Name: "Siegelhaus Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#4a1942", "#d9a5d0", "oak", "Palatino, serif", 2}, Behaviour: &Behaviour{Words: "redirect, then a confirmation code", Approach: ByRedirect, Confirmation: true}},
		{ID: "zwillingsbach", BIC: "ZWLBDEB0", Name: "Zwillingsbach Kasse", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#1b4332", "#95d5b2", "leaf", "Tahoma, sans-serif", 6}, Behaviour: &Behaviour{Words: "redirect, two people have to sign", Approach: ByRedirect, Signatories: 2}},
		{ID: "freipass", BIC: "FRPSDEM0", Name: "Freipass Direktbank", Country: "DE", Cities: []string{"München", "Berlin"}, Look: Look{"#7f4f24", "#e0b98a", "sail", "Trebuchet MS, sans-serif", 12}, Behaviour: &Behaviour{Words: "no SCA: exempted at once", Approach: ByEmbedded, Exempt: true, NeedPSU: true}},

		// OAuth
		{ID: "oststern", BIC: "STSRDEB0", Name: "Oststern Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#22333b", "#a9c1cc", "star", "Garamond, serif", 0}, Behaviour: &Behaviour{Words: "OAuth, metadata by RFC 8414", Approach: ByOAuth, OAuth: metadata}},
		{ID: "havelquell", BIC: "HVLQDEB0", Name: "Havelquell Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#14489c", "#9dbdf2", "wave", "Gill Sans, sans-serif", 10}, Behaviour: &Behaviour{Words: "OAuth, metadata by openid-configuration", Approach: ByOAuth, OAuth: OAuth{Link: "openid"}}},
		{ID: "isarfels", BIC: "SRFLDEM0", Name: "Isarfels Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#3c6e71", "#a6d5d8", "peak", "Georgia, serif", 5}, Behaviour: &Behaviour{Words: "OAuth, the link has no host; a withdrawal has to be approved", Guarded: true, Approach: ByOAuth, OAuth: OAuth{Link: "relative", NoRefresh: true}}},
		{ID: "nordfjell", BIC: "NRFJNOB0", Name: "Nordfjell Sparekasse", Country: "NO", Cities: []string{"Oslo", "Bergen"}, Look: Look{"#27187e", "#aeb8fe", "peak", "Verdana, sans-serif", 3}, Behaviour: &Behaviour{Words: "OAuth, a ready-made address", Approach: ByOAuth, OAuth: OAuth{Link: "ready"}}},
		{ID: "bergtopp", BIC: "BRGTNOT0", Name: "Bergtopp Bank", Country: "NO", Cities: []string{"Tromsø"}, Look: Look{"#6a040f", "#f2a3a9", "star", "Tahoma, sans-serif", 14}, Behaviour: &Behaviour{Words: "OAuth, a ready-made address in camel case", Approach: ByOAuth, Explicit: true, OAuth: OAuth{Link: "camel"}}},
		{ID: "havtorv", BIC: "HVTVDKK0", Name: "Havtorvets Bank", Country: "DK", Cities: []string{"København"}, Look: Look{"#00506b", "#86cfe8", "sail", "Palatino, serif", 7}, Behaviour: &Behaviour{Words: "OAuth, a blank in the scope", Approach: ByOAuth, OAuth: OAuth{Link: "metadata", Blank: true}}},
		{ID: "senebro", BIC: "SNBRDKA0", Name: "Senebro Andelskasse", Country: "DK", Cities: []string{"Aarhus"}, Look: Look{"#432818", "#d9b99b", "tower", "Georgia, serif", 9}, Behaviour: &Behaviour{Words: "OAuth, the link comes later", Approach: ByOAuth, Late: true, OAuth: metadata}},
		{ID: "ensinmaki", BIC: "NSMKFIH0", Name: "Ensinmäen Pankki", Country: "FI", Cities: []string{"Helsinki", "Turku"}, Look: Look{"#344e41", "#b5cfa8", "leaf", "Trebuchet MS, sans-serif", 2}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "OAuth before the consent, then a code", Approach: ByEmbedded, PreStep: "authorization_code", OAuth: metadata}},
		{ID: "vuorenpaa", BIC: "VRNPFIT0", Name: "Vuorenpään Säästökassa", Country: "FI", Cities: []string{"Tampere"}, Look: Look{"#283618", "#c3cf9a", "peak", "Garamond, serif", 0}, Behaviour: &Behaviour{Words: "client token before the consent, then redirect", Approach: ByRedirect, PreStep: "client_credentials", OAuth: metadata}},

		// Decoupled
		{ID: "sandvik", BIC: "SNVKSES0", Name: "Sandviks Folkbank", Country: "SE", Cities: []string{"Stockholm"}, Look: Look{"#005f73", "#94d2bd", "wave", "Gill Sans, sans-serif", 11}, Methods: []Method{ByPush}, Behaviour: &Behaviour{Words: "decoupled, a message only", Approach: ByDecoupled, NeedPSU: true}},
		{ID: "lyktan", BIC: "LKTNSEG0", Name: "Lyktans Bank", Country: "SE", Cities: []string{"Göteborg", "Malmö"}, Look: Look{"#9a031e", "#fb9ba6", "star", "Verdana, sans-serif", 6}, Methods: []Method{ByPush}, Behaviour: &Behaviour{Words: "decoupled, data for a QR code; a withdrawal has to be approved", Guarded: true, Approach: ByDecoupled, Identify: true, Push: Push{Challenge: "data"}}},
		{ID: "bildholm", BIC: "BLDHSEM0", Name: "Bildholmens Sparbank", Country: "SE", Cities: []string{"Malmö"}, Look: Look{"#3a0ca3", "#b8a6f5", "sail", "Tahoma, sans-serif", 4}, Methods: []Method{ByPush}, Behaviour: &Behaviour{Words: "decoupled, an image of the QR code", Approach: ByDecoupled, NeedPSU: true, Push: Push{Challenge: "image"}}},
		{ID: "sjalvgang", BIC: "SJVGSES0", Name: "Självgångs Bank", Country: "SE", Cities: []string{"Umeå"}, Look: Look{"#10451d", "#93d6a0", "oak", "Georgia, serif", 8}, Methods: []Method{ByPush}, Behaviour: &Behaviour{Words: "decoupled, approved by itself at the third look", Approach: ByDecoupled, NeedPSU: true, Push: Push{Polls: 3}}},
		{ID: "tystnad", BIC: "TSTNSES0", Name: "Tystnadens Bank", Country: "SE", Cities: []string{"Falun"}, Look: Look{"#495057", "#ced4da", "peak", "Palatino, serif", 0}, Methods: []Method{ByPush}, Behaviour: &Behaviour{Words: "decoupled, nobody answers: fails after half a minute", Approach: ByDecoupled, NeedPSU: true, Push: Push{Life: 30 * time.Second, UnreachablePhone: true}}},

		// Embedded
		{ID: "lindwurm", BIC: "LNDWDEH0", Name: "Lindwurm Bank", Country: "DE", Cities: []string{"Hamburg", "Berlin"}, Look: Look{"#540b0e", "#e6a1a4", "horse", "Georgia, serif", 10}, Methods: []Method{ByText, ByReader, ByPhoto}, Behaviour: &Behaviour{Words: "embedded: name, password, choice of method, code", Approach: ByEmbedded, Identify: true}},
		{ID: "einhafen", BIC: "NHFNDEH0", Name: "Einhafen Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#023e8a", "#9cc2f2", "sail", "Verdana, sans-serif", 2}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "embedded: password, one method", Approach: ByEmbedded, NeedPSU: true}},
		{ID: "moorland", BIC: "MRLDDEB0", Name: "Moorland Kasse", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#5a5a2a", "#d6d69a", "leaf", "Tahoma, sans-serif", 16}, Methods: []Method{}, Behaviour: &Behaviour{Words: "embedded: password alone; a withdrawal has to be approved", Guarded: true, Approach: ByEmbedded, NeedPSU: true}},
		{ID: "schlossgarten", BIC: "SCHGDEM0", Name: "Schlossgarten Privatbank", Country: "DE", Cities: []string{"München"}, Look: Look{"#3d0066", "#cfa3ef", "tower", "Garamond, serif", 3}, Methods: []Method{ByPhoto}, Behaviour: &Behaviour{Words: "embedded: encrypted password, a picture", Approach: ByEmbedded, NeedPSU: true, Encrypted: true}},
		{ID: "startklar", BIC: "STRKDEB0", Name: "Startklar Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#b5179e", "#f5a9e8", "star", "Gill Sans, sans-serif", 18}, Methods: []Method{ByText, ByReader}, Behaviour: &Behaviour{Words: "embedded: the start carries the password", Approach: ByEmbedded, Explicit: true, StartBy: "startAuthorisationWithPsuAuthentication"}},
		{ID: "riegelfest", BIC: "RGLFDEH0", Name: "Riegelfest Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#212d40", "#a4b8d6", "tower", "Gill Sans, sans-serif", 1}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "embedded: the start carries the encrypted password", Approach: ByEmbedded, Explicit: true, Encrypted: true, StartBy: "startAuthorisationWithEncryptedPsuAuthentication", StartAll: true}},
		{ID: "doppelhof", BIC: "DPLHDEM0", Name: "Doppelhof Genossenschaft", Country: "DE", Cities: []string{"München"}, Look: Look{"#6c584c", "#dcc9b6", "oak", "Trebuchet MS, sans-serif", 5}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "embedded, two people have to sign", Approach: ByEmbedded, Identify: true, Signatories: 2}},
		{ID: "vielweg", BIC: "VLWGDEB0", Name: "Vielweg Bank", Country: "DE", Cities: []string{"Berlin", "München"}, Look: Look{"#2d6a4f", "#a8dcc2", "wave", "Palatino, serif", 7}, Methods: []Method{ByPush, ByText, ByPage}, Behaviour: &Behaviour{Words: "the chosen method decides the approach", NeedPSU: true, Ways: map[string]Approach{ByPush.ID: ByDecoupled, ByText.ID: ByEmbedded, ByPage.ID: ByRedirect}}},

		{ID: "ziffernfels", BIC: "ZFFRDEB0", Name: "Ziffernfels Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#2e294e", "#bdb4ea", "tower", "Verdana, sans-serif", 5}, Methods: []Method{ByReader}, Behaviour: &Behaviour{Words: "embedded: the start carries the code of a card reader", Approach: ByEmbedded, Explicit: true, NeedPSU: true, Trusted: true, StartBy: "startAuthorisationWithTransactionAuthorisation"}},

		// Signatures and certificates
		{ID: "notarsberg", BIC: "NTRBDEB0", Name: "Notarsberg Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#333d29", "#c2c5aa", "oak", "Garamond, serif", 0}, Behaviour: &Behaviour{Words: "redirect, signed requests; tells what came since the last report alone (deltaList)", Approach: ByRedirect, Signing: signed, Deltas: people.ByReport}},
		{ID: "kanzleihof", BIC: "KNZLDEM0", Name: "Kanzleihof Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#41436a", "#b8bae0", "tower", "Palatino, serif", 2}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "embedded, signed requests with a date", Approach: ByEmbedded, NeedPSU: true, Signing: dated}},
		{ID: "tresorwald", BIC: "TRSWDEH0", Name: "Tresorwald Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#1d3557", "#a8c5e8", "leaf", "Tahoma, sans-serif", 4}, Behaviour: &Behaviour{Words: "redirect, a client certificate on the line (mTLS)", Approach: ByRedirect, MTLS: true}},

		{ID: "sperrwerk", BIC: "SPRWDEH0", Name: "Sperrwerk Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#5b2333", "#e0aabb", "tower", "Georgia, serif", 1}, Behaviour: &Behaviour{Words: "has blocked our certificate: refuses everything", Approach: ByRedirect, TurnsDown: "CERTIFICATE_BLOCKED"}},
		{ID: "widerruf", BIC: "WDRRDEM0", Name: "Widerrufshof Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#3d405b", "#b9bde0", "oak", "Palatino, serif", 3}, Behaviour: &Behaviour{Words: "takes our certificate for revoked: refuses everything", Approach: ByRedirect, TurnsDown: "CERTIFICATE_REVOKE"}},
		{ID: "rollenwacht", BIC: "RLLNDEB0", Name: "Rollenwacht Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#1a535c", "#a0dbe3", "horse", "Tahoma, sans-serif", 2}, Behaviour: &Behaviour{Words: "redirect; misses the role for payments in our certificate", Approach: ByRedirect, NoPayments: "ROLE_INVALID"}},

		// Cards and reports
		{ID: "kartenhaus", BIC: "KRTNDEB0", Name: "Kartenhaus Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#6d2e46", "#e3b1c6", "star", "Gill Sans, sans-serif", 12}, Behaviour: &Behaviour{Words: "redirect; card accounts apart", Approach: ByRedirect, Cards: true}},
		{ID: "kortland", BIC: "KRTLDKK0", Name: "Kortland Sparekasse", Country: "DK", Cities: []string{"København", "Aarhus"}, Look: Look{"#003049", "#8ec5e6", "wave", "Verdana, sans-serif", 2}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "embedded; card accounts apart, debits without a minus", Approach: ByEmbedded, NeedPSU: true, Cards: true, Debit: true}},
		{ID: "auszughof", BIC: "SZGHDEM0", Name: "Auszughof Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#485696", "#bcc4ee", "tower", "Georgia, serif", 4}, Behaviour: &Behaviour{Words: "redirect; transactions as camt.053 too, a payment's status as pain.002", Approach: ByRedirect, Report: Camt053, Pain002: true}},
		{ID: "fernschreib", BIC: "FRNSDEH0", Name: "Fernschreib Kasse", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#283d3b", "#a9cbc7", "oak", "Garamond, serif", 0}, Behaviour: &Behaviour{Words: "redirect; transactions as MT940 too", Approach: ByRedirect, Report: MT940}},
		{ID: "kurzblick", BIC: "KRZBDEB0", Name: "Kurzblick Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#772f1a", "#f0b79f", "peak", "Tahoma, sans-serif", 6}, NoRetryAfter: true, Behaviour: &Behaviour{Words: "redirect; 90 days an hour after the authorisation, today among them, 429 without Retry-After; tells what came after an entry alone (entryReferenceFrom)", Approach: ByRedirect, History: 90, Today: true, Deltas: people.ByReference}},

		{ID: "blaetterwald", BIC: "BLTTDEM0", Name: "Blätterwald Kasse", Country: "DE", Cities: []string{"München"}, Look: Look{"#31572c", "#b4d8a8", "leaf", "Georgia, serif", 11}, IDs: BookedIDs, Behaviour: &Behaviour{Words: "redirect; pages by offset and limit until one is empty, new ids once booked", Approach: ByRedirect, Offset: true}},

		// Quirky ones
		{ID: "kruemel", BIC: "KRMLDEB0", Name: "Krümel Kasse", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#805b10", "#ecc979", "leaf", "Trebuchet MS, sans-serif", 20}, Behaviour: &Behaviour{Words: "quirks: bare links, Location as JSON, lower case header, forgets its authorisations, errors without a body", Approach: ByRedirect, Forgetful: true, Errors: NoBody, Quirks: []Quirk{bareLinks, locationAsJSON, lowerCaseHeader}}},
		{ID: "zahlenwirr", BIC: "ZHLNDEH0", Name: "Zahlenwirr Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#54428e", "#c5b9ee", "horse", "Palatino, serif", 1}, Behaviour: &Behaviour{Words: "quirks: amounts in every form, flags as text, nulls, balances in two currencies, problem documents", Approach: ByRedirect, Errors: ProblemDocument, Quirks: []Quirk{mixedAmounts, textFlags, explicitNulls, twoCurrencies}}},
		{ID: "huellenlos", BIC: "HLLNDEM0", Name: "Hüllenlos Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#1b4965", "#9fd0ec", "sail", "Georgia, serif", 9}, Methods: []Method{ByText}, Behaviour: &Behaviour{Words: "quirks: no envelopes, scatransactionStatus, tppMessage, 200 for 201", Approach: ByEmbedded, NeedPSU: true, Errors: TPPMessageOne, Quirks: []Quirk{unwrapped("account"), unwrapped("accounts"), unwrapped("transactionsDetails"), unwrapped("transactionDetails"), renamed("scaStatus", "scatransactionStatus"), restored("_links", "scatransactionStatus", "scaStatus"), okForCreated}}},
		{ID: "datumsfroh", BIC: "DTMFDEB0", Name: "Datumsfroh Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#5c3d46", "#dcb5c1", "star", "Verdana, sans-serif", 5}, Behaviour: &Behaviour{Words: "quirks: dates with times, poor ids, odd remittance, balances and accounts, errors as a bare list", Approach: ByRedirect, Errors: BareMessages, Quirks: []Quirk{timedDates, poorIDs, oddRemittance, oddBalances, oddAccounts}}},
		{ID: "pfadlos", BIC: "PFDLDEH0", Name: "Pfadlos Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#3f4e4f", "#b8c9ca", "wave", "Gill Sans, sans-serif", 3}, Behaviour: &Behaviour{Words: "quirks: links without host and version, the next page beside, errors as HTML, no signs", Approach: ByRedirect, Errors: HTMLPage, Quirks: []Quirk{nextBeside, shortLinks, unsignedAmounts}}},
		{ID: "ringlauf", BIC: "RNGLDEM0", Name: "Ringlauf Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#4b3f72", "#c3b8e6", "oak", "Tahoma, sans-serif", 7}, Behaviour: &Behaviour{Words: "quirks: the last page's next page is itself", Approach: ByRedirect, Quirks: []Quirk{nextToItself}}},
		{ID: "umleiter", BIC: "MLTRDEB0", Name: "Umleiter Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#264027", "#a6cfa8", "horse", "Georgia, serif", 4}, Behaviour: &Behaviour{Words: "quirks: 302 with a Location instead of a link, 202 for a withdrawal", Approach: ByRedirect, Quirks: []Quirk{jump, acceptedDelete}}},
	}
	list = slices.Concat(list, []*Bank{georgianBank()}, saltEdgeBanks(), payingBanks(), []*Bank{slippingBank()})
	for i, b := range list {
		if b.Dialect == "" {
			b.Dialect = BerlinGroup
		}
		if b.Methods == nil {
			b.Methods = []Method{ByApp}
		}
		if b.Balances == nil {
			b.Balances = usual
		}
		b.Website = "https://" + people.FixedID("website", b.BIC)[:8] + ".bank.example/"
		b.settle(100 + i)
	}
	return list
}

// georgianBank returns the one bank of the dialect. It is invented.
func georgianBank() *Bank {
	return &Bank{
		Dialect: BankOfGeorgia, ID: "mtkvari", BIC: "MTKVGET0", Name: "Mtkvari Bank", Country: "GE", Cities: []string{"Tbilisi", "Batumi", "Kutaisi"},
		Look: Look{"#8a3324", "#f0b0a2", "tower", "Georgia, serif", 8}, Methods: []Method{ByText, ByApp}, Balances: []string{"interimAvailable", "closingBooked"},
		Behaviour: &Behaviour{Words: "a choice of methods, then OAuth; requests signed as detached JWS", Approach: ByOAuth, Explicit: true, OAuth: OAuth{Link: "metadata"}, JWS: true},
	}
}

// saltEdgeBanks lists those that are reached through Salt Edge.
func saltEdgeBanks() []*Bank {
	rules := &sign.Rules{Date: true, Issuer: "DN", OpeningOnly: true}
	worded := *rules
	worded.Word, worded.PEM, worded.Issuer, worded.Slashed = true, true, "CA", true
	return []*Bank{
		{Dialect: SaltEdge, ID: "salzhafen_de", BIC: "SLZHDEH0", Name: "Salzhafen Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#2b4162", "#a5bde0", "sail", "Verdana, sans-serif", 6}, Behaviour: &Behaviour{Words: "signed headers; the link comes with a later look", Approach: ByRedirect, Late: true, Signing: rules, Errors: ErrorClass}},
		{Dialect: SaltEdge, ID: "saltsjon_se", BIC: "SLTSSES0", Name: "Saltsjöns Bank", Country: "SE", Cities: []string{"Stockholm"}, Look: Look{"#0b6e4f", "#8fdcbf", "wave", "Georgia, serif", 3}, Behaviour: &Behaviour{Words: "signed headers, the word Signature, certificate as PEM", Approach: ByRedirect, Signing: &worded, Errors: ErrorClass}},
	}
}

// payingBanks lists those whose habit is about payments. All lead to a page of their own.
func payingBanks() []*Bank {
	return []*Bank{
		{ID: "groschenhof", BIC: "GRSHDEM0", Name: "Groschenhof Bank", Country: "DE", Cities: []string{"München"}, Look: Look{"#7a5c00", "#e6cf7a", "star", "Georgia, serif", 8}, Behaviour: &Behaviour{Words: "redirect; charges for payments and says how much before they are approved", Approach: ByRedirect, Fees: true}},
		{ID: "namensweiser", BIC: "NMNWDEH0", Name: "Namensweiser Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#34495e", "#b3c3d6", "horse", "Garamond, serif", 2}, Behaviour: &Behaviour{Words: "redirect; says whether the account is the payee's, and whether you trust them", Approach: ByRedirect, NameCheck: true}},
		{ID: "funkloch", BIC: "FNKLDEB0", Name: "Funkloch Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#4a4e69", "#c2c4de", "wave", "Tahoma, sans-serif", 1}, Behaviour: &Behaviour{Words: "redirect; takes payments, but its answer gets lost on the way", Approach: ByRedirect, Loses: true}},
		{ID: "schneckenhaus", BIC: "SCNKDEB0", Name: "Schneckenhaus Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#5e548e", "#cbc3e8", "leaf", "Verdana, sans-serif", 18}, Behaviour: &Behaviour{Words: "redirect; slow: it answers to a payment, or to a cancellation, after three seconds", Approach: ByRedirect, Slow: 3 * time.Second, Cancel: CancelAtOnce}},
		{ID: "ebbstrand", BIC: "BBSTDEH0", Name: "Ebbstrand Bank", Country: "DE", Cities: []string{"Hamburg"}, Look: Look{"#006d77", "#8fd3d9", "sail", "Palatino, serif", 6}, Behaviour: &Behaviour{Words: "redirect; a payment without enough money waits four hours for it, or is rejected at once where that is preferred", Approach: ByRedirect, Patience: 4 * time.Hour}},
		{ID: "gemach", BIC: "GMCHDEM0", Name: "Gemach Kasse", Country: "DE", Cities: []string{"München"}, Look: Look{"#6b705c", "#cfd3bf", "oak", "Georgia, serif", 14}, Behaviour: &Behaviour{Words: "redirect; payments change their status over six hours, standing orders until their last", Approach: ByRedirect, Pace: Pace{Profile: time.Hour, Process: 3 * time.Hour, Settle: 6 * time.Hour}, Lasting: true}},
		{ID: "einbahn", BIC: "NBHNDEB0", Name: "Einbahn Bank", Country: "DE", Cities: []string{"Berlin"}, Look: Look{"#9b2226", "#f0a8ab", "tower", "Trebuchet MS, sans-serif", 3}, Behaviour: &Behaviour{Words: "redirect; refuses to cancel: it is always too late", Approach: ByRedirect, Cancel: CancelTooLate}},
		{ID: "vordruck", BIC: "VRDRDEM0", Name: "Vordruck Kasse", Country: "DE", Cities: []string{"München"}, Look: Look{"#3d348b", "#b9b3ea", "peak", "Tahoma, sans-serif", 0}, Behaviour: &Behaviour{Words: "redirect; takes payments as pain.001 alone", Approach: ByRedirect, XMLOnly: true, Pain002: true}},
	}
}

// slippingBank returns the one that makes one mistake for each rule of the definition. It
// has card accounts, as one of the rules stands in those alone.
func slippingBank() *Bank {
	return &Bank{
		ID: "patzerhof", BIC: "PTZHDEH0", Name: "Patzerhof Bank", Country: "DE", Cities: []string{"Hamburg"},
		Look:      Look{"#1f4e5f", "#9fcbd9", "tower", "Palatino, serif", 5},
		Behaviour: &Behaviour{Words: "quirks: one mistake for each rule of the definition, where it is only read; card accounts apart", Approach: ByRedirect, Cards: true, Quirks: slips},
	}
}
