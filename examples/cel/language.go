package main

import (
	"fmt"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	celenv "cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"github.com/accountscore/accountscore/dsl"
)

// Language is the Common Expression Language, cel.dev, as a language of
// conditions. Fields are variables: number is double, text string, bool bool,
// list list(string), time timestamp. Params are constants, and now is the
// scoring moment. A missing value is one of CEL's unknowns, so that && and ||
// follow Kleene as everywhere; what CEL calls an error at run time is Unknown, and
// so is a division by zero.
func Language() dsl.Language { return language{} }

type language struct{}

func (language) Name() string { return "cel" }

// The bounds of one condition, beside those that the caller holds.
const (
	maxNodes = 1_000
	maxDepth = 64
	maxCost  = 100_000 // of one answer, in CEL's units; what costs more is Unknown
	maxRegex = 1_000   // instructions of a constant pattern
)

// now is the variable of the scoring moment, where no field has its name.
const now = "now"

var typeOf = map[dsl.Type]*cel.Type{
	dsl.NumberType: cel.DoubleType, dsl.TextType: cel.StringType, dsl.BoolType: cel.BoolType,
	dsl.ListType: cel.ListType(cel.StringType), dsl.TimeType: cel.TimestampType,
}

// Compile checks a condition against the schema and plans it twice: to be
// answered, and to be traced.
func (language) Compile(src string, schema dsl.Schema) (dsl.Program, error) {
	env, params, err := environment(&schema)
	if err != nil {
		return nil, err
	}
	checked, issues := env.Compile(src)
	if issues.Err() != nil {
		return nil, faultOf(issues)
	}
	if out := checked.OutputType(); !out.IsExactType(cel.BoolType) {
		return nil, &dsl.Error{Code: dsl.CodeType, Message: fmt.Sprintf("the condition gives %s, not true or false", out), Fix: "compare it with something"}
	}
	p := &program{text: src, params: params, now: true}
	if err := p.plan(env, checked); err != nil {
		return nil, err
	}
	for i := range schema.Fields {
		p.now = p.now && schema.Fields[i].Name != now
	}
	p.find(checked.NativeRep(), &schema)
	// The canonical text stands in for the source only if it is no other.
	if text, err := cel.AstToString(checked); err == nil && len(text) <= dsl.MaxFormula {
		if again, issues := env.Compile(text); issues.Err() == nil {
			if twice, err := cel.AstToString(again); err == nil && twice == text {
				p.text = text
			}
		}
	}
	return p, nil
}

// environment declares what the schema has.
func environment(schema *dsl.Schema) (*cel.Env, map[string]any, error) {
	opts := []cel.EnvOption{
		cel.CrossTypeNumericComparisons(true), cel.EnableMacroCallTracking(), cel.DefaultUTCTimeZone(true),
		cel.ParserRecursionLimit(maxDepth), cel.ParserExpressionSizeLimit(dsl.MaxFormula), cel.ParserErrorRecoveryLimit(1),
		cel.ExpressionNodeLimit(maxNodes), cel.RegexProgramSizeLimit(maxRegex),
	}
	seen := map[string]bool{}
	declare := func(name string, t *cel.Type) {
		if t != nil && !seen[name] {
			seen[name] = true
			opts = append(opts, cel.Variable(name, t))
		}
	}
	for i := range schema.Fields {
		declare(schema.Fields[i].Name, typeOf[schema.Fields[i].Type])
	}
	params := map[string]any{}
	for _, p := range schema.Params {
		value, t := native(p.Value)
		if t != nil && !seen[p.Name] {
			params[p.Name] = value
		}
		declare(p.Name, t)
	}
	declare(now, cel.TimestampType)
	env, err := cel.NewCustomEnv(append(opts, division()...)...)
	return env, params, err
}

// division gives CEL's standard library, with a division of fractions by zero
// as an error like one of whole numbers; CEL's own is infinite.
func division() []cel.EnvOption {
	over := func(t *cel.Type) cel.FunctionOpt {
		return cel.Overload("divide_"+t.String(), []*cel.Type{t, t}, t)
	}
	without := celenv.NewLibrarySubset().AddExcludedFunctions(&celenv.Function{Name: operators.Divide})
	return []cel.EnvOption{cel.StdLib(cel.StdLibSubset(without)), cel.Function(operators.Divide,
		over(cel.DoubleType), over(cel.IntType), over(cel.UintType),
		cel.SingletonBinaryBinding(func(x, y ref.Val) ref.Val {
			if y == types.Double(0) { // minus zero too
				return types.NewErr("division by zero")
			}
			return x.(traits.Divider).Divide(y)
		}, traits.DividerType))}
}

// native gives a value as CEL takes it, with its type; nil for no value.
func native(v dsl.Value) (any, *cel.Type) {
	switch v.Kind {
	case dsl.NumberValue:
		return v.Number, cel.DoubleType
	case dsl.TextValue:
		return v.Text, cel.StringType
	case dsl.BoolValue:
		return v.Bool, cel.BoolType
	case dsl.ListValue:
		return slices.Clone(v.List), cel.ListType(cel.StringType)
	case dsl.DateValue:
		return v.Date.Time, cel.TimestampType
	}
	return nil, nil
}

// faultOf makes an error of CEL's first one.
func faultOf(issues *cel.Issues) error {
	errs := issues.Errors()
	if len(errs) == 0 {
		return issues.Err()
	}
	first := errs[0]
	for _, e := range errs[1:] {
		if l, m := e.Location, first.Location; l.Line() < m.Line() || l.Line() == m.Line() && l.Column() < m.Column() {
			first = e
		}
	}
	return fmt.Errorf("%d:%d: %s", first.Location.Line(), first.Location.Column()+1, first.Message)
}

// program is a compiled condition.
type program struct {
	text   string
	answer cel.Program
	every  cel.Program // answers every part, and remembers
	fields []string
	params map[string]any
	now    bool
	parts  []part
}

// part is one operand of the condition's && and ||.
type part struct {
	id     int64
	text   string
	fields []string
}

func (p *program) plan(env *cel.Env, checked *cel.Ast) (err error) {
	if p.answer, err = env.Program(checked, cel.EvalOptions(cel.OptPartialEval), cel.CostLimit(maxCost)); err != nil {
		return err
	}
	p.every, err = env.Program(checked, cel.EvalOptions(cel.OptPartialEval, cel.OptExhaustiveEval), cel.CostLimit(maxCost))
	return err
}

// find notes what the condition is made of, and which fields that reads.
func (p *program) find(tree *ast.AST, schema *dsl.Schema) {
	p.fields = reads(tree.Expr(), schema)
	var walk func(e ast.Expr)
	walk = func(e ast.Expr) {
		if e.Kind() == ast.CallKind {
			if c := e.AsCall(); c.FunctionName() == operators.LogicalAnd || c.FunctionName() == operators.LogicalOr {
				for _, arg := range c.Args() {
					walk(arg)
				}
				return
			}
		}
		text, err := cel.ExprToString(e, tree.SourceInfo())
		if err != nil {
			text = p.text
		}
		p.parts = append(p.parts, part{e.ID(), text, reads(e, schema)})
	}
	walk(tree.Expr())
}

// reads names the fields that an expression reads, in the schema's order.
func reads(e ast.Expr, schema *dsl.Schema) []string {
	named := map[string]bool{}
	ast.PreOrderVisit(e, ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.IdentKind {
			named[e.AsIdent()] = true
		}
	}))
	var names []string
	for i := range schema.Fields {
		if name := schema.Fields[i].Name; named[name] {
			names = append(names, name)
			named[name] = false
		}
	}
	return names
}

func (p *program) String() string   { return p.text }
func (p *program) Fields() []string { return slices.Clone(p.fields) }

func (p *program) Eval(v dsl.Values) dsl.Truth {
	vars, err := p.vars(v)
	if err != nil {
		return dsl.Unknown
	}
	out, _, err := p.answer.Eval(vars)
	if err != nil {
		return dsl.Unknown
	}
	return truth(out)
}

// Trace asks every part, those too that the answer does not need.
func (p *program) Trace(v dsl.Values) []dsl.Part {
	steps := make([]dsl.Part, len(p.parts))
	for i, part := range p.parts {
		steps[i] = dsl.Part{Text: part.text, Fields: slices.Clone(part.fields)}
	}
	vars, err := p.vars(v)
	if err != nil {
		return steps
	}
	out, details, _ := p.every.Eval(vars)
	if len(steps) == 1 && out != nil {
		steps[0].Truth = truth(out)
		return steps
	}
	if details == nil {
		return steps
	}
	for i, part := range p.parts {
		if value, ok := details.State().Value(part.id); ok {
			steps[i].Truth = truth(value)
		}
	}
	return steps
}

// vars gives the values that the condition reads; the missing ones are CEL's
// unknowns.
func (p *program) vars(v dsl.Values) (cel.PartialActivation, error) {
	values := make(map[string]any, len(p.fields)+len(p.params)+1)
	for name, value := range p.params {
		values[name] = value
	}
	if p.now {
		values[now] = moment(v.At())
	}
	var unknown []*cel.AttributePatternType
	for _, name := range p.fields {
		value, known := v.Value(name)
		if got, t := native(value); known && t != nil {
			values[name] = got
		} else {
			unknown = append(unknown, cel.AttributePattern(name))
		}
	}
	return cel.PartialVars(values, unknown...)
}

// moment holds a time within the years that CEL knows.
func moment(t time.Time) time.Time {
	t = t.UTC()
	if y := t.Year(); y < 1 || y > 9999 {
		return time.Time{}
	}
	return t
}

// truth reads an answer: what is neither true nor false is unknown.
func truth(v ref.Val) dsl.Truth {
	if b, ok := v.(types.Bool); ok {
		return dsl.TruthOf(bool(b))
	}
	return dsl.Unknown
}
