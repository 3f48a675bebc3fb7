// Package mask puts invented names and numbers in place of real ones, for who shows the program to others. The same
// name always becomes the same invented one, in whatever spelling it stands: what is invented hangs on the real value
// and on a secret of the data folder. It works on texts, whatever they are part of, and knows its way back: an invented
// name that is typed is the real one that it stands for.
package mask

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"unicode"

	"consentry/storage/fold"
)

// Real is somebody who is to be masked: their name, the number of their account, or both.
type Real struct {
	Name, Number string
	Country      string // ISO 3166, of the invented name's language; empty: by letters and number
	Person       bool   // a person of this program: each word of their name is masked by itself, too
}

// Mask masks what it was made of, and each IBAN and card's number. It is safe for concurrent use.
type Mask struct {
	key      []byte
	to, from words // real names to invented ones, and back

	starts, ends         map[string]string // of numbers of which a page shows no more: the first four and the last four
	toNumber, fromNumber *sync.Map         // compact
}

// New returns a mask. What is public, such as the names of banks, stays as it is even where somebody is called alike.
// A mask before is one whose invented numbers are to be known, too: nil for none.
func New(key []byte, all []Real, public []string, before *Mask) *Mask {
	m := &Mask{key: key, to: words{}, from: words{}, starts: map[string]string{}, ends: map[string]string{}, toNumber: &sync.Map{}, fromNumber: &sync.Map{}}
	if before != nil {
		m.toNumber, m.fromNumber = before.toNumber, before.fromNumber
	}
	for _, name := range public {
		m.to.add(name, name)
		m.from.add(name, name)
	}
	for _, one := range all {
		m.knowNumber(one.Number)
	}
	slices.SortStableFunc(all, func(a, b Real) int { // those of persons first: theirs are the short ones, and stay
		switch {
		case a.Person == b.Person:
			return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Country, b.Country))
		case a.Person:
			return -1
		}
		return 1
	})
	for _, one := range all {
		m.knowName(one)
	}
	return m
}

// shortest is how few letters and digits a name or a number has that is masked: what is shorter tells nobody, and
// stands everywhere.
const shortest = 2

func (m *Mask) knowName(one Real) {
	parts := fold.Words(one.Name)
	key := strings.Join(parts, " ")
	if len(key) < shortest || m.to.has(parts) {
		return
	}
	if isIBAN(compact(one.Name)) || isCard(compact(one.Name)) { // as some banks have it
		return
	}
	person, country := one.Person || isPerson(one.Name), countryOf(one.Name, cmp.Or(one.Country, one.Number))
	fake := ""
	for n := range 9 {
		if fake = m.invented(key, country, person && isPerson(one.Name), n); !m.from.has(fold.Words(fake)) && !m.to.has(fold.Words(fake)) {
			break
		}
	}
	m.to.add(one.Name, fake)
	m.from.add(fake, one.Name)
	if one.Person && isPerson(one.Name) {
		m.knowWords(one.Name, fake)
	}
}

// knowWords masks the words of a person's name each by itself: their first name, and any of the others.
func (m *Mask) knowWords(real, fake string) {
	first, last, _ := strings.Cut(fake, " ")
	for i, part := range strings.Fields(real) {
		to := last
		if i == 0 {
			to = first
		}
		if word := fold.Words(part); len([]rune(part)) > shortest && !m.to.has(word) {
			m.to.add(part, to)
			if !m.from.has(fold.Words(to)) {
				m.from.add(to, part)
			}
		}
	}
}

// knowNumber keeps a number that is no IBAN by its words, and what pages show of one that they mask.
func (m *Mask) knowNumber(real string) {
	number := compact(real)
	if len(number) < 5 {
		return
	}
	fake := m.number(number)
	if !isIBAN(number) && !isCard(number) {
		for _, written := range []string{real, number, inFours(real), inFours(number)} {
			m.to.addNumber(written, fake)
			m.from.addNumber(grouped(fake, written), number)
		}
	}
	if len(number) >= 12 {
		m.starts[number[:4]] = fake[:4]
	}
	m.ends[number[len(number)-4:]] = fake[len(fake)-4:]
}

// Text returns a text in which what is to be masked is.
func (m *Mask) Text(text string) string {
	var b strings.Builder
	for {
		from, to, ok := numberAt(text)
		if !ok {
			break
		}
		b.WriteString(m.shown(text[:from]))
		b.WriteString(grouped(m.number(compact(text[from:to])), text[from:to]))
		text = text[to:]
	}
	if b.Len() == 0 {
		return m.shown(text)
	}
	b.WriteString(m.shown(text))
	return b.String()
}

// Address is Text for what stands in an address: digits alone are a place in a list there, and not a card's number.
func (m *Mask) Address(value string) string {
	if strings.Trim(value, "0123456789") == "" && !m.to.has([]string{value}) {
		return value
	}
	return m.Text(value)
}

// Real returns a text in which what is invented is the real one again. Letters that nobody invented stay.
func (m *Mask) Real(text string) string {
	var b strings.Builder
	for {
		from, to, ok := numberAt(text)
		if !ok {
			break
		}
		b.WriteString(m.from.in(text[:from]))
		number := text[from:to]
		if real, known := m.fromNumber.Load(compact(number)); known {
			number = grouped(real.(string), number)
		}
		b.WriteString(number)
		text = text[to:]
	}
	b.WriteString(m.from.in(text))
	return b.String()
}

// Number reports what four letters or digits at an end of a number are in the invented one, as where a page shows no
// more of it; ok is false where no number is known that begins or ends so.
func (m *Mask) Number(end string) (string, bool) {
	if fake, known := m.starts[strings.ToUpper(end)]; known {
		return fake, true
	}
	fake, known := m.ends[strings.ToUpper(end)]
	return fake, known
}

// shown is Text for what holds no whole IBAN: names, other numbers, and the ends of numbers beside the dots that
// stand for the rest of them.
func (m *Mask) shown(text string) string {
	text = m.to.in(text)
	if !strings.Contains(text, dots) {
		return text
	}
	parts := partsOf(text)
	var b strings.Builder
	for i, part := range parts {
		before, after := i > 0 && strings.Contains(parts[i-1].text, dots), i+1 < len(parts) && strings.Contains(parts[i+1].text, dots)
		if fake, known := m.Number(part.text); known && (before || after) {
			part.text = fake
		}
		b.WriteString(part.text)
	}
	return b.String()
}

// dots stand for what is left out of a number.
const dots = "··"

// draw is what is drawn for a value: always the same.
type draw struct {
	key  []byte
	of   string
	left []byte
	n    uint32
}

type drawer struct{ *draw }

func (m *Mask) draw(kind, value string) drawer {
	return drawer{&draw{key: m.key, of: kind + "\x00" + value}}
}

// below draws a number from 0 to n-1.
func (d drawer) below(n int) int {
	if len(d.left) < 4 {
		mac := hmac.New(sha256.New, d.key)
		mac.Write(binary.BigEndian.AppendUint32(nil, d.n))
		mac.Write([]byte(d.draw.of))
		d.left, d.n = mac.Sum(nil), d.n+1
	}
	drawn := binary.BigEndian.Uint32(d.left)
	d.left = d.left[4:]
	return int(drawn % uint32(n))
}

// of draws one of a list.
func (d drawer) of(list []string) string { return list[d.below(len(list))] }

// styled writes a name as another is written: in capitals, in small letters, or folded as in an address.
func styled(name, like string) string {
	small, capitals := strings.ToLower(like), strings.ToUpper(like)
	switch {
	case small == capitals: // a script that knows no difference
		return name
	case like == strings.Join(fold.Words(like), " "):
		return strings.Join(fold.Words(name), " ")
	case like == capitals && strings.ContainsFunc(like, unicode.IsLetter):
		return strings.ToUpper(name)
	case like == small:
		return strings.ToLower(name)
	}
	return name
}
