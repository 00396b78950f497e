package dsl

import "time"

// Node is a node of a formula's syntax tree. The set of nodes is closed.
type Node interface {
	Pos() Pos // of the node's own token: the operator, the name, the literal
	node()
}

// Op is a binary operator or test in its canonical spelling.
type Op string

// The operators.
const (
	OpOr       Op = "or"
	OpAnd      Op = "and"
	OpEq       Op = "=="
	OpNe       Op = "!="
	OpLt       Op = "<"
	OpLe       Op = "<="
	OpGt       Op = ">"
	OpGe       Op = ">="
	OpIn       Op = "in" // Y is a List, an Interval or a Name
	OpContains Op = "contains"
	OpStarts   Op = "starts with"
	OpEnds     Op = "ends with"
	OpMatches  Op = "matches"
	OpHasWord  Op = "has word"
	OpHasAny   Op = "has any"
	OpHasAll   Op = "has all"
	OpHasNone  Op = "has none"
	OpWithin   Op = "within" // Y is a Duration or a Name
	OpAdd      Op = "+"
	OpSub      Op = "-"
	OpMul      Op = "*"
	OpDiv      Op = "/"
	OpMod      Op = "%"
	OpElse     Op = "??"
	OpNot      Op = "not" // unary; also "!"
)

// The nodes.
type (
	// Name is a field, a param, a let, a metric or a bareword.
	Name struct {
		At    Pos
		Ident string
	}
	// Number is a numeric literal with its suffix applied; Source is as written.
	Number struct {
		At     Pos
		Value  float64
		Source string
	}
	// Text is a quoted text.
	Text struct {
		At    Pos
		Value string
	}
	// Bool is true or false.
	Bool struct {
		At    Pos
		Value bool
	}
	// DateLit is a date or a moment.
	DateLit struct {
		At   Pos
		Date Date
	}
	// DurationLit is a length of time.
	DurationLit struct {
		At    Pos
		Value time.Duration
	}
	// List is what stands in [ ].
	List struct {
		At    Pos
		Items []ListItem
	}
	// Interval is lo-hi or lo..hi after "in", "not in" and "between", closed.
	Interval struct {
		At     Pos
		Lo, Hi Node
	}
	// Unary is a minus, a plus or a negation. Op is OpSub, OpAdd or OpNot.
	Unary struct {
		At Pos
		Op Op
		X  Node
	}
	// Binary is X Op Y; Not negates a test ("not in", "does not contain").
	Binary struct {
		At   Pos
		Op   Op
		Not  bool
		X, Y Node
	}
	// Chain is 100 <= x < 1000: X[0] Ops[0] X[1] Ops[1] X[2] …
	Chain struct {
		At  Pos
		Ops []Op
		X   []Node
	}
	// Test is "is known", "is missing" or "is empty" on a value.
	Test struct {
		At  Pos
		Is  Is
		Not bool
		X   Node
	}
	// Ternary is If ? Then : Else.
	Ternary struct {
		At             Pos
		If, Then, Else Node
	}
	// Call is a function call. count(x), any(x), sum(x) with a single name,
	// or a name and a window, may turn out to be an activity: the checker
	// decides by the name.
	Call struct {
		At   Pos
		Func string
		Args []Node
	}
	// Log is an activity function that can be nothing else: it has a "by
	// account", a filter or a literal window.
	Log struct {
		At        Pos
		Func      string // count, any, sum, days_since
		Activity  Name
		ByAccount bool
		Where     Node // may be nil
		Window    Node // DurationLit or Name; may be nil
	}
	// Closure is the predicate of a list function: # > 5, or { # > 5 }.
	Closure struct {
		At   Pos
		Body Node
	}
	// Element is #, a list function's current element.
	Element struct{ At Pos }
)

// Is is what a Test asks.
type Is string

// The tests.
const (
	IsKnown   Is = "known"
	IsMissing Is = "missing"
	IsEmpty   Is = "empty"
)

// ListItem is one item of a list. What it means depends on the type that it
// is compared with: text as it stands, a number, a date or an expression.
type ListItem struct {
	At     Pos
	Raw    string // as it stands, spaces trimmed
	Quoted bool   // a single quoted text; Text is its value
	Text   string
	// X is the item read as an expression, where it has an operator with a
	// space on each side, a call, a leading parenthesis or a nested list.
	X Node
}

func (n *Name) Pos() Pos        { return n.At }
func (n *Number) Pos() Pos      { return n.At }
func (n *Text) Pos() Pos        { return n.At }
func (n *Bool) Pos() Pos        { return n.At }
func (n *DateLit) Pos() Pos     { return n.At }
func (n *DurationLit) Pos() Pos { return n.At }
func (n *List) Pos() Pos        { return n.At }
func (n *Interval) Pos() Pos    { return n.At }
func (n *Unary) Pos() Pos       { return n.At }
func (n *Binary) Pos() Pos      { return n.At }
func (n *Chain) Pos() Pos       { return n.At }
func (n *Test) Pos() Pos        { return n.At }
func (n *Ternary) Pos() Pos     { return n.At }
func (n *Call) Pos() Pos        { return n.At }
func (n *Log) Pos() Pos         { return n.At }
func (n *Closure) Pos() Pos     { return n.At }
func (n *Element) Pos() Pos     { return n.At }

func (*Name) node()        {}
func (*Number) node()      {}
func (*Text) node()        {}
func (*Bool) node()        {}
func (*DateLit) node()     {}
func (*DurationLit) node() {}
func (*List) node()        {}
func (*Interval) node()    {}
func (*Unary) node()       {}
func (*Binary) node()      {}
func (*Chain) node()       {}
func (*Test) node()        {}
func (*Ternary) node()     {}
func (*Call) node()        {}
func (*Log) node()         {}
func (*Closure) node()     {}
func (*Element) node()     {}

// Inspect calls visit for n and, where it returns true, for each node that n
// is made of, in the order of the text. It does nothing for nil.
func Inspect(n Node, visit func(Node) bool) {
	if n == nil || !visit(n) {
		return
	}
	switch n := n.(type) {
	case *List:
		for _, item := range n.Items {
			Inspect(item.X, visit)
		}
	case *Interval:
		Inspect(n.Lo, visit)
		Inspect(n.Hi, visit)
	case *Unary:
		Inspect(n.X, visit)
	case *Binary:
		Inspect(n.X, visit)
		Inspect(n.Y, visit)
	case *Chain:
		for _, x := range n.X {
			Inspect(x, visit)
		}
	case *Test:
		Inspect(n.X, visit)
	case *Ternary:
		Inspect(n.If, visit)
		Inspect(n.Then, visit)
		Inspect(n.Else, visit)
	case *Call:
		for _, arg := range n.Args {
			Inspect(arg, visit)
		}
	case *Log:
		Inspect(n.Where, visit)
		Inspect(n.Window, visit)
	case *Closure:
		Inspect(n.Body, visit)
	}
}
