package dsl

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/numeral"
)

// signed reads a number with an optional sign.
func (p *parser) signed(want, fix string) float64 {
	sign := 1.0
	if p.at(opMinus) || p.at(opPlus) {
		if p.next().is(opMinus) {
			sign = -1
		}
	}
	t := p.peek()
	if t.kind != tNumber {
		p.unexpected(want, fix)
		return 0
	}
	p.next()
	return sign*p.nums[t.aux] + 0 // no negative zero
}

// end reads a number that is an end of an interval, as it was written.
func (p *parser) end(want, fix string) *Number {
	t := p.peek()
	v := p.signed(want, fix)
	return &Number{At: t.pos(), Value: v, Source: p.text(p.toks[p.prev])}
}

// points reads a number of points: within ±1,000,000, in whole millionths.
func (p *parser) points(want, fix string) float64 {
	t := p.peek()
	v := p.signed(want, fix)
	switch {
	case p.bad:
	case math.Abs(v) > MaxPoints:
		p.fault(t, CodeValue, fmt.Sprintf("write at most %d", MaxPoints), "points reach from -%d to %d", MaxPoints, MaxPoints)
	case math.Round(v*1e6)/1e6 != v:
		p.fault(t, CodeValue, "write at most six decimals", "points are finer than a millionth")
	case p.percent(t):
		p.fault(t, CodeValue, "write the points themselves, or scale 50% when … for the dimension", "points are no percentage")
	}
	return v
}

func (p *parser) pointsPtr(want string) *float64 {
	v := p.points(want, "")
	return &v
}

// millionths reads a number that is no finer than points are, such as a cap.
func (p *parser) millionths(want, fix string) *float64 {
	t := p.peek()
	v := p.signed(want, fix)
	const most = 1e9 // beyond it a float64 does not hold millionths
	switch {
	case p.bad:
	case math.Abs(v) > most:
		p.fault(t, CodeValue, "write a smaller number", "the number is beyond a thousand million")
	case math.Round(v*1e6)/1e6 != v:
		p.fault(t, CodeValue, "write at most six decimals", "the number is finer than a millionth")
	}
	return &v
}

// amount reads a number of points that bounds or moves a score, which is no
// share of anything.
func (p *parser) amount(want, fix string) *float64 {
	t := p.peek()
	v := p.millionths(want, fix)
	if !p.bad && p.percent(t) {
		p.fault(t, CodeValue, "write a number of points: "+numeral.Plain(math.Round(*v*1e8)/1e6), "%s is no percentage", want)
	}
	return v
}

// percent tells whether the number that was read from t on is a percentage.
func (p *parser) percent(t token) bool {
	last := p.toks[p.prev]
	return last.end > t.off && strings.HasSuffix(p.text(last), "%")
}

// factor reads a percentage or a plain factor.
func (p *parser) factor(want, fix string) float64 {
	t := p.peek()
	v := p.signed(want, fix)
	if !p.bad && math.Abs(v) > 1e6 {
		p.fault(t, CodeValue, fix, "the factor is too large")
	}
	return v
}

// integer reads a whole number from least to most.
func (p *parser) integer(want string, least, most int) int {
	t := p.peek()
	v := p.signed(want, "")
	if !p.bad && (v != math.Trunc(v) || v < float64(least) || v > float64(most)) {
		p.fault(t, CodeValue, fmt.Sprintf("write a whole number from %d to %d", least, most), "expected %s", want)
		return 0
	}
	return int(v)
}

// duration reads a length of time.
func (p *parser) duration(want string) Duration {
	t := p.peek()
	if t.kind != tDuration {
		fix := "write 30d, 8w or 12h"
		if t.kind == tNumber {
			fix = "write " + p.text(t) + "d for days"
			if unit := p.lowerAhead(1); spanWords[unit] {
				fix = "write " + p.text(t) + " " + unit
			}
		}
		p.unexpected(want+" such as 30d", fix)
		return 0
	}
	p.next()
	if p.spans[t.aux] == 0 {
		p.fault(t, CodeValue, "write a longer time", "%s is no time at all", p.text(t))
	}
	return p.spans[t.aux]
}

// days reads a length of time in whole days.
func (p *parser) days(want string) int {
	t := p.peek()
	d := time.Duration(p.duration(want))
	if !p.bad && d%day != 0 {
		p.fault(t, CodeValue, "write whole days, such as 30d", "%s is in whole days", want)
	}
	return int(d / day)
}

// date reads a date or a moment.
func (p *parser) date(want string) *Date {
	t := p.peek()
	if t.kind != tDate {
		p.unexpected(want+" such as 2026-10-01", "write year-month-day")
		return nil
	}
	p.next()
	d := p.dates[t.aux]
	return &d
}

// ident reads a plain name.
func (p *parser) ident(want string) string {
	t := p.peek()
	if t.kind == tText {
		p.fault(t, CodeSyntax, "leave the quotes out, and join words by _", "expected %s without quotes, found %s", want, p.describe(t))
		return ""
	}
	w := p.word(t)
	if w == "" {
		p.unexpected(want, "")
		return ""
	}
	if strings.Contains(w, ".") {
		p.fault(t, CodeSyntax, "join the words by _", "a name holds no dot")
		return ""
	}
	p.next()
	if next := p.peek(); next.is(opMinus) && next.touches() && p.ahead(1).touches() && p.ahead(1).kind == tWord {
		p.fault(t, CodeSyntax, "write "+w+"_"+p.word(p.ahead(1)), "%s holds no hyphen", want)
	}
	return w
}

// label reads a name that may be quoted.
func (p *parser) label(want string) string {
	if t := p.peek(); t.kind == tText {
		p.next()
		return p.texts[t.aux]
	}
	t := p.peek()
	w := p.word(t)
	if w == "" {
		p.unexpected(want, "put quotes around it")
		return ""
	}
	p.next()
	if next := p.peek(); next.is(opMinus) && next.touches() && p.ahead(1).touches() {
		p.fault(t, CodeSyntax, "put quotes around it", "%s with a hyphen stands in quotes", want)
	}
	return w
}

// quoted reads a quoted text.
func (p *parser) quoted(want, fix string) string {
	t := p.peek()
	if t.kind == tWord {
		last := t
		for n := 1; n < 8; n++ {
			next := p.ahead(n)
			if next.kind != tWord && !(next.touches() && next.is(opMinus)) && next.kind != tNumber || playParts[p.word(next)] || p.word(next) == "play" {
				break
			}
			last = next
		}
		fix = "write " + p.text(p.toks[p.prev]) + " " + quoteText(plainSpaces(p.src[t.off:last.end]))
	}
	if t.kind != tText {
		p.unexpected(want+" in quotes", fix)
		return ""
	}
	p.next()
	return p.texts[t.aux]
}

// optionalText takes a quoted text if one is next.
func (p *parser) optionalText() string {
	t := p.peek()
	if t.kind != tText {
		return ""
	}
	p.next()
	return p.texts[t.aux]
}

// value reads a literal: a number, a text with or without quotes, a truth, a
// list or a date; null where that may stand. A text without quotes may have
// several words where nothing but the end of the value can follow.
func (p *parser) value(want string, null, several bool) Value {
	t := p.peek()
	switch {
	case t.kind == tText:
		p.next()
		return Value{Kind: TextValue, Text: p.texts[t.aux]}
	case t.kind == tList:
		p.next()
		items := p.items(t, false)
		p.plainItems(items, false)
		list := make([]string, len(items))
		for i, item := range items {
			list[i] = itemText(item)
		}
		return Value{Kind: ListValue, List: list}
	case t.kind == tNumber, t.is(opMinus), t.is(opPlus):
		return Value{Kind: NumberValue, Number: p.signed(want, "")}
	case t.kind == tDate:
		p.next()
		return Value{Kind: DateValue, Date: p.dates[t.aux]}
	case t.kind == tDuration:
		p.fault(t, CodeValue, "write the time where it is used: within "+p.text(t), "a value is no length of time")
	case t.kind == tWord:
		return p.bareword(t, want, null, several)
	default:
		p.unexpected(want, "write a number, a text in quotes, a [list], a date, true or false")
	}
	return Value{}
}

func itemText(item ListItem) string {
	if item.Quoted {
		return item.Text
	}
	return item.Raw
}

func (p *parser) bareword(t token, want string, null, several bool) Value {
	w := p.text(t)
	text := p.bare(several)
	if p.bad || text != w {
		return Value{Kind: TextValue, Text: text}
	}
	if b, ok := boolWord(w); ok {
		return Value{Kind: BoolValue, Bool: b}
	}
	switch {
	case strings.EqualFold(w, "null") || strings.EqualFold(w, "nil"):
		if !null {
			p.fault(t, CodeValue, "give a value, or leave it out", "%s is no value of %s", w, want)
		}
		return Value{}
	case w == "missing" || w == "unset":
		p.fault(t, CodeSyntax, "write null, or leave the field out; put a text in quotes", "%s is no value", w)
	}
	return Value{Kind: TextValue, Text: text}
}

// bare reads a text without quotes as it stands: a word with what touches it,
// as in mid-size, gmail.com or AT&T, and further words where several may be.
func (p *parser) bare(several bool) string {
	first := p.next()
	for !p.bad {
		t := p.peek()
		next := p.ahead(1)
		switch {
		case t.kind == tWord && (t.touches() || several) && !p.asOf():
		case t.kind == tNumber && (t.touches() || several):
		case t.touches() && next.touches() && (next.kind == tWord || next.kind == tNumber) &&
			(t.is(opMinus) || t.is(opDot) || t.is(opSlash) || t.is(opPlus) || t.is(opWrong) && p.text(t) == "&"):
			p.next()
		default:
			return plainSpaces(p.src[first.off:p.toks[p.prev].end])
		}
		p.next()
	}
	return ""
}

// asOf tells whether "as of" and a date come next.
func (p *parser) asOf() bool { return p.atWords("as", "of") && p.ahead(2).kind == tDate }

// table reads { key: value, … } and calls entry at each value. Entries end at
// a comma or at the end of a line.
func (p *parser) table(what string, entry func(at Pos, key Key)) {
	open := p.expect(opLBrace, "`{`", "")
	if p.bad {
		return
	}
	for n := 0; !p.bad; n++ {
		for p.peek().kind == tNewline || p.at(opComma) && n == 0 {
			if p.at(opComma) {
				p.unexpected("an entry", "delete the comma")
				return
			}
			p.next()
		}
		if p.take(opRBrace) {
			if n == 0 {
				p.fault(open, CodeSyntax, "write key: value, such as 1000+: 50", "%s has no entry", what)
			}
			return
		}
		if t := p.peek(); t.kind == tEOF || t.line != open.line && p.toks[p.i-1].kind == tNewline && p.arrowOnLine(p.i) {
			p.unclosed(open, what)
			return
		}
		if p.statements++; p.statements > MaxStatement {
			p.tooMany(MaxStatement, "statements and entries")
			return
		}
		at := p.peek().pos()
		key := p.key()
		p.expect(opColon, "`:` and a value", "write key: value, entries apart by commas")
		p.skipLines()
		entry(at, key)
		if t := p.peek(); p.bad || t.kind == tNewline || t.is(opRBrace) || p.take(opComma) {
			continue
		}
		p.unexpected("a comma or }", "put a comma between entries")
	}
}

// unclosed reports a brace that nothing closes, at the brace.
func (p *parser) unclosed(open token, what string) {
	p.fault(open, CodeSyntax, "write the closing }", "%s is not closed", what)
	// The brace is not open any more, or the lines to come would be lost.
	p.braces--
	if p.i > 0 && p.toks[p.i-1].kind == tNewline {
		p.i--
	}
}

// key reads the key of a table's entry.
func (p *parser) key() Key {
	t := p.peek()
	switch {
	case t.kind == tNumber, t.is(opMinus), t.is(opPlus):
		return p.numberKey()
	case t.kind == tText:
		p.next()
		return Key{Kind: KeyText, Text: p.texts[t.aux]}
	case t.kind == tDate, t.kind == tDuration:
		p.fault(t, CodeSyntax, "write the entries as rules of their own", "a table's key is a number or a text, found %s", p.describe(t))
	case comparisonOp(t) != "":
		p.fault(t, CodeSyntax, "write 1000+ for 1000 and more, 0-49 for an interval, else for the rest", "a table's key has no operator, found %s", p.describe(t))
	case t.kind == tWord:
		text := p.bare(true)
		switch text {
		case "missing":
			return Key{Kind: KeyMissing}
		case "else":
			return Key{Kind: KeyElse}
		}
		if meant := otherKeys[strings.ToLower(text)]; meant != "" {
			p.fault(t, CodeSyntax, "write "+meant+", or quotes around a text", "a table has no key `%s`", text)
		}
		return Key{Kind: KeyText, Text: text}
	default:
		p.unexpected("a key", "write key: value, such as 1000+: 50 or else: 0")
	}
	return Key{}
}

// otherKeys is what people write for the keys missing and else.
var otherKeys = map[string]string{
	"missing": "missing", "null": "missing", "nil": "missing", "empty": "missing",
	"else": "else", "otherwise": "else", "default": "else",
}

func (p *parser) numberKey() Key {
	t := p.peek()
	lo := p.end("a number", "")
	switch {
	case p.take(opPlus):
		return Key{Kind: KeyFrom, Lo: lo.Value}
	case p.take(opMinus), p.take(opDotDot):
		hi := p.end("the upper end of the interval", "write 1-49, or 1000+ without an upper end")
		if p.oneSuffix(t, "-", lo, hi); !p.bad && hi.Value < lo.Value {
			p.fault(t, CodeValue, "write the lower end first", "the ends of the interval are reversed")
		}
		return Key{Kind: KeyRange, Lo: lo.Value, Hi: hi.Value}
	}
	return Key{Kind: KeyNumber, Lo: lo.Value}
}

// entries reads a table of numbers.
func (p *parser) entries(what string, value func() float64) []Entry {
	var entries []Entry
	p.table(what, func(at Pos, key Key) {
		entries = append(entries, Entry{Pos: at, Key: key, Value: value()})
	})
	return entries
}

// tooMany reports that a bound is exceeded, and stops reading.
func (p *parser) tooMany(most int, what string) {
	p.bad = false
	p.fault(p.toks[p.i], CodeLimit, "split the ruleset", "more than %d %s", most, what)
	p.quit = true
	p.i = len(p.toks) - 1
}
