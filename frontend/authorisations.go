package frontend

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a"
)

// authorisation shows where the linking of a bank stands and what comes next.
func (s *Server) authorisation(w http.ResponseWriter, r *http.Request) error {
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if latest, err := s.app.SCA().Latest(r.Context(), flow.Flow); err != nil {
		return err
	} else if flow.Outcome == storage.Replaced && latest != flow.ID {
		redirect(w, r, "/authorisations/"+latest)
		return nil
	}
	view := s.linking(flow, nil)
	if view.Subject.Kind == storage.SubjectPayment && view.Unanswered() {
		redirect(w, r, paymentPath(view.Payment.ID)) // where stands whether it was sent
		return nil
	}
	if view.isLinked() && !view.pays() {
		if view.Left, err = s.app.LeftBehind(r.Context(), flow.Consent); err != nil {
			return err
		}
		if view.Accounts, err = s.app.Holdings().ConsentAccounts(r.Context(), flow.Consent.ID); err != nil {
			return err
		}
	}
	if view, err = s.withAround(r.Context(), view); err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), view.content())
}

// linking is the view of a flow; failed is what the last action on it said.
func (s *Server) linking(flow app.Flow, failed *app.Error) linkingView {
	view := linkingView{Flow: flow, Failed: failed, Window: s.openBrowser != nil, OnPhone: s.app.ShownInRoom(flow), Phone: s.phone.of(flow.ID)}
	if flow.EnvironmentID == bank.SandboxID {
		view.Logins = s.about.SandboxLogins
	}
	return view
}

// withAround adds to a flow what of its surroundings the page shows: what failed, and the round in which
// a consent is renewed.
func (s *Server) withAround(ctx context.Context, view linkingView) (linkingView, error) {
	if view.Subject.Kind == storage.SubjectConsent {
		var err error
		if view.Round, err = s.roundAt(ctx, view.Consent.Renews); err != nil {
			return view, err
		}
	}
	return s.withTried(ctx, view)
}

// authorisationStep is asked each second by the page that waits. It answers
// nothing while the page shows how things stand, and reloads it otherwise. While
// somebody looks, the bank is asked now and then.
func (s *Server) authorisationStep(w http.ResponseWriter, r *http.Request) error {
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	s.app.SCA().Watched(flow.Flow, s.person(r))
	if r.URL.Query().Get("shown") != s.linking(flow, nil).stand() {
		w.Header().Set("HX-Refresh", "true")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// bankPage leads a browser to the bank's page.
func (s *Server) bankPage(w http.ResponseWriter, r *http.Request) error {
	address, err := s.app.SCA().Redirect(r.Context(), r.PathValue("id"), s.person(r))
	if err != nil {
		return s.newHost(w, r, err)
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// openBankPage shows the bank's page in the system's browser: the window is no
// place to log in at a bank.
func (s *Server) openBankPage(w http.ResponseWriter, r *http.Request) error {
	if s.openBrowser == nil {
		return s.bankPage(w, r)
	}
	address, err := s.app.SCA().Redirect(r.Context(), r.PathValue("id"), s.person(r))
	if err != nil {
		return s.newHost(w, r, err)
	}
	if err := s.openBrowser(address); err != nil {
		return &app.Error{Reason: storage.Reason{Code: failure.BrowserNotOpened}, Detail: address, Cause: err}
	}
	redirect(w, r, "/authorisations/"+r.PathValue("id"))
	return nil
}

// update passes on what the person entered for a step of the approval. It is
// kept nowhere and never shown again.
func (s *Server) update(w http.ResponseWriter, r *http.Request) error {
	given := sca.Given{
		PSUID: r.PostFormValue("psu_id"), CorporateID: r.PostFormValue("corporate_id"),
		PSUData: xs2a.PSUData{
			Password: r.PostFormValue("password"), MethodID: r.PostFormValue("method"),
			Code: strings.TrimSpace(r.PostFormValue("code")), ConfirmationCode: strings.TrimSpace(r.PostFormValue("confirmation")),
		},
	}
	step := xs2a.Step(r.PostFormValue("step"))
	return s.act(w, r, s.app.SCA().Update(r.Context(), r.PathValue("id"), step, given, s.person(r)))
}

// paste takes the address on which the person's browser ended, here or on another device.
func (s *Server) paste(w http.ResponseWriter, r *http.Request) error {
	err := s.app.SCA().Pasted(r.Context(), r.PathValue("id"), r.PostFormValue("address"), s.person(r))
	if failed, known := asFailure(err); known && wrongField(failed, "address") && r.PostFormValue("from") == "device" {
		return s.showDevice(w, r, statusOf(failed), failed)
	}
	return s.act(w, r, err)
}

// pollAuthorisation asks the bank how far it is.
func (s *Server) pollAuthorisation(w http.ResponseWriter, r *http.Request) error {
	return s.act(w, r, s.app.SCA().Poll(r.Context(), r.PathValue("id"), s.person(r)))
}

// giveUp ends the linking.
func (s *Server) giveUp(w http.ResponseWriter, r *http.Request) error {
	return s.act(w, r, s.app.SCA().GiveUp(r.Context(), r.PathValue("id"), s.person(r)))
}

// act shows the flow after an action on it, with what went wrong.
func (s *Server) act(w http.ResponseWriter, r *http.Request, err error) error {
	id := r.PathValue("id")
	failed, known := asFailure(err)
	if err == nil {
		redirect(w, r, "/authorisations/"+id)
		return nil
	}
	if !known {
		return err
	}
	flow, err := s.app.Flow(r.Context(), id)
	if err != nil {
		return err
	}
	status := statusOf(failed)
	view, err := s.withAround(r.Context(), s.linking(flow, failed))
	if err != nil {
		return err
	}
	return s.pageStatus(w, r, status, view.page(r.Context()), view.content())
}

// resume goes on with a consent that was asked for and not approved.
func (s *Server) resume(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.SCA().Resume(r.Context(), storage.ConsentSubject(r.PathValue("id")), s.person(r))
	return s.resumed(w, r, id, err)
}

// approveDeletion goes on with the approval that the bank wants of a deletion.
func (s *Server) approveDeletion(w http.ResponseWriter, r *http.Request) error {
	id, err := s.app.ApproveDeletion(r.Context(), r.PathValue("id"), s.person(r))
	return s.resumed(w, r, id, err)
}

// resumed leads to an approval that was begun or found, or shows in its place what
// kept the bank from being asked for it.
func (s *Server) resumed(w http.ResponseWriter, r *http.Request, id string, err error) error {
	if failed, known := asFailure(err); known && id != "" {
		flow, err := s.app.Flow(r.Context(), id)
		if err != nil {
			return err
		}
		view, err := s.withAround(r.Context(), s.linking(flow, failed))
		if err != nil {
			return err
		}
		return s.pageStatus(w, r, http.StatusBadGateway, view.page(r.Context()), view.content())
	}
	if errors.Is(err, storage.ErrEnd) { // settled meanwhile, as the consent's page says
		redirect(w, r, consentPath(r.PathValue("id")))
		return nil
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/authorisations/"+id)
	return nil
}

// linkingView is a flow as the screen shows it.
type linkingView struct {
	app.Flow
	Left []app.LeftBehind // accounts that a renewal does not give
	// Accounts are those that were linked, with what was read of them.
	Accounts []storage.Account
	Failed   *app.Error        // what the last action on it said
	Window   bool              // the bank's page opens in another program
	Logins   []Login           // to type at a practice bank; none at a real one
	OnPhone  bool              // it waits where a real phone can take the place of this machine
	Phone    *phoneState       // that is shown in the room, or was; nil: none was
	Tried    *storage.Exchange // what failed last, where something did; nil where that is not recorded
	Round    *roundView        // in which the consent is renewed; nil for none
}

// page is the page a flow is shown on.
func (v linkingView) page(ctx context.Context) Page {
	said := v.words(ctx)
	return Page{Title: said.title, Section: said.section}
}

// stand names what the page shows; when it differs from what is, the page is
// out of date.
func (v linkingView) stand() string {
	parts := []string{string(v.Step), string(v.Outcome)}
	if !v.OpenedAt.IsZero() {
		parts = append(parts, "opened")
	}
	if !v.ReturnedAt.IsZero() {
		parts = append(parts, "returned")
	}
	if v.Confirming() {
		parts = append(parts, "confirming")
	}
	if v.Asking {
		parts = append(parts, "asking")
	}
	if v.Step == xs2a.StepDecoupled {
		parts = append(parts, fmt.Sprintf("%x", crc32.ChecksumIEEE([]byte(v.Asks.Challenge.Image+strings.Join(v.Asks.Challenge.Data, " ")))))
	}
	if v.OnPhone && v.Phone != nil {
		parts = append(parts, v.Phone.stand())
	}
	if v.Job != nil && !v.Job.Running() {
		parts = append(parts, "fetched")
	}
	if v.isLinked() && v.pays() {
		parts = append(parts, standOf(v.Payment))
	}
	return strings.Join(parts, "-")
}

// typed lists the steps at which the person enters something here.
var typed = map[xs2a.Step]bool{
	xs2a.StepIdentify: true, xs2a.StepPassword: true, xs2a.StepChooseMethod: true, xs2a.StepCode: true, xs2a.StepConfirm: true,
}

// asksHere reports whether the person has to enter something on this page.
func (v linkingView) asksHere() bool { return typed[v.Step] && !v.Confirming() }

// waiting reports whether the page has to look for news.
func (v linkingView) waiting() bool {
	if v.isLinked() {
		return v.Job != nil && v.Job.Running() || v.pays() && v.Payment.InForce()
	}
	return !v.Ended() && !v.Unanswered() && !v.asksHere()
}

func (v linkingView) atBank() bool {
	return !v.Ended() && v.ReturnedAt.IsZero() && (v.Step == xs2a.StepOAuth || v.Step == xs2a.StepRedirect)
}

// isLinked reports whether what was to be approved is: the consent works, be it
// that it was approved after the attempt had ended here; or the bank has ended it.
func (v linkingView) isLinked() bool {
	switch v.Subject.Kind {
	case storage.SubjectDeletion:
		return v.Ended() && !v.Consent.Unconfirmed()
	case storage.SubjectPayment:
		return v.Outcome == storage.Succeeded || v.Ended() && v.Payment.Checked()
	case storage.SubjectCancellation:
		return v.Ended() && v.Payment.Cancellation == storage.CancelDone
	}
	return v.Outcome == storage.Succeeded || v.Ended() && v.Consent.Status == xs2a.ConsentValid
}

// awayElsewhere reports whether the person went to the bank's page and has not come back from
// it to this computer.
func (v linkingView) awayElsewhere() bool { return !v.OpenedAt.IsZero() && v.ReturnedAt.IsZero() }

// byHand reports whether the person has to bring the address back: the bank
// sends them to one of the TPP's own, at which nobody answers for them.
func (v linkingView) byHand() bool { return strings.HasPrefix(v.RedirectURI, "https://") }

// steps says where the person is and who acts next.
func (v linkingView) steps(ctx context.Context) ui.Steps {
	said := v.words(ctx)
	steps := ui.Steps{Names: said.steps, Now: said.bank}
	stays := said.waits
	switch {
	case v.isLinked() && v.Job != nil && v.Job.Running():
		steps.Now, steps.Who = stepFetch, words.T(ctx, "Consentry is reading your accounts.")
	case v.isLinked() && v.Job != nil && v.Job.Err != nil:
		steps.Now, steps.Failed = stepFetch, true
	case v.isLinked():
		steps.Now, steps.Who = len(said.steps), words.T(ctx, "All done.")
		if v.stopped() {
			steps.Now, steps.Who, steps.Failed = len(said.steps)-1, "", true
		}
	case v.Outcome == storage.Partial:
		steps.Who, steps.Leave = words.T(ctx, "It is another person's turn."), stays
	case v.Ended():
		steps.Failed = v.Outcome == storage.Failed || v.Outcome == storage.Expired || v.Outcome == storage.Misled
	case v.Unanswered():
		steps.Now, steps.Who, steps.Leave = said.begun, words.T(ctx, "Next: it is your turn to approve."), stays
	case v.asksHere():
		steps.Who, steps.Leave = words.T(ctx, "Next: it is your turn to approve."), stays
	case v.Step == xs2a.StepDecoupled:
		steps.Who, steps.Leave = words.T(ctx, "Next: approve on your other device."), stays
	case v.atBank():
		steps.Who, steps.Leave = v.nextAtBank(ctx), stays
	case v.Step != xs2a.StepUnknown:
		steps.Who, steps.Leave = words.T(ctx, "%s is being asked for the outcome.", v.BankName), stays
	}
	return steps
}

// wayToBank is where this program leads a browser to the bank.
func (v linkingView) wayToBank() string { return "/authorisations/" + v.ID + "/page" }

// notice says how the flow ended.
func (v linkingView) notice(ctx context.Context) ui.Notice {
	bank := v.BankName
	said := v.words(ctx)
	n := ui.Notice{ID: "outcome", Tone: ui.Bad, Lost: said.lost, Next: said.retry}
	switch v.Outcome {
	case storage.Denied:
		n.Tone, n.Title = ui.Neutral, words.T(ctx, "You declined at %s.", bank)
		if v.Consent.Status != xs2a.ConsentRejected && !v.deletes() && !v.pays() {
			n.Title = words.T(ctx, "The consent was not approved at %s.", bank)
		}
	case storage.Partial:
		n.Tone, n.Title = ui.Info, words.T(ctx, "You have approved your part.")
		n.Lost, n.Next = "", words.T(ctx, "Another person has to approve, too, before anything is shared. They can do it here, with their own login at the bank.")
		if v.pays() {
			n.Next = words.T(ctx, "Another person has to approve, too, before anything is paid. They can do it here, with their own login at the bank.")
		}
	case storage.Expired:
		n.Title = words.T(ctx, "It timed out.")
		n.Next = words.T(ctx, "%s closes its approval after a while. Start it once more and finish within half an hour.", bank)
	case storage.GivenUp:
		n.Tone, n.Title = ui.Neutral, said.left
	case storage.Replaced:
		n.Tone, n.Title, n.Next = ui.Neutral, words.T(ctx, "You started this once more."), words.T(ctx, "Continue with the newer attempt.")
	case storage.Misled:
		n.Title, n.Lost = reasonWords(ctx, v.Reason), words.T(ctx, "Nothing was sent there. %s", said.lost)
		n.Next = words.T(ctx, "That is a mistake in the bank’s answer, for its support. You can start the approval once more; it rarely helps.")
		return n
	default:
		n.Title = words.T(ctx, "%s ended the approval.", bank)
		n.Next = words.T(ctx, "It may have taken too long, or the login failed. You can start it once more.")
	}
	n.Detail = cmp.Or(reasonWords(ctx, v.Reason), v.Message)
	return n
}

// retry reports whether the approval can be started once more.
func (v linkingView) retry() bool {
	switch {
	case v.deletes():
		return v.Ended() && v.Consent.Unconfirmed()
	case v.pays():
		return v.Ended() && v.Outcome != storage.GivenUp && v.Payment.InForce() && (v.Subject.Kind == storage.SubjectCancellation || !v.Payment.Checked())
	}
	return v.Ended() && v.Outcome != storage.GivenUp && !v.Consent.Status.Final() && v.Consent.Status != xs2a.ConsentValid
}

// fetched sums up the first fetch.
func (v linkingView) fetched(ctx context.Context) string {
	if v.Job == nil {
		return words.T(ctx, "Your accounts are in Consentry.")
	}
	if v.Job.Stopped {
		return words.T(ctx, "You stopped reading. The consent’s page says what is there and what is missing.")
	}
	if v.Job.New == 0 {
		return words.T(ctx, "Already up to date.")
	}
	return words.T(ctx, "Read: %s. New: %s.", words.N(ctx, v.Job.Done, "%d account", "%d accounts"), words.N(ctx, v.Job.New, "%d transaction", "%d transactions"))
}

// phoneAddress is what the QR code of a decoupled approval leads a phone to: the bank's app
// with the token it gave (OP: BankID's auto-start token), or where its words lead. Empty where
// a phone could do nothing with it.
func (v linkingView) phoneAddress() string {
	if len(v.Asks.Challenge.Data) == 0 {
		return otherThanHere(v.decoupledLink())
	}
	token := v.Asks.Challenge.Data[0]
	if v.Opens(token) {
		return token
	}
	return "https://app.bankid.com/?autostarttoken=" + url.QueryEscape(token) + "&redirect=null"
}

// otherThanHere is an address that another device reaches; empty where it is on this machine.
func otherThanHere(address string) string {
	if u, err := url.Parse(address); err != nil || xs2a.StaysHere(u.Hostname()) {
		return ""
	}
	return address
}

// decoupledLink is the address a decoupled approval leads to, where the bank's
// words or data hold one: the other device may be this one.
func (v linkingView) decoupledLink() string {
	said := append([]string{v.Message, v.Asks.Challenge.Information}, v.Asks.Challenge.Data...)
	for _, word := range strings.Fields(strings.Join(said, " ")) {
		word = strings.Trim(word, `.,;:!?()<>"'“”„`)
		if strings.Contains(word, "://") && v.Opens(word) {
			return word
		}
	}
	return ""
}

// challengePicture is the picture the bank shows, when it is one a page may
// show; what it is, is read from its bytes and not from the bank's words.
func (v linkingView) challengePicture() string {
	image, err := base64.StdEncoding.DecodeString(v.Asks.Challenge.Image)
	if err != nil || len(image) == 0 {
		return ""
	}
	switch kind := http.DetectContentType(image); kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return "data:" + kind + ";base64," + v.Asks.Challenge.Image
	}
	return ""
}

// whither names the host to which the bank leads, for the person to compare.
func (v linkingView) whither(ctx context.Context) string {
	if v.PageHost == "" {
		return ""
	}
	return words.T(ctx, "Its page is at %s.", v.PageHost)
}

// decoupledLabel names where the address for another device leads.
func (v linkingView) decoupledLabel(ctx context.Context) string {
	u, err := url.Parse(v.decoupledLink())
	if err != nil || u.Host == "" {
		return words.T(ctx, "Open it on this device")
	}
	return words.T(ctx, "Open it on this device (%s)", u.Host)
}

// notTaken says why the bank has not taken the request: it refused it just
// now, or nothing came back.
func (v linkingView) notTaken(ctx context.Context) string {
	var failed *xs2a.Error
	if v.Failed != nil && (!errors.As(v.Failed, &failed) || failed.Kind == xs2a.Refused) {
		return sayFailure(ctx, v.Failed).What
	}
	return words.T(ctx, "%s did not answer.", v.BankName)
}

// atField reports whether what went wrong stands at a field of the form: said
// above it as well, it would be said twice.
func (v linkingView) atField() bool {
	fields := map[xs2a.Step][]string{
		xs2a.StepIdentify: {"psu_id"}, xs2a.StepPassword: {"psu_id", "password"}, xs2a.StepChooseMethod: {"method"},
		xs2a.StepCode: {"code"}, xs2a.StepConfirm: {"confirmation"},
	}
	return v.asksHere() && slices.ContainsFunc(fields[v.Step], func(field string) bool { return wrongField(v.Failed, field) })
}

// loginInDoubt reports whether the bank refused a password beside a login that stands in
// the request and cannot be changed on the page.
func (v linkingView) loginInDoubt() bool {
	return v.Failed != nil && v.Failed.Code == failure.WrongCredentials && v.PSUID != "" && !v.Asks.Start && !v.deletes()
}

// bankWords are what the bank says to the person: why it refused what they just
// entered, else what belongs to the step.
func (v linkingView) bankWords(ctx context.Context) string {
	var refused *xs2a.Error
	if v.Failed != nil && errors.As(v.Failed, &refused) && refused.Text != "" {
		return refused.Text
	}
	return cmp.Or(reasonWords(ctx, v.Reason), v.Message)
}

// confirmationHint: where the address is brought back by hand, the code stands
// in it.
func (v linkingView) confirmationHint(ctx context.Context) string {
	if !v.byHand() && !v.awayElsewhere() {
		return ""
	}
	return words.T(ctx, "It stands in the address your browser ended on. You can paste the whole address.")
}
