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
// and anything after the ruleset are errors. An error is an *Error whose File
// is the path of the fault, such as "dimensions[0].items[2].rule.points", and
// whose Pos is its place in b.
func ReadJSON(b []byte) (*Ruleset, error) {
	r := jsonReader{src: b}
	if len(b) > MaxJSON {
		return nil, &Error{File: "ruleset", Pos: Pos{Line: 1, Column: 1}, Code: CodeLimit, Fix: "split the model",
			Message: fmt.Sprintf("the ruleset has %d bytes; at most %d are read", len(b), MaxJSON)}
	}
	if at := invalidUTF8(b); at >= 0 {
		return nil, r.fault("", at, CodeEncoding, "this is not UTF-8")
	}
	var whole json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(b))
	if err := dec.Decode(&whole); err != nil {
		return nil, r.syntaxFault(err)
	}
	end := int(dec.InputOffset())
	if _, err := dec.Token(); err != io.EOF {
		rest := len(b[end:]) - len(bytes.TrimLeft(b[end:], " \t\r\n"))
		return nil, r.fault("", end+rest, CodeSyntax, "something follows the ruleset")
	}
	rs := new(Ruleset)
	if err := r.value(whole, end-len(whole), reflect.ValueOf(rs).Elem(), ""); err != nil {
		return nil, err
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
// encoding/json would, but knows the path and the place of a fault, and takes
// keys only as they are spelt.
type jsonReader struct {
	src []byte
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[interface{ UnmarshalText([]byte) error }]()
	rulesetType     = reflect.TypeFor[Ruleset]()
)

// value reads raw, which stands at offset at, into v.
func (r *jsonReader) value(raw json.RawMessage, at int, v reflect.Value, path string) error {
	null := string(raw) == "null"
	own := reflect.PointerTo(v.Type())
	switch {
	case v.Kind() == reflect.Pointer:
		if null {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return r.value(raw, at, v.Elem(), path)
	case v.Type() != rulesetType && (own.Implements(jsonUnmarshaler) || own.Implements(textUnmarshaler)):
		if null && v.Type() != reflect.TypeFor[Value]() {
			return r.fault(path, at, CodeType, "null stands where a text is wanted")
		}
		return r.leaf(raw, at, v, path)
	case v.Kind() == reflect.Slice:
		if null {
			return nil
		}
		return r.slice(raw, at, v, path)
	case null:
		return r.fault(path, at, CodeType, "null stands where "+wanted(v)+" is wanted")
	case v.Kind() == reflect.Struct:
		return r.object(raw, at, v, path)
	}
	return r.leaf(raw, at, v, path)
}

func (r *jsonReader) object(raw json.RawMessage, at int, v reflect.Value, path string) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return r.fault(path, at, CodeType, "an object is wanted")
	}
	seen := make(map[string]bool)
	for dec.More() {
		keyAt := int(dec.InputOffset())
		keyAt += len(raw[keyAt:]) - len(bytes.TrimLeft(raw[keyAt:], ", \t\r\n"))
		keyAt += at
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return r.fault(path, at, CodeSyntax, "this object is broken")
		}
		here := strings.TrimPrefix(path+"."+key, ".")
		field, ok := fieldByKey(v, key)
		if !ok {
			return r.fault(path, keyAt, CodeName, fmt.Sprintf("there is no key %q here", clipText(key, 60)))
		}
		if seen[key] {
			return r.fault(path, keyAt, CodeDuplicate, fmt.Sprintf("the key %q is given twice", clipText(key, 60)))
		}
		seen[key] = true
		var member json.RawMessage
		if err := dec.Decode(&member); err != nil {
			return r.fault(here, keyAt, CodeSyntax, "this value is broken")
		}
		if err := r.value(member, at+int(dec.InputOffset())-len(member), field, here); err != nil {
			return err
		}
	}
	return nil
}

func (r *jsonReader) slice(raw json.RawMessage, at int, v reflect.Value, path string) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return r.fault(path, at, CodeType, "a list is wanted")
	}
	for i := 0; dec.More(); i++ {
		here := fmt.Sprintf("%s[%d]", path, i)
		var member json.RawMessage
		if err := dec.Decode(&member); err != nil {
			return r.fault(here, at, CodeSyntax, "this value is broken")
		}
		item := reflect.New(v.Type().Elem()).Elem()
		if err := r.value(member, at+int(dec.InputOffset())-len(member), item, here); err != nil {
			return err
		}
		v.Set(reflect.Append(v, item))
	}
	return nil
}

// leaf reads what has no members of ours.
func (r *jsonReader) leaf(raw json.RawMessage, at int, v reflect.Value, path string) error {
	err := json.Unmarshal(raw, v.Addr().Interface())
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil && holdsNUL(v.Interface()):
		return r.fault(path, at, CodeEncoding, "a text holds a NUL")
	case err == nil:
		return nil
	case errors.As(err, &wrongType):
		return r.fault(path, at, CodeType, fmt.Sprintf("%s is wanted, and this is a %s", wanted(v), wrongType.Value))
	}
	return r.fault(path, at, CodeValue, err.Error())
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

func wanted(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Formula]() {
			return "a condition's text"
		}
		return "an object"
	}
	return "a text"
}

// fieldByKey finds the member of a struct that has the JSON key.
func fieldByKey(v reflect.Value, key string) (reflect.Value, bool) {
	t := v.Type()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" && name == key {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func (r *jsonReader) syntaxFault(err error) error {
	at := len(r.src)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		at = max(int(syntax.Offset)-1, 0)
		return r.fault("", at, CodeSyntax, "this is not JSON: "+syntax.Error())
	case errors.Is(err, io.EOF):
		return r.fault("", at, CodeSyntax, "there is no ruleset here")
	}
	return r.fault("", at, CodeSyntax, "the JSON breaks off")
}

// fault makes the error of a path and a byte of the source.
func (r *jsonReader) fault(path string, at int, code Code, message string) error {
	if path == "" {
		path = "ruleset"
	}
	at = min(max(at, 0), len(r.src))
	before := r.src[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	line := r.src[start:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	return &Error{
		File: path,
		Pos: Pos{
			Offset: at,
			Line:   bytes.Count(before, []byte{'\n'}) + 1,
			Column: utf8.RuneCount(r.src[start:at]) + 1,
		},
		Code:    code,
		Message: message,
		Line:    string(line),
	}
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
