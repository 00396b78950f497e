package accountscore

import (
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
)

// What tests of parts of one text say of each other: a text that ends with
// ".dev" does not end with ".io".

// unneeded tells which of some answers of tests follow from those that are
// left. Of two that say the same one stays.
func (t *textClaim) unneeded(held []cond.Tri) []bool {
	drop := make([]bool, len(held))
	for i := range held {
		for j := range held {
			if i != j && held[i] != cond.Unknown && held[j] != cond.Unknown && !drop[j] && t.follows(i, held[i], j, held[j]) {
				drop[i] = true
				break
			}
		}
	}
	return drop
}

// follows tells whether a test says what it is held to wherever another does.
func (t *textClaim) follows(i int, is cond.Tri, j int, by cond.Tri) bool {
	n, other := t.parts[i], t.parts[j]
	if !t.ofPart(n) || !t.ofPart(other) || n.Fold != other.Fold {
		return false
	}
	part, otherPart := n.Args[1].Text, other.Args[1].Text
	if n.Fold {
		part, otherPart = cond.Fold(part), cond.Fold(otherPart)
	}
	switch {
	case is == cond.True && by == cond.True:
		return implies(other.Op, otherPart, n.Op, part)
	case is == cond.False && by == cond.False:
		return implies(n.Op, part, other.Op, otherPart)
	case is == cond.False && by == cond.True:
		return excludes(other.Op, otherPart, n.Op, part)
	}
	return false
}

// ofPart tells whether a test asks the field itself for a part that is
// constant.
func (t *textClaim) ofPart(n *cond.Node) bool {
	switch n.Op {
	case cond.Starts, cond.Ends, cond.Contains:
		return n.Args[1].Op == cond.Const && n.Args[1].Type == cond.Text && t.plainly(n.Args[0], t.mv.slot)
	}
	return false
}

// implies tells whether a text that has one part has another.
func implies(op cond.Op, part string, other cond.Op, has string) bool {
	switch {
	case other == cond.Contains:
		return strings.Contains(part, has)
	case op != other:
		return false
	case op == cond.Starts:
		return strings.HasPrefix(part, has)
	}
	return strings.HasSuffix(part, has)
}

// excludes tells whether no text that has one part has the other.
func excludes(op cond.Op, part string, other cond.Op, has string) bool {
	switch {
	case op != other || op == cond.Contains:
		return false
	case op == cond.Starts:
		return !strings.HasPrefix(part, has) && !strings.HasPrefix(has, part)
	}
	return !strings.HasSuffix(part, has) && !strings.HasSuffix(has, part)
}
