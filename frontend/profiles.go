package frontend

import (
	"context"
	"net/http"
	"sync"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/profile"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

const profilesPath = "/settings/profiles"

// Profiles are those of the household, as the screens of one of them have them.
type Profiles struct {
	household profile.Household
	id        string
	left      chan Left
	once      sync.Once

	mu   sync.Mutex
	own  string
	many bool
}

// NewProfiles returns those of a household for the screens of one of them.
func NewProfiles(household profile.Household, id string) (*Profiles, error) {
	p := &Profiles{household: household, id: id, left: make(chan Left, 1)}
	return p, p.look()
}

// Left gets how the profile was left for another.
func (p *Profiles) Left() <-chan Left { return p.left }

func (p *Profiles) leave(how Left) { p.once.Do(func() { p.left <- how }) }

// look reads the names again, which every page shows one of.
func (p *Profiles) look() error {
	all, err := p.household.All()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.many = len(all) > 1
	for _, one := range all {
		if one.ID == p.id {
			p.own = one.Name
		}
	}
	return nil
}

// name is whose profile it is, where there are several; else empty.
func (p *Profiles) name() string {
	if p == nil {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.many {
		return ""
	}
	return p.own
}

// Name is whose profile it is, where there are several; else empty.
func (p *Profiles) Name() string { return p.name() }

// profilesView is the settings of the profiles.
type profilesView struct {
	All      []profile.Profile
	ID       string // of the one that is open
	Name     string // as it was typed; of the one that is added
	Own      string
	Renamed  string // as it was typed; of the one that is open
	Failure  *app.Error
	Renaming bool // the failure is of that
}

// open returns the profile that is open.
func (view profilesView) open() profile.Profile {
	for _, one := range view.All {
		if one.ID == view.ID {
			return one
		}
	}
	return profile.Profile{}
}

func (s *Server) profilesOf() (*Profiles, error) {
	if s.profiles == nil {
		return nil, storage.ErrNotFound
	}
	return s.profiles, nil
}

func (s *Server) profileSettings(w http.ResponseWriter, r *http.Request) error {
	return s.showProfiles(w, r, profilesView{})
}

func (s *Server) showProfiles(w http.ResponseWriter, r *http.Request, view profilesView) error {
	p, err := s.profilesOf()
	if err != nil {
		return err
	}
	if view.All, err = p.household.All(); err != nil {
		return err
	}
	if view.ID = p.id; !view.Renaming {
		view.Renamed = view.open().Name
	}
	status := http.StatusOK
	if view.Failure != nil {
		status = statusOfForm(view.Failure)
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Profiles"), Section: SectionSettings}, profilesScreen(view))
}

// addProfile makes a profile, and gives the first a name where it has none.
func (s *Server) addProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.profilesOf()
	if err != nil {
		return err
	}
	name, own := r.PostFormValue("name"), r.PostFormValue("own")
	_, err = p.household.Add(name, own)
	return s.profileChanged(w, r, err, profilesView{Name: name, Own: own})
}

func (s *Server) renameProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.profilesOf()
	if err != nil {
		return err
	}
	name := r.PostFormValue("name")
	return s.profileChanged(w, r, p.household.Rename(p.id, name), profilesView{Renamed: name, Renaming: true})
}

func (s *Server) profileChanged(w http.ResponseWriter, r *http.Request, err error, view profilesView) error {
	if failed, known := asFailure(err); known {
		view.Failure = failed
		return s.showProfiles(w, r, view)
	}
	if err != nil {
		return err
	}
	if err := s.profiles.look(); err != nil {
		return err
	}
	redirect(w, r, profilesPath)
	return nil
}

// switchProfile ends the session, and leads to where a profile is chosen.
func (s *Server) switchProfile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.profilesOf()
	if err != nil {
		return err
	}
	s.leaveProfile(w, r, p, LeftSwitch)
	return nil
}

func (s *Server) leaveProfile(w http.ResponseWriter, r *http.Request, p *Profiles, how Left) {
	s.endsShow()
	s.gate.close()
	s.passOn(w, r)
	p.leave(how)
}

// profileRemovalView asks before a profile is removed.
type profileRemovalView struct {
	Profile profile.Profile
	InForce []storage.Consent
	Failure *app.Error
}

// profileRemoval returns what would go with the profile that is open. The first one's folder holds the others.
func (s *Server) profileRemoval(ctx context.Context) (view profileRemovalView, err error) {
	p, err := s.profilesOf()
	if err != nil {
		return view, err
	}
	if p.id == profile.First {
		return view, storage.ErrNotFound
	}
	if view.Profile, err = p.household.Profile(p.id); err != nil {
		return view, err
	}
	consents, err := s.app.Consents(ctx)
	for _, c := range consents {
		if c.EndedAt.IsZero() && !c.GrantedAt.IsZero() {
			view.InForce = append(view.InForce, c)
		}
	}
	return view, err
}

func (s *Server) askRemoveProfile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.profileRemoval(r.Context())
	if err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Remove the profile?"), Section: SectionSettings}, profileRemovalScreen(view))
}

// removeProfile removes the profile that is open with all its data, once the person has said what becomes of its consents.
func (s *Server) removeProfile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.profileRemoval(r.Context())
	if err != nil {
		return err
	}
	if len(view.InForce) > 0 && r.PostFormValue("stay") != "yes" {
		view.Failure = &app.Error{Reason: storage.Reason{Code: failure.ProfileInUse, Number: len(view.InForce)}}
		return s.pageStatus(w, r, http.StatusUnprocessableEntity, Page{Title: words.T(r.Context(), "Remove the profile?"), Section: SectionSettings}, profileRemovalScreen(view))
	}
	s.leaveProfile(w, r, s.profiles, LeftRemove)
	return nil
}

// sign says of a profile in a list what it is.
func (view profilesView) sign(ctx context.Context, one profile.Profile) string {
	switch {
	case one.ID == view.ID:
		return words.T(ctx, "Open now")
	case one.Locked:
		return words.T(ctx, "With a passphrase")
	}
	return ""
}

// profileName is a name, or what is said where the first has none.
func profileName(ctx context.Context, one profile.Profile) string {
	if one.Name == "" {
		return words.T(ctx, "The first profile")
	}
	return one.Name
}

// wrong is what is said at a field.
func (view profilesView) wrong(ctx context.Context, renaming bool, field string) string {
	if view.Renaming != renaming {
		return ""
	}
	return fieldWords(ctx, view.Failure, field)
}

func (view profilesView) field(ctx context.Context, id, name string, label, hint words.Text, value string, renaming bool) ui.Field {
	return ui.Field{Name: name, ID: id, Label: words.T(ctx, label), Hint: words.T(ctx, hint), Value: value, Error: view.wrong(ctx, renaming, name),
		Attrs: map[string]any{"autocomplete": "off", "dir": "auto"}}
}
