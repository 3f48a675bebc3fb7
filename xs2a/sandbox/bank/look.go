package bank

// Look is how a bank's pages differ from its neighbours'.
type Look struct {
	Ink    string // the brand's colour, dark enough to carry white text
	Glow   string // the same for dark surroundings
	Motif  string // of the logo
	Font   string
	Radius int // of corners, in pixels
}

// LogoKind is what becomes of a bank's logoUrl.
type LogoKind int

const (
	DrawnLogo  LogoKind = iota
	NoLogo              // the directory has no logoUrl
	BrokenLogo          // logoUrl leads nowhere
)
