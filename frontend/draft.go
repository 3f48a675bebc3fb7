package frontend

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"consentry/app"
	"consentry/app/draft"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/record"
)

// draftView is a request that the person writes from an exchange.
type draftView struct {
	From    draft.From
	Draft   draft.Draft
	Looked  bool                // they want to see what is changed
	Changes []record.Difference // from the exchange
	Failure *app.Error          // why it was not sent

	Forks bool        // a flow is forked with it
	Next  *draft.Next // it is the next step of a fork

	Presenting bool // what would stand in the form is masked, so nothing is sent
}

// writeAgain opens an exchange as a form.
func (s *Server) writeAgain(w http.ResponseWriter, r *http.Request) error {
	view, err := s.draftOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), draftScreen(view))
}

// sendAgain sends what was written; before that it asks where more than a question goes to
// a live bank, or shows what is changed.
func (s *Server) sendAgain(w http.ResponseWriter, r *http.Request) error {
	view, err := s.draftOf(r)
	if err != nil {
		return err
	}
	return s.sendDraft(w, r, view, func(view draftView) (string, error) {
		sent, err := s.app.Drafts().Send(r.Context(), view.From, view.Draft, s.person(r))
		return exchangePath(sent), err
	})
}

// sendDraft reads what was written and has it sent, which leads to an address.
func (s *Server) sendDraft(w http.ResponseWriter, r *http.Request, view draftView, send func(draftView) (string, error)) error {
	if view.Presenting {
		return s.pageStatus(w, r, http.StatusConflict, view.page(r.Context()), draftScreen(view))
	}
	view.Draft = draft.Draft{
		FormID: r.PostFormValue("form"), Method: r.PostFormValue("method"), Address: r.PostFormValue("address"),
		Header: r.PostFormValue("header"), Body: r.PostFormValue("body"),
	}
	view.Changes = view.From.Changes(view.Draft)
	do := r.PostFormValue("do")
	if do == "look" || do == "edit" {
		view.Looked = do == "look"
		return s.page(w, r, view.page(r.Context()), draftScreen(view))
	}
	if err := view.From.Check(view.Draft); err != nil {
		return s.notSent(w, r, view, err)
	}
	if view.stakes() != draft.NoStakes && do != "sure" {
		return s.page(w, r, view.page(r.Context()), draftQuestion(view))
	}
	address, err := send(view)
	if err != nil {
		return s.notSent(w, r, view, err)
	}
	redirect(w, r, address)
	return nil
}

// notSent shows the form with why it was not sent.
func (s *Server) notSent(w http.ResponseWriter, r *http.Request, view draftView, err error) error {
	if !errors.As(err, &view.Failure) {
		return err
	}
	return s.pageStatus(w, r, statusOfForm(view.Failure), view.page(r.Context()), draftScreen(view))
}

func (s *Server) draftOf(r *http.Request) (draftView, error) {
	id, err := numberIn(r)
	if err != nil {
		return draftView{}, err
	}
	var from draft.From
	var written draft.Draft
	if act := draft.Act(r.URL.Query().Get("act")); act == draft.AskStatus || act == draft.EndAtBank {
		from, written, err = s.app.Drafts().OpenAct(r.Context(), id, act)
	} else {
		from, written, err = s.app.Drafts().Open(r.Context(), id)
	}
	if err != nil {
		return draftView{}, err
	}
	return s.presentedDraft(r, draftView{From: from, Draft: written})
}

// presentedDraft adds to a draft whether the program is shown to others.
func (s *Server) presentedDraft(r *http.Request, view draftView) (draftView, error) {
	settings, err := s.app.Settings(r.Context())
	view.Presenting = err == nil && settings.Presenting.On
	return view, err
}

func (view draftView) page(ctx context.Context) Page {
	return Page{Title: view.title(ctx), Section: SectionActivity}
}

func (view draftView) title(ctx context.Context) string {
	switch {
	case view.Next != nil:
		return words.T(ctx, "Next: %s", stepWords(ctx, view.From.Step))
	case view.Forks:
		return words.T(ctx, "Fork here")
	}
	return words.T(ctx, "Send again")
}

// action is where the form is sent.
func (view draftView) action() string {
	switch {
	case view.Next != nil:
		return nextPath(view.From.Fork.FlowID)
	case view.Forks:
		return forkPath(view.From.ID)
	}
	return againPath(view.From.ID)
}

// back is where the form hangs.
func (view draftView) back(ctx context.Context) ui.Link {
	if view.Next != nil {
		return ui.Link{Label: words.T(ctx, "The fork"), Href: flowPath(view.From.Fork.FlowID)}
	}
	return ui.Link{Label: words.T(ctx, "The exchange"), Href: exchangePath(view.From.ID)}
}

func (view draftView) stakes() draft.Stakes { return view.From.Stakes(view.Draft) }

func againPath(exchange int64) string { return exchangePath(exchange) + "/again" }

// sendable reports whether an exchange can be written anew: what gets an access token is
// never sent by hand.
func (view exchangeView) sendable() bool { return !view.Operation.Token }

func (view draftView) methods() []ui.Option {
	options := make([]ui.Option, len(draft.Methods))
	for i, method := range draft.Methods {
		options[i] = ui.Option{Value: method, Label: method, Chosen: method == view.Draft.Method}
	}
	return options
}

// mono is a field for what stands on the wire.
func (view draftView) mono(ctx context.Context, name string, label words.Text, hint, value string) ui.Field {
	field := fields{view.Failure}.field(ctx, name, label, "", value)
	field.Hint, field.Attrs["dir"], field.Attrs["translate"] = hint, "ltr", "no"
	return field
}

func (view draftView) addressHint(ctx context.Context) string {
	return strings.TrimSpace(words.T(ctx, "On a host of %s: %s.", view.From.Bank, commas(ctx, view.From.Hosts)) + " " + view.toTypeIn(ctx, view.Draft.Address))
}

func (view draftView) headerHint(ctx context.Context) string {
	return strings.TrimSpace(words.T(ctx, "One on each line. The number (X-Request-ID), date, digest and signature are made anew. %s stands for the access token, which goes to %s alone.",
		record.Token, view.From.Home) + " " + view.toTypeIn(ctx, view.Draft.Header))
}

func (view draftView) bodyHint(ctx context.Context) string {
	return view.toTypeIn(ctx, view.Draft.Body)
}

// toTypeIn names what a part of the request has that is not kept; empty where that is nothing.
func (view draftView) toTypeIn(ctx context.Context, part string) string {
	var names []string
	for _, name := range view.From.Names {
		if strings.Contains(part, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return words.T(ctx, "Type in what is not kept: %s.", commas(ctx, names))
}

// countsWords say what sending a read means to the consent.
func (view draftView) countsWords() words.Text {
	switch {
	case view.From.Consent == nil:
		return ""
	case view.From.Fork != nil:
		return "Reads of accounts count: in the list of reads of the consent they are made under, or by themselves under one that is at the bank alone. Without PSU-IP-Address they count as automatic ones."
	}
	return "Reads of accounts stand in the consent’s list of reads. Without PSU-IP-Address they count as automatic ones."
}

// stakesWords say what may come of it, at a live bank.
var stakesWords = map[draft.Stakes]words.Text{
	draft.MayPay:     "This may send, approve or cancel a payment. It can cost money.",
	draft.MayConsent: "This may ask for a consent, or approve one.",
	draft.MayEnd:     "This may end a consent. It cannot be brought back.",
	draft.MayChange:  "This is more than a question: it may change something at the bank.",
}

// formerOf is what an exchange that was sent again has to be shown with.
func (s *Server) formerOf(ctx context.Context, view *exchangeView) error {
	if view.Former == 0 {
		return nil
	}
	one, err := s.app.Record().Flow(ctx, view.FlowID)
	if err != nil {
		return err
	}
	view.Consent, view.Payment = one.Consent, one.Payment
	former, err := s.app.Record().Exchange(ctx, view.Former)
	if app.NotFound(err) {
		return nil
	}
	view.From = &former
	view.Differences = record.Differences(former.Exchange, view.Exchange.Exchange)
	return err
}

// differencePlace says where two exchanges differ.
func differencePlace(ctx context.Context, d record.Difference) string {
	if d.Part == record.PartAddress || d.Part == record.PartStatus {
		return placeName(ctx, d)
	}
	return words.T(ctx, "%s: %s", words.T(ctx, comparedPartWords[d.Part]), placeName(ctx, d))
}

// longestShown bounds what a table shows of each side of a difference.
const longestShown = 1000

// shownSide is one side of a difference.
func shownSide(text string) string {
	if short := []rune(text); len(short) > longestShown {
		return string(short[:longestShown]) + "…"
	}
	return text
}

// parted divides differences into those that tell something and those there always are.
func parted(all []record.Difference) (telling, usual []record.Difference) {
	for _, d := range all {
		if d.Usual {
			usual = append(usual, d)
		} else {
			telling = append(telling, d)
		}
	}
	return telling, usual
}

// stillAsIs says that nothing was made of an answer.
func (view exchangeView) stillAsIs(ctx context.Context) string {
	switch {
	case view.Consent != nil:
		return words.T(ctx, "Consentry did not act on this answer. What it says of the consent is as it was before.")
	case view.Payment != nil:
		return words.T(ctx, "Consentry did not act on this answer. What it says of the payment is as it was before.")
	}
	return words.T(ctx, "Consentry did not act on this answer.")
}

// incomplete reports whether a part of the request was not kept, and has to be written.
func (view draftView) incomplete() bool { return view.From.Request.Incomplete() }

func answerOf(e storage.Exchange) string {
	return strings.TrimSpace(prettyBody(e.Answer))
}
