// Package fault has things go wrong at the practice banks when somebody says so: answers
// that are late, broken or refused, and what a bank or a person does of their own accord.
//
// [Faults] speaks to the control of the practice banks inside the program and to nothing
// else, so that no live bank can be meant. It keeps nothing: what is set, and what it hit,
// is asked of the control each time, where others set things too.
package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"consentry/app/failure"
	"consentry/storage"
)

// Fault is what is to go wrong with the next requests that it fits.
type Fault struct {
	ID        int    `json:"id,omitempty"`        // the control's number of it
	Name      string `json:"name,omitempty"`      // of the preset it is from; empty: none
	Bank      string `json:"bank,omitempty"`      // BIC; empty: any, and what is no bank's
	Operation string `json:"operation,omitempty"` // or a group of them; empty: any
	Method    string `json:"method,omitempty"`    // of those that were set without the program
	Path      string `json:"path,omitempty"`      // likewise
	Count     int    `json:"count"`               // of requests that are left

	Delay      string  `json:"delay,omitempty"` // before anything else, as 1500ms
	Slow       string  `json:"slow,omitempty"`  // that the body takes
	Status     int     `json:"status,omitempty"`
	Code       string  `json:"code,omitempty"`       // the message code beside it
	RetryAfter int     `json:"retryAfter,omitempty"` // seconds
	Drop       bool    `json:"drop,omitempty"`       // the line is cut
	Middle     bool    `json:"middle,omitempty"`     // in the middle of the body
	Garbage    bool    `json:"garbage,omitempty"`
	Body       *string `json:"body,omitempty"` // instead of the bank's; nil: the bank's
	MediaType  string  `json:"mediaType,omitempty"`
	After      bool    `json:"after,omitempty"` // only once the bank has done what it was asked for
}

// Faults has things go wrong at the practice banks. It is safe for concurrent use.
type Faults struct {
	control string
	http    *http.Client
}

const (
	timeout = 5 * time.Second
	// longestAnswer bounds what is read of an answer of the control, in bytes.
	longestAnswer = 16 << 20
)

// New returns the faults of the practice banks whose control is at an address; empty
// where there are none.
func New(control string) *Faults {
	return &Faults{control: control, http: &http.Client{
		Timeout:       timeout,
		Transport:     &http.Transport{MaxIdleConns: 1, IdleConnTimeout: time.Minute}, // through no proxy
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Control is the address of the practice banks' control; empty where there are none.
func (f *Faults) Control() string { return f.control }

// Set sets a fault.
func (f *Faults) Set(ctx context.Context, fault Fault) error {
	return f.change(ctx, http.MethodPost, "/faults", fault)
}

// Remove takes back a fault. One that is used up is gone already, which is no error.
func (f *Faults) Remove(ctx context.Context, id int) error {
	return f.change(ctx, http.MethodDelete, "/faults/"+strconv.Itoa(id), nil)
}

// Clear takes back all faults of a bank, by its BIC; of all banks where it is empty.
func (f *Faults) Clear(ctx context.Context, bank string) error {
	if bank == "" {
		return f.change(ctx, http.MethodDelete, "/faults", nil)
	}
	var set []Fault
	if err := f.ask(ctx, "/faults", &set); err != nil {
		return notRead(err)
	}
	for _, one := range set {
		if one.Bank == bank {
			if err := f.Remove(ctx, one.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// change has the control do something.
func (f *Faults) change(ctx context.Context, method, path string, body any) error {
	if f.control == "" {
		return failure.New(failure.PracticeStopped)
	}
	return notTaken(f.speak(ctx, method, path, body, nil))
}

// notTaken is the failure of what the control did not do.
func notTaken(err error) error {
	if err == nil {
		return nil
	}
	return failure.New(failure.FaultNotTaken).By(err)
}

// notRead is the failure of a board.
func notRead(err error) error {
	if stopped := (*failure.Error)(nil); errors.As(err, &stopped) {
		return err
	}
	return failure.New(failure.FaultsNotRead).By(err)
}

func (f *Faults) ask(ctx context.Context, path string, into any) error {
	if f.control == "" {
		return failure.New(failure.PracticeStopped)
	}
	return f.speak(ctx, http.MethodGet, path, nil, into)
}

// speak speaks to the control.
func (f *Faults) speak(ctx context.Context, method, path string, body, into any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, f.control+path, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	res, err := f.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, longestAnswer))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the control of the practice banks: %s %.500s", res.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// numberBetween says that a field holds no number in a range.
func numberBetween(lowest, highest int) storage.Reason {
	return storage.Reason{Code: failure.NumberBetween, Number: lowest, Of: highest}
}
