package cond

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"
)

// Program is an expression that runs on expr's virtual machine because its
// form is too rare to lower. It reads its node's Args as _0, _1, … and never
// sees a missing value. It is safe for concurrent use.
type Program struct {
	prog   *vm.Program
	inputs []string
}

// allowed is what a program may be made of. Everything else that expr-lang
// knows (maps, members, pipes, ranges, variables, reduce and the like) can
// reach outside the declared names or exhaust memory.
var allowed = map[string]bool{
	"all": true, "none": true, "any": true, "one": true, "filter": true, "map": true, "count": true, "sum": true,
	"len": true, "min": true, "max": true, "abs": true, "round": true, "floor": true, "ceil": true,
	"_div": true, "_mod": true,
}

// maxText bounds the texts that a program reads and gives, in bytes: lets could
// double a text line by line.
const maxText = 16 << 10

// tooLong tells whether a value is a text that a program may not handle.
func tooLong(v any) bool {
	s, ok := v.(string)
	return ok && len(s) > maxText
}

var errDivision = errors.New("division by zero")

// NewProgram compiles expr-lang source over the inputs. Division inside it is
// written _div(a, b) and remainder _mod(a, b), so that neither has an answer
// at zero.
func NewProgram(src string, result Type, inputs []*Node) (*Program, error) {
	p := &Program{inputs: make([]string, len(inputs))}
	env := types.Map{}
	for i, in := range inputs {
		p.inputs[i] = "_" + strconv.Itoa(i)
		env[p.inputs[i]] = exprType(in.Type)
	}
	opts := []expr.Option{expr.Env(env), expr.Optimize(false), expr.DisableAllBuiltins(),
		expr.Function("_div", quotient(Div), new(func(float64, float64) float64)),
		expr.Function("_mod", quotient(Mod), new(func(float64, float64) float64)),
	}
	for _, name := range []string{"len", "min", "max", "abs", "round", "floor", "ceil"} {
		opts = append(opts, expr.EnableBuiltin(name))
	}
	switch result {
	case Bool:
		opts = append(opts, expr.AsBool())
	case Number:
		opts = append(opts, expr.AsFloat64())
	}
	prog, err := expr.Compile(src, opts...)
	if err != nil {
		return nil, err
	}
	guard := &guard{}
	node := prog.Node()
	ast.Walk(&node, guard)
	if guard.err != nil {
		return nil, guard.err
	}
	p.prog = prog
	return p, nil
}

func exprType(t Type) types.Type {
	switch t {
	case Bool:
		return types.Bool
	case Number:
		return types.Float64
	case Text:
		return types.String
	case List:
		return types.Array(types.String)
	}
	return types.TypeOf(time.Time{})
}

func quotient(op Op) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		a, ok1 := number(args[0])
		b, ok2 := number(args[1])
		if f, ok := arithmetic(op, a, b); ok1 && ok2 && ok {
			return f, nil
		}
		return nil, errDivision
	}
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	}
	return 0, false
}

// guard refuses every node that is not on the allow-list.
type guard struct{ err error }

func (g *guard) Visit(node *ast.Node) {
	name := ""
	switch n := (*node).(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.StringNode, *ast.ConstantNode, *ast.UnaryNode,
		*ast.IdentifierNode, *ast.ConditionalNode, *ast.ArrayNode, *ast.PredicateNode, *ast.PointerNode:
		return
	case *ast.BinaryNode:
		if n.Operator != ".." && n.Operator != "**" && n.Operator != "^" {
			return
		}
		name = n.Operator
	case *ast.BuiltinNode:
		name = n.Name
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			name = id.Value
		}
	}
	if !allowed[name] && g.err == nil {
		g.err = fmt.Errorf("%T %s is not allowed in a condition", *node, name)
	}
}

// run evaluates a Call or VM node; false where an argument is unknown or the
// evaluation fails.
func (n *Node) run(e *Env) (result any, ok bool) {
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		if args[i], ok = a.value(e); !ok || n.Op == VM && tooLong(args[i]) {
			return nil, false
		}
		// A caller's function gets a list of its own: it may sort it.
		if list, isList := args[i].([]string); isList && n.Op == Call {
			args[i] = slices.Clone(list)
		}
	}
	// A caller's function may panic; that is an unknown answer, never a crash.
	defer func() {
		if why := recover(); why != nil {
			result, ok = nil, false
			n.fault(e, why)
		}
	}()
	var err error
	if n.Op == Call {
		if result, err = n.Fn(args); err != nil {
			n.fault(e, err)
		}
	} else {
		env := make(map[string]any, len(args))
		for i, a := range args {
			env[n.VM.inputs[i]] = a
		}
		result, err = vm.Run(n.VM.prog, env)
		result = convert(result, n.Type)
	}
	if f, isNum := result.(float64); isNum && (math.IsNaN(f) || n.Op == Call && math.IsInf(f, 0)) {
		if err == nil {
			n.fault(e, fmt.Sprintf("it gave %v", f))
		}
		return nil, false
	}
	return result, err == nil && !(n.Op == VM && tooLong(result))
}

// fault tells whoever wants to know that a caller's function gave no answer.
// Formatting survives an error whose own text panics.
func (n *Node) fault(e *Env, why any) {
	if n.Op == Call && e.Fault != nil {
		e.Fault(n.Text, fmt.Sprint(why))
	}
}

// convert gives the virtual machine's results the types of slots.
func convert(v any, t Type) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case []any:
		if t != List {
			return v
		}
		list := make([]string, len(v))
		for i, item := range v {
			s, ok := item.(string)
			if !ok {
				return v
			}
			list[i] = s
		}
		return list
	}
	return v
}

// value evaluates a node of any type to the Go value of its type.
func (n *Node) value(e *Env) (any, bool) {
	switch n.Type {
	case Bool:
		t := n.Truth(e)
		return t == True, t != Unknown
	case Number:
		return box(n.Number(e))
	case Text:
		return box(n.String(e))
	case List:
		return box(n.Items(e))
	case Time:
		t, ok := n.Instant(e)
		return time.UnixMicro(t).UTC(), ok
	}
	return nil, false
}

func box[T any](v T, ok bool) (any, bool) { return v, ok }
