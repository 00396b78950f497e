package dsl

import (
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	maxLiteral = 64 // bytes of a number
	day        = 24 * time.Hour
)

// unit is what may follow a number, touching it or as a word of its own.
type unit struct {
	exponent int           // of a power of ten
	span     time.Duration // of one
	word     bool          // may stand as a word of its own
}

var units = map[string]unit{
	"k": {exponent: 3}, "K": {exponent: 3}, "M": {exponent: 6}, "B": {exponent: 9},
	"thousand": {exponent: 3, word: true}, "million": {exponent: 6, word: true}, "billion": {exponent: 9, word: true},
	"h": {span: time.Hour}, "hour": {span: time.Hour, word: true}, "hours": {span: time.Hour, word: true},
	"d": {span: day}, "day": {span: day, word: true}, "days": {span: day, word: true},
	"w": {span: 7 * day}, "week": {span: 7 * day, word: true}, "weeks": {span: 7 * day, word: true},
}

// otherSpans are the lengths of time that the language does not have, in days
// where they are about that many.
var otherSpans = map[string]int{
	"mo": 30, "mos": 30, "month": 30, "months": 30, "q": 90, "quarter": 90, "quarters": 90,
	"y": 365, "yr": 365, "yrs": 365, "year": 365, "years": 365,
	"min": 0, "mins": 0, "minute": 0, "minutes": 0, "s": 0, "sec": 0, "secs": 0, "second": 0, "seconds": 0,
}

// number reads a number, a date or a length of time; a dollar may precede.
func (l *lexer) number() {
	if l.src[l.i] != '$' && l.date() {
		return
	}
	start := l.i
	for l.src[start] == '$' || l.src[start] == ' ' {
		start++
	}
	if l.based(start) {
		return
	}
	j, digits, plain := l.digits(start)
	if j-start > maxLiteral {
		l.fault(faultLong, j)
		return
	}
	n := wordLen(l.src[j:l.end])
	suffix := l.src[j : j+n]
	switch {
	case n > 0:
		u, ok := units[suffix]
		if !ok {
			l.fault(faultOfSuffix(suffix), j+n)
			return
		}
		l.addQuantity(digits, u, plain, j+n)
	case j < l.end && l.src[j] == '%':
		l.addQuantity(digits, unit{exponent: -2}, false, j+1)
	default:
		l.withWord(digits, plain, j)
	}
}

func faultOfSuffix(suffix string) lexFault {
	if _, ok := otherSpans[strings.ToLower(suffix)]; ok || strings.EqualFold(suffix, "m") {
		return faultUnit
	}
	return faultNumber
}

// withWord adds a number that ends at j, with the unit that may follow it as
// a word on the same line.
func (l *lexer) withWord(digits string, plain bool, j int) {
	k := j
	for k < l.end && (l.src[k] == ' ' || l.src[k] == '\t' || strings.HasPrefix(l.src[k:l.end], "\u00a0")) {
		k++
		if l.src[k-1] == 0xc2 {
			k++
		}
	}
	if n := wordLen(l.src[k:l.end]); k > j && n > 2 {
		word := l.src[k : k+n]
		if u := units[word]; u.word {
			if strings.Contains(l.src[j:k], "\u00a0") {
				l.flags |= fOdd
			}
			l.addQuantity(digits, u, plain, k+n)
			return
		}
		// "20 min 0" is a number and the next clause.
		if _, other := otherSpans[word]; other && word != "min" {
			l.fault(faultUnit, k+n)
			return
		}
	}
	l.addQuantity(digits, unit{}, plain, j)
}

// digits reads the digits of a decimal number: separators, a fraction, an
// exponent. It gives them without separators, and whether they are a plain
// integer.
func (l *lexer) digits(start int) (end int, digits string, plain bool) {
	j := start
	separated := false
	for j < l.end && (isDigit(l.src[j]) || l.src[j] == '_') {
		separated = separated || l.src[j] == '_'
		j++
	}
	if l.parens == 0 && !separated && j-start <= 3 && j > start && l.src[start] != '0' {
		for l.thousands(j) {
			separated = true
			j += 4
		}
	}
	plain = true
	if j+1 < l.end && l.src[j] == '.' && isDigit(l.src[j+1]) {
		plain = false
		for j++; j < l.end && (isDigit(l.src[j]) || l.src[j] == '_'); j++ {
			separated = separated || l.src[j] == '_'
		}
	}
	if k := j + 1; k < l.end && (l.src[j] == 'e' || l.src[j] == 'E') {
		if l.src[k] == '+' || l.src[k] == '-' {
			k++
		}
		if k < l.end && isDigit(l.src[k]) {
			plain = false
			for j = k; j < l.end && isDigit(l.src[j]); j++ {
			}
		}
	}
	digits = l.src[start:j]
	if separated {
		digits = strings.Map(func(r rune) rune {
			if r == '_' || r == ',' {
				return -1
			}
			return r
		}, digits)
	}
	return j, digits, plain
}

// thousands tells whether a comma and exactly three digits stand at j. In
// braces, where commas end entries, digits that are the next entry's key are
// none: { 2: 10,300: 20 }.
func (l *lexer) thousands(j int) bool {
	s := l.src[j:l.end]
	if len(s) < 4 || s[0] != ',' || !isDigit(s[1]) || !isDigit(s[2]) || !isDigit(s[3]) ||
		len(s) > 4 && (isDigit(s[4]) || s[4] == '_') {
		return false
	}
	if len(l.open) == 0 || !l.afterColon() {
		return true
	}
	rest := strings.TrimLeft(s[4:], " ")
	return rest == "" || !strings.ContainsRune(":-+–", []rune(rest[:min(len(rest), 4)])[0]) && !strings.HasPrefix(rest, "..")
}

// afterColon tells whether the number to come is the value of an entry.
func (l *lexer) afterColon() bool {
	k := len(l.toks) - 1
	for k >= 0 && (l.toks[k].is(opMinus) || l.toks[k].is(opPlus)) {
		k--
	}
	return k >= 0 && l.toks[k].is(opColon)
}

// based reads a hexadecimal, octal or binary integer.
func (l *lexer) based(start int) bool {
	if l.src[start] != '0' || start+1 >= l.end {
		return false
	}
	base := map[byte]int{'x': 16, 'X': 16, 'o': 8, 'O': 8, 'b': 2, 'B': 2}[l.src[start+1]]
	end := start + wordLen(l.src[start:l.end])
	if base == 0 || end-start == 2 {
		return false
	}
	if end-start > maxLiteral {
		l.fault(faultLong, end)
		return true
	}
	v, err := strconv.ParseUint(strings.ReplaceAll(l.src[start+2:end], "_", ""), base, 64)
	switch {
	case err != nil && strings.Contains(err.Error(), "range") || v > maxInteger:
		l.fault(faultBig, end)
	case err != nil:
		l.fault(faultNumber, end)
	default:
		l.addNumber(float64(v), end)
	}
	return true
}

func (l *lexer) addNumber(v float64, to int) {
	t := l.add(tNumber, opNone, l.i, to)
	t.aux = int32(len(l.nums))
	l.nums = append(l.nums, v)
}

// addQuantity adds the number or the length of time that digits of a unit
// are; plain tells that the digits are an integer.
func (l *lexer) addQuantity(digits string, u unit, plain bool, to int) {
	v, err := decimal(digits, u.exponent)
	switch {
	case err != nil:
		l.fault(faultBig, to)
	case u.span != 0:
		// A product of 2^63 and more is no length of time.
		ns := math.Round(v * float64(u.span))
		if ns >= math.MaxInt64 {
			l.fault(faultSpan, to)
			return
		}
		span := time.Duration(ns)
		if plain {
			span = time.Duration(v) * u.span
		}
		t := l.add(tDuration, opNone, l.i, to)
		t.aux = int32(len(l.spans))
		l.spans = append(l.spans, Duration(span))
	case plain && (v > maxInteger || u.exponent == 0 && beyondInteger(digits)):
		l.fault(faultBig, to)
	default:
		l.addNumber(v, to)
	}
}

// beyondInteger tells whether digits are an integer that a float64 would
// round.
func beyondInteger(digits string) bool {
	v, err := strconv.ParseUint(digits, 10, 64)
	return err != nil || v > maxInteger
}

// decimal gives digits × 10^exponent, rounded once.
func decimal(digits string, exponent int) (float64, error) {
	if exponent == 0 {
		return strconv.ParseFloat(digits, 64)
	}
	if n := strings.IndexAny(digits, "eE"); n >= 0 {
		e, err := strconv.Atoi(digits[n+1:])
		if err != nil {
			return 0, err
		}
		digits, exponent = digits[:n], exponent+e
	}
	return strconv.ParseFloat(digits+"e"+strconv.Itoa(exponent), 64)
}

// date reads a date, 2026-10-01, or a moment, 2026-10-01T12:00:00Z.
func (l *lexer) date() bool {
	s := l.src[l.i:l.end]
	n, proper := dateLen(s)
	if n == 0 {
		return false
	}
	if !proper {
		l.fault(faultDateForm, l.i+n)
		return true
	}
	if len(s) > n+1 && s[n] == 'T' && isDigit(s[n+1]) {
		m := n + 1
		for m < len(s) && (isDigit(s[m]) || s[m] == ':' || s[m] == '.' || s[m] == 'Z' || (s[m] == '+' || s[m] == '-') && m >= n+5) {
			if strings.HasPrefix(s[m:], "..") {
				break // an interval goes on
			}
			if m++; s[m-1] == 'Z' {
				break
			}
		}
		m += wordLen(s[m:])
		at, err := time.Parse(time.RFC3339Nano, s[:m])
		if err != nil || m > maxLiteral {
			l.fault(faultMoment, l.i+m)
			return true
		}
		l.addDate(Date{Time: at.UTC()}, l.i+m)
		return true
	}
	if k := wordLen(s[n:]); k > 0 {
		l.fault(faultDateForm, l.i+n+k)
		return true
	}
	at, err := time.Parse(time.DateOnly, s[:n])
	if err != nil {
		l.fault(faultDay, l.i+n)
		return true
	}
	l.addDate(Date{Time: at, Whole: true}, l.i+n)
	return true
}

func (l *lexer) addDate(d Date, to int) {
	t := l.add(tDate, opNone, l.i, to)
	t.aux = int32(len(l.dates))
	l.dates = append(l.dates, d)
}

// dateLen gives the length of what looks like a date at the beginning of s,
// and whether month and day have two digits.
func dateLen(s string) (n int, proper bool) {
	run := func(i int) int {
		j := i
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		return j - i
	}
	if run(0) != 4 || len(s) < 8 || s[4] != '-' {
		return 0, false
	}
	month := run(5)
	if month < 1 || month > 2 || len(s) <= 6+month || s[5+month] != '-' {
		return 0, false
	}
	days := run(6 + month)
	if days < 1 || days > 2 {
		return 0, false
	}
	return 6 + month + days, month == 2 && days == 2
}

// itemLiteral reads an unquoted item of a list as a number, a date or true
// or false; nil if it is none of these.
func itemLiteral(item ListItem) Node {
	raw := item.Raw
	if item.Quoted || raw == "" || len(raw) > 2*maxLiteral {
		return nil
	}
	l := lex(raw, 0, len(raw), Pos{Line: 1, Column: 1}, 0, false)
	toks := l.toks
	sign := 1.0
	if toks[0].is(opMinus) || toks[0].is(opPlus) {
		if toks[0].is(opMinus) {
			sign = -1
		}
		if toks = toks[1:]; toks[0].kind != tNumber {
			return nil
		}
	}
	if len(toks) != 2 {
		return nil
	}
	switch t := toks[0]; t.kind {
	case tNumber:
		return &Number{At: item.At, Value: sign * l.nums[t.aux], Source: raw}
	case tDate:
		return &DateLit{At: item.At, Date: l.dates[t.aux]}
	case tDuration:
		return &DurationLit{At: item.At, Value: time.Duration(l.spans[t.aux])}
	case tWord:
		if b, ok := boolWord(raw); ok {
			return &Bool{At: item.At, Value: b}
		}
	}
	return nil
}

// boolWord tells whether a word is a truth; spreadsheets write them in
// capitals.
func boolWord(w string) (value, ok bool) {
	switch w {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
