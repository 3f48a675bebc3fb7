package xs2a

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// ErrNoPasswordKey is returned where a bank wants a password encrypted and the
// environment does not say for whom.
var ErrNoPasswordKey = errors.New("the bank's key for passwords is not set")

// encrypt encrypts a password for the bank alone, as a compact JWE (RFC 7516).
// The framework leaves the form to the bank's documentation (BG 1.3.12 section
// 14.16); this is the one banks publish keys for.
func (c *Client) encrypt(ctx context.Context, call Call, password string) (string, error) {
	key, err := c.passwordKey(ctx, call)
	if err != nil {
		return "", fmt.Errorf("the bank's key for passwords: %w", err)
	}
	return key.seal([]byte(password))
}

func (c *Client) passwordKey(ctx context.Context, call Call) (*sealingKey, error) {
	text := strings.TrimSpace(c.reach.PasswordKey)
	switch {
	case text == "":
		return nil, ErrNoPasswordKey
	case strings.HasPrefix(text, "http"):
		body, err := c.fetchKeys(c.reach.Hosts(call.BIC).limit(ctx), forBank(text, call.BIC))
		if err != nil {
			return nil, err
		}
		return keyIn(body)
	}
	return keyIn([]byte(text))
}

const maxKeys = 64 << 10

func (c *Client) fetchKeys(ctx context.Context, address string) ([]byte, error) {
	if err := CheckURL(address); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(err, req)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", address, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, maxKeys))
}
