package app

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/stage"
	"consentry/storage"
	"consentry/xs2a"
)

// atOnce is how many banks of a scene are linked at the same time.
const atOnce = 4

// SetScene resets the practice world and carries out the acts of a scene, as a person would:
// each goes over the wire, to the practice banks inside the program, and stands in the
// activity. Nothing is made up. A scene that cannot be set to its end leaves the part before
// it, and the error names the line.
func (a *App) SetScene(ctx context.Context, s stage.Scene, person Person) error {
	a.Seen()
	if !a.HasPractice() {
		return failure.New(failure.PracticeStopped)
	}
	cast, err := a.cast(ctx, s)
	if err != nil {
		return err
	}
	if !a.staging.TryAcquire(1) {
		return failure.New(failure.StageBusy)
	}
	defer a.staging.Release(1)
	ctx = context.WithoutCancel(ctx)
	if err := a.reset(ctx); err != nil {
		return err
	}
	act := actor{app: a, person: person, cast: cast}
	for acts := s.Acts; len(acts) > 0; {
		if links := leadingLinks(acts); len(links) > 0 {
			if err := act.linkAll(ctx, links); err != nil {
				return err
			}
			acts = acts[len(links):]
			continue
		}
		if err := act.do(ctx, acts[0]); err != nil {
			return notSet(acts[0], err)
		}
		acts = acts[1:]
	}
	return act.asks(ctx)
}

// leadingLinks returns those of acts at their beginning that link a bank.
func leadingLinks(acts []stage.Act) []stage.Act {
	i := slices.IndexFunc(acts, func(a stage.Act) bool { return a.Verb != stage.Link })
	if i < 0 {
		i = len(acts)
	}
	return acts[:i]
}

// notSet is the failure of a scene at an act.
func notSet(a stage.Act, err error) error {
	failed := &Error{Reason: storage.Reason{Code: failure.StageNotSet, Number: a.Line}}
	var why *Error
	if errors.As(err, &why) {
		failed.Because = &why.Reason
		for _, field := range slices.Sorted(maps.Keys(why.Fields)) { // the first says more than that there is one
			reason := why.Fields[field]
			failed.Because = &reason
			break
		}
	}
	return failed.By(err)
}

// cast finds the banks that a scene speaks of, before anything is done, by the names it
// uses: a bank's id, BIC or name.
func (a *App) cast(ctx context.Context, s stage.Scene) (map[string]storage.ASPSP, error) {
	all, err := a.practiceBanks(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]storage.ASPSP{}
	for _, act := range s.Acts {
		if act.Bank == "" {
			continue
		}
		i := slices.IndexFunc(all, func(b storage.ASPSP) bool {
			return isAt(act.Bank, b.BIC, b.Name)
		})
		if i < 0 {
			return nil, notSet(act, &Error{Reason: storage.Reason{Code: failure.StageNoBank, Name: act.Bank}})
		}
		found[act.Bank] = all[i]
	}
	return found, nil
}

// practiceBanks lists the practice banks inside the program.
func (a *App) practiceBanks(ctx context.Context) ([]storage.ASPSP, error) {
	if e, err := a.store.Environment(ctx, bank.SandboxID); err != nil {
		return nil, err
	} else if e.DirectoryAt.IsZero() { // the program has just begun
		if err := a.banks.Refresh(ctx, e.ID); err != nil {
			return nil, err
		}
	}
	all, err := a.store.ASPSPs(ctx, storage.ASPSPQuery{})
	return slices.DeleteFunc(all, func(b storage.ASPSP) bool { return b.EnvironmentID != bank.SandboxID }), err
}

// actor carries out acts.
type actor struct {
	app    *App
	person Person
	cast   map[string]storage.ASPSP
}

// linkAll links banks, some at a time.
func (t actor) linkAll(ctx context.Context, links []stage.Act) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, act := range links {
		group.Go(func() error {
			if err := t.link(ctx, act); err != nil {
				return notSet(act, err)
			}
			return nil
		})
	}
	return group.Wait()
}

func (t actor) do(ctx context.Context, act stage.Act) error {
	switch act.Verb {
	case stage.Link:
		return t.link(ctx, act)
	case stage.Renew:
		return t.renew(ctx, act)
	case stage.Draft, stage.Send, stage.Pay, stage.Decline:
		return t.pay(ctx, act)
	case stage.Note:
		return t.note(ctx, act)
	case stage.Name:
		return t.name(ctx, act)
	case stage.Pass:
		return t.app.clock.Move(ctx, act.Days)
	case stage.Update:
		return t.update(ctx)
	case stage.Book:
		entry := map[string]any{"amount": act.Amount, "name": act.Other, "text": act.Text}
		return t.app.atControl(ctx, http.MethodPost, "/books", map[string]any{
			"bank": t.cast[act.Bank].BIC, "psu": act.Person, "account": act.Account - 1, "entries": []any{entry},
		}, nil)
	case stage.Withdraw, stage.Revoke:
		return t.end(ctx, act)
	case stage.Fault:
		wrong := map[string]any{"method": act.Method, "path": act.Path, "count": act.Count}
		if wrong["drop"] = true; act.Status != 0 {
			delete(wrong, "drop")
			wrong["status"] = act.Status
		}
		return t.app.atControl(ctx, http.MethodPost, "/faults", wrong, nil)
	}
	return failure.New(failure.StageVerb)
}

// update reads all accounts of consents in use, and asks what became of payments.
func (t actor) update(ctx context.Context) error {
	live, err := t.live(ctx, "")
	err = errors.Join(err, t.asks(ctx))
	for _, c := range live {
		if ended := t.app.reader.Begin(c.ID, &t.person); ended != nil {
			<-ended
		}
	}
	return err
}

// live lists the consents in use at practice banks, or at one of them.
func (t actor) live(ctx context.Context, bic string) ([]storage.Consent, error) {
	all, err := t.app.store.LiveConsents(ctx)
	return slices.DeleteFunc(all, func(c storage.Consent) bool {
		return c.EnvironmentID != bank.SandboxID || bic != "" && c.BIC != bic || !c.Usable(t.app.clock.NowAt(c.EnvironmentID))
	}), err
}

// end withdraws the consents at a bank, or lets the person take them back there. That the bank
// refuses a withdrawal may be what a scene is for.
func (t actor) end(ctx context.Context, act stage.Act) error {
	live, err := t.live(ctx, t.cast[act.Bank].BIC)
	for _, c := range live {
		if act.Verb == stage.Revoke {
			err = errors.Join(err, t.app.atControl(ctx, http.MethodPost, "/consents/"+url.PathEscape(c.BankConsentID)+"/revoke", nil, nil))
			continue
		}
		var refused *Error
		if failed := t.app.Withdraw(ctx, c.ID, false, t.person); failed != nil && !errors.As(failed, &refused) {
			err = errors.Join(err, failed)
		}
	}
	return err
}

// link gives a consent at a bank and waits until all was read under it.
func (t actor) link(ctx context.Context, act stage.Act) error {
	at := t.cast[act.Bank]
	share := t.app.DefaultShare(at.EnvironmentID)
	share.BIC = at.BIC
	return t.gives(ctx, share, act)
}

// renew has another consent take the place of the newest at a bank.
func (t actor) renew(ctx context.Context, act stage.Act) error {
	all, err := t.app.store.Consents(ctx) // the newest first
	if err != nil {
		return err
	}
	at := t.cast[act.Bank]
	i := slices.IndexFunc(all, func(c storage.Consent) bool { return c.EnvironmentID == at.EnvironmentID && c.BIC == at.BIC })
	if i < 0 {
		return storage.ErrNotFound
	}
	share, err := t.app.Renewal(ctx, all[i].ID)
	if err != nil {
		return err
	}
	return t.gives(ctx, share, act)
}

// gives asks for a consent as an act says, approves it, and waits until all was read under it.
func (t actor) gives(ctx context.Context, share Share, act stage.Act) error {
	share.Balances, share.Transactions, share.Recurring, share.FrequencyPerDay = !act.NoBalances, !act.NoTransactions, !act.OneOff, act.PerDay
	share.ValidUntil = t.app.clock.NowAt(share.EnvironmentID).AddDate(0, 0, act.Days).Format(time.DateOnly)
	id, err := t.app.Ask(ctx, share, t.person)
	var wants *Error
	if errors.As(err, &wants) && wants.Fields["psu_id"].Code == failure.EnterLogin {
		share.PSUID = act.Person
		id, err = t.app.Ask(ctx, share, t.person)
	}
	if err != nil {
		return err
	}
	flow, err := t.walk(ctx, id, act.Person, t.give)
	switch {
	case err != nil:
		return err
	case flow.Outcome == storage.Succeeded:
		return t.read(ctx, flow)
	}
	return notLinked(flow)
}

// approvalWait bounds an approval at a practice bank, and approvalPause is how long is waited
// for what the program does about it at the same time.
const (
	approvalWait  = 10 * time.Second
	approvalPause = 5 * time.Millisecond
)

// walk takes an approval to its end as a person at the practice bank would. What waits for them
// they give.
func (t actor) walk(ctx context.Context, id, login string, give func(context.Context, Flow, string) error) (Flow, error) {
	signers := append([]string{login}, slices.DeleteFunc(slices.Clone(otherSigners), func(one string) bool { return one == login })...)
	ctx, cancel := context.WithTimeout(ctx, approvalWait)
	defer cancel()
	done := map[string]bool{} // attempts at which all was done that a person can do
	for {
		flow, err := t.app.Flow(ctx, id)
		if err != nil {
			return flow, err
		}
		switch {
		case flow.Outcome == storage.Partial && len(signers) > 1:
			signers = signers[1:]
			if id, err = t.app.SCA().Resume(ctx, flow.Subject, t.person); err != nil {
				return flow, err
			}
			continue
		case flow.Ended():
			return flow, nil
		case !done[id]:
			done[id] = true
			err = give(ctx, flow, signers[0])
		default:
			err = pause(ctx, approvalPause)
		}
		if err == nil {
			err = t.app.sca.Poll(ctx, id, t.person)
		}
		if err != nil {
			return flow, err
		}
	}
}

// read waits until all was read under a consent that was just approved.
func (t actor) read(ctx context.Context, flow Flow) error {
	for t.app.reader.Job(flow.Consent.ID) == nil { // who learned of the approval begins to read
		if err := pause(ctx, approvalPause); err != nil {
			return err
		}
	}
	return t.app.reader.Wait(ctx, flow.Consent.ID)
}

// pause waits a while, if the context lets it.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// otherSigners sign where a bank wants another person to.
var otherSigners = []string{"lukas", "astrid"}

func notLinked(flow Flow) error {
	return (&Error{Reason: storage.Reason{Code: failure.StageNotLinks, Bank: flow.BankName}}).By(errors.New("the approval ended at " + string(flow.Step) + " " + string(flow.Outcome)))
}

// give does what a consent's approval waits for: at the bank's page, or anywhere else.
func (t actor) give(ctx context.Context, flow Flow, login string) error {
	if !t.onPage(flow) {
		if flow.Consent.BankConsentID == "" {
			return notLinked(flow)
		}
		return t.app.atControl(ctx, http.MethodPost, "/consents/"+url.PathEscape(flow.Consent.BankConsentID)+"/authorise", map[string]string{"psu": login}, nil)
	}
	return t.visits(ctx, flow, login)
}

// onPage reports whether an approval waits for the person on the bank's page.
func (t actor) onPage(flow Flow) bool {
	return flow.Step == xs2a.StepOAuth || flow.Step == xs2a.StepRedirect
}

// visits approves on the bank's page, and comes back from there.
func (t actor) visits(ctx context.Context, flow Flow, login string) error {
	page, err := t.app.sca.Redirect(ctx, flow.ID, t.person)
	if err != nil {
		return err
	}
	var visit struct{ Back string }
	if err := t.app.atControl(ctx, http.MethodPost, "/visit", map[string]string{"address": page, "psu": login}, &visit); err != nil {
		return err
	}
	back, err := url.Parse(visit.Back)
	if err != nil || visit.Back == "" { // a bank that sends nobody back is asked how it went
		return err
	}
	_, _, err = t.app.sca.Returned(ctx, back.Query(), t.person)
	return err
}
