package dsl

import (
	"fmt"
	"math"

	"github.com/accountscore/accountscore/internal/cond"
)

// lowering makes the typed tree of one formula. Its methods give nil for what
// is wrong, which they have reported, and for what waits for an option; so
// what contains it stays silent.
type lowering struct {
	c     *checker
	s     scope
	at    place
	folds map[*cond.Node]bool // the values that ignore case
	days  map[*cond.Node]Date // the constants that are whole days
	hint  cond.Type           // of the name to come, where the text tells
}

func (l *lowering) fault(pos Pos, code Code, fix, format string, args ...any) *cond.Node {
	l.c.fault(l.at, pos, code, fix, format, args...)
	return nil
}

// visible lists the names that can be read here.
func (l *lowering) visible() []string { return l.c.visible(l.s) }

// short is the text of a node for a message.
func short(n Node) string { return clipText(printNode(n), 60) }

// made finishes a node: its canonical text, and whether it ignores case.
func (l *lowering) made(n *cond.Node, src Node) *cond.Node {
	n.Src = printNode(src)
	for _, arg := range n.Args {
		if l.folds[arg] {
			n.Fold = true
		}
	}
	return n
}

// folding marks a value as one that ignores case.
func (l *lowering) folding(n *cond.Node, fold bool) *cond.Node {
	if fold {
		if l.folds == nil {
			l.folds = map[*cond.Node]bool{}
		}
		l.folds[n] = true
	}
	return n
}

// value lowers a node of any type.
func (l *lowering) value(n Node) *cond.Node {
	switch n := n.(type) {
	case *Name:
		return l.name(n)
	case *Number:
		return numberNode(n.Value)
	case *Text:
		return textNode(n.Value)
	case *Bool:
		return &cond.Node{Op: cond.Const, Type: cond.Bool, Flag: n.Value}
	case *DateLit:
		return l.constant(Value{Kind: DateValue, Date: n.Date})
	case *DurationLit:
		return l.fault(n.At, CodeType, "compare days: `days_since(x) > 30`, or write `x within 30d`", "a length of time stands only after `within` and as a window")
	case *List:
		return l.fault(n.At, CodeType, "write `x in [..]`, or `x has any [..]` for a list", "a list stands only after `in`, `has any`, `has all` and `has none`")
	case *Unary:
		return l.unary(n)
	case *Binary:
		return l.binary(n)
	case *Chain:
		return l.chain(n)
	case *Test:
		return l.test(n)
	case *Ternary:
		return l.ternary(n)
	case *Call:
		return l.call(n)
	case *Log:
		return l.log(n)
	case *Element, *Closure:
		return l.fault(n.Pos(), CodeNotAllowed, "write it in `any(list, # == \"x\")` and the like", "`#` stands only inside a list function")
	case *Interval:
		return l.fault(n.At, CodeType, "write `x in 10-20`", "an interval stands only after `in` and `between`")
	}
	return nil
}

func numberNode(f float64) *cond.Node {
	return &cond.Node{Op: cond.Const, Type: cond.Number, Num: f}
}

func textNode(s string) *cond.Node {
	return &cond.Node{Op: cond.Const, Type: cond.Text, Text: s}
}

func timeNode(d Date) *cond.Node {
	return &cond.Node{Op: cond.Const, Type: cond.Time, Time: d.Time.UnixMicro()}
}

// constant makes a node of a literal; a whole day is remembered as one.
func (l *lowering) constant(v Value) *cond.Node {
	switch v.Kind {
	case NumberValue:
		return numberNode(v.Number)
	case TextValue:
		return textNode(v.Text)
	case BoolValue:
		return &cond.Node{Op: cond.Const, Type: cond.Bool, Flag: v.Bool}
	case ListValue:
		return &cond.Node{Op: cond.Const, Type: cond.List, List: v.List}
	case DateValue:
		n := timeNode(v.Date)
		if v.Date.Whole {
			if l.days == nil {
				l.days = map[*cond.Node]Date{}
			}
			l.days[n] = v.Date
		}
		return n
	}
	return nil
}

// typed lowers a node that must be of one type.
func (l *lowering) typed(n Node, want cond.Type, what string) *cond.Node {
	x := l.hinted(n, want)
	if x == nil || x.Type == want {
		return x
	}
	fix := ""
	switch {
	case what == tableKeys && x.Type == cond.Bool:
		fix = fmt.Sprintf("write the condition alone: `%s → +1 else 0`", short(n))
	case what == "`not`" && want == cond.Bool:
		fix = fmt.Sprintf("write not before a whole test, as in `not %s = …`, or ask `%s is missing`", short(n), short(n))
	case want == cond.Bool && x.Type == cond.Number && l.barePoints(n) != "":
		fix = l.barePoints(n)
	case want == cond.Bool && x.Type == cond.Number:
		fix = fmt.Sprintf("compare it, as in `%s > 0`", short(n))
	case want == cond.Bool && x.Type == cond.Text:
		fix = fmt.Sprintf("compare it, as in `%s = \"…\"`, or ask `%s is known`", short(n), short(n))
	case want == cond.Bool && x.Type == cond.List:
		fix = fmt.Sprintf("ask `%s contains \"…\"`, or `%s is not empty`", short(n), short(n))
	case want == cond.Bool && x.Type == cond.Time:
		fix = fmt.Sprintf("ask `%s within 30d`, or `%s is known`", short(n), short(n))
	case want == cond.Number && x.Type == cond.Bool:
		fix = fmt.Sprintf("write `(%s) ? 1 : 0`", short(n))
	case want == cond.Number && x.Type == cond.Text:
		fix = "declare the field a number, or drop the quotes"
	case want == cond.Number && x.Type == cond.List:
		fix = fmt.Sprintf("count its items: `len(%s)`", short(n))
	case want == cond.Number && x.Type == cond.Time:
		fix = fmt.Sprintf("write `days_since(%s)`", short(n))
	case want == cond.Text:
		fix = "write a text in quotes, or declare the field text"
	case want == cond.List:
		fix = "declare the field a list"
	case want == cond.Time:
		fix = "declare the field a time; write a date as 2026-10-01"
	}
	return l.fault(n.Pos(), CodeType, fix, "`%s` is %s, and %s wants %s", short(n), aType(x.Type), what, aType(want))
}

// name lowers a name that is not a bareword.
func (l *lowering) name(n *Name) *cond.Node {
	sym := l.c.lookup(l.s, n.Ident)
	switch sym.kind {
	case fieldSymbol:
		f := sym.field
		if f.typ == cond.NoType {
			return nil
		}
		if f.failed {
			return nil
		}
		return l.folding(&cond.Node{Op: cond.Field, Type: f.typ, Space: f.space, Slot: f.slot, Set: f.numbers, Src: n.Ident}, f.IgnoringCase)
	case paramSymbol:
		return l.constant(sym.param.value)
	case letSymbol:
		if sym.let.node == nil {
			return nil
		}
		return l.folding(&cond.Node{Op: cond.Field, Type: sym.let.node.Type, Space: cond.Computed, Slot: sym.let.slot, Src: n.Ident}, sym.let.fold)
	case metricSymbol:
		return &cond.Node{Op: cond.Metric, Type: cond.Number, Slot: sym.slot, Src: n.Ident}
	case gradeSymbol:
		return &cond.Node{Op: cond.Grade, Type: cond.Text, Slot: sym.slot, Src: n.Ident}
	case valueSymbol:
		return &cond.Node{Op: cond.Value, Type: cond.Number, Src: n.Ident}
	}
	if message, fix := l.c.elsewhere(l.s, n.Ident); message != "" {
		return l.fault(n.At, CodeName, fix, "%s", message)
	}
	typ := cond.Text
	if l.hint != cond.NoType {
		typ = l.hint
	}
	fix := fmt.Sprintf("declare it, as in `field %s %s`", n.Ident, typ)
	if capital(n.Ident) || l.hint == cond.NoType {
		fix += "; a text is written in quotes"
	}
	if l.s.kind == activityScope {
		fix = fmt.Sprintf("declare it, as in `activity %s (%s %s)`", l.s.activity.name, n.Ident, typ)
	}
	near := l.c.scoredSlip(l.s, n.Ident)
	if near == "" {
		near = l.c.near(n.Ident, l.visible)
	}
	if near != "" {
		fix = fmt.Sprintf("did you mean `%s`? Else %s", near, fix)
	}
	return l.fault(n.At, CodeName, fix, "`%s` is not declared", n.Ident)
}

// right lowers what stands on the right of a comparison with x, where a word
// may be text or a param that wants a value.
func (l *lowering) right(xn, yn Node, x *cond.Node) *cond.Node {
	n, ok := yn.(*Name)
	if !ok || !l.c.bareword(l.s, xn, n) {
		return l.value(yn)
	}
	if l.c.isTextWord(l.c.fieldOf(l.s, xn), n.Ident) || x != nil && x.Op == cond.Grade && l.c.isGrade(x.Slot, n.Ident) {
		return textNode(n.Ident)
	}
	if x == nil && l.misnamed(xn) {
		return nil // it may be a value of what was meant on the left
	}
	return l.wanted(n, l.c.fieldOf(l.s, xn))
}

// misnamed tells whether a node reads a name or calls a function that there is
// not.
func (l *lowering) misnamed(n Node) bool {
	found := false
	Inspect(n, func(n Node) bool {
		if name, ok := n.(*Name); ok && l.c.lookup(l.s, name.Ident).kind == noSymbol {
			found = true
		}
		if call, ok := n.(*Call); ok && l.c.b.Final && !isBuiltin(call.Func) {
			_, bound := l.c.b.Funcs[call.Func]
			found = found || !bound
		}
		return !found
	})
	return found
}

// wanted is a word that is a param without a declaration, compared with f if
// that is a field.
func (l *lowering) wanted(n *Name, f *fieldInfo) *cond.Node {
	c := l.c
	if c.wants[n.Ident] == nil {
		if c.wants == nil {
			c.wants = map[string]*wantedParam{}
		}
		c.wants[n.Ident] = &wantedParam{at: l.at, pos: n.At, field: f}
		c.wanted = append(c.wanted, n.Ident)
	}
	if v, ok := c.b.Params[n.Ident]; ok {
		return l.constant(v)
	}
	return nil
}

func (l *lowering) unary(n *Unary) *cond.Node {
	if n.Op == OpNot {
		x := l.typed(n.X, cond.Bool, "`not`")
		if x == nil {
			return nil
		}
		return not(x, n)
	}
	x := l.typed(n.X, cond.Number, "`"+string(n.Op)+"`")
	switch {
	case x == nil || n.Op == OpAdd:
		return x
	case x.Op == cond.Const:
		return numberNode(-x.Num)
	}
	return &cond.Node{Op: cond.Neg, Type: cond.Number, Args: []*cond.Node{x}}
}

// not negates a tree; src is what the negation was made of.
func not(x *cond.Node, src Node) *cond.Node {
	return &cond.Node{Op: cond.Not, Type: cond.Bool, Args: []*cond.Node{x}, Src: printNode(src)}
}

func (l *lowering) binary(n *Binary) *cond.Node {
	switch n.Op {
	case OpAnd, OpOr:
		return l.logic(n)
	case OpAdd, OpSub:
		switch {
		case l.sinceNow(n):
			return nil
		case n.Op == OpAdd:
			return l.add(n)
		}
		return l.arithmetic(n)
	case OpMul, OpDiv, OpMod:
		return l.arithmetic(n)
	case OpElse:
		return l.orElse(n)
	}
	x := l.binaryTest(n)
	if x == nil || !n.Not {
		return x
	}
	return not(x, n)
}

// binaryTest lowers a comparison or test without its negation.
func (l *lowering) binaryTest(n *Binary) *cond.Node {
	if list, ok := n.Y.(*List); ok && !l.wholeItems(n, list) {
		return nil
	}
	switch n.Op {
	case OpEq, OpNe, OpLt, OpLe, OpGt, OpGe:
		return l.comparison(n)
	case OpIn:
		return l.member(n)
	case OpContains, OpStarts, OpEnds, OpHasWord:
		return l.textTest(n)
	case OpMatches:
		return l.matches(n)
	case OpHasAny, OpHasAll, OpHasNone:
		return l.hasItems(n)
	case OpWithin:
		return l.within(n)
	}
	return l.fault(n.At, CodeSyntax, "use an operator of the language, such as =, >, in or contains", "`%s` is no operator", n.Op)
}

// logic flattens a chain of one connective.
func (l *lowering) logic(n *Binary) *cond.Node {
	op := cond.And
	if n.Op == OpOr {
		op = cond.Or
	}
	if l.orMore(n) || l.orMissing(n) || l.secondValue(n) {
		return nil
	}
	out := &cond.Node{Op: op, Type: cond.Bool}
	wrong := false
	for _, side := range []Node{n.X, n.Y} {
		x := l.typed(side, cond.Bool, "`"+string(n.Op)+"`")
		switch {
		case x == nil:
			wrong = true
		case x.Op == op:
			out.Args = append(out.Args, x.Args...)
		default:
			out.Args = append(out.Args, x)
		}
	}
	if wrong {
		return nil
	}
	return out
}

func (l *lowering) add(n *Binary) *cond.Node {
	beside := cond.Text
	if _, number := n.Y.(*Number); number {
		beside = cond.Number
	}
	x, y := l.hinted(n.X, beside), l.value(n.Y)
	if x == nil || y == nil {
		return nil
	}
	if x.Type == cond.Text && y.Type == cond.Text {
		return l.join(n, x, y)
	}
	if x.Type != cond.Number || y.Type != cond.Number {
		return l.operands(n, x, y, "numbers, or two texts")
	}
	return fold(cond.Add, x, y)
}

func (l *lowering) arithmetic(n *Binary) *cond.Node {
	x, y := l.hinted(n.X, cond.Number), l.hinted(n.Y, cond.Number)
	if x == nil || y == nil {
		return nil
	}
	if x.Type != cond.Number || y.Type != cond.Number {
		return l.operands(n, x, y, "numbers")
	}
	op := map[Op]cond.Op{OpSub: cond.Sub, OpMul: cond.Mul, OpDiv: cond.Div, OpMod: cond.Mod}[n.Op]
	return fold(op, x, y)
}

// operands reports an operator between values of wrong types.
func (l *lowering) operands(n *Binary, x, y *cond.Node, want string) *cond.Node {
	fix := ""
	switch {
	case x.Type == cond.Time || y.Type == cond.Time:
		fix = "count days with `days_since(x)`"
	case x.Type == cond.Bool || y.Type == cond.Bool:
		fix = "turn a condition into a number with `(condition) ? 1 : 0`"
	case x.Type == cond.List || y.Type == cond.List:
		fix = "count a list's items with `len(x)`"
	case y.Op == cond.Const && y.Type == cond.Text || x.Op == cond.Const && x.Type == cond.Text:
		fix = "write the number without quotes"
	default:
		fix = "declare the field with the type that it has"
	}
	return l.fault(n.At, CodeType, fix, "`%s` wants %s; `%s` is %s and `%s` is %s", n.Op, want, short(n.X), aType(x.Type), short(n.Y), aType(y.Type))
}

// fold makes a node of arithmetic, or its result where both sides are
// constant and it has one.
func fold(op cond.Op, x, y *cond.Node) *cond.Node {
	n := &cond.Node{Op: op, Type: cond.Number, Args: []*cond.Node{x, y}}
	if x.Op == cond.Const && y.Op == cond.Const {
		if f, ok := n.Number(nil); ok && !math.IsInf(f, 0) {
			return numberNode(f)
		}
	}
	return n
}

func (l *lowering) orElse(n *Binary) *cond.Node {
	x, y := l.value(n.X), l.value(n.Y)
	if x == nil || y == nil {
		return nil
	}
	if x.Type != y.Type {
		return l.fault(n.At, CodeType, "give both sides of `??` one type", "`%s` is %s, but `%s` after `??` is %s", short(n.X), aType(x.Type), short(n.Y), aType(y.Type))
	}
	return l.folding(&cond.Node{Op: cond.Else, Type: x.Type, Args: []*cond.Node{x, y}, Src: printNode(n)}, l.folds[x] || l.folds[y])
}

func (l *lowering) ternary(n *Ternary) *cond.Node {
	test, x, y := l.typed(n.If, cond.Bool, "`?`"), l.value(n.Then), l.value(n.Else)
	if test == nil || x == nil || y == nil {
		return nil
	}
	if x.Type != y.Type {
		return l.fault(n.At, CodeType, "give both branches one type", "`%s` is %s, but `%s` after `:` is %s", short(n.Then), aType(x.Type), short(n.Else), aType(y.Type))
	}
	return l.folding(&cond.Node{Op: cond.If, Type: x.Type, Args: []*cond.Node{test, x, y}, Src: printNode(n)}, l.folds[x] || l.folds[y])
}

func (l *lowering) test(n *Test) *cond.Node {
	x := l.value(n.X)
	if x == nil {
		return nil
	}
	op := cond.Missing
	if n.Is == IsEmpty {
		op = cond.Empty
	}
	out := &cond.Node{Op: op, Type: cond.Bool, Args: []*cond.Node{x}, Src: printNode(n)}
	if n.Not != (n.Is == IsKnown) {
		return not(out, n)
	}
	return out
}
