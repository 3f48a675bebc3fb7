package frontend

import (
	"context"
	"net/http"
	"net/url"

	"consentry/app"
	"consentry/frontend/words"
	"consentry/xs2a"
)

// deviceView leads another device to the bank's page of an approval.
type deviceView struct {
	linkingView
	Masked  bool   // names are masked for who looks on, to whom the code would be open
	Address string // made for this very answer, and kept nowhere; empty where none is to be had
}

// otherDevice leads another device to the bank's page, as bankPage leads this browser there.
func (s *Server) otherDevice(w http.ResponseWriter, r *http.Request) error {
	return s.showDevice(w, r, http.StatusOK, nil)
}

// showDevice shows the way there; failed is what was wrong with the address that was brought
// back. Where the bank's page is no step of the approval any more, its own page says what is.
func (s *Server) showDevice(w http.ResponseWriter, r *http.Request, status int, failed *app.Error) error {
	flow, err := s.app.Flow(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if flow.Link == "" || !s.linking(flow, nil).atBank() {
		redirect(w, r, "/authorisations/"+flow.ID)
		return nil
	}
	settings, err := s.app.Settings(r.Context())
	if err != nil {
		return err
	}
	view := deviceView{linkingView: s.linking(flow, failed), Masked: settings.Presenting.On}
	if view.offered() {
		if view, err = s.openedElsewhere(r, view); err != nil {
			return s.newHost(w, r, err)
		}
	}
	page := Page{Title: words.T(r.Context(), "Continue on a phone"), Section: view.words(r.Context()).section}
	return s.pageStatus(w, r, status, page, view.content())
}

// openedElsewhere makes the address of the bank's page, which counts as opened from then on.
func (s *Server) openedElsewhere(r *http.Request, view deviceView) (deviceView, error) {
	address, err := s.app.SCA().Redirect(r.Context(), view.ID, s.person(r))
	if err != nil {
		return view, err
	}
	now, err := s.app.Flow(r.Context(), view.ID)
	if err != nil {
		return view, err
	}
	page, err := url.Parse(address)
	if err != nil {
		return view, err
	}
	view.linkingView = s.linking(now, view.Failed)
	view.PageHost = page.Host // it may lie elsewhere than what led there
	if view.Address = address; xs2a.StaysHere(page.Hostname()) {
		view.Address, view.PageHere = "", true
	}
	return view, nil
}

// offered reports whether the way to the bank's page may be shown for another device.
func (v deviceView) offered() bool { return !v.Masked && !v.PageHere }

// answerReturns reports whether the bank's answer comes with the person's return alone
// (RFC 6749 section 4.1.2). Otherwise the bank is asked, and tells.
func (v linkingView) answerReturns() bool { return v.Step == xs2a.StepOAuth }

// inTheEnd says what the person will see on the other device when they are done there.
func (v deviceView) inTheEnd(ctx context.Context) string {
	if v.answerReturns() {
		return words.T(ctx, "In the end the phone is led to an address that begins with %s, which it may not be able to open. The bank’s answer stands in that address alone: copy all of it there, send it to this computer, and paste it here. Most banks take it for a few minutes only.", v.RedirectURI)
	}
	return words.T(ctx, "In the end the phone may show a page that cannot be opened. That does no harm: close it. Consentry asks %s how it stands, and this page continues automatically.", v.BankName)
}
