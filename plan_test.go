package accountscore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// walked scores by the evaluator that the explanation observes, without any
// table.
func walked(m *Model, a Account, at time.Time) Result {
	var r Result
	s := m.scratch()
	s.traced = true
	s.run(a, at)
	s.publish(&r)
	m.release(s)
	return r
}

// checkPlan holds the tables to the walk, over whole results.
func checkPlan(t testing.TB, seed uint64) (tabled, single, quick int) {
	r := newWild(seed)
	m, src := randomModel(t, r)
	var dst Result // what a scoring leaves there must not show in the next
	for range 12 {
		a := r.account(r.IntN(3) == 0)
		at := r.moment()
		m.ScoreInto(&dst, a, at)
		if want, got := walked(m, a, at), m.Score(a, at); !cmp.Equal(want, got) || !cmp.Equal(want, dst, cmpopts.EquateEmpty()) {
			t.Fatalf("the walk (-) and the tables (+) differ, seed %d:\n%s\n%s\n%+v", seed, cmp.Diff(want, got), src, a)
		}
	}
	if m.quick != nil {
		quick++
	}
	for i := range m.dims {
		tabled += len(m.dims[i].groups) - len(m.plan.dims[i].single)
		single += len(m.plan.dims[i].single)
	}
	return tabled, single, quick
}

func TestPlanIsTheWalk(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	tabled, single, quick := 0, 0, 0
	for seed := range uint64(1500) {
		a, b, c := checkPlan(t, 70_000+seed)
		tabled, single, quick = tabled+a, single+b, quick+c
	}
	assert.Greater(t, tabled, 2000)
	assert.Greater(t, single, 1000)
	assert.Greater(t, quick, 200)
}

// FuzzPlan is TestPlanIsTheWalk from any seed.
func FuzzPlan(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { checkPlan(t, seed) })
}

// TestPlanForms tells which form each kind of rule gets, as [Model.Facts] does.
func TestPlanForms(t *testing.T) {
	const declared = `
field employees number
field seats number one of [5, 10]
field country text ignoring case
field plan text
field customer bool
field stack list
field funded time stale after 30d
field revenue number
activity visit (page text)
let per_head = revenue / employees
param regions = [US, UK]
`
	const row, lookup, tree, program = FormRow, FormLookUp, FormTree, FormProgram
	for condition, want := range map[string]Form{
		`employees >= 1000 → +1`:                                       row,
		`not (employees > 10 or employees = 5) → +1 else -1`:           row,
		`employees between 10 and 20 → +1`:                             row,
		`employees in [1, 2, 3] → +1`:                                  row,
		`employees is missing → +1`:                                    row,
		`(employees ?? 0) < 5 → +1`:                                    row,
		`employees → { 1-49: 1, 50-99: 2, missing: 3 }`:                row,
		`country in regions → +1`:                                      row,
		`plan equals "Pro" → +1`:                                       row,
		`plan → { Pro: 1, else: 2 }`:                                   row,
		`customer → +1`:                                                row,
		`customer = false → +1`:                                        row,
		`stack contains "EHR" → +1`:                                    row,
		`stack has any [a, b] → +1`:                                    row,
		`plan matches "^P" → +1`:                                       row,
		`plan starts with "P" → +1`:                                    row,
		`funded within 90d → +1`:                                       row,
		`funded > 2026-01-01 → +1`:                                     row,
		`days_since(funded) < 30 → +1`:                                 row,
		`funded is missing → +1`:                                       row,
		`best of { employees > 5 → +1` + "\n" + `employees > 9 → +2 }`: row,
		`employees > 5 and country = "US" → +1`:                        lookup,
		`customer = (employees > 5) → +1`:                              lookup,
		`customer ? employees > 5 : plan = "Pro" → +1`:                 lookup,
		`plan starts with "P" or plan = "x" → +1`:                      lookup,
		`stack contains "a" and stack contains "b" → +1`:               lookup,
		`funded is missing or funded within 30d → +1`:                  row,
		`stack is missing or stack has any [a, b] → +1`:                row,
		`first of { customer → +1` + "\n" + `employees > 9 → +2 }`:     lookup,
		`funded within 90d or funded > 2026-01-01 → +1`:                tree,
		`stack is empty → +1`:                                          tree,
		`employees → 0..50 over 1-100`:                                 tree,
		`employees > 0 → +1 per employees max 5`:                       tree,
		`employees > revenue → +1`:                                     tree,
		`per_head > 5 → +1`:                                            tree,
		`count(visit, 30d) > 5 → +1`:                                   tree,
		`each visit → +1`:                                              tree,
		`len(stack) > 2 → +1`:                                          tree,
		`any(stack, # == "x") → +1`:                                    program,
		`any(stack, len(#) > 3) and customer → +1`:                     program,
		`true → +1`: tree,
		`employees in 1-9 and revenue in [` + listed(200, "%d") + `] → +1`: tree, // more than 1,024 combinations
	} {
		m := compile(t, declared+"dimension d {\n"+condition+"\n}\n")
		for _, c := range m.Facts().Costs {
			assert.Equal(t, want, c.Form, condition)
		}
		assert.Equal(t, want == row || want == lookup, len(m.plan.tested) == 0, condition)
	}
}

// TestPlanManyRules holds the tables at sizes where sums and bounds matter.
func TestPlanManyRules(t *testing.T) {
	r := newWild(5)
	for _, n := range []int{1, 10, 100, 3000} {
		var src []byte
		for i := range n {
			src = append(src, r.test()...)
			if i%3 == 0 {
				src = append(src, " and "...)
				src = append(src, r.test()...)
			}
			src = append(src, " → +1.25\n"...)
		}
		m := compile(t, randomDeclarations+"dimension d {\n"+string(src)+"}\n")
		for range 20 {
			a := r.account(true)
			require.Empty(t, cmp.Diff(walked(m, a, testMoment), m.Score(a, testMoment)))
		}
	}
}

// TestPlanBounds holds the tables to the walk where a plan goes to one of its
// bounds, and past it.
func TestPlanBounds(t *testing.T) {
	many := func(n int, line string) string {
		return to(n, func(i int) string { return strings.ReplaceAll(line, "%", fmt.Sprint(i)) })
	}
	for _, c := range []struct {
		name, src   string
		quick, held bool // the short way; every rule in the tables
	}{
		{"64 fields", many(64, "f% > 1 → +1\n"), true, true},
		{"65 fields", many(65, "f% > 1 → +1\n"), true, true},
		{"17 sums", many(17, "dimension d% {\nf% > 1 → +1\n}\n"), true, true},
		{"eight words of sums", many(4, "dimension d% {\nf% > 1 → +999999.999999\nf% > 3 and f1 > 20 → +0.000001\nf2 < 7 → -1\n}\n"), true, true},
		{"nine words of sums", many(5, "dimension d% {\nf% > 1 → +999999.999999\nf% > 3 and f1 > 20 → +0.000001\nf2 < 7 → -1\n}\n"), false, true},
		{"64 look-ups", many(64, "f1 > % and f2 < % → +1.5\n"), true, true},
		{"65 look-ups", many(65, "f1 > % and f2 < % → +1.5\n"), false, true},
		{"a range too wide for a table", many(9, "f1 > % and f2 < % → +1.5\nf1 < % and f3 > % → +2\nf1 < % and f4 > % → +2\nf1 < % and f5 > % → +2\n"), true, true},
		{"1,024 entries", "f1 in [" + listed(7, "%d") + "] and f2 in [" + listed(31, "%d") + "] → +1\n", true, true},
		{"1,056 entries", "f1 in [" + listed(7, "%d") + "] and f2 in [" + listed(32, "%d") + "] → +1\n", true, false},
		{"six bools", "b1 or b2 and b3 or b4 and not b5 or b6 → +3\n", true, true},
		{"seven bools", "b1 or b2 and b3 or b4 and not b5 or b6 and b7 → +3\n", true, false},
		{"11 tests", "field f text\n" + strings.Repeat("f contains \"a\" or ", 3) + strings.ReplaceAll(listed(11, "f contains \"%d\""), ",", " or ") + " → +1\n", true, false},
		{"10,000 rules on one field", many(10_000, "f1 > % → +1\n"), true, true},
		{"10,000 look-ups", many(10_000, "f1 > % and f2 < % → +1.5\n"), false, false},
		{"look-ups in many dimensions", many(1_000, "dimension d% {\nf1 > % and f2 < % → +1.5\nf2 > % → +1\n}\n"), false, false},
		{"100 disqualifications of several fields", "f1 > 1 → +1\n" + many(100, "disqualify when f1 > % and f2 < %\n"), true, false},
		{"64 look-ups and a disqualification", many(64, "f1 > % and f2 < % → +1.5\n") + "disqualify when f1 > 3 and f2 > 20\n", true, false},
		{"5,000 disqualifications", "f1 > 1 → +1\n" + many(5_000, "disqualify when f1 > %\n"), true, false},
		{"points beyond all sums", many(10_000, "f1 > 1 → +1000000\n"), true, true},
	} {
		m := compile(t, c.src)
		assert.Equal(t, c.quick, m.quick != nil, "%s: the short way", c.name)
		assert.Equal(t, c.held, len(m.plan.tested) == 0, "%s: every rule in the tables", c.name)
		if m.quick != nil {
			givesUp := strings.HasPrefix(c.name, "64 look-ups") || c.name == "a range too wide for a table"
			assert.Equal(t, givesUp, m.quick.untold.mask != 0, "%s: the short way gives up", c.name)
		}
		rows, entries := 0, 0
		for i := range m.plan.axes {
			rows += len(m.plan.axes[i].rows)
		}
		for i := range m.plan.dims {
			for j := range m.plan.dims[i].composites {
				require.LessOrEqual(t, len(m.plan.dims[i].composites[j].entries), maxEntries, c.name)
				entries += len(m.plan.dims[i].composites[j].entries)
			}
		}
		assert.LessOrEqual(t, rows, maxRows, c.name)
		assert.LessOrEqual(t, entries, maxEntryWork, c.name)
		r := newWild(uint64(len(c.src)))
		for range 6 {
			a := Account{Fields: map[string]any{}}
			for i := range m.fields {
				f := &m.fields[i]
				switch {
				case r.IntN(4) == 0:
				case f.typ == cond.Bool:
					a.Fields[f.key] = r.IntN(2) == 0
				case f.typ == cond.Text:
					a.Fields[f.key] = fmt.Sprint(r.IntN(30))
				default:
					a.Fields[f.key] = []any{r.IntN(40), float64(r.IntN(40)) + 0.5, r.IntN(10_000)}[r.IntN(3)]
				}
			}
			require.Empty(t, cmp.Diff(walked(m, a, testMoment), m.Score(a, testMoment)), c.name)
		}
	}
}
