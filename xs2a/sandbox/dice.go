package sandbox

import "hash/fnv"

// dice is a source of numbers that only look like chance: the same words always
// give the same throws, on every machine and with every release of Go.
type dice struct {
	state uint64
}

func newDice(words ...string) *dice {
	h := fnv.New64a()
	for _, w := range words {
		h.Write([]byte(w)) // never fails (hash.Hash)
		h.Write([]byte{0})
	}
	d := &dice{state: h.Sum64()}
	d.next()
	return d
}

// next is splitmix64.
func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n is a number from 0 up to, not including, limit.
func (d *dice) n(limit int) int { return int(d.next() % uint64(limit)) }

// between is a number from low to high, both included.
func (d *dice) between(low, high int64) int64 { return low + int64(d.next()%uint64(high-low+1)) }

// chance is true in percent of all throws.
func (d *dice) chance(percent int) bool { return d.n(100) < percent }

func (d *dice) digits(count int) string {
	b := make([]byte, count)
	for i := range b {
		b[i] = byte('0' + d.n(10))
	}
	return string(b)
}

func pick[T any](d *dice, list []T) T { return list[d.n(len(list))] }
