package clock

import "time"

// DaysBefore returns the day so many days before another, as an ISO date.
func DaysBefore(day time.Time, n int) string { return day.AddDate(0, 0, -n).Format(time.DateOnly) }
