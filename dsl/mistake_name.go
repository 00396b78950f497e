package dsl

import (
	"strings"

	"github.com/accountscore/accountscore/internal/spell"
)

// Where fields are inferred, a word of another phrase would pass for a field
// that is true or false. These are the words that nobody names a field.

// moreWords end phrases such as "5 or more", with the comparison that each says.
var moreWords = map[string]Op{
	"more": OpGe, "greater": OpGe, "higher": OpGe, "above": OpGe, "over": OpGe, "up": OpGe, "upwards": OpGe, "beyond": OpGe, "larger": OpGe,
	"bigger": OpGe, "longer": OpGe, "better": OpGe, "later": OpGe, "newer": OpGe, "after": OpGe, "plus": OpGe,
	"less": OpLe, "fewer": OpLe, "lower": OpLe, "below": OpLe, "under": OpLe, "down": OpLe, "smaller": OpLe,
	"shorter": OpLe, "worse": OpLe, "earlier": OpLe, "older": OpLe, "before": OpLe,
}

// orMore reports a comparison such as n = 5 or more.
func (l *lowering) orMore(n *Binary) bool {
	first := n.Y
	for {
		b, ok := first.(*Binary)
		if !ok || b.Op != OpAnd && b.Op != OpOr {
			break
		}
		first = b.X
	}
	name, ok := first.(*Name)
	if !ok || moreWords[strings.ToLower(name.Ident)] == "" || l.isDeclared(name.Ident) {
		return false
	}
	last := n.X
	for {
		b, ok := last.(*Binary)
		if !ok {
			return false
		}
		if b.Op != OpAnd && b.Op != OpOr {
			return l.reportMore(n, b, name)
		}
		last = b.Y
	}
}

// reportMore reports the word after the comparison b.
func (l *lowering) reportMore(n, b *Binary, word *Name) bool {
	if !isComparison(b.Op) || !isBound(b.Y) {
		return false
	}
	op := moreWords[strings.ToLower(word.Ident)]
	if b.Op == OpNe {
		op = negated[op]
	}
	meant := &Binary{At: b.At, Op: op, X: b.X, Y: b.Y}
	l.fault(word.At, CodeSyntax, "write "+short(meant), "`%s` joins conditions, and `%s` alone is none", n.Op, word.Ident)
	return true
}

// orMissing reports a test such as t is empty or missing.
func (l *lowering) orMissing(n *Binary) bool {
	first := n.Y
	for {
		b, ok := first.(*Binary)
		if !ok || b.Op != OpAnd && b.Op != OpOr {
			break
		}
		first = b.X
	}
	name, ok := first.(*Name)
	if !ok || l.isDeclared(name.Ident) {
		return false
	}
	is := Is(strings.ToLower(name.Ident))
	switch is {
	case IsMissing, IsKnown, IsEmpty:
	default:
		return false
	}
	last := n.X
	for {
		switch b := last.(type) {
		case *Binary:
			if b.Op != OpAnd && b.Op != OpOr {
				return false
			}
			last = b.Y
			continue
		case *Test:
			again := &Test{At: b.At, Is: is, Not: b.Not, X: b.X}
			l.fault(name.At, CodeSyntax, "repeat the test: "+short(b)+" "+string(n.Op)+" "+short(again), "`%s` joins conditions, and `%s` alone is none", n.Op, name.Ident)
			return true
		}
		return false
	}
}

// isBound tells whether a node is a number or a date.
func isBound(n Node) bool {
	switch n := n.(type) {
	case *Number, *DateLit:
		return true
	case *Unary:
		return n.Op != OpNot && isBound(n.X)
	}
	return false
}

// isDeclared tells whether a name means something that a statement declares.
func (l *lowering) isDeclared(name string) bool {
	sym := l.c.lookup(l.s, name)
	return sym.kind != noSymbol && (sym.kind != fieldSymbol || !sym.field.inferred)
}

// elseWords are what people write for a condition that is always true.
var elseWords = wordSet("else otherwise default always rest everything anything")

// elseCondition reports a condition that is the word else, where that names
// nothing.
func (c *checker) elseCondition(f *Formula, s scope, path string) bool {
	word := strings.TrimSpace(f.Text)
	if !elseWords[strings.ToLower(word)] || c.lookup(s, word).kind != noSymbol {
		return false
	}
	fix := "put it behind the points of the rule before: condition → +10 else +3; at the end of first of, and for every account, write true → +3"
	if s.kind == tierScope {
		fix = "write otherwise in place of when: low otherwise"
	}
	c.wrong(f.Pos, path, CodeSyntax, fix, "`%s` is no condition", word)
	return true
}

// scoredSlip gives the name of a result that a name in a tier was meant to be,
// where fields are inferred; empty where it is none.
func (c *checker) scoredSlip(s scope, name string) string {
	if s.kind != tierScope || !c.inferring {
		return ""
	}
	names := append([]string{"score"}, sortedKeys(c.dimensions)...)
	if len(c.grades) > 0 {
		names = append(names, "grade")
	}
	if c.rollup != nil {
		names = append(names, rollupNames...)
	}
	for _, other := range names {
		if spell.Slip(name, other) {
			return other
		}
	}
	return ""
}
