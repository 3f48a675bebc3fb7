// Package people has everybody who banks at the practice banks, and what happens to
// their money: data drawn from a seed, the same on every machine and for ever.
//
// A Household is what one Person has at one bank. It lives one day after the other,
// and what has once been booked stays. Nothing here knows a bank beyond its Holder,
// speaks HTTP or reads a clock.
package people

import (
	"crypto/sha1"
	"encoding/hex"
	"hash/fnv"
	"strings"
)

// Dice is a source of numbers that only look like chance: the same words always
// give the same throws, on every machine and with every release of Go.
type Dice struct {
	state uint64
}

// NewDice returns the dice that belong to these words.
func NewDice(words ...string) *Dice {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w)) // never fails (hash.Hash)
		h.Write([]byte{0})
	}
	d := &Dice{state: h.Sum64()}
	d.next()
	return d
}

// next is splitmix64.
func (d *Dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// N returns a number from 0 up to, not including, limit.
func (d *Dice) N(limit int) int { return int(d.next() % uint64(limit)) }

// Between returns a number from low to high, both included.
func (d *Dice) Between(low, high int64) int64 { return low + int64(d.next()%uint64(high-low+1)) }

// chance reports true in percent of all throws.
func (d *Dice) chance(percent int) bool { return d.N(100) < percent }

// Digits returns so many decimal digits.
func (d *Dice) Digits(count int) string {
	b := make([]byte, count)
	for i := range b {
		b[i] = byte('0' + d.N(10))
	}
	return string(b)
}

// Pick returns one of a list, which is not empty.
func Pick[T any](d *Dice, list []T) T { return list[d.N(len(list))] }

// FixedID returns the UUID that always belongs to these words, version 5 (RFC 9562 5.5),
// in a namespace of the sandbox's own.
func FixedID(words ...string) string {
	sum := sha1.Sum([]byte("consentry sandbox\x00" + strings.Join(words, "\x00")))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x50
	b[8] = b[8]&0x3f | 0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
