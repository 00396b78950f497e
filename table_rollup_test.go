package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// contactsBlock writes a contacts block of the forms that tables hold, and some
// that they do not.
func (r randomRules) contactsBlock(options string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "dimension people%s from contacts {\n", options)
	b.WriteString("field seniority text" + r.of("", " ignoring case", " one of [VP, vp, ic, c_level]", " default ic") + "\n")
	b.WriteString("field dept text" + r.of("", " ignoring case") + "\n")
	b.WriteString("field lead_score number" + r.of("", "", "", " default 12.5") + "\n")
	b.WriteString("field last_active time\nfield opted bool\n")
	b.WriteString(r.of("", "score lead_score\n", "score lead_score\n", "score lead_score ?? 7.25\n", "score lead_score * 2\n"))
	for range r.IntN(4) {
		b.WriteString(r.of(`seniority = "vp" → +3`+"\n", `seniority in ["vp", "c_level"] and`+"  opted → +8.5 else -1\n", "lead_score > 40 → +12\n",
			"dept = \"sales\" or last_active within 10d → -4\n", "best of {\n opted → +2\n dept contains \"s\" → +6\n}\n",
			"last_active > 2026-08-01 → +1.000001\n", "lead_score → { 1-20: 2, 21+: 5, missing: 1 }\n"))
	}
	if r.IntN(5) > 0 {
		b.WriteString("decay " + r.of("half-life 30d", "half-life 1d", "linear 45d", "linear 36h") + " since last_active" + r.of("", " within 90d", " within 30h") + "\n")
	}
	b.WriteString(r.of("", "cap 100\n", "cap 20\n"))
	b.WriteString(r.of("", "weight seniority { vp: 1.5, c_level: 2, else: 0.5 }\n", "weight seniority { vp: 1.3, ic: 0.000001 }\n",
		"weight seniority { vp: 1, missing: 0, else: 0.25 }\n", "weight lead_score { 0-50: 0.5, 51+: 1.75 }\n", "weight dept ?? \"hr\" { hr: 0.1, else: 1.1 }\n",
		"weight seniority { vp: -1.5, else: 0.5 }\n", "weight seniority { vp: 9, else: 0 }\n"))
	b.WriteString("combine " + r.of("ranked 0.8", "ranked 0.5", "ranked 1", "sum", "top 2", "max", "best 60%", "mean", "weighted mean") + "\n")
	b.WriteString(r.of("", "engaged at least 5\n", "engaged at least 2 distinct by dept\n"))
	b.WriteString(r.of("", "bonus multi-thread 50% falling 0.5\n", "bonus { 2: +5, 3: +10 }\n"))
	b.WriteString(r.of("", "committee by dept { sales: 2, it: 1, hr: 1 }\n", "committee assigned by dept { sales: 2, it: 1 }\n"))
	b.WriteString("}\n")
	return b.String()
}

// crowd makes contacts, now and then with values that are odd.
func (r randomRules) crowd(n int, messy bool) []Contact {
	contacts := make([]Contact, n)
	for i := range contacts {
		c := &contacts[i]
		c.ID, c.Fields = fmt.Sprint("c", r.IntN(n)), map[string]any{}
		set := func(name string, v any) {
			switch {
			case r.IntN(6) == 0:
			case messy && r.IntN(30) == 0:
				c.Fields[name] = []any{math.NaN(), "", "zzz", -50, 1e5, 100_000.0000004, 100_000.5, 1e9, int64(1<<53 + 1), true, time.Time{}, testMoment.AddDate(9000, 0, 0)}[r.IntN(12)]
			default:
				c.Fields[name] = v
			}
		}
		set("seniority", r.of("vp", "ic", "c_level", "VP", "other"))
		set("dept", r.of("sales", "Sales", "it", "hr", "ops"))
		set("lead_score", []any{float64(r.IntN(5000)) / 50, r.IntN(100), r.Float64() * 90, 0, -3.5}[r.IntN(5)])
		set("last_active", []time.Time{testMoment.AddDate(0, 0, 3-r.IntN(120)), testMoment, testMoment.Add(time.Microsecond), testMoment.AddDate(0, 0, -90),
			testMoment.AddDate(0, 0, -90).Add(-time.Microsecond), testMoment.Add(-time.Duration(r.IntN(60*24)) * time.Hour)}[r.IntN(6)])
		set("opted", r.IntN(2) == 0)
	}
	return contacts
}

// checkRollups holds contacts that are scored by columns equal to the walk.
func checkRollups(t testing.TB, seed uint64, rows, contacts int) *Model {
	r := newRandom(seed)
	src := r.tabular()
	options := r.of("", " max 60")
	if strings.Contains(src, "% {") { // then every dimension has a weight
		options += " weight 20%"
	} else {
		options += r.of("", " unscored")
	}
	src += r.contactsBlock(options)
	m := compile(t, src)
	list := make([]Account, rows)
	messy := r.IntN(2) == 0
	for i := range list {
		list[i] = r.account(messy && r.IntN(4) == 0)
		list[i].ID, list[i].Activities = fmt.Sprint("a", i), nil
		list[i].Contacts = r.crowd(r.IntN(contacts+1), messy)
	}
	checkColumns(t, r, m, seed, src, list, r.asTable(m, list))
	return m
}

func TestRollupsByColumnsAreTheWalk(t *testing.T) {
	columnar := 0
	for seed := range uint64(500) {
		m := checkRollups(t, seed, 1+int(seed%70), []int{3, 8, 12, 40}[seed%4])
		columnar += ordinal(m.columns() != nil)
	}
	assert.Greater(t, columnar, 250)
	checkRollups(t, 3, blockRows+13, 4)
	checkRollups(t, 5, 3, 3*blockRows)
}

// TestUsualContactsAreTheWalk holds contacts of the usual form, which are worked
// out all at once, equal to the walk, over values that are odd and over some
// that need the other ways.
func TestUsualContactsAreTheWalk(t *testing.T) {
	for seed := range uint64(200) {
		r := newRandom(seed)
		rules := "dimension people from contacts {\nfield seniority text\nfield lead_score number\nfield last_active time\nscore lead_score\n" +
			"decay " + r.of("half-life 30d", "half-life 3d", "linear 45d") + " since last_active" + r.of("", " within 90d", " within 30h") + "\n" +
			"weight seniority { vp: " + r.of("1", "1.5", "2", "7.000001") + ", c_level: 0.333333, else: 0.5 }\n" +
			"combine " + r.of("ranked 0.8", "ranked 0.3", "sum", "top 3", "mean") + "\nbonus multi-thread 50% falling 0.5\n" +
			r.of("", "cap 100\n", "engaged at least 0\n") + "}\n" + r.of("", "score round 0\n")
		m := compile(t, rules)
		n, level := 1+r.IntN(900), r.IntN(4)
		offsets := []int32{0}
		for offsets[len(offsets)-1] < int32(n) {
			offsets = append(offsets, min(int32(n), offsets[len(offsets)-1]+int32(r.IntN([]int{3, 12, 30, 300}[seed%4]))))
		}
		// One kind of what is odd, or all.
		kind := r.IntN(4)
		odd := func(k int) bool {
			return level > 0 && (kind == 3 || kind == k) && r.IntN([]int{1, 400, 90, 9}[level]) == 0
		}
		oddScore, oddTime := r.IntN(9), r.IntN(10)
		scores, times, codes := make([]float64, n), make([]int64, n), make([]int32, n)
		scored, dated := NewBitmap(n), NewBitmap(n)
		texts := []string{"vp", "c_level", "ic", ""}
		for i := range n {
			scores[i], codes[i] = float64(r.IntN(90_000))/float64([]int{1, 4, 100, 1e6}[seed%4]), int32(r.IntN(5))-1
			times[i] = testMoment.UnixMicro() - r.Int64N(100*cond.Day)
			if r.IntN(4) == 0 {
				times[i] = testMoment.UnixMicro() // nothing is lost: products fall on the half of a millionth
			}
			if odd(0) {
				scores[i] = []float64{-4, math.Inf(1), 1e5, 100_000.0000004, 1e6, 0.1, 1e-7, 33.3333335, -1e-7}[oddScore]
			}
			if odd(1) {
				times[i] = []int64{testMoment.UnixMicro() + 1, testMoment.UnixMicro(), firstMoment - 1, firstMoment, lastMoment + 1, -1, math.MinInt64, math.MaxInt64,
					testMoment.AddDate(0, 0, -90).UnixMicro(), testMoment.Add(-30 * time.Hour).UnixMicro()}[oddTime]
			}
			if odd(2) {
				codes[i] = int32(r.IntN(9)) - 3
			}
			if r.IntN(9) > 0 {
				scored.Set(i)
			}
			if r.IntN(9) > 0 {
				dated.Set(i)
			}
		}
		contacts := NewTable(n)
		contacts.Float64s("lead_score", scores, scored)
		contacts.Micros("last_active", times, dated)
		contacts.Dict("seniority", codes, texts)
		table := NewTable(len(offsets) - 1)
		table.Contacts(offsets, contacts)
		bound, err := m.bindTable(table)
		require.NoError(t, err)
		require.NotNil(t, bound.prepare(m.columns(), clock(testMoment)), rules)
		require.NotNil(t, bound.crowd.usual, rules)
		got, err := m.ScoreTable(t.Context(), table, testMoment, Workers(1))
		require.NoError(t, err)
		want := &Scores{}
		want.reset(bound, testMoment)
		w := &tableWorker{m: m, b: bound, at: testMoment, out: want, s: m.scratch()}
		require.True(t, w.score(t.Context(), 0, table.Len()))
		want.finish()
		for row := range table.Len() {
			require.Equal(t, want.Row(row), got.Row(row), "seed %d, row %d\n%s", seed, row, rules)
		}
	}
}

// TestRollupForms tells which rollups are scored by columns.
func TestRollupForms(t *testing.T) {
	for lines, columnar := range map[string]bool{
		"":                      true,
		"score lead_score":      true,
		"score lead_score ?? 3": true,
		"lead_score > 3 and seniority = \"vp\" → +3": true,
		"lead_score → 0..10 over 0-100":              false, // a ramp bends
		"each visit → +2":                            false,
		"score lead_score / 2":                       false,
		"weight seniority { vp: 2, else: 1 }":        true,
		"weight seniority { vp: -2, else: 1 }":       false, // ranks behind those without points
		"decay half-life 30d since last_active":      true,
		"decay linear 30d since last_active":         true,
		"engaged at least 3 distinct by seniority":   true,
		"committee by seniority { vp: 1 }":           true,
	} {
		m := compile(t, "activity visit\ndimension people from contacts {\nfield seniority text\nfield lead_score number\nfield last_active time\n"+lines+"\n}\n")
		assert.Equal(t, columnar, m.columns() != nil, lines)
	}
	m := compile(t, "dimension people from contacts {\nfield seniority text\nengaged at least 3 distinct by seniority\n}\n")
	contacts := NewTable(1)
	contacts.Strings("seniority", []string{"vp"}, nil)
	table := NewTable(1)
	table.Contacts([]int32{0, 1}, contacts)
	bound, err := m.bindTable(table)
	require.NoError(t, err)
	assert.Nil(t, bound.prepare(m.columns(), clock(testMoment)), "texts are told apart by their codes")
}

// TestNetworksSort tries every order of zeros and ones, which is enough for a
// network of comparisons.
func TestNetworksSort(t *testing.T) {
	r := &columnarRollup{}
	for i := range networked {
		r.factors = append(r.factors, uint64(networked-i)*uint64(micro.One))
	}
	for n := range networked + 1 {
		for bits := range 1 << n {
			var scores [networked]int64
			for i := range scores {
				scores[i] = int64(1 + bits>>i&1) // those beyond n are another account's
			}
			sorted := slices.Clone(scores[:n])
			descend(sorted)
			require.Equal(t, roundedSum(r.dot(sorted)), new(tally).rankedFew(&scores, n, r), "%b of %d", bits, n)
		}
	}
}
