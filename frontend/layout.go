package frontend

import (
	"context"
	"fmt"
	"time"

	"consentry/app"
	"consentry/app/clock"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// Page is what every screen has besides its content.
type Page struct {
	Title       string
	Section     Section
	Theme       Theme
	NeedYou     int       // consents that wait for the person
	Environment string    // its name, as in "Practice banks"
	Presenting  bool      // names are masked, and letters larger
	Updated     time.Time // the last successful fetch of all; zero for never
	UpdatedNow  time.Time // what time it is by the clock that goes by

	Doubt     *clock.Doubt // why this machine's clock may be wrong; nil where nothing speaks against it
	NotStored *app.Error   // why the disk did not take the last write; nil where it did

	Phone *phoneState // of an approval, in the room; nil where none is

	Locks     bool          // there is a passphrase: it can be locked now
	LockAfter time.Duration // and is when nothing is done for so long; zero: not by itself
	Profile   string        // whose it is, where there are several

	Ahead time.Duration // of the practice banks' clock
	There time.Time     // what time it is there
}

// Section is the entry of the navigation a screen belongs to.
type Section string

const (
	SectionOverview Section = "/"
	SectionBanks    Section = "/banks"
	SectionConsents Section = "/consents"
	SectionAccounts Section = "/accounts"
	SectionPayments Section = "/payments"
	SectionActivity Section = "/activity"
	SectionSettings Section = "/settings"
)

// Theme is what the person chose; ThemeSystem follows the system.
type Theme string

const (
	ThemeSystem Theme = "system"
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// sections is the navigation. The key is pressed after "g".
var sections = []struct {
	Section Section
	Word    words.Text
	Key     string
	Icon    ui.Icon
}{
	{SectionOverview, "Overview", "o", ui.IconHome},
	{SectionBanks, "Banks", "b", ui.IconBank},
	{SectionConsents, "Consents", "c", ui.IconConsent},
	{SectionAccounts, "Accounts", "a", ui.IconAccount},
	{SectionPayments, "Payments", "p", ui.IconPayment},
	{SectionActivity, "Activity", "v", ui.IconActivity},
	{SectionSettings, "Settings", "s", ui.IconSettings},
}

// themes are the positions of the switch.
var themes = []struct {
	Theme Theme
	Word  words.Text
	Icon  ui.Icon
}{
	{ThemeLight, "Light", ui.IconSun},
	{ThemeDark, "Dark", ui.IconMoon},
	{ThemeSystem, "As the system", ui.IconScreen},
}

func (page Page) theme() Theme {
	if page.Theme == ThemeLight || page.Theme == ThemeDark {
		return page.Theme
	}
	return ThemeSystem
}

// tabTitle is what a browser shows of the page in its list of tabs: how many
// consents wait for the person comes first.
func (page Page) tabTitle() string {
	if page.NeedYou == 0 {
		return page.Title
	}
	return fmt.Sprintf("(%d) %s", page.NeedYou, page.Title)
}

// lockSeconds is after how long without activity the page is shown no more; 0 for never.
func (page Page) lockSeconds() int { return int(page.LockAfter.Seconds()) }

// needYou is the count's meaning for those who only hear it.
func (page Page) needYou(ctx context.Context) string {
	return words.N(ctx, page.NeedYou, "%d needs you", "%d need you")
}

// htmxConfig keeps htmx within the content security policy: no style sheet of
// its own, nothing but our own origin.
const htmxConfig = `{"includeIndicatorCSS":false,"mode":"same-origin","history":true,"defaultTimeout":60000}`
