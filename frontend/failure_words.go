package frontend

import (
	"context"
	"strconv"
	"strings"
	"time"

	"consentry/app/failure"
	"consentry/app/pay/check"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// saying is what is said of a code.
type saying struct {
	what  words.Text
	of    bool // what names whose doing it was, and then why that was so, where that is known
	lost  words.Text
	next  words.Text
	why   bool // what to do is said by what it comes from
	field bool // at a field, what to do is said, too
	// whole says what happened where more than a name stands in it.
	whole func(context.Context, storage.Reason) string
	// left says what was lost where numbers stand in it.
	left func(context.Context, storage.Reason) string
	// again says what to do where that hangs on a time.
	again func(context.Context, storage.Reason) string
}

const (
	nothingSent    words.Text = "Nothing was sent."
	nothingChanged words.Text = "Nothing was changed here."
	nothingThere   words.Text = "Nothing was sent there, and nothing was changed here."
	unharmed       words.Text = "Nothing was lost: what was stored before is unharmed."
	noChange       words.Text = "Consentry changed nothing."
	proxySetting   words.Text = "Look at the environment’s proxy, in the settings, and whether it is running."
	banksMistake   words.Text = "That is a mistake in the bank’s answer. Trying again rarely helps; the details name the link, for the bank’s support."
	fewAttempts    words.Text = "Check it and try again; banks allow a few attempts only."
	noCalendar     words.Text = "There is nothing to put into a calendar."
	notConfirmed   words.Text = "Consentry has stopped using this consent, but %s has not confirmed the withdrawal: %s"
	notUsed        words.Text = "%s Nothing of it was used. If that is your bank's own server, its name belongs into the environment (issuer)."
)

// sayings are the words of all codes.
var sayings = map[string]saying{
	// What banks answer.
	failure.Unreachable: {what: "%s could not be reached.", of: true,
		lost: "Nothing was lost; what you see is what was last fetched.", next: "Check your connection and try again in a minute."},
	failure.Malformed: {what: "%s answered in a way Consentry does not understand.", of: true,
		lost: nothingChanged, next: "Trying again rarely helps. The details name the part that was not understood."},
	failure.Refused: {what: "%s refused the request.", of: true,
		lost: nothingChanged, next: "The details say why, in the bank’s words."},
	failure.AccessRefused: {what: "%s refused access.", of: true,
		lost: nothingChanged, next: "Check the environment's credentials, or ask for a new consent."},
	failure.ConsentExpired: {what: "%s says that this consent has expired.", of: true,
		lost: nothingChanged, next: "Ask for a new one to go on reading, if its page says so, too."},
	failure.ConsentNotAccepted: {what: "%s does not accept this consent for what was asked.", of: true,
		lost: nothingChanged, next: "Try again later. If it goes on, ask for a new consent."},
	failure.TooOften: {what: "%s allows no more reads of this kind today.", of: true,
		lost: nothingChanged, again: againOrAttended},
	failure.TooLongAgo: {what: "%s does not accept the period asked for.", of: true,
		lost: nothingChanged, next: "Many banks give older days only soon after an approval. Renew the consent to read them."},
	failure.EndOver: {what: "At %s the day until which you ask has passed already, or ends too soon.", of: true,
		lost: nothingChanged, next: "Choose a later end date.", field: true},
	failure.EndTooFar: {what: "%s does not grant it for that long.", of: true,
		lost: nothingChanged, next: "Choose an earlier end date; most banks grant 180 days at most.", field: true},
	failure.EndNotTaken: {what: "%s does not take this end date.", of: true,
		lost: nothingChanged, next: "Choose another one.", field: true},
	failure.WrongSignature: {what: "%s does not accept the signature of the request.", of: true,
		lost: nothingChanged, next: "Check the way of signing and the certificate in the settings."},
	failure.WrongCertificate: {what: "%s does not accept the certificate.", of: true,
		lost: nothingChanged, next: "Check it in the settings: its end date, its role, and that the bank knows it."},
	failure.ServiceBlocked: {what: "%s has blocked this service.", of: true,
		lost: nothingChanged, next: "Only the bank can lift that."},
	failure.WrongClient: {what: "The client id or secret of this environment is not accepted.",
		lost: nothingChanged, next: "Correct it in the settings."},
	failure.WrongGrant: {what: "%s did not accept the confirmation it sent you back with.", of: true,
		lost: nothingChanged, next: "Start the approval once more."},
	failure.Pause:            {what: "%s asks for a pause.", of: true, lost: nothingChanged, again: again},
	failure.BankFault:        {what: "%s has a technical problem.", of: true, lost: nothingChanged, again: again},
	failure.WrongCredentials: {what: "Wrong login or password.", lost: nothingChanged, next: fewAttempts, field: true},
	failure.WrongLogin:       {what: "%s does not accept this login.", of: true, lost: nothingChanged, next: "Check it, and whose login it is.", field: true},
	failure.WrongPassword:    {what: "Wrong password.", lost: nothingChanged, next: fewAttempts, field: true},
	failure.WrongCode:        {what: "Wrong code.", lost: nothingChanged, next: fewAttempts, field: true},
	failure.UnknownMethod:    {what: "Your bank does not offer this way any more.", lost: nothingChanged, next: fewAttempts, field: true},
	failure.Endless: {what: "%s sends more transactions than Consentry takes in one fetch.", of: true,
		left: func(ctx context.Context, r storage.Reason) string {
			return words.T(ctx, "Nothing was lost. Kept so far: %s on %s. Which days are missing stands with the account.",
				words.N(ctx, r.Number, "%d entry", "%d entries"), words.N(ctx, r.Of, "%d page", "%d pages"))
		}, next: "Renew the consent to try again."},
	failure.HostUnknown: {whole: func(ctx context.Context, r storage.Reason) string {
		r, host := hostOfLink(r)
		return words.T(ctx, "%s leads to a host that is not known as its own: %s.", whose(ctx, r), host)
	}, lost: nothingThere, next: "If your bank confirms that the host is its own, add it to the environment’s hosts, in the settings. Otherwise leave it."},
	failure.LinkElsewhere: {whole: func(ctx context.Context, r storage.Reason) string {
		r, host := hostOfLink(r)
		return words.T(ctx, "%s answered with a link that leads elsewhere: to %s.", whose(ctx, r), host)
	}, lost: nothingThere, next: banksMistake},
	failure.LinkUnusable: {what: "%s answered with a link that cannot be followed.", of: true, lost: nothingThere, next: banksMistake},
	failure.ServerUnknown: {what: "Where you would approve at %s, or where that is confirmed, is not known.", of: true,
		lost: nothingSent, again: func(ctx context.Context, r storage.Reason) string {
			return words.T(ctx, "Enter what the bank’s server does not tell in the environment, in the settings: %s.", commas(ctx, r.Names))
		}},
	failure.PasswordKeyUnknown: {what: "%s wants your password encrypted, and its key is not known here.", of: true,
		lost: nothingSent, next: "Add the bank's key for passwords to the environment, in the settings."},

	// What lies between.
	failure.ProxyUnreachable: {whole: ofProxy("The proxy %s does not answer as a proxy does."),
		lost: "The bank heard nothing of it, and nothing was lost.", next: proxySetting},
	failure.ProxyLogin: {whole: ofProxy("The proxy %s does not accept your user and password, or wants some."),
		lost: "The bank heard nothing of it, and nothing was lost.", next: proxySetting},
	failure.ProxyRefused: {whole: ofProxy("The proxy %s did not connect to the bank."),
		lost: "The bank heard nothing of it, and nothing was lost.", next: "Whoever runs the proxy can tell why. The details have what it answered."},
	failure.ProxyCertificate: {whole: ofProxy("The connection through the proxy %s ends at a certificate of an authority that is not trusted here."),
		lost: nothingSent, next: "If the proxy reads along, or the bank certifies itself, add that authority to the environment, in the settings. Otherwise leave it."},

	// The lock, and the profiles of a household.
	failure.EnterPassphrase: {what: "Enter your passphrase."},
	failure.PassphraseWrong: {what: "This is not the passphrase."},
	failure.PassphraseWait: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Number, "There were several wrong ones. Try again in %d second.", "There were several wrong ones. Try again in %d seconds.")
	}},
	failure.PassphraseLong: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Use %d byte at most.", "Use %d bytes at most.")
	}},
	failure.PassphraseDiffers: {what: "This is not what you typed above."},
	failure.BackupPassphrase:  {what: "This is not the passphrase of the backup, or the beginning of the file is damaged."},
	failure.BackupForeign:     {what: "This file is no backup of Consentry."},
	failure.BackupDamaged:     {what: "This backup is damaged, or not there to its end. Copy it anew from where you keep it, or take another."},
	failure.BackupNewer: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This backup was made by Consentry %s, which is newer than this one. Update Consentry first.", r.Name)
	}},
	failure.BackupLarge: {what: "This is larger than a backup can be.",
		lost: nothingChanged, next: "Keep a copy of the data folder instead, while Consentry does not run."},
	failure.RestoreUnderWay: {what: "A backup is being looked at in another window.",
		lost: nothingChanged, next: "Wait for it to end, and try again."},
	failure.FolderOfAnother: {what: "Another Consentry has these data open.",
		lost: nothingChanged, next: "End it, or wait for it to end, and try again."},
	failure.NotStartedOver: {what: "Starting over failed.",
		lost: "Everything is as it was.", next: "The details say why."},
	failure.TooManyProfiles: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "There is room for %d profile.", "There is room for %d profiles.")
	}},
	failure.ProfileInUse: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Number, "%d consent is in force in this profile.", "%d consents are in force in this profile.")
	}, lost: nothingChanged, next: "Withdraw them first, or say that they may stay in force."},

	failure.TokensNotSentAgain: {what: "A request for an access token is not sent by hand.",
		lost: nothingSent, next: "A code is good once, and a token that came here would belong to nobody. Consentry gets one when a request needs it."},
	failure.RecordingNotForked: {what: "A flow that was brought in a file cannot be forked.",
		lost: nothingSent, next: "Its ids and tokens belong to whoever recorded it. Play the recording back, link the bank that is made of it, and fork that flow."},
	failure.NoFlowToFork: {what: "These exchanges are no flow: nothing in one hangs on another.",
		lost: nothingSent, next: "Send the exchange again by itself."},
	failure.NothingMade: {what: "This exchange is not known to have made anything at the bank.",
		lost: nothingSent, next: "Send it again, and write the request you want."},
	failure.BankNotKnown: {what: "The bank this exchange was with is no longer known here.",
		lost: nothingSent, next: "Only hosts that an environment in the settings names are spoken to."},
	failure.DraftNotRecorded: {what: "It was sent, and what came of it could not be recorded.",
		lost: "Whether the bank acted on it is not known here.", next: "See whether the disk is full."},

	// The program's own rules.
	failure.QuotaUsed: {what: "Consentry has read %s automatically as often as the consent allows.", of: true,
		lost: nothingSent, again: func(ctx context.Context, r storage.Reason) string {
			return words.T(ctx, "It continues automatically at %s. You can update at any time yourself.", r.At.Local().Format("15:04"))
		}},
	failure.NotInForce: {what: "The consent at %s is not in force.", of: true,
		lost: "Nothing was sent; what was read before stays here.", next: "Ask for a new one to go on reading."},
	failure.FetchLeft: {what: "The fetch stopped, as no page of Consentry was open any more.",
		lost: "What came before was kept.", next: "Fetch once more; the rest follows."},
	failure.NotConfirmed: {what: notConfirmed, of: true, lost: "Nothing is read any more.",
		next: "You can end it at the bank, too: look for “connected services” in your online bank."},
	failure.NotConfirmedYet: {what: notConfirmed, of: true, lost: "Nothing is read any more.",
		next: "Consentry tells it again as soon as it can be reached, while the program runs."},
	failure.NoConsentReaches: {what: "No consent reaches this account any more.",
		lost: "What was read before stays here.", next: "Give a new consent to read it again."},
	failure.LoginFirst: {what: "%s wants your login together with the request.", of: true,
		lost: nothingChanged, next: "Enter it below, then continue."},
	failure.LoginCharacters: {what: "A login has letters from A to Z, digits and signs, in one line."},
	failure.LoginWithPayment: {what: "%s wants your login together with the payment.", of: true,
		lost: nothingChanged, next: "Choose “Pay again”, and enter it under “More”."},
	failure.NotKnownAtBank: {what: "%s does not know this consent yet.", of: true, lost: nothingSent},
	failure.NoTransactionID: {what: "%s gave this transaction no id.", of: true,
		lost: nothingSent, next: "Without one the bank cannot be asked about it."},
	failure.Overtaken: {what: "This step was answered already, from another window or by a second click.",
		lost: "What you entered here was not sent.", next: "Continue with what this page shows now."},
	failure.ApprovalEnded: {what: "This approval has ended.", lost: "The host was not named.", next: "Start the approval again."},
	failure.HostNotNamed:  {what: "This host cannot be named for %s.", of: true, lost: nothingSent},
	failure.NoPage: {what: "There is no page of the bank to open for this consent any more.",
		next: "Go back to see where it stands."},
	failure.DirectoryEmpty: {what: "%s lists no bank any more. The former list stays: an empty answer is no word on each of them.", of: true,
		lost: nothingChanged, next: "Refresh the list later."},
	failure.NoRenewal: {what: "This consent is not to be renewed.", lost: noCalendar,
		next: "Consents in use have a day to renew them by."},
	failure.NoRenewals:      {what: "No consent has to be renewed.", lost: noCalendar, next: "Link a bank first."},
	failure.NothingToRemind: {what: "There is nothing to be reminded of.", lost: "Nothing was changed."},
	failure.PracticeStopped: {what: "The practice banks are not running.", lost: "Nothing was changed."},
	failure.FaultNotTaken:   {what: "The practice banks did not do that.", lost: "Nothing was changed.", next: "What it was about may be over already: look at the board again. The details say why."},
	failure.FaultsNotRead:   {what: "The practice banks do not say what is set there.", lost: "Nothing was changed.", next: "Try again in a minute."},
	failure.NothingWaits:    {what: "Nothing waits for the customer at this bank.", lost: "Nothing was changed.", next: "Begin an approval there first."},
	failure.ClockNotMoved:   {what: "The practice banks did not move their clock.", lost: "Nothing was changed."},

	// The stage.
	failure.StageNotSet: {why: true, lost: "The scene is set up to there. Live banks were not touched.", whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Line %d of the scene could not be carried out.", r.Number)
	}},
	failure.StageFile: {why: true, lost: nothingChanged, whole: func(ctx context.Context, r storage.Reason) string {
		if r.Number == 0 {
			return words.T(ctx, "The file cannot be taken.")
		}
		return words.T(ctx, "Line %d of the file cannot be taken.", r.Number)
	}},
	failure.StageNoTitle: {what: "It does not begin as such a file does: its title is missing."},
	failure.StageOnce: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is to be said once, and in words.", r.Name)
	}},
	failure.StageVerb: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no word that such a line begins with.", r.Name)
	}},
	failure.StageForm: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "What belongs to “%s” is not written as it is understood.", r.Name)
	}},
	failure.StageTooMany: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Of “%s” there may be %d at most.", r.Name, r.Of)
	}},
	failure.StageTwice: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "%s is linked before; a scene links each bank once.", r.Name)
	}},
	failure.StageNotLinked: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "%s is not linked before that.", r.Name)
	}},
	failure.StageNoBank: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "There is no practice bank “%s”.", r.Name)
	}},
	failure.StageNoScene: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "There is no scene “%s”.", r.Name)
	}},
	failure.StageNoSteps:   {what: "It has no step."},
	failure.StageBusy:      {what: "The practice world is being set just now.", lost: nothingChanged, next: "Wait until that is done, then try again."},
	failure.StageNotPaid:   {what: "The payment at %s was not approved: it wants more than a scene can give.", of: true},
	failure.StageNoAccount: {what: "The person has no such account there."},
	failure.StageNoProduct: {what: "The bank has no product for such a payment."},
	failure.StageNoEntry:   {what: "No such transaction was read there."},
	failure.StageNotLinks:  {what: "%s was not linked: it wants more than a scene can give.", of: true},

	// Payments.
	failure.PaymentNotAtBank: {what: "%s has told no number for this payment, so it cannot be asked for.", of: true, lost: nothingSent},
	failure.AtOnceAlone:      {what: "This kind of payment is made at once, and has no day: leave it empty, or choose another kind."},
	failure.NeverDue:         {what: "It would never be made: none of its days lies between the first and the last one."},
	failure.FormUsed: {what: "By this form you composed a payment before, with other contents.", lost: "What stands here now was not taken over, and is not sent.",
		next: "See under “Payments” what became of that one. To pay this, too, begin a new form."},
	failure.PaymentNotShown: {what: "The payment was changed since you saw it.",
		lost: "Nothing was sent.", next: "See it as it is now, then send it."},
	failure.PaymentUnknown: {what: "Nobody knows whether %s has this payment.", of: true,
		lost: "Nothing is sent again automatically.", next: "Look in your online bank, then decide on its page."},
	failure.CancellationRefused: {what: "%s does not cancel the payment.", of: true, why: true,
		lost: "The payment goes on.", next: "Your bank may do it in its own online bank, or by telephone."},
	failure.ProgramEnded: {what: "Consentry ended before the answer came."},
	failure.NoTransfers:  {what: "There is no payment in the file that can be sent."},
	failure.TooManyTransfers: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "There is more than %d payment in the file. Split it.", "There are more than %d payments in the file. Split it.")
	}},
	failure.NotInitiation: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It begins as XML does, and is no pain.001: %s", r.Text)
	}},
	failure.NotATransfer: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It is no transfer, but “%s”.", r.Name)
	}},
	failure.OtherDebtor: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It is to be paid from another account: %s", r.Name)
	}},
	failure.OtherCurrency: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This kind of payment is in %s alone.", r.Name)
	}},
	failure.RowsWrong: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Number, "%d payment cannot be sent. Leave it out, or mend the file.", "%d payments cannot be sent. Leave them out, or mend the file.")
	}},
	failure.NothingToPay: {what: "There is nothing of a payment in this text: no code of an invoice, and not exactly one IBAN."},

	// Fields of a payment.
	string(check.Missing):       {what: "This is needed."},
	string(check.ChooseAccount): {what: "Choose an account, or enter its number."},
	string(check.SameAccount):   {what: "This is the account you pay from."},
	string(check.IBANCountry): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no country that has IBANs.", r.Name)
	}},
	string(check.IBANLength): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The length does not fit: it is %d, and of an IBAN of %s it is %d.", r.Number, r.Name, r.Of)
	}},
	string(check.IBANDigits):     {what: "The check digits do not fit: a digit is wrong, or two have changed places."},
	string(check.IBANStructure):  {what: "This is not the form of an IBAN, DE89 3704 0044 0532 0130 00."},
	string(check.GiroLength):     {what: "A bankgiro number has seven or eight digits, a plusgiro number two to eight."},
	string(check.GiroDigits):     {what: "The last digit does not fit: a digit is wrong, or two have changed places."},
	string(check.ClearingNumber): {what: "A clearing number has four digits, or five that begin with 8."},
	string(check.ClearingDigits): {what: "The fifth digit does not fit: a digit is wrong."},
	string(check.BBANForm):       {what: "An account number has letters and digits alone, at most 30."},
	string(check.ReferenceLength): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Too long: its length is %d, the longest is %d.", r.Number, r.Of)
	}},
	string(check.ReferenceDigits): {what: "The check digits do not fit: a digit is wrong, or two have changed places."},
	string(check.ReferenceForm):   {what: "A reference of this kind has digits alone."},
	string(check.CreditorForm):    {what: "A reference of this kind is RF, two digits, and letters and digits."},
	string(check.PurposeForm): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no purpose code: it has four letters, such as RENT.", r.Name)
	}},
	string(check.TextAndReference):   {what: "There is a text and a reference, and room for one of them."},
	string(check.ReferenceOrInvoice): {what: "Enter the reference, or the number of the invoice."},
	string(check.NotAnAmount):        {what: "Enter an amount, as 12.50."},
	string(check.Ambiguous): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This may be %s or %s. Write it without a mark between thousands.", r.Name, r.Text)
	}},
	string(check.NotPositive): {what: "Enter an amount above zero."},
	string(check.Decimals): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "%[2]s has %[1]d decimal.", "%[2]s has %[1]d decimals.", r.Name)
	}},
	string(check.TooMuch): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Too much: an amount has %d digit before its decimals at most.", "Too much: an amount has %d digits before its decimals at most.")
	}},
	string(check.UnknownCurrency): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no currency. Enter its three letters, as EUR.", r.Name)
	}},
	string(check.NotADay): {what: "Enter a date."},
	string(check.DayPast): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This day is too early: the first is %s.", dayInWords(ctx, r.Name))
	}},
	string(check.DayBeyond): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This day is too far off: the last is %s.", dayInWords(ctx, r.Name))
	}},
	string(check.DayOfMonth): {what: "Enter a day from 1 to 31."},
	string(check.TextLength): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Too long: its length is %d, the longest is %d.", r.Number, r.Of)
	}},
	string(check.TextCharacters): {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Not every bank takes these characters: %s", strings.Join(strings.Split(r.Name, ""), " "))
	}},
	string(check.TextSlash): {what: "A slash may not stand at the beginning, at the end, or beside another one."},

	// Environments and files.
	failure.EnvironmentUnusable: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The environment “%s” cannot be used: %s.", r.Name, r.Text)
	}, next: "Correct it in the settings."},
	failure.ReturnAddressInUse: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The return address %s cannot be used.", r.Name)
	}, lost: nothingSent, next: "End the program that uses the port, or change the address in the settings."},
	failure.EnvironmentChanged: {what: "The environment, or its banks, were changed after you opened this form.", lost: "Nothing was saved.",
		next: "Open the environment again, and make your change to what it is now."},
	failure.EnvironmentInUse: {what: "The environment was not removed: something else hangs on it now than this page said.", lost: "Nothing was changed.",
		next: "See what it is, and decide again."},
	failure.SandboxFixed: {what: "The practice banks cannot be changed."},
	failure.CertificateNotOpened: {what: "The file could not be opened.",
		next: "Check the password, and that it is a PKCS#12 file (.p12 or .pfx).", field: true},
	failure.NotCertified: {what: "The authority of the practice banks did not issue a certificate.", lost: nothingChanged,
		next: "The details say why."},
	failure.KeyUnsupported: {what: "The private key in the file is of a kind that is not supported."},

	// This machine.
	failure.Inside: {what: "Something went wrong inside Consentry.", lost: "What was stored before is unharmed.",
		next: "Try again; if it happens again, report it with the details."},
	string(storage.DiskFull): {what: "The disk is full, so Consentry could not store this.", lost: unharmed,
		next: "Free some space on the disk that holds the data folder, then do it again. Consentry continues automatically."},
	string(storage.ReadOnly): {what: "The disk takes no changes, so Consentry could not store this.", lost: unharmed,
		next: "Make the disk and the data folder writable, then do it again."},
	string(storage.NotAllowed): {what: "Consentry may not use its own files any more.", lost: unharmed,
		next: "Make the data folder and the files in it yours, readable and writable, then do it again."},
	string(storage.NotOpened): {what: "Consentry cannot open its own files any more.", lost: "What was stored before was not touched.",
		next: "See that the disk with the data folder is there, then start Consentry again."},
	string(storage.DiskBroken): {what: "The disk gave an error, so Consentry could not store or read this.", lost: noChange,
		next: "Save a copy of the data folder, and have the disk looked at. Its quota may be used up, too."},
	string(storage.Damaged): {what: "A part of the database is damaged.", lost: noChange,
		next: "Save a copy of the data folder, then put the database back from your backup."},

	// Parts of an account that were not read.
	failure.PartElsewhere: {what: "%s led to a host that is not its own for it. Nothing was sent there.", of: true},
	failure.PartEndless: {what: "%s sends more than Consentry takes in one fetch. What came before was kept; which days are missing stands with the account.",
		of: true},
	failure.PartQuota:   {what: "Consentry had read it automatically as often as the consent allows. Update it yourself, or wait."},
	failure.PartSkipped: {what: "The fetch stopped before it came to this."},
	failure.PartInside:  {what: "Something went wrong inside Consentry. The details are in its log."},

	// What ends an authorisation.
	failure.CameTooLate:     {what: "You came back from the bank too late."},
	failure.CodeNotAccepted: {what: "The bank did not accept the code you came back with."},
	failure.NothingConfirms: {what: "The bank sent you back without a confirmation."},
	failure.SaidTwice: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The return says %s twice, which no bank does. Nothing of it was used.", r.Name)
	}},
	failure.IssuerMissing: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, notUsed, words.Text("The return does not say which server it comes from, though the bank's always does."))
	}},
	failure.IssuerOther: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, notUsed, words.T(ctx, "The return came from another server than the bank's: it names itself %s, and the person was sent to %s.", r.Name, r.Text))
	}},

	// Screens.
	failure.PhoneNotShown: {what: "The practice phone could not be opened at this address.", lost: nothingChanged, next: "Choose another address, or reload the page if the network has changed."},
	failure.BrowserNotOpened: {what: "The browser could not be opened.", lost: "The approval waits here.",
		next: "Copy the address from the details into a browser."},
	failure.NothingHere: {what: "There is nothing at this address.", next: "It may have been removed. Continue from the overview."},
	failure.FormNotRead: {what: "The form could not be read.", lost: "Nothing was saved.", next: "A file may have 256 KB at most."},
	failure.HostsUnconfirmed: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Number, "%d bank was not taken over: a host of theirs is not confirmed.", "%d banks were not taken over: a host of theirs is not confirmed.")
	}, lost: "Nothing was sent there.", next: "Confirm the hosts that you know to be the banks’, or leave these banks."},
	failure.NotARecording:  {what: "This is no recording that can be read.", next: "Choose a HAR, a Postman collection (v2.1) or an .http file.", field: true},
	failure.RecordingEmpty: {what: "There is no exchange in this file.", next: "Choose another one.", field: true},
	failure.TooManyRecordings: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "There is %d recording already, and no more are kept.", "There are %d recordings already, and no more are kept.")
	}, next: "Remove one of them first.", field: true},
	failure.NothingToPlay: {what: "No bank can be made of this recording.", lost: "Nothing was changed.", next: "It holds no request for a consent, an account or a payment."},
	failure.FileNotRead:   {what: "The file could not be read."},

	// Fields of forms.
	failure.CheckFields:    {what: "Please check the marked fields.", lost: nothingSent},
	failure.ChooseFromList: {what: "Choose one of the list."},
	failure.EnterLogin:     {what: "Enter the login your bank knows you by."},
	failure.EnterPassword:  {what: "Enter your password."},
	failure.EnterCode:      {what: "Enter the code."},
	failure.EnterConfirm:   {what: "Enter the confirmation code."},
	failure.PasteWhole: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Paste the whole address from the browser: it begins with %s.", r.Name)
	}},
	failure.OtherAddress: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This is not the address the bank was told: it has to begin with %s.", r.Name)
	}},
	failure.OtherAttempt:  {what: "This address belongs to another attempt."},
	failure.PasteNoAnswer: {what: "The bank’s answer is missing in this address. Copy it to its very end."},
	failure.NotAnIBAN: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is not a valid IBAN. Check it for a typing mistake.", r.Name)
	}},
	failure.TextTooLong: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Say it in %d character at most; there are %d now.", "Say it in %d characters at most; there are %d now.", r.Number)
	}},
	failure.TagWithoutLetter: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” has no letter and no digit, so it is no tag.", r.Name)
	}},
	failure.TagTooLong: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "“%[2]s” is too long: a tag has %[1]d character at most.", "“%[2]s” is too long: a tag has %[1]d characters at most.", r.Name)
	}},
	failure.OneTag: {what: "Type one tag."},
	failure.TooManyTags: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "%d tag at most; there are %d now.", "%d tags at most; there are %d now.", r.Number)
	}},
	failure.NameMissing: {what: "Give it a name."},
	failure.NameTaken:   {what: "You have one of this name already. Choose another name."},
	failure.TooManySearches: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "%d search is kept at most. Remove one first.", "%d searches are kept at most. Remove one first.")
	}},
	failure.TooManyAlerts: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "You have chosen %d alert, the most there can be. Remove one first.", "You have chosen %d alerts, the most there can be. Remove one first.")
	}},
	failure.AlertThere: {what: "You have chosen this alert already."},
	failure.NotItsBeginning: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The bank’s name does not begin with these words: “%s”.", r.Name)
	}},
	failure.TooManyNames: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "You have %d name, the most there can be. Remove one first.", "You have %d names, the most there can be. Remove one first.")
	}},
	failure.EnterDate: {what: "Enter a date."},
	failure.DayPassed: {what: "Choose a day that has not passed."},
	failure.DayTooFar: {what: "Choose a day within ten years; most banks grant 180 days at most."},
	failure.TimesADay: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Choose between 1 and %d time a day. Banks grant 4 as a rule.", "Choose between 1 and %d times a day. Banks grant 4 as a rule.")
	}},
	failure.DaysAhead: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Choose between 1 and %d day.", "Choose between 1 and %d days.")
	}},
	failure.NumberBetween: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Enter a number from %s to %s.", strconv.Itoa(r.Number), strconv.Itoa(r.Of))
	}},
	failure.TooLongTogether: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Silence and slow body take %d second together at most.", "Silence and slow body take %d seconds together at most.")
	}},
	failure.NotAMediaType:    {what: "Enter a media type, such as text/html."},
	failure.NothingGoesWrong: {what: "Nothing goes wrong so: enter a silence, a slow body or a media type, or choose something else."},
	failure.CodeWithoutError: {what: "A message code goes with a status from 400."},
	failure.CutHasNoBody:     {what: "Where the line is cut there is no body."},
	failure.ReadsPerDay: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "%[2]s lets Consentry read automatically %[1]d time a day at most.", "%[2]s lets Consentry read automatically %[1]d times a day at most.", r.Bank)
	}},
	failure.EnterName: {what: "Give the environment a name."},
	failure.NotAHostOf: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This is no host of %s. Its hosts are %s.", whose(ctx, r), commas(ctx, r.Names))
	}},
	failure.TokenElsewhere: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The access token goes to %s alone. Take its line out of the header, or put the address back.", r.Name)
	}},
	failure.NoTokenHere: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "There is no access token for %s now. Take its line out, or type one in.", whose(ctx, r))
	}},
	failure.NotAHeader: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "In line %d: write “Name: value”.", r.Number)
	}},
	failure.TooManyHeaders: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "At most %d line is sent.", "At most %d lines are sent.")
	}},
	failure.HeaderMade: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "%s is made by Consentry for each request. Take it out.", r.Name)
	}},
	failure.PlaceholderLeft: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "%s stands for a secret that is not put in here. Type the secret in its place, or take it out.", r.Name)
	}},
	failure.OtherConsentsID: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This Consent-ID is that of another consent of yours at %s. Send it again from an exchange of that one.", whose(ctx, r))
	}},

	failure.CompleteAddress:  {what: "Enter a complete address that begins with https://."},
	failure.AddressOrNothing: {what: "Enter a complete address that begins with https://, or leave it empty."},
	failure.OneAddressEach:   {what: "Enter one address in each line, such as https://login.bank.example, without a path."},
	failure.EnterClientID:    {what: "Enter the client id."},
	failure.ChooseContext:    {what: "Choose private or corporate."},
	failure.ReturnAddress: {
		what: "Enter an address of this machine with a port, such as http://127.0.0.1:8765/callback, or the https address registered with the bank."},
	failure.NameABank:        {what: "This kind of interface has no list of banks: name at least one."},
	failure.NeedsCertificate: {what: "Signing needs a certificate with its private key."},
	failure.BadCertificate: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This certificate cannot be used: %s.", r.Text)
	}},
	failure.ChooseFile:      {what: "Choose a file."},
	failure.FileEmpty:       {what: "The file is empty.", next: "Choose another one.", field: true},
	failure.ProxyAddress:    {what: "Enter its scheme, host and port, such as http://relay.example:3128 or socks5://127.0.0.1:1080."},
	failure.ProxyLoginApart: {what: "User and password have fields of their own."},
	failure.ProxyMissing:    {what: "Enter the proxy that they are for, or leave both empty."},
	failure.ProxyUserForm:   {what: "A user without a colon, and a password, of 255 bytes at most each."},
	failure.ProxyOther: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "A line before names another proxy, %s. An environment has one.", r.Name)
	}},
	failure.NotPEM:         {what: "This is no certificate in PEM form."},
	failure.NotCertificate: {what: "This is no certificate in PEM form (-----BEGIN CERTIFICATE-----)."},
	failure.NotKey:         {what: "This is no private key in PEM form (-----BEGIN PRIVATE KEY-----)."},
	failure.KeyEncrypted:   {what: "This private key is encrypted. Decrypt it first, or use a PKCS#12 file."},
	failure.KeyMisplaced:   {what: "This is a private key, or holds one, which does not belong here. Enter the certificate or public key alone."},
	failure.PSUIDTypeForm: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Letters, digits and signs of English alone, %d at most.", "Letters, digits and signs of English alone, %d at most.")
	}},
	failure.NotificationAddress: {what: "Enter a complete https address, or nothing."},
	failure.NoPasswordKey:       {what: "This is neither a certificate or public key (RSA) in PEM form, nor a JWK, nor the address of a set of them."},
	failure.BanksUnreadable: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Line %d: write id; name; country code; city.", r.Number)
	}},
	failure.BankLineRefused: {why: true, whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Line %d cannot be kept.", r.Number)
	}},

	// Keys, and the certificates for them.
	failure.KeyThere:        {what: "There is a key already. A certificate that was asked for with it can no longer be used once it is replaced: tick this if you mean it."},
	failure.KeyNotGivenUp:   {what: "Tick this if you mean it."},
	failure.EnterIdentifier: {what: "Enter the identifier of your authorisation, such as PSDSE-FINA-12345."},
	failure.NotAnIdentifier: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no identifier of PSD2: write PSD and the authority’s country, a hyphen, the authority in capital letters, a hyphen, and your number there, such as PSDSE-FINA-12345.", r.Name)
	}},
	failure.EnterOrganisation:  {what: "Enter the name of the organisation."},
	failure.EnterCommonName:    {what: "Enter a common name."},
	failure.EnterAuthority:     {what: "Enter the name of the authority."},
	failure.ChooseRole:         {what: "Choose at least one role."},
	failure.NoCertificateThere: {what: "This is no certificate, neither as text (-----BEGIN CERTIFICATE-----) nor in DER form (.cer, .crt)."},
	failure.OtherKey:           {what: "This certificate belongs to another key: neither to the one made here, nor to the one in use."},
	failure.CertificateOver:    {what: "This certificate has expired."},
	failure.PassphraseShort: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "Take %d character at least.", "Take %d characters at least.")
	}},

	// Files of transactions.
	failure.FileNoStatement: {what: "This is neither camt, MT940 nor OFX, nor a table whose first line names columns."},
	failure.FileBroken: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This file cannot be read: %s.", r.Text)
	}},
	failure.FileOtherAccount: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This file is about another account: %s.", r.Name)
	}},
	failure.FileWhoseAccount: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Say whether %s is this account.", r.Name)
	}},
	failure.FileCurrency: {whole: func(ctx context.Context, r storage.Reason) string {
		names := append(append([]string{}, r.Names...), "", "")
		return words.T(ctx, "This file is in %s, and the account in %s.", names[0], names[1])
	}},
	failure.FileNothing: {what: "There is no booked transaction in this file."},
	failure.FileTooManyBooked: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "It has more than %d transaction. Divide it.", "It has more than %d transactions. Divide it.")
	}},
	failure.FileGone:      {what: "Choose the file once more: it is kept for half an hour, and not on disk."},
	failure.ColumnsNeeded: {what: "Say which column has the day, and which the amount."},
	failure.ColumnsTwice:  {what: "Two columns mean the same. Only messages and additional information may have several."},
	failure.RowNotADay: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no day.", r.Name)
	}},
	failure.RowNoDay: {what: "There is no day."},
	failure.RowNotAnAmount: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no amount.", r.Name)
	}},
	failure.RowNoAmount: {what: "There is no amount."},
	failure.RowNoDirection: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” does not say whether money came or went.", r.Name)
	}},
	failure.RowNoCurrency: {what: "There is no currency, or it is none of three letters."},
	failure.RowOtherCurrency: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It is in %s, and the account is not.", r.Name)
	}},

	// Quirk cards and their profiles.
	failure.NoteWithNumber: {what: "It has an account number or another long number in it. Cards are made to be passed on: leave it out."},
	failure.NoteWithSecret: {what: "It has something in it that looks like a secret. Cards are made to be passed on: leave it out."},
	failure.NoteWithName:   {what: "It has the name of a person in it. Cards are made to be passed on: leave it out."},
	failure.NotAProfile:    {what: "It is no quirk profile, as Consentry saves one."},
	failure.ProfileVersion: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It is a profile of version %s, and this Consentry reads version %s.", strconv.Itoa(r.Number), strconv.Itoa(r.Of))
	}},
	failure.ProfileEmpty: {what: "It has no bank in it."},
	failure.ProfileTooMany: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "It has more than %d bank.", "It has more than %d banks.")
	}},
	failure.KindUnknown: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "This Consentry knows no card “%s”.", r.Name)
	}},
	failure.ValueUnknown:  {what: "This Consentry does not know the value."},
	failure.KindTwice:     {what: "The card stands there twice; the first is read."},
	failure.BankElsewhere: {what: "This environment does not have the bank."},
	failure.BankTwice:     {what: "The bank stands there twice; the first is read."},

	// Files of banks.
	failure.BankFileUnreadable: {what: "The file cannot be read as a list of banks.", lost: "Nothing was taken over.", why: true},
	failure.BankFileTooLarge:   {what: "It is larger than 512 KB."},
	failure.FileNotUTF8:        {what: "It is not written in UTF-8."},
	failure.FileNoColumns:      {what: "It has no first line that names columns."},
	failure.BankFileTooMany: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "It has more than %d bank.", "It has more than %d banks.")
	}},
	failure.FileLacks: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It has no column “%s”.", r.Name)
	}},
	failure.BankFileManyHosts: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "It leads to more than %d host that nobody has named yet. Split it.", "It leads to more than %d hosts that nobody has named yet. Split it.")
	}},
	failure.LineTorn: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Its quotation marks do not match: nothing is read up to line %d.", r.Number)
	}},
	failure.LineWidth: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Number, "It has %d cell, and the first line %d.", "It has %d cells, and the first line %d.", r.Of)
	}},
	failure.ColumnUnknown: {what: "No column has this name; nothing of it is read."},
	failure.ColumnTwice:   {what: "This column stands there twice; the first is read."},
	failure.IDTwice: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The id stands in line %d already.", r.Number)
	}},
	failure.IDInHost:       {what: "The bank’s id cannot stand in the name of a host, as the addresses want it."},
	failure.CellEmpty:      {what: "It is empty."},
	failure.DialectMissing: {what: "It is empty, and other columns say how the bank is spoken to. Name the dialect, or leave them empty, too."},
	failure.NoneOf: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is none of %s.", r.Name, commas(ctx, r.Names))
	}},
	failure.ChooseAmong: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "Choose among %s.", commas(ctx, r.Names))
	}},
	failure.BadID: {what: "An id has letters, figures, dots, dashes and underlines, 64 at most."},
	failure.NotABIC: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no BIC: it has 8 or 11 letters and figures.", r.Name)
	}},
	failure.NotACountry: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no country: write its two letters, such as SE.", r.Name)
	}},
	failure.NotADialect: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "“%s” is no dialect that Consentry speaks.", r.Name)
	}},
	failure.NotShowable:  {what: "It has characters that cannot be shown."},
	failure.HasSemicolon: {what: "It has a semicolon, which stands between the parts of a bank in the environment’s list."},
	failure.LikeAFormula: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "It begins with “%s”: a spreadsheet would take it for a formula.", r.Name)
	}},
	failure.NotAPath: {what: "Give a path that begins with a slash, without a question mark, or leave it empty. {bank} stands for the bank’s id; nothing else is filled in."},
	failure.LongerThan: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.N(ctx, r.Of, "It is longer than %d character.", "It is longer than %d characters.")
	}},
	failure.FileLarger: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "The file is larger than %d KB.", r.Of)
	}, next: "Choose another one.", field: true},

	// What would go to a host.
	failure.SendsCode: {what: "what your bank gives your browser when you have approved (the authorisation code), and the key that belongs to it"},
	failure.SendsClientID: {whole: func(ctx context.Context, r storage.Reason) string {
		return words.T(ctx, "the client id of the environment “%s”", r.Name)
	}},
	failure.SendsSecret:       {what: "the client secret of the environment"},
	failure.SendsCertificate:  {what: "the certificate for connections, shown when connecting"},
	failure.SendsRefreshToken: {what: "later on, what the access to your accounts is renewed with (the refresh token)"},
}

// ofProxy says what happened at a proxy.
func ofProxy(text words.Text) func(context.Context, storage.Reason) string {
	return func(ctx context.Context, r storage.Reason) string { return words.T(ctx, text, r.Text) }
}

// hostOfLink returns where a link leads, and the reason without it. An earlier version
// wrote the host into the place of the directory's name.
func hostOfLink(r storage.Reason) (storage.Reason, string) {
	if r.Text != "" {
		return r, r.Text
	}
	host := r.Name
	r.Name = ""
	return r, host
}

// again says when to come back, as a time where the bank says one. It is rounded up:
// who comes too early is sent away again.
func again(ctx context.Context, r storage.Reason) string {
	if r.At.IsZero() {
		return words.T(ctx, "Try again in a while.")
	}
	on, at := comeBack(ctx, r.At)
	if on == "" {
		return words.T(ctx, "Try again at %s.", at)
	}
	return words.T(ctx, "Try again on %s at %s.", on, at)
}

// againOrAttended is again where the person can read at any time themself.
func againOrAttended(ctx context.Context, r storage.Reason) string {
	if r.At.IsZero() {
		return words.T(ctx, "Try again tomorrow, or fetch while you are here yourself.")
	}
	on, at := comeBack(ctx, r.At)
	if on == "" {
		return words.T(ctx, "Try again at %s, or fetch while you are here yourself.", at)
	}
	return words.T(ctx, "Try again on %s at %s, or fetch while you are here yourself.", on, at)
}

// comeBack returns the day and the minute of a moment; no day where that is today.
func comeBack(ctx context.Context, moment time.Time) (on, at string) {
	local := moment.Local().Add(time.Minute - time.Nanosecond).Truncate(time.Minute)
	if !ui.IsToday(ctx, local) {
		on = words.Date(ctx, local, "2 January")
	}
	return on, local.Format("15:04")
}

// commas is a list of names that are no words.
func commas(ctx context.Context, names []string) string {
	list := ""
	for i, name := range names {
		if i == 0 {
			list = name
			continue
		}
		list = words.T(ctx, "%s, %s", list, name)
	}
	return list
}
