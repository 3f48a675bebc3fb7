package xs2a

import (
	"encoding/json"
	"strings"
)

// LeftOut is a part of a report that could not be read: an entry, or a balance
// that stands beside the entries. It costs itself and nothing else.
type LeftOut struct {
	Reason string // names the field, such as transactions.booked[1].transactionAmount.amount, and says what is wrong with it
	Raw    string // as it came, at most 4 KiB of it; untrusted
}

func (p *TransactionPage) leaveOut(path string, err error, raw []byte) {
	beginning := strings.ToValidUTF8(string(raw[:min(len(raw), maxKept)]), "")
	p.LeftOut = append(p.LeftOut, LeftOut{within(path, err).Error(), beginning})
}

// eachReadable decodes the elements of a list that can be decoded, leaves out the
// others, and passes over those that are null.
func eachReadable[T any](p *TransactionPage, elements []json.RawMessage, path string, decode func(json.RawMessage) (T, error)) []T {
	all, _ := eachOr(elements, path, decode, func(at string, raw json.RawMessage, err error) error {
		p.leaveOut(at, err, raw)
		return nil
	})
	return all
}
