package frontend

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// qrCode is an address as squares, to be read by a phone.
type qrCode struct {
	size   int    // squares in a row; 0: the address is too long for a code
	border int    // empty squares around it
	path   string // the dark ones, as the data of an SVG path
}

// quiet is how many empty squares a code needs around it (ISO/IEC 18004 section 5.3.8).
const quiet = 4

// qrOf makes the code of an address.
func qrOf(address string) qrCode {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return qrCode{}
	}
	return qrCode{size: code.Size, border: quiet, path: squares(code)}
}

// squares draws a code row by row, with one rectangle for dark squares side by side.
func squares(code *qr.Code) string {
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return path.String()
}

// drawn reports whether there is a code.
func (c qrCode) drawn() bool { return c.size > 0 }

// viewBox is the code with its border.
func (c qrCode) viewBox() string {
	return fmt.Sprintf("%d %d %d %d", -c.border, -c.border, c.size+2*c.border, c.size+2*c.border)
}
