package bars

import (
	"fmt"

	"github.com/expr-lang/expr"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/peer"
)

// compileText is from text to model: parsing, checking and compiling.
func compileText(text []byte) paired.Task {
	return func(n int) {
		for range n {
			rs, err := accountscore.Parse("generated.rules", text)
			if err != nil {
				panic(err)
			}
			sink += float64(len(accountscore.MustCompile(rs).Hash()))
		}
	}
}

func compileAgainstExpr(o paired.Options) (Reading, error) {
	rules := fixture.Generate(1_000)
	env := peer.ExprEnv(fixture.HundredSet())
	sources := make([]string, len(rules))
	for i, r := range rules {
		sources[i] = peer.ExprSource(r)
		if _, err := expr.Compile(sources[i], expr.Env(env), expr.AsBool()); err != nil {
			return Reading{}, fmt.Errorf("rule %d: %w", i, err)
		}
	}
	each := func(n int) {
		for range n {
			for _, s := range sources {
				p, _ := expr.Compile(s, expr.Env(env), expr.AsBool())
				sink += float64(len(p.Bytecode))
			}
		}
	}
	return reading(paired.Measure(compileText([]byte(fixture.RulesText(rules))), each, o)), nil
}

func compileGrowth(o paired.Options) (Reading, error) {
	large, small := fixture.RulesText(fixture.Generate(10_000)), fixture.RulesText(fixture.Generate(1_000))
	return reading(paired.Measure(compileText([]byte(large)), compileText([]byte(small)), o)), nil
}
