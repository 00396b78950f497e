package accountscore

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// unprepare makes the explanations of a model ask every test and work out
// every line, and tells how many tests and lines were prepared.
func unprepare(m *Model) (answers, lines int) {
	g := m.makeGuide()
	var strip func(c *clause)
	strip = func(c *clause) {
		c.answer = -1
		if c.test != nil {
			if c.test.gauge.kind == numberGauge {
				c.test.gauge.kind = otherGauge
			}
		}
		for i := range c.parts {
			strip(&c.parts[i])
		}
	}
	conditions := func(list []conditionGuide) {
		for i := range list {
			strip(&list[i].clause)
		}
	}
	tiers := func(list []tierGuide) {
		for i := range list {
			strip(&list[i].clause)
			strip(&list[i].held)
		}
	}
	answers, lines = g.places, len(g.prepared.rules)
	for i := range g.dims {
		d := &g.dims[i]
		clear(d.lones)
		for j := range d.groups {
			for k := range d.groups[j].rules {
				strip(&d.groups[j].rules[k].clause)
			}
		}
		conditions(d.scales)
	}
	conditions(g.disqualify)
	tiers(g.tiers)
	for _, l := range g.ladders {
		tiers(l)
	}
	g.answers, g.questions, g.places, g.prepared, g.sights = nil, nil, noAnswer+1, prepared{lines: g.prepared.lines}, nil
	m.guide = g
	return answers, lines
}

// TestExplainPrepared holds explanations, which take from prepared answers and
// lines what they can, to those that ask every test.
func TestExplainPrepared(t *testing.T) {
	answers, lines, several, asked := 0, 0, 0, 0
	for seed := range uint64(300) {
		r := newRandom(70_000 + seed)
		m, src := randomModel(t, r)
		var accounts []Account
		var got []string
		explain := func(a Account) string {
			data, err := json.Marshal(m.Explain(a, testMoment))
			require.NoError(t, err)
			return string(data)
		}
		for range 5 {
			a := r.account(r.IntN(3) > 0)
			accounts, got = append(accounts, a), append(got, explain(a))
		}
		for i := range m.guide.dims {
			for _, l := range m.guide.dims[i].lones {
				several += count(len(l.tests) > 1)
			}
		}
		asked += len(m.guide.questions)
		a, l := unprepare(m)
		answers, lines = answers+a, lines+l
		for i := range accounts {
			require.Equal(t, explain(accounts[i]), got[i], "%s\n%+v", src, accounts[i])
		}
	}
	require.Greater(t, answers, 1_000)
	require.Greater(t, lines, 500)
	require.Greater(t, several, 100)
	require.Greater(t, asked, 50)
}

// TestExplainAnswersShareClasses up to a bound: many tests of one field take
// memory by their number, not by its square.
func TestExplainAnswersShareClasses(t *testing.T) {
	m := compile(t, "dimension d {\n"+to(4_000, func(i int) string { return "a > " + strconv.Itoa(i) + " → +1\n" })+"}")
	g := m.guidance()
	require.Equal(t, noAnswer+1+4_000, g.places)
	size := 0
	for i := range g.answers {
		require.LessOrEqual(t, len(g.answers[i].truths), maxAnswers)
		size += len(g.answers[i].truths)
	}
	require.Less(t, size, 4_000*300)
	x := m.Explain(Account{Fields: map[string]any{"a": 1_234.5}}, testMoment)
	require.Equal(t, 1_235.0, x.Result.Score)
	require.Equal(t, StateMatched, x.Dimensions[0].Groups[1_234].Rules[0].State)
	require.Equal(t, StateFailed, x.Dimensions[0].Groups[1_235].Rules[0].State)
}

// TestExplainAnswersAreCertain: a known value has an answer to every test that a
// class decides, as Unknown stands for a missing one.
func TestExplainAnswersAreCertain(t *testing.T) {
	for seed := range uint64(100) {
		m, src := randomModel(t, newRandom(80_000+seed))
		g := m.guidance()
		for i := range g.answers {
			a := &g.answers[i]
			for place, truth := range a.truths {
				require.Equal(t, place < knownClass*a.tests, truth == cond.Unknown, src)
			}
		}
	}
}

// TestExplainGauges holds the distances that are prepared to those worked out
// from the condition.
func TestExplainGauges(t *testing.T) {
	prepared := 0
	for _, when := range []string{"a > 5", "a >= 5.25", "a < 5", "a <= -5.5", "a in 5-9", "not (a in 5-9)", "a between 1.5 and 2.25",
		"not (a > 5)", "not (a between 1.5 and 2)", "a > 1 and a < 3.5", "a = 5", "5 < a", "a ?? 3 > 2"} {
		m := compile(t, "field a number\ndimension d {\n "+when+" → +1\n}")
		accounts := []Account{{}}
		for _, v := range []float64{0, 1, 1.5, 2, 2.25, 3, 3.5, 5, 5.25, 6.999999, 7, 7.0000001, 9, 9.1, -5.5, -6, maxInteger, -maxInteger} {
			accounts = append(accounts, Account{Fields: map[string]any{"a": v}})
		}
		var got []Explanation
		for _, a := range accounts {
			got = append(got, *m.Explain(a, testMoment))
		}
		for _, l := range m.guide.dims[0].lones {
			for i := range l.tests {
				prepared += count(l.tests[i].gauge.kind == numberGauge)
			}
		}
		unprepare(m)
		for i, a := range accounts {
			require.Equal(t, m.Explain(a, testMoment).Dimensions, got[i].Dimensions, "%s of %v", when, a.Fields["a"])
		}
	}
	require.Greater(t, prepared, 10)
}

// TestExplainAllocates about as often for many rules as for few.
func TestExplainAllocates(t *testing.T) {
	allocs := func(n int) float64 {
		m := compile(t, "field a number\nfield b text one of [x, y]\ndimension d {\n"+to(n, func(i int) string {
			at := strconv.Itoa(i)
			return "a > " + at + " → +1\na > " + at + " and b = x → +1\nbest of { a > " + at + " and b = y → +1\n a > " + at + " → +2 }\n"
		})+"}\ntiers {\n"+to(n, func(i int) string { return "t" + strconv.Itoa(i) + " when score > " + strconv.Itoa(1_000-i) + "\n" })+"low otherwise }")
		a := Account{Fields: map[string]any{"a": 7.0, "b": "x"}}
		least := 1e9
		for range 20 {
			least = min(least, testing.AllocsPerRun(1, func() { m.Explain(a, testMoment) }))
		}
		return least
	}
	require.Less(t, allocs(40), allocs(5)+15)
}
