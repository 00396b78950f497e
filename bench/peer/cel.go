package peer

import (
	"strings"

	"cel.dev/cel-go/cel"

	"github.com/accountscore/accountscore/bench/fixture"
)

var celSyntax = syntax{
	and: " && ", or: " || ",
	value:   func(f string) string { return "a." + f },
	known:   func(f string) string { return "has(a." + f + ")" },
	missing: func(f string) string { return "!has(a." + f + ")" },
	number: func(f float64) string {
		if s := fixture.Number(f); strings.Contains(s, ".") {
			return s
		} else {
			return s + ".0"
		}
	},
	in:  infix("in"),
	not: func(s string) string { return "!(" + s + ")" },
}

func newCEL(set *fixture.Set) (Scorer, error) {
	env, err := cel.NewEnv(cel.Variable("a", cel.MapType(cel.StringType, cel.DynType)))
	if err != nil {
		return nil, err
	}
	programs := make([]cel.Program, len(set.Rules))
	for i, r := range set.Rules {
		ast, issues := env.Compile(celSyntax.print(r.When))
		if issues.Err() != nil {
			return nil, issues.Err()
		}
		if programs[i], err = env.Program(ast, cel.EvalOptions(cel.OptOptimize)); err != nil {
			return nil, err
		}
	}
	accounts := seconds(set)
	input := map[string]any{}
	return func(i int) (float64, error) {
		input["a"] = accounts[i]
		score := 0
		for j, p := range programs {
			v, _, err := p.Eval(input)
			if err != nil {
				return 0, err
			}
			if v.Value() == true {
				score += set.Rules[j].Points
			}
		}
		return float64(score), nil
	}, nil
}
