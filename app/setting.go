package app

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"consentry/app/failure"
	"consentry/storage"
)

// Settings are the person's own choices.
type Settings struct {
	Theme  string // "light", "dark", or "" to follow the system
	Locale string // BCP 47 such as "sv-SE" for amounts, or "" to follow the language and the browser
	// Language is the tag of what the screens and all that is sent from here speak, or "" to follow the browser, and
	// the system where no page asks.
	Language string

	Audience   Audience
	Presenting Presenting
}

// Settings returns the person's choices.
func (a *App) Settings(ctx context.Context) (Settings, error) {
	theme, err := a.store.Setting(ctx, "theme")
	if err != nil {
		return Settings{}, err
	}
	locale, err := a.store.Setting(ctx, "locale")
	if err != nil {
		return Settings{}, err
	}
	language, err := a.store.Language(ctx)
	if err != nil {
		return Settings{}, err
	}
	audience, err := a.store.Setting(ctx, "audience")
	if err != nil {
		return Settings{}, err
	}
	presenting, err := a.presenting(ctx)
	return Settings{Theme: theme, Locale: locale, Language: language, Audience: Audience(audience), Presenting: presenting}, err
}

// SetTheme keeps the choice between light and dark; "" follows the system.
func (a *App) SetTheme(ctx context.Context, theme string) error {
	if theme != "" && theme != "light" && theme != "dark" {
		return failure.Field("theme", failure.ChooseFromList)
	}
	return a.store.SetSetting(ctx, "theme", theme)
}

// Locales are the ways of writing amounts and dates a person can choose.
var Locales = []string{"sv-SE", "en-GB", "de-DE", "fi-FI", "da-DK", "nb-NO", "ka-GE", "ro-RO"}

// SetLocale keeps how amounts and dates are written; "" follows the browser.
func (a *App) SetLocale(ctx context.Context, locale string) error {
	known := locale == ""
	for _, l := range Locales {
		known = known || l == locale
	}
	if !known {
		return failure.Field("locale", failure.ChooseFromList)
	}
	return a.store.SetSetting(ctx, "locale", locale)
}

// country is the name of the setting.
const country = "country"

// Country returns the country in which the person last looked for a bank; "" for all of them.
func (a *App) Country(ctx context.Context) (string, error) { return a.store.Setting(ctx, country) }

// SetCountry keeps in which country the person looks for a bank.
func (a *App) SetCountry(ctx context.Context, code string) error {
	if last, err := a.Country(ctx); err != nil || last == code {
		return err
	}
	return a.store.SetSetting(ctx, country, code)
}

// SetLanguage keeps the language the person chose among those that are spoken; "" follows the browser and the system.
func (a *App) SetLanguage(ctx context.Context, tag string) error {
	return a.store.SetLanguage(ctx, tag)
}

// practicePort is the name of the setting.
const practicePort = "practice-port"

// The ports that the practice banks may be given: those below belong to the system.
const lowestPort, highestPort = 1024, 65535

// PracticePort returns the port at which the practice banks, and their control, answer
// from a start on; 0 where they take a free one each time.
func PracticePort(ctx context.Context, store *storage.Store) (int, error) {
	kept, err := store.Setting(ctx, practicePort)
	if err != nil || kept == "" {
		return 0, err
	}
	port, err := strconv.Atoi(kept)
	if err != nil || port < lowestPort || port > highestPort { // written by somebody else
		return 0, nil
	}
	return port, nil
}

// PracticePort is the port that the practice banks have from the next start on; 0 for a
// free one.
func (a *App) PracticePort(ctx context.Context) (int, error) { return PracticePort(ctx, a.store) }

// SetPracticePort keeps a port as it was typed; nothing typed: a free one each time.
func (a *App) SetPracticePort(ctx context.Context, typed string) error {
	if typed = strings.TrimSpace(typed); typed == "" {
		return a.store.SetSetting(ctx, practicePort, "")
	}
	port, err := strconv.Atoi(typed)
	if err != nil || port < lowestPort || port > highestPort {
		return failure.Unchanged(map[string]storage.Reason{"port": {Code: failure.NumberBetween, Number: lowestPort, Of: highestPort}})
	}
	return a.store.SetSetting(ctx, practicePort, strconv.Itoa(port))
}

// Device returns the UUID of this installation (PSU-Device-ID); it is drawn once
// and stays with the data folder.
func (a *App) Device(ctx context.Context) (string, error) {
	const name = "device"
	id, err := a.store.Setting(ctx, name)
	if err != nil || id != "" {
		return id, err
	}
	id = uuid.NewString()
	return id, a.store.SetSetting(ctx, name, id)
}
