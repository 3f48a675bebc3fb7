package frontend

import (
	"cmp"
	"context"
	"slices"
	"time"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/xs2a"
)

// livesInSight are drawn unless the person wants all.
const livesInSight = 12

// timeline draws the lives of the consents in a list, those of a series in
// one lane: it holds the ones renewed before, too, which the list may not.
func (s *Server) timeline(ctx context.Context, lines []consentLine, all bool) (ui.Timeline, error) {
	timeline := ui.Timeline{Now: s.app.Clock().Now()}
	shown := map[string][]*consentLine{} // by series
	var series []string
	for i := range lines {
		line := &lines[i]
		if timeline.Now.Before(line.Now) {
			timeline.Now = line.Now // the practice banks' clock may be ahead
		}
		if shown[line.Series] == nil {
			series = append(series, line.Series)
		}
		shown[line.Series] = append(shown[line.Series], line)
	}
	timeline.Of = len(series)
	// Those in use go first, so that others do not crowd them out.
	slices.SortStableFunc(series, func(a, b string) int { return cmp.Compare(rank(shown[a]), rank(shown[b])) })
	if !all && len(series) > livesInSight+1 { // leaving out one saves no room
		series = series[:livesInSight]
	}
	for _, id := range series {
		whole, err := s.wholeSeries(ctx, shown[id])
		if err != nil {
			return timeline, err
		}
		lane := ui.Lane{Name: shown[id][0].BankName, About: shown[id][0].Purpose, Href: consentPath(shown[id][0].ID)}
		for _, line := range whole {
			lane.Spells = append(lane.Spells, line.spell(ctx))
		}
		timeline.Lanes = append(timeline.Lanes, lane)
	}
	return timeline, nil
}

// rank is a series' place among the lanes: 0 while one of it is in use.
func rank(series []*consentLine) int {
	if slices.ContainsFunc(series, func(line *consentLine) bool { return line.State.Live }) {
		return 0
	}
	return 1
}

// wholeSeries are the consents of a series of which some are shown, the
// oldest first. Most series are of one, which needs no looking up.
func (s *Server) wholeSeries(ctx context.Context, shown []*consentLine) ([]*consentLine, error) {
	first := shown[0]
	if len(shown) == 1 && first.Renews == "" && first.ReplacedBy == "" {
		return shown, nil
	}
	consents, err := s.app.Series(ctx, first.Consent)
	if err != nil {
		return nil, err
	}
	all := make([]*consentLine, len(consents))
	for i, c := range consents {
		line := s.line(c, nil)
		all[i] = &line
	}
	return all, nil
}

// spell is a consent's stretch of the timeline.
func (line *consentLine) spell(ctx context.Context) ui.Spell {
	spell := ui.Spell{From: line.CreatedAt, Until: line.until(), Kind: line.kind(), Words: line.lifeWords(ctx)}
	if line.State.Live && line.Recurring {
		spell.Due = lastDay(line.Consent)
	}
	return spell
}

func (line *consentLine) kind() ui.SpellKind {
	switch {
	case line.State.Live:
		return ui.SpellLive
	case line.State.Open:
		return ui.SpellWaiting
	case line.GrantedAt.IsZero():
		return ui.SpellNever
	}
	return ui.SpellOver
}

// until is where a consent's stretch ends: when it ended or will, and today
// while nobody has approved it.
func (line *consentLine) until() time.Time {
	switch {
	case line.Ended():
		return line.EndedOn()
	case line.State.Open:
		return line.Now
	}
	return lastDay(line.Consent)
}

// lifeWords tell a consent's life in a sentence.
func (line *consentLine) lifeWords(ctx context.Context) string {
	begun := words.T(ctx, "Asked for on %s", ui.DateWords(ctx, line.CreatedAt))
	if !line.GrantedAt.IsZero() {
		begun = words.T(ctx, "%s, approved on %s", begun, ui.DateWords(ctx, line.GrantedAt))
	}
	last := ui.DateWords(ctx, lastDay(line.Consent))
	switch {
	case line.Ended():
		return words.T(ctx, "%s, ended on %s: %s.", begun, ui.DateWords(ctx, line.EndedOn()), line.State.Word.Within)
	case line.State.Live && line.Recurring:
		return words.T(ctx, "%s, renew by %s.", begun, last)
	case line.State.Live:
		return words.T(ctx, "%s, valid until %s.", begun, last)
	case line.Status == xs2a.ConsentValid:
		return words.T(ctx, "%s, expired on %s.", begun, last)
	}
	return words.T(ctx, "%s, not approved yet.", begun)
}
