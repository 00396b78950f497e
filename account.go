package accountscore

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// Account is what is known of one account. The zero Account is one of which
// nothing is known. Scoring only reads it; many goroutines may score one
// Account while nobody changes it.
type Account struct {
	ID string
	// Fields are the values by the name that they have in the source. Numbers
	// may be of any Go kind or json.Number; texts, bools, time.Time or RFC 3339
	// text or a plain date for times, []string or []any for lists. A nil value
	// is null; a name that is absent is unset. Blank text is null too.
	Fields     map[string]any
	Contacts   []Contact
	Activities []Activity
	// Refreshed says when a field, by its name in the ruleset, was last
	// enriched. Without an entry nothing is stale.
	Refreshed map[string]time.Time
	// PrevTier is the tier that the account had before; a tier's hold reads it.
	PrevTier string
}

// Contact is one person at an account. IDs break ties between equal scores.
type Contact struct {
	ID         string
	Fields     map[string]any
	Activities []Activity
}

// Activity is something that happened at a moment: a visit, a webinar, a form.
// Activities after the scoring moment count nowhere.
type Activity struct {
	Type   string
	At     time.Time
	Value  float64 // what sum and "per value" read
	Fields map[string]any
}

// Check gives an error for every value of the account that the model would
// have to treat as missing because it cannot be used: of a wrong type, not one
// of those declared, or not a number. The error has Unwrap() []error, of
// *DataError, in the order of the ruleset's fields. Values that the model does
// not read are not looked at, nor is a contact's score that depends on the
// moment. It is for callers who want to refuse such data; [Model.Score] counts
// them in Result.Invalid and goes on.
func (m *Model) Check(a Account) error {
	s := m.scratch()
	defer m.release(s)
	s.faults = []error{}
	s.load(&a, time.Time{})
	for i := range a.Contacts {
		s.loadContact(i)
		if m.rollup != nil && m.rollup.timeless {
			m.rollup.contactScore(s, i)
		}
	}
	errs := s.faults
	s.faults = nil
	return errors.Join(errs...)
}

// field is a compiled field: how a value becomes a slot.
type field struct {
	// What every scoring looks at stands first, close together.
	key      string
	typ      cond.Type
	read     bool      // by any rule, tier or filter
	plain    bool      // a value of its type is known as it stands, whenever it is of
	allowed  *cond.Set // of numbers or texts; nil: any
	fallback *cond.Slot
	stale    int64 // µs; zero: never
	expire   int64
	*dsl.Field
}

var condTypes = map[dsl.Type]cond.Type{
	dsl.NumberType: cond.Number, dsl.TextType: cond.Text, dsl.BoolType: cond.Bool,
	dsl.ListType: cond.List, dsl.TimeType: cond.Time,
}

func compileFields(declared []dsl.Field) []field {
	fields := make([]field, len(declared))
	for i := range declared {
		d := &declared[i]
		f := field{Field: d, key: d.Key(), typ: condTypes[d.Type],
			stale: micros(d.StaleAfter), expire: micros(d.MissingAfter)}
		if d.Default != nil {
			if s := slotOf(*d.Default); s.State == cond.Known {
				s.State = cond.Defaulted
				f.fallback = &s
			}
		}
		if len(d.OneOf) > 0 {
			var nums []float64
			var texts []string
			for _, v := range d.OneOf {
				nums, texts = append(nums, v.Number), append(texts, v.Text)
			}
			f.allowed = cond.NewSet(nums, texts, d.IgnoringCase)
		}
		f.plain = f.allowed == nil && !f.ages()
		fields[i] = f
	}
	return fields
}

// slotOf makes a slot of a literal.
func slotOf(v dsl.Value) cond.Slot {
	if v.Kind == dsl.NullValue {
		return cond.Slot{State: cond.Null}
	}
	return cond.Slot{State: cond.Known, Num: v.Number, Text: v.Text, Flag: v.Bool, List: v.List, Time: v.Date.Time.UnixMicro()}
}

func micros(d dsl.Duration) int64 { return int64(time.Duration(d) / time.Microsecond) }

// Rule 1 of the missing-data rules: what makes a value missing.
func (f *field) fill(s *cond.Slot, v any, present bool) {
	if !present {
		s.State = cond.Unset // the rest is never read
		return
	}
	// The kinds that most data is of are written in place: a slot is large.
	switch v := v.(type) {
	case float64:
		if f.typ == cond.Number && math.Abs(v) <= maxInteger {
			s.State, s.Num = cond.Known, v+0 // never the negative zero
			f.admit(s)
			return
		}
	case string:
		if f.typ == cond.Text && !blank(v) {
			s.State, s.Text = cond.Known, v
			f.admit(s)
			return
		}
	case bool:
		if f.typ == cond.Bool {
			s.State, s.Flag = cond.Known, v
			return
		}
	case time.Time:
		if f.typ == cond.Time {
			s.Time, s.State = instant(v)
			return
		}
	}
	*s = convert(v, f.typ)
	f.admit(s)
}

// blank tells whether a text is empty or white space alone.
func blank(s string) bool {
	return s == "" || (s[0] <= ' ' || s[0] >= utf8.RuneSelf) && strings.TrimSpace(s) == ""
}

// admit makes a known value invalid that is not one of those declared.
func (f *field) admit(s *cond.Slot) {
	if f.allowed != nil && s.State == cond.Known && !f.permits(s) {
		s.State = cond.Invalid
	}
}

// ages tells whether a refresh date matters to the field.
func (f *field) ages() bool { return f.stale > 0 || f.expire > 0 }

func (f *field) permits(s *cond.Slot) bool {
	switch f.typ {
	case cond.Number:
		return f.allowed.HasNum(s.Num)
	case cond.Text:
		return f.allowed.HasText(s.Text)
	case cond.List:
		for _, item := range s.List {
			if !f.allowed.HasText(item) {
				return false
			}
		}
	}
	return true
}

// age applies the date of the last refresh, zero for none, then the default.
func (f *field) age(s *cond.Slot, refreshed time.Time, at int64) {
	if s.State == cond.Known && f.ages() && !refreshed.IsZero() {
		if when := moment(refreshed); when.State == cond.Known {
			switch age := at - when.Time; {
			case f.expire > 0 && age > f.expire:
				s.State = cond.Expired
			case f.stale > 0 && age > f.stale:
				s.State = cond.Stale
			}
		}
	}
	if f.fallback != nil && s.State.Missing() && s.State != cond.Invalid {
		*s = *f.fallback
	}
}

const maxInteger = 1 << 53 // beyond it a float64 skips integers

var invalid = cond.Slot{State: cond.Invalid}

// convert makes a slot of a Go value for a field of a type.
func convert(v any, t cond.Type) cond.Slot {
	switch v := v.(type) {
	case nil:
		return cond.Slot{State: cond.Null}
	case float64:
		return number(v, t)
	case string:
		return text(v, t)
	case int:
		return integer(int64(v), t)
	case bool:
		if t == cond.Bool {
			return cond.Slot{State: cond.Known, Flag: v}
		}
		return invalid
	case time.Time:
		if t == cond.Time {
			return moment(v)
		}
		return invalid
	case []string:
		if t != cond.List {
			return invalid
		}
		if v == nil {
			return cond.Slot{State: cond.Null}
		}
		return cond.Slot{State: cond.Known, List: v}
	case []any:
		return items(v, t)
	case json.Number:
		return jsonNumber(v, t)
	}
	return reflected(v, t)
}

func number(f float64, t cond.Type) cond.Slot {
	// Beyond 2^53 a whole float stands for many integers, as an integer does.
	if t != cond.Number || math.IsNaN(f) || math.Abs(f) > maxInteger {
		return invalid
	}
	return cond.Slot{State: cond.Known, Num: f + 0} // never the negative zero
}

func integer(i int64, t cond.Type) cond.Slot {
	if t != cond.Number || i > maxInteger || i < -maxInteger {
		return invalid
	}
	return cond.Slot{State: cond.Known, Num: float64(i)}
}

func text(s string, t cond.Type) cond.Slot {
	if blank(s) {
		return cond.Slot{State: cond.Null}
	}
	switch t {
	case cond.Text:
		return cond.Slot{State: cond.Known, Text: s}
	case cond.Time:
		layout := time.RFC3339
		if len(s) <= len(time.DateOnly) {
			layout = time.DateOnly
		}
		if when, err := time.Parse(layout, s); err == nil {
			return moment(when)
		}
	}
	return invalid
}

func moment(t time.Time) cond.Slot {
	µs, state := instant(t)
	return cond.Slot{State: state, Time: µs}
}

// instant gives a time in µs since 1970. Years beyond four digits can neither
// be written in a ruleset nor in JSON: they are invalid.
func instant(t time.Time) (int64, cond.State) {
	if sec := t.Unix(); sec < firstSecond || sec > lastSecond {
		return 0, cond.Invalid
	}
	return t.UnixMicro(), cond.Known
}

// The first second of the year 0 and the last of 9999, UTC.
const (
	firstSecond = -62_167_219_200
	lastSecond  = 253_402_300_799
)

// clock gives the moment of a scoring in µs since 1970. It holds it within
// 146,000 years, so that no age or window overflows.
func clock(at time.Time) int64 {
	const most = clockEnd / 1_000_000 // seconds
	switch s := at.Unix(); {
	case s > most:
		return clockEnd
	case s < -most:
		return -clockEnd
	}
	return at.UnixMicro()
}

// clockEnd is the last moment that [clock] gives.
const clockEnd = 1 << 62 / 1_000_000 * 1_000_000

func jsonNumber(n json.Number, t cond.Type) cond.Slot {
	if !strings.ContainsAny(string(n), ".eE") {
		i, err := n.Int64()
		if err != nil {
			return invalid
		}
		return integer(i, t)
	}
	f, err := n.Float64()
	if err != nil {
		return invalid
	}
	return number(f, t)
}

// items makes a list of a slice of any: nil items are dropped, texts kept, and
// anything else makes the list unusable.
func items(v []any, t cond.Type) cond.Slot {
	if t != cond.List {
		return invalid
	}
	if v == nil {
		return cond.Slot{State: cond.Null}
	}
	list := make([]string, 0, len(v))
	for _, item := range v {
		switch item := item.(type) {
		case nil:
		case string:
			list = append(list, item)
		default:
			return invalid
		}
	}
	return cond.Slot{State: cond.Known, List: list}
}

// reflected handles the kinds that are rare in maps: sized numbers, named
// types, pointers, other slices of text.
func reflected(v any, t cond.Type) cond.Slot {
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return cond.Slot{State: cond.Null}
		}
		// A pointer to a pointer or to an interface could lead back to itself.
		if k := r.Elem().Kind(); k == reflect.Pointer || k == reflect.Interface {
			return invalid
		}
		return convert(r.Elem().Interface(), t)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return integer(r.Int(), t)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if r.Uint() > maxInteger {
			return invalid
		}
		return integer(int64(r.Uint()), t)
	case reflect.Float32, reflect.Float64:
		return number(r.Float(), t)
	case reflect.String:
		return text(r.String(), t)
	case reflect.Bool:
		return convert(r.Bool(), t)
	case reflect.Slice:
		if r.Type().Elem().Kind() != reflect.String || t != cond.List {
			return invalid
		}
		if r.IsNil() {
			return cond.Slot{State: cond.Null}
		}
		list := make([]string, r.Len())
		for i := range list {
			list[i] = r.Index(i).String()
		}
		return cond.Slot{State: cond.Known, List: list}
	}
	return invalid
}
