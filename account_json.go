package accountscore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// accountJSON is the JSON of an account, in and out.
type accountJSON struct {
	ID         string                  `json:"id"`
	Fields     map[string]any          `json:"fields,omitempty"`
	Contacts   []contactJSON           `json:"contacts,omitempty"`
	Activities []activityJSON          `json:"activities,omitempty"`
	Refreshed  map[string]dateOrMoment `json:"refreshed,omitempty"`
	PrevTier   string                  `json:"prev_tier,omitempty"`
}

type contactJSON struct {
	ID         string         `json:"id"`
	Fields     map[string]any `json:"fields,omitempty"`
	Activities []activityJSON `json:"activities,omitempty"`
}

type activityJSON struct {
	Type   string         `json:"type"`
	At     dateOrMoment   `json:"at"`
	Value  float64        `json:"value,omitempty"`
	Fields map[string]any `json:"fields,omitempty"`
}

// dateOrMoment reads RFC 3339 or a plain date, which is its first instant in
// UTC, and writes RFC 3339.
type dateOrMoment time.Time

func (d *dateOrMoment) UnmarshalText(b []byte) error {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			*d = dateOrMoment(t)
			return nil
		}
	}
	return fmt.Errorf("%.40q is no time: write RFC 3339, or a date such as 2026-10-01", b)
}

func (d dateOrMoment) MarshalText() ([]byte, error) { return time.Time(d).MarshalText() }

// MarshalJSON writes {"id", "fields", "contacts", "activities", "refreshed",
// "prev_tier"}. A time before the year 0 or after 9999, which counts nowhere, has
// no JSON: it is an error.
func (a Account) MarshalJSON() ([]byte, error) {
	out := accountJSON{ID: a.ID, Fields: a.Fields, Activities: logJSON(a.Activities), PrevTier: a.PrevTier}
	if a.Refreshed != nil {
		out.Refreshed = make(map[string]dateOrMoment, len(a.Refreshed))
		for name, at := range a.Refreshed {
			out.Refreshed[name] = dateOrMoment(at)
		}
	}
	for _, c := range a.Contacts {
		out.Contacts = append(out.Contacts, contactJSON{c.ID, c.Fields, logJSON(c.Activities)})
	}
	return json.Marshal(out)
}

func logJSON(log []Activity) []activityJSON {
	var out []activityJSON
	for _, a := range log {
		out = append(out, activityJSON{a.Type, dateOrMoment(a.At), a.Value, a.Fields})
	}
	return out
}

// UnmarshalJSON reads what [Account.MarshalJSON] writes. An unknown key is an
// error, and so are one in another case and one that stands twice. Numbers of
// fields become json.Number, so that no digit is lost.
func (a *Account) UnmarshalJSON(b []byte) error {
	var in accountJSON
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			err = wrongJSON(wrong, b)
		}
		return ofAccount(in.ID, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("account: more than one JSON value")
	}
	if err := checkKeys(b); err != nil {
		return ofAccount(in.ID, err)
	}
	*a = Account{ID: in.ID, Fields: in.Fields, Activities: readLog(in.Activities), PrevTier: in.PrevTier}
	for _, c := range in.Contacts {
		a.Contacts = append(a.Contacts, Contact{c.ID, c.Fields, readLog(c.Activities)})
	}
	if in.Refreshed != nil {
		a.Refreshed = make(map[string]time.Time, len(in.Refreshed))
		for name, at := range in.Refreshed {
			a.Refreshed[name] = time.Time(at)
		}
	}
	return nil
}

func readLog(in []activityJSON) []Activity {
	var log []Activity
	for _, a := range in {
		log = append(log, Activity{a.Type, time.Time(a.At), a.Value, a.Fields})
	}
	return log
}

// ofAccount says whose error it is, where that is known.
func ofAccount(id string, err error) error {
	if id == "" {
		return fmt.Errorf("account: %w", err)
	}
	return fmt.Errorf("account %q: %w", id, err)
}

// wrongJSON says what a value should be, in words of JSON instead of Go.
func wrongJSON(wrong *json.UnmarshalTypeError, b []byte) error {
	wanted := map[reflect.Kind]string{
		reflect.String: "a text in quotes", reflect.Float64: "a number", reflect.Map: "an object of values, as in {\"name\": 1}",
		reflect.Slice: "a list, in [ ]", reflect.Struct: "an object, as in {\"id\": \"a\"}",
	}[wrong.Type.Kind()]
	if wrong.Type == reflect.TypeFor[dateOrMoment]() {
		wanted = "a time in quotes, as in \"2026-10-01\""
	}
	kind, _, _ := strings.Cut(wrong.Value, " ")
	found := map[string]string{"string": "a text", "array": "a list", "object": "an object", "bool": "true or false", "number": "a number"}[kind]
	fix := ""
	if end := min(int(wrong.Offset), len(b)); kind == "number" && wrong.Type.Kind() == reflect.String {
		if digits := b[len(bytes.TrimRight(b[:end], "0123456789+-.eE")):end]; len(digits) > 0 {
			fix = fmt.Sprintf(": write %q", brief(string(digits)))
		}
	}
	if wrong.Field == "" {
		return fmt.Errorf("wanted %s, got %s%s", wanted, found, fix)
	}
	return fmt.Errorf("%s: wanted %s, got %s%s", wrong.Field, wanted, found, fix)
}
