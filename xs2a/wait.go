package xs2a

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds what is believed: who asks for more says nothing usable.
const longestWait = 366 * 24 * time.Hour

// waitOf is how long a refusal asks to wait, 0 when it does not say. Where a
// bank counts requests it says so in headers of several names, or in its words
// alone; elsewhere those headers tell of the count, not of the refusal.
func waitOf(res *http.Response, words string, now time.Time) time.Duration {
	if wait := retryAfter(res.Header.Get("Retry-After"), now); wait > 0 {
		return wait
	}
	if res.StatusCode == http.StatusTooManyRequests {
		for _, name := range []string{"RateLimit-Reset", "X-RateLimit-Reset", "X-Rate-Limit-Reset"} {
			if wait := retryAfter(res.Header.Get(name), now); wait > 0 {
				return wait
			}
		}
	}
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		return waitIn(words)
	}
	return 0
}

var plainNumber = regexp.MustCompile(`^[0-9]{1,15}(\.[0-9]{1,9})?$`)

// Numbers from here on are moments, in seconds since 1970, or in milliseconds.
const (
	firstMoment = 1_000_000_000
	firstMilli  = 1_000_000_000_000
)

// retryAfter reads a wait in seconds, whole or not, or a moment: a date of HTTP
// (RFC 9110 section 10.2.3) or of ISO 8601, or seconds or milliseconds since 1970.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if plainNumber.MatchString(value) {
		number, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
			return 0
		case number >= firstMilli:
			return until(time.UnixMilli(int64(number)), now)
		case number >= firstMoment:
			return until(time.Unix(int64(number), 0), now)
		case number > longestWait.Seconds():
			return 0
		}
		return time.Duration(number * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return until(at, now)
	}
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return until(at, now)
	}
	return 0
}

func until(at, now time.Time) time.Duration {
	if wait := at.Sub(now); wait > 0 && wait <= longestWait {
		return wait
	}
	return 0
}

// waitWords finds a wait in a sentence, such as "try again in 85092 seconds".
var waitWords = regexp.MustCompile(`(?i)\b(?:in|after|wait|for)\s+([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b`)

func waitIn(words string) time.Duration {
	found := waitWords.FindStringSubmatch(words)
	if found == nil {
		return 0
	}
	number, err := strconv.ParseFloat(found[1], 64)
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour}[strings.ToLower(found[2])[0]]
	if err != nil || number > float64(longestWait/unit) {
		return 0
	}
	return time.Duration(number * float64(unit))
}
