package xs2a

import (
	"time"

	"consentry/xs2a/statement"
)

// What is taken from a bank is bounded, and the bounds stand here, each with its
// reason; those of what is kept of it stand in package record. None is near what an
// honest bank sends. Together they keep one exchange below 64 MB of memory, whatever
// is sent: an answer, the elements it is divided into, and what is made of them,
// each once.
const (
	// usualDeadline ends an operation, with all it is sent again for: a person
	// waits no longer, and a bank that is well has long answered.
	usualDeadline = 30 * time.Second

	// maxInformational is how many answers of the class 1xx may come before the
	// one that counts (RFC 9110 section 15.2). Two make sense.
	maxInformational = 8

	// maxHeader is in bytes, names included; a signed answer with its certificate
	// has some 8 kB.
	maxHeader = 64 << 10

	// maxAnswer is in bytes, unpacked. A page of transactions is some hundred
	// kilobytes; a report of 10,000 entries on one page has six million.
	maxAnswer = 8 << 20

	// maxStep bounds, in bytes, the answers that hold no lists of a person's data:
	// those about consents, payments and their authorisation. The largest have a
	// picture to look at.
	maxStep = 2 << 20

	// maxRatio bounds what compression may gain once freeSize is unpacked.
	// Reports of transactions shrink to a tenth, repetitive XML to a fiftieth;
	// DEFLATE goes to a thousandth.
	maxRatio = 200
	freeSize = 256 << 10

	maxDepth    = 64      // a camt report has some 15 levels, JSON answers fewer than 10
	maxElements = 500_000 // 8 MB of entries of some tens of elements have 300,000
	maxText     = 1 << 20 // bytes of one text; the longest is an image of a challenge

	// maxListed bounds a list, and so what is made of it: an entry of a report
	// takes half a kilobyte however little was sent.
	maxListed = 20_000

	// maxFew bounds the lists of which a person is shown each: methods, links,
	// messages, authorisations. Banks send fewer than ten.
	maxFew = 200

	// maxRefusal bounds the body in which the words of an error are looked for;
	// errors have some hundred bytes.
	maxRefusal = 256 << 10

	// maxMetadata and maxToken bound, in bytes, what an authorisation server
	// answers; both are a few kilobytes.
	maxMetadata = 256 << 10
	maxToken    = 256 << 10

	// A bank's logo may have as many bytes, take as long, for a screen waits, and
	// lead on as often.
	maxPicture     = 512 << 10
	pictureTimeout = 10 * time.Second
	maxRedirects   = 3
)

// statementBounds are those of reports and statuses that are no JSON.
var statementBounds = statement.Bounds{Depth: maxDepth, Elements: maxElements, Text: maxText, Listed: maxListed}

// MaxFile and fileBounds are of a file in which a person has an account's transactions, which is
// read as a whole: ten years of a busy account. An entry of a camt report takes two kilobytes.
const MaxFile = 64 << 20

var fileBounds = statement.Bounds{Depth: maxDepth, Elements: 8_000_000, Text: maxText, Listed: 250_000}

// ReadBounds end one read of an account's report, which goes on from page to page.
// What came before is kept, and what is missing is noted.
type ReadBounds struct {
	Pages        int
	Transactions int
	Bytes        int64 // of all pages
	Time         time.Duration
}

// UsualReadBounds hold unless others are asked for.
var UsualReadBounds = ReadBounds{
	Pages:        20_000,        // a million in pages of a hundred, and as many again
	Transactions: 1_500_000,     // 2,000 a day for two years
	Bytes:        3 << 30,       // two kilobytes for each of so many
	Time:         2 * time.Hour, // 2,400 pages of a bank that needs three seconds for each
}

// MostHeld bounds, in transactions and in bytes, what of one day waits in memory for the
// rest of it, while pages come.
const (
	MostHeld      = 5_000
	MostHeldBytes = 4 << 20
)
