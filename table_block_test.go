package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/classes"
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
	checkColumns(t, r, m, seed, src, list, r.asTable(m, list))
	return m
}

// checkColumns scores accounts as the table that they are in, and each by the
// walk.
func checkColumns(t testing.TB, r randomRules, m *Model, seed uint64, src string, list []Account, table *Table) *Scores {
	t.Helper()
	scores, err := m.ScoreTable(t.Context(), table, testMoment, Workers(1+r.IntN(2)))
	require.NoError(t, err, src)
	var got Result
	for i, a := range list {
		scores.RowInto(&got, i)
		if want := walked(m, a, testMoment); !cmp.Equal(want, got) {
			t.Fatalf("seed %d, the walk (-) and the table (+) differ:\n%s\n%s\n%+v", seed, cmp.Diff(want, got), src, a)
		}
	}
	return scores
}

func TestBlocksAreTheWalk(t *testing.T) {
	columnar, packed, alone := 0, 0, 0
	for seed := range uint64(400) {
		m := checkBlocks(t, seed, 1+int(seed%70))
		if c := m.columns(); c != nil {
			columnar++
			packed += ordinal(c.packed != nil)
			alone += ordinal(c.alone)
		}
	}
	assert.Greater(t, columnar, 300)
	assert.Greater(t, packed, 10)
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

// TestBlocksMeetOddValues holds values that no field can use, be they known or
// not, equal to the same rows as tables of their own.
func TestBlocksMeetOddValues(t *testing.T) {
	r := newRandom(11)
	const n = 5 * chunkRows
	floats := []float64{0, math.Copysign(0, -1), 1, 999.5, 1000, -5, math.NaN(), math.Inf(1), math.Inf(-1), 1 << 53, 1<<53 + 2, -1 << 60, 250}
	ints := []int64{0, 5, -7, 1000, 1<<53 + 1, -1 << 53, math.MinInt64, math.MaxInt64, testMoment.UnixMicro(), testMoment.UnixMicro() + 1, -1, firstMoment, lastMoment, lastMoment + 1}
	codes := []int32{0, 1, 2, 3, -1, -9, 4, 5, math.MaxInt32, math.MinInt32}
	texts := []string{"US", " ", "Pro", "Free", "Gold"}
	for _, odd := range []int{1, 4, n, 0} { // rows for each odd value, 0: none, but columns that are not there
		if odd == 0 {
			texts, codes, floats, ints = []string{"US", "Pro", "Free"}, []int32{0, 1, 2, -1}, []float64{0, 150, 700, 5000}, ints[:5]
		}
		value := func(of int) int {
			if odd > 1 && r.IntN(odd) > 0 {
				return 0
			}
			return r.IntN(of)
		}
		var num, neg [n]float64
		var whole, when [n]int64
		var text, plan [n]int32
		var flag [n]bool
		for i := range n {
			num[i], neg[i] = floats[value(len(floats))], float64(r.IntN(7)-3)
			whole[i], when[i] = ints[value(len(ints))], ints[value(len(ints))]
			text[i], plan[i], flag[i] = codes[value(len(codes))], codes[value(len(codes))], r.IntN(2) == 0
		}
		known := make(Bitmap, n/8)
		for i := range known {
			known[i] = byte(r.Uint32())
		}
		table := func(from, to int) *Table {
			t := NewTable(to - from)
			here := NewBitmap(to - from)
			for i := range to - from {
				if known.Get(from + i) {
					here.Set(i)
				}
			}
			t.Float64s("num", num[from:to], nil)
			if odd > 0 {
				t.Float64s("gap", num[from:to], here)
				t.Micros("past", when[from:to], here)
				t.Known("text", here)
			}
			t.Float64s("neg", neg[from:to], nil)
			t.Int64s("whole", whole[from:to], here)
			t.Micros("when", when[from:to], nil)
			t.Dict("text", text[from:to], texts)
			t.Dict("plan", plan[from:to], texts)
			t.Bools("flag", flag[from:to], here)
			return t
		}
		for name, rules := range map[string]string{
			"packed":     "num >= 5 → +1\nwhole > 3 and flag → +2\nplan = Pro or text = US → +4\n",
			"four cuts":  "num >= 1000 → +20\nnum in 100-999 → +10\n(plan = Pro or text = US) and num > 200 → +3.5\n",
			"many cuts":  "num → { 1-5: 1, 6-9: 2, 10-500: 3, 700: 4 }\nneg >= -1 → +7\nwhole in [1, 5, 7, 1000] → +11\n",
			"times":      "when within 30d → +1\npast > 1960-01-01 → +2\ndays_since(past) > 10 → +4\nwhen is known → +9\n",
			"all":        "num >= 5 → +1\ngap < 900 → +2\nneg < 0 → +3\nwhole > 3 → +5\nflag → +7\ntext = US → +11\nplan = Pro → +13\nwhen within 30d → +17\npast is missing → +19\n",
			"many":       "best of { num >= 5 → +1.3\n gap < 900 → +2.6 }\nscore round 3\ntext = US and plan = Pro → +7\ntext = US and gap > 5 → +3\nplan = Free and num > 1 → +8\n",
			"dimensions": "dimension a out of 30 { num >= 5 → +10\n text = US → +3 }\ndimension b max 20 { gap > 2 → +15\n flag → +9 }\ntiers { top when score > 20 and a > 5, mid when b >= 9 }\n",
		} {
			m := compile(t, "field num number\nfield gap number\nfield neg number\nfield whole number\nfield when time\nfield past time\nfield text text\nfield plan text one of [Pro, Free]\nfield flag bool\n"+rules)
			require.NotNil(t, m.columns(), name)
			scores, err := m.ScoreTable(t.Context(), table(0, n), testMoment)
			require.NoError(t, err)
			for i := range n {
				one, err := m.ScoreTable(t.Context(), table(i, i+1), testMoment)
				require.NoError(t, err)
				require.Equal(t, one.Row(0), scores.Row(i), "%s, row %d: %v %v %v %v %v %v", name, i, num[i], neg[i], whole[i], when[i], text[i], plan[i])
			}
		}
	}
}

// TestCutGrid holds grids equal to counting, about every cut and far from all.
func TestCutGrid(t *testing.T) {
	r := newRandom(3)
	laid := 0
	for range 3_000 {
		cuts := make([]int64, 1+r.IntN(60))
		width := int64(1) << (1 + r.IntN(62))
		for i := range cuts {
			cuts[i] = r.Int64N(width) - width/int64(1+r.IntN(4))
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		var g cutGrid
		if !g.lay(cuts) {
			continue
		}
		laid++
		keys := []int64{math.MinInt64, math.MaxInt64, 0, r.Int64N(width)}
		for _, c := range cuts {
			keys = append(keys, c-1, c, c+1)
		}
		for _, k := range keys {
			require.Equal(t, classes.Count(cuts, k), g.count(k), "%d in %v", k, cuts)
		}
	}
	assert.Greater(t, laid, 1_000)
	assert.False(t, new(cutGrid).lay([]int64{0, 1, 2, 3, 1 << 40}), "a cell has too many")
}

// TestBlocksOfTiersFromAbove: a tier that asks for no more than a score is not
// certain where a missing value could bring the score below that.
func TestBlocksOfTiersFromAbove(t *testing.T) {
	m := compile(t, "field a number\nfield b number\na > 0 → +10\nb > 0 → -5\ntiers {\n  low when score <= 5\n  mid when score < 11\n  top otherwise\n}\n")
	require.NotNil(t, m.columns())
	table := NewTable(4)
	table.Float64s("a", []float64{1, 1, 0, 0}, Bitmap{0b0111})
	table.Float64s("b", []float64{0, 0, 0, 0}, Bitmap{0b1101})
	scores, err := m.ScoreTable(t.Context(), table, testMoment)
	require.NoError(t, err)
	for row, want := range []Account{
		{Fields: map[string]any{"a": 1, "b": 0}}, {Fields: map[string]any{"a": 1, "b": nil}},
		{Fields: map[string]any{"a": 0, "b": 0}}, {Fields: map[string]any{"a": nil, "b": 0}},
	} {
		assert.Equal(t, walked(m, want, testMoment), scores.Row(row))
	}
	assert.Equal(t, "mid", scores.Row(1).Tier)
	assert.False(t, scores.Row(1).TierCertain)
}

// TestIntoAnotherModel: scores of a model whose dimension is the score are
// written over by those of a model of which it is not, and back.
func TestIntoAnotherModel(t *testing.T) {
	one := compile(t, "field a number\na > 0 → +10\n")
	two := compile(t, "field a number\ndimension x { a > 0 → +10 }\ndimension y { a > 1 → +3 }\n")
	require.True(t, one.columns().alone)
	table := NewTable(3)
	table.Float64s("a", []float64{0, 1, 2}, nil)
	var into Scores
	for _, m := range []*Model{one, two, one, two} {
		scores, err := m.ScoreTable(t.Context(), table, testMoment, Into(&into))
		require.NoError(t, err)
		for row := range 3 {
			want := walked(m, Account{Fields: map[string]any{"a": float64(row)}}, testMoment)
			assert.Equal(t, want, scores.Row(row))
		}
	}
}
