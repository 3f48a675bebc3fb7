package xs2a

import "time"

// What is taken from a bank is bounded, and all bounds stand here, each with its
// reason. None is near what an honest bank sends. Together they keep one exchange
// below 64 MB of memory, whatever is sent: an answer, the elements it is divided
// into, and what is made of them, each once.
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
)

// One read of an account's report, which goes on from page to page, ends with
// these. What came before is kept, and what is missing is noted.
const (
	MostPages   = 10_000           // two years of single days have 730, one entry a page 20,000 entries in two years
	MostEntries = 500_000          // 685 a day for two years
	MostBytes   = 512 << 20        // of all pages: a kilobyte for each of so many
	MostTime    = 30 * time.Minute // 500 pages of a bank that needs three seconds for each
)
