package dsl

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	exprparser "github.com/expr-lang/expr/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// exprShape prints expr-lang's tree as shape does ours.
func exprShape(n ast.Node) string {
	all := func(op string, nodes ...ast.Node) string {
		parts := []string{op}
		for _, n := range nodes {
			parts = append(parts, exprShape(n))
		}
		return "(" + strings.Join(parts, " ") + ")"
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.IntegerNode:
		return fmt.Sprint(n.Value)
	case *ast.FloatNode:
		return fmt.Sprint(n.Value)
	case *ast.BoolNode:
		return fmt.Sprint(n.Value)
	case *ast.StringNode:
		return fmt.Sprintf("%q", n.Value)
	case *ast.PointerNode:
		return "#"
	case *ast.PredicateNode:
		return all("{}", n.Node)
	case *ast.UnaryNode:
		op := n.Operator
		if op == "!" {
			op = "not"
		}
		if b, ok := n.Node.(*ast.BinaryNode); ok && op == "not" && negatable[b.Operator] && n.Location().From > b.Left.Location().From {
			return all("!"+testNames[b.Operator], b.Left, b.Right) // a not in b
		}
		return all(op, n.Node)
	case *ast.BinaryNode:
		op := n.Operator
		if name := testNames[op]; name != "" {
			op = name
		}
		return all(op, n.Left, n.Right)
	case *ast.ConditionalNode:
		return all("?", n.Cond, n.Exp1, n.Exp2)
	case *ast.BuiltinNode:
		return all(n.Name+"()", n.Arguments...)
	case *ast.CallNode:
		return all(n.Callee.String()+"()", n.Arguments...)
	}
	return fmt.Sprintf("%T", n)
}

var negatable = wordSet("in contains startsWith endsWith")

var testNames = map[string]string{
	"&&": "and", "||": "or", "in": "in", "contains": "contains", "startsWith": "starts-with", "endsWith": "ends-with",
}

// chained writes our chains as expr does: each pair, joined by and.
func chained(n Node) Node {
	switch n := n.(type) {
	case *Chain:
		var all Node
		for i, op := range n.Ops {
			pair := Node(&Binary{Op: op, X: chained(n.X[i]), Y: chained(n.X[i+1])})
			if all != nil {
				pair = &Binary{Op: OpAnd, X: all, Y: pair}
			}
			all = pair
		}
		return all
	case *Binary:
		return &Binary{Op: n.Op, Not: n.Not, X: chained(n.X), Y: chained(n.Y)}
	case *Unary:
		return &Unary{Op: n.Op, X: chained(n.X)}
	case *Ternary:
		return &Ternary{If: chained(n.If), Then: chained(n.Then), Else: chained(n.Else)}
	case *Closure:
		return &Closure{Body: chained(n.Body)}
	case *Call:
		c := &Call{Func: n.Func}
		for _, a := range n.Args {
			c.Args = append(c.Args, chained(a))
		}
		return c
	}
	return n
}

// An expression that is expr-lang's too has expr's tree: same precedences,
// same grouping. The word not and ?? bind otherwise, on purpose.
func TestSameTreeAsExpr(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	var expr func(depth int) string
	operand := func(depth int) string {
		switch k := r.IntN(10); {
		case depth > 3 || k < 4:
			return pick("a", "b", "c", "d", "1", "20", "2.5", "true", `"x"`, `'y'`)
		case k < 5:
			return pick("-", "+", "!", "-", "- -") + pick("a", "b", "3")
		case k < 6:
			return pick("min", "round", "f") + "(" + expr(depth+1) + ")"
		case k < 7:
			return pick("all", "none", "filter", "map", "one") + "(a, " + pick("# > 1 and b", "{ # + b }", `# startsWith "x"`, "# == c", "true") + ")"
		}
		return "(" + expr(depth+1) + ")"
	}
	expr = func(depth int) string {
		s := operand(depth)
		for range r.IntN(4) {
			s += pick(" ", "\n", "  ") + pick("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "&&", "or", "||", "in", "not in", "contains", "not contains", "startsWith", "endsWith", "not startsWith") + " "
			s += operand(depth)
		}
		if r.IntN(8) == 0 {
			s += " ? " + operand(depth) + " : " + operand(depth)
		}
		return s
	}
	compared := 0
	for range 10_000 {
		text := expr(0)
		if ownIn.MatchString(text) {
			continue
		}
		tree, err := exprparser.Parse(text)
		if err != nil {
			continue // some chains are not expr's
		}
		compared++
		n, errs := ParseFormula(Formula{Text: text}, "made", "")
		require.Empty(t, errs, text)
		assert.Equal(t, exprShape(tree.Node), shape(chained(n)), text)
	}
	assert.Greater(t, compared, 5000)
}

// ownIn finds what is no list in expr and an interval or nothing with us:
// a number, a text, a sign or a truth after in, and a name before a minus or before a plus and a text.
var ownIn = regexp.MustCompile(`\bin\s+([0-9'"+\-!]|true|\w+\s*(-|\+\s*['"]))`)
