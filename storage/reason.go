package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Reason is why something did not come about, as data: a code, and what the
// sentence of that code names. The sentence is made when it is shown. The codes
// are the caller's; those that stand in the file are never given another meaning.
type Reason struct {
	Code    string    `json:"code,omitempty"` // empty: there is nothing to say
	Who     string    `json:"who,omitempty"`  // who said or did it; empty: the bank
	Bank    string    `json:"bank,omitempty"` // its name
	Name    string    `json:"name,omitempty"` // of what else the code is about: a host, an address, what was entered
	Names   []string  `json:"names,omitempty"`
	Number  int       `json:"number,omitempty"`
	Of      int       `json:"of,omitempty"`   // a second number
	At      time.Time `json:"at,omitzero"`    // when it will be otherwise; zero: nobody knows
	Text    string    `json:"text,omitempty"` // another's words, or a sentence of an older version
	Because *Reason   `json:"because,omitempty"`
}

// ReasonText is the code of a reason that is a text alone: a bank's words, or a
// sentence of an older version.
const ReasonText = "text"

// TextReason returns a reason that is another's words alone.
func TextReason(text string) Reason {
	if text == "" {
		return Reason{}
	}
	return Reason{Code: ReasonText, Text: text}
}

// Given reports whether there is a reason.
func (r Reason) Given() bool { return r.Code != "" }

// Same reports whether two reasons say the same.
func (r Reason) Same(other Reason) bool {
	one, _ := r.Value()
	two, _ := other.Value()
	return one == two
}

// Value stores a reason as JSON; none as an empty text.
func (r Reason) Value() (driver.Value, error) {
	if !r.Given() {
		return "", nil
	}
	r.Text = shortened(r.Text)
	text, err := json.Marshal(r)
	return string(text), err
}

// Scan reads a reason as Value stored it.
func (r *Reason) Scan(stored any) error {
	text, is := stored.(string)
	if !is {
		return fmt.Errorf("storage: a reason is %T", stored)
	}
	*r = Reason{}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), r)
}
