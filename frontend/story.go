package frontend

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/stage"
	"consentry/frontend/words"
	"consentry/storage"
)

// A story is shown in two windows: the audience sees the program, and the presenter beside it
// the panel with the cues. There is one show at a time, as there is one practice world; it lives
// in memory. The panel follows what is done in the other window: which pages were opened there,
// and how consents, payments and the clock stand. From it things are let go wrong, too, also while
// no story is shown.

const (
	panelPath = "/stage/panel"
	panelWord = "panel" // in a first address that leads there
)

// show is the story that is shown, and how far it is. It is safe for concurrent use.
type show struct {
	mu    sync.Mutex
	story *stage.Story // nil: none; it is not changed any more
	at    int          // the step; as many as there are: it is over
	back  bool         // the presenter went back: steps are not passed by themselves before they go on
	pages []string     // that were opened since the step began
	begun time.Time

	bank   string        // BIC at which things go wrong; empty: wherever something happens now
	played *mishapPlayed // last; nil: nothing since the story began
}

// mostPages is how many pages are remembered of a step.
const mostPages = 50

// saw notes a page that was opened.
func (s *show) saw(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = append(s.pages[max(0, len(s.pages)-mostPages+1):], path)
}

// shown reports whether a story is.
func (s *show) shown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.story != nil
}

// begin shows a story from its first step on.
func (s *show) begin(story *stage.Story, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.story, s.at, s.pages, s.back, s.begun, s.bank, s.played = story, 0, nil, false, now, "", nil
}

// choose says at which bank things go wrong.
func (s *show) choose(bank string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bank = bank
}

// plays notes what was let go wrong.
func (s *show) plays(one mishapPlayed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.played = &one
}

// to goes to a step, as long as the one before is shown; what was opened before counts for none.
func (s *show) to(from, step int, back bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.story != nil && s.at == from && step >= 0 && step <= len(s.story.Steps) {
		s.at, s.pages, s.back = step, nil, back
	}
}

// now is the show as it stands; without a story where none is shown.
func (s *show) now() panelView {
	s.mu.Lock()
	defer s.mu.Unlock()
	view := panelView{At: s.at, Begun: s.begun, back: s.back, pages: append([]string(nil), s.pages...), bank: s.bank, played: s.played}
	if s.story != nil {
		view.Story = *s.story
	}
	return view
}

// panelView is what the panel shows.
type panelView struct {
	Story   stage.Story
	At      int
	Begun   time.Time
	Now     time.Time
	Done    []conditionSeen
	Failure *app.Error
	Mishaps mishapsView

	back   bool
	pages  []string
	bank   string
	played *mishapPlayed
}

// conditionSeen is a condition and whether it is met.
type conditionSeen struct {
	stage.Condition
	Met bool
}

func (view panelView) none() bool            { return view.Story.Title == "" } // no story is shown
func (view panelView) over() bool            { return view.At >= len(view.Story.Steps) }
func (view panelView) step() stage.StoryStep { return view.Story.Steps[view.At] }

// next is the step after this one; nil on the last.
func (view panelView) next() *stage.StoryStep {
	if view.At+1 >= len(view.Story.Steps) {
		return nil
	}
	return &view.Story.Steps[view.At+1]
}

// done reports whether all that ends the step was seen.
func (view panelView) done() bool {
	for _, one := range view.Done {
		if !one.Met {
			return false
		}
	}
	return len(view.Done) > 0
}

// stand names what the panel shows: another where it shows something else.
func (view panelView) stand() string {
	var b strings.Builder
	b.WriteString(strconv.FormatInt(view.Begun.UnixMilli(), 36) + "-" + strconv.Itoa(view.At) + "-")
	for _, one := range view.Done {
		b.WriteByte("01"[map[bool]int{true: 1}[one.Met]])
	}
	return b.String() + "-" + view.Mishaps.stand()
}

// follows notes a page that is opened in any window but the panel and the stage. Where a step
// has ended before, it belongs to the next one.
func (s *Server) follows(r *http.Request) {
	if !s.show.shown() || r.Method != http.MethodGet || r.URL.Path == "/stage" || strings.HasPrefix(r.URL.Path, "/stage/") {
		return
	}
	_, before := s.follow(r.Context())
	s.show.saw(r.URL.Path)
	if _, err := s.follow(r.Context()); errors.Join(before, err) != nil { // the panel says so when it looks
		s.log.Warn("a story was not followed", "error", errors.Join(before, err))
	}
}

// follow returns the show as it stands by now: a step whose end was seen is over, unless the
// presenter went back to it.
func (s *Server) follow(ctx context.Context) (panelView, error) {
	for {
		view := s.show.now()
		if view.none() || view.over() {
			return view, nil
		}
		for _, c := range view.step().Until {
			met, err := s.met(ctx, c, view.pages)
			if err != nil {
				return view, err
			}
			view.Done = append(view.Done, conditionSeen{c, met})
		}
		if !view.done() || view.back {
			return view, nil
		}
		s.goesOn(view)
	}
}

// goesOn goes to the next step. After the last one the show is over.
func (s *Server) goesOn(view panelView) {
	if s.show.to(view.At, view.At+1, false); view.At+1 == len(view.Story.Steps) {
		s.endsShow()
	}
}

// met reports whether a condition is met.
func (s *Server) met(ctx context.Context, c stage.Condition, pages []string) (bool, error) {
	if c.Kind != stage.OnPage {
		return s.app.Holds(ctx, c)
	}
	for _, page := range pages {
		if c.On(page) {
			return true, nil
		}
	}
	return false, nil
}

// looks returns the show as it stands by now, with what can be let go wrong.
func (s *Server) looks(ctx context.Context) (panelView, error) {
	view, err := s.follow(ctx)
	if err == nil {
		view.Mishaps, err = s.mishaps(ctx, view)
	}
	return view, err
}

// panel shows the cues of the step a story is at, and what can be let go wrong.
func (s *Server) panel(w http.ResponseWriter, r *http.Request) error {
	return s.showPanel(w, r, http.StatusOK, nil)
}

func (s *Server) showPanel(w http.ResponseWriter, r *http.Request, status int, failed *app.Error) error {
	if !s.app.HasPractice() {
		return storage.ErrNotFound
	}
	view, err := s.looks(r.Context())
	if err != nil {
		return err
	}
	view.Failure, view.Now, view.Story = failed, s.app.Clock().Now(), storyTold(r.Context(), view.Story)
	page := Page{Title: view.title(r.Context())}
	if err := s.complete(r, &page); err != nil {
		return err
	}
	return s.render(w, r, status, panelPage(page), panelScreen(view))
}

// panelStep is asked each second by the panel, and reloads it when there is something new.
func (s *Server) panelStep(w http.ResponseWriter, r *http.Request) error {
	view, err := s.looks(r.Context())
	if err != nil {
		return err
	}
	if r.URL.Query().Get("shown") != view.stand() {
		w.Header().Set("HX-Refresh", "true")
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// beginStory sets the stage for one of the program's stories, and shows it.
func (s *Server) beginStory(w http.ResponseWriter, r *http.Request) error {
	story, err := stage.StoryOf(r.PathValue("story"))
	if err != nil {
		return err
	}
	return s.begins(w, r, story)
}

// loadStory shows the story of a file.
func (s *Server) loadStory(w http.ResponseWriter, r *http.Request) error {
	file, err := readStageFile(r)
	if err != nil {
		return s.stageFailed(w, r, err)
	}
	story, err := stage.ParseStory(file)
	if err == nil && s.app.HasPractice() {
		err = s.app.CheckStory(r.Context(), story)
	}
	if err != nil {
		return s.stageFailed(w, r, err)
	}
	return s.begins(w, r, story)
}

func (s *Server) begins(w http.ResponseWriter, r *http.Request, story stage.Story) error {
	if err := s.setFor(r, story); err != nil {
		return s.stageFailed(w, r, err)
	}
	s.show.begin(&story, s.app.Clock().Now())
	return s.openPanel(w, r)
}

// setFor sets the scene that a story begins with.
func (s *Server) setFor(r *http.Request, story stage.Story) error {
	s.endsShow()
	switch story.Scene {
	case "":
		if !s.app.HasPractice() {
			return storage.ErrNotFound
		}
		return nil
	case stage.StartScene:
		return s.app.Reset(r.Context())
	}
	scene, err := stage.SceneOf(story.Scene)
	if err != nil {
		return err
	}
	return s.app.SetScene(r.Context(), scene, s.person(r))
}

// movePanel goes on, back, begins again or ends the show.
func (s *Server) movePanel(w http.ResponseWriter, r *http.Request) error {
	view := s.show.now()
	switch r.PathValue("move") {
	case "next":
		s.goesOn(view)
	case "back":
		s.show.to(view.At, view.At-1, true)
	case "again":
		return s.beginsAgain(w, r, view.Story)
	case "end":
		s.endsShow()
		s.show.begin(nil, time.Time{})
		redirect(w, r, "/stage")
		return nil
	default:
		return storage.ErrNotFound
	}
	redirect(w, r, panelPath)
	return nil
}

func (s *Server) beginsAgain(w http.ResponseWriter, r *http.Request, story stage.Story) error {
	if story.Title == "" {
		redirect(w, r, panelPath)
		return nil
	}
	err := s.setFor(r, story)
	if failed := (*app.Error)(nil); errors.As(err, &failed) {
		return s.showPanel(w, r, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	s.show.begin(&story, s.app.Clock().Now())
	redirect(w, r, panelPath)
	return nil
}

// openPanel shows the panel in the system's browser, by a session of its own: the window is what
// the audience sees. Without a window, it is opened where the form says.
func (s *Server) openPanel(w http.ResponseWriter, r *http.Request) error {
	if s.openBrowser == nil {
		redirect(w, r, panelPath)
		return nil
	}
	address := s.sessions.FreshAddress() + "&" + panelWord + "="
	if err := s.openBrowser(address); err != nil {
		return s.stageFailed(w, r, &app.Error{Reason: storage.Reason{Code: failure.BrowserNotOpened}, Cause: err})
	}
	redirect(w, r, "/") // for the audience to see
	return nil
}

// title is the story's; where none is shown, what the panel is.
func (view panelView) title(ctx context.Context) string {
	if view.none() {
		return words.T(ctx, "Presenter’s panel")
	}
	return view.Story.Title
}

// where says how far the story is.
func (view panelView) where(ctx context.Context) string {
	passed := 0
	for _, step := range view.Story.Steps[:view.At] {
		passed += step.Seconds
	}
	plan := time.Duration(passed) * time.Second
	is := view.Now.Sub(view.Begun).Round(time.Second)
	if view.over() {
		return words.T(ctx, "It took %s; planned were %s.", clockWords(is), clockWords(plan))
	}
	return words.T(ctx, "Step %d of %d, at %s; planned at %s.", view.At+1, len(view.Story.Steps), clockWords(is), clockWords(plan))
}

// clockWords writes a time as 2:05.
func clockWords(d time.Duration) string {
	seconds := strconv.Itoa(int(d/time.Second) % 60)
	return strconv.Itoa(int(d/time.Minute)) + ":" + strings.Repeat("0", 2-len(seconds)) + seconds
}

// againWords say what beginning again does.
func (view panelView) againWords(ctx context.Context) string {
	if view.Story.Scene == "" {
		return words.T(ctx, "Begin again")
	}
	return words.T(ctx, "Set the stage, and begin again")
}

// words say what ends a step.
func (c conditionSeen) words(ctx context.Context) string {
	bank := c.Bank
	if bank == "" {
		bank = words.T(ctx, "a practice bank")
	}
	switch c.Kind {
	case stage.OnPage:
		return words.T(ctx, "the page %s was opened", c.Path)
	case stage.OfClock:
		return words.N(ctx, c.Number, "the practice banks’ clock is %d day ahead", "the practice banks’ clock is %d days ahead")
	case stage.OfConsent:
		return words.T(ctx, consentStates[c.State], bank)
	}
	return words.T(ctx, paymentStates[c.State], bank)
}

var (
	consentStates = map[string]words.Text{
		"asked": "%s was asked for a consent", "valid": "the consent at %s is active", "read": "the accounts at %s were read", "failed": "the accounts at %s could not be read",
		"withdrawn": "the consent at %s was withdrawn", "confirmed": "%s confirmed that the consent was withdrawn",
		"expired": "the consent at %s has expired", "ended": "the consent at %s has ended",
	}
	paymentStates = map[string]words.Text{
		"composed": "a payment from %s was written", "sent": "%s took a payment", "paid": "a payment from %s was made", "refused": "%s refused a payment",
	}
)
