package frontend

import (
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"consentry/app/mask"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// presentation is how answers are masked.
type presentation struct {
	*mask.Mask
	hideAmounts bool
}

// Text masks a text in which letters may be spelled by numbers.
func (p presentation) Text(text string) string {
	plain := spelledOut(text)
	if masked := p.Mask.Text(plain); masked != plain {
		return withoutSigns.Replace(masked)
	}
	return text
}

// andSign stands between words where XML has &amp;, which would pass for a word, and partSign after what is left spelled by
// numbers, whose last letters would pass for the beginning of the next word.
const andSign, partSign = "\ufffc", "\ufffb"

var withoutSigns = strings.NewReplacer(andSign, "&amp;", partSign, "")

// page masks a page or a part of one, as our views write them: every attribute in quotation marks, everything else
// escaped. Marks within a word would part it, so they go.
func (p presentation) page(page []byte) []byte {
	rest := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(string(page))
	var b strings.Builder
	b.Grow(len(rest))
	for rest != "" {
		begun := strings.IndexByte(rest, '<')
		if begun < 0 {
			begun = len(rest)
		}
		b.WriteString(p.node(rest[:begun]))
		if rest = rest[begun:]; rest == "" {
			break
		}
		end := tagEnd(rest)
		b.WriteString(p.tag(rest[:end]))
		rest = rest[end:]
	}
	return []byte(b.String())
}

// tagEnd returns where a tag ends with which a text begins.
func tagEnd(text string) int {
	quoted := false
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '>' && !quoted:
			return i + 1
		}
	}
	return len(text)
}

// node masks what stands between tags.
func (p presentation) node(escaped string) string {
	if strings.TrimSpace(escaped) == "" {
		return escaped
	}
	plain := html.UnescapeString(escaped)
	if masked := p.text(plain); masked != plain {
		return html.EscapeString(masked)
	}
	return escaped
}

var quotedAttribute = regexp.MustCompile(`([A-Za-z][A-Za-z0-9:_.-]*)="([^"]*)"`)

// tag masks the attributes of a tag that hold what is read, typed or led to.
func (p presentation) tag(tag string) string {
	if !strings.Contains(tag, `="`) {
		return tag
	}
	return quotedAttribute.ReplaceAllStringFunc(tag, func(whole string) string {
		name, escaped, _ := strings.Cut(strings.TrimSuffix(whole, `"`), `="`)
		plain := html.UnescapeString(escaped)
		masked := plain
		switch {
		case addressed[name]:
			masked = p.address(p.elsewhere(plain))
		case name == "value":
			masked = p.value(plain)
		case named[name]:
			masked = p.names(plain)
		case read[name] || strings.HasPrefix(name, "data-"):
			masked = p.text(plain)
		case words.HasMarks(plain):
			masked = ours(plain)
		}
		if masked == plain {
			return whole
		}
		return name + `="` + html.EscapeString(masked) + `"`
	})
}

// names masks the names of parts of a page that are made of what a person wrote: of a choice among tags. Ours are small
// Latin letters, digits and dashes.
func (p presentation) names(all string) string {
	parts := strings.Split(all, " ")
	for i, part := range parts {
		if strings.HasPrefix(part, "tag-") || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			if masked := p.text(part); masked != part {
				parts[i] = strings.ReplaceAll(masked, " ", "-")
			}
		}
	}
	return strings.Join(parts, " ")
}

// addressed are the attributes that lead somewhere, named those that name parts of a page, and read those that are shown or read out.
var (
	addressed = map[string]bool{"href": true, "action": true, "formaction": true, "hx-get": true, "hx-post": true}
	named     = map[string]bool{"id": true, "for": true, "aria-labelledby": true, "aria-describedby": true}
	read      = map[string]bool{"title": true, "aria-label": true, "aria-description": true, "alt": true, "placeholder": true, "content": true, "label": true, "hx-confirm": true, "hx-vals": true}
)

// ours is a text without the marks of our words.
func ours(text string) string {
	var b strings.Builder
	for _, piece := range words.Pieces(text) {
		b.WriteString(piece.Text)
	}
	return b.String()
}

// value masks what stands in a field. Amounts stay: they are what was typed.
func (p presentation) value(value string) string {
	p.hideAmounts = false
	var b strings.Builder
	for _, piece := range words.Pieces(value) {
		if !piece.Ours {
			piece.Text = p.Address(piece.Text)
		}
		b.WriteString(piece.Text)
	}
	return b.String()
}

// elsewhere masks the path of a link that leads out of the program, which a bank wrote. One that named somebody leads
// nowhere then. In our own paths nobody is named.
func (p presentation) elsewhere(link string) string {
	scheme, rest, whole := strings.Cut(link, "://")
	if !whole {
		return link
	}
	end := strings.IndexAny(rest, "?#")
	if end < 0 {
		end = len(rest)
	}
	parts := strings.Split(rest[:end], "/")
	for i, part := range parts[1:] {
		if plain, err := url.PathUnescape(part); err == nil {
			if masked := p.Address(plain); masked != plain {
				parts[i+1] = url.PathEscape(masked)
			}
		}
	}
	return scheme + "://" + strings.Join(parts, "/") + rest[end:]
}

// address masks the values of an address's query.
func (p presentation) address(address string) string {
	address = ours(address)
	path, query, asks := strings.Cut(address, "?")
	if !asks {
		return address
	}
	query, fragment, placed := strings.Cut(query, "#")
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		if masked := p.Address(plain); masked != plain {
			pairs[i] = name + "=" + url.QueryEscape(masked)
		}
	}
	address = path + "?" + strings.Join(pairs, "&")
	if placed {
		address += "#" + fragment
	}
	return address
}

// text masks what banks and people wrote in a text, and leaves the words of the screens.
func (p presentation) text(text string) string {
	pieces := words.Pieces(text)
	ending := p.beginsNumber(pieces)
	var b strings.Builder
	for _, piece := range pieces {
		if !piece.Ours {
			piece.Text = p.written(piece.Text, ending)
		}
		b.WriteString(piece.Text)
	}
	return b.String()
}

// beginsNumber reports whether one of several pieces is the beginning of a number: another is its end.
func (p presentation) beginsNumber(pieces []words.Piece) bool {
	for _, piece := range pieces {
		if text := strings.TrimSpace(piece.Text); len(pieces) > 1 && !piece.Ours && len(text) == 4 && unicode.IsLetter(rune(text[0])) {
			if _, known := p.Number(text); known {
				return true
			}
		}
	}
	return false
}

func (p presentation) written(text string, ending bool) string {
	if ending {
		if fake, known := p.Number(strings.TrimSpace(text)); known {
			return strings.Replace(text, strings.TrimSpace(text), fake, 1)
		}
	}
	text = p.Text(text)
	if p.hideAmounts {
		text = withoutAmounts(text)
		text = decimal.ReplaceAllString(text, ui.HiddenAmount)
	}
	return text
}

// withoutAmounts hides what bodies in a text name as an amount, with or without decimals.
func withoutAmounts(text string) string {
	text = bareAmount.ReplaceAllString(text, `${1}"`+ui.HiddenAmount+`"`)
	return bodyAmount.ReplaceAllString(text, "${1}"+ui.HiddenAmount)
}

// Amounts as bodies of JSON and XML have them, also within a text of JSON, and any number with two or three decimals.
var (
	bareAmount = regexp.MustCompile(`("[A-Za-z]*[aA]mount"\s*:\s*)-?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?`)
	bodyAmount = regexp.MustCompile(`("[A-Za-z]*[aA]mount"\s*:\s*"|\\"[A-Za-z]*[aA]mount\\"\s*:\s*(?:\\")?|<[A-Za-z0-9:]*Amt[^>]*>)[-+]?[0-9](?:[0-9.,]*[0-9])?`)
	decimal    = regexp.MustCompile(`[-−+]?\b[0-9][0-9 \x{a0}\x{202f}.,’']*[.,][0-9]{2,3}\b`)
)

// json masks a file of JSON, which stays one: a number that is not to be seen becomes a text. How
// many milliseconds something took is no amount, and programs read it.
func (p presentation) json(file string) string {
	hides := p.hideAmounts
	p.hideAmounts = false
	file = p.text(file)
	if !hides {
		return file
	}
	return jsonPart.ReplaceAllStringFunc(withoutAmounts(file), func(part string) string {
		switch {
		case strings.HasPrefix(part, `"`) && !strings.HasSuffix(part, `"`): // how long something took
			return part
		case part[0] == '"':
			return decimal.ReplaceAllString(part, ui.HiddenAmount)
		case strings.ContainsAny(part, ".eE"):
			return `"` + ui.HiddenAmount + `"`
		}
		return part
	})
}

// xml masks a file of XML. How long something took is no amount, and programs read it.
func (p presentation) xml(file string) string {
	var b strings.Builder
	at := 0
	for _, took := range tookSeconds.FindAllStringIndex(file, -1) {
		b.WriteString(p.text(file[at:took[0]]))
		b.WriteString(file[took[0]:took[1]])
		at = took[1]
	}
	b.WriteString(p.text(file[at:]))
	return b.String()
}

// The texts and numbers of JSON, with members that end in Ms, and an attribute of JUnit XML.
var (
	jsonPart    = regexp.MustCompile(`"[A-Za-z]*Ms"\s*:\s*[0-9.]+|"(?:[^"\\]|\\.)*"|-?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?`)
	tookSeconds = regexp.MustCompile(` time="[0-9]+\.[0-9]+"`)
)

// Letters as JSON, XML and addresses may spell them.
var (
	jsonLetter    = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}|\\["\\/bfnrt]`)
	xmlLetter     = regexp.MustCompile(`&#(?:[0-9]+|[xX][0-9A-Fa-f]+);`)
	addressLetter = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
)

// spelledOut is a text with the letters in it that JSON, XML and addresses spell by numbers.
func spelledOut(text string) string {
	if strings.Contains(text, `\`) {
		text = jsonLetter.ReplaceAllStringFunc(text, func(spelled string) string {
			if spelled[1] != 'u' {
				return spelled + partSign
			}
			code, err := strconv.ParseUint(spelled[2:], 16, 16)
			if r := rune(code); err == nil && (inNames(r) || r == '&' || r == '\'') {
				return string(r)
			}
			return spelled + partSign
		})
	}
	if strings.Contains(text, "&") {
		text = strings.ReplaceAll(text, "&amp;", andSign)
		text = xmlLetter.ReplaceAllStringFunc(text, func(spelled string) string {
			if plain := []rune(html.UnescapeString(spelled)); len(plain) == 1 && inNames(plain[0]) {
				return string(plain)
			}
			return spelled
		})
	}
	if strings.Contains(text, "%") {
		text = addressLetter.ReplaceAllStringFunc(text, func(spelled string) string {
			plain, err := url.PathUnescape(spelled)
			if err != nil || !utf8.ValidString(plain) || strings.ContainsFunc(plain, func(r rune) bool { return !inNames(r) }) {
				return spelled + partSign
			}
			return plain
		})
	}
	return text
}

// inNames reports whether a character is one that names are made of.
func inNames(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == ' ' || r == '\u00a0'
}
