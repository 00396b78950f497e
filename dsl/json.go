package dsl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ReadJSON reads a ruleset from the JSON that it marshals to. It is strict: a
// key that no ruleset has, a key given twice, a null where a value is wanted
// and anything after the ruleset are errors. An error is an ErrorList of every
// fault, up to MaxErrors; the File of each is the path of the fault, such as
// "dimensions[0].items[2].rule.points", and its Pos is its place in b.
func ReadJSON(b []byte) (*Ruleset, error) {
	r := jsonReader{src: b}
	rs := new(Ruleset)
	if raw, at, ok := r.whole(); ok {
		r.value(raw, at, reflect.ValueOf(rs).Elem(), "")
	}
	if len(r.errs) > 0 {
		return nil, r.errs
	}
	return rs, nil
}

// UnmarshalJSON reads a ruleset as ReadJSON does.
func (rs *Ruleset) UnmarshalJSON(b []byte) error {
	got, err := ReadJSON(b)
	if err != nil {
		return err
	}
	*rs = *got
	return nil
}

// jsonReader fills Go values from JSON by their types. It reads what
// encoding/json would, but knows the path and the place of every fault, and
// takes keys only as they are spelt.
type jsonReader struct {
	src    []byte
	text   string // the same, once there is a fault to show
	errs   ErrorList
	spells speller
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()
	rulesetType     = reflect.TypeFor[Ruleset]()
)

// whole gives the one value that the source is, and its place. From there on
// the syntax is sound.
func (r *jsonReader) whole() (raw json.RawMessage, at int, ok bool) {
	if n := len(r.src); n > MaxJSON {
		r.fault("", 0, CodeLimit, "split the model", "the ruleset has %d bytes; at most %d are read", n, MaxJSON)
		return nil, 0, false
	}
	if at := invalidUTF8(r.src); at >= 0 {
		r.fault("", at, CodeEncoding, "save it as UTF-8", "this is not UTF-8")
		return nil, 0, false
	}
	dec := json.NewDecoder(bytes.NewReader(r.src))
	if err := dec.Decode(&raw); err != nil {
		r.syntax(err)
		return nil, 0, false
	}
	end := int(dec.InputOffset())
	if _, err := dec.Token(); err != io.EOF {
		rest := len(r.src[end:]) - len(bytes.TrimLeft(r.src[end:], " \t\r\n"))
		r.fault("", end+rest, CodeSyntax, "delete what follows: a file holds one ruleset", "something follows the ruleset")
		return nil, 0, false
	}
	return raw, end - len(raw), true
}

// value reads raw, which stands at offset at, into v.
func (r *jsonReader) value(raw json.RawMessage, at int, v reflect.Value, path string) {
	null := string(raw) == "null"
	own := reflect.PointerTo(v.Type())
	switch {
	case v.Kind() == reflect.Pointer:
		if !null {
			v.Set(reflect.New(v.Type().Elem()))
			r.value(raw, at, v.Elem(), path)
		}
	case v.Type() != rulesetType && (own.Implements(jsonUnmarshaler) || own.Implements(textUnmarshaler)):
		if null && v.Type() != reflect.TypeFor[Value]() {
			r.null(path, at, "a text")
			return
		}
		r.leaf(raw, at, v, path)
	case v.Kind() == reflect.Slice:
		if !null {
			r.slice(raw, at, v, path)
		}
	case null:
		r.null(path, at, wanted(v))
	case v.Kind() == reflect.Struct:
		r.object(raw, at, v, path)
	default:
		r.leaf(raw, at, v, path)
	}
}

func (r *jsonReader) null(path string, at int, wanted string) {
	r.fault(path, at, CodeType, "write "+wanted+", or leave the key out", "null stands where %s is wanted", wanted)
}

func (r *jsonReader) object(raw json.RawMessage, at int, v reflect.Value, path string) {
	dec, ok := r.open(raw, at, path, '{', "an object", "write { … }")
	if !ok {
		return
	}
	keys := jsonKeys(v.Type())
	seen := make(map[string]bool)
	for dec.More() && len(r.errs) < MaxErrors {
		keyAt := int(dec.InputOffset())
		keyAt += at + len(raw[keyAt:]) - len(bytes.TrimLeft(raw[keyAt:], ", \t\r\n"))
		t, _ := dec.Token()
		key, _ := t.(string)
		var member json.RawMessage
		if err := dec.Decode(&member); err != nil {
			r.syntax(err)
			return
		}
		i := slices.IndexFunc(keys, func(k jsonKey) bool { return k.name == key })
		switch {
		case i < 0:
			r.fault(path, keyAt, CodeName, r.keyFix(key, keys), "there is no key %q here", clipText(key, 60))
		case seen[key]:
			r.fault(path, keyAt, CodeDuplicate, "keep one of them", "the key %q is given twice", clipText(key, 60))
		default:
			seen[key] = true
			here := strings.TrimPrefix(path+"."+key, ".")
			r.value(member, at+int(dec.InputOffset())-len(member), v.Field(keys[i].field), here)
		}
	}
}

// keyFix tells what to do about a key that is none.
func (r *jsonReader) keyFix(key string, keys []jsonKey) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	if near := r.spells.near(key, func() []string { return names }); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "delete it; the keys here are " + strings.Join(names, ", ")
}

func (r *jsonReader) slice(raw json.RawMessage, at int, v reflect.Value, path string) {
	dec, ok := r.open(raw, at, path, '[', "a list", "write [ … ]")
	if !ok {
		return
	}
	for i := 0; dec.More() && len(r.errs) < MaxErrors; i++ {
		var member json.RawMessage
		if err := dec.Decode(&member); err != nil {
			r.syntax(err)
			return
		}
		item := reflect.New(v.Type().Elem()).Elem()
		r.value(member, at+int(dec.InputOffset())-len(member), item, fmt.Sprintf("%s[%d]", path, i))
		v.Set(reflect.Append(v, item))
	}
}

// open begins to read an object or a list.
func (r *jsonReader) open(raw json.RawMessage, at int, path string, begins json.Delim, wanted, fix string) (*json.Decoder, bool) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != begins {
		r.fault(path, at, CodeType, fix, "%s is wanted", wanted)
		return nil, false
	}
	return dec, true
}

// leaf reads what has no members of ours.
func (r *jsonReader) leaf(raw json.RawMessage, at int, v reflect.Value, path string) {
	err := json.Unmarshal(raw, v.Addr().Interface())
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil && holdsNUL(v.Interface()):
		r.fault(path, at, CodeEncoding, `leave \u0000 out`, "a text holds a NUL")
	case err == nil:
	case errors.As(err, &wrongType):
		r.fault(path, at, CodeType, "write "+wanted(v), "%s is wanted, and this is a %s", wanted(v), wrongType.Value)
	default:
		r.fault(path, at, CodeValue, "write "+wanted(v), "%s", err.Error())
	}
}

// holdsNUL tells whether a text of the leaf holds a NUL, which no text of the
// language can.
func holdsNUL(leaf any) bool {
	switch v := leaf.(type) {
	case Value:
		return strings.Contains(v.Text, "\x00") || slices.ContainsFunc(v.List, func(s string) bool { return strings.Contains(s, "\x00") })
	case Formula:
		return strings.Contains(v.Text, "\x00")
	}
	v := reflect.ValueOf(leaf)
	return v.Kind() == reflect.String && strings.Contains(v.String(), "\x00")
}

// wanted says what stands in a member of the type.
func wanted(v reflect.Value) string {
	switch v.Type() {
	case reflect.TypeFor[Formula]():
		return "a condition's text"
	case reflect.TypeFor[Duration]():
		return `a length of time such as "90d"`
	case reflect.TypeFor[Date]():
		return `a day such as "2026-10-01"`
	case reflect.TypeFor[Value]():
		return `a number, a text, true, false, a list of texts or {"date": "2026-10-01"}`
	}
	switch v.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Struct:
		return "an object"
	}
	return "a text"
}

// jsonKey is a key of an object, and the place of its field.
type jsonKey struct {
	name  string
	field int
}

// jsonKeys gives the keys that a type's objects have.
func jsonKeys(t reflect.Type) []jsonKey {
	keys := make([]jsonKey, 0, t.NumField())
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" && name != "-" {
			keys = append(keys, jsonKey{name, i})
		}
	}
	return keys
}

// syntax reports what is no JSON.
func (r *jsonReader) syntax(err error) {
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		r.fault("", int(syntax.Offset)-1, CodeSyntax, "mend the JSON there", "this is not JSON: %s", syntax.Error())
	case errors.Is(err, io.EOF):
		r.fault("", len(r.src), CodeSyntax, `write a ruleset such as {"name": "fit", "dimensions": […]}`, "there is no ruleset here")
	default:
		r.fault("", len(r.src), CodeSyntax, "close what is open", "the JSON breaks off")
	}
}

// fault reports a fault at a path and a byte of the source.
func (r *jsonReader) fault(path string, at int, code Code, fix, format string, args ...any) {
	if len(r.errs) >= MaxErrors {
		return
	}
	if path == "" {
		path = "ruleset"
	}
	at = min(max(at, 0), len(r.src))
	before := r.src[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	if r.text == "" {
		r.text = string(r.src)
	}
	line, _, _ := strings.Cut(r.text[start:], "\n")
	r.errs = append(r.errs, &Error{
		File: path,
		Pos: Pos{
			Offset: at,
			Line:   bytes.Count(before, []byte{'\n'}) + 1,
			Column: utf8.RuneCount(r.src[start:at]) + 1,
		},
		Code:    code,
		Message: fmt.Sprintf(format, args...),
		Fix:     fix,
		Line:    line,
	})
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return -1
}

// MarshalJSON gives a number, a string, a bool, a list of strings, null,
// {"date": "2026-10-01"} or {"moment": "2026-10-01T12:00:00Z"}.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.Kind {
	case NumberValue:
		return json.Marshal(v.Number)
	case TextValue:
		return json.Marshal(v.Text)
	case BoolValue:
		return json.Marshal(v.Bool)
	case ListValue:
		if v.List == nil {
			return []byte("[]"), nil
		}
		return json.Marshal(v.List)
	case DateValue:
		if v.Date.Whole {
			return json.Marshal(map[string]Date{"date": v.Date})
		}
		return json.Marshal(map[string]Date{"moment": v.Date})
	}
	return []byte("null"), nil
}

// UnmarshalJSON takes what MarshalJSON gives.
func (v *Value) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return errors.New("there is no value")
	}
	got := Value{}
	var err error
	switch b[0] {
	case 'n':
		got.Kind = NullValue
	case 't', 'f':
		got.Kind = BoolValue
		err = json.Unmarshal(b, &got.Bool)
	case '"':
		got.Kind = TextValue
		err = json.Unmarshal(b, &got.Text)
	case '[':
		got.Kind = ListValue
		got.List, err = textsFromJSON(b)
	case '{':
		got.Kind = DateValue
		got.Date, err = dateFromJSON(b)
	default:
		got.Kind = NumberValue
		got.Number, err = numberFromJSON(b)
	}
	if err != nil {
		return err
	}
	*v = got
	return nil
}

// textsFromJSON reads a list of strings; a null in it is none.
func textsFromJSON(b []byte) ([]string, error) {
	var items []*string
	if err := json.Unmarshal(b, &items); err != nil {
		return nil, errors.New("a list holds texts alone")
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if item == nil {
			return nil, errors.New("a list holds texts alone")
		}
		texts[i] = *item
	}
	return texts, nil
}

func dateFromJSON(b []byte) (Date, error) {
	var members map[string]Date
	if err := json.Unmarshal(b, &members); err != nil {
		return Date{}, fmt.Errorf("a value's object is a date or a moment: %w", err)
	}
	if day, ok := members["date"]; ok && len(members) == 1 && day.Whole {
		return day, nil
	}
	if moment, ok := members["moment"]; ok && len(members) == 1 && !moment.Whole {
		return moment, nil
	}
	return Date{}, errors.New(`a value's object is {"date": "2026-10-01"} or {"moment": "2026-10-01T12:00:00Z"}`)
}

// maxInteger is the integer up to which a float64 holds every one.
const maxInteger = 1 << 53

func numberFromJSON(b []byte) (float64, error) {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil {
		return 0, fmt.Errorf("%s is not a number within range", clipText(string(b), 40))
	}
	if !bytes.ContainsAny(b, ".eE") && math.Abs(f) >= maxInteger && strconv.FormatFloat(f, 'f', -1, 64) != string(b) {
		return 0, fmt.Errorf("the integer %s is beyond 2^53 and would change", clipText(string(b), 40))
	}
	return f, nil
}

// MarshalJSON gives "2026-10-01", or RFC 3339 for a moment.
func (d Date) MarshalJSON() ([]byte, error) {
	if y := d.Time.UTC().Year(); y < 0 || y > 9999 {
		return nil, fmt.Errorf("the year %d has no date in RFC 3339", y)
	}
	return json.Marshal(d.String())
}

// UnmarshalJSON takes what MarshalJSON gives; a moment may be of any zone.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return errors.New("a date is a text")
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		*d = Date{Time: t, Whole: true}
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return fmt.Errorf("%q is no date such as 2026-10-01 and no moment such as 2026-10-01T12:00:00Z", clipText(s, 40))
	}
	*d = Date{Time: t.UTC()}
	return nil
}

// String gives days or hours, whichever is the largest unit that divides, and
// Go's text for what is neither: 90d, 12h, 1h30m0s.
func (d Duration) String() string { return formatDuration(time.Duration(d)) }

// MarshalText gives what String gives.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText takes whole days such as 90d, and every text of Go's
// time.ParseDuration.
func (d *Duration) UnmarshalText(b []byte) error {
	s := string(b)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseInt(days, 10, 64)
		if err != nil || strings.HasPrefix(days, "+") {
			return fmt.Errorf("%q is no whole number of days", clipText(s, 40))
		}
		if n > maxDays || n < -maxDays {
			return fmt.Errorf("%q is longer than %d days", clipText(s, 40), maxDays)
		}
		*d = Duration(n) * Duration(24*time.Hour)
		return nil
	}
	got, err := time.ParseDuration(s)
	if err != nil {
		return fmt.Errorf("%q is no length of time such as 90d or 12h", clipText(s, 40))
	}
	*d = Duration(got)
	return nil
}

// maxDays is what a time.Duration holds: its 64 bits of nanoseconds end
// before the year 293.
const maxDays = math.MaxInt64 / int64(24*time.Hour)
