package xs2a

import (
	"context"
	"encoding/json"
	"strings"

	"consentry/xs2a/field"
)

// LeftOut is a part of a report that could not be read: an entry, or a balance
// that stands beside the entries. It costs itself and nothing else.
type LeftOut struct {
	Reason string // names the field, such as transactions.booked[1].transactionAmount.amount, and says what is wrong with it
	Raw    string // as it came, at most 4 KiB of it; untrusted
}

func (p *TransactionPage) leaveOut(path string, err error, raw []byte) {
	beginning := strings.ToValidUTF8(string(raw[:min(len(raw), maxKept)]), "")
	p.LeftOut = append(p.LeftOut, LeftOut{field.Within(path, err).Error(), beginning})
}

// eachReadable decodes the elements of a list that can be decoded, leaves out the
// others, and passes over those that are null.
//
// More than are taken, or a context that has ended, are an error.
func eachReadable[T any](ctx context.Context, p *TransactionPage, elements []json.RawMessage, path string, decode func(json.RawMessage) (T, error)) ([]T, error) {
	if len(elements) > maxListed {
		return nil, field.TooMany(maxListed, path)
	}
	return eachOr(elements, path, func(raw json.RawMessage) (T, error) {
		if ctx.Err() != nil {
			var none T
			return none, ctx.Err()
		}
		return decode(raw)
	}, func(at string, raw json.RawMessage, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p.leaveOut(at, err, raw)
		return nil
	})
}
