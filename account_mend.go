package accountscore

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/spell"
)

// Nothing here changes a score: a value that cannot be used stays one. It says
// what its author may have meant, for the author to decide.

const leaveEmpty = "leave it empty, or null, where it is not known"

// mend says what to write for a value that the field cannot use.
func (f *field) mend(v any) string {
	v = pointed(v)
	text, isText := textOf(v)
	if isText && unknownWords[strings.ToLower(text)] && !f.allows(text) {
		return leaveEmpty
	}
	switch f.typ {
	case cond.Number:
		return f.mendNumber(v, text, isText)
	case cond.Text:
		return f.mendText(v, text, isText)
	case cond.Bool:
		word := strings.ToLower(text)
		if n, ok := numberOf(v); ok {
			word = strconv.FormatFloat(n, 'f', -1, 64)
		}
		switch {
		case yesWords[word]:
			return "write true"
		case noWords[word]:
			return "write false"
		}
		return "write true or false"
	case cond.List:
		return f.mendList(v, text, isText)
	}
	if day := readDay(v, text); day != "" {
		return "write " + day
	}
	return "write a date such as 2026-10-01, or RFC 3339 such as 2026-10-01T08:00:00Z"
}

// Words that people write for what a field of another type has.
var (
	unknownWords = words("n/a na none null nil nan unknown undefined tbd ? - -- – — #n/a")
	yesWords     = words("true yes y t 1 on x ✓")
	noWords      = words("false no n f 0 off")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// textOf gives a text, without the space around it.
func textOf(v any) (string, bool) {
	if _, number := v.(json.Number); number {
		return "", false
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return strings.TrimSpace(r.String()), true
	}
	return "", false
}

// numberOf gives a number, of any size.
func numberOf(v any) (float64, bool) {
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.String:
		n, ok := v.(json.Number)
		f, err := strconv.ParseFloat(string(n), 64)
		return f, ok && (err == nil || math.IsInf(f, 0))
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

func (f *field) allows(text string) bool {
	return f.typ == cond.Text && f.allowed != nil && f.allowed.HasText(text)
}

func (f *field) mendNumber(v any, text string, isText bool) string {
	if n, ok := numberOf(v); ok {
		switch {
		case math.IsNaN(n) || math.IsInf(n, 0):
			return leaveEmpty
		case math.Abs(n) > maxInteger:
			return "numbers go to 9007199254740992; declare the field text where it is an id"
		}
		return "write one of those, or add it to them"
	}
	if isText {
		return mendNumberText(text)
	}
	if _, ok := v.(bool); ok {
		return "write a number, or declare the field bool"
	}
	return "write a single number"
}

var (
	currency    = regexp.MustCompile(`(?i)^(?:usd|us|eur|gbp|chf|cad|aud|jpy|inr)? ?[$€£¥₹]? ?|(?: ?[$€£¥₹]| ?(?:usd|eur|gbp|chf|cad|aud|jpy|inr))$`)
	magnitude   = regexp.MustCompile(`(?i)^(.*?[0-9.,]) ?(k|m|mm|mio|mn|b|bn|thousand|million|billion|%)?\+?$`)
	thousandsOf = regexp.MustCompile(`^[0-9]{1,3}([,.][0-9]{3})+$`)
	aRange      = regexp.MustCompile(`^([0-9][0-9., ]*[kKmM]?) ?(?:-|–|—|to|\.\.) ?[0-9][0-9., ]*[kKmM]?\+?$`)
)

var exponents = map[string]string{"": "", "k": "e3", "thousand": "e3", "m": "e6", "mm": "e6", "mio": "e6", "mn": "e6", "million": "e6", "b": "e9", "bn": "e9", "billion": "e9"}

// mendNumberText reads a number as people write it.
func mendNumberText(text string) string {
	const say = "write a plain number such as 1200, or declare the field text"
	if len(text) > 40 {
		return say
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) && strings.Trim(text, "0123456789+-.eE") == "" {
		return "write " + text + " without quotes"
	}
	if m := aRange.FindStringSubmatch(text); m != nil {
		if low := readPlain(m[1]); low != "" {
			return "write one number, such as " + low
		}
	}
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		if n := readPlain(percent); n != "" {
			return "write " + n + ", or a hundredth of it where the rules compare with a percentage"
		}
		return say
	}
	if n := readPlain(text); n != "" {
		return "write " + n
	}
	return say
}

// readPlain gives the plain form of a number with separators, a currency or a
// magnitude; empty where it is none.
func readPlain(text string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(strings.TrimSpace(text), "-"); negative {
		sign, text = "-", rest
	}
	text = currency.ReplaceAllString(strings.TrimLeft(strings.TrimSpace(text), "~≈<>+"), "")
	m := magnitude.FindStringSubmatch(text)
	if m == nil || m[2] == "%" {
		return ""
	}
	digits := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "", "_", "").Replace(m[1])
	comma, dot := strings.LastIndexByte(digits, ','), strings.LastIndexByte(digits, '.')
	switch {
	case comma >= 0 && dot >= 0: // the later one parts the decimals
		digits = strings.ReplaceAll(digits, map[bool]string{true: ",", false: "."}[dot > comma], "")
	case comma >= 0 && thousandsOf.MatchString(digits), strings.Count(digits, ".") > 1 && thousandsOf.MatchString(digits):
		digits = strings.NewReplacer(",", "", ".", "").Replace(digits)
	}
	digits = strings.ReplaceAll(digits, ",", ".")
	if strings.Trim(digits, "0123456789.") != "" {
		return ""
	}
	n, err := strconv.ParseFloat(digits+exponents[strings.ToLower(m[2])], 64)
	if err != nil || n > maxInteger {
		return ""
	}
	return sign + strconv.FormatFloat(n, 'f', -1, 64)
}

func (f *field) mendText(v any, text string, isText bool) string {
	switch _, number := numberOf(v); {
	case isText && f.allowed != nil:
		return f.oneOf(text)
	case number:
		return fmt.Sprintf("write %q, in quotes, or declare the field number", brief(fmt.Sprint(v)))
	}
	if flag, ok := v.(bool); ok {
		return fmt.Sprintf("write %q, in quotes, or declare the field bool", fmt.Sprint(flag))
	}
	return "write a single text, or declare the field list"
}

// oneOf says what to do about a text that is not one of those declared.
func (f *field) oneOf(text string) string {
	var among []string
	for _, v := range f.OneOf {
		among = append(among, v.Text)
	}
	if near := new(spell.Speller).Suggest(text, among); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Sprintf("write one of those, or add %q to them", brief(text))
}

func (f *field) mendList(v any, text string, isText bool) string {
	if isText {
		var items []string
		for _, item := range strings.FieldsFunc(brief(text), func(r rune) bool { return r == ';' || r == ',' || r == '|' }) {
			items = append(items, strconv.Quote(strings.TrimSpace(item)))
		}
		return "write [" + strings.Join(items, ", ") + "]"
	}
	if _, number := numberOf(v); number {
		return fmt.Sprintf("write [%q]", brief(fmt.Sprint(v)))
	}
	if slot := convert(v, cond.List); slot.State == cond.Known && f.allowed != nil {
		if i := slices.IndexFunc(slot.List, func(item string) bool { return !f.allowed.HasText(item) }); i >= 0 {
			return fmt.Sprintf("%q is none of those: %s", brief(slot.List[i]), f.oneOf(slot.List[i]))
		}
	}
	return "write texts in quotes, between [ and ]"
}

// dayLayouts are forms of a moment that leave no doubt.
var dayLayouts = []struct{ read, write string }{
	{"2006-01-02 15:04:05", time.RFC3339}, {"2006-01-02T15:04:05", time.RFC3339}, {"2006-01-02 15:04", time.RFC3339}, {"2006-01-02T15:04", time.RFC3339},
	{"2006-01-02 15:04:05Z07:00", time.RFC3339}, {"2006-01-02 15:04:05 -0700", time.RFC3339},
	{"2006/1/2", time.DateOnly}, {"2006.1.2", time.DateOnly}, {"2006-1-2", time.DateOnly}, {"2.1.2006", time.DateOnly}, {"20060102", time.DateOnly},
	{"2 Jan 2006", time.DateOnly}, {"2-Jan-2006", time.DateOnly}, {"Jan 2, 2006", time.DateOnly}, {"January 2, 2006", time.DateOnly}, {"2 January 2006", time.DateOnly},
}

// readDay gives the form of a moment that fields take; empty where it is none,
// or where the day could be the month.
func readDay(v any, text string) string {
	if n, ok := numberOf(v); ok {
		switch { // seconds or milliseconds since 1970, in this century
		case n >= 946_684_800 && n < 4_102_444_800:
			return time.Unix(int64(n), 0).UTC().Format(time.RFC3339)
		case n >= 946_684_800_000 && n < 4_102_444_800_000:
			return time.UnixMilli(int64(n)).UTC().Format(time.RFC3339)
		}
		return ""
	}
	if len(text) > 40 {
		return ""
	}
	for _, l := range dayLayouts {
		if t, err := time.Parse(l.read, text); err == nil {
			return t.Format(l.write)
		}
	}
	dayFirst, err1 := time.Parse("2/1/2006", text)
	monthFirst, err2 := time.Parse("1/2/2006", text)
	switch {
	case err1 == nil && (err2 != nil || dayFirst.Equal(monthFirst)):
		return dayFirst.Format(time.DateOnly)
	case err2 == nil && err1 != nil:
		return monthFirst.Format(time.DateOnly)
	case err1 == nil:
		return dayFirst.Format(time.DateOnly) + " or " + monthFirst.Format(time.DateOnly)
	}
	return ""
}
