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
	rollup := fmt.Sprintf("rollup, %d accounts × %d contacts", size.Companies, rollupContacts)
	return slices.Concat(
		three("Scorer.ScoreInto (struct) ÷ hand-written over the struct", false, 2.5, 1.8, 0.7, structAgainstHand),
		three("Tracker.Set of one field + ResultInto ÷ hand-written full score", false, 2, 0.8, 0.2, trackerAgainstHand),
		three("Model.ScoreInto (map) ÷ hand-written over the map", false, 1.5, 1.6, 1.1, mapAgainstHand),
		three("expr VM (map, reused) ÷ Model.ScoreInto (map)", true, 2.2, 5, 15, exprAgainstMap),
		three("Explain as data ÷ score on the same input", false, 8, 8, 12, explainAgainstScore),
		three("allocations per Model.ScoreInto (map)", false, 0, 0, 0, mapAllocations),
		three("allocations per Scorer.ScoreInto (struct)", false, 0, 0, 0, structAllocations),
		[]Bar{
			{"allocations per row of ScoreTable", "enterprise", false, 0, tableAllocations(enterprise, size)},
			{"allocations per row of ScoreTable", "mixed", false, 0, tableAllocations(mixed, size)},
			{"DuckDB (1 thread, sum) ÷ ScoreTable (1 worker), " + millions, "enterprise", true, 10, duckAgainstTable(enterprise, size)},
			{"DuckDB (1 thread, sum) ÷ ScoreTable (1 worker), " + millions, "mixed", true, 15, duckAgainstTable(mixed, size)},
			{"ScoreTable (1 worker) ÷ hand-written columns", "enterprise", false, 2.5, tableAgainstColumns(enterprise, size)},
			{"ScoreTable (1 worker) ÷ hand-written columns", "mixed", false, 1.4, tableAgainstColumns(mixed, size)},
			{"two workers ÷ one, against a spin loop's own gain", "enterprise", true, 0.9, twoWorkers(enterprise, size)},
			{"two workers ÷ one, against a spin loop's own gain", "mixed", true, 0.9, twoWorkers(mixed, size)},
			{"hand-written rows with Exp2 ÷ ScoreTable", rollup, true, 5, rowsAgainstTable(size)},
			{"DuckDB ÷ ScoreTable", rollup, true, 12, duckAgainstRollup(size)},
			{"one contact changed: full rescore ÷ Tracker", "100 contacts, ranked 0.8", true, 25, rescoreAgainstTracker("ranked 0.8", 100)},
			{"one contact changed: Tracker at 10,000 ÷ at 10 contacts", "sum", false, 2, trackerGrowth("sum", 10_000, 10)},
			{"one contact changed: Tracker at 10,000 ÷ at 100 contacts", "ranked 0.8", false, 2, trackerGrowth("ranked 0.8", 10_000, 100)},
			{"compile 1,000 rules ÷ 1,000 × expr.Compile", "generated", false, 0.8, compileAgainstExpr},
			{"compile 10,000 rules ÷ 1,000 rules", "generated", false, 12, compileGrowth},
			{"table bytes per account ÷ widths of its columns", "mixed", false, 1.2, tableBytes(mixed, size)},
		},
	)
}
