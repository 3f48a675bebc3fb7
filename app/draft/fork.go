package draft

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
	"consentry/xs2a/record/script"
)

// Forkable returns why a flow cannot be forked: a *failure.Error; nil where it can.
func Forkable(flowID string) error {
	switch {
	case storage.RecordingOf(flowID) != "":
		return failure.New(failure.RecordingNotForked)
	case flowID == "" || flowID == bank.DirectoryFlow:
		return failure.New(failure.NoFlowToFork)
	}
	return nil
}

// OpenFork returns the form with which a flow is forked at an exchange: that of Open, with
// the return of now where the person came back from the bank. Nothing is kept before it is
// sent.
func (d *Drafts) OpenFork(ctx context.Context, exchange int64) (From, Draft, error) {
	from, draft, err := d.Open(ctx, exchange)
	if err := errors.Join(Forkable(from.FlowID), err); err != nil {
		return from, Draft{}, firstFailure(err)
	}
	from.Fork = &storage.Fork{FlowID: storage.ForkID(draft.FormID), Origin: from.FlowID, Root: from.root, ExchangeID: from.ID, Step: from.Step,
		Done: from.ID - 1, EnvironmentID: from.EnvironmentID, BIC: from.BIC}
	return from, draft, d.writeInFork(ctx, &from, &draft)
}

// writeInFork writes the form of an exchange for the fork it is to be sent in.
func (d *Drafts) writeInFork(ctx context.Context, from *From, draft *Draft) error {
	steps := script.New([]record.Exchange{from.Exchange.Exchange}).Steps
	return d.write(ctx, from, draft, steps[0], func(*script.Variable) (string, bool) { return "", false })
}

// firstFailure is the failure a person may read of joined errors.
func firstFailure(err error) error {
	if known := (*failure.Error)(nil); errors.As(err, &known) {
		return known
	}
	return err
}

// write writes a step as a form, with values that are others now.
func (d *Drafts) write(ctx context.Context, from *From, draft *Draft, step *script.Step, now func(*script.Variable) (string, bool)) error {
	back, err := d.banks.ReturnAddress(ctx, from.EnvironmentID)
	if err != nil {
		return err
	}
	renewed := step.Renewed(func(v *script.Variable) (string, bool) {
		if v.Secret == script.State {
			return from.Fork.FlowID, true // by which the program knows who comes back
		}
		return now(v)
	})
	for i, field := range renewed.Request.Header {
		if strings.EqualFold(field.Name, "TPP-Redirect-URI") || strings.EqualFold(field.Name, "TPP-Nok-Redirect-URI") {
			renewed.Request.Header[i].Value = returnNow(field.Value, back)
		}
	}
	from.written = &renewed
	*draft = from.form(draft.FormID)
	return nil
}

// returnNow is where the person comes back to now: the program's own address has another
// port at each start.
func returnNow(was, back string) string {
	old, err := url.Parse(was)
	now, failed := url.Parse(back)
	if err != nil || failed != nil || old.Path != now.Path {
		return was
	}
	old.Scheme, old.Host = now.Scheme, now.Host
	return old.String()
}

// Fork begins a flow in the middle of another: with a draft of OpenFork, which may be
// changed. It returns the flow. A form that was sent before leads to the same one. Where
// nothing is sent, a *failure.Error says why, and there is no flow.
func (d *Drafts) Fork(ctx context.Context, from From, draft Draft, person xs2a.PSU) (flowID string, err error) {
	fork := *from.Fork
	fork.FlowID = storage.ForkID(draft.FormID)
	from.Fork = &fork
	if err := from.Check(draft); err != nil {
		return "", err
	}
	ctx = context.WithoutCancel(ctx)
	err = d.store.AddFork(ctx, fork)
	if errors.Is(err, storage.ErrForked) { // sent before, perhaps before the program's last start
		return fork.FlowID, nil
	}
	if err != nil {
		return "", err
	}
	if err := d.SendNext(ctx, Next{From: from}, draft, person); err != nil {
		return "", errors.Join(err, d.store.DropFork(ctx, fork.FlowID))
	}
	return fork.FlowID, nil
}

// Next is what comes next in a fork.
type Next struct {
	Open   bool // there is such a step
	From   From
	Draft  Draft
	Given  []Given  // what stands in it that an earlier answer gave
	Passed []Passed // exchanges before it that are not offered
	Left   int      // how many exchanges of the former flow there are from it on
	More   bool     // there are more than are looked at
}

// Given is a value of a former answer that a step sends.
type Given struct {
	Name string // what it is, such as consent_id
	Was  string
	Now  string // as the new answer has it; empty where Why says why the old one stands
	Why  Stands
}

// Stands says why a value of the former flow was not replaced.
type Stands string

// Why a value stands as it was.
const (
	StandsNot     Stands = ""        // it was replaced
	StandsSkipped Stands = "skipped" // the step that gave it was not sent anew
	StandsUntold  Stands = "untold"  // the new answer does not give it
)

// Passed is an exchange of the former flow that is not offered.
type Passed struct {
	storage.Exchange
	Why PassedFor
}

// PassedFor is why an exchange is not offered.
type PassedFor string

// Why exchanges are not offered.
const (
	PassedToken  PassedFor = "token"  // access tokens are not asked for by hand
	PassedByHand PassedFor = "byHand" // it was sent again by hand
	PassedRepeat PassedFor = "repeat" // the same was asked just before
)

const (
	// mostBefore and mostSteps bound how much of a flow is looked at: what gave the values
	// of a step, and what is offered.
	mostBefore = 200
	mostSteps  = 300
)

// Next returns the next step of a fork, as it would be sent if nothing were changed.
func (d *Drafts) Next(ctx context.Context, flowID string) (Next, error) {
	fork, err := d.store.Fork(ctx, flowID)
	if err != nil || !fork.StoppedAt.IsZero() {
		return Next{}, err
	}
	all, begin, more, err := d.former(ctx, fork)
	if err != nil {
		return Next{}, err
	}
	next := Next{More: more}
	at := begin
	for ; at < len(all); at++ {
		if all[at].ID <= fork.Done {
			continue
		}
		why := passed(fork, all[:at+1])
		if why == "" {
			break
		}
		next.Passed = append(next.Passed, Passed{all[at], why})
	}
	if next.Left = len(all) - at; next.Left == 0 {
		return next, nil
	}
	next.Open = true
	return next, d.writeNext(ctx, fork, all, at, &next)
}

// former are the exchanges of the flow that was forked, the first first, and the place of
// the one it was forked at, or the first that is kept after it.
func (d *Drafts) former(ctx context.Context, fork storage.Fork) (all []storage.Exchange, begin int, more bool, err error) {
	before, err := d.store.Exchanges(ctx, storage.ExchangeQuery{FlowID: &fork.Origin, Before: fork.ExchangeID}, mostBefore)
	if err != nil {
		return nil, 0, false, err
	}
	for i := len(before) - 1; i >= 0; i-- {
		all = append(all, before[i])
	}
	after, err := d.store.ExchangesFrom(ctx, fork.Origin, fork.ExchangeID, mostSteps+1)
	if more = len(after) > mostSteps; more {
		after = after[:mostSteps]
	}
	return append(all, after...), len(before), more, err
}

// passed is why the last of some exchanges is not offered; empty where it is.
func passed(fork storage.Fork, all []storage.Exchange) PassedFor {
	e := all[len(all)-1]
	switch {
	case record.OperationOf(e.Method, e.URL, e.Request.Body).Token:
		return PassedToken
	case e.Step == record.StepSentAgain && !storage.IsFork(fork.Origin):
		return PassedByHand
	}
	for i := len(all) - 2; i >= 0 && e.Method == "GET"; i-- {
		before := all[i]
		if before.Method != "GET" || before.ID < fork.ExchangeID {
			break
		}
		if before.URL == e.URL {
			return PassedRepeat
		}
	}
	return ""
}

// writeNext writes the form of a step, with what the new answers gave in it.
func (d *Drafts) writeNext(ctx context.Context, fork storage.Fork, all []storage.Exchange, at int, next *Next) error {
	answers, err := d.answers(ctx, fork)
	if err != nil {
		return err
	}
	from, draft, err := d.Open(ctx, all[at].ID)
	if err != nil {
		return err
	}
	from.Fork = &fork
	recorded := make([]record.Exchange, at+1)
	for i, e := range all[:at+1] {
		recorded[i] = e.Exchange
	}
	told := map[*script.Variable]Given{}
	err = d.write(ctx, &from, &draft, script.New(recorded).Steps[at], func(v *script.Variable) (string, bool) {
		if v.Kind != script.Taken || v.Secret != "" || all[v.Step].ID < fork.ExchangeID {
			return "", false
		}
		one, known := told[v]
		if !known {
			one = given(v, answers[all[v.Step].ID])
			told[v] = one
			if one.Now != one.Was {
				next.Given = append(next.Given, one)
			}
		}
		return one.Now, one.Why == StandsNot
	})
	next.From, next.Draft = from, draft
	return err
}

// given is what the newest answer has for a value that has one.
func given(v *script.Variable, answers []storage.Exchange) Given {
	one := Given{Name: v.Name, Was: v.Value, Why: StandsSkipped}
	for _, e := range answers {
		one.Why = StandsUntold
		if value, found := v.From.In(e.Answer); found {
			one.Now, one.Why = value, StandsNot
			break
		}
	}
	return one
}

// answers are the exchanges of a fork by that of the former flow they stand for, also over
// several attempts, the newest first.
func (d *Drafts) answers(ctx context.Context, fork storage.Fork) (map[int64][]storage.Exchange, error) {
	newest, err := d.store.Exchanges(ctx, storage.ExchangeQuery{FlowID: &fork.FlowID}, mostSteps)
	if err != nil {
		return nil, err
	}
	formers, err := d.store.Formers(ctx, fork.FlowID)
	answers := map[int64][]storage.Exchange{}
	for _, e := range newest {
		of := e.ID
		for former, has := formers[of]; has && former < of; former, has = formers[of] {
			of = former
		}
		answers[of] = append(answers[of], e)
	}
	return answers, err
}

// SendNext sends a draft of Next, which may be changed, and goes on to the step after it. A step
// that was sent from another window meanwhile is over, and not sent once more. Why it was not sent
// is a *failure.Error.
func (d *Drafts) SendNext(ctx context.Context, next Next, draft Draft, person xs2a.PSU) error {
	ctx = context.WithoutCancel(ctx)
	flow, step := next.From.Fork.FlowID, next.From.ID
	_, err, _ := d.sending.Do(flow+" "+strconv.FormatInt(step, 10), func() (any, error) {
		fork, err := d.store.Fork(ctx, flow)
		if err != nil || fork.Done >= step || !fork.StoppedAt.IsZero() {
			return nil, err
		}
		if _, err := d.Send(ctx, next.From, draft, person); err != nil {
			return nil, err
		}
		return nil, d.store.PassFork(ctx, flow, step, false)
	})
	return err
}

// Skip goes on to the step after an exchange of the former flow, without sending anything.
func (d *Drafts) Skip(ctx context.Context, next Next) error {
	return d.store.PassFork(ctx, next.From.Fork.FlowID, next.From.ID, true)
}

// Stop notes that the person goes no further with a fork.
func (d *Drafts) Stop(ctx context.Context, flowID string) error { return d.store.StopFork(ctx, flowID) }

// ForkOf returns a fork, or storage.ErrNotFound.
func (d *Drafts) ForkOf(ctx context.Context, flowID string) (storage.Fork, error) {
	return d.store.Fork(ctx, flowID)
}

// ForksOf lists the forks of a flow, the latest first.
func (d *Drafts) ForksOf(ctx context.Context, flowID string) ([]storage.Fork, error) {
	return d.store.ForksOf(ctx, flowID)
}
