package bars

import (
	"fmt"
	"slices"

	"github.com/accountscore/accountscore/bench/fixture"
)

// All are the bars, in the order in which they are promised; batches have the
// size given.
func All(size Size) []Bar {
	millions := fmt.Sprintf("%.2g M accounts", float64(size.Copies*fixture.Accounts)/1e6)
	enterprise, mixed := fixture.EnterpriseSet, fixture.MixedSet
	cached := Size{Copies: 16} // 33 thousand accounts, which a cache holds
	rollup := fmt.Sprintf("rollup, %d accounts × %d contacts", size.Companies, rollupContacts)
	return slices.Concat(
		three("Scorer.ScoreInto (struct) ÷ hand-written over the struct", false, 2.5, 1.8, 0.7, structAgainstHand),
		three("Tracker.Set of one field + ResultInto ÷ hand-written full score", false, 2, 0.8, 0.2, setAgainstHand),
		three("Model.ScoreInto (map) ÷ hand-written over the map", false, 1.5, 1.6, 1.1, mapAgainstHand),
		three("expr VM (map, reused) ÷ Model.ScoreInto (map)", true, 2.2, 5, 15, exprAgainstMap),
		three("Explain as data ÷ score on the same input", false, 8, 8, 12, explainAgainstScore),
		three("ExplainInto ÷ Model.ScoreInto (map), both into memory that is kept", false, 8, 8, 12, explainIntoAgainstScore),
		three("allocations per Scorer.ScoreInto (struct)", false, 0, 0, 0, structAllocations),
		three("allocations per Model.ScoreInto (map)", false, 0, 0, 0, mapAllocations),
		[]Bar{
			{Name: "allocations per row of ScoreTable", On: "enterprise", Limit: 0, Measure: tableAllocations(enterprise, size)},
			{Name: "allocations per row of ScoreTable", On: "mixed", Limit: 0, Measure: tableAllocations(mixed, size)},
			{Name: "DuckDB (1 thread, sum) ÷ ScoreTable (1 worker), " + millions, On: "enterprise", AtLeast: true, Limit: 10, Measure: duckAgainstTable(enterprise, size)},
			{Name: "DuckDB (1 thread, sum) ÷ ScoreTable (1 worker), " + millions, On: "mixed", AtLeast: true, Limit: 15, Measure: duckAgainstTable(mixed, size)},
			{Name: "ScoreTable (1 worker) ÷ hand-written columns, " + millions, On: "enterprise", Limit: 2.5, Measure: tableAgainstColumns(enterprise, size)},
			{Name: "ScoreTable (1 worker) ÷ hand-written columns, " + millions, On: "mixed", Limit: 1.4, Measure: tableAgainstColumns(mixed, size)},
			{Name: "ScoreTable (1 worker) ÷ hand-written columns, 33 thousand accounts", On: "enterprise", Told: true, Measure: tableAgainstColumns(enterprise, cached)},
			{Name: "ScoreTable (1 worker) ÷ hand-written columns, 33 thousand accounts", On: "mixed", Told: true, Measure: tableAgainstColumns(mixed, cached)},
			{Name: "two workers ÷ one, against a spin loop's own gain", On: "enterprise", AtLeast: true, Limit: 0.9, Measure: twoWorkers(enterprise, size)},
			{Name: "two workers ÷ one, against a spin loop's own gain", On: "mixed", AtLeast: true, Limit: 0.9, Measure: twoWorkers(mixed, size)},
			{Name: "hand-written rows with Exp2 ÷ ScoreTable", On: rollup, AtLeast: true, Limit: 5, Measure: rowsAgainstTable(size)},
			{Name: "DuckDB ÷ ScoreTable", On: rollup, AtLeast: true, Limit: 12, Measure: duckAgainstRollup(size)},
			{Name: "one contact changed: full rescore ÷ Tracker", On: "100 contacts, ranked", AtLeast: true, Limit: 25, Measure: rescoreAgainstTracker("ranked 0.8", 100)},
			{Name: "one contact changed: full rescore ÷ Tracker", On: "100 contacts, sum", AtLeast: true, Limit: 25, Measure: rescoreAgainstTracker("sum", 100)},
			{Name: "one contact changed: Tracker at 10,000 contacts ÷ at 10", On: "sum", Limit: 2, Measure: trackerGrowth("sum", 10_000, 10)},
			{Name: "one contact changed: Tracker at 10,000 contacts ÷ at 100", On: "ranked", Limit: 2, Measure: trackerGrowth("ranked 0.8", 10_000, 100)},
			{Name: "compile 1,000 rules ÷ 1,000 × expr.Compile", On: "generated", Limit: 0.8, Measure: compileAgainstExpr},
			{Name: "compile 10,000 rules ÷ 1,000 rules", On: "generated", Limit: 12, Measure: compileGrowth},
			{Name: "table bytes per account ÷ widths of its columns", On: "mixed", Limit: 1.2, Measure: tableBytes(mixed, size)},
		},
		costs(),
	)
}
