package frontend

import (
	"context"
	"net/http"
	"slices"

	"consentry/app/failure"
	"consentry/app/recording"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/playback"
	"consentry/xs2a/record/brought"
)

// recordingsPath is where recordings are listed and brought.
const recordingsPath = "/activity/recordings"

func recordingPath(id string) string { return recordingsPath + "/" + id }

// recordingsView is what others recorded, and asks for one more.
type recordingsView struct {
	All     []storage.Recording
	Failure *failure.Error
}

// recordingView is one recording with its flows.
type recordingView struct {
	storage.Recording
	Lines   []flowLine
	Playing *recording.Playing // nil: no bank is made of it
	Failure *failure.Error
}

// recordings lists what others recorded.
func (s *Server) recordings(w http.ResponseWriter, r *http.Request) error {
	return s.showRecordings(w, r, http.StatusOK, nil)
}

func (s *Server) showRecordings(w http.ResponseWriter, r *http.Request, status int, failed *failure.Error) error {
	all, err := s.app.Recordings().All(r.Context())
	if err != nil {
		return err
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Recordings"), Section: SectionActivity}, recordingsScreen(recordingsView{all, failed}))
}

// bringRecording reads a file that was chosen, and leads to what it holds.
func (s *Server) bringRecording(w http.ResponseWriter, r *http.Request) error {
	name, content, err := sentFile(r)
	var one storage.Recording
	if err == nil {
		one, err = s.app.Recordings().Bring(r.Context(), name, content)
	}
	if failed, known := asFailure(err); known {
		return s.showRecordings(w, r, statusOfForm(failed), failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, recordingPath(one.ID))
	return nil
}

// recording shows a recording with its flows, and the bank that is made of it.
func (s *Server) recording(w http.ResponseWriter, r *http.Request) error {
	return s.showRecording(w, r, http.StatusOK, nil)
}

func (s *Server) showRecording(w http.ResponseWriter, r *http.Request, status int, failed *failure.Error) error {
	one, flows, err := s.app.Recordings().One(r.Context(), r.PathValue("recording"))
	if err != nil {
		return err
	}
	view := recordingView{Recording: one, Failure: failed}
	for _, each := range flows {
		flow, err := s.app.Record().Flow(r.Context(), each.ID)
		if err != nil {
			return err
		}
		view.Lines = append(view.Lines, flowLine{Flow: flow})
	}
	if view.Playing, err = s.app.Recordings().Playing(r.Context(), one.ID); err != nil {
		return err
	}
	return s.pageStatus(w, r, status, Page{Title: one.FileName, Section: SectionActivity}, recordingScreen(view))
}

// playRecording makes a bank of a recording.
func (s *Server) playRecording(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("recording")
	_, err := s.app.Recordings().Play(r.Context(), id)
	if failed, known := asFailure(err); known {
		return s.showRecording(w, r, statusOfForm(failed), failed)
	}
	if err != nil {
		return err
	}
	redirect(w, r, recordingPath(id))
	return nil
}

// restartRecording begins a recording from its start.
func (s *Server) restartRecording(w http.ResponseWriter, r *http.Request) error {
	s.app.Recordings().Restart(r.PathValue("recording"))
	redirect(w, r, recordingPath(r.PathValue("recording")))
	return nil
}

// stopRecording ends the bank that is made of a recording.
func (s *Server) stopRecording(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Recordings().Stop(r.Context(), r.PathValue("recording")); err != nil {
		return err
	}
	redirect(w, r, recordingPath(r.PathValue("recording")))
	return nil
}

// removeRecording removes a recording.
func (s *Server) removeRecording(w http.ResponseWriter, r *http.Request) error {
	if err := s.app.Recordings().Remove(r.Context(), r.PathValue("recording")); err != nil {
		return err
	}
	redirect(w, r, recordingsPath)
	return nil
}

// recordingLine is what a recording is, in a list.
func recordingLine(ctx context.Context, one storage.Recording) string {
	return words.T(ctx, "%s · %s in %s", formatWords(ctx, one.Format), words.N(ctx, one.Exchanges, "%d exchange", "%d exchanges"), words.N(ctx, one.Flows, "%d flow", "%d flows"))
}

func formatWords(ctx context.Context, format string) string {
	switch brought.Format(format) {
	case brought.HAR:
		return "HAR"
	case brought.Postman:
		return words.T(ctx, "Postman collection")
	}
	return words.T(ctx, ".http file")
}

// leftOut says what of a file was not taken, each reason in a sentence.
func (view recordingView) leftOut(ctx context.Context) (all []string) {
	for _, each := range []struct {
		why brought.Reason
		say func(n int) string
	}{
		{brought.Unreadable, func(n int) string {
			return words.N(ctx, n, "%d entry could not be read as an exchange.", "%d entries could not be read as exchanges.")
		}},
		{brought.NotHTTP, func(n int) string {
			return words.N(ctx, n, "%d entry did not go to a web address.", "%d entries did not go to a web address.")
		}},
		{brought.PageFile, func(n int) string {
			return words.N(ctx, n, "%d picture, style or script of a page is not shown.", "%d pictures, styles and scripts of pages are not shown.")
		}},
		{brought.TooMany, func(n int) string {
			return words.N(ctx, n, "%d exchange was left out: a file may have %[2]d.", "%d exchanges were left out: a file may have %[2]d.", brought.MaxExchanges)
		}},
		{brought.TooLong, func(n int) string {
			return words.N(ctx, n, "%d body is missing: it is too long to be searched for secrets.", "%d bodies are missing: they are too long to be searched for secrets.")
		}},
		{brought.Elsewhere, func(n int) string {
			return words.N(ctx, n, "%d body is missing: it is in another file.", "%d bodies are missing: they are in other files.")
		}},
	} {
		if n := view.LeftOut[string(each.why)]; n > 0 {
			all = append(all, each.say(n))
		}
	}
	return all
}

// movedWords say by how much dates are moved.
func movedWords(ctx context.Context, days int) string {
	switch {
	case days > 0:
		return words.N(ctx, days, "moved forward by %d day, to today", "moved forward by %d days, to today")
	case days < 0:
		return words.N(ctx, -days, "moved back by %d day, to today", "moved back by %d days, to today")
	}
	return words.T(ctx, "as recorded: it is from today, or tells no day")
}

// origins are the hosts that are played, by name.
func (view recordingView) origins() []string {
	var all []string
	for origin := range view.Playing.Addresses {
		all = append(all, origin)
	}
	slices.Sort(all)
	return all
}

// askedLine is a request without an answer in the recording.
func askedLine(ctx context.Context, one playback.Unrecorded) string {
	if one.Part {
		return words.T(ctx, "Only a part of the answer was recorded.")
	}
	return words.N(ctx, one.Count, "Asked once.", "Asked %d times.")
}
