package secret

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func testBox(t testing.TB, first byte) *Box {
	t.Helper()
	key := make([]byte, 32)
	key[0] = first
	box, err := newBox(key, "a test")
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealAndOpen(t *testing.T) {
	box := testBox(t, 1)
	for _, plain := range [][]byte{nil, {}, {0}, []byte("a bank's token"), bytes.Repeat([]byte{7}, 100_000)} {
		sealed := box.Seal("token/1", plain)
		if len(sealed) != len(plain)+Overhead {
			t.Errorf("%d bytes became %d", len(plain), len(sealed))
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain) {
			t.Error("the plain value stands in the sealed one")
		}
		got, err := box.Open("token/1", sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("opened %d bytes as %q, %v", len(plain), got, err)
		}
	}
}

func TestSealTwiceDiffers(t *testing.T) {
	box := testBox(t, 1)
	if bytes.Equal(box.Seal("c", []byte("same")), box.Seal("c", []byte("same"))) {
		t.Error("the same value was sealed to the same bytes twice")
	}
}

func TestOpenRefuses(t *testing.T) {
	box := testBox(t, 1)
	sealed := box.Seal("token/1", []byte("secret"))
	refused := func(name string, opener *Box, context string, value []byte) {
		t.Helper()
		if plain, err := opener.Open(context, value); !errors.Is(err, ErrOpen) || plain != nil {
			t.Errorf("%s: opened to %q, %v", name, plain, err)
		}
	}
	refused("another context", box, "token/2", sealed)
	refused("no context", box, "", sealed)
	refused("another key", testBox(t, 2), "token/1", sealed)
	refused("one byte more", box, "token/1", append(bytes.Clone(sealed), 0))
	for i := range sealed {
		refused(fmt.Sprintf("cut at %d", i), box, "token/1", sealed[:i])
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		refused(fmt.Sprintf("byte %d changed", i), box, "token/1", changed)
	}
}

func TestBoxPrintsNoKey(t *testing.T) {
	box := testBox(t, 0xAB)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if got := fmt.Sprintf(verb, box); got != "key in a test" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

// FuzzOpen looks for bytes that crash Open, or that open without having been sealed.
func FuzzOpen(f *testing.F) {
	box := testBox(f, 1)
	sealed := box.Seal("context", []byte("plain"))
	f.Add("context", sealed)
	f.Add("context", sealed[:Overhead])
	f.Add("other", sealed)
	f.Add("", []byte{})
	f.Add("", bytes.Repeat([]byte{version}, Overhead))
	f.Fuzz(func(t *testing.T, context string, value []byte) {
		// Each of the fuzzer's processes seals the seeds with a nonce of its own, so they are known by what they hold.
		plain, err := box.Open(context, value)
		if err == nil && (context != "context" || string(plain) != "plain") {
			t.Errorf("opened to %q, which was never sealed", plain)
		}
		again, err := box.Open(context, box.Seal(context, value))
		if err != nil || !bytes.Equal(again, value) {
			t.Errorf("a round trip gave %q, %v", again, err)
		}
	})
}

func TestKeyText(t *testing.T) {
	key := bytes.Repeat([]byte{9}, 32)
	if got, err := decodeKey(encodeKey(key)); err != nil || !bytes.Equal(got, key) {
		t.Errorf("the key came back as %x, %v", got, err)
	}
	good := strings.TrimSuffix(encodeKey(key), "\n")
	for _, text := range []string{"", "\n", keyPrefix, good[1:], good[:len(good)-1], good + "A", good + "\n\n", " " + good,
		strings.Replace(good, "-1 ", "-2 ", 1), keyPrefix + "AAAA", strings.TrimRight(good, "=")} {
		if _, err := decodeKey(text); err == nil {
			t.Errorf("%q was taken for a key", text)
		}
	}
}
