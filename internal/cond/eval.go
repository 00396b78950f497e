package cond

import (
	"math"
	"slices"
	"time"
	"unicode/utf8"
)

// Day is the length of a day in the microseconds that moments are held in.
const Day = int64(24 * time.Hour / time.Microsecond)

// WholeDays gives the whole days from one moment to another, floored.
func WholeDays(from, to int64) int64 {
	d := to - from
	if d < 0 && d%Day != 0 {
		return d/Day - 1
	}
	return d / Day
}

func (n *Node) slot(e *Env) *Slot {
	switch n.Space {
	case Account:
		return &e.Accounts[n.Slot]
	case Contact:
		return &e.Contacts[n.Slot]
	case Activity:
		return &e.Event.Fields[n.Slot]
	}
	return &e.Lets[n.Slot]
}

// Truth evaluates a Bool node. A test that reads a missing value is Unknown;
// and, or and not follow Kleene.
func (n *Node) Truth(e *Env) Tri {
	switch n.Op {
	case And, Or:
		decides := False
		if n.Op == Or {
			decides = True
		}
		all := decides.Not()
		for _, a := range n.Args {
			switch a.Truth(e) {
			case decides:
				return decides
			case Unknown:
				all = Unknown
			}
		}
		return all
	case Not:
		return n.Args[0].Truth(e).Not()
	case Const:
		return Of(n.Flag)
	case Field:
		if s := n.slot(e); !s.State.Missing() {
			return Of(s.Flag)
		}
		return Unknown
	case If:
		if b := n.branch(e); b != nil {
			return b.Truth(e)
		}
		return Unknown
	case Else:
		if t := n.Args[0].Truth(e); t != Unknown {
			return t
		}
		return n.Args[1].Truth(e)
	case Missing:
		return Of(!n.Args[0].known(e))
	case Empty:
		x := n.Args[0]
		if x.Type == List {
			list, ok := x.Items(e)
			return Of(!ok || len(list) == 0)
		}
		return Of(!x.known(e))
	case Eq:
		return n.equal(e)
	case Ne:
		return n.equal(e).Not()
	case Lt, Le, Gt, Ge:
		return n.compare(e)
	case Between:
		return n.between(e)
	case OneOf:
		if n.Args[0].Type == Number {
			f, ok := n.Args[0].Number(e)
			return when(ok, ok && n.Set.HasNum(f))
		}
		s, ok := n.Args[0].String(e)
		return when(ok, ok && n.Set.HasText(s))
	case Contains, Starts, Ends, Matches, HasWord, HasItem, HasAny, HasAll:
		return n.test(e)
	case Within:
		t, ok := n.Args[0].Instant(e)
		return when(ok, t <= e.At && t >= e.At-n.Window)
	case Any:
		return Of(n.ask(e) > 0)
	case Call, VM:
		v, ok := n.run(e)
		b, isBool := v.(bool)
		return when(ok && isBool, b)
	case Foreign:
		return n.judge(e)
	}
	return Unknown
}

// when is the truth of b where everything it was made from is known.
func when(known, b bool) Tri {
	if !known {
		return Unknown
	}
	return Of(b)
}

// branch gives the branch that an If takes, nil where its test is unknown.
func (n *Node) branch(e *Env) *Node {
	switch n.Args[0].Truth(e) {
	case True:
		return n.Args[1]
	case False:
		return n.Args[2]
	}
	return nil
}

// known tells whether a node of any type has a value.
func (n *Node) known(e *Env) bool {
	if n.Op == Field {
		return !n.slot(e).State.Missing()
	}
	var ok bool
	switch n.Type {
	case Bool:
		return n.Truth(e) != Unknown
	case Number:
		_, ok = n.Number(e)
	case Text:
		_, ok = n.String(e)
	case List:
		_, ok = n.Items(e)
	case Time:
		_, ok = n.Instant(e)
	}
	return ok
}

func (n *Node) equal(e *Env) Tri {
	x, y := n.Args[0], n.Args[1]
	switch x.Type {
	case Number:
		a, ok1 := x.Number(e)
		b, ok2 := y.Number(e)
		return when(ok1 && ok2, a == b)
	case Text:
		a, ok1 := x.String(e)
		b, ok2 := y.String(e)
		return when(ok1 && ok2, equalText(a, b, n.Fold))
	case Time:
		a, ok1 := x.Instant(e)
		b, ok2 := y.Instant(e)
		return when(ok1 && ok2, a == b)
	case Bool:
		a, b := x.Truth(e), y.Truth(e)
		return when(a != Unknown && b != Unknown, a == b)
	}
	return Unknown
}

func (n *Node) compare(e *Env) Tri {
	x, y := n.Args[0], n.Args[1]
	if x.Type == Time {
		a, ok1 := x.Instant(e)
		b, ok2 := y.Instant(e)
		return when(ok1 && ok2, ordered(n.Op, a, b))
	}
	a, ok1 := x.Number(e)
	b, ok2 := y.Number(e)
	return when(ok1 && ok2, ordered(n.Op, a, b))
}

func ordered[T int64 | float64](op Op, a, b T) bool {
	switch op {
	case Lt:
		return a < b
	case Le:
		return a <= b
	case Gt:
		return a > b
	}
	return a >= b
}

func (n *Node) between(e *Env) Tri {
	if n.Args[0].Type == Time {
		t, ok := n.Args[0].Instant(e)
		return when(ok, inside(t, n.Lo.Time, n.Hi.Time, n.Lo, n.Hi))
	}
	f, ok := n.Args[0].Number(e)
	return when(ok, inside(f, n.Lo.Num, n.Hi.Num, n.Lo, n.Hi))
}

func inside[T int64 | float64](v, lo, hi T, l, h Bound) bool {
	return (l.Unbounded || v > lo || v == lo && !l.Open) && (h.Unbounded || v < hi || v == hi && !h.Open)
}

// test evaluates a test of a text or a list.
func (n *Node) test(e *Env) Tri {
	var word string
	var want []string
	ok := true
	if len(n.Args) > 1 {
		if n.Args[1].Type == List {
			want, ok = n.Args[1].Items(e)
		} else {
			word, ok = n.Args[1].String(e)
		}
	} else if n.Set != nil {
		want = n.Set.Texts
	}
	if n.Args[0].Type == Text {
		s, known := n.Args[0].String(e)
		if ok && known && e.Texts != nil && len(s) >= LongText {
			return Of(e.Texts.test(n, s, word))
		}
		return when(ok && known, ok && known && n.testText(s, word))
	}
	list, known := n.Args[0].Items(e)
	if ok && known && e.Lists != nil && len(list) >= LongList && n.staysPut() {
		return Of(e.Lists.test(n, list, word, want))
	}
	return when(ok && known, ok && known && n.testItems(list, word, want))
}

// staysPut tells whether a test of a list compares a field of the account with a
// constant: the lists of contacts share memory.
func (n *Node) staysPut() bool {
	x := n.Args[0]
	return x.Op == Field && x.Space == Account && (len(n.Args) < 2 || n.Args[1].Op == Const)
}

// Kept tells whether [Texts] and [Lists] keep the answers of a test.
func (n *Node) Kept() bool {
	switch n.Op {
	case Contains, Starts, Ends, Matches, HasWord, HasItem, HasAny, HasAll:
		return n.Args[0].Type == Text || n.staysPut()
	}
	return false
}

// constant gives what a test compares with, where that is constant.
func (n *Node) constant() (word string, want []string) {
	switch {
	case len(n.Args) > 1:
		return n.Args[1].Text, n.Args[1].List
	case n.Set != nil:
		return "", n.Set.Texts
	}
	return "", nil
}

// HoldsText tells whether a test of a text against a constant holds for s.
func (n *Node) HoldsText(s string) bool {
	word, _ := n.constant()
	return n.testText(s, word)
}

// HoldsItems tells whether a test of a list against a constant holds for list.
func (n *Node) HoldsItems(list []string) bool {
	word, want := n.constant()
	return n.testItems(list, word, want)
}

func (n *Node) testText(s, word string) bool {
	if n.Op == Matches {
		return n.Re.MatchString(s)
	}
	return testText(n.Op, s, word, n.Fold)
}

func (n *Node) testItems(list []string, word string, want []string) bool {
	switch n.Op {
	case HasWord:
		return slices.ContainsFunc(list, func(s string) bool { return testText(HasWord, s, word, n.Fold) })
	case HasItem:
		return hasItem(list, word, n.Fold)
	case HasAny:
		if n.Set != nil {
			return slices.ContainsFunc(list, n.Set.HasText)
		}
		return slices.ContainsFunc(want, func(s string) bool { return hasItem(list, s, n.Fold) })
	}
	return !slices.ContainsFunc(want, func(s string) bool { return !hasItem(list, s, n.Fold) })
}

// Number evaluates a Number node; false where it is unknown.
func (n *Node) Number(e *Env) (float64, bool) {
	switch n.Op {
	case Const:
		return n.Num, true
	case Field:
		s := n.slot(e)
		return s.Num, !s.State.Missing()
	case Metric:
		return e.Metrics[n.Slot], true
	case Value:
		return e.Event.Value, true
	case If:
		if b := n.branch(e); b != nil {
			return b.Number(e)
		}
		return 0, false
	case Else:
		if f, ok := n.Args[0].Number(e); ok {
			return f, true
		}
		return n.Args[1].Number(e)
	case Add, Sub, Mul, Div, Mod:
		a, ok1 := n.Args[0].Number(e)
		b, ok2 := n.Args[1].Number(e)
		if !ok1 || !ok2 {
			return 0, false
		}
		f, ok := arithmetic(n.Op, a, b)
		return f, ok
	case Neg, Abs, Round, Floor, Ceil:
		f, ok := n.Args[0].Number(e)
		return unary(n.Op, f), ok
	case Min, Max:
		best, ok := n.Args[0].Number(e)
		for _, a := range n.Args[1:] {
			f, known := a.Number(e)
			ok = ok && known
			if n.Op == Min && f < best || n.Op == Max && f > best {
				best = f
			}
		}
		return best, ok
	case Len:
		if n.Args[0].Type == List {
			list, ok := n.Args[0].Items(e)
			return float64(len(list)), ok
		}
		s, ok := n.Args[0].String(e)
		return float64(utf8.RuneCountInString(s)), ok
	case Days:
		t, ok := n.Args[0].Instant(e)
		return float64(WholeDays(t, e.At)), ok
	case Count, Sum, Since:
		return n.ask(e), true
	case Call, VM:
		v, ok := n.run(e)
		f, isNum := v.(float64)
		return f, ok && isNum && !math.IsNaN(f)
	}
	return 0, false
}

// arithmetic is unknown where it has no answer: division by zero, or a
// difference of infinities.
func arithmetic(op Op, a, b float64) (float64, bool) {
	var f float64
	switch op {
	case Add:
		f = a + b
	case Sub:
		f = a - b
	case Mul:
		f = a * b
	case Div:
		f = a / b
	case Mod:
		f = math.Mod(a, b)
	}
	if b == 0 && (op == Div || op == Mod) || math.IsNaN(f) {
		return 0, false
	}
	return f, true
}

func unary(op Op, f float64) float64 {
	switch op {
	case Neg:
		return -f
	case Abs:
		return math.Abs(f)
	case Round:
		return math.Round(f)
	case Floor:
		return math.Floor(f)
	}
	return math.Ceil(f)
}

// String evaluates a Text node; false where it is unknown.
func (n *Node) String(e *Env) (string, bool) {
	switch n.Op {
	case Const:
		return n.Text, true
	case Field:
		s := n.slot(e)
		return s.Text, !s.State.Missing()
	case Grade:
		return e.Grades[n.Slot], true
	case If:
		if b := n.branch(e); b != nil {
			return b.String(e)
		}
	case Else:
		if s, ok := n.Args[0].String(e); ok {
			return s, true
		}
		return n.Args[1].String(e)
	case Call, VM:
		v, ok := n.run(e)
		s, isText := v.(string)
		return s, ok && isText
	}
	return "", false
}

// Items evaluates a List node; false where it is unknown.
func (n *Node) Items(e *Env) ([]string, bool) {
	switch n.Op {
	case Const:
		return n.List, true
	case Field:
		s := n.slot(e)
		return s.List, !s.State.Missing()
	case If:
		if b := n.branch(e); b != nil {
			return b.Items(e)
		}
	case Else:
		if l, ok := n.Args[0].Items(e); ok {
			return l, true
		}
		return n.Args[1].Items(e)
	case Call, VM:
		v, ok := n.run(e)
		l, isList := v.([]string)
		return l, ok && isList
	}
	return nil, false
}

// Instant evaluates a Time node, in µs; false where it is unknown.
func (n *Node) Instant(e *Env) (int64, bool) {
	switch n.Op {
	case Const:
		return n.Time, true
	case Field:
		s := n.slot(e)
		return s.Time, !s.State.Missing()
	case If:
		if b := n.branch(e); b != nil {
			return b.Instant(e)
		}
	case Else:
		if t, ok := n.Args[0].Instant(e); ok {
			return t, true
		}
		return n.Args[1].Instant(e)
	case Call, VM:
		v, ok := n.run(e)
		t, isTime := v.(time.Time)
		return t.UnixMicro(), ok && isTime
	}
	return 0, false
}

// Eval evaluates a node of any type into a slot, as a let does.
func (n *Node) Eval(e *Env) Slot {
	var s Slot
	ok := false
	switch n.Type {
	case Bool:
		t := n.Truth(e)
		s.Flag, ok = t == True, t != Unknown
	case Number:
		s.Num, ok = n.Number(e)
	case Text:
		s.Text, ok = n.String(e)
	case List:
		s.List, ok = n.Items(e)
	case Time:
		s.Time, ok = n.Instant(e)
	}
	if ok {
		s.State = Known
	}
	return s
}

// Mirrored gives the comparison with its sides exchanged.
func (op Op) Mirrored() Op {
	switch op {
	case Lt:
		return Gt
	case Le:
		return Ge
	case Gt:
		return Lt
	case Ge:
		return Le
	}
	return op
}
