package record

// What the tests beside a client look at.
const MinEcho = minEcho

var (
	JSONText    = jsonText
	PartOfToken = partOfToken
)
