package app

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"consentry/storage"
	"consentry/xs2a"
)

// SandboxID is the id of the environment that leads to the practice banks
// inside the program, and begins those of its other dialects.
const SandboxID = "sandbox"

// Environments lists the environments.
func (a *App) Environments(ctx context.Context) ([]storage.Environment, error) {
	return a.store.Environments(ctx)
}

// Environment gives one environment.
func (a *App) Environment(ctx context.Context, id string) (storage.Environment, error) {
	return a.store.Environment(ctx, id)
}

// UseSandbox points environments to practice banks. Their addresses are others
// at each start.
func (a *App) UseSandbox(ctx context.Context, environments ...storage.Environment) error {
	for _, e := range environments {
		e.Sandbox = true
		if err := a.store.PutEnvironment(ctx, e); err != nil {
			return err
		}
		if !xs2a.Dialects[e.Dialect].Directory {
			if err := a.RefreshDirectory(ctx, e.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// SaveEnvironment adds an environment or, when it has an id, changes one. An
// empty secret leaves the stored one as it is. The banks' directory is read in
// the background afterwards.
func (a *App) SaveEnvironment(ctx context.Context, e storage.Environment) (id string, err error) {
	if strings.HasPrefix(e.ID, SandboxID) {
		return "", &Error{Message: "The sandbox cannot be changed."}
	}
	if fields := checkEnvironment(&e); len(fields) > 0 {
		return "", invalid(fields)
	}
	if e.ID == "" {
		e.ID = uuid.NewString()
	} else {
		stored, err := a.store.Environment(ctx, e.ID)
		if err != nil {
			return "", err
		}
		if e.ClientSecret == "" {
			e.ClientSecret = stored.ClientSecret
		}
	}
	if err := a.store.PutEnvironment(ctx, e); err != nil {
		return "", err
	}
	a.run(func(ctx context.Context) {
		if err := a.RefreshDirectory(ctx, e.ID); err != nil {
			a.log.Warn("directory not refreshed", "environment", e.Name, "error", err)
		}
	})
	return e.ID, nil
}

// checkEnvironment gives a message for each field that cannot be used.
func checkEnvironment(e *storage.Environment) map[string]string {
	for _, field := range []*string{&e.Name, &e.AuthURL, &e.APIURL, &e.ClientID, &e.Context, &e.RedirectURL} {
		*field = strings.TrimSpace(*field)
	}
	e.AuthURL, e.APIURL = strings.TrimRight(e.AuthURL, "/"), strings.TrimRight(e.APIURL, "/")
	fields := map[string]string{}
	if e.Name == "" {
		fields["name"] = "Give the environment a name."
	}
	if e.Dialect == "" {
		e.Dialect = xs2a.OpenPayments.Name
	}
	if _, known := xs2a.Dialects[e.Dialect]; !known {
		fields["dialect"] = "Choose one of the list."
	}
	for name, address := range map[string]string{"auth_url": e.AuthURL, "api_url": e.APIURL} {
		if err := xs2a.CheckURL(address); err != nil {
			fields[name] = "Enter a complete address that begins with https://."
		}
	}
	if e.ClientID == "" {
		fields["client_id"] = "The provider of the interface gives you this."
	}
	if e.Context != "" && e.Context != "private" && e.Context != "corporate" {
		fields["context"] = "Choose private or corporate."
	}
	if e.RedirectURL != "" && !isLocalCallback(e.RedirectURL) {
		fields["redirect_url"] = "Enter an address of this machine with a port, such as http://127.0.0.1:8765/callback."
	}
	return fields
}

// isLocalCallback tells whether the program could answer at an address: a
// fixed, unprivileged port of this machine.
func isLocalCallback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return false
	}
	port, err := strconv.Atoi(u.Port())
	return err == nil && port >= 1024 && port <= 65535 && len(u.Path) > 1 &&
		(u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost")
}
