package dsl

import (
	"fmt"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

var compareOps = map[Op]cond.Op{OpEq: cond.Eq, OpNe: cond.Ne, OpLt: cond.Lt, OpLe: cond.Le, OpGt: cond.Gt, OpGe: cond.Ge}

func (l *lowering) comparison(n *Binary) *cond.Node {
	if fix := quotedField(n); fix != "" {
		return l.fault(n.X.Pos(), CodeType, fix, "`%s` is no field", short(n.X))
	}
	if text := l.joinedText(n); text != "" {
		return l.fault(n.Y.Pos(), CodeType, "if it is text write "+quoteText(text), "`%s` is computed, of names that nothing declares", text)
	}
	x := l.hinted(n.X, besideType(n))
	return l.compare(n, x, l.right(n.X, n.Y, x))
}

// compare lowers a comparison of x and y, the constant on the right.
func (l *lowering) compare(n *Binary, x, y *cond.Node) *cond.Node {
	if x == nil || y == nil || !l.comparable(n, x, y) {
		return nil
	}
	op, xn, yn := compareOps[n.Op], n.X, n.Y
	if x.Op == cond.Const && y.Op != cond.Const {
		x, y, xn, yn, op = y, x, yn, xn, op.Mirrored()
	}
	if (op == cond.Eq || op == cond.Ne) && !l.possible(xn, yn, x, y) {
		return nil
	}
	if day, ok := l.days[y]; ok {
		return l.compareDay(op, x, day, n)
	}
	return l.made(&cond.Node{Op: op, Type: cond.Bool, Args: []*cond.Node{x, y}}, n)
}

// comparable reports a comparison whose sides cannot be compared.
func (l *lowering) comparable(n *Binary, x, y *cond.Node) bool {
	order := n.Op != OpEq && n.Op != OpNe
	switch {
	case x.Type != y.Type:
		l.fault(n.At, CodeType, l.mendTypes(n, x, y), "`%s` is %s and `%s` is %s; they cannot be compared",
			short(n.X), aType(x.Type), short(n.Y), aType(y.Type))
	case x.Type == cond.List:
		l.fault(n.At, CodeType, "use `has any`, `has all`, `has none`, `contains` or `is empty`", "`%s` does not compare lists", n.Op)
	case order && x.Type == cond.Text && quotedValue(n) != "":
		l.fault(n.At, CodeType, "leave the quotes out: "+quotedValue(n), "`%s` does not order texts", n.Op)
	case order && x.Type == cond.Text:
		l.fault(n.At, CodeType, "compare texts with `=`, `in` or `starts with`; a number is written without quotes and declared number", "`%s` does not order texts", n.Op)
	case order && x.Type == cond.Bool:
		l.fault(n.At, CodeType, "use `=`, or the condition alone", "`%s` does not order true and false", n.Op)
	default:
		return true
	}
	return false
}

// mendTypes says how a comparison of two types may be mended.
func (l *lowering) mendTypes(n *Binary, x, y *cond.Node) string {
	val, fieldType := y, x.Type
	vn := n.Y
	if x.Op == cond.Const {
		val, fieldType, vn = x, y.Type, n.X
	}
	if fix := l.mendParam(vn, fieldType); fix != "" {
		return fix
	}
	switch {
	case fieldType == cond.Text && val.Type == cond.List && vn == n.Y && (n.Op == OpEq || n.Op == OpNe):
		return "write `" + short(&Binary{At: n.At, Op: OpIn, Not: n.Op == OpNe, X: n.X, Y: n.Y}) + "`"
	case fieldType == cond.List && val.Type == cond.Text:
		return "ask whether the list has it: `contains`, or `has any [..]`"
	case fieldType == cond.Text && val.Op == cond.Const && val.Type != cond.List:
		return fmt.Sprintf("put the text in quotes: \"%s\"", short(vn))
	case val.Op == cond.Const && val.Type == cond.Text && fieldType == cond.Bool:
		return "write true or false without quotes"
	case val.Op == cond.Const && val.Type == cond.Text && fieldType == cond.Time:
		return "write the date without quotes: 2026-10-01"
	case val.Op == cond.Const && val.Type == cond.Text && quotedValue(n) != "":
		return "write the number without quotes: " + quotedValue(n)
	case val.Op == cond.Const && val.Type == cond.Text:
		return "write the number without quotes, or declare the field text"
	case fieldType == cond.Time && val.Type == cond.Number:
		return "write a date as 2026-10-01, or count days with `days_since(x)`"
	case fieldType == cond.Bool && val.Type == cond.Number:
		return "write true or false"
	}
	return "compare values of one type"
}

// mendParam says how the value of a param becomes one of a type; empty for
// what is no param, or has no such value.
func (l *lowering) mendParam(n Node, want cond.Type) string {
	name, ok := n.(*Name)
	if !ok {
		return ""
	}
	sym := l.c.lookup(l.s, name.Ident)
	if sym.kind != paramSymbol {
		return ""
	}
	v := sym.param.value
	switch {
	case want == cond.Text && v.Kind != ListValue:
		return fmt.Sprintf("put the param's value in quotes: param %s = %q", name.Ident, showValue(v))
	case v.Kind != TextValue:
		return ""
	}
	if literalType(literalItem(&ListItem{Raw: v.Text})) == want {
		return fmt.Sprintf("write the param's value without quotes: param %s = %s", name.Ident, clipText(v.Text, 40))
	}
	return ""
}

// possible reports an equality that can never be, because the field lists
// other values.
func (l *lowering) possible(xn, yn Node, x, y *cond.Node) bool {
	if y.Op != cond.Const {
		return true
	}
	switch y.Type {
	case cond.Text:
		return l.possibleText(xn, x, y.Text, yn.Pos())
	case cond.Number:
		name, ok := xn.(*Name)
		if !ok {
			return true
		}
		if f := l.c.lookup(l.s, name.Ident).field; f != nil && len(f.OneOf) > 0 {
			for _, v := range f.OneOf {
				if v.Kind == NumberValue && v.Number == y.Num {
					return true
				}
			}
			l.fault(yn.Pos(), CodeValue, "use one of its values, or add this one to the declaration", "`%s` is never %s", f.Name, short(yn))
			return false
		}
	}
	return true
}

// possibleText reports a text that a field with listed values, or a grade,
// never is.
func (l *lowering) possibleText(xn Node, x *cond.Node, value string, pos Pos) bool {
	if x != nil && x.Op == cond.Grade {
		if !l.c.isGrade(x.Slot, value) {
			l.fault(pos, CodeValue, "see the `grades` statements for the grades that there are", "`%s` is never `%s`", x.Src, clipText(value, 40))
			return false
		}
		return true
	}
	name, ok := xn.(*Name)
	if !ok {
		return true
	}
	f := l.c.lookup(l.s, name.Ident).field
	if f == nil || len(f.OneOf) == 0 || f.allows(value) {
		return true
	}
	l.fault(pos, CodeValue, l.c.oneOfFix(f, value), "`%s` is never `%s`", f.Name, clipText(value, 40))
	return false
}

// oneOfFix proposes one of the values that a field lists.
func (c *checker) oneOfFix(f *fieldInfo, value string) string {
	among := func() []string {
		var list []string
		for _, v := range f.OneOf {
			list = append(list, v.Text)
		}
		return list
	}
	if near := c.near(value, among); near != "" {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	return "use one of the values that its declaration lists, or add this one there"
}

// nextDay is the first instant after a whole day.
func nextDay(d Date) Date { return Date{Time: d.Time.Add(24 * time.Hour)} }

// compareDay compares a time with a whole day: after it is from the next day
// on, equal to it is within it.
func (l *lowering) compareDay(op cond.Op, x *cond.Node, day Date, n Node) *cond.Node {
	bound := day
	switch op {
	case cond.Eq, cond.Ne:
		in := l.made(&cond.Node{Op: cond.Between, Type: cond.Bool, Args: []*cond.Node{x},
			Lo: cond.Bound{Time: day.Time.UnixMicro()}, Hi: cond.Bound{Time: nextDay(day).Time.UnixMicro(), Open: true}}, n)
		if op == cond.Ne {
			return not(in, n)
		}
		return in
	case cond.Gt:
		op, bound = cond.Ge, nextDay(day)
	case cond.Le:
		op, bound = cond.Lt, nextDay(day)
	}
	return l.made(&cond.Node{Op: op, Type: cond.Bool, Args: []*cond.Node{x, timeNode(bound)}}, n)
}

// chain is 100 <= x < 1000: one interval where its ends are constants, else
// each comparison in turn.
func (l *lowering) chain(n *Chain) *cond.Node {
	values := make([]*cond.Node, len(n.X))
	for i, xn := range n.X {
		if i > 0 && i == len(n.X)-1 {
			values[i] = l.right(n.X[i-1], xn, values[i-1])
		} else {
			values[i] = l.value(xn)
		}
	}
	all := &cond.Node{Op: cond.And, Type: cond.Bool, Src: printNode(n)}
	for i, op := range n.Ops {
		pair := &Binary{At: n.At, Op: op, X: n.X[i], Y: n.X[i+1]}
		x := l.compare(pair, values[i], values[i+1])
		if x == nil {
			return nil
		}
		all.Args = append(all.Args, x)
	}
	if b := enclosed(all.Args); b != nil {
		return l.made(b, n)
	}
	return all
}

// enclosed makes one interval of two comparisons of one value with a constant
// below and one above; nil where they are something else.
func enclosed(pair []*cond.Node) *cond.Node {
	if len(pair) != 2 || len(pair[0].Args) != 2 || len(pair[1].Args) != 2 || pair[0].Args[0] != pair[1].Args[0] {
		return nil
	}
	b := &cond.Node{Op: cond.Between, Type: cond.Bool, Args: pair[0].Args[:1], Lo: cond.Bound{Unbounded: true}, Hi: cond.Bound{Unbounded: true}}
	for _, x := range pair {
		end := x.Args[1]
		if end.Op != cond.Const {
			return nil
		}
		bound := cond.Bound{Num: end.Num, Time: end.Time, Open: x.Op == cond.Lt || x.Op == cond.Gt}
		switch {
		case (x.Op == cond.Gt || x.Op == cond.Ge) && b.Lo.Unbounded:
			b.Lo = bound
		case (x.Op == cond.Lt || x.Op == cond.Le) && b.Hi.Unbounded:
			b.Hi = bound
		default:
			return nil
		}
	}
	return b
}

// interval lowers x in lo-hi, closed.
func (l *lowering) interval(n *Binary, x *cond.Node, in *Interval) *cond.Node {
	lo, hi := l.right(n.X, in.Lo, x), l.right(n.X, in.Hi, x)
	if x == nil || lo == nil || hi == nil {
		return nil
	}
	if x.Type != cond.Number && x.Type != cond.Time {
		return l.fault(n.At, CodeType, "use `in [..]` for texts; declare the field number or time", "`%s` is %s; an interval wants a number or a time", short(n.X), aType(x.Type))
	}
	if lo.Type != x.Type || hi.Type != x.Type {
		bad, badNode := lo, in.Lo
		if lo.Type == x.Type {
			bad, badNode = hi, in.Hi
		}
		return l.fault(badNode.Pos(), CodeType, "give both ends the type of the value", "`%s` is %s, but the end `%s` of the interval is %s", short(n.X), aType(x.Type), short(badNode), aType(bad.Type))
	}
	if lo.Op == cond.Const && hi.Op == cond.Const && (lo.Num > hi.Num || lo.Time > hi.Time) {
		return l.fault(in.At, CodeValue, fmt.Sprintf("write the smaller end first: %s", short(&Interval{Lo: in.Hi, Hi: in.Lo})), "the ends of the interval are reversed")
	}
	above := l.compare(&Binary{At: n.At, Op: OpGe, X: n.X, Y: in.Lo}, x, lo)
	below := l.compare(&Binary{At: n.At, Op: OpLe, X: n.X, Y: in.Hi}, x, hi)
	if above == nil || below == nil {
		return nil
	}
	if b := enclosed([]*cond.Node{above, below}); b != nil {
		return l.made(b, n)
	}
	return &cond.Node{Op: cond.And, Type: cond.Bool, Args: []*cond.Node{above, below}, Src: printNode(n)}
}

func (l *lowering) within(n *Binary) *cond.Node {
	x := l.typed(n.X, cond.Time, "`within`")
	window, ok := n.Y.(*DurationLit)
	if !ok {
		return l.fault(n.Y.Pos(), CodeType, "write a length of time, as in `within 30d`", "`within` wants a length of time, not `%s`", short(n.Y))
	}
	if x == nil {
		return nil
	}
	return l.made(&cond.Node{Op: cond.Within, Type: cond.Bool, Args: []*cond.Node{x}, Window: window.Value.Microseconds()}, n)
}
