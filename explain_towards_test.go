package accountscore

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTowards shows the way to another tier than the next in every rendering,
// and leaves all else as it is.
func TestTowards(t *testing.T) {
	m := compile(t, `field plan text one of [free, pro] actionable
field size number
dimension fit { plan = pro → +40
  size > 100 → +40 }
grades fit { 80+: A, else: B }
tiers {
  top when score >= 80
  mid when score >= 40
  low otherwise
}
tiers stage { warm when plan = pro
  cold otherwise }`)
	x := m.Explain(Account{ID: "acme", Fields: map[string]any{"plan": "free", "size": 5}}, testMoment)
	texts := func(x *Explanation) [3]string {
		return [3]string{x.Text(), x.Markdown(), strings.NewReplacer("&#34;", `"`, "&#43;", "+").Replace(x.HTML())}
	}
	for _, c := range []struct{ tier, says string }{
		{"top", "ut of reach"},
		{"mid", `bring plan from "free" to "pro"`},
		{"stage warm", `bring plan from "free" to "pro"`},
		{"low", "t is reached"},
		{"fit.grade A", "ut of reach"},
		{"stage hot", "the ruleset has no such tier or grade"},
	} {
		way := x.Towards(c.tier)
		for i, text := range texts(way) {
			title := [...]string{"\nto reach " + c.tier + ": ", "\n## The way to " + c.tier + "\n", ">The way to " + c.tier + "<"}[i]
			before, after, found := strings.Cut(text, title)
			require.True(t, found, "%s in\n%s", title, text)
			require.Contains(t, title+after, c.says, c.tier)
			require.True(t, strings.HasPrefix(texts(x)[i], before), "what stands before is as it was")
		}
		require.Equal(t, x.Lift(), way.Lift(), "the next tier is what it was")
		require.Equal(t, x.LiftTo(c.tier), way.LiftTo(c.tier))
		one, _ := json.Marshal(x)
		two, _ := json.Marshal(way)
		require.JSONEq(t, string(one), string(two))
	}
	require.Equal(t, strings.Count(x.Text(), "to reach"), strings.Count(x.Towards("top").Text(), "to reach"))
	for i, text := range texts(x.Towards("")) {
		for _, never := range []string{"o reach", "he way to", "no such tier", "plan from"} {
			require.NotContains(t, text, never, i)
		}
	}

	// One that was read from data says that nothing can be tried.
	var read Explanation
	data, err := json.Marshal(x)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &read))
	// The empty tier shows no way at all.
	plain := texts(&read)
	require.Equal(t, plain, texts(x.Towards("")), "as without paths")
	require.Equal(t, plain, texts(read.Towards("")))
	require.Empty(t, x.Towards("").Writeback("", NextStep())["next_step"])
	for _, text := range texts(read.Towards("top")) {
		require.Contains(t, text, "o way was found")
		require.Contains(t, text, "this explanation was read from data, or is empty: without a model")
	}
	var none *Explanation
	require.Equal(t, (&Explanation{}).Towards("top").Text(), none.Towards("top").Text())
}

// TestLiftOfARisk: where a high score is bad and the calm tier is listed first,
// what is proposed lowers the score.
func TestLiftOfARisk(t *testing.T) {
	m := compile(t, `reasons above baseline
field overdue number actionable
field logins number actionable
overdue > 0 → +30
logins → { 0: +40, 1-9: +10, 10+: 0 }
tiers {
  calm when score < 30
  watch when score < 60
  alarm otherwise
}`)
	x := m.Explain(Account{Fields: map[string]any{"overdue": 2, "logins": 0}}, testMoment)
	require.Equal(t, "alarm", x.Result.Tier)
	for target, want := range map[string][]string{"watch": {"overdue", "logins"}, "calm": {"overdue logins"}} {
		var got []string
		for _, p := range checkPaths(t, m, x, target) {
			require.Less(t, p.Score, x.Result.Score)
			var fields []string
			for _, c := range p.Changes {
				fields = append(fields, c.Field)
			}
			slices.Sort(fields)
			slices.Reverse(fields)
			got = append(got, strings.Join(fields, " "))
		}
		require.ElementsMatch(t, want, got)
	}
}
