package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"consentry/app"
	"consentry/frontend/words"
)

// controlView is where the practice banks are controlled, and at which port they are from
// the next start on.
type controlView struct {
	Address string // of the control
	Given   bool   // by the option -control, which goes before what is kept
	Port    string // what is kept or was typed; empty: a free one each time
	Failure *app.Error
}

// practiceControl is the control of the practice banks inside the program, or nil without
// them.
func (s *Server) practiceControl(ctx context.Context) (*controlView, error) {
	address := s.app.Faults().Control()
	if address == "" {
		return nil, nil
	}
	port, err := s.app.PracticePort(ctx)
	view := &controlView{Address: address, Given: s.about.ControlGiven}
	if port != 0 {
		view.Port = strconv.Itoa(port)
	}
	return view, err
}

// setPracticePort keeps at which port the practice banks are from the next start on.
func (s *Server) setPracticePort(w http.ResponseWriter, r *http.Request) error {
	typed := r.PostFormValue("port")
	err := s.app.SetPracticePort(r.Context(), typed)
	var failure *app.Error
	if errors.As(err, &failure) {
		return s.showSettings(w, r, http.StatusUnprocessableEntity, func(view *settingsView) {
			if view.Control != nil {
				view.Control.Port, view.Control.Failure = typed, failure
			}
		})
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/settings#control")
	return nil
}

// curl sets a fault, as an example of what the control takes.
func (view controlView) curl() string {
	return "curl -sS -X POST -d '{\"operation\": \"reads\", \"status\": 503, \"count\": 3}' " + view.Address + "/faults"
}

// next says where the practice banks are from the next start on.
func (view controlView) next(ctx context.Context) string {
	switch {
	case view.Given:
		return words.T(ctx, "The option -control of this start goes before what is kept here.")
	case view.Port == "":
		return words.T(ctx, "Without a port of yours they take a free one at each start.")
	}
	return words.T(ctx, "From each start on they are at 127.0.0.1:%s. If another program has the port then, they take a free one and say so.", view.Port)
}
