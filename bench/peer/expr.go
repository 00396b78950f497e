package peer

import (
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"github.com/accountscore/accountscore/bench/fixture"
)

// ExprEnv is the typed environment that the rules compile against.
func ExprEnv(set *fixture.Set) types.Map {
	env := types.Map{}
	for _, f := range set.Fields {
		switch f.Type {
		case fixture.TextType:
			env[f.Name] = types.String
		case fixture.BoolType:
			env[f.Name] = types.Bool
		default:
			env[f.Name] = types.Float64
		}
	}
	return env
}

// ExprSource is a rule's condition in expr.
func ExprSource(r fixture.Rule) string { return exprSyntax.print(r.When) }

var exprSyntax = syntax{
	and: " && ", or: " || ", value: same, number: fixture.Number,
	known:   func(f string) string { return f + " != nil" },
	missing: func(f string) string { return f + " == nil" },
	in:      infix("in"),
	not:     func(s string) string { return "!(" + s + ")" },
}

// NewExpr compiles one program a rule, so that rules can be told apart, and
// runs them on one virtual machine over a map.
func NewExpr(set *fixture.Set) (Scorer, error) {
	env := ExprEnv(set)
	programs := make([]*vm.Program, len(set.Rules))
	for i, r := range set.Rules {
		p, err := expr.Compile(ExprSource(r), expr.Env(env), expr.AsBool())
		if err != nil {
			return nil, err
		}
		programs[i] = p
	}
	accounts := seconds(set)
	var machine vm.VM
	return func(i int) (float64, error) {
		score := 0
		for j, p := range programs {
			v, err := machine.Run(p, accounts[i])
			if err != nil {
				return 0, err
			}
			if v.(bool) {
				score += set.Rules[j].Points
			}
		}
		return float64(score), nil
	}, nil
}
