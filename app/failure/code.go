package failure

import "consentry/storage"

// The codes of failures, with the arguments of a reason that belong to each. They
// stand in the file, and are never given another meaning.
const (
	// Exchanges. Who says whose answer it was; Bank is its name.
	Unreachable        = "unreachable"
	Malformed          = "malformed"
	Refused            = "refused"
	AccessRefused      = "accessRefused"
	ConsentExpired     = "consentExpired"
	ConsentNotAccepted = "consentNotAccepted"
	TooOften           = "tooOften" // At
	TooLongAgo         = "tooLongAgo"
	EndOver            = "endOver"     // the last day a consent was asked for until; it may have passed there
	EndTooFar          = "endTooFar"   // likewise; it is later than banks grant as a rule
	EndNotTaken        = "endNotTaken" // likewise, for a reason of the bank's own
	WrongSignature     = "wrongSignature"
	WrongCertificate   = "wrongCertificate"
	ServiceBlocked     = "serviceBlocked"
	WrongClient        = "wrongClient"
	WrongGrant         = "wrongGrant"
	Pause              = "pause"     // At
	BankFault          = "bankFault" // At
	WrongCredentials   = "wrongCredentials"
	WrongLogin         = "wrongLogin"
	WrongPassword      = "wrongPassword"
	WrongCode          = "wrongCode"
	UnknownMethod      = "unknownMethod"
	Endless            = "endless"       // Number transactions on Of pages
	HostUnknown        = "hostUnknown"   // Text: the host; Name, where an earlier version wrote it down
	LinkElsewhere      = "linkElsewhere" // likewise
	LinkUnusable       = "linkUnusable"
	ServerUnknown      = "serverUnknown" // Names: what is missing
	PasswordKeyUnknown = "passwordKeyUnknown"

	// The proxy of an environment, and not the bank. Text: its host and port.
	ProxyUnreachable = "proxyUnreachable"
	ProxyLogin       = "proxyLogin"
	ProxyRefused     = "proxyRefused"
	ProxyCertificate = "proxyCertificate"

	// The program's own rules.
	QuotaUsed        = "quotaUsed" // At
	NotInForce       = "notInForce"
	FetchLeft        = "fetchLeft"
	NotConfirmed     = "notConfirmed"     // of a withdrawal; Because
	NotConfirmedYet  = "notConfirmedYet"  // likewise, and the bank is told again
	NoConsentReaches = "noConsentReaches" // an account
	NotKnownAtBank   = "notKnownAtBank"
	LoginFirst       = "loginFirst"       // the bank wants it along with the request
	LoginCharacters  = "loginCharacters"  // it has characters that cannot go to a bank
	LoginWithPayment = "loginWithPayment" // of a payment, which can be sent with it as a new one
	NoTransactionID  = "noTransactionID"
	Overtaken        = "overtaken"
	ApprovalEnded    = "approvalEnded"
	HostNotNamed     = "hostNotNamed"
	NoPage           = "noPage"
	NoRenewal        = "noRenewal"
	NoRenewals       = "noRenewals"
	NothingToRemind  = "nothingToRemind"
	PracticeStopped  = "practiceStopped"
	ClockNotMoved    = "clockNotMoved"
	FaultNotTaken    = "faultNotTaken"
	FaultsNotRead    = "faultsNotRead"
	NothingWaits     = "nothingWaits" // for the customer, at a practice bank

	// Payments.
	PaymentNotAtBank    = "paymentNotAtBank"    // as far as is known here
	AtOnceAlone         = "atOnceAlone"         // a day is named, and the kind of payment has none
	NeverDue            = "neverDue"            // no day of a standing order's lies between its first and its last
	FormUsed            = "formUsed"            // a payment was composed by it before, with other contents
	PaymentNotShown     = "paymentNotShown"     // it was changed since it was shown
	PaymentUnknown      = "paymentUnknown"      // nobody knows whether the bank has it
	CancellationRefused = "cancellationRefused" // Because
	ProgramEnded        = "programEnded"        // before the answer came
	NothingToPay        = "nothingToPay"        // in a text that was pasted
	NoTransfers         = "noTransfers"         // in a file
	TooManyTransfers    = "tooManyTransfers"    // Of: the most
	NotInitiation       = "notInitiation"       // the file begins like XML; Text: why it is no pain.001
	NotATransfer        = "notATransfer"        // Name: the payment method it has
	OtherDebtor         = "otherDebtor"         // Name: the account it is to be paid from
	OtherCurrency       = "otherCurrency"       // Name: the only one there is
	RowsWrong           = "rowsWrong"           // Number of rows that cannot be sent

	// What a person writes from an exchange, and sends.
	TokensNotSentAgain = "tokensNotSentAgain"
	BankNotKnown       = "bankNotKnown" // with which an exchange was
	DraftNotRecorded   = "draftNotRecorded"
	RecordingNotForked = "recordingNotForked"
	NoFlowToFork       = "noFlowToFork"
	NothingMade        = "nothingMade" // at a bank, by an exchange

	// Environments and files.
	EnvironmentUnusable  = "environmentUnusable" // Name, Text: what is wrong with it
	ReturnAddressInUse   = "returnAddressInUse"  // Name
	SandboxFixed         = "sandboxFixed"
	EnvironmentChanged   = "environmentChanged"
	EnvironmentInUse     = "environmentInUse"
	DirectoryEmpty       = "directoryEmpty" // and it was not before; Name: of the environment
	CertificateNotOpened = "certificateNotOpened"
	KeyUnsupported       = "keyUnsupported"
	NotCertified         = "notCertified" // by the authority of the practice banks

	// This machine. The other codes are those of storage.Fault.
	Inside = "inside"

	// Parts of an account that were not read.
	PartElsewhere = "partElsewhere"
	PartEndless   = "partEndless"
	PartQuota     = "partQuota"
	PartSkipped   = "partSkipped"
	PartInside    = "partInside"

	// What ends an authorisation.
	CameTooLate     = "cameTooLate"
	CodeNotAccepted = "codeNotAccepted"
	NothingConfirms = "nothingConfirms" // the return does
	SaidTwice       = "saidTwice"       // Name: of the parameter
	IssuerMissing   = "issuerMissing"
	IssuerOther     = "issuerOther" // Name: who it says it is; Text: who it should be

	// Screens.
	BrowserNotOpened  = "browserNotOpened"
	PhoneNotShown     = "phoneNotShown" // in the room
	NothingHere       = "nothingHere"   // at an address
	FormNotRead       = "formNotRead"
	HostsUnconfirmed  = "hostsUnconfirmed" // Number of banks
	FileNotRead       = "fileNotRead"
	NotARecording     = "notARecording"
	RecordingEmpty    = "recordingEmpty"
	TooManyRecordings = "tooManyRecordings" // Of: the most
	NothingToPlay     = "nothingToPlay"
	CheckFields       = "checkFields"
)

// The codes of what is wrong with a field.
const (
	ChooseFromList   = "chooseFromList"
	EnterLogin       = "enterLogin"
	EnterPassword    = "enterPassword"
	EnterCode        = "enterCode"
	EnterConfirm     = "enterConfirmation"
	PasteWhole       = "pasteWhole"   // Name: what it begins with
	OtherAddress     = "otherAddress" // Name: what it begins with
	OtherAttempt     = "otherAttempt"
	PasteNoAnswer    = "pasteNoAnswer"
	NotAnIBAN        = "notAnIBAN"        // Name
	TextTooLong      = "textTooLong"      // Number: its length; Of: the longest
	TagWithoutLetter = "tagWithoutLetter" // Name: what was typed
	TagTooLong       = "tagTooLong"       // Name; Number: its length; Of: the longest
	OneTag           = "oneTag"
	TooManyTags      = "tooManyTags" // Number; Of: the most
	NameMissing      = "nameMissing"
	NameTaken        = "nameTaken"
	TooManySearches  = "tooManySearches" // Of: the most
	TooManyAlerts    = "tooManyAlerts"   // Of: the most
	AlertThere       = "alertThere"      // one that tells the same
	NotItsBeginning  = "notItsBeginning" // Name: what the bank says
	TooManyNames     = "tooManyNames"    // Of: the most
	EnterDate        = "enterDate"
	DayPassed        = "dayPassed"
	DayTooFar        = "dayTooFar"
	TimesADay        = "timesADay"   // Of: the most
	DaysAhead        = "daysAhead"   // Of: the most
	ReadsPerDay      = "readsPerDay" // Of: the most
	EnterName        = "enterName"
	CompleteAddress  = "completeAddress"
	AddressOrNothing = "addressOrNothing"
	OneAddressEach   = "oneAddressEach"
	EnterClientID    = "enterClientID"
	ChooseContext    = "chooseContext"
	ReturnAddress    = "returnAddress"
	NameABank        = "nameABank"
	NeedsCertificate = "needsCertificate"
	BadCertificate   = "badCertificate" // Text: why
	ChooseFile       = "chooseFile"
	FileEmpty        = "fileEmpty"
	NotPEM           = "notPEM"
	ProxyAddress     = "proxyAddress"
	ProxyLoginApart  = "proxyLoginApart" // it stands in the address
	ProxyMissing     = "proxyMissing"    // for a user
	ProxyUserForm    = "proxyUserForm"
	NotCertificate   = "notCertificate"
	NotKey           = "notKey"
	KeyEncrypted     = "keyEncrypted"
	KeyMisplaced     = "keyMisplaced"
	NoPasswordKey    = "noPasswordKey"

	PSUIDTypeForm       = "psuIDTypeForm" // Of: the most characters
	NotificationAddress = "notificationAddress"
	BanksUnreadable     = "banksUnreadable" // Number: of the line
	BankLineRefused     = "bankLineRefused" // Number: of the line; Because
)

// Of a key pair, what a certificate for it is asked for with, and that certificate.
const (
	KeyThere           = "keyThere"
	KeyNotGivenUp      = "keyNotGivenUp"
	EnterIdentifier    = "enterIdentifier"
	NotAnIdentifier    = "notAnIdentifier" // Name: what was typed
	EnterOrganisation  = "enterOrganisation"
	EnterCommonName    = "enterCommonName"
	EnterAuthority     = "enterAuthority"
	ChooseRole         = "chooseRole"
	NoCertificateThere = "noCertificateThere"
	OtherKey           = "otherKey"
	CertificateOver    = "certificateOver"
	PassphraseShort    = "passphraseShort" // Of: the fewest characters
)

// Of a request that a person writes: why a field cannot be sent as it is.
const (
	NotAHostOf      = "notAHostOf"      // Names: the bank's hosts
	TokenElsewhere  = "tokenElsewhere"  // Name: the host it belongs to
	NoTokenHere     = "noTokenHere"     // Bank
	NotAHeader      = "notAHeader"      // Number: of the line
	TooManyHeaders  = "tooManyHeaders"  // Of: the most
	HeaderMade      = "headerMade"      // Name
	PlaceholderLeft = "placeholderLeft" // Name: what stands for the secret
	OtherConsentsID = "otherConsentsID" // Bank
)

// Of a fault at a practice bank, and of their address.
const (
	NumberBetween    = "numberBetween"   // Number: the lowest; Of: the highest
	TooLongTogether  = "tooLongTogether" // Of: the most seconds
	NotAMediaType    = "notAMediaType"
	NothingGoesWrong = "nothingGoesWrong"
	CodeWithoutError = "codeWithoutError"
	CutHasNoBody     = "cutHasNoBody"
)

// Of what a person or a profile says of how a bank does things.
const (
	NoteWithNumber = "noteWithNumber"
	NoteWithSecret = "noteWithSecret"
	NoteWithName   = "noteWithName"
	NotAProfile    = "notAProfile"
	ProfileVersion = "profileVersion" // Number: its version; Of: the latest that is known
	ProfileEmpty   = "profileEmpty"
	ProfileTooMany = "profileTooMany" // Of: the most banks
	KindUnknown    = "kindUnknown"    // Name
	ValueUnknown   = "valueUnknown"
	KindTwice      = "kindTwice"
	BankElsewhere  = "bankElsewhere"
	BankTwice      = "bankTwice"
)

// Of a file of transactions: why it is not read, and why a part of it is left out.
const (
	FileNoStatement   = "fileNoStatement"
	FileBroken        = "fileBroken"       // Text: why it cannot be read
	FileOtherAccount  = "fileOtherAccount" // Name: the account it names
	FileWhoseAccount  = "fileWhoseAccount" // Name: likewise; a person has to say whether it is this one
	FileCurrency      = "fileCurrency"     // Names: its currency, and the account's
	FileNothing       = "fileNothing"
	FileTooManyBooked = "fileTooManyBooked" // Of: the most
	FileGone          = "fileGone"
	ColumnsNeeded     = "columnsNeeded"
	ColumnsTwice      = "columnsTwice"
	RowNotADay        = "rowNotADay" // Name: what stands there
	RowNoDay          = "rowNoDay"
	RowNotAnAmount    = "rowNotAnAmount" // Name: what stands there
	RowNoAmount       = "rowNoAmount"
	RowNoDirection    = "rowNoDirection"   // Name: what stands there
	RowNoCurrency     = "rowNoCurrency"    // Name: what stands there
	RowOtherCurrency  = "rowOtherCurrency" // Name: what stands there
)

// Of a scene or story, and its file. Number is the line, where one is to blame.
const (
	StageNotSet    = "stageNotSet" // Number; Because
	StageFile      = "stageFile"   // Number; Because: it cannot be taken
	StageNoTitle   = "stageNoTitle"
	StageOnce      = "stageOnce"      // Name: what is to be said once
	StageVerb      = "stageVerb"      // Name: the word it begins with
	StageForm      = "stageForm"      // Name: the verb
	StageTooMany   = "stageTooMany"   // Name; Of
	StageTwice     = "stageTwice"     // Name: the bank that is linked before
	StageNotLinked = "stageNotLinked" // Name: the bank
	StageNoBank    = "stageNoBank"    // Name
	StageNoScene   = "stageNoScene"   // Name
	StageNoSteps   = "stageNoSteps"
	StageBusy      = "stageBusy"
	StageNotLinks  = "stageNotLinks" // Bank; Text: how far it came
	StageNotPaid   = "stageNotPaid"  // Bank
	StageNoAccount = "stageNoAccount"
	StageNoProduct = "stageNoProduct"
	StageNoEntry   = "stageNoEntry"
)

// Of a file of banks: why it cannot be read, and why a line or cell is left out.
const (
	BankFileUnreadable = "bankFileUnreadable" // Because
	BankFileTooLarge   = "bankFileTooLarge"
	FileNotUTF8        = "fileNotUTF8"
	FileNoColumns      = "fileNoColumns"
	BankFileTooMany    = "bankFileTooMany"   // Of: the most
	BankFileManyHosts  = "bankFileManyHosts" // Of: the most
	FileLacks          = "fileLacks"         // Name: of the column
	LineTorn           = "lineTorn"          // Number: the line up to which nothing is read, if it is another
	LineWidth          = "lineWidth"         // Number of cells; Of: those of the first line
	ColumnUnknown      = "columnUnknown"
	ColumnTwice        = "columnTwice"
	IDTwice            = "idTwice" // Number: the first line
	IDInHost           = "idInHost"
	CellEmpty          = "cellEmpty"
	DialectMissing     = "dialectMissing"
	ProxyOther         = "proxyOther"  // Name: that of a line before
	NoneOf             = "noneOf"      // Name; Names: those known
	ChooseAmong        = "chooseAmong" // Names
	BadID              = "badID"
	NotABIC            = "notABIC"     // Name
	NotACountry        = "notACountry" // Name
	NotADialect        = "notADialect" // Name
	NotShowable        = "notShowable"
	HasSemicolon       = "hasSemicolon"
	LikeAFormula       = "likeAFormula" // Name: how it begins
	NotAPath           = "notAPath"
	LongerThan         = "longerThan" // Of
	FileLarger         = "fileLarger" // Of: KB
)

// What would be sent to a host nobody named yet.
const (
	SendsCode         = "sendsCode"
	SendsClientID     = "sendsClientID" // Name: of the environment
	SendsSecret       = "sendsSecret"
	SendsCertificate  = "sendsCertificate"
	SendsRefreshToken = "sendsRefreshToken"
)

// Who said or did something that is no bank.
const (
	TheDirectory = "directory" // Name: of the environment; may be empty
	TheInterface = "interface"
	SomeBank     = "someBank" // its name is not known
)

// By returns whose answer a reason is about: a bank's.
func By(bank string) storage.Reason { return storage.Reason{Bank: bank} }

// Of the lock, and of the profiles of a household.
const (
	FolderOfAnother = "folderOfAnother" // another running program has the data
	NotStartedOver  = "notStartedOver"
	TooManyProfiles = "tooManyProfiles" // Of: the most
	ProfileInUse    = "profileInUse"    // Number of consents that are in force there

	EnterPassphrase   = "enterPassphrase"
	PassphraseWrong   = "passphraseWrong"
	PassphraseWait    = "passphraseWait"    // Number of seconds until one is tried again
	PassphraseLong    = "passphraseLong"    // Of: the most bytes
	PassphraseDiffers = "passphraseDiffers" // from what was typed first
)

// Of backups.
const (
	BackupPassphrase = "backupPassphrase"
	BackupForeign    = "backupForeign"
	BackupDamaged    = "backupDamaged"
	BackupNewer      = "backupNewer" // Name: the version that made it
	BackupLarge      = "backupLarge"
	RestoreUnderWay  = "restoreUnderWay"
)
