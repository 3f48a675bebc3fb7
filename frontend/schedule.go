package frontend

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"consentry/app/fetch"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// setSchedule says how often the consent's accounts are read by themselves.
func (s *Server) setSchedule(w http.ResponseWriter, r *http.Request) error {
	perDay, err := strconv.Atoi(r.PostFormValue("schedule"))
	if err != nil {
		perDay = -1 // which is refused at the field
	}
	return s.consentAfter(w, r, s.app.Reader().SetSchedule(r.Context(), r.PathValue("id"), perDay))
}

// schedules are the choices the consent allows.
func (view consentView) schedules(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: "0", Label: words.T(ctx, "Only when I ask"), Chosen: view.Schedule == 0}}
	for n := 1; n <= min(view.FrequencyPerDay, fetch.MostPerDay); n++ {
		label := words.N(ctx, n, "%d time a day", "%d times a day")
		if n == 1 {
			label = words.T(ctx, "Once a day")
		}
		options = append(options, ui.Option{Value: strconv.Itoa(n), Label: label, Chosen: view.Schedule == n})
	}
	return options
}

func (view consentView) scheduleMistake(ctx context.Context) string {
	return fieldWords(ctx, view.Failure, "schedule")
}

// quotaText is how much of a day's allowance is used, as in "2 of 4 used, next
// at 14:05".
func (view consentView) quotaText(ctx context.Context) string {
	used := quotaWords(ctx, view.Quota.Used, view.Quota.Limit)
	if next := view.Quota.NextAt; next.After(view.Now) {
		return words.T(ctx, "%s, next %s", used, atText(ctx, next))
	}
	return used
}

// atText puts a moment behind a noun: at 14:05, or its day before that.
func atText(ctx context.Context, moment time.Time) string {
	if ui.IsToday(ctx, moment) {
		return words.T(ctx, "at %s", ui.TimeText(ctx, moment))
	}
	return ui.MomentText(ctx, moment)
}

// planned lists the reads by itself that come next.
func (view consentView) planned(ctx context.Context) string {
	var moments []string
	for _, moment := range view.Quota.Planned {
		moments = append(moments, atText(ctx, moment))
	}
	switch {
	case view.Schedule == 0:
		return words.T(ctx, "Nothing is read unless you ask.")
	case len(moments) == 0:
		return words.T(ctx, "Nothing is planned for the next 24 hours: the allowance is used up.")
	}
	return words.T(ctx, "Planned while Consentry runs: %s.", words.Row(ctx, moments))
}
