package peer

import (
	jsonlogic "github.com/diegoholiveira/jsonlogic/v3"

	"github.com/accountscore/accountscore/bench/fixture"
)

type logic = map[string]any

func operator(op string, args ...any) logic { return logic{op: args} }

// jsonLogic is a condition as a JsonLogic tree. A variable that is missing is
// null there; a comparison with null may hold, so every test asks first.
func jsonLogic(c fixture.Cond) any {
	v := logic{"var": c.Field}
	known := operator("!=", v, nil)
	switch c.Kind {
	case fixture.All, fixture.Any:
		args := make([]any, len(c.Args))
		for i, a := range c.Args {
			args[i] = jsonLogic(a)
		}
		if c.Kind == fixture.All {
			return operator("and", args...)
		}
		return operator("or", args...)
	case fixture.Missing:
		return operator("==", v, nil)
	case fixture.AtLeast:
		return operator("and", known, operator(">=", v, c.Lo))
	case fixture.MoreThan:
		return operator("and", known, operator(">", v, c.Lo))
	case fixture.AtMost:
		return operator("and", known, operator("<=", v, c.Hi))
	case fixture.LessThan:
		return operator("and", known, operator("<", v, c.Hi))
	case fixture.Between:
		return operator("and", known, operator("<=", c.Lo, v, c.Hi))
	case fixture.Within:
		from, to := window(c.Days)
		return operator("and", known, operator("<=", from, v, to))
	case fixture.Yes:
		return operator("==", v, true)
	case fixture.No:
		return operator("and", known, operator("==", v, false))
	}
	texts := make([]any, len(c.Texts))
	for i, t := range c.Texts {
		texts[i] = t
	}
	if c.Kind == fixture.NoneOf {
		return operator("and", known, operator("!", operator("in", v, texts)))
	}
	if len(texts) == 1 {
		return operator("==", v, texts[0])
	}
	return operator("in", v, texts)
}

func newJSONLogic(set *fixture.Set) (Scorer, error) {
	programs := make([]any, len(set.Rules))
	for i, r := range set.Rules {
		programs[i] = jsonLogic(r.When)
	}
	accounts := seconds(set)
	return func(i int) (float64, error) {
		score := 0
		for j, p := range programs {
			v, err := jsonlogic.ApplyInterface(p, accounts[i])
			if err != nil {
				return 0, err
			}
			if v == true {
				score += set.Rules[j].Points
			}
		}
		return float64(score), nil
	}, nil
}
