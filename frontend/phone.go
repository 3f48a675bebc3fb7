package frontend

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/netip"
	"slices"
	"sync"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/room"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// The phone on which an approval at a practice bank waits, or the bank's page, can be shown on a
// real phone in the same room. There is one at a time, as there is one show.

// phoneInRoom is the phone that is shown, or was last. It is safe for concurrent use.
type phoneInRoom struct {
	mu   sync.Mutex
	room *room.Room // nil: none was
	flow string
	bank string // its name
	over bool   // the program ends
}

// phoneState is how it stands.
type phoneState struct {
	room.State
	Flow, Bank string
}

// state is of the phone that is in the room, or was last; nil where none was.
func (p *phoneInRoom) state() *phoneState {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.room == nil {
		return nil
	}
	return &phoneState{p.room.State(), p.flow, p.bank}
}

// open is the state while one is in the room; nil otherwise.
func (p *phoneInRoom) open() *phoneState {
	if state := p.state(); state != nil && state.Open() {
		return state
	}
	return nil
}

// of is the state where it is of a flow; nil otherwise.
func (p *phoneInRoom) of(flow string) *phoneState {
	if state := p.state(); state != nil && state.Flow == flow {
		return state
	}
	return nil
}

// show opens one in place of the one before.
func (p *phoneInRoom) show(flow app.Flow, c room.Config) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return http.ErrServerClosed
	}
	if p.room != nil {
		p.room.Close(room.EndedByPerson)
	}
	opened, err := room.Open(c)
	if err != nil {
		return err
	}
	p.room, p.flow, p.bank = opened, flow.ID, flow.BankName
	return nil
}

// end ends it, where one is in the room.
func (p *phoneInRoom) end(why room.End) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = p.over || why == room.ProgramEnds
	if p.room != nil {
		p.room.Close(why)
	}
}

// phoneView asks whether a phone is to be shown in the room, and where.
type phoneView struct {
	app.Flow
	Addresses []room.Address
	Failure   *app.Error
	Now       *phoneState // of any flow; nil where none was
}

// askPhone says what could be reached, by whom and how long, and asks where.
func (s *Server) askPhone(w http.ResponseWriter, r *http.Request) error {
	return s.showPhone(w, r, http.StatusOK, nil)
}

func (s *Server) showPhone(w http.ResponseWriter, r *http.Request, status int, failed *app.Error) error {
	flow, err := s.phoneFlow(r)
	if err != nil {
		return err
	}
	if !s.app.ShownInRoom(flow) {
		redirect(w, r, "/authorisations/"+flow.ID)
		return nil
	}
	view := phoneView{Flow: flow, Failure: failed, Now: s.phone.state()}
	if view.Addresses, err = room.Addresses(); err != nil {
		return err
	}
	page := Page{Title: words.T(r.Context(), "Show it on a real phone"), Section: linkingView{Flow: flow}.words(r.Context()).section}
	return s.pageStatus(w, r, status, page, phoneScreen(view))
}

// phoneFlow is the flow of the address, for who shows the program or tests with it.
func (s *Server) phoneFlow(r *http.Request) (app.Flow, error) {
	settings, err := s.app.Settings(r.Context())
	if err == nil && settings.Audience == app.AudienceOwn {
		err = storage.ErrNotFound
	}
	if err != nil {
		return app.Flow{}, err
	}
	return s.app.Flow(r.Context(), r.PathValue("id"))
}

// openPhone puts the phone into the room, at an address that was chosen.
func (s *Server) openPhone(w http.ResponseWriter, r *http.Request) error {
	flow, err := s.phoneFlow(r)
	if err != nil {
		return err
	}
	if !s.app.ShownInRoom(flow) {
		redirect(w, r, "/authorisations/"+flow.ID)
		return nil
	}
	at, err := chosenAddress(r.PostFormValue("address"))
	if err == nil {
		err = s.openRoom(r, flow, at)
	}
	if failed, known := asFailure(err); known {
		return s.showPhone(w, r, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, "/authorisations/"+flow.ID)
	return nil
}

// chosenAddress finds an address among those there are now.
func chosenAddress(typed string) (room.Address, error) {
	all, err := room.Addresses()
	if err != nil {
		return room.Address{}, err
	}
	for _, at := range all {
		if at.Local().String() == typed {
			return at, nil
		}
	}
	return room.Address{}, failure.Field("address", failure.ChooseFromList)
}

func (s *Server) openRoom(r *http.Request, flow app.Flow, at room.Address) error {
	err := s.phone.show(flow, room.Config{
		At: at, Language: s.languageOf(r), Log: s.log, Now: s.app.Clock().Now,
		Fields: app.PageFields,
		Do:     s.onPhone(r, flow),
		Waits: func(ctx context.Context) bool {
			now, err := s.app.Flow(ctx, flow.ID)
			return err == nil && s.app.ShownInRoom(now)
		},
	})
	if err != nil {
		return &app.Error{Reason: storage.Reason{Code: failure.PhoneNotShown}, Detail: err.Error(), Cause: err}
	}
	return nil
}

// onPhone does what was done on a phone that shows a flow: on a practice phone, or on the page of a practice bank.
func (s *Server) onPhone(r *http.Request, flow app.Flow) func(context.Context, room.Deed) (room.Screen, error) {
	if s.app.AsksOnPage(flow) {
		visit := s.app.VisitPage(flow.ID, s.person(r))
		return func(ctx context.Context, did room.Deed) (room.Screen, error) {
			shown, err := visit.Do(ctx, did.Form, did.Language)
			return room.Screen(shown), err
		}
	}
	return func(ctx context.Context, did room.Deed) (room.Screen, error) {
		typed := did.Form.Get
		shown, err := s.app.OnPhone(ctx, flow.ID, app.PhoneDeed{As: typed("as"), Login: typed("login"), Password: typed("password"), Action: typed("action"), Language: did.Language})
		return room.Screen(shown), err
	}
}

// endPhone takes the phone out of the room, and goes back to where that was said.
func (s *Server) endPhone(w http.ResponseWriter, r *http.Request) error {
	s.phone.end(room.EndedByPerson)
	redirect(w, r, cameFrom(r))
	return nil
}

// endsShow takes the phone out of the room, whose show is over or begins anew.
func (s *Server) endsShow() { s.phone.end(room.EndedByShow) }

// options are the addresses to choose from. One that is alone is chosen.
func (view phoneView) options(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, at := range view.Addresses {
		all = append(all, ui.Option{
			Value: at.Local().String(), Label: at.Local().String(), Chosen: len(view.Addresses) == 1,
			Hint: words.T(ctx, "%s; who is in the network %s can reach it.", at.Interface, at.Prefix.Masked().String()),
		})
	}
	return all
}

// endWords say why a phone is no more in the room.
var endWords = map[room.End]words.Text{
	room.EndedByPerson: "You ended it.", room.EndedByShow: "It ended with the show.", room.Answered: "It ended with the answer given on the phone.",
	room.NotAsked: "It ended because the approval waits for no phone any more.", room.TimedOut: "It ended after 30 minutes.",
	room.TooManyCodes: "It ended because too many wrong codes were typed.", room.AddressGone: "It ended because this computer left the network.",
	room.ClockMoved: "It ended because this computer slept, or its clock was set.", room.ProgramEnds: "It ended with the program.", room.Broken: "It ended because nothing could be received any more.",
}

// alarming reports whether why it ended is to be said where the approval waits.
func (p *phoneState) alarming() bool {
	return slices.Contains([]room.End{room.TooManyCodes, room.TimedOut, room.AddressGone, room.ClockMoved, room.Broken}, p.End)
}

// doorWords say what somebody did at the door.
var doorWords = map[room.Kind]words.Text{
	room.Looked: "opened the page that asks for the code", room.Entered: "typed the right code", room.WrongCode: "typed a wrong code",
	room.TooSoon: "typed a code too soon after a wrong one", room.Other: "was refused: another phone is let in", room.Foreign: "was refused: it is not in the network",
	room.TooMany: "was refused: too many requests", room.Refused: "was refused: it asked for something else",
}

// who is where an event came from.
func who(ctx context.Context, from netip.Addr) string {
	if !from.IsValid() {
		return words.T(ctx, "From other addresses")
	}
	return from.String()
}

// what says what was done there, and how often.
func what(ctx context.Context, e room.Event) string {
	said := words.T(ctx, doorWords[e.Kind])
	if e.Of > 1 {
		said += " (" + words.N(ctx, e.Of, "%d time", "%d times") + ")"
	}
	return said
}

// stand names what a page shows of it.
func (p *phoneState) stand() string {
	return fmt.Sprintf("phone%x", crc32.ChecksumIEEE([]byte(p.Host+string(p.End)+p.Phone.String())))
}

// spaced is a code as it is read out.
func spaced(code string) string { return code[:len(code)/2] + " " + code[len(code)/2:] }

// phonesWaited are the flows that could be shown on a phone, for the stage.
func (s *Server) phonesWaited(ctx context.Context) ([]app.Flow, error) {
	all, err := s.app.PhonesWaited(ctx)
	if errors.Is(err, storage.ErrNotFound) { // one ended meanwhile
		return nil, nil
	}
	return all, err
}
