package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// chaosPoint is what of a payment is on the line when something goes wrong.
type chaosPoint string

const (
	atAnything   chaosPoint = "" // of those below, whatever comes first
	atToken      chaosPoint = "the token"
	atPayment    chaosPoint = "the payment"
	atReading    chaosPoint = "reading it back"
	atStatus     chaosPoint = "its status"
	atCancelling chaosPoint = "cancelling it"
	atStart      chaosPoint = "the start of an approval"
	atStep       chaosPoint = "a step of an approval"
	atOutcome    chaosPoint = "the outcome of an approval"
)

// chaosPoints are those that a fault waits at; the more often one stands here, the more
// faults it gets.
var chaosPoints = []chaosPoint{
	atPayment, atPayment, atPayment, atPayment, atPayment, atPayment, atPayment, atPayment,
	atAnything, atAnything, atToken, atReading, atStatus, atStatus, atCancelling, atStart, atStep, atOutcome,
}

// pointOf tells what a request to a bank is about; atAnything: about nothing that goes wrong.
func pointOf(r *http.Request) chaosPoint {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	last, before := parts[len(parts)-1], parts[max(0, len(parts)-2)]
	service := slices.IndexFunc(parts, func(part string) bool {
		return part == "payments" || part == "periodic-payments" || part == "bulk-payments"
	})
	switch {
	case last == "token":
		return atToken
	case service < 0:
		return atAnything
	case strings.HasSuffix(last, "authorisations") && r.Method == http.MethodPost:
		return atStart
	case strings.HasSuffix(before, "authorisations") && r.Method == http.MethodPut:
		return atStep
	case strings.HasSuffix(before, "authorisations"):
		return atOutcome
	case r.Method == http.MethodDelete:
		return atCancelling
	case r.Method == http.MethodPost:
		return atPayment
	case last == "status":
		return atStatus
	}
	return atReading
}

// chaosMishap is what goes wrong with one request.
type chaosMishap string

const (
	cutOnTheWay     chaosMishap = "cut before the bank had it"
	cutWhenDone     chaosMishap = "cut when the bank had done it"
	cutInTheAnswer  chaosMishap = "cut within the answer"
	slowThere       chaosMishap = "late at the bank"
	slowBack        chaosMishap = "answered late"
	twiceInARow     chaosMishap = "delivered twice"
	twiceAtOnce     chaosMishap = "delivered twice at once"
	onceMoreLater   chaosMishap = "delivered once more later"
	answeredTwice   chaosMishap = "answered twice"
	gatewayInstead  chaosMishap = "refused by a gateway"
	gatewayWhenDone chaosMishap = "given up by a gateway when the bank had done it"
	killedOnTheWay  chaosMishap = "killed before the bank had it"
	killedWhenDone  chaosMishap = "killed when the bank had done it"
	killedAnswering chaosMishap = "killed within the answer"
)

// chaosMishaps are those that are drawn, in the same way.
var chaosMishaps = []chaosMishap{
	cutOnTheWay, cutWhenDone, cutWhenDone, cutInTheAnswer, slowThere, slowBack, twiceInARow, twiceAtOnce, onceMoreLater, answeredTwice,
	gatewayInstead, gatewayWhenDone, killedOnTheWay, killedWhenDone, killedWhenDone, killedAnswering,
}

// chaosFault is something that is to go wrong with the next request of its kind.
type chaosFault struct {
	point  chaosPoint
	mishap chaosMishap
	wait   time.Duration // of what is late
}

func someFault(d *rand.Rand) chaosFault {
	return chaosFault{chaosPoints[d.IntN(len(chaosPoints))], chaosMishaps[d.IntN(len(chaosMishaps))], time.Duration(d.IntN(30_000)) * time.Microsecond}
}

// chaosLine is what lies between the program and the banks. It carries what they say to
// each other, under an address of its own, and lets go wrong what it is told to.
type chaosLine struct {
	banks   string // host and port
	here    string // likewise
	carrier *http.Client
	kill    func() // ends the program

	server *http.Server
	closed chan struct{} // once it does not listen any more

	mu       sync.Mutex
	armed    []chaosFault
	struck   map[chaosMishap]int
	at       map[chaosPoint]int
	came     map[string]int // new payments, by X-Request-ID
	striking sync.WaitGroup
	late     sync.WaitGroup // what is on its way to the bank once more
}

// newChaosLine begins to carry what goes to the banks at an address. It listens at a port
// that nobody is given by chance, so that it can be cut and mended.
func newChaosLine(banks string, kill func()) (*chaosLine, error) {
	at, err := url.Parse(banks)
	if err != nil {
		return nil, err
	}
	l := &chaosLine{
		banks: at.Host, kill: kill, struck: map[chaosMishap]int{}, at: map[chaosPoint]int{}, came: map[string]int{},
		carrier: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for range 100 {
		l.here = net.JoinHostPort("127.0.0.1", strconv.Itoa(10_000+rand.IntN(20_000)))
		if err = l.mend(); err == nil {
			return l, nil
		}
	}
	return nil, err
}

// mend lets the line be used.
func (l *chaosLine) mend() error {
	if l.server != nil {
		return nil
	}
	listener, err := net.Listen("tcp", l.here)
	if err != nil {
		return err
	}
	l.server, l.closed = &http.Server{Handler: l}, make(chan struct{})
	go func() { _ = l.server.Serve(listener); close(l.closed) }()
	return nil
}

// cut ends all connections and takes no new ones.
func (l *chaosLine) cut() {
	if l.server == nil {
		return
	}
	_ = l.server.Close() // its listener has no error that matters
	<-l.closed
	l.server = nil
}

// arm has something go wrong with the next request of its kind.
func (l *chaosLine) arm(f chaosFault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = append(l.armed, f)
}

// disarm lets nothing more go wrong, and waits for what is just going wrong.
func (l *chaosLine) disarm() {
	l.mu.Lock()
	l.armed = nil
	l.mu.Unlock()
	l.striking.Wait()
}

// rest waits until nothing is on its way to a bank any more.
func (l *chaosLine) rest() {
	l.disarm()
	l.late.Wait()
}

// strikes takes the fault that was waiting for what is at a point; the zero one for none.
// It is over when done is called.
func (l *chaosLine) strikes(point chaosPoint) (f chaosFault, done func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.armed, func(f chaosFault) bool { return f.point == point || f.point == atAnything })
	if point == atAnything || i < 0 {
		return chaosFault{}, func() {}
	}
	f = l.armed[i]
	l.armed = slices.Delete(l.armed, i, i+1)
	l.struck[f.mishap]++
	l.at[point]++
	l.striking.Add(1)
	return f, l.striking.Done
}

// strokes is how often something went wrong so far.
func (l *chaosLine) strokes() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, times := range l.struck {
		n += times
	}
	return n
}

// arrives notes that the program has sent a payment.
func (l *chaosLine) arrives(requestID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.came[requestID]++
}

// arrived is how often the program has sent the payment with an X-Request-ID.
func (l *chaosLine) arrived(requestID string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.came[requestID]
}

// count adds what went wrong on the line to what is counted.
func (l *chaosLine) count(n map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for mishap, times := range l.struck {
		n["faults"] += times
		n["faults: "+string(mishap)] += times
	}
	for point, times := range l.at {
		n["faults at "+string(point)] += times
	}
}

func (l *chaosLine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		hangUp(w, nil)
		return
	}
	point := pointOf(r)
	if point == atPayment {
		l.arrives(r.Header.Get("X-Request-ID"))
	}
	f, done := l.strikes(point)
	defer done()
	switch f.mishap {
	case cutOnTheWay:
		hangUp(w, nil)
		return
	case killedOnTheWay:
		l.kill()
		hangUp(w, nil)
		return
	case gatewayInstead:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case slowThere:
		time.Sleep(f.wait)
	case twiceInARow:
		_, _ = l.carry(r, body)
	case twiceAtOnce:
		l.late.Go(func() { _, _ = l.carry(r, body) })
	case onceMoreLater:
		l.late.Go(func() { time.Sleep(f.wait); _, _ = l.carry(r, body) })
	}
	answer, err := l.carry(r, body)
	if err != nil {
		hangUp(w, nil)
		return
	}
	switch f.mishap {
	case cutWhenDone:
		hangUp(w, nil)
	case killedWhenDone:
		l.kill()
		hangUp(w, nil)
	case cutInTheAnswer:
		hangUp(w, answer.start())
	case killedAnswering:
		l.kill()
		hangUp(w, answer.start())
	case answeredTwice:
		hangUp(w, bytes.Repeat(answer.whole(), 2))
	case gatewayWhenDone:
		w.WriteHeader(http.StatusGatewayTimeout)
	case slowBack:
		time.Sleep(f.wait)
		answer.pass(w)
	default:
		answer.pass(w)
	}
}

// lineAnswer is what a bank answered, with its address as the program knows it.
type lineAnswer struct {
	status int
	header http.Header
	body   []byte
}

// carry delivers a request to the bank.
func (l *chaosLine) carry(r *http.Request, body []byte) (lineAnswer, error) {
	req, err := http.NewRequest(r.Method, "http://"+l.banks+r.URL.RequestURI(), bytes.NewReader(body)) // whoever sent it may be gone
	if err != nil {
		return lineAnswer{}, err
	}
	req.Header = r.Header.Clone()
	res, err := l.carrier.Do(req)
	if err != nil {
		return lineAnswer{}, err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return lineAnswer{}, err
	}
	answer := lineAnswer{res.StatusCode, http.Header{}, bytes.ReplaceAll(content, []byte(l.banks), []byte(l.here))}
	for name, values := range res.Header {
		for _, value := range values {
			value = strings.ReplaceAll(value, l.banks, l.here)
			answer.header.Add(name, strings.ReplaceAll(value, url.QueryEscape(l.banks), url.QueryEscape(l.here)))
		}
	}
	answer.header.Del("Content-Length") // which may be another now
	return answer, nil
}

// pass hands an answer on.
func (a lineAnswer) pass(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // to a program that may have been killed
}

// whole is an answer as it stands on the line.
func (a lineAnswer) whole() []byte {
	var b bytes.Buffer
	res := http.Response{StatusCode: a.status, ProtoMajor: 1, ProtoMinor: 1, Header: a.header, ContentLength: int64(len(a.body)), Body: io.NopCloser(bytes.NewReader(a.body))}
	_ = res.Write(&b) // into memory
	return b.Bytes()
}

// start is as much of an answer as has come when the line breaks.
func (a lineAnswer) start() []byte {
	all := a.whole()
	return all[:len(all)*2/3]
}

// hangUp writes what is left to be written onto a connection, and ends it.
func hangUp(w http.ResponseWriter, rest []byte) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // HTTP/2, which nobody speaks here
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_, _ = connection.Write(rest)
	_ = connection.Close()
}
