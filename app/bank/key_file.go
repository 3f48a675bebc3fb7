package bank

import (
	"encoding/asn1"
	"errors"
	"fmt"
)

// Bounds of what a PKCS#12 file may ask for before it opens. A file says itself how many
// rounds make a key of its password: OpenSSL writes 2,048, careful people a million, and who
// means harm as many as fit into a number.
const (
	mostRounds    = 10_000_000
	mostNested    = 32 // those that programs write have some 15 levels
	shortestBlock = 20 // what a round makes of a key at least, in bytes: SHA-1
)

// checkRounds refuses a PKCS#12 file that asks for more rounds, or a longer key, than a
// person waits for. What lies in it encrypted it does not see.
func checkRounds(file []byte) error {
	if rounds := roundsIn(file, 0); rounds > mostRounds {
		return fmt.Errorf("it asks for more than %d rounds for its password", mostRounds)
	}
	return nil
}

// roundsIn adds up what the parts of a file ask for, at any depth. A salt is followed by the
// rounds and, in some, by the length of the key: PBKDF2-params and PBEParameter (RFC 8018
// appendix A), MacData (RFC 7292 section 4). What cannot be read counts nothing, since nothing
// is read of it later either.
func roundsIn(der []byte, depth int) (rounds int64) {
	if depth > mostNested {
		return mostRounds + 1
	}
	salted, asked := false, int64(1)
	for rest := der; len(rest) > 0 && rounds <= mostRounds; {
		var value asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &value); err != nil {
			break
		}
		switch {
		case value.Class == asn1.ClassUniversal && value.Tag == asn1.TagInteger && salted:
			asked = times(asked, value)
		case value.IsCompound:
			rounds += roundsIn(value.Bytes, depth+1)
		case value.Class == asn1.ClassUniversal && value.Tag == asn1.TagOctetString:
			salted = true
			rounds += roundsIn(value.Bytes, depth+1)
		}
	}
	if asked > 1 {
		rounds += asked
	}
	return min(rounds, mostRounds+1)
}

// times is how many rounds there are with one more number of those after a salt: the rounds,
// or the length of the key that they make piece by piece.
func times(asked int64, number asn1.RawValue) int64 {
	var n int64
	if _, err := asn1.Unmarshal(number.FullBytes, &n); err != nil || n > mostRounds {
		return mostRounds + 1
	}
	if asked > 1 { // the rounds were before it
		n = (n + shortestBlock - 1) / shortestBlock
	}
	return min(asked*max(n, 1), mostRounds+1)
}

// opened does what opens a file, and has it be an error where the library panics over one
// that is made for that.
func opened(open func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("it is not made as such files are")
		}
	}()
	return open()
}
