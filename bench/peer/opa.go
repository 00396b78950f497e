package peer

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/accountscore/accountscore/bench/fixture"
)

var regoSyntax = syntax{
	and: "; ", known: none, number: fixture.Number,
	value: func(f string) string { return "input." + f },
	in: func(v string, texts []string) string {
		return v + " in {" + quoted(texts) + "}"
	},
}

// regoBodies are the bodies of a rule: any one that holds makes it hold. A
// value that is missing is undefined in Rego, and so is every test of it but
// a negated one.
func regoBodies(c fixture.Cond) []string {
	v := "input." + c.Field
	switch c.Kind {
	case fixture.Any:
		var bodies []string
		for _, a := range c.Args {
			bodies = append(bodies, regoBodies(a)...)
		}
		return bodies
	case fixture.All:
		bodies := []string{""}
		for _, a := range c.Args {
			var next []string
			for _, b := range bodies {
				for _, more := range regoBodies(a) {
					next = append(next, strings.TrimPrefix(b+"; "+more, "; "))
				}
			}
			bodies = next
		}
		return bodies
	case fixture.Missing:
		return []string{"not " + v}
	case fixture.Yes:
		return []string{v + " == true"}
	case fixture.No:
		return []string{v + " == false"}
	case fixture.NoneOf:
		return []string{v + "; not " + v + " in {" + quoted(c.Texts) + "}"}
	case fixture.Between:
		return []string{fmt.Sprintf("%s >= %s; %s <= %s", v, fixture.Number(c.Lo), v, fixture.Number(c.Hi))}
	case fixture.Within:
		from, to := window(c.Days)
		return []string{fmt.Sprintf("%s >= %s; %s <= %s", v, fixture.Number(from), v, fixture.Number(to))}
	}
	return []string{regoSyntax.test(c)}
}

// newOPA prepares one query; the inputs are parsed beforehand.
func newOPA(set *fixture.Set) (Scorer, error) {
	ctx := context.Background()
	var module strings.Builder
	module.WriteString("package fixture\n\nscore := sum([p | some p in points])\n\n")
	for i, r := range set.Rules {
		for _, body := range regoBodies(r.When) {
			fmt.Fprintf(&module, "points[\"r%d\"] := %d if { %s }\n", i, r.Points, body)
		}
	}
	query, err := rego.New(rego.Query("data.fixture.score"), rego.Module("fixture.rego", module.String())).PrepareForEval(ctx)
	if err != nil {
		return nil, err
	}
	inputs := make([]ast.Value, len(set.Maps))
	for i, m := range seconds(set) {
		if inputs[i], err = ast.InterfaceToValue(m); err != nil {
			return nil, err
		}
	}
	return func(i int) (float64, error) {
		results, err := query.Eval(ctx, rego.EvalParsedInput(inputs[i]))
		if err != nil {
			return 0, err
		}
		if len(results) == 0 {
			return 0, fmt.Errorf("the score is undefined")
		}
		return results[0].Expressions[0].Value.(json.Number).Float64()
	}, nil
}
