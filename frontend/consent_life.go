package frontend

import (
	"time"

	"consentry/frontend/ui"
)

// life is the consent on a time line, from the question to its end.
func (view consentView) life() ui.Life {
	life := ui.Life{From: view.CreatedAt, Until: lastDay(view.Consent), Now: view.Now}
	life.Marks = append(life.Marks, ui.Mark{At: view.CreatedAt, Word: "asked for"})
	if !view.GrantedAt.IsZero() {
		life.Marks = append(life.Marks, ui.Mark{At: view.GrantedAt, Word: "approved"})
	}
	if !view.over() {
		life.Marks = append(life.Marks, ui.Mark{At: view.Now, Word: "today"}, ui.Mark{At: life.Until, Word: view.endMark(), Due: view.scheduled()})
		return life
	}
	life.Ended, life.Until = true, view.endedAt()
	life.Marks = append(life.Marks, ui.Mark{At: life.Until, Word: lower(view.State.Word)})
	return life
}

func (view consentView) endMark() string {
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
