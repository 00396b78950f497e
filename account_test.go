package accountscore

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// TestValues is rule 1 of the missing-data rules: what each Go value is to a
// field of each type.
func TestValues(t *testing.T) {
	type name string
	type size uint16
	five, word := 5, "x"
	when := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	known := func(s cond.Slot) cond.Slot { s.State = cond.Known; return s }
	null, bad := cond.Slot{State: cond.Null}, cond.Slot{State: cond.Invalid}
	for _, c := range []struct {
		v    any
		typ  cond.Type
		want cond.Slot
	}{
		{5, cond.Number, known(cond.Slot{Num: 5})},
		{int8(-5), cond.Number, known(cond.Slot{Num: -5})},
		{size(7), cond.Number, known(cond.Slot{Num: 7})},
		{float32(0.5), cond.Number, known(cond.Slot{Num: 0.5})},
		{json.Number("1e3"), cond.Number, known(cond.Slot{Num: 1000})},
		{json.Number("12"), cond.Number, known(cond.Slot{Num: 12})},
		{json.Number("9007199254740993"), cond.Number, bad},
		{json.Number("123456789012345678901234567890"), cond.Number, bad},
		{json.Number("1e999"), cond.Number, bad},
		{1e17, cond.Number, bad},
		{json.Number("1e17"), cond.Number, bad},
		{math.MaxFloat64, cond.Number, bad},
		{json.Number("x"), cond.Number, bad},
		{int64(1 << 53), cond.Number, known(cond.Slot{Num: 1 << 53})},
		{int64(1<<53 + 1), cond.Number, bad},
		{uint64(math.MaxUint64), cond.Number, bad},
		{math.NaN(), cond.Number, bad},
		{math.Inf(-1), cond.Number, bad},
		{"5", cond.Number, bad},
		{"", cond.Number, null},
		{" \t", cond.Text, null},
		{true, cond.Number, bad},
		{&five, cond.Number, known(cond.Slot{Num: 5})},
		{(*int)(nil), cond.Number, null},
		{nil, cond.Number, null},
		{"x", cond.Text, known(cond.Slot{Text: "x"})},
		{name("x"), cond.Text, known(cond.Slot{Text: "x"})},
		{&word, cond.Text, known(cond.Slot{Text: "x"})},
		{5, cond.Text, bad},
		{true, cond.Bool, known(cond.Slot{Flag: true})},
		{1, cond.Bool, bad},
		{"true", cond.Bool, bad},
		{[]string{"a"}, cond.List, known(cond.Slot{List: []string{"a"}})},
		{[]string{}, cond.List, known(cond.Slot{List: []string{}})},
		{[]string(nil), cond.List, null},
		{[]any{"a", nil, "b"}, cond.List, known(cond.Slot{List: []string{"a", "b"}})},
		{[]any{"a", 1}, cond.List, bad},
		{[]name{"a"}, cond.List, known(cond.Slot{List: []string{"a"}})},
		{"a", cond.List, bad},
		{when, cond.Time, known(cond.Slot{Time: when.UnixMicro()})},
		{"2026-10-01", cond.Time, known(cond.Slot{Time: when.UnixMicro()})},
		{"2026-10-01T02:00:00+02:00", cond.Time, known(cond.Slot{Time: when.UnixMicro()})},
		{"1.10.2026", cond.Time, bad},
		{1790812800, cond.Time, bad},
	} {
		if diff := cmp.Diff(c.want, convert(c.v, c.typ)); diff != "" {
			t.Errorf("%T(%v) as %v: %s", c.v, c.v, c.typ, diff)
		}
	}
}

const agingRules = `
field employees number stale after 90d missing after 180d
field size      number missing after 10d default 7
field stage     text one of [None, Won] default None
field seats     number from "Seat Count"
employees > 1 → +1
size = 7 → +10
stage = None → +100
seats > 1 → +1000
`

// TestStates: stale is used, expired is missing, a default replaces what is
// missing but never what is invalid.
func TestStates(t *testing.T) {
	m := compile(t, agingRules)
	at := func(days int) time.Time { return testMoment.AddDate(0, 0, -days) }
	for _, c := range []struct {
		name      string
		fields    map[string]any
		refreshed map[string]time.Time
		score     float64
		unknown   int
		invalid   int
		low, high float64
	}{
		{"nothing known", nil, nil, 110, 2, 0, 110, 1111},
		{"all known", map[string]any{"employees": 5, "size": 8, "stage": "Won", "Seat Count": 2}, nil, 1001, 0, 0, 1001, 1001},
		{"the ruleset's name is not the source's", map[string]any{"seats": 2}, nil, 110, 2, 0, 110, 1111},
		{"stale is used", map[string]any{"employees": 5}, map[string]time.Time{"employees": at(91)}, 111, 1, 0, 111, 1111},
		{"expired is missing", map[string]any{"employees": 5}, map[string]time.Time{"employees": at(181)}, 110, 2, 0, 110, 1111},
		{"the limit itself is not beyond it", map[string]any{"employees": 5}, map[string]time.Time{"employees": at(180)}, 111, 1, 0, 111, 1111},
		{"a default for what expired", map[string]any{"size": 8}, map[string]time.Time{"size": at(11)}, 110, 2, 0, 110, 1111},
		{"no default for what is invalid", map[string]any{"size": "big", "stage": "Lost"}, nil, 0, 4, 2, 0, 1111},
		{"refreshed in the future", map[string]any{"employees": 5}, map[string]time.Time{"employees": at(-5)}, 111, 1, 0, 111, 1111},
	} {
		r := m.Score(Account{Fields: c.fields, Refreshed: c.refreshed}, testMoment)
		assert.Equal(t, c.score, r.Score, c.name)
		assert.Equal(t, c.unknown, r.Unknown, c.name)
		assert.Equal(t, c.invalid, r.Invalid, c.name)
		assert.Equal(t, [2]float64{c.low, c.high}, [2]float64{r.Low, r.High}, c.name)
	}
}

func TestAccountJSON(t *testing.T) {
	const src = `{"id":"acme","fields":{"employees":5000,"industry":null,"stack":["a"]},
	 "contacts":[{"id":"ann","fields":{"title":"VP"},"activities":[{"type":"visit","at":"2026-10-01","value":2}]}],
	 "activities":[{"type":"webinar","at":"2026-10-01T12:00:00Z","fields":{"page":"/x"}}],
	 "refreshed":{"employees":"2026-09-01"},"prev_tier":"mid"}`
	var a Account
	require.NoError(t, json.Unmarshal([]byte(src), &a))
	want := Account{ID: "acme", PrevTier: "mid",
		Fields: map[string]any{"employees": json.Number("5000"), "industry": nil, "stack": []any{"a"}},
		Contacts: []Contact{{ID: "ann", Fields: map[string]any{"title": "VP"},
			Activities: []Activity{{Type: "visit", At: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Value: 2}}}},
		Activities: []Activity{{Type: "webinar", At: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), Fields: map[string]any{"page": "/x"}}},
		Refreshed:  map[string]time.Time{"employees": time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)}}
	assert.Empty(t, cmp.Diff(want, a))

	out, err := json.Marshal(a)
	require.NoError(t, err)
	var again Account
	require.NoError(t, json.Unmarshal(out, &again))
	assert.Empty(t, cmp.Diff(a, again))

	for _, bad := range []string{
		`{"id":"x","industy":1}`, `{"id":"x","contacts":[{"name":"y"}]}`, `{"id":"x","activities":[{"type":"v","on":"2026-01-01"}]}`,
		`{"id":"x","activities":[{"type":"v","at":"yesterday"}]}`, `{"id":"x","refreshed":{"a":"soon"}}`, `[]`, `{"id":5}`,
	} {
		assert.Error(t, json.Unmarshal([]byte(bad), &a), bad)
	}
	err = a.UnmarshalJSON([]byte(`{"id":"acme","activities":[{"type":"v","value":"much"}]}`))
	assert.EqualError(t, err, `account "acme": activities.value: wanted a number, got a text`)
}

func TestCheck(t *testing.T) {
	m := compile(t, `
field employees number
field stage text one of [None, Won]
field unread number
activity visit (depth number, page text)
employees > 1 → +1
stage = Won → +1
each visit where depth > 2 → +1
`)
	visit := Activity{Type: "visit", At: testMoment}
	a := Account{ID: "acme", Fields: map[string]any{"employees": "5000", "stage": "Lost", "unread": "x"}, Activities: []Activity{
		visit, {Type: "visit", At: testMoment, Fields: map[string]any{"depth": "deep", "page": 5}}, {Type: "visit"},
		{Type: "visit", At: testMoment, Value: math.NaN()}, {Type: "unheard of"}}}
	err := m.Check(a)
	require.Error(t, err)
	var got []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var d *DataError
		require.True(t, errors.As(e, &d))
		got = append(got, d.Error())
	}
	assert.Equal(t, []string{
		`account "acme": field employees: wanted a number, got the text "5000": write 5000 without quotes`,
		`account "acme": field stage: wanted a text, one of "None", "Won", got the text "Lost": write one of those, or add "Lost" to them`,
		`account "acme", activity visit #2: field depth: wanted a number, got the text "deep": write a plain number such as 1200, or declare the field text`,
		`account "acme", activity visit #3: field at: wanted the time when it happened, got no time: give every activity an at, such as 2026-10-01`,
		`account "acme", activity visit #4: field value: wanted a number, got NaN: leave it out where it is not known`,
	}, got)
	assert.Equal(t, len(got), m.Score(a, testMoment).Invalid)
	assert.NoError(t, m.Check(Account{Fields: map[string]any{"employees": 5}}))
}

func TestCheckContacts(t *testing.T) {
	m := compile(t, `activity visit
dimension people from contacts {
  field lead_score number
  field title text
  score lead_score
  title = CEO → +5
}`)
	a := Account{ID: "acme", Contacts: []Contact{
		{ID: "ann", Fields: map[string]any{"lead_score": 5, "title": true}},
		{ID: "bob", Fields: map[string]any{"lead_score": 1e6}}}}
	err := m.Check(a)
	require.Error(t, err)
	assert.Equal(t, `account "acme", contact "ann": field title: wanted a text, got true: write "true", in quotes, or declare the field bool
account "acme", contact "bob": field score: wanted a contact's score within ±100,000, got 1000000: lower the values that it is made of, or the factors in the line `+"`score`", err.Error())
	assert.Equal(t, 2, m.Score(a, testMoment).Invalid)
}

// TestGot: an error tells numbers as they are, and of what is not a single
// value the type alone, for it may be huge or contain itself.
func TestGot(t *testing.T) {
	loop := map[string]any{}
	loop["self"] = loop
	list := []any{nil}
	list[0] = list
	for _, c := range []struct {
		v    any
		want string
	}{
		{5, "the number 5"}, {0.1, "the number 0.1"}, {int64(1) << 60, "the number 1152921504606846976"}, {true, "true"}, {nil, "null"},
		{"x", `the text "x"`}, {strings.Repeat("é", 1000), `the text "` + strings.Repeat("é", 79) + `…"`}, {loop, "an object of 1 key"},
		{list, "a list of 1 value"}, {json.Number("7"), "the number 7"}, {struct{ A int }{1}, "a struct { A int }"},
	} {
		assert.Equal(t, c.want, got(c.v))
	}
	m := compile(t, "field n number\nn > 1 → +1")
	a := Account{ID: "loop", Fields: map[string]any{"n": loop}}
	assert.Error(t, m.Check(a))
	assert.Contains(t, m.Explain(a, testMoment).Text(), "of 1")
}

// TestRefreshDates: a date that is absent, or no date, makes nothing stale.
func TestRefreshDates(t *testing.T) {
	m := compile(t, agingRules)
	for _, when := range []time.Time{{}, time.Unix(1<<60, 0), time.Unix(-1<<60, 0)} {
		r := m.Score(Account{Fields: map[string]any{"employees": 5}, Refreshed: map[string]time.Time{"employees": when}}, testMoment)
		assert.Equal(t, 111.0, r.Score, when.String())
	}
}

// TestAccountJSONKeys: every key is spelt as it is documented and stands once.
func TestAccountJSONKeys(t *testing.T) {
	for src, want := range map[string]string{
		`{"id": "a", "fields": {"x": 1, "X": 2, "id": {"ID": [{"Type": 1}, {"Type": 2}]}}, "refreshed": {"x": "2026-01-02", "X": "2026-01-02"}}`: "",
		`{"id": "a", "contacts": [{"id": "c", "fields": {"ID": 1}, "activities": [{"type": "t", "at": "2026-01-02", "fields": {"At": 1}}]}]}`:    "",
		`{"ID": "a"}`:                          `account "a": key "ID" is written "id"`,
		`{"id": "a", "Fields": {}}`:            `account "a": key "Fields" is written "fields"`,
		`{"id": "a", "PREV_TIER":1}`:           `account "a": prev_tier: wanted a text in quotes, got a number: write "1"`,
		`{"id": "a", "feilds": {}}`:            `account "a": there is no key "feilds": did you mean "fields"?`,
		`{"id": "a", "employees": 5}`:          `account "a": there is no key "employees": values of fields stand in "fields"; the other keys are activities, contacts, id, prev_tier, refreshed`,
		`{"id": 4711}`:                         `account: id: wanted a text in quotes, got a number: write "4711"`,
		`{"id": "a", "contacts": [{"id": 5}]}`: `account "a": contacts.id: wanted a text in quotes, got a number: write "5"`,
		`[1]`:                                  `account: wanted an object, as in {"id": "a"}, got a list`,
		`{"id": "a", "fields": []}`:            `account "a": fields: wanted an object of values, as in {"name": 1}, got a list`,
		`{"id": "a", "activities": {}}`:        `account "a": activities: wanted a list, in [ ], got an object`,
		`{"id": "a", "activities": [{"type": "t", "at": 5}]}`:                                                   `account "a": activities.at: wanted a time in quotes, as in "2026-10-01", got a number`,
		`{"id": "a", "id": "b"}`:                                                                                `account "b": key "id" stands twice`,
		`{"id": "a", "fields": {"x": 1, "y": {}, "x": 2}}`:                                                      `account "a": fields: key "x" stands twice`,
		`{"id": "a", "fields": {"x": [1, {"y": 1, "y": 2}]}}`:                                                   `account "a": fields.x[1]: key "y" stands twice`,
		`{"id": "a", "contacts": [{"id": "c"}, {"id": "d", "Activities": []}]}`:                                 `account "a": contacts[1]: key "Activities" is written "activities"`,
		`{"id": "a", "contacts": [{"id": "c", "activities": [{"type": "t", "At": "2026-01-02"}]}]}`:             `account "a": contacts[0].activities[0]: key "At" is written "at"`,
		`{"id": "a", "activities": [{"type": "t", "at": "2026-01-02"}, {"type": "t", "value": 1, "value": 2}]}`: `account "a": activities[1]: key "value" stands twice`,
		`{"id": "a", "refreshed": {"x": "2026-01-02", "x": "2026-01-02"}}`:                                      `account "a": refreshed: key "x" stands twice`,
		`{"id": "a", "contacts": [{"id": "c", "prev_tier": "x"}]}`:                                              `account "a": contacts[0]: there is no key "prev_tier": values of fields stand in "fields"; the other keys are activities, id`,
	} {
		var a Account
		err := json.Unmarshal([]byte(src), &a)
		if want == "" {
			assert.NoError(t, err, src)
			continue
		}
		assert.EqualError(t, err, want, src)
	}
}

// TestClock holds moments that microseconds cannot tell at the ends.
func TestClock(t *testing.T) {
	at := testMoment
	require.Equal(t, at.UnixMicro(), clock(at))
	far, past := clock(time.Unix(1<<62, 0)), clock(time.Unix(-1<<62, 0))
	require.Equal(t, far, -past)
	require.Less(t, clock(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)), far)
	require.Equal(t, far, clock(time.Date(290_000, 1, 1, 0, 0, 0, 0, time.UTC)))
	m := compile(t, "field f time\ndays_since(f) > 30 → +1\nf within 30d → +10\n")
	for moment, want := range map[time.Time]float64{time.Unix(1<<62, 0): 1, time.UnixMicro(math.MaxInt64): 1, time.Unix(-1<<62, 0): 0, time.UnixMicro(math.MinInt64): 0} {
		for _, f := range []time.Time{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), at, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
			a := Account{Fields: map[string]any{"f": f}}
			require.Equal(t, want, m.Score(a, moment).Score, "%v at %v", f, moment)
			require.Equal(t, want, walked(m, a, moment).Score, "%v at %v", f, moment)
		}
	}
}
