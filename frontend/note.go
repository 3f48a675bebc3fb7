package frontend

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"consentry/app"
	"consentry/app/find"
	"consentry/app/own"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// noteForm is what a person writes on a transaction.
type noteForm struct {
	Text    string
	Tags    []string // those it has
	Offered []string // they and tags that others have
	More    string   // tags that were typed
	Failure *app.Error
}

// setNote writes what the person wrote on a transaction.
func (s *Server) setNote(w http.ResponseWriter, r *http.Request) error {
	view, err := s.transactionOf(r)
	if err != nil {
		return err
	}
	text, more := r.PostFormValue("note"), r.PostFormValue("tags")
	chosen := r.PostForm["tag"]
	err = s.app.Own().SetNote(r.Context(), view.ID, text, strings.Join(append(slices.Clone(chosen), more), " "))
	if failed, known := asFailure(err); known {
		view.Form.Text, view.Form.Tags, view.Form.More, view.Form.Failure = text, chosen, more, failed
		return s.pageStatus(w, r, statusOfForm(failed), view.page(r.Context()), ui.At(s.app.Clock().NowAt(view.EnvironmentID), transactionScreen(view)))
	}
	if err != nil {
		return err
	}
	redirect(w, r, changedAddress(transactionPath(view.ID), map[string]string{"back": view.Back}, nil)+"#note")
	return nil
}

// goneWords says what a transaction was that is gone, and since when it is.
func goneWords(ctx context.Context, note storage.LeftNote) string {
	since := ui.DateWords(ctx, note.LeftAt)
	if note.File != "" {
		return words.T(ctx, "From the file %s, undone on %s", note.File, since)
	}
	return words.T(ctx, "Pending, gone since %s", since)
}

// removeLeftNote forgets a note on a transaction that is gone.
func (s *Server) removeLeftNote(w http.ResponseWriter, r *http.Request) error {
	id, err := numberIn(r)
	if err != nil {
		return err
	}
	if err := s.app.Own().RemoveLeftNote(r.Context(), id, placeIn(r.PathValue("note"))); err != nil {
		return err
	}
	redirect(w, r, accountPath(id))
	return nil
}

// tagPath leads to all that have a tag.
func tagPath(tag string) string {
	return withQuery("/transactions", url.Values{"q": {"#" + tag}})
}

// tagsOf are the tags of a transaction as a list shows them, with those that were looked for marked.
func tagsOf(e storage.Transaction, read storage.Find) (tags []ui.Tag) {
	for _, tag := range e.Tags {
		tags = append(tags, ui.Tag{Name: tag, Marked: find.IsTag(read, tag)})
	}
	return tags
}

// tagOptions are the tags that are offered, those it has chosen.
func (form noteForm) tagOptions() (options []ui.Option) {
	for _, tag := range form.Offered {
		options = append(options, ui.Option{Value: tag, Label: tag, Chosen: storage.HasTag(form.Tags, tag)})
	}
	return options
}

// moreLabel names the field for tags that are not offered.
func (form noteForm) moreLabel() words.Text {
	if len(form.Offered) > 0 {
		return "Other tags"
	}
	return "Tags"
}

// longestNote is how much a browser takes; the program says why it takes no more.
const longestNote = own.LongestNote
