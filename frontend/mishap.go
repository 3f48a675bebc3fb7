package frontend

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"consentry/app"
	"consentry/app/fault"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// mishapsView is what a presenter lets go wrong from the panel, at one bank: the one they chose, or
// that of what happens now.
type mishapsView struct {
	Bank   practiceBank // none: there is no practice bank
	Banks  []practiceBank
	Chosen string // BIC; empty: wherever something happens now
	Why    mishapPlace
	Board  fault.Board // of all banks
	Unread *app.Error  // why there is no board
	Played *mishapPlayed
}

// mishapPlace is why things go wrong at a bank.
type mishapPlace int

const (
	mishapChosen mishapPlace = iota
	mishapWaits              // an approval waits there
	mishapStep               // the step of the story names it
	mishapNewest             // the newest consent is there
	mishapFirst              // nothing has happened yet
)

// mishapPlayed is the last thing that was let go wrong.
type mishapPlayed struct {
	Scene string
	Bank  string // its name
	At    time.Time
}

// mishaps is what can be let go wrong now. That the practice banks do not answer is shown.
func (s *Server) mishaps(ctx context.Context, of panelView) (view mishapsView, err error) {
	view.Chosen, view.Played = of.bank, of.played
	view.Board, err = s.app.Faults().Now(ctx, "")
	if errors.As(err, &view.Unread) {
		return view, nil
	}
	if err != nil {
		return view, err
	}
	if view.Banks, err = s.practiceBanks(ctx); err != nil || len(view.Banks) == 0 {
		return view, err
	}
	view.choose(of)
	return view, nil
}

// choose finds the bank at which things go wrong.
func (view *mishapsView) choose(of panelView) {
	var waits, linked string // the newest come first
	if len(view.Board.Approvals) > 0 {
		waits = view.Board.Approvals[0].Bank
	}
	if len(view.Board.Consents) > 0 {
		linked = view.Board.Consents[0].Bank
	}
	for _, place := range []struct {
		why  mishapPlace
		bank string // BIC or name
	}{{mishapChosen, view.Chosen}, {mishapWaits, waits}, {mishapStep, of.stepBank()}, {mishapNewest, linked}} {
		at := slices.IndexFunc(view.Banks, func(b practiceBank) bool { return place.bank != "" && (b.BIC == place.bank || b.Name == place.bank) })
		if at >= 0 {
			view.Bank, view.Why = view.Banks[at], place.why
			return
		}
	}
	view.Bank, view.Why = view.Banks[0], mishapFirst
}

// stepBank is the bank that the end of a story's step names; empty where none is.
func (view panelView) stepBank() string {
	if view.none() || view.over() {
		return ""
	}
	for _, c := range view.step().Until {
		if c.Bank != "" {
			return c.Bank
		}
	}
	return ""
}

// stand names what is set and what waits: another where that has changed.
func (view *mishapsView) stand() string {
	sum := fnv.New64a()
	note := func(parts ...string) {
		for _, part := range parts {
			_, _ = io.WriteString(sum, part+"\n") // a hash takes all
		}
	}
	note(view.Bank.BIC, view.Chosen, strconv.FormatBool(view.Unread != nil))
	for _, waiting := range view.Board.Approvals {
		note("waits", waiting.Bank, waiting.ID)
	}
	for _, set := range view.Board.Faults {
		note("set", set.Bank, strconv.Itoa(set.ID))
	}
	note(view.Board.FlatPhones...)
	if view.Played != nil {
		note(view.Played.Scene, view.Played.At.String())
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// waiting are the approvals that wait for the customer at the bank.
func (view *mishapsView) waiting() (n int) {
	for _, one := range view.Board.Approvals {
		if one.Bank == view.Bank.BIC {
			n++
		}
	}
	return n
}

// others are the faults set at the bank, or at all, that are none of those played from here.
func (view *mishapsView) others() (n int) {
	for _, each := range view.Board.Faults {
		if each.Bank == "" || each.Bank == view.Bank.BIC && each.Name != fault.BankDown {
			n++
		}
	}
	return n
}

// mishapElsewhere is what goes on at another bank.
type mishapElsewhere struct {
	scene string
	bank  practiceBank
}

// elsewhere is what goes on at banks that are not the one shown.
func (view *mishapsView) elsewhere() (all []mishapElsewhere) {
	for _, b := range view.Banks {
		for _, scene := range fault.Scenes {
			if b.BIC != view.Bank.BIC && view.Board.Playing(b.BIC, scene) {
				all = append(all, mishapElsewhere{scene, b})
			}
		}
	}
	return all
}

// playMishap lets something go wrong, or takes it back.
func (s *Server) playMishap(w http.ResponseWriter, r *http.Request) error {
	banks, err := s.practiceBanks(r.Context())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(banks, func(b practiceBank) bool { return b.BIC == r.PostFormValue("bank") })
	if at < 0 {
		return storage.ErrNotFound
	}
	bank, faults := banks[at], s.app.Faults()
	if back := r.PostFormValue("back"); back != "" {
		err = faults.TakeBack(r.Context(), bank.BIC, back)
	} else if err = faults.Play(r.Context(), bank.BIC, r.PostFormValue("play")); err == nil {
		s.show.plays(mishapPlayed{r.PostFormValue("play"), bank.Name, s.app.Clock().Now()})
	}
	if failed, known := asFailure(err); known {
		return s.showPanel(w, r, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, panelPath+"#mishaps")
	return nil
}

// chooseMishapBank says at which bank things go wrong from now on.
func (s *Server) chooseMishapBank(w http.ResponseWriter, r *http.Request) error {
	banks, err := s.practiceBanks(r.Context())
	if err != nil {
		return err
	}
	bic := r.PostFormValue("bank")
	if bic != "" && !slices.ContainsFunc(banks, func(b practiceBank) bool { return b.BIC == bic }) {
		return storage.ErrNotFound
	}
	s.show.choose(bic)
	redirect(w, r, panelPath+"#mishaps")
	return nil
}

// mishapWords name what goes wrong.
var mishapWords = map[string]words.Text{
	fault.BankDown: "The bank is down", fault.SaysNo: "The customer says no", fault.RunsOut: "The approval runs out", fault.FlatPhone: "The phone is flat",
}

// mishapDone say that it went wrong, at a bank.
var mishapDone = map[string]words.Text{
	fault.BankDown: "%s is down.", fault.SaysNo: "The customer said no at %s.", fault.RunsOut: "The approval at %s ran out.", fault.FlatPhone: "The phone of the customer of %s is flat.",
}

// does says what a scene does at the bank, or that it goes on there, or why it cannot be played.
func (view *mishapsView) does(ctx context.Context, scene string) string {
	bank, on := view.Bank.Name, view.Board.Playing(view.Bank.BIC, scene)
	switch {
	case scene == fault.BankDown && on:
		return words.T(ctx, "%s answers 503 to everything, until you take it back.", bank)
	case scene == fault.BankDown:
		return words.T(ctx, "%s will answer 503 to everything, until you take it back.", bank)
	case scene == fault.FlatPhone && on:
		return words.T(ctx, "Whoever has to approve at %s on a phone does not answer, until you take it back.", bank)
	case scene == fault.FlatPhone:
		return words.T(ctx, "Whoever has to approve at %s on a phone will not answer, until you take it back.", bank)
	case view.waiting() == 0:
		return words.T(ctx, "Not now: no approval waits at %s.", bank)
	case scene == fault.SaysNo:
		return words.N(ctx, view.waiting(), "Refuses the %d approval that waits at %s. It cannot be taken back.", "Refuses the %d approvals that wait at %s. It cannot be taken back.", bank)
	}
	return words.N(ctx, view.waiting(), "Ends the time of the %d approval that waits at %s. It cannot be taken back.", "Ends the time of the %d approvals that wait at %s. It cannot be taken back.", bank)
}

// can reports whether a scene can be played at the bank now.
func (view *mishapsView) can(scene string) bool {
	return scene != fault.SaysNo && scene != fault.RunsOut || view.waiting() > 0
}

// place says at which bank things go wrong, and why there.
func (view *mishapsView) place(ctx context.Context) string {
	return words.T(ctx, map[mishapPlace]words.Text{
		mishapChosen: "At %s, which you chose.", mishapWaits: "At %s, where an approval waits.", mishapStep: "At %s, of which this step is.",
		mishapNewest: "At %s, where the newest consent is.", mishapFirst: "At %s, until something happens at another bank.",
	}[view.Why], view.Bank.Name)
}

// options are the choices of a bank.
func (view *mishapsView) options(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "", Label: words.T(ctx, "Where something happens now"), Chosen: view.Chosen == ""}}
	for _, b := range view.Banks {
		options = append(options, ui.Option{Value: b.BIC, Label: b.Name, Chosen: b.BIC == view.Chosen})
	}
	return options
}
