package frontend

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/stage"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// stageView is what a presenter sets and shows: how the practice world stands, the scenes
// and the stories.
type stageView struct {
	Practice storage.PracticeWorld
	Scenes   []stage.Scene
	Stories  []stage.Story
	Showing  string // title of the story that is shown; empty: none
	Window   bool   // the program has a window of its own
	Set      string // title of the scene that was just set; "start" for the start
	Failure  *app.Error
	Waited   []app.Flow  // that wait for a phone
	Phone    *phoneState // in the room, or that was last
}

// stage shows the page a presenter begins on.
func (s *Server) stage(w http.ResponseWriter, r *http.Request) error {
	return s.showStage(w, r, http.StatusOK, func(view *stageView) {
		if done := r.URL.Query().Get("set"); done == stage.StartScene {
			view.Set = done
		} else if scene, err := stage.SceneOf(done); err == nil {
			view.Set = sceneTold(r.Context(), scene).Title
		}
	})
}

func (s *Server) showStage(w http.ResponseWriter, r *http.Request, status int, add func(*stageView)) error {
	if !s.app.HasPractice() {
		return storage.ErrNotFound
	}
	view := stageView{Scenes: stage.Scenes(), Stories: stage.Stories(), Window: s.openBrowser != nil}
	for i, scene := range view.Scenes {
		view.Scenes[i] = sceneTold(r.Context(), scene)
	}
	for i, story := range view.Stories {
		view.Stories[i] = storyTold(r.Context(), story)
	}
	if shown := s.show.now(); !shown.none() && !shown.over() {
		view.Showing = storyTold(r.Context(), shown.Story).Title
	}
	var err error
	if view.Practice, err = s.app.Practice(r.Context()); err != nil {
		return err
	}
	if view.Waited, err = s.phonesWaited(r.Context()); err != nil {
		return err
	}
	view.Phone = s.phone.state()
	add(&view)
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Stage"), Section: SectionSettings}, stageScreen(view))
}

// sceneTold is a scene in the reader's language, where it is the program's own. A file speaks that of who wrote it.
func sceneTold(ctx context.Context, scene stage.Scene) stage.Scene {
	if scene.Name == "" {
		return scene
	}
	return scene.Told(func(text string) string { return words.T(ctx, words.Text(text)) })
}

// storyTold is likewise of a story.
func storyTold(ctx context.Context, story stage.Story) stage.Story {
	if story.Name == "" {
		return story
	}
	return story.Told(func(text string) string { return words.T(ctx, words.Text(text)) })
}

// setScene takes the practice world to one of the program's scenes.
func (s *Server) setScene(w http.ResponseWriter, r *http.Request) error {
	scene, err := stage.SceneOf(r.PathValue("scene"))
	if err != nil {
		return err
	}
	s.endsShow()
	if err := s.app.SetScene(r.Context(), scene, s.person(r)); err != nil {
		return s.stageFailed(w, r, err)
	}
	redirect(w, r, "/stage?set="+scene.Name)
	return nil
}

// loadScene takes the practice world to the scene of a file.
func (s *Server) loadScene(w http.ResponseWriter, r *http.Request) error {
	file, err := readStageFile(r)
	if err != nil {
		return s.stageFailed(w, r, err)
	}
	scene, err := stage.ParseScene(file)
	if err == nil {
		s.endsShow()
		err = s.app.SetScene(r.Context(), scene, s.person(r))
	}
	if err != nil {
		return s.stageFailed(w, r, err)
	}
	return s.showStage(w, r, http.StatusOK, func(view *stageView) { view.Set = scene.Title })
}

// saveScene answers with a file of the practice world as it stands.
func (s *Server) saveScene(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	scene, left, err := s.app.SceneNow(ctx, words.T(ctx, "My scene"))
	if err != nil {
		return err
	}
	if _, masks := w.(*presentedWriter); masks {
		var without map[stage.Verb]int
		scene, without = scene.Impersonal()
		left.Bookings += without[stage.Book]
		left.Payments += without[stage.Draft] + without[stage.Send] + without[stage.Pay] + without[stage.Decline]
		left.Notes += without[stage.Note]
		left.Names += without[stage.Name]
	}
	letThrough(w) // there are only banks and practice logins in it by now; masked, it could not be set
	return save(w, "text/plain; charset=utf-8", "scene.txt", []byte(ours(string(scene.Write(leftOutWords(ctx, left))))))
}

// leftOutWords say what a scene does not hold.
func leftOutWords(ctx context.Context, left app.LeftOut) (all []string) {
	if len(left.Banks) > 0 {
		all = append(all, words.T(ctx, "Not in this scene, as no line gives such a consent: %s.", commas(ctx, left.Banks)))
	}
	if n := left.Bookings; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d booking.", "Not in this scene: %d bookings."))
	}
	if n := left.Faults; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d fault that is set, as no line sets such a one.", "Not in this scene: %d faults that are set, as no line sets such ones."))
	}
	if n := left.Payments; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d payment.", "Not in this scene: %d payments."))
	}
	if n := left.Templates; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d template of a payment.", "Not in this scene: %d templates of payments."))
	}
	if n := left.Notes; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d note.", "Not in this scene: %d notes."))
	}
	if n := left.Names; n > 0 {
		all = append(all, words.N(ctx, n, "Not in this scene: %d name you gave.", "Not in this scene: %d names you gave."))
	}
	return all
}

// readStageFile reads a scene or story that was chosen.
func readStageFile(r *http.Request) ([]byte, error) {
	file, err := readFile(r, "file", stage.MaxFile)
	if err == nil && file == nil {
		return nil, failure.Field("file", failure.ChooseFile)
	}
	return file, err
}

// stageFailed shows the stage with what went wrong.
func (s *Server) stageFailed(w http.ResponseWriter, r *http.Request, err error) error {
	var wrong *stage.Mistake
	if errors.As(err, &wrong) {
		err = &app.Error{Reason: storage.Reason{Code: failure.StageFile, Number: wrong.Line, Because: &wrong.Problem}}
	}
	failed, known := asFailure(err)
	if !known {
		return err
	}
	return s.showStage(w, r, http.StatusUnprocessableEntity, func(view *stageView) { view.Failure = failed })
}

// stands says what there is of the practice world.
func (view stageView) stands(ctx context.Context) string {
	p := view.Practice
	if p.Empty() {
		return words.T(ctx, "Nothing was done at the practice banks.")
	}
	all := []string{
		words.N(ctx, p.Consents, "%d consent", "%d consents"), words.N(ctx, p.Accounts, "%d account", "%d accounts"),
		words.N(ctx, p.Transactions, "%d transaction", "%d transactions"), words.N(ctx, p.Payments, "%d payment", "%d payments"),
	}
	return words.T(ctx, "There: %s.", strings.Join(all, ", "))
}

// file asks for a scene or a story of one's own.
func (view stageView) file(ctx context.Context, id string, label, hint words.Text, accept string) ui.Field {
	field := fields{view.Failure}.field(ctx, "file", label, hint, "")
	field.ID, field.Type, field.Attrs["accept"] = id, "file", accept
	return field
}
