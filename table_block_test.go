package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

// tabular writes a ruleset that tables hold whole.
func (r randomRules) tabular() string {
	var b strings.Builder
	b.WriteString(randomDeclarations)
	b.WriteString(r.of("", "", "score min 0 max 100\n", "score round 0\n", "score min -20.5 round 3\n"))
	weighted := r.IntN(3) == 0
	dims := 1 + r.IntN(3)
	for i := range dims {
		fmt.Fprintf(&b, "dimension d%d%s", i, r.of("", "", " max 60", " min 0", " out of 50", " out of 100", " out of 40"))
		if weighted {
			fmt.Fprintf(&b, " weight %d%%", 10+r.IntN(50))
		} else if dims > 1 {
			b.WriteString(r.of("", "", " unscored"))
		}
		b.WriteString(" {\n")
		for range 1 + r.IntN(7) {
			rules := 1
			if r.IntN(5) == 0 {
				b.WriteString(r.of("best of", "first of", "sum of max 20") + " {\n")
				rules += r.IntN(2)
			} else {
				b.WriteString("sum of {\n")
			}
			for range rules {
				b.WriteString("  " + r.tabularRule() + "\n")
			}
			b.WriteString("}\n")
		}
		b.WriteString("}\n")
	}
	if r.IntN(2) == 0 {
		b.WriteString("grades d0 { 30+: A, 10+: B, else: C }\n")
	}
	if r.IntN(4) > 0 {
		fmt.Fprintf(&b, "tiers {\n  top when score >= 20 and d0 > 5%s\n  mid when %s\n%s}\n", r.of("", " hold 5"), r.of("score >= 10", "d0 >= 10", "score > 3.5"), r.of("", "  low otherwise\n"))
	}
	if r.IntN(4) == 0 {
		b.WriteString("tiers stage {\n  hot when score > 15 and score <= 30\n  cold when score < 2\n}\n")
	}
	return b.String()
}

func (r randomRules) tabularRule() string {
	switch r.IntN(8) {
	case 0:
		return r.of("employees", "founded", "seats") + " → { 1-49: 3, 50-499: +7, 500+: +20" + r.of("", ", missing: +2", ", else: -1") + " }"
	case 1:
		return r.of("industry", "country", "plan") + " → { Business: 4, Pro: 5, Free: -2" + r.of("", ", missing: 1", ", else: 3") + " }"
	}
	condition := r.tabularTest()
	for range r.IntN(3) {
		condition = r.of("", "not ") + "(" + condition + ") " + r.of("and", "or") + " (" + r.tabularTest() + ")"
	}
	return condition + " → " + r.points()
}

func (r randomRules) tabularTest() string {
	n := r.of("employees", "revenue", "founded", "seats")
	switch r.IntN(9) {
	case 0, 1:
		return n + " " + r.of(">=", ">", "<", "<=", "=", "!=") + " " + r.of("5", "10", "25")
	case 2:
		return n + " between 10 and " + r.of("50", "500", "5k")
	case 3:
		return n + " is " + r.of("known", "missing")
	case 4:
		return r.of("industry", "country", "plan") + " " + r.of("= Pro", "in [Business, Free]", `contains "e"`, `starts with "U"`)
	case 5:
		return r.of("customer", "trial = false")
	case 6:
		return "stack " + r.of("has any", "has all", "has none") + " [CRM, EHR]"
	case 7:
		return "funded " + r.of("within 180d", "is missing")
	}
	return "funded > 2026-01-01"
}

// checkBlocks holds what is scored by columns equal to what is scored by row.
func checkBlocks(t testing.TB, seed uint64, rows int) *Model {
	r := newRandom(seed)
	src := r.tabular()
	m := compile(t, src)
	list := make([]Account, rows)
	messy := r.IntN(2) == 0
	for i := range list {
		list[i] = r.account(messy && r.IntN(4) == 0)
		list[i].ID = fmt.Sprint("a", i)
	}
	table := r.asTable(m, list)
	scores, err := m.ScoreTable(t.Context(), table, testMoment, Workers(1+r.IntN(2)))
	require.NoError(t, err, src)
	var got Result
	for i, a := range list {
		scores.RowInto(&got, i)
		if want := walked(m, a, testMoment); !cmp.Equal(want, got) {
			t.Fatalf("seed %d, the walk (-) and the columns (+) differ:\n%s\n%s\n%+v", seed, cmp.Diff(want, got), src, a)
		}
	}
	return m
}

func TestBlocksAreTheWalk(t *testing.T) {
	columnar, whole, alone := 0, 0, 0
	for seed := range uint64(400) {
		m := checkBlocks(t, seed, 1+int(seed%70))
		if c := m.columns(); c != nil {
			columnar++
			whole += ordinal(c.unit == micro.One)
			alone += ordinal(c.alone)
		}
	}
	assert.Greater(t, columnar, 300)
	assert.Greater(t, whole, 10)
	assert.Greater(t, alone, 20)
	checkBlocks(t, 7, 2*blockRows+13)
}

// FuzzBlocks is TestBlocksAreTheWalk from any seed.
func FuzzBlocks(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, rows uint8) { checkBlocks(t, seed, int(rows)) })
}
