package dsl

import (
	"math"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/numeral"
)

// operatorStart is the words, in lower case, that can stand where an operator
// can.
var operatorStart = wordSet(`and or is in not has contains does starts startswith ends endswith matches
	equals eq neq ne gt gte lt lte within between at`)

// comparisons are the operators that are one word.
var comparisons = map[string]Op{
	"gte": OpGe, "gt": OpGt, "lte": OpLe, "lt": OpLt, "equals": OpEq, "eq": OpEq, "neq": OpNe, "ne": OpNe,
}

// test reads comparisons and tests, which group from the left.
func (p *parser) test() Node {
	n := p.sum()
	for !p.bad {
		t := p.peek()
		if op := comparisonOp(t); op != "" {
			p.next()
			n = p.compare(n, op, t)
			continue
		}
		w := p.lower()
		if !operatorStart[w] || w == "and" || w == "or" ||
			w == "within" && p.filter && isTest(n) || w == "at" && p.atLeast(0) == "" {
			return n
		}
		n = p.wordTest(n, t, w)
	}
	return nil
}

func isTest(n Node) bool { return n != nil && binding(n) == bindTest }

// comparisonOp gives the operator of a symbol, empty for another token.
func comparisonOp(t token) Op {
	if t.kind != tOp {
		return ""
	}
	switch t.op {
	case opEq, opEqEq:
		return OpEq
	case opNe:
		return OpNe
	case opLt:
		return OpLt
	case opLe:
		return OpLe
	case opGt:
		return OpGt
	case opGe:
		return OpGe
	}
	return ""
}

// atLeast gives the operator of "at least" and "at most" at the n-th token.
func (p *parser) atLeast(n int) Op {
	if p.lowerAhead(n) == "at" {
		switch p.lowerAhead(n + 1) {
		case "least":
			return OpGe
		case "most":
			return OpLe
		}
	}
	return ""
}

// takeComparison takes a comparison in symbols or words, empty if none is
// next.
func (p *parser) takeComparison() Op {
	op := comparisonOp(p.peek())
	if op == "" {
		op = comparisons[p.lower()]
	}
	if op == "" {
		if op = p.atLeast(0); op != "" {
			p.next()
		}
	}
	if op != "" {
		p.next()
	}
	return op
}

func isOrder(op Op) bool { return op == OpLt || op == OpLe || op == OpGt || op == OpGe }

// compare reads the right side of a comparison, and the rest of a chain such
// as 100 <= x < 1000.
func (p *parser) compare(x Node, op Op, t token) Node {
	ops, xs := []Op{op}, []Node{x, p.right(op)}
	for isOrder(op) && !p.bad {
		before := p.i
		next := p.takeComparison()
		if !isOrder(next) {
			p.i = before
			break
		}
		ops, xs = append(ops, next), append(xs, p.right(next))
		p.nodes++
	}
	if len(ops) == 1 {
		return p.add(&Binary{At: t.pos(), Op: op, X: x, Y: xs[1]})
	}
	return p.add(&Chain{At: t.pos(), Ops: ops, X: xs})
}

// right reads the right side of a comparison.
func (p *parser) right(op Op) Node {
	p.skipLines()
	t := p.peek()
	if w := p.lower(); (op == OpEq || op == OpNe) && !p.ahead(1).is(opLParen) {
		is := "is "
		if op == OpNe {
			is = "is not "
		}
		switch w {
		case "null", "nil", "undefined":
			p.fault(t, CodeNotAllowed, "write "+is+"missing", "missing data is not compared with %s", p.text(t))
		case "missing", "known", "empty":
			p.fault(t, CodeSyntax, "write "+is+w+", or quotes around a text", "%s is no value", w)
		}
	}
	return p.textOr(p.sum)
}

// textOr reads the right side of a test: a text such as OR, as a state is
// written, or what read reads.
func (p *parser) textOr(read func() Node) Node {
	p.skipLines()
	if !p.codeWord(0) {
		return read()
	}
	t := p.next()
	return p.add(&Text{At: t.pos(), Value: p.text(t)})
}

// codeWord tells whether the n-th token after the next is a word with a capital
// that is an operator elsewhere, and stands here where only a value can: what
// follows it ends an operand.
func (p *parser) codeWord(n int) bool {
	t := p.ahead(n)
	w := p.word(t)
	if !capital(w) || !operatorStart[strings.ToLower(w)] {
		return false
	}
	switch next := p.ahead(n + 1); next.kind {
	case tWord:
		w := p.lowerAhead(n + 1)
		return w == "and" || w == "or" || endsCondition[w]
	case tNewline, tEOF, tText:
		return true
	case tOp:
		return next.isArrow() || next.is(opRParen) || next.is(opRBrace) || next.is(opComma) || next.is(opAndAnd) || next.is(opOrOr)
	}
	return false
}

// wordTest reads a test that begins with the word w at t.
func (p *parser) wordTest(x Node, t token, w string) Node {
	if op := comparisons[w]; op != "" {
		p.next()
		if w == "equals" && p.lower() == "to" && p.beginsValue(p.ahead(1)) {
			p.fault(p.peek(), CodeSyntax, "write equals alone, or =", "`equals` takes no `to`")
		}
		return p.compare(x, op, t)
	}
	not := false
	switch w {
	case "at":
		return p.compare(x, p.takeComparison(), t)
	case "is":
		return p.is(x, t)
	case "does":
		p.next()
		if !p.takeLower("not") {
			p.unexpected("`not`", "write contains, or does not contain")
			return nil
		}
		not = true
		w = doesNot[p.lower()]
		if w == "equals" {
			p.next()
			p.takeLower("to")
			return p.compare(x, OpNe, t)
		}
	case "not":
		p.next()
		not = true
		w = p.lower()
		if w == "not" || w == "is" || w == "does" {
			w = ""
		}
		p.notCompared()
	}
	return p.verb(x, t, w, not)
}

// doesNot gives the operator of the verb after "does not".
var doesNot = map[string]string{
	"equal": "equals", "contain": "contains", "start": "starts", "end": "ends", "match": "matches", "have": "has",
}

// verb reads a test by its verb, whose word is next.
func (p *parser) verb(x Node, t token, w string, not bool) Node {
	var op Op
	switch w {
	case "in":
		p.next()
		return p.in(x, t, not)
	case "between":
		p.next()
		return p.between(x, t, not)
	case "within":
		p.next()
		return p.within(x, t, not)
	case "contains":
		op = OpContains
	case "startswith":
		op = OpStarts
	case "endswith":
		op = OpEnds
	case "starts", "ends":
		op = OpStarts
		if w == "ends" {
			op = OpEnds
		}
		if p.lowerAhead(1) != "with" {
			p.next()
			p.unexpected("`with`", "write "+w+" with")
			return nil
		}
		p.next()
	case "matches":
		p.next()
		return p.matches(x, t, not)
	case "has":
		p.next()
		return p.has(x, t, not)
	default:
		p.unexpected("in, contains, starts with, ends with, matches, has, between or within", notFix[p.lower()])
		return nil
	}
	p.next()
	if op == OpContains {
		switch w := p.lower(); {
		case (w == "any" || w == "all" || w == "none") && (p.ahead(1).kind == tList || p.lowerAhead(1) == "of"):
			p.fault(p.peek(), CodeSyntax, "write has "+w+" [...]", "contains takes one text")
		case p.peek().kind == tList:
			p.fault(p.peek(), CodeSyntax, `write has any [...] for a list, or in [...]; for a text write contains "a" or x contains "b"`, "contains takes one text")
		}
	}
	return p.add(&Binary{At: t.pos(), Op: op, Not: not, X: x, Y: p.textOr(p.sum)})
}

// notFix says what to write for a word that cannot follow "not".
var notFix = map[string]string{
	"like": "write does not contain, or not matches", "ilike": "write does not contain, or not matches",
	"null": "write is known", "nil": "write is known", "missing": "write is known", "known": "write is missing",
	"empty": "write is not empty", "blank": "write is not empty", "set": "write is missing",
	"equal": "write does not equal, or !=", "equals": "write does not equal, or !=", "contain": "write does not contain",
}

// beginsValue tells whether a value begins with a token.
func (p *parser) beginsValue(t token) bool {
	switch t.kind {
	case tNumber, tText, tDate:
		return true
	case tWord:
		w := strings.ToLower(p.text(t))
		return !operatorStart[w] && !endsCondition[w]
	}
	return false
}

// is reads what follows "is".
func (p *parser) is(x Node, t token) Node {
	p.next()
	not := p.takeLower("not")
	if p.codeWord(0) {
		return p.compare(x, map[bool]Op{false: OpEq, true: OpNe}[not], t)
	}
	switch w := p.lower(); w {
	case "known", "missing", "empty":
		p.next()
		return p.add(&Test{At: t.pos(), Is: Is(w), Not: not, X: x})
	case "in", "between", "within":
		return p.verb(x, t, w, not)
	case "any", "one":
		if p.lowerAhead(1) == "of" {
			p.next()
			p.next()
			return p.in(x, t, not)
		}
	}
	if w := p.lower(); foreign[w].fix != "" {
		if next := p.lowerAhead(1); next == "than" || next == "to" || next == "or" && w == "equal" {
			p.fault(p.peek(), CodeSyntax, foreign[w].fix, "%s is no operator", p.describe(p.peek()))
		}
	}
	op := OpEq
	if other := p.takeComparison(); other != "" {
		op = other
	}
	if not {
		op = negated[op]
	}
	return p.compare(x, op, t)
}

var negated = map[Op]Op{OpEq: OpNe, OpNe: OpEq, OpLt: OpGe, OpGe: OpLt, OpGt: OpLe, OpLe: OpGt}

// in reads a list, an interval, or the name of a list.
func (p *parser) in(x Node, t token, not bool) Node {
	p.skipLines()
	next := p.peek()
	switch {
	case next.kind == tText:
		p.fault(next, CodeSyntax, "write in [...], or contains", "in wants a list or an interval, found %s", p.describe(next))
		return nil
	case next.kind == tDuration:
		p.fault(next, CodeSyntax, "write within "+p.text(next), "`in` asks for values, not for a length of time")
		return nil
	case next.is(opLParen) && p.commaInside():
		p.fault(next, CodeSyntax, "write in "+p.ownList(), "a list stands in square brackets")
		return nil
	case next.is(opLBrace):
		p.fault(next, CodeSyntax, "write in "+p.ownList(), "a list stands in square brackets")
		return nil
	case next.kind == tWord && p.windowFollows():
		p.fault(next, CodeSyntax, "write within "+p.ownSpan(), "`in` asks for values, not for a length of time")
		return nil
	}
	y := p.interval("in")
	if from, ok := y.(*Interval); ok && from.Hi == nil {
		op := OpGe
		if not {
			op = OpLt
		}
		return p.add(&Binary{At: t.pos(), Op: op, X: x, Y: from.Lo})
	}
	return p.add(&Binary{At: t.pos(), Op: OpIn, Not: not, X: x, Y: y})
}

// windowFollows tells whether "last 30 days" or "the last 30 days" is next.
func (p *parser) windowFollows() bool {
	n := 0
	if p.lowerAhead(n) == "the" {
		n++
	}
	if w := p.lowerAhead(n); w != "last" && w != "past" {
		return false
	}
	return p.ahead(n+1).kind == tDuration || p.ahead(n+1).kind == tNumber
}

// commaInside tells whether the parenthesis that is next holds a comma of its
// own.
func (p *parser) commaInside() bool {
	deep := 0
	for i := p.i; ; i++ {
		switch t := p.toks[i]; {
		case t.is(opLParen):
			deep++
		case t.is(opRParen):
			if deep--; deep == 0 {
				return false
			}
		case t.is(opComma) && deep == 1:
			return true
		case t.kind == tEOF || t.isArrow() || int(t.end)-p.from > MaxFormula:
			return false
		}
	}
}

// interval reads lo-hi, lo..hi or lo+, or, where it is none of these, the
// operand that stands there. An interval without an upper end has no Hi.
func (p *parser) interval(after string) Node {
	t := p.peek()
	if t.kind == tList || t.is(opLParen) || t.kind == tWord && p.goesOnAsOperand() || !p.beginsEnd() {
		return p.sum()
	}
	lo := p.intervalEnd()
	sep := p.peek()
	switch {
	case p.bad:
		return nil
	case sep.is(opMinus), sep.is(opDotDot):
		p.next()
		p.skipLines()
		if p.atArrow() || !p.beginsEnd() {
			p.unexpected("the upper end of the interval", "write 100-1000, or 1000+ without an upper end")
			return nil
		}
		hi := p.intervalEnd()
		if p.oneSuffix(t, "-", lo, hi); !p.bad && reversed(lo, hi) {
			p.fault(t, CodeValue, "write the lower end first", "the ends of the interval are reversed")
		}
		return p.add(&Interval{At: t.pos(), Lo: lo, Hi: hi})
	case sep.is(opPlus) && !p.operandFollows(0):
		p.next()
		return p.add(&Interval{At: t.pos(), Lo: lo})
	}
	if n, ok := lo.(*Name); ok {
		return n
	}
	if sep.kind == tError || p.lower() == "to" {
		p.fault(sep, CodeSyntax, "write in 5-10", "an interval has a hyphen or two dots, found %s", p.describe(sep))
		return nil
	}
	p.fault(t, CodeSyntax, "write "+after+" 100-1000, "+after+" [..], or = for one value",
		"%s wants a list or an interval, found %s", after, p.describe(t))
	return nil
}

// goesOnAsOperand tells whether the word that is next begins an expression
// that no end of an interval is: a call, a product …
func (p *parser) goesOnAsOperand() bool {
	switch next := p.ahead(1); next.op {
	case opLParen, opQQ, opStar, opSlash, opPercent:
		return next.kind == tOp
	case opPlus:
		return next.kind == tOp && p.operandFollows(1)
	}
	return false
}

func (p *parser) atArrow() bool { return p.peek().isArrow() }

// beginsEnd tells whether an interval's end can begin here.
func (p *parser) beginsEnd() bool {
	t := p.peek()
	if t.is(opMinus) || t.is(opPlus) {
		t = p.ahead(1)
		return t.kind == tNumber
	}
	return t.kind == tNumber || t.kind == tDate || t.kind == tWord && !operatorWords[p.lower()] || t.kind == tError
}

// intervalEnd reads a number with an optional sign, a date or a name.
func (p *parser) intervalEnd() Node {
	first := p.peek()
	sign := 1.0
	if first.is(opMinus) || first.is(opPlus) {
		if p.next().is(opMinus) {
			sign = -1
		}
	}
	switch t := p.next(); t.kind {
	case tNumber:
		source := p.text(t)
		if sign < 0 {
			source = "-" + source
		}
		return p.add(&Number{At: first.pos(), Value: 0 + sign*p.nums[t.aux], Source: source})
	case tDate:
		return p.add(&DateLit{At: t.pos(), Date: p.dates[t.aux]})
	case tWord:
		return p.add(&Name{At: t.pos(), Ident: p.text(t)})
	default:
		p.fault(t, CodeSyntax, "write a number or a date, as in 100-1000", "expected an end of the interval, found %s", p.describe(t))
		return nil
	}
}

// operandFollows tells whether what stands after the n-th token ahead, a plus,
// is an operand of it, so that it is not the plus of the interval 1000+.
func (p *parser) operandFollows(n int) bool {
	t := p.ahead(n + 1)
	switch t.kind {
	case tNumber, tList, tDate, tDuration:
		return true
	case tWord:
		w := p.lowerAhead(n + 1)
		return !operatorStart[w] && !endsCondition[w]
	}
	return t.is(opLParen) || t.is(opMinus) || t.is(opPlus) || t.is(opBang)
}

// endsCondition is the words that may follow a condition.
var endsCondition = wordSet("hold play when within where by over max min per")

// oneSuffix reports an interval such as 10-20M, which people write for 10M-20M
// and some for what it says. Zero needs no suffix, and neither does a number
// that is large enough by itself or would be beyond the upper end.
func (p *parser) oneSuffix(t token, sep string, lo, hi Node) {
	from, ok := lo.(*Number)
	to, ok2 := hi.(*Number)
	if p.bad || !ok || !ok2 || from.Value <= 0 || from.Value >= 1000 || suffixOf(from) != "" {
		return
	}
	suffix := suffixOf(to)
	u := units[suffix]
	if suffix == "%" {
		u.exponent = -2
	}
	if suffix == "" || suffix == "%" && from.Value < 1 || from.Value*math.Pow10(u.exponent) > to.Value {
		return
	}
	short := map[int]string{-2: "%", 3: "k", 6: "M", 9: "B"}[u.exponent]
	digits := func(n *Number) string {
		return strings.TrimRight(strings.TrimSuffix(n.Source, suffixOf(n)), " \t\u00a0")
	}
	fix := "write " + digits(from) + short + sep + digits(to) + short
	if suffix != "%" {
		fix += ", or " + digits(from) + sep + numeral.Plain(to.Value) + " if that is meant"
	}
	p.fault(t, CodeValue, fix, "the upper end has the suffix %s, and the lower end has none", suffix)
}

// suffixOf gives the suffix of a number as it was written: k, M, million, %.
func suffixOf(n *Number) string {
	s := strings.TrimLeft(n.Source, "+-$ \u00a00123456789_,.")
	s = strings.TrimLeft(s, "\t")
	if units[s].exponent != 0 || s == "%" {
		return s
	}
	return ""
}

func reversed(lo, hi Node) bool {
	switch lo := lo.(type) {
	case *Number:
		hi, ok := hi.(*Number)
		return ok && lo.Value > hi.Value
	case *DateLit:
		hi, ok := hi.(*DateLit)
		return ok && lo.Date.Time.After(hi.Date.Time)
	}
	return false
}

// between reads A and B; the "and" is its own.
func (p *parser) between(x Node, t token, not bool) Node {
	p.skipLines()
	at := p.peek()
	if at.kind == tList || at.is(opLParen) && p.commaInside() {
		p.fault(at, CodeSyntax, "write between 5 and 10", "the ends of between stand without brackets")
		return nil
	}
	lo := constant(p.operand(p.sum))
	p.goOn()
	if !p.takeLower("and") && !p.take(opAndAnd) {
		fix := "write between 10M and 50M"
		if sep, hi := p.peek(), p.ahead(1); hi.kind == tNumber && (p.lower() == "to" || sep.is(opMinus) || sep.is(opDotDot) || sep.is(opComma)) {
			fix = "write between " + p.src[at.off:p.toks[p.prev].end] + " and " + p.text(hi)
			p.fault(sep, CodeSyntax, fix, "between wants and, found %s", p.describe(sep))
		}
		p.unexpected("`and` and the upper end", fix)
		return nil
	}
	hi := constant(p.operand(p.sum))
	if p.oneSuffix(at, " and ", lo, hi); !p.bad && reversed(lo, hi) {
		p.fault(at, CodeValue, "write the lower end first", "the ends of the interval are reversed")
	}
	y := p.add(&Interval{At: at.pos(), Lo: lo, Hi: hi})
	return p.add(&Binary{At: t.pos(), Op: OpIn, Not: not, X: x, Y: y})
}

// constant makes one number of a sign and a number, as ends of intervals are.
func constant(n Node) Node {
	u, ok := n.(*Unary)
	if !ok || u.Op == OpNot {
		return n
	}
	x, ok := u.X.(*Number)
	switch {
	case !ok:
		return n
	case u.Op == OpAdd:
		return &Number{At: u.At, Value: x.Value, Source: x.Source}
	}
	return &Number{At: u.At, Value: 0 - x.Value, Source: "-" + x.Source}
}

// within reads a window.
func (p *parser) within(x Node, t token, not bool) Node {
	y := p.window("within")
	return p.add(&Binary{At: t.pos(), Op: OpWithin, Not: not, X: x, Y: y})
}

// window reads a length of time, or a name.
func (p *parser) window(after string) Node {
	p.skipLines()
	t := p.peek()
	switch {
	case t.kind == tDuration:
		p.next()
		return p.add(&DurationLit{At: t.pos(), Value: time.Duration(p.spans[t.aux])})
	case t.kind == tWord && p.endsOperand():
		p.next()
		return p.add(&Name{At: t.pos(), Ident: p.text(t)})
	case t.kind == tNumber && spanWords[p.lowerAhead(1)]:
		p.fault(p.ahead(1), CodeSyntax, "write "+after+" "+p.text(t)+" "+p.lowerAhead(1), "%s stands in lower case after a number", p.describe(p.ahead(1)))
	case t.kind == tNumber:
		p.fault(t, CodeSyntax, "write "+after+" "+p.text(t)+"d for days", "%s wants a length of time, found %s", after, p.describe(t))
	default:
		p.fault(t, CodeSyntax, "write "+after+" "+p.ownSpan(), "%s wants a length of time, found %s", after, p.describe(t))
	}
	return nil
}

// endsOperand tells whether the word that is next stands alone, as a name
// does, and does not begin a phrase such as "the last 30d".
func (p *parser) endsOperand() bool {
	switch next := p.ahead(1); next.kind {
	case tWord:
		w := p.lowerAhead(1)
		return operatorStart[w] || endsCondition[w]
	case tDuration, tNumber:
		return false
	default:
		return !next.is(opLParen)
	}
}

// matches reads a pattern, which is a text and nothing that data could make.
func (p *parser) matches(x Node, t token, not bool) Node {
	p.skipLines()
	pattern := p.peek()
	if pattern.kind != tText {
		p.fault(pattern, CodeNotAllowed, `write matches "^VP "`, "matches wants a pattern in quotes, found %s", p.describe(pattern))
		return nil
	}
	p.next()
	y := p.add(&Text{At: pattern.pos(), Value: p.texts[pattern.aux]})
	return p.add(&Binary{At: t.pos(), Op: OpMatches, Not: not, X: x, Y: y})
}

// has reads the tests of words and of lists.
func (p *parser) has(x Node, t token, not bool) Node {
	op, ok := map[string]Op{"word": OpHasWord, "any": OpHasAny, "all": OpHasAll, "none": OpHasNone}[p.lower()]
	if !ok {
		p.unexpected("word, any, all or none", `write contains "x", has word "x" or has any [x, y]`)
		return nil
	}
	p.next()
	if op != OpHasWord {
		p.takeLower("of")
	}
	return p.add(&Binary{At: t.pos(), Op: op, Not: not, X: x, Y: p.operand(p.sum)})
}
