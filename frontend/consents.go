package frontend

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/fetch"
	"consentry/app/sca"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

const (
	// eachGroup are shown of every group, consentsAtOnce of a single one.
	eachGroup, consentsAtOnce = 25, 50
)

// consentLine is a consent with what it means now.
type consentLine struct {
	storage.Consent
	State consentState
	Group app.Group   // in a list
	Flow  *sca.Flow   // the authorisation under way, if there is one
	Now   time.Time   // by the clock of its environment
	Quota fetch.Quota // its reads without the person; zero where they were not counted
}

// consents lists consents: all of them, or those the person looks for.
func (s *Server) consents(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if clears(w, r, "/consents") {
		return nil
	}
	view, err := s.consentsOf(r)
	if err != nil {
		return err
	}
	switch {
	case view.Query.Offset > 0 && wantsFragment(r):
		return s.fragment(w, r, nextConsents(view))
	case aimsAt(r, "found"):
		return s.fragment(w, r, foundConsents(view))
	}
	return s.page(w, r, Page{Title: words.T(ctx, "Consents"), Section: SectionConsents}, consentsScreen(view))
}

func (s *Server) consentsOf(r *http.Request) (consentsView, error) {
	ctx := r.Context()
	view := consentsView{Query: consentQuery(r.Context(), r.URL.Query())}
	found, err := s.app.ConsentList(ctx, view.Query)
	if err != nil {
		return view, err
	}
	lines, err := s.linesOf(ctx, found.Lines)
	if err != nil {
		return view, err
	}
	view.Counts, view.Groups = found.Counts, groupLines(found.Counts, lines)
	if view.Query.Offset == 0 {
		if view.Renewals, err = s.renewals(ctx); err != nil {
			return view, err
		}
		if view.Lives, err = s.timeline(ctx, lines, r.URL.Query().Get("lives") == "all"); err != nil {
			return view, err
		}
		view.Unfolded = view.unfolds(r)
	}
	if r.URL.Query().Get("filter") == filterOpen || view.narrowed() || view.Query.Sort != app.ByNeed {
		view.Filter, err = s.consentFilter(ctx)
	}
	return view, err
}

// consentQuery reads an address. What it does not understand is as if it were
// not there.
func consentQuery(ctx context.Context, asked url.Values) app.ConsentQuery {
	q := app.ConsentQuery{
		Text: strings.TrimSpace(asked.Get("q")), EnvironmentID: asked.Get("environment"), BIC: asked.Get("bank"),
		AccountID: placeIn(asked.Get("account")), Limit: eachGroup, UsualPurpose: words.T(ctx, usualPurpose),
	}
	for _, group := range consentGroups {
		if asked.Get("group") == string(group.Group) {
			q.Group, q.Limit, q.Offset = group.Group, consentsAtOnce, int(min(placeIn(asked.Get("from")), 1<<30))
		}
	}
	for _, order := range consentOrders {
		if asked.Get("sort") == string(order.Sort) {
			q.Sort = order.Sort
		}
	}
	return q
}

// linesOf puts consents into words, with the reads of today of those in use.
func (s *Server) linesOf(ctx context.Context, found []app.ConsentLine) ([]consentLine, error) {
	lines := make([]consentLine, len(found))
	for i, one := range found {
		lines[i] = s.listed(one)
		if !lines[i].State.Live || !one.Recurring {
			continue
		}
		var err error
		lines[i].Quota, err = s.app.Reader().Quota(ctx, one.Consent)
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// listed puts a consent of a list into words. Its group says whether it needs
// the person.
func (s *Server) listed(one app.ConsentLine) consentLine {
	line := s.line(one.Consent, one.Flow)
	line.Group = one.Group
	line.State.Needs = one.Group == app.NeedsPerson
	return line
}

// toApprove reports whether the bank wants the person to approve that it ends the
// consent.
func (line consentLine) toApprove() bool {
	return line.State.Unconfirmed && line.Acknowledgement == storage.AckUnconfirmed && line.Deletion.Approve()
}

func (s *Server) line(c storage.Consent, flow *sca.Flow) consentLine {
	now := s.app.Clock().NowAt(c.EnvironmentID)
	return consentLine{Consent: c, State: stateAt(c, flow != nil, now), Flow: flow, Now: now}
}

// unfinished are the authorisations under way, by consent.
func (s *Server) unfinished(ctx context.Context) (map[string]*sca.Flow, error) {
	flows, err := s.app.SCA().Unfinished(ctx, storage.SubjectConsent)
	if err != nil {
		return nil, err
	}
	byConsent := map[string]*sca.Flow{}
	for i := range flows {
		byConsent[flows[i].Holder.ID] = &flows[i]
	}
	return byConsent, nil
}

// consentGroups are the parts of the list, those first that need the person.
var consentGroups = []struct {
	Group   app.Group
	ID      string
	Title   words.Text
	Nothing words.Text // said where the group holds none
}{
	{app.NeedsPerson, "need-you", "Need you", "No consent needs you"},
	{app.Active, "active", "Active", "No consent is active"},
	{app.Waiting, "waiting", "Not approved", "No consent waits to be approved"},
	{app.Ended, "ended", "Ended", "No consent has ended"},
}

// groupLines parts lines, which come group by group, and leaves out the groups
// that hold none.
func groupLines(counts map[app.Group]int, lines []consentLine) []consentGroup {
	var groups []consentGroup
	for _, known := range consentGroups {
		n := 0
		for n < len(lines) && lines[n].Group == known.Group {
			n++
		}
		if n > 0 {
			groups = append(groups, consentGroup{Group: known.Group, ID: known.ID, Title: known.Title, Count: counts[known.Group], Consents: lines[:n]})
		}
		lines = lines[n:]
	}
	return groups
}

// narrowed reports whether the person chose a bank, an environment or an account.
func (view consentsView) narrowed() bool {
	return view.Query.BIC != "" || view.Query.EnvironmentID != "" || view.Query.AccountID != 0
}

// looking reports whether the list may leave out any consent.
func (view consentsView) looking() bool {
	return view.narrowed() || view.Query.Text != "" || view.Query.Group != ""
}

// renewable reports whether a consent in sight has a day to renew it by, which
// a calendar can keep.
func (view consentsView) renewable() bool {
	for _, group := range view.Groups {
		for _, line := range group.Consents {
			if line.State.Live && line.Recurring && line.RenewBy != "" {
				return true
			}
		}
	}
	return false
}

// total counts the consents that match, whatever their group.
func (view consentsView) total() int {
	total := 0
	for _, n := range view.Counts {
		total += n
	}
	return total
}

// found says what the list holds.
func (view consentsView) found(ctx context.Context) string {
	if view.Query.Text != "" {
		return words.N(ctx, view.total(), "%d consent for “%s”", "%d consents for “%s”", view.Query.Text)
	}
	return words.N(ctx, view.total(), "%d consent", "%d consents")
}

// address is the list with a change to what the person chose; an empty value
// takes a choice back.
func (view consentsView) address(changes ...string) string {
	q := view.Query
	chosen := map[string]string{"q": q.Text, "environment": q.EnvironmentID, "bank": q.BIC, "group": string(q.Group), "sort": string(q.Sort)}
	if q.AccountID != 0 {
		chosen["account"] = strconv.FormatInt(q.AccountID, 10)
	}
	return changedAddress("/consents", chosen, changes)
}

// more is where a group goes on after what is shown of it; empty at its end.
func (view consentsView) more(group consentGroup) string {
	shown := view.Query.Offset + len(group.Consents)
	if shown >= group.Count {
		return ""
	}
	return view.address("group", string(group.Group), "from", strconv.Itoa(shown))
}

// groupChips filter by group, each with how many it holds.
func (view consentsView) groupChips(ctx context.Context) []ui.Chip {
	chips := []ui.Chip{{Label: counted(ctx, "All", view.total()), Href: view.address("group", ""), Current: view.Query.Group == ""}}
	for _, group := range consentGroups {
		chips = append(chips, ui.Chip{
			Label: counted(ctx, group.Title, view.Counts[group.Group]),
			Href:  view.address("group", string(group.Group)), Current: view.Query.Group == group.Group,
		})
	}
	return chips
}

// nothing says why the list is empty.
func (view consentsView) nothing() words.Text {
	if view.Query.Offset > 0 {
		return "That was all"
	}
	for _, group := range consentGroups {
		if view.Query.Group == group.Group && view.total() > 0 {
			return group.Nothing
		}
	}
	return "No consent found"
}

// instead says where to look.
func (view consentsView) instead(ctx context.Context) string {
	switch {
	case view.total() > 0:
		return words.N(ctx, view.total(), "There are others: %d consent in all.", "There are others: %d consents in all.")
	case view.Query.Text != "":
		return words.T(ctx, "All words you enter have to stand in the bank’s name, the purpose, or the account’s name or number.")
	}
	return words.T(ctx, "Nothing was ever shared this way.")
}

// heading is a group's title with its number.
func (group consentGroup) heading(ctx context.Context) string {
	return counted(ctx, group.Title, group.Count)
}

// counted is a title with how many there are of what it names.
func counted(ctx context.Context, title words.Text, n int) string {
	return words.T(ctx, title) + " · " + words.Figure(ctx, n)
}

// unread reports whether the last fetch by a consent that works went wrong.
func (line *consentLine) unread() bool { return line.State.Live && line.FetchError.Given() }

func (line *consentLine) sub(ctx context.Context) string {
	return accessWords(ctx, line.Asked.Access) + " · " + endsWords(ctx, line.Consent, line.State, line.Now)
}

func (line *consentLine) logo(size ui.LogoSize) ui.Logo {
	return logoOf(line.EnvironmentID, line.BIC, line.BankName, size)
}
