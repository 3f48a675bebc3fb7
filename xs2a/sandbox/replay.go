package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// replyAge is how long a bank remembers an X-Request-ID.
const replyAge = 24 * time.Hour

// reply is the remembered answer to a request that changed something.
type reply struct {
	Request string // a hash over all that makes the request the same one
	At      time.Time
	Status  int
	Header  http.Header
	Body    json.RawMessage
}

// read performs a request that changes nothing. It may be repeated as it is; under
// an id that another request has used it is refused, at banks that remember.
func (s *Sandbox) read(c *call, handle func(*call) (answer, error)) (answer, error) {
	if c.bank == nil || c.bank.Behaviour == nil {
		return handle(c)
	}
	key := c.client.id + " " + c.id
	request := hash(c.request.Method, c.request.URL.Path, c.bank.BIC, "")
	r, seen := s.state.Replies[key]
	if seen && s.now().Sub(r.At) < replyAge && r.Request != request {
		return answer{}, formatError("X-Request-ID", "this X-Request-ID was used for another request")
	}
	s.state.Replies[key] = &reply{Request: request, At: s.now()}
	s.state.touch()
	return handle(c)
}

// once performs a changing request. The same request with the same X-Request-ID
// gives the same answer again without being done again; another request under a
// used id is refused.
func (s *Sandbox) once(c *call, handle func(*call) (answer, error)) (answer, error) {
	key := c.client.id + " " + c.id
	request := hash(c.request.Method, c.request.URL.Path, c.bank.BIC, string(c.body))
	if r, seen := s.state.Replies[key]; seen && s.now().Sub(r.At) < replyAge {
		if r.Request != request {
			return answer{}, formatError("X-Request-ID", "this X-Request-ID was used for another request")
		}
		return r.answer(), nil
	}
	a, err := handle(c)
	if err != nil {
		return a, err
	}
	r := &reply{Request: request, At: s.now(), Status: a.status, Header: a.header}
	if a.body != nil {
		if r.Body, err = json.Marshal(a.body); err != nil {
			return answer{}, err
		}
	}
	s.state.Replies[key] = r
	s.state.touch()
	return r.answer(), nil
}

func (r *reply) answer() answer {
	a := answer{status: r.Status, header: r.Header}
	if r.Body != nil {
		a.body = r.Body
	}
	return a
}
