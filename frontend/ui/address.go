package ui

import (
	"context"
	"strings"
)

type homeKey struct{}

// WithHome returns a page's components the address below which the screens of
// the reader's session are, as in "/s/x"; none is the root.
func WithHome(ctx context.Context, home string) context.Context {
	return context.WithValue(ctx, homeKey{}, home)
}

// Home returns what [WithHome] gave.
func Home(ctx context.Context) string {
	home, _ := ctx.Value(homeKey{}).(string)
	return home
}

// To returns the address of a screen within the reader's session. Every
// address a page leads to passes through it; one that is no path of this
// program, such as "#top" or a bank's, stays as it is.
func To(ctx context.Context, address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		return address
	}
	return Home(ctx) + address
}
