package instance

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// answerWait is how long a running program has for an answer that it gives at once.
const answerWait = 5 * time.Second

// Running is a program that was reached.
type Running struct {
	place  rendezvous
	Answer Answer
}

// Ask asks the program that runs on a data folder to be shown, or for an address. It returns [ErrNone] where none answers.
func Ask(ctx context.Context, dir string, want Want, activation string) (*Running, error) {
	place, err := read(dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	answer, err := place.ask(ctx, question{Want: want, Activation: activation})
	if err != nil {
		return nil, err
	}
	if answer.Address != "" && !place.leadsTo(answer.Address) {
		return nil, errors.New("the running Consentry gave an address that is not its own")
	}
	return &Running{place, answer}, nil
}

// Used waits until the address that was given was used, but not for long.
func (r *Running) Used(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, usedWait+answerWait)
	defer cancel()
	_, err := r.place.ask(ctx, question{Want: WantUsed, Address: r.Answer.Address})
	return err
}

// leadsTo reports whether an address is at the listener that was asked.
func (r rendezvous) leadsTo(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && u.Host == r.Address && u.User == nil
}

// direct reaches this machine itself, whatever proxies the environment names.
var direct = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// ask believes an answer only from who has the secret, too.
func (r rendezvous) ask(ctx context.Context, q question) (answer Answer, err error) {
	q.Nonce = rand.Text()
	message, err := json.Marshal(q)
	if err != nil {
		return answer, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.Address+Path, bytes.NewReader(message))
	if err != nil {
		return answer, err
	}
	proof := r.proof(asking, "", message)
	request.Header.Set(proofHeader, proof)
	response, err := direct.Do(request)
	if err != nil {
		return answer, fmt.Errorf("%w (%w)", ErrNone, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, longestMessage))
	if err != nil {
		return answer, err
	}
	if !r.proves(response.Header.Get(proofHeader), answering, proof, content) {
		return answer, fmt.Errorf("%w (what answers at %s is another program, or not ready yet)", ErrNone, r.Address)
	}
	return answer, json.Unmarshal(content, &answer)
}
