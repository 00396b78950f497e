package accountscore

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
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
	answers, lines := 0, 0
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
		a, l := unprepare(m)
		answers, lines = answers+a, lines+l
		for i := range accounts {
			require.Equal(t, explain(accounts[i]), got[i], "%s\n%+v", src, accounts[i])
		}
	}
	require.Greater(t, answers, 1_000)
	require.Greater(t, lines, 500)
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
