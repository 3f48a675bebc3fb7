package xs2a

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// askToken asks a token endpoint, with the client's credentials in the form
// (RFC 6749 section 2.3.1; OP documents it so). A failure is an *Error of this
// exchange.
func (c *Client) askToken(ctx context.Context, address string, form url.Values, header http.Header) (*oauth2.Token, error) {
	form.Set("client_id", c.reach.ClientID)
	if c.reach.ClientSecret != "" {
		c.secrets.Add(c.reach.ClientSecret)
		form.Set("client_secret", c.reach.ClientSecret)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, body, err := c.askServer(req, maxToken)
	if err != nil {
		return nil, err
	}
	token, err := readToken(toUTF8(body, res.Header.Get("Content-Type")), time.Now())
	if err != nil {
		if refused := c.refusal(req, res, body); refused.Code != "" { // some say so under 200
			return nil, refused
		}
		failed := newError(Malformed, req, err) // and keeps nothing of the body: a token may be in it
		failed.Status = res.StatusCode
		return nil, failed
	}
	c.secrets.Add(token.AccessToken, token.RefreshToken)
	return token, nil
}

// wireToken is a token answer (RFC 6749 section 5.1), under the names of the
// standard or in camel case: encoding/json takes letters of either size.
type wireToken struct {
	Access       string          `json:"access_token"`
	AccessCamel  string          `json:"accessToken"`
	Refresh      string          `json:"refresh_token"`
	RefreshCamel string          `json:"refreshToken"`
	Type         string          `json:"token_type"`
	TypeCamel    string          `json:"tokenType"`
	Expires      json.RawMessage `json:"expires_in"`
	ExpiresCamel json.RawMessage `json:"expiresIn"`
}

// readToken reads a token answer whatever its media type says: as JSON, else as
// a form, which some servers send. When it runs out is left unknown where that
// cannot be read: the bank will say so. The error never holds a token.
func readToken(body []byte, now time.Time) (*oauth2.Token, error) {
	var w wireToken
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("{")) {
		if err := json.Unmarshal(body, &w); err != nil {
			return nil, tokenFieldError(err)
		}
	} else if values, err := url.ParseQuery(string(body)); err == nil {
		w = wireToken{
			Access: values.Get("access_token"), Refresh: values.Get("refresh_token"),
			Type: values.Get("token_type"), Expires: json.RawMessage(values.Get("expires_in")),
		}
	}
	token := &oauth2.Token{
		AccessToken:  either(w.Access, w.AccessCamel),
		RefreshToken: either(w.Refresh, w.RefreshCamel),
		TokenType:    either(w.Type, w.TypeCamel),
	}
	switch {
	case token.AccessToken == "":
		return nil, errors.New("access_token: is missing")
	case !visible(token.AccessToken):
		return nil, errors.New("access_token: has letters no token may have") // RFC 6749 appendix A.12
	}
	seconds := secondsIn(w.Expires)
	if seconds == 0 {
		seconds = secondsIn(w.ExpiresCamel)
	}
	if seconds > 0 {
		token.Expiry = now.Add(seconds)
	}
	return token, nil
}

func either(first, second string) string {
	if first = strings.TrimSpace(first); first != "" {
		return first
	}
	return strings.TrimSpace(second)
}

// visible reports whether a text can stand in a header.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// secondsIn reads expires_in, which banks write as a number, whole or not, and
// as a text; 0 where it says nothing.
func secondsIn(raw json.RawMessage) time.Duration {
	number, err := strconv.ParseFloat(bare(raw), 64)
	if err != nil || !(number > 0) {
		return 0
	}
	return time.Duration(min(number, longestToken.Seconds()) * float64(time.Second))
}

// longestToken bounds how long a token is believed to live.
const longestToken = 10 * 366 * 24 * time.Hour

// tokenFieldError names what could not be read, and nothing of it.
func tokenFieldError(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return fmt.Errorf("%s: a %s is not expected there", wrongType.Field, strings.Fields(wrongType.Value + " thing")[0])
	}
	return errors.New("it is neither JSON nor a form")
}

// tokenless makes a failure to get an access token one of the exchange that
// needed it.
func (c *Client) tokenless(ctx context.Context, r request, err error) error {
	req, bad := c.build(ctx, r)
	if bad != nil {
		return bad
	}
	var failed *Error
	if !errors.As(err, &failed) {
		if ctx.Err() != nil {
			return unreachable(err, req)
		}
		return err
	}
	mine := *failed
	mine.Method, mine.Path, mine.RequestID = req.Method, req.URL.Path, req.Header.Get("X-Request-ID")
	if mine.Kind == Unreachable {
		return &mine
	}
	mine.Cause = errors.New("the authorisation server gave no access token")
	if failed.Cause != nil {
		mine.Cause = fmt.Errorf("the authorisation server gave no access token: %w", failed.Cause)
	}
	return &mine
}
