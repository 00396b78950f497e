package bars

import (
	"slices"
)

// All are the bars, in the order of the table.
func All() []Bar {
	return slices.Concat(
		three("Model.ScoreInto (map) ÷ hand-written over the map", false, 1.5, 1.6, 1.1, mapAgainstHand),
		three("expr VM (map, reused) ÷ Model.ScoreInto (map)", true, 2.2, 5, 15, exprAgainstMap),
		three("Explain as data ÷ score on the same input", false, 8, 8, 12, explainAgainstScore),
		three("allocations per Model.ScoreInto (map)", false, 0, 0, 0, mapAllocations),
		[]Bar{
			{Name: "compile 1,000 rules ÷ 1,000 × expr.Compile", On: "generated", Limit: 0.8, Measure: compileAgainstExpr},
			{Name: "compile 10,000 rules ÷ 1,000 rules", On: "generated", Limit: 12, Measure: compileGrowth},
		},
	)
}
