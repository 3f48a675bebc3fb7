package xs2a

import "encoding/json"

// tppMessage is a bank's message to the program (BG 1.3.12 section 4.13).
type tppMessage struct{ Category, Code, Text, Path text }

// tppMessages are messages in a list or, at some banks, a single one.
type tppMessages []tppMessage

func (m *tppMessages) UnmarshalJSON(b []byte) error {
	var elements []json.RawMessage
	if b[0] != '[' {
		elements = append(elements, b)
	} else if err := json.Unmarshal(b, &elements); err != nil {
		return err
	}
	for _, element := range elements[:min(len(elements), maxMessages)] {
		var one tppMessage
		if json.Unmarshal(element, &one) == nil && one != (tppMessage{}) {
			*m = append(*m, one)
		}
	}
	return nil
}
