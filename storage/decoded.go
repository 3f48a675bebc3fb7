package storage

import (
	"encoding/json"
	"slices"
	"sync"

	"consentry/xs2a"
)

// decoded keeps what texts in JSON were read as: lists read the same ones again and again, and
// to read them takes longer than to find them. It is safe for concurrent use.
type decoded[T any] struct {
	copied func(T) T // what is returned belongs to the caller

	mu    sync.Mutex
	known map[string]T
	size  int // of the texts, in bytes
}

// mostDecoded bounds the texts that are kept, in bytes.
const mostDecoded = 4 << 20

// of returns what a text is read as.
func (d *decoded[T]) of(text string) (T, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one, is := d.known[text]
	if !is {
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			return one, err
		}
		if d.size += len(text); d.known == nil || d.size > mostDecoded {
			d.known, d.size = map[string]T{}, len(text)
		}
		d.known[text] = one
	}
	return d.copied(one), nil
}

// orderTexts are the orders of payments.
var orderTexts = decoded[xs2a.Order]{copied: func(order xs2a.Order) xs2a.Order {
	order.Transfers, order.Standing, order.Batch = slices.Clone(order.Transfers), doubled(order.Standing), doubled(order.Batch)
	for i := range order.Transfers {
		order.Transfers[i].Address = doubled(order.Transfers[i].Address)
	}
	return order
}}

// doubled is what a pointer points to, once more; nil for nil.
func doubled[T any](p *T) *T {
	if p == nil {
		return nil
	}
	one := *p
	return &one
}
