package frontend

import (
	"context"
	"errors"

	"consentry/frontend/words"
)

// MenuWords are what the menu of the program's own window says.
type MenuWords struct {
	Program, OpenBrowser, Settings, Close, Quit string
	Edit, Find, FindNext                        string
	View, Reload, Back, Forward                 string
	Larger, Smaller, Usual, FullScreen          string
	Help, Keys                                  string
}

// WindowMenu returns the words of the window's menu.
func WindowMenu(ctx context.Context) MenuWords {
	return MenuWords{
		Program: "Consentry", OpenBrowser: words.T(ctx, "Open in your browser"), Settings: words.T(ctx, "Settings"),
		Close: words.T(ctx, "Close the window"), Quit: words.T(ctx, "End Consentry"),
		Edit: words.T(ctx, "Edit"), Find: words.T(ctx, "Find"), FindNext: words.T(ctx, "Find the next"),
		View: words.T(ctx, "View"), Reload: words.T(ctx, "Reload"), Back: words.T(ctx, "Back"), Forward: words.T(ctx, "Forward"),
		Larger: words.T(ctx, "Larger"), Smaller: words.T(ctx, "Smaller"), Usual: words.T(ctx, "Usual size"), FullScreen: words.T(ctx, "Full screen"),
		Help: words.T(ctx, "Help"), Keys: words.T(ctx, "List of keys"),
	}
}

// GoesOnNotice says that the program goes on when its window was closed.
func GoesOnNotice(ctx context.Context) Notification {
	return Notification{
		Title: words.T(ctx, "Consentry goes on in the background"),
		Text:  words.T(ctx, "Its icon brings it back. To end it, choose “End Consentry” in its menu or settings. This is said once."),
	}
}

// NotStartedNotice says that the program did not start in the background.
func NotStartedNotice(ctx context.Context, err error) Notification {
	if refusal := (Refusal{}); errors.As(err, &refusal) {
		return Notification{Title: refusal.title(ctx), Text: words.T(ctx, "Consentry did not start in the background. Start it from its icon to see what to do.")}
	}
	return Notification{Title: words.T(ctx, "Consentry did not start in the background"), Text: words.T(ctx, "Start it from its icon to see why.")}
}

// windowKeys are those of the program's own window; a browser has the like of its own.
var windowKeys = []struct {
	Keys []string
	Word words.Text
}{
	{[]string{"Ctrl", "F"}, "Find on this page; where it has a search, search"},
	{[]string{"Ctrl", "+"}, "Larger"}, {[]string{"Ctrl", "−"}, "Smaller"}, {[]string{"Ctrl", "0"}, "Usual size"},
	{[]string{"Ctrl", "R"}, "Reload"}, {[]string{"Alt", "←"}, "Back"},
	{[]string{"Ctrl", "N"}, "Open in your browser"}, {[]string{"Ctrl", ","}, "Settings"},
	{[]string{"Ctrl", "W"}, "Close the window"}, {[]string{"Ctrl", "Q"}, "End Consentry"},
}
