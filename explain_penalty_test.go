package accountscore

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestPenaltyIsNoTask holds that what takes points and luckily does not apply
// is not shown as something that the account lacks.
func TestPenaltyIsNoTask(t *testing.T) {
	m := compile(t, `
seats > 100 → -10
seats > 200 → +5 else +9
plan → { Free: -3, Trial: -1 }
seats > 300 → +20
each bounce → -2
scale 50% when plan = Bad
scale 120% when plan = Good
`)
	x := m.Explain(Account{Fields: map[string]any{"seats": 50.0, "plan": "Pro"}}, testMoment)
	rules := x.Dimensions[0].Groups
	var penalties []bool
	for i := range rules {
		penalties = append(penalties, rules[i].Rules[0].Penalty)
	}
	require.Equal(t, []bool{true, true, true, false, true}, penalties)
	for _, want := range []string{
		"· seats > 100 → -10 ", "seats is 50: would need more than 100\n", "· plan → { Free: -3, Trial: -1 } ",
		"✗ seats > 300 → +20", "seats is 50: needs more than 300, short by 250\n",
		"· scale 50% when plan = Bad", "✗ scale 120% when plan = Good",
	} {
		require.Contains(t, x.Text(), want)
	}
	require.Contains(t, x.Markdown(), "| · failed | seats > 100 → -10 | seats is 50: would need more than 100 |")
	require.Equal(t, 5, strings.Count(x.HTML(), `<use href="#idle">`))
}

// TestRiskIsNoTask holds the same of what brings points to a score of risk.
func TestRiskIsNoTask(t *testing.T) {
	m := compile(t, `
reasons above baseline
overdue > 0 → +30
seats > 100 → -10
scope → { project: +10, hybrid: +5 }
active → +5 else +20
scale 120% when active
scale 50% when seats > 1000
`)
	a := Account{Fields: map[string]any{"overdue": 0.0, "seats": 50.0, "scope": "retainer", "active": false}}
	x := m.Explain(a, testMoment)
	var penalties []bool
	for _, g := range x.Dimensions[0].Groups {
		penalties = append(penalties, g.Rules[0].Penalty)
	}
	require.Equal(t, []bool{true, false, true, false}, penalties)
	for _, want := range []string{
		"· overdue > 0 → +30 ", "overdue is 0: would need more than 0\n",
		"✗ seats > 100 → -10 ", "seats is 50: needs more than 100, short by 50\n",
		"· scope → { project: +10, hybrid: +5 }", "· scale 120% when active", "✗ scale 50% when seats > 1000",
	} {
		require.Contains(t, x.Text(), want)
	}
}

// TestRiskIsRed holds that points of a score of risk are drawn as what is bad,
// and those that it is spared as what is good.
func TestRiskIsRed(t *testing.T) {
	const rules = "overdue > 0 → +30\nloyal → -10\n"
	before, after := Account{ID: "a", Fields: map[string]any{"overdue": 0, "loyal": false}}, Account{ID: "a", Fields: map[string]any{"overdue": 1, "loyal": true}}
	for _, tt := range []struct {
		rules, more, less string
		risk              bool
	}{
		{rules, green, red, false},
		{"reasons above baseline\n" + rules, red, green, true},
	} {
		m := compile(t, tt.rules)
		x := m.Explain(after, testMoment)
		change, err := Attribute(m.Explain(before, testMoment), x)
		require.NoError(t, err)
		for _, text := range []string{x.Text(Color()), change.Text(Color())} {
			require.Contains(t, text, "\x1b["+tt.more+"m+30\x1b[0m")
			require.Contains(t, text, "\x1b["+tt.less+"m-10\x1b[0m")
		}
		require.Equal(t, tt.risk, strings.Contains(x.HTML(), `<html lang="en" class="risk">`))
		require.Equal(t, !tt.risk, strings.Contains(x.HTML(), `<html lang="en">`))
	}
}

// TestReasonTellsWhatIsMissing holds that a table which took its entry for a
// missing value says so, by its label.
func TestReasonTellsWhatIsMissing(t *testing.T) {
	m := compile(t, `
field employees number missing after 30d
field revenue number
size: employees → { 1-49: 0, 50+: +30, missing: +5 }
revenue > 10M → +20 "Big"
`)
	a := Account{Fields: map[string]any{"employees": 800.0}, Refreshed: map[string]time.Time{"employees": testMoment.AddDate(-1, 0, 0)}}
	x := m.Explain(a, testMoment)
	list := x.Reasons(-1)
	require.Len(t, list, 2)
	require.Equal(t, [2]string{"size", "employees is expired"}, [2]string{list[0].Text, list[0].Missing})
	require.Equal(t, [2]string{"Big", "revenue is unset"}, [2]string{list[1].Text, list[1].Missing})
	require.Contains(t, x.Text(), "✓ size, employees is expired (points.size): 5 against 30")
	require.Equal(t, "size, employees is expired", x.Writeback("")["reason_1"])
	known := m.Explain(Account{Fields: map[string]any{"employees": 20.0, "revenue": 1.0}}, testMoment).Reasons(-1)
	require.Empty(t, known[0].Missing+known[1].Missing)
}

// TestSeenIsSaidOnce holds that a rule's condition and its factor do not both
// tell one field.
func TestSeenIsSaidOnce(t *testing.T) {
	x := compile(t, "seats > 0 → +1 per seats / 10 max 10").Explain(Account{Fields: map[string]any{"seats": 20.0}}, testMoment)
	require.Contains(t, x.Text(), "seats is 20; seats / 10 is 2\n")
}

// TestPathWordsTellAll holds that a path says what it comes to where that is
// not what was asked for, its effort, and that there may be a shorter one.
func TestPathWordsTellAll(t *testing.T) {
	p := Path{Target: "c", Reached: true, Tier: "b", Score: 62.5, Effort: 5, Greedy: true, Cut: true,
		Changes: []Change{{Kind: ChangeRepeat, Activity: "visit", Count: 3}}}
	require.Equal(t, "visit 3 more times (effort 5, tier b, there may be a shorter way)", pathWords(&p))
	require.Equal(t, "visit 3 more times: score 62.5, tier b (there may be a shorter way; "+liftCut+")", p.String())
	p = Path{Target: "c", Reason: "nothing does", Cut: true}
	require.Equal(t, "c: "+p.verdict()+": nothing does", p.String())
}
