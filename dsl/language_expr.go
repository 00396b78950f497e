package dsl

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	exprparser "github.com/expr-lang/expr/parser"

	"github.com/accountscore/accountscore/internal/cond"
)

// ExprLanguage is the name of [Expr].
const ExprLanguage = "expr"

// Expr is plain expr-lang: its own syntax and none of our words, within the
// allow-list of this package. Left out are maps, members, slices, ranges,
// variables, powers, nil, patterns that are not constant, and every
// function but all, none, any, one, filter, map, count, sum, len, min, max,
// abs, round, floor and ceil.
//
// A condition means what it means in expr wherever every value is known, save
// that a division or a remainder by zero is Unknown and a remainder is the
// floating one. Whether a value is missing is decided before expr's machine
// runs: and, or, not and the ternary over tests follow Kleene, x ?? y is y
// where the field x is missing, and any other test of a missing value is
// Unknown. Texts are compared exactly, fields ignoring case too.
func Expr() Language { return exprLanguage{} }

// exprLanguage is Expr. A Check gives it its own bounds, which then hold for
// all conditions of a ruleset together.
type exprLanguage struct{ shared *bounds }

func (exprLanguage) Name() string { return ExprLanguage }

func (e exprLanguage) Compile(src string, schema Schema) (Program, error) {
	if err := conditionBounds(src); err != nil {
		return nil, err
	}
	tree, err := exprparser.Parse(src)
	if err != nil {
		return nil, exprError(src, err)
	}
	c := &exprCompiler{schema: &schema, src: src, bounds: e.shared}
	if c.bounds == nil {
		c.bounds = &bounds{}
	}
	// The parser shares the middle of a < b < c between two comparisons, so a
	// short text can stand for a tree that nobody could walk to its end.
	if nodes, depth := exprSize(tree.Node, map[ast.Node][2]int{}); nodes > MaxNodes || depth > MaxNesting {
		return nil, newError(place{}, Pos{}, CodeLimit, fmt.Sprintf("the condition has more than %d parts, or nests deeper than %d", MaxNodes, MaxNesting), "split it into several rules")
	}
	node := c.truth(tree.Node)
	if c.err != nil {
		return nil, c.err
	}
	text := strings.TrimSpace(src)
	if short := tree.Node.String(); len(short) <= MaxFormula {
		if again, err := exprparser.Parse(short); err == nil && c.canonical(again.Node) == c.canonical(tree.Node) && again.Node.String() == short {
			text = short
		}
	}
	return newTreeProgram(node, text, &schema), nil
}

// exprSize counts the nodes of a tree as often as they are reached, and its
// depth. What is shared is walked once.
func exprSize(n ast.Node, seen map[ast.Node][2]int) (nodes, depth int) {
	if n == nil {
		return 0, 0
	}
	if s, ok := seen[n]; ok {
		return s[0], s[1]
	}
	nodes = 1
	for _, child := range exprChildren(n) {
		a, d := exprSize(child, seen)
		nodes, depth = min(nodes+a, MaxNodes+1), max(depth, d)
	}
	depth++
	if _, group := n.(*ast.PredicateNode); group {
		depth-- // the braces of a predicate are no level of their own
	}
	seen[n] = [2]int{nodes, depth}
	return nodes, depth
}

// exprChildren gives what a node is made of, for the kinds that are allowed
// and for those that are refused only once their size is known.
func exprChildren(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []ast.Node{n.Node}
	case *ast.BinaryNode:
		return []ast.Node{n.Left, n.Right}
	case *ast.ConditionalNode:
		return []ast.Node{n.Cond, n.Exp1, n.Exp2}
	case *ast.ArrayNode:
		return n.Nodes
	case *ast.BuiltinNode:
		return n.Arguments
	case *ast.PredicateNode:
		return []ast.Node{n.Node}
	}
	return nil // refused by the compiler, which does not look inside
}

// exprFunctions are the functions of expr that conditions may call.
var exprFunctions = map[string]bool{
	"all": true, "none": true, "any": true, "one": true, "filter": true, "map": true, "count": true, "sum": true,
	"len": true, "min": true, "max": true, "abs": true, "round": true, "floor": true, "ceil": true,
}

// maxPredicates is how deep list functions may stand in each other: the work
// grows by the length of a list with every level.
const maxPredicates = 2

// exprCompiler makes a tree of an expr-lang condition. Its and, or, not,
// ternaries and ?? are ours; each test between them is a program of expr's.
type exprCompiler struct {
	schema *Schema
	src    string
	err    *Error
	*bounds
}

// refuse keeps the first fault, and gives nothing.
func (c *exprCompiler) refuse(n ast.Node, code Code, fix, format string, args ...any) {
	if c.err != nil {
		return
	}
	from := -1
	if n != nil {
		from = n.Location().From
	}
	c.err = exprFault(c.src, from, code, fmt.Sprintf(format, args...), fix)
}

// truth lowers a condition; what it gives where something is wrong is of no
// use, as err is set.
func (c *exprCompiler) truth(n ast.Node) *cond.Node {
	switch n := n.(type) {
	case *ast.BoolNode:
		return &cond.Node{Op: cond.Const, Type: cond.Bool, Flag: n.Value, Src: n.String()}
	case *ast.IdentifierNode:
		x := c.operand(n)
		if c.err == nil && x.Type != cond.Bool {
			c.refuse(n, CodeType, "compare it with something", "`%s` is %s, and a condition is true or false", clipText(n.Value, 40), aType(x.Type))
		}
		return x
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return &cond.Node{Op: cond.Not, Type: cond.Bool, Args: []*cond.Node{c.truth(n.Node)}, Src: c.text(n)}
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			op := cond.And
			if n.Operator == "or" || n.Operator == "||" {
				op = cond.Or
			}
			return &cond.Node{Op: op, Type: cond.Bool, Args: []*cond.Node{c.truth(n.Left), c.truth(n.Right)}}
		case "??":
			x := c.operand(n)
			if c.err == nil && x.Type != cond.Bool {
				c.refuse(n, CodeType, "compare it with something", "`??` gives %s here, and a condition is true or false", aType(x.Type))
			}
			return x
		}
	case *ast.ConditionalNode:
		return &cond.Node{Op: cond.If, Type: cond.Bool, Args: []*cond.Node{c.truth(n.Cond), c.truth(n.Exp1), c.truth(n.Exp2)}, Src: c.text(n)}
	}
	return c.test(n)
}

// operand lowers a field, a param, a literal, or a ?? of these.
func (c *exprCompiler) operand(n ast.Node) *cond.Node {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return numberNode(float64(n.Value))
	case *ast.FloatNode:
		return numberNode(n.Value)
	case *ast.StringNode:
		return textNode(n.Value)
	case *ast.BoolNode:
		return &cond.Node{Op: cond.Const, Type: cond.Bool, Flag: n.Value}
	case *ast.UnaryNode:
		if x := c.operand(n.Node); n.Operator == "-" && x.Op == cond.Const && x.Type == cond.Number {
			return numberNode(-x.Num)
		}
	case *ast.IdentifierNode:
		return c.name(n)
	case *ast.BinaryNode:
		if n.Operator == "??" {
			x, y := c.operand(n.Left), c.operand(n.Right)
			if x.Type != y.Type {
				c.refuse(n, CodeType, "give both sides of `??` one type", "`??` stands between %s and %s", aType(x.Type), aType(y.Type))
			}
			return &cond.Node{Op: cond.Else, Type: x.Type, Args: []*cond.Node{x, y}, Src: c.text(n)}
		}
	}
	c.refuse(n, CodeNotAllowed, "put a field on its left, and a field or a literal on its right", "`??` wants fields and literals")
	return numberNode(0)
}

// name lowers a field or a param.
func (c *exprCompiler) name(n *ast.IdentifierNode) *cond.Node {
	if strings.HasPrefix(n.Value, "$") {
		c.refuse(n, CodeNotAllowed, "name a field", "`%s` is not allowed in a condition", clipText(n.Value, 40))
		return numberNode(0)
	}
	for i := range c.schema.Fields {
		if f := &c.schema.Fields[i]; f.Name == n.Value {
			return &cond.Node{Op: cond.Field, Type: condType(f.Type), Space: cond.Account, Slot: i, Src: f.Name}
		}
	}
	var l lowering
	for _, p := range c.schema.Params {
		if p.Name != n.Value {
			continue
		}
		if x := l.constant(p.Value); x != nil {
			x.Src = p.Name
			return x
		}
	}
	fix := "declare the field, as in `field " + clipText(n.Value, 40) + " number`"
	known := func() []string {
		var list []string
		for i := range c.schema.Fields {
			list = append(list, c.schema.Fields[i].Name)
		}
		for _, p := range c.schema.Params {
			list = append(list, p.Name)
		}
		return list
	}
	if capital(n.Value) {
		fix = fmt.Sprintf("if it is text write %q in quotes; else %s", clipText(n.Value, 40), fix)
	}
	if near := c.near(n.Value, known); near != "" {
		fix = "did you mean `" + near + "`?"
	}
	c.refuse(n, CodeName, fix, "`%s` is not declared", clipText(n.Value, 40))
	return numberNode(0)
}

// test makes a program of what is neither joined nor a value.
func (c *exprCompiler) test(n ast.Node) *cond.Node {
	e := &exprEmitter{c: c, slots: map[string]string{}}
	e.node(n, 0)
	if c.err != nil {
		return numberNode(0)
	}
	if e.b.Len() > maxEmitted {
		c.refuse(n, CodeLimit, "split it into several rules", "the condition grows too large")
		return numberNode(0)
	}
	prog, err := cond.NewProgram(e.b.String(), cond.Bool, e.inputs)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "\n")
		what, fix := exprTyped(message)
		c.refuse(n, CodeType, fix, "`%s`: %s", clipText(c.text(n), 60), what)
		return numberNode(0)
	}
	return &cond.Node{Op: cond.VM, Type: cond.Bool, Args: e.inputs, VM: prog, Src: c.text(n)}
}

// text is a node as people read it.
func (c *exprCompiler) text(n ast.Node) string { return clipText(n.String(), MaxFormula) }

// canonical writes a whole tree fully parenthesised, to compare two by.
func (c *exprCompiler) canonical(n ast.Node) string {
	e := &exprEmitter{c: &exprCompiler{schema: c.schema, src: c.src}, plain: true}
	e.node(n, 0)
	return e.b.String()
}

// exprEmitter writes a test anew as expr-lang source, fully parenthesised,
// its fields as the inputs _0, _1, … of a program.
type exprEmitter struct {
	c      *exprCompiler
	b      strings.Builder
	inputs []*cond.Node
	slots  map[string]string // the input of a name or of a ??, by its text
	plain  bool              // names stay names
}

func (e *exprEmitter) write(parts ...string) {
	for _, p := range parts {
		e.b.WriteString(p)
	}
}

// input writes an operand as an input of the program.
func (e *exprEmitter) input(n ast.Node) {
	text := n.String()
	if e.plain {
		e.write(text)
		return
	}
	slot, ok := e.slots[text]
	if !ok {
		slot = "_" + strconv.Itoa(len(e.inputs))
		e.slots[text] = slot
		e.inputs = append(e.inputs, e.c.operand(n))
	}
	e.write(slot)
}

func (e *exprEmitter) node(n ast.Node, predicates int) {
	if e.c.err != nil || e.b.Len() > maxEmitted {
		return
	}
	switch n := n.(type) {
	case *ast.IntegerNode:
		// A whole number would compute as one, and overflow.
		e.write(strconv.FormatFloat(float64(n.Value), 'f', 1, 64))
	case *ast.FloatNode:
		s := strconv.FormatFloat(n.Value, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0"
		}
		e.write(s)
	case *ast.BoolNode:
		e.write(strconv.FormatBool(n.Value))
	case *ast.StringNode:
		e.write(strconv.QuoteToASCII(n.Value))
	case *ast.IdentifierNode:
		e.input(n)
	case *ast.PointerNode:
		if n.Name != "" {
			e.c.refuse(n, CodeNotAllowed, "write # for the element", "`#%s` is left out", clipText(n.Name, 20))
			return
		}
		e.write("#")
	case *ast.UnaryNode:
		if !slices.Contains([]string{"not", "!", "-", "+"}, n.Operator) {
			e.refuse(n, n.Operator)
			return
		}
		e.write("(", n.Operator, " ")
		e.node(n.Node, predicates)
		e.write(")")
	case *ast.BinaryNode:
		e.binary(n, predicates)
	case *ast.ConditionalNode:
		e.write("(")
		e.node(n.Cond, predicates)
		e.write(" ? ")
		e.node(n.Exp1, predicates)
		e.write(" : ")
		e.node(n.Exp2, predicates)
		e.write(")")
	case *ast.ArrayNode:
		e.write("[")
		e.list(n.Nodes, predicates)
		e.write("]")
	case *ast.PredicateNode:
		e.write("{ ")
		e.node(n.Node, predicates)
		e.write(" }")
	case *ast.BuiltinNode:
		if !exprFunctions[n.Name] {
			e.refuse(n, n.Name)
			return
		}
		if slices.ContainsFunc(n.Arguments, func(a ast.Node) bool { _, is := a.(*ast.PredicateNode); return is }) {
			if predicates++; predicates > maxPredicates {
				e.c.refuse(n, CodeLimit, "take it apart", "list functions stand in each other more than %d deep", maxPredicates)
				return
			}
		}
		e.write(n.Name, "(")
		e.list(n.Arguments, predicates)
		e.write(")")
	default:
		e.c.refuseKind(n)
	}
}

func (e *exprEmitter) refuse(n ast.Node, what string) {
	fix := exprLeftOut[what]
	if fix == "" {
		fix = "write the condition in the rules language, or without it"
	}
	e.c.refuse(n, CodeNotAllowed, fix, "`%s` is not allowed in a condition", clipText(what, 40))
}

func (e *exprEmitter) list(nodes []ast.Node, predicates int) {
	for i, n := range nodes {
		if i > 0 {
			e.write(", ")
		}
		e.node(n, predicates)
	}
}

func (e *exprEmitter) binary(n *ast.BinaryNode, predicates int) {
	call := ""
	switch n.Operator {
	case "??":
		e.input(n)
		return
	case "/":
		call = "_div"
	case "%":
		call = "_mod"
	case "matches":
		pattern, constant := n.Right.(*ast.StringNode)
		if !constant {
			e.c.refuse(n, CodeNotAllowed, "write the pattern as a text", "a pattern must be constant")
			return
		}
		if !e.plain {
			if ok, err := e.c.take(pattern.Value); err != nil {
				e.c.refuse(n.Right, err.Code, err.Fix, "%s", err.Message)
				return
			} else if !ok {
				e.c.refuse(n.Right, CodeLimit, "write smaller repetitions, or split the model", "the patterns of the ruleset are too large together")
				return
			}
		}
	case "and", "&&", "or", "||", "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "+", "-", "*":
	default:
		e.refuse(n, n.Operator)
		return
	}
	e.write(call, "(")
	e.node(n.Left, predicates)
	if call != "" {
		e.write(", ")
	} else {
		e.write(" ", n.Operator, " ")
	}
	e.node(n.Right, predicates)
	e.write(")")
}
