package xs2a

import (
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

// TestCharsets reads each byte of each charset as browsers do, by whatever name it goes.
func TestCharsets(t *testing.T) {
	for _, label := range strings.Fields(`
		us-ascii ASCII iso-8859-1 ISO8859-1 ISO_8859-1:1987 latin1 l1 iso-8859-2 latin2 ISO_8859-2:1987 iso-8859-3 iso-8859-4 iso-8859-5 cyrillic
		iso-8859-6 arabic iso-8859-7 greek iso-8859-8 hebrew iso-8859-9 latin5 iso-8859-10 iso-8859-11 iso-8859-13 iso-8859-14 iso-8859-15 l9
		iso-8859-16 windows-1250 cp1250 x-cp1250 windows-1251 windows-1252 cp1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257
		windows-1258 windows-874 koi8 koi8-r koi8_r koi8-u koi8-ru ibm866 cp866 macintosh x-mac-cyrillic utf-16 UTF-16LE utf-16be`) {
		encoding, _ := charset.Lookup(label)
		if encoding == nil {
			t.Fatalf("no browser knows %s", label)
		}
		body := []byte("M\xfcller ") // an even number, for UTF-16
		for b := 0x80; b < 0x100; b++ {
			body = append(body, byte(b), 0)
		}
		want, err := encoding.NewDecoder().Bytes(body)
		if err != nil {
			t.Fatal(err)
		}
		if got := toUTF8(body, "text/plain; charset="+`"`+label+`"`); string(got) != string(want) {
			t.Errorf("%s: %q, not %q", label, got, want)
		}
		document := `<?xml version="1.0" encoding="` + label + `"?><a>` + "\xe6\xf8</a>"
		if want, _ := encoding.NewDecoder().String(document); !strings.Contains(label, ":") && string(toUTF8([]byte(document), "")) != want {
			t.Errorf("%s in a document: %q, not %q", label, toUTF8([]byte(document), ""), want)
		}
	}
}

// TestCharsetsThatAreNotRead says so, where the text would otherwise be a jumble.
func TestCharsetsThatAreNotRead(t *testing.T) {
	for _, label := range []string{"GBK", "gb2312", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "x-sjis", "ks_c_5601-1987"} {
		if text, err := readableText([]byte("\xb5\xa5"), "application/json; charset="+label); err == nil || !strings.Contains(err.Error(), "is in the charset") {
			t.Errorf("%s: %q, %v", label, text, err)
		}
		if text, err := readableText([]byte(`{"name":"Müller"}`), "application/json; charset="+label); err != nil || string(text) != `{"name":"Müller"}` {
			t.Errorf("UTF-8 called %s: %q, %v", label, text, err)
		}
	}
}
