package xs2a

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// Picture reads a bank's logo from its address, which lies on one of the bank's
// hosts or on the one its entry in the directory names. A redirect is followed to
// such a host alone. The media type is empty where there is no picture to be had;
// an error means that no answer came.
func (c *Client) Picture(ctx context.Context, bank, address string) (mediaType string, image []byte, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", nil, nil
	}
	hosts := c.reach.Hosts(bank)
	if hosts.CheckPage(u) != nil {
		return "", nil, nil
	}
	if origin, err := originOf(u); err == nil {
		hosts = hosts.With(origin)
	}
	ctx, cancel := context.WithTimeout(hosts.limit(ctx), pictureTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", nil, nil
	}
	reader := *c.http
	reader.CheckRedirect = func(_ *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return http.ErrUseLastResponse
		}
		return nil // the gate looks at each
	}
	res, err := reader.Do(req)
	if refused := (*LinkError)(nil); errors.As(err, &refused) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, unreachable(err, req)
	}
	defer res.Body.Close()
	if mediaType, _, _ = mime.ParseMediaType(res.Header.Get("Content-Type")); res.StatusCode != http.StatusOK {
		return "", nil, nil
	}
	image, err = io.ReadAll(io.LimitReader(res.Body, maxPicture+1))
	if err != nil {
		return "", nil, unreachable(err, req)
	}
	if len(image) > maxPicture {
		return "", nil, nil
	}
	return mediaType, image, nil
}
