package xs2a

import (
	"bytes"
	"net/http"
	"slices"
	"sync"
)

const (
	// maxRecorded bounds what is kept of a body.
	maxRecorded = 64 << 10

	// recordMargin is read beyond that, so that a secret at the cut is seen
	// whole and taken out whole.
	recordMargin = 4 << 10
)

// capture keeps the beginning of what is written to it. The transport may
// still send a request while its answer is read.
type capture struct {
	mu     sync.Mutex
	kept   bytes.Buffer
	passed int64 // bytes written, kept or not
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.passed += int64(len(p))
	if room := maxRecorded + recordMargin - c.kept.Len(); room > 0 {
		c.kept.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

// size is how many bytes are kept.
func (c *capture) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept.Len()
}

// taken gives what is kept, and how many bytes there were in all.
func (c *capture) taken() (body []byte, passed int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.kept.Bytes()), c.passed
}

const (
	// maxHeaderValue and maxHeaderSide bound what is kept of one line of a header,
	// and of all of them on one side. A signature has some 3 kB.
	maxHeaderValue, maxHeaderSide = 8 << 10, 24 << 10
)

// keptHeader is a copy of a header within its bounds. What does not fit is cut;
// cutMark says so.
func keptHeader(header http.Header) http.Header {
	kept, room := http.Header{}, maxHeaderSide
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range header[name] {
			most := max(min(maxHeaderValue, room-len(name)), 0)
			if len(value) > most {
				value = cutText(value, most) + cutMark
			}
			kept[name] = append(kept[name], value)
			room -= len(name) + len(value)
		}
	}
	return kept
}

// cutMark stands where the rest of a line was left out.
const cutMark = "«cut»"
