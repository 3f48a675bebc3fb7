package record

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
)

// TestSpellingsOfASecret takes a secret out however it is written.
func TestSpellingsOfASecret(t *testing.T) {
	for _, secret := range []string{"Passw0rd!", "SOMMERREGEN", "a b&c=d<e>", "schön-日", "141421"} {
		every := func(format string) string {
			var b strings.Builder
			for _, c := range []byte(secret) {
				fmt.Fprintf(&b, format, c)
			}
			return b.String()
		}
		var units, entities strings.Builder
		for _, r := range secret {
			fmt.Fprintf(&units, `\u%04x`, r)
			fmt.Fprintf(&entities, `&#%d;`, r)
		}
		for name, form := range map[string]string{
			"plain": secret, "query": url.QueryEscape(secret), "path": url.PathEscape(secret), "twice": url.QueryEscape(url.QueryEscape(secret)),
			"every byte": every("%%%02x"), "JSON": jsonText(secret), "JSON units": units.String(), "JSON in JSON": jsonText(jsonText(secret)),
			"HTML": html.EscapeString(secret), "HTML numbers": entities.String(), "hex": hex.EncodeToString([]byte(secret)),
			"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "base64 of more": base64.URLEncoding.EncodeToString([]byte("x:" + secret + "?>")),
			"base64 of yet more": base64.RawStdEncoding.EncodeToString([]byte("y" + secret)),
		} {
			for _, around := range [][2]string{{`{"text":"`, `"}`}, {"a=1&x%3D", "&y=2"}, {"<p>", "</p>"}, {"", ""}, {"said (", ")."}} {
				if strings.HasPrefix(name, "base64") || name == "hex" { // what is beside them is of the same signs
					around[0] = strings.TrimSuffix(around[0], "x%3D")
				}
				text := around[0] + form + around[1]
				got := newValues([]string{secret}).clean(text)
				if want := around[0] + Redacted + around[1]; got != want {
					t.Errorf("%s of %q: %s gives %s", name, secret, text, got)
				}
			}
		}
	}
	const kept = "Sommerregengasse 1414210 SOMMERREGENS 2026"
	if got := newValues([]string{"SOMMERREGEN", "141421"}).clean(kept); got != kept {
		t.Errorf("parts of other words were taken out: %s", got)
	}
}

// TestKnownSecretsAreFoundInOddSpellings: whoever says a secret again may write it
// as encoders do that are nobody's everyday ones.
func TestKnownSecretsAreFoundInOddSpellings(t *testing.T) {
	t.Parallel()
	const wide = 76
	everyUnit := func(s, format string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
	everyByte := func(s, format string) string {
		var b strings.Builder
		for i := range len(s) {
			fmt.Fprintf(&b, format, s[i])
		}
		return b.String()
	}
	inLines := func(s string) string {
		var b strings.Builder
		for len(s) > wide {
			b.WriteString(s[:wide] + "\r\n")
			s = s[wide:]
		}
		return b.String() + s
	}
	jsonOf := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	xmlOf := func(s string) string { var b strings.Builder; _ = xml.EscapeText(&b, []byte(s)); return b.String() }
	spellings := map[string]func(string) string{
		"plain":             func(s string) string { return s },
		"json":              jsonOf,
		"json in json":      func(s string) string { return jsonOf(jsonOf(s)) },
		"query":             url.QueryEscape,
		"query twice":       func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"json in a query":   func(s string) string { return url.QueryEscape(jsonOf(s)) },
		"query in json":     func(s string) string { return jsonOf("x=" + url.QueryEscape(s)) },
		"xml":               xmlOf,
		"small percent":     func(s string) string { return everyByte(s, "%%%02x") },
		"references":        func(s string) string { return everyUnit(s, "&#x%X;") },
		"padded references": func(s string) string { return everyUnit(s, "&#%012d;") },
		"open references":   func(s string) string { return everyUnit(s, "&#%d") + " " },
		"script's escapes":  func(s string) string { return everyByte(s, `\x%02x`) },
		"script's braces":   func(s string) string { return everyUnit(s, `\u{%x}`) },
		"hex":               func(s string) string { return "00" + hex.EncodeToString([]byte(s)) },
		"base64 in lines, early": func(s string) string {
			return inLines(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 50) + s + strings.Repeat("y", 9))))
		},
		"base64 in json escapes": func(s string) string {
			return strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte("??>"+s)), "/", `\/`)
		},
		"base64 in a query": func(s string) string {
			return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("~~~" + s + "~~~")))
		},
		"single quotes": func(s string) string { return "'" + strings.ReplaceAll(s, "'", `\'`) + "'" },
	}
	for _, secret := range []string{
		"SOMMERREGEN", "my_pass_word", "Größenwahn 7", `a"b\c'd&e<f>g`, "a b+c%20d", "%41%42%43x", "日本語パスワード", "päss&amp;word1", `C:\new\table`, "kurz€1",
		"naïve😀smile", "per%cent", "a=b&c=d;e", "«redacted»x1", "tab\there", "/slash/path?q=1", "x'y''z 12",
	} {
		for name, spell := range spellings {
			text := "before " + spell(secret) + " after"
			got := newValues([]string{secret}).clean(text)
			if !strings.Contains(got, Redacted) || strings.Contains(got, secret) {
				t.Errorf("%s: %q stands as %q", name, secret, got)
			}
		}
	}
}

// TestKnownSecretsAreFoundWithoutTheirBlanks: a code is typed in groups, or with a
// blank at its end, and said again by the bank as it understood it.
func TestKnownSecretsAreFoundWithoutTheirBlanks(t *testing.T) {
	t.Parallel()
	for typed, said := range map[string]string{"918 273": "918273", " SOMMERREGEN\t": "SOMMERREGEN", "91 82 73 ": "91 82 73", "12\u00a034\u00a056": "123456"} {
		if got := newValues([]string{typed}).clean("the bank heard " + said + "."); got != "the bank heard "+Redacted+"." {
			t.Errorf("%q stands as %q", typed, got)
		}
	}
}
