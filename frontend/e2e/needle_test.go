package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/url"
	"strings"
	"testing"
)

// needles are secrets in every spelling in which they might have been kept. One
// pass looks for all of them.
type needles struct {
	begins []bool              // whether one begins with these two bytes
	by     map[uint32][]needle // by their first four
}

type needle struct {
	what  string // which secret, and how it is written
	text  []byte
	whole bool // a number: it counts where it is not a part of another one
}

// shortest is the length from which a secret is looked for: a shorter one stands
// anywhere by chance.
const shortest = 6

// lookFor makes needles of secrets, each with a word for what it is.
func lookFor(secrets map[string]string) *needles {
	n := &needles{begins: make([]bool, 1<<16), by: map[uint32][]needle{}}
	for secret, what := range secrets {
		if len(secret) < shortest {
			continue
		}
		number := strings.Trim(secret, "0123456789") == ""
		for spelling, texts := range spellings(secret) {
			for _, text := range texts {
				n.add(needle{what: what + ", " + spelling, text: []byte(text), whole: number && text == secret})
			}
		}
	}
	return n
}

func (n *needles) add(one needle) {
	n.begins[binary.BigEndian.Uint16(one.text)] = true
	first := binary.BigEndian.Uint32(one.text)
	n.by[first] = append(n.by[first], one)
}

// spellings are the ways a secret may be written; that of gzip is read, see in.
func spellings(secret string) map[string][]string {
	quoted, _ := json.Marshal(secret)
	var percent, units, entities strings.Builder
	for _, c := range []byte(secret) {
		fmt.Fprintf(&percent, "%%%02X", c)
	}
	for _, r := range secret {
		fmt.Fprintf(&units, `\u%04x`, r)
		fmt.Fprintf(&entities, "&#%d;", r)
	}
	inHex := hex.EncodeToString([]byte(secret))
	return map[string][]string{
		"plain":  {secret},
		"URL":    {url.QueryEscape(secret), url.PathEscape(secret), percent.String(), strings.ToLower(percent.String())},
		"JSON":   {strings.Trim(string(quoted), `"`), units.String(), strings.ReplaceAll(secret, "/", `\/`)},
		"HTML":   {html.EscapeString(secret), entities.String()},
		"base64": shifted(secret, base64.RawStdEncoding), "base64url": shifted(secret, base64.RawURLEncoding),
		"hex": {inHex, strings.ToUpper(inHex)},
	}
}

// shifted is a secret within something longer in base64: which it is depends on
// how many bytes are before it. What holds bits of its neighbours is left out.
func shifted(secret string, encoding *base64.Encoding) (texts []string) {
	for shift := range 3 {
		encoded := encoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + secret))
		texts = append(texts, encoded[(shift*8+5)/6:(shift+len(secret))*8/6])
	}
	return texts
}

// in returns what stands in a content, or in what is packed in it.
func (n *needles) in(content []byte) (found []string) {
	found = n.scan(content)
	for at := 0; ; {
		next := bytes.Index(content[at:], []byte{0x1f, 0x8b, 8})
		if next < 0 {
			return found
		}
		at += next + 1
		reader, err := gzip.NewReader(bytes.NewReader(content[at-1:]))
		if err != nil {
			continue
		}
		plain, _ := io.ReadAll(io.LimitReader(reader, 16<<20)) // what is broken in the end was packed all the same
		for _, what := range n.scan(plain) {
			found = append(found, what+", gzip")
		}
	}
}

func (n *needles) scan(content []byte) (found []string) {
	for i := 0; i+4 <= len(content); i++ {
		if !n.begins[binary.BigEndian.Uint16(content[i:])] {
			continue
		}
		for _, each := range n.by[binary.BigEndian.Uint32(content[i:])] {
			if bytes.HasPrefix(content[i:], each.text) && !(each.whole && inNumber(content, i, i+len(each.text))) {
				found = append(found, each.what)
			}
		}
	}
	return found
}

// inNumber reports whether there are more figures beside a part of a content, by
// ten or sixteen: it is then of an account number or an id.
func inNumber(content []byte, from, to int) bool {
	figure := func(at int) bool {
		return at >= 0 && at < len(content) && strings.IndexByte("0123456789abcdefABCDEF", content[at]) >= 0
	}
	return figure(from-1) || figure(to)
}

// TestTheSearchFindsEverySpelling plants a secret in each spelling among other
// bytes, and looks for another one beside it.
func TestTheSearchFindsEverySpelling(t *testing.T) {
	t.Parallel()
	noise := bytes.Repeat([]byte("\x00\x0d CREATE TABLE 314159265 b7e6-141421a0 {\"amount\":\"-12.50\"} \x1f\x8b\x08 =%3D"), 20)
	for _, secret := range []string{"Passw0rd!", "SOMMERREGEN", "141421", `a/b&"c"<d>`, "schön-日-7"} {
		search := lookFor(map[string]string{secret: "the secret", "not-planted-anywhere": "another"})
		if found := search.in(noise); len(found) > 0 {
			t.Errorf("%q is found where it is not: %v", secret, found)
		}
		planted := map[string][]string{"gzip": {gzipped(t, "before "+secret+" after")}}
		for spelling, texts := range spellings(secret) {
			planted[spelling] = texts
		}
		planted["base64"] = append(planted["base64"], base64.StdEncoding.EncodeToString([]byte("user:"+secret+" and more")))
		planted["base64url"] = append(planted["base64url"], base64.URLEncoding.EncodeToString([]byte("??"+secret+"~~")))
		for spelling, texts := range planted {
			for _, text := range texts {
				content := bytes.Join([][]byte{noise, []byte(" " + text + " "), noise}, nil)
				if found := strings.Join(search.in(content), "\n"); !strings.Contains(found, "the secret") || strings.Contains(found, "another") {
					t.Errorf("%q in %s, %q, is told as %q", secret, spelling, text, found)
				}
			}
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
