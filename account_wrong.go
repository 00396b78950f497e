package accountscore

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// DataError is one value that a model cannot use.
type DataError struct {
	Account string
	Contact string // set where the value is a contact's: its id, or of one without an id its place, such as "#3"
	// Activity names the activity whose value this is, as "visit #3": the
	// third of the account's or contact's log.
	Activity string
	Field    string // its name in the ruleset
	Source   string // its name in the data, where that is another
	Wanted   string // what the model can use there
	Got      string // what it found
	Fix      string // what to write instead, or to declare; empty where nobody can tell
}

func (e *DataError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "account %q", e.Account)
	if e.Contact != "" {
		fmt.Fprintf(&b, ", contact %q", e.Contact)
	}
	if e.Activity != "" {
		fmt.Fprintf(&b, ", activity %s", e.Activity)
	}
	fmt.Fprintf(&b, ": field %s", e.Field)
	if e.Source != "" {
		fmt.Fprintf(&b, " (from %q)", e.Source)
	}
	fmt.Fprintf(&b, ": wanted %s, got %s", e.Wanted, e.Got)
	if e.Fix != "" {
		b.WriteString(": " + e.Fix)
	}
	return b.String()
}

// fault is the error of a value of the field; the caller says whose it is.
func (f *field) fault(v any) *DataError {
	e := &DataError{Field: f.Name, Wanted: f.wanted(), Got: got(v), Fix: f.mend(v)}
	if f.key != f.Name {
		e.Source = f.key
	}
	return e
}

// wanted says what a field can use, for an error.
func (f *field) wanted() string {
	w := map[cond.Type]string{
		cond.Number: "a number", cond.Text: "a text", cond.Bool: "true or false",
		cond.List: "a list of texts", cond.Time: "a date or a time",
	}[f.typ]
	if len(f.OneOf) > 0 {
		w += ", one of"
		for i, v := range f.OneOf {
			if i == 8 {
				w += ", …"
				break
			}
			if i > 0 {
				w += ","
			}
			w += " " + literal(v)
		}
	}
	return w
}

func literal(v dsl.Value) string {
	if v.Kind == dsl.TextValue {
		return fmt.Sprintf("%q", v.Text)
	}
	return fmt.Sprint(v.Number)
}

// pointed gives what a pointer points to, and anything else as it is.
func pointed(v any) any {
	if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && !r.IsNil() && r.Elem().CanInterface() {
		return r.Elem().Interface()
	}
	return v
}

// got describes a value that cannot be used, for an error, in the words of
// people who see data and no Go. Of what is not a single value only its kind
// is told: it may be huge, or contain itself.
func got(v any) string {
	v = pointed(v)
	switch t := v.(type) {
	case nil:
		return "null"
	case time.Time:
		if t.IsZero() {
			return "no time"
		}
		return "the time " + t.Format(time.RFC3339)
	case json.Number:
		return "the number " + brief(string(t))
	case []any:
		for _, item := range t {
			_, number := numberOf(item)
			if _, flag := item.(bool); number || flag {
				return "a list of " + counted(len(t), "value", "values") + " with " + got(item) + " in it"
			}
		}
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return fmt.Sprintf("the text %q", brief(r.String()))
	case reflect.Bool:
		return fmt.Sprint(r.Bool())
	case reflect.Float32, reflect.Float64:
		if f := r.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Sprint(f)
		}
		form := byte('f')
		if math.Abs(r.Float()) >= 1e21 {
			form = 'g'
		}
		return "the number " + strconv.FormatFloat(r.Float(), form, -1, r.Type().Bits())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprintf("the number %v", r)
	case reflect.Map:
		return "an object of " + counted(r.Len(), "key", "keys")
	case reflect.Slice:
		return "a list of " + counted(r.Len(), "value", "values")
	}
	return fmt.Sprintf("a %T", v)
}

// brief cuts a text to what an error shows.
func brief(s string) string {
	if r := []rune(s[:min(len(s), 400)]); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
