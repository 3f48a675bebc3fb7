package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"

	"consentry/app/failure"
	"consentry/app/mask"
)

// Audience is for whom the screens are: what they have no use for is not shown to them.
type Audience string

// The audiences.
const (
	AudienceUnasked Audience = ""        // all is shown, as to testers
	AudienceOwn     Audience = "own"     // who looks at their own accounts
	AudienceShowing Audience = "showing" // who shows the program to others
	AudienceTesting Audience = "testing" // testers of banks
)

// SetAudience keeps for whom the screens are.
func (a *App) SetAudience(ctx context.Context, audience Audience) error {
	switch audience {
	case AudienceOwn, AudienceTesting:
		if err := a.SetPresenting(ctx, Presenting{}); err != nil { // which is for showing
			return err
		}
	case AudienceShowing: // is for it also when the mode has ended
		if err := a.store.SetSetting(ctx, audienceBefore, ""); err != nil {
			return err
		}
	default:
		return failure.Field("audience", failure.ChooseFromList)
	}
	return a.store.SetSetting(ctx, "audience", string(audience))
}

// Presenting is the mode in which names and account numbers are masked on all screens, and in files.
type Presenting struct {
	On          bool
	HideAmounts bool
}

// The values of the setting.
const (
	presentingOn     = "on"
	presentingHiding = "without amounts"
)

// audienceBefore is the setting that keeps for whom the screens were when the presenter
// mode began, until it ends; empty where nobody had said, or it was for showing.
const audienceBefore = "audience before presenting"

// SetPresenting begins or ends the presenter mode, which is for showing the program.
// After it the screens are for whom they were before.
func (a *App) SetPresenting(ctx context.Context, p Presenting) error {
	value := ""
	switch {
	case p.On && p.HideAmounts:
		value = presentingHiding
	case p.On:
		value = presentingOn
	}
	if p.On {
		if err := a.lendScreens(ctx); err != nil {
			return err
		}
		if _, err := a.maskKey(ctx); err != nil { // also for who may only read
			return err
		}
	}
	if err := a.store.SetSetting(ctx, "presenting", value); err != nil || p.On {
		return err
	}
	return a.returnScreens(ctx)
}

// lendScreens has the screens be for showing, and keeps for whom they were.
func (a *App) lendScreens(ctx context.Context) error {
	now, err := a.store.Setting(ctx, "audience")
	if err != nil || Audience(now) == AudienceShowing {
		return err
	}
	if err := a.store.SetSetting(ctx, audienceBefore, now); err != nil {
		return err
	}
	return a.store.SetSetting(ctx, "audience", string(AudienceShowing))
}

// returnScreens has the screens be for whom they were before they were lent.
func (a *App) returnScreens(ctx context.Context) error {
	before, err := a.store.Setting(ctx, audienceBefore)
	if err != nil || before == "" {
		return err
	}
	if err := a.store.SetSetting(ctx, "audience", before); err != nil {
		return err
	}
	return a.store.SetSetting(ctx, audienceBefore, "")
}

func (a *App) presenting(ctx context.Context) (Presenting, error) {
	value, err := a.store.Setting(ctx, "presenting")
	return Presenting{On: value != "", HideAmounts: value == presentingHiding}, err
}

// masking keeps the mask until somebody else may be named.
type masking struct {
	mu      sync.Mutex
	mask    *mask.Mask
	changes int64 // of the store before what it was made of was read
	said    int64
	parties []mask.Real // of transactions, which take long to read
	files   []string    // the recordings there are
	inFiles []mask.Real // of recordings, which take long, too
	kept    []mask.Real // all others
	public  []string
}

// Mask returns what masks all that is stored now, for who presents.
func (a *App) Mask(ctx context.Context) (*mask.Mask, error) {
	m := &a.masking
	m.mu.Lock()
	defer m.mu.Unlock()
	changes, said := a.store.Changes(), a.store.Said()
	if m.mask != nil && m.changes == changes && m.said == said {
		return m.mask, nil
	}
	read := m.mask == nil || m.said != said
	if read {
		parties, err := a.parties(ctx)
		if err != nil {
			return nil, err
		}
		m.parties, m.said = parties, said
	}
	if err := a.recorded(ctx, m); err != nil {
		return nil, err
	}
	key, err := a.maskKey(ctx)
	if err != nil {
		return nil, err
	}
	all, err := a.identities(ctx)
	if err != nil {
		return nil, err
	}
	all = append(all, m.inFiles...)
	public, err := a.public(ctx)
	if err != nil {
		return nil, err
	}
	m.changes = changes
	if read || !slices.Equal(all, m.kept) || !slices.Equal(public, m.public) {
		m.kept, m.public = all, public
		m.mask = mask.New(key, slices.Concat(all, m.parties), public, m.mask)
	}
	return m.mask, nil
}

func (a *App) parties(ctx context.Context) ([]mask.Real, error) {
	found, err := a.store.Parties(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]mask.Real, len(found))
	for i, one := range found {
		all[i] = mask.Real{Name: one.Name, Number: one.Number, Country: one.Country, Person: one.Person}
	}
	return all, nil
}

// recorded reads who stands in recordings, when there are others than before: none is ever changed.
func (a *App) recorded(ctx context.Context, m *masking) error {
	brought, err := a.store.Recordings(ctx)
	if err != nil {
		return err
	}
	var files []string
	for _, one := range brought {
		files = append(files, one.ID)
	}
	if slices.Equal(files, m.files) {
		return nil
	}
	found, err := a.store.RecordedIdentities(ctx)
	if err != nil {
		return err
	}
	m.files, m.inFiles = files, nil
	for _, one := range found {
		m.inFiles = append(m.inFiles, mask.Real{Name: one.Name, Number: one.Number, Person: one.Person})
	}
	return nil
}

func (a *App) identities(ctx context.Context) ([]mask.Real, error) {
	found, err := a.store.Identities(ctx)
	if err != nil {
		return nil, err
	}
	var all []mask.Real
	for _, one := range found {
		all = append(all, mask.Real{Name: one.Name, Number: one.Number, Country: one.Country, Person: one.Person})
	}
	logins, err := a.store.Logins(ctx)
	for _, login := range logins {
		all = append(all, mask.Real{Name: login})
	}
	return all, err
}

// public are the names of banks and environments.
func (a *App) public(ctx context.Context) ([]string, error) {
	return a.store.BankNames(ctx)
}

// maskKey is drawn once. It is no secret from who can read the file: the real names stand beside it.
func (a *App) maskKey(ctx context.Context) ([]byte, error) {
	const name = "mask"
	text, err := a.store.Setting(ctx, name)
	if err != nil {
		return nil, err
	}
	if text != "" {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("app: the key of invented names: %w", err)
		}
		return key, nil
	}
	key := make([]byte, 32)
	rand.Read(key) // never fails, see crypto/rand
	return key, a.store.SetSetting(ctx, name, base64.StdEncoding.EncodeToString(key))
}

// Practises reports whether the practice banks have been used: a consent was asked for there, or paid from. What is linked is
// shown to every audience.
func (a *App) Practises(ctx context.Context) (bool, error) {
	return a.store.AnyUsed(ctx, a.banks.PracticeIDs())
}
