package frontend

import (
	"context"
	"time"

	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// life is the consent on a timeline, from the question to its end.
func (view consentView) life(ctx context.Context) ui.Life {
	life := ui.Life{From: view.CreatedAt, Until: lastDay(view.Consent), Now: view.Now}
	life.Marks = append(life.Marks, ui.Mark{At: view.CreatedAt, Word: words.T(ctx, "asked for")})
	if !view.GrantedAt.IsZero() {
		life.Marks = append(life.Marks, ui.Mark{At: view.GrantedAt, Word: words.T(ctx, "approved")})
	}
	if !view.over() {
		life.Marks = append(life.Marks, ui.Mark{At: view.Now, Word: words.T(ctx, "today")}, ui.Mark{At: life.Until, Word: words.T(ctx, view.endMark()), Due: view.scheduled()})
		return life
	}
	life.Ended, life.Until = true, view.endedAt()
	life.Marks = append(life.Marks, ui.Mark{At: life.Until, Word: words.T(ctx, view.State.Word.Within)})
	return life
}

func (view consentView) endMark() words.Text {
	if view.scheduled() {
		return "renew by"
	}
	return "ends"
}

// endedAt is when the consent ended. One whose time was over ended on its last
// day, although that may have been noticed later or not yet.
func (view consentView) endedAt() time.Time {
	if !view.Ended() {
		return day(view.ValidUntil)
	}
	return view.EndedOn()
}

// ranOut reports whether the consent ended because its last day has passed.
func (view consentView) ranOut() bool {
	return !view.Ended() || !view.EndedOn().Equal(view.EndedAt)
}
