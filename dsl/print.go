package dsl

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/numeral"
)

// How tightly the forms of an expression bind, loosest first. A form stands
// in parentheses wherever something tighter is wanted.
const (
	bindTernary = iota
	bindOr
	bindAnd
	bindNot
	bindTest // comparisons, chains and tests; none takes another as an operand
	bindSum
	bindProduct
	bindUnary
	bindElse
	bindPrimary
)

// printNode gives the canonical text of an expression: one line, no more
// parentheses than needed, and parsing it gives an equal tree.
func printNode(n Node) string {
	var p nodePrinter
	p.b.Grow(64) // most are shorter
	p.expr(n, bindTernary)
	return p.b.String()
}

type nodePrinter struct {
	b strings.Builder
}

// expr prints n where a form that binds at least as tightly as want may stand.
func (p *nodePrinter) expr(n Node, want int) {
	if n == nil {
		return
	}
	if binding(n) < want {
		p.b.WriteByte('(')
		defer p.b.WriteByte(')')
	}
	switch n := n.(type) {
	case *Name:
		p.b.WriteString(n.Ident)
	case *Number:
		p.b.WriteString(printNumber(n))
	case *Text:
		writeQuoted(&p.b, n.Value)
	case *Bool:
		p.b.WriteString(strconv.FormatBool(n.Value))
	case *DateLit:
		p.b.WriteString(n.Date.String())
	case *DurationLit:
		p.b.WriteString(printDuration(Duration(n.Value)))
	case *List:
		p.list(n)
	case *Interval:
		p.interval(n, false)
	case *Unary:
		p.unary(n)
	case *Binary:
		p.binary(n)
	case *Chain:
		p.expr(n.X[0], bindSum)
		for i, op := range n.Ops {
			p.b.WriteString(" " + string(op) + " ")
			p.expr(n.X[i+1], bindSum)
		}
	case *Test:
		p.expr(n.X, bindSum)
		p.b.WriteString(" is ")
		if n.Not {
			p.b.WriteString("not ")
		}
		p.b.WriteString(string(n.Is))
	case *Ternary:
		p.expr(n.If, bindOr)
		p.b.WriteString(" ? ")
		p.expr(n.Then, bindOr)
		p.b.WriteString(" : ")
		p.expr(n.Else, bindTernary)
	case *Call:
		p.b.WriteString(n.Func)
		p.b.WriteByte('(')
		for i, a := range n.Args {
			if i > 0 {
				p.b.WriteString(", ")
			}
			p.expr(a, bindTernary)
		}
		p.b.WriteByte(')')
	case *Log:
		p.log(n)
	case *Closure:
		p.expr(n.Body, bindTernary)
	case *Element:
		p.b.WriteByte('#')
	}
}

// binding tells how tightly a node's canonical text binds.
func binding(n Node) int {
	switch n := n.(type) {
	case *Ternary:
		return bindTernary
	case *Unary:
		if n.Op == OpNot {
			return bindNot
		}
		return bindUnary
	case *Number:
		if n.Value < 0 {
			return bindUnary
		}
	case *Chain, *Test:
		return bindTest
	case *Binary:
		switch n.Op {
		case OpOr:
			return bindOr
		case OpAnd:
			return bindAnd
		case OpAdd, OpSub:
			return bindSum
		case OpMul, OpDiv, OpMod:
			return bindProduct
		case OpElse:
			if isSigned(n.Y) {
				return bindUnary // its end would take what follows for its own
			}
			return bindElse
		}
		return bindTest
	}
	return bindPrimary
}

func (p *nodePrinter) unary(n *Unary) {
	if n.Op == OpNot {
		p.b.WriteString("not ")
		p.expr(n.X, bindNot)
		return
	}
	p.b.WriteString(string(n.Op))
	if isSigned(n.X) {
		p.b.WriteByte(' ') // ++ is another operator
	}
	p.expr(n.X, bindUnary)
}

func (p *nodePrinter) binary(n *Binary) {
	b := binding(n)
	switch {
	case b == bindTest:
		p.test(n)
		return
	case n.Op == OpElse:
		b = bindElse
	}
	// These group from the left.
	p.expr(n.X, b)
	p.b.WriteString(" " + string(n.Op) + " ")
	if n.Op == OpElse && isSigned(n.Y) {
		b = bindUnary - 1
	}
	p.expr(n.Y, b+1)
}

// isSigned tells whether a node begins with a sign of its own.
func isSigned(n Node) bool {
	u, ok := n.(*Unary)
	return ok && u.Op != OpNot
}

// test prints a comparison, a membership or a test of a text or a list.
func (p *nodePrinter) test(n *Binary) {
	left := bindSum
	if isEquality(n) && isEquality(n.X) {
		left = bindTest // a = b = c groups from the left
	}
	p.expr(n.X, left)
	p.b.WriteByte(' ')
	if y, ok := n.Y.(*Interval); ok && n.Op == OpIn {
		p.interval(y, n.Not)
		return
	}
	p.b.WriteString(testWords(n.Op, n.Not))
	p.b.WriteByte(' ')
	want := bindSum
	if n.Op == OpIn {
		want = bindPrimary // here a sign or a minus would make an interval
		switch n.Y.(type) {
		case *Number, *Text, *Bool, *DateLit, *DurationLit:
			// One value is no list: the checker says so, and the reader takes
			// it in parentheses alone.
			p.b.WriteByte('(')
			p.expr(n.Y, bindSum)
			p.b.WriteByte(')')
			return
		}
	}
	p.expr(n.Y, want)
}

func isEquality(n Node) bool {
	b, ok := n.(*Binary)
	return ok && (b.Op == OpEq || b.Op == OpNe)
}

// testWords gives the canonical spelling of an operator of two operands.
func testWords(op Op, not bool) string {
	if op == OpEq {
		op = "="
	}
	if !not {
		return string(op)
	}
	switch op {
	case OpContains:
		return "does not contain"
	case OpStarts:
		return "does not start with"
	case OpEnds:
		return "does not end with"
	case OpMatches:
		return "does not match"
	case OpHasWord, OpHasAny, OpHasAll, OpHasNone:
		return "does not have" + strings.TrimPrefix(string(op), "has")
	}
	return "not " + string(op)
}

// interval prints the operator of an interval, and the interval.
func (p *nodePrinter) interval(n *Interval, not bool) {
	if not {
		p.b.WriteString("not ")
	}
	lo, loBare, ok := intervalEnd(n.Lo)
	hi, hiBare, ok2 := intervalEnd(n.Hi)
	if !ok || !ok2 {
		p.b.WriteString("between ")
		p.expr(n.Lo, bindSum)
		p.b.WriteString(" and ")
		p.expr(n.Hi, bindSum)
		return
	}
	sep := "-"
	if !loBare || !hiBare {
		sep = ".."
	}
	p.b.WriteString("in " + lo + sep + hi)
}

// intervalEnd prints an end that may stand before or after a dash or dots;
// bare ends may touch a dash.
func intervalEnd(n Node) (text string, bare, ok bool) {
	switch n := n.(type) {
	case *Number:
		s := printNumber(n)
		return s, n.Value >= 0 && !strings.ContainsAny(s, "e"), true
	case *Name:
		return n.Ident, false, true
	case *DateLit:
		return n.Date.String(), false, true
	}
	return "", false, false
}

func (p *nodePrinter) list(n *List) {
	p.b.WriteByte('[')
	for i := range n.Items {
		item := &n.Items[i]
		if i > 0 {
			p.b.WriteByte(',')
			// After a space these would begin a comment.
			if item.Quoted || !strings.HasPrefix(item.Raw, "#") && !strings.HasPrefix(item.Raw, "//") {
				p.b.WriteByte(' ')
			}
		}
		if item.Quoted {
			writeQuoted(&p.b, item.Text)
		} else {
			p.b.WriteString(asItStands(item.Raw))
		}
	}
	p.b.WriteByte(']')
}

func (p *nodePrinter) log(n *Log) {
	p.b.WriteString(n.Func + "(" + n.Activity.Ident)
	if n.ByAccount {
		p.b.WriteString(" by account")
	}
	if n.Where != nil {
		p.b.WriteString(" where ")
		p.filter(n.Where)
	}
	if n.Window != nil {
		p.b.WriteString(", ")
		p.expr(n.Window, bindTernary)
	}
	p.b.WriteByte(')')
}

// filter prints the condition of a where. There a "within" after a test
// begins the window, so a test of a test stands in parentheses.
func (p *nodePrinter) filter(n Node) {
	if !asksWithinTest(n) {
		p.expr(n, bindTernary)
		return
	}
	p.b.WriteByte('(')
	p.expr(n, bindTernary)
	p.b.WriteByte(')')
}

// asksWithinTest tells whether n asks of a test, not of a time, if it is
// within a window.
func asksWithinTest(n Node) bool {
	switch n := n.(type) {
	case *Unary:
		return asksWithinTest(n.X)
	case *Binary:
		return n.Op == OpWithin && binding(n.X) == bindTest || asksWithinTest(n.X) || asksWithinTest(n.Y)
	case *Ternary:
		return asksWithinTest(n.If) || asksWithinTest(n.Then) || asksWithinTest(n.Else)
	}
	return false
}

// printNumber gives a number as its author wrote it where that is digits with
// a suffix, such as 10M or 60%, and else its shortest decimal.
func printNumber(n *Number) string {
	source, sign := n.Source, ""
	if n.Value < 0 {
		source, sign = strings.TrimPrefix(source, "-"), "-"
	}
	if s := plainNumber(source); s != "" {
		if v, ok := suffixed(s); ok && v == math.Abs(n.Value) {
			return sign + s
		}
	}
	return numeral.Plain(n.Value)
}

// plainNumber takes a literal's decoration off: the dollar, the separators,
// and a word for a suffix.
func plainNumber(source string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == ',' || r == '$' || unicode.IsSpace(r):
			return -1
		}
		return r
	}, source)
	lower := strings.ToLower(s)
	for _, w := range [...]struct{ word, suffix string }{{"thousand", "k"}, {"million", "M"}, {"billion", "B"}} {
		if strings.HasSuffix(lower, w.word) {
			s = s[:len(s)-len(w.word)] + w.suffix
		}
	}
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	return s
}

// suffixed reads digits with an optional fraction and suffix, exactly.
func suffixed(s string) (float64, bool) {
	digits, exponent := s, ""
	if n := len(s); n > 0 {
		switch s[n-1] {
		case 'k', 'K':
			digits, exponent = s[:n-1], "e3"
		case 'M':
			digits, exponent = s[:n-1], "e6"
		case 'B':
			digits, exponent = s[:n-1], "e9"
		case '%':
			digits, exponent = s[:n-1], "e-2"
		}
	}
	whole, fraction, dotted := strings.Cut(digits, ".")
	if !allDigits(whole) || dotted && !allDigits(fraction) {
		return 0, false
	}
	v, err := strconv.ParseFloat(digits+exponent, 64)
	return v, err == nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// formatDuration gives days or hours, whichever is the largest that divides,
// and Go's text for what is neither.
func formatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return strconv.FormatInt(int64(d/day), 10) + "d"
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	}
	return d.String()
}

// printDuration gives a length of time as the language writes it: days or
// hours, with a fraction where neither divides it.
func printDuration(d Duration) string {
	if time.Duration(d)%time.Hour == 0 {
		return d.String()
	}
	return strconv.FormatFloat(time.Duration(d).Hours(), 'f', -1, 64) + "h"
}

// asItStands gives the raw text of a list's item, on one line. What the reader
// does not trim is kept: it would be another text.
func asItStands(raw string) string {
	if strings.ContainsAny(raw, "\n\r") || !utf8.ValidString(raw) {
		return oneLine(raw)
	}
	return raw
}

// oneLine puts a text on one line: each run of line ends and the spaces
// around them becomes one space.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r") && utf8.ValidString(s) {
		return strings.TrimSpace(s)
	}
	lines := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(strings.Join(lines, " "))
}
