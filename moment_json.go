package accountscore

import (
	"encoding/json"
	"time"
)

// writable gives a moment as RFC 3339 has it: one before the year 0 or after
// 9999 is the first or the last that can be written.
func writable(t time.Time) time.Time {
	first, last := time.Unix(firstSecond, 0).UTC(), time.UnixMicro(lastMoment).UTC()
	switch {
	case t.Before(first):
		return first
	case t.After(last):
		return last
	}
	const day = 24 * 60 * 60
	if _, offset := t.Zone(); offset <= -day || offset >= day || t.Year() < 0 || t.Year() > 9999 {
		return t.UTC()
	}
	return t
}

// MarshalJSON writes the fields. JSON has no moment before the year 0 or after
// 9999, which an account can still be scored at: At, and that of the Result, is
// then the first or the last that there is.
func (x Explanation) MarshalJSON() ([]byte, error) {
	type plain Explanation
	x.At, x.Result.At = writable(x.At), writable(x.Result.At)
	return json.Marshal((*plain)(&x))
}

// MarshalJSON writes the fields, and From and To as [Explanation.MarshalJSON] does
// At.
func (a Attribution) MarshalJSON() ([]byte, error) {
	type plain Attribution
	a.From, a.To = writable(a.From), writable(a.To)
	return json.Marshal(plain(a))
}

// MarshalJSON writes the fields, and At as [Explanation.MarshalJSON] does.
func (s Scores) MarshalJSON() ([]byte, error) {
	type plain Scores
	s.At = writable(s.At)
	return json.Marshal(plain(s))
}
