package dsl

import (
	"fmt"

	"github.com/accountscore/accountscore/internal/cond"
)

// maxRounds bounds the rounds of inference. A ruleset needs two or three; one
// that needs more has types that hang together by a chain made to exhaust.
const maxRounds = 64

// infer finds the types of fields that are not declared, from their use.
// Every round walks all formulas and learns the types that the operands of
// one operator lend each other, until a round learns nothing. Then what only
// suggests a type, such as a list of numbers (which may be postal codes), is
// taken at its word.
func (c *checker) infer() {
	c.inferActivities()
	if !c.inferring {
		return
	}
	for _, weak := range []bool{false, true} {
		c.weak = weak
		for range maxRounds {
			c.changed = false
			for _, u := range c.uses {
				if u.node == nil {
					continue
				}
				in := &inference{c: c, s: u.scope, at: u.at}
				want := u.want
				if u.let != nil {
					want = u.let.typ // what reads it has told
				}
				t, waits := in.node(u.node, want)
				if l := u.let; l != nil {
					if l.typ == cond.NoType && t != cond.NoType {
						l.typ, c.changed = t, true
					}
					if waits && !l.wait {
						l.wait, c.changed = true, true
					}
				}
			}
			if !c.changed {
				break
			}
		}
	}
	c.undecided(c.fields)
	c.undecided(c.contactFields)
	for _, a := range c.activities {
		c.undecided(a.fields)
	}
}

// undecided reports the fields whose types stayed open, unless that depends
// on what is not yet bound.
func (c *checker) undecided(fields []*fieldInfo) {
	for _, f := range fields {
		if !f.inferred || f.typ != cond.NoType || f.failed {
			continue
		}
		f.failed = true
		if f.waits {
			continue
		}
		c.fault(f.first, f.firstPos, CodeInference,
			fmt.Sprintf("declare it and the other fields, as in `field %s text` (or number, bool, list, time)", f.Name),
			"how `%s` is used does not tell its type", f.Name)
	}
}

// inferActivities finds the activities of a file that declares none.
func (c *checker) inferActivities() {
	if !c.inferringActivities {
		return
	}
	for _, u := range c.uses {
		Inspect(u.node, func(n Node) bool {
			switch n := n.(type) {
			case *Log:
				// days_since with a filter or an owner can only ask the log.
				c.activity(n.Activity.Ident, n.Activity.At)
			case *Call:
				if name := logCall(n); name != nil && n.Func != "days_since" {
					c.activity(name.Ident, name.At)
				}
			}
			return true
		})
	}
}

// activity gives an activity by its name, and makes it where activities are
// inferred; nil where it is not declared.
func (c *checker) activity(name string, pos Pos) *activityInfo {
	a := c.activityByName[name]
	if a == nil && c.inferringActivities {
		a = &activityInfo{name: name, index: len(c.activities), pos: pos, byName: map[string]*fieldInfo{}}
		c.activities = append(c.activities, a)
		c.activityByName[name] = a
	}
	return a
}

// logCall gives the name that count(x), any(x), sum(x) and days_since(x) ask
// for where that can be an activity; nil where it cannot.
func logCall(n *Call) *Name {
	switch n.Func {
	case "count", "any", "sum", "days_since":
	default:
		return nil
	}
	if len(n.Args) == 0 || len(n.Args) > 2 {
		return nil
	}
	if len(n.Args) == 2 {
		switch n.Args[1].(type) {
		case *Name, *DurationLit:
		default:
			return nil
		}
	}
	name, _ := n.Args[0].(*Name)
	return name
}

// inference walks one formula.
type inference struct {
	c  *checker
	s  scope
	at place
}

// node gives the type of n as far as it is known, and tells names in it that
// a value of type want stands here. It also tells whether the type depends on
// a param or a function that is not bound.
func (in *inference) node(n Node, want cond.Type) (typ cond.Type, waits bool) {
	switch n := n.(type) {
	case *Name:
		return in.name(n, want)
	case *Number:
		return cond.Number, false
	case *Text:
		return cond.Text, false
	case *Bool:
		return cond.Bool, false
	case *DateLit:
		return cond.Time, false
	case *Unary:
		t := cond.Number
		if n.Op == OpNot {
			t = cond.Bool
		}
		in.node(n.X, t)
		return t, false
	case *Binary:
		return in.binary(n, want)
	case *Chain:
		for i, op := range n.Ops {
			in.pair(n.X[i], n.X[i+1], cond.NoType, isComparison(op) && i == len(n.Ops)-1)
		}
		return cond.Bool, false
	case *Test:
		in.node(n.X, cond.NoType)
		return cond.Bool, false
	case *Ternary:
		in.node(n.If, cond.Bool)
		return in.pair(n.Then, n.Else, want, false)
	case *Call:
		return in.call(n)
	case *Log:
		return in.log(n)
	case *Closure:
		return in.node(n.Body, cond.NoType)
	case *Element:
		return cond.Text, false
	}
	return cond.NoType, false
}

func (in *inference) name(n *Name, want cond.Type) (cond.Type, bool) {
	c := in.c
	sym := c.lookup(in.s, n.Ident)
	if sym.kind == noSymbol {
		f := c.newField(in.s, n, in.at)
		if f == nil {
			return cond.NoType, true // lowering reports the name
		}
		sym = symbol{kind: fieldSymbol, field: f}
	}
	switch sym.kind {
	case fieldSymbol:
		return in.learn(sym.field, n, want), sym.field.waits || sym.field.failed
	case paramSymbol:
		return valueType(sym.param.value), false
	case letSymbol:
		if sym.let.typ == cond.NoType && want != cond.NoType {
			sym.let.typ, c.changed = want, true
		}
		return sym.let.typ, sym.let.wait
	case gradeSymbol:
		return cond.Text, false
	}
	return cond.Number, false
}

// newField makes a field of a name that is read where no field is declared;
// nil where the name cannot be a field.
func (c *checker) newField(s scope, n *Name, at place) *fieldInfo {
	if !c.inferring || s.kind == activityScope && !c.inferringActivities {
		return nil
	}
	if message, _ := c.elsewhere(s, n.Ident); message != "" || c.scoredSlip(s, n.Ident) != "" {
		return nil
	}
	f := &fieldInfo{Field: Field{Pos: n.At, Name: n.Ident}, inferred: true, first: at, firstPos: n.At}
	switch s.kind {
	case contactScope:
		f.space, f.slot = cond.Contact, len(c.contactFields)
		c.contactFields = append(c.contactFields, f)
		c.contactByName[n.Ident] = f
	case activityScope:
		f.space, f.slot = cond.Activity, len(s.activity.fields)
		s.activity.fields = append(s.activity.fields, f)
		s.activity.byName[n.Ident] = f
	default:
		f.space, f.slot = cond.Account, len(c.fields)
		c.fields = append(c.fields, f)
		c.fieldByName[n.Ident] = f
	}
	c.changed = true
	return f
}

// learn tells a field that a value of type want stands in its place.
func (in *inference) learn(f *fieldInfo, n *Name, want cond.Type) cond.Type {
	if !f.inferred || f.failed || want == cond.NoType || want == f.typ {
		return f.typ
	}
	if f.typ == cond.NoType {
		f.typ, f.why, f.whyPos = want, in.at, n.At
		in.c.changed = true
		return f.typ
	}
	f.failed = true
	there := ""
	switch {
	case f.whyPos.IsValid() && f.why.file == in.at.file:
		there = fmt.Sprintf(" at %d:%d", f.whyPos.Line, f.whyPos.Column)
	case f.why.file != "":
		there = fmt.Sprintf(" at %s:%d:%d", f.why.file, f.whyPos.Line, f.whyPos.Column)
	}
	in.c.fault(in.at, n.At, CodeInference, fmt.Sprintf("declare it and the other fields, as in `field %s %s`", f.Name, f.typ),
		"`%s` is used as %s here, but as %s%s", f.Name, aType(want), aType(f.typ), there)
	return f.typ
}

// pair says that x and y are of one type. Where bare, y is the right of a
// comparison, where a word is not a field.
func (in *inference) pair(x, y Node, want cond.Type, bare bool) (cond.Type, bool) {
	right := func(want cond.Type) (cond.Type, bool) {
		if bare {
			return in.right(x, y, want)
		}
		return in.node(y, want)
	}
	tx, wx := in.node(x, want)
	if tx != cond.NoType {
		want = tx
	}
	ty, wy := right(want)
	if ty != cond.NoType && ty != tx {
		tx, wx = in.node(x, ty)
	}
	if tx == cond.NoType && ty == cond.NoType {
		// Neither will be known before the other is bound.
		if wy {
			in.wait(x)
		}
		if wx && !bare {
			in.wait(y)
		}
	}
	if tx == cond.NoType {
		tx = ty
	}
	return tx, wx || wy
}

// right is the type of what stands alone on the right of a comparison.
func (in *inference) right(x, y Node, want cond.Type) (cond.Type, bool) {
	n, ok := y.(*Name)
	if !ok || !in.c.bareword(in.s, x, n) {
		return in.node(y, want)
	}
	if in.c.isTextWord(in.c.fieldOf(in.s, x), n.Ident) {
		return cond.Text, false
	}
	if v, ok := in.c.b.Params[n.Ident]; ok {
		return valueType(v), false
	}
	return cond.NoType, true
}

// wait marks the fields that x stands for as depending on what is not bound.
func (in *inference) wait(x Node) {
	switch x := x.(type) {
	case *Name:
		if sym := in.c.lookup(in.s, x.Ident); sym.kind == fieldSymbol && !sym.field.waits {
			sym.field.waits, in.c.changed = true, true
		} else if sym.kind == letSymbol && !sym.let.wait {
			sym.let.wait, in.c.changed = true, true
		}
	case *Binary:
		in.wait(x.X)
		in.wait(x.Y)
	case *Ternary:
		in.wait(x.Then)
		in.wait(x.Else)
	}
}

func isComparison(op Op) bool {
	switch op {
	case OpEq, OpNe, OpLt, OpLe, OpGt, OpGe:
		return true
	}
	return false
}

func (in *inference) binary(n *Binary, want cond.Type) (cond.Type, bool) {
	switch n.Op {
	case OpAnd, OpOr:
		in.node(n.X, cond.Bool)
		in.node(n.Y, cond.Bool)
	case OpEq, OpNe, OpLt, OpLe, OpGt, OpGe:
		in.pair(n.X, n.Y, cond.NoType, true)
	case OpIn:
		in.member(n)
	case OpContains, OpHasWord:
		if _, waits := in.node(n.X, cond.NoType); waits {
			in.wait(n.X)
		}
		if _, words := n.Y.(*List); !words {
			in.right(n.X, n.Y, cond.Text)
		}
	case OpStarts, OpEnds, OpMatches:
		in.node(n.X, cond.Text)
		in.right(n.X, n.Y, cond.Text)
	case OpHasAny, OpHasAll, OpHasNone:
		in.node(n.X, cond.List)
		if list, ok := n.Y.(*List); ok {
			in.items(list, cond.Text)
		} else {
			in.right(n.X, n.Y, cond.List)
		}
	case OpWithin:
		in.node(n.X, cond.Time)
	case OpAdd:
		return in.sum(n, want)
	case OpSub, OpMul, OpDiv, OpMod:
		in.node(n.X, cond.Number)
		in.node(n.Y, cond.Number)
		return cond.Number, false
	case OpElse:
		return in.pair(n.X, n.Y, want, false)
	}
	return cond.Bool, false
}

// sum is a sum of numbers, or texts put together.
func (in *inference) sum(n *Binary, want cond.Type) (cond.Type, bool) {
	if want != cond.Text && want != cond.Number {
		want = cond.NoType
	}
	t, waits := in.pair(n.X, n.Y, want, false)
	if t == cond.NoType && in.c.weak {
		return in.pair(n.X, n.Y, cond.Number, false)
	}
	return t, waits
}

func (in *inference) member(n *Binary) {
	switch y := n.Y.(type) {
	case *List:
		t, _ := in.node(n.X, cond.NoType)
		if t == cond.NoType {
			guess, sure := itemType(y)
			if sure || in.c.weak {
				in.node(n.X, guess)
			}
			t = guess
		}
		in.items(y, t)
	case *Interval:
		in.pair(n.X, y.Lo, cond.NoType, true)
		in.pair(n.X, y.Hi, cond.NoType, true)
	default:
		if guess, sure, ok := in.paramType(n.Y); ok {
			if t, _ := in.node(n.X, cond.NoType); t == cond.NoType && (sure || in.c.weak) {
				in.node(n.X, guess)
			}
			return
		}
		in.node(n.X, cond.Text)
		in.right(n.X, n.Y, cond.List)
	}
}

// items walks the items of a list that are expressions.
func (in *inference) items(list *List, t cond.Type) {
	for _, item := range list.Items {
		if item.X != nil && !item.Quoted {
			in.node(item.X, t)
		}
	}
}

func (in *inference) log(n *Log) (cond.Type, bool) {
	if a := in.c.activityByName[n.Activity.Ident]; a != nil && n.Where != nil {
		filter := &inference{c: in.c, s: scope{kind: activityScope, activity: a}, at: in.at}
		filter.node(n.Where, cond.Bool)
	}
	if n.Func == "any" {
		return cond.Bool, false
	}
	return cond.Number, false
}

func (in *inference) call(n *Call) (cond.Type, bool) {
	arg := func(i int, t cond.Type) {
		if i < len(n.Args) {
			in.node(n.Args[i], t)
		}
	}
	if name := logCall(n); name != nil {
		if in.c.activityByName[name.Ident] == nil && n.Func == "days_since" {
			arg(0, cond.Time)
		}
		if n.Func == "any" {
			return cond.Bool, false
		}
		return cond.Number, false
	}
	switch n.Func {
	case "min", "max", "abs", "round", "floor", "ceil":
		for i := range n.Args {
			if list, ok := n.Args[i].(*List); ok {
				in.items(list, cond.Number)
				for _, li := range list.Items {
					if isNameItem(li) {
						in.name(&Name{At: li.At, Ident: li.Raw}, cond.Number)
					}
				}
			} else if !isListCall(n.Args[i]) {
				arg(i, cond.Number)
			} else {
				arg(i, cond.NoType)
			}
		}
		return cond.Number, false
	case "len":
		arg(0, cond.NoType)
		return cond.Number, false
	case "days_since":
		arg(0, cond.Time)
		return cond.Number, false
	case "all", "any", "none", "one", "count", "filter":
		arg(0, cond.List)
		arg(1, cond.Bool)
		switch n.Func {
		case "count":
			return cond.Number, false
		case "filter":
			return cond.List, false
		}
		return cond.Bool, false
	case "sum", "map":
		if len(n.Args) > 0 && !isListCall(n.Args[0]) {
			arg(0, cond.List)
		} else {
			arg(0, cond.NoType)
		}
		arg(1, cond.NoType)
		if n.Func == "sum" {
			return cond.Number, false
		}
		return cond.NoType, false
	}
	f, ok := in.c.b.Funcs[n.Func]
	ok = ok && !f.incomplete()
	for i := range n.Args {
		arg(i, f.param(i))
		if !ok {
			in.wait(n.Args[i])
		}
	}
	return condType(f.Result), !ok
}

// isListCall tells whether n is a list function that gives a list.
func isListCall(n Node) bool {
	call, ok := n.(*Call)
	return ok && (call.Func == "map" || call.Func == "filter")
}

// param gives the type of a function's i-th argument; NoType beyond them.
func (f Func) param(i int) cond.Type {
	if i >= len(f.Params) {
		if !f.Variadic || len(f.Params) == 0 {
			return cond.NoType
		}
		i = len(f.Params) - 1
	}
	return condType(f.Params[i])
}
