package secret

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/sha256"
)

// Letters are sealed while nobody has the master key, and opened by who has it again: HPKE (RFC 9180) to a key pair that is
// derived from the master key.

const lettersContext = "consentry letters"

func lettersOf(key []byte) (hpke.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, key, nil, lettersContext, 32)
	if err != nil {
		return nil, err
	}
	defer clear(seed)
	return lettersKEM().DeriveKeyPair(seed)
}

func lettersKEM() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

// Letterbox seals letters that one box opens. It holds no secret.
type Letterbox struct{ public hpke.PublicKey }

// Letterbox returns where letters to this box are sealed while its key is erased.
func (b *Box) Letterbox() (Letterbox, error) {
	private, err := b.letters()
	if err != nil {
		return Letterbox{}, err
	}
	return Letterbox{private.PublicKey()}, nil
}

func (b *Box) letters() (hpke.PrivateKey, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.key == nil {
		return nil, ErrOpen
	}
	return lettersOf(b.key)
}

// Seal returns what [Box.OpenLetter] opens.
func (l Letterbox) Seal(letter []byte) ([]byte, error) {
	return hpke.Seal(l.public, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(lettersContext), letter)
}

// OpenLetter returns what [Letterbox.Seal] was given, or an error that wraps [ErrOpen].
func (b *Box) OpenLetter(sealed []byte) ([]byte, error) {
	private, err := b.letters()
	if err != nil {
		return nil, err
	}
	letter, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(lettersContext), sealed)
	if err != nil {
		return nil, ErrOpen
	}
	return letter, nil
}
