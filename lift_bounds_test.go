package accountscore

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftLongLists asks for items to be taken out of lists with very many.
func TestLiftLongLists(t *testing.T) {
	for name, of := range map[string]string{"length": "len(l) < 5", "empty": "l is empty", "none of": "l has none of [item1, item2, item3, item4, item5, item6]"} {
		for _, n := range []int{100, 10_000} {
			for _, kind := range []string{"list actionable", "list actionable ignoring case"} {
				t.Run(fmt.Sprint(name, " ", n, " ", kind), func(t *testing.T) {
					m := compile(t, "field l "+kind+"\ndimension fit { "+of+" → +10 }\ntiers {\n  top when score >= 10\n  low otherwise\n}\n")
					items := make([]string, n)
					for i := range items {
						items[i] = fmt.Sprint("item", i)
					}
					x := m.Explain(Account{Fields: map[string]any{"l": items}}, testMoment)
					start := time.Now()
					paths := x.LiftTo("top")
					// A generous bound, as the machine may be busy: each item taken out
					// and all tried anew would take minutes.
					assert.Less(t, time.Since(start), 10*time.Second)
					require.Len(t, paths, 1)
					require.True(t, paths[0].Reached)
					require.Equal(t, "top", m.Score(x.Apply(paths[0].Changes), x.At).Tier)
					if n == 100 {
						require.False(t, paths[0].Cut)
						require.Len(t, paths[0].Changes[0].Out, map[string]int{"length": 96, "empty": 100, "none of": 6}[name])
					}
				})
			}
		}
	}
}

// TestLiftVast: no legal ruleset and no account makes a search that takes
// long. Each has tiers that are hard to reach.
func TestLiftVast(t *testing.T) {
	crowd := crowded()
	for name, src := range liftVast() {
		t.Run(name, func(t *testing.T) {
			m := compile(t, src)
			for of, a := range map[string]Account{"empty": {}, "crowd": crowd} {
				x := m.Explain(a, testMoment)
				for goal, tier := range map[int]string{0: m.tiers[0].name, len(m.tiers) - 1: m.tiers[len(m.tiers)-1].name} {
					start := time.Now()
					l := newLifter(x.subject, m.tierGoal(goal))
					paths := l.paths(x)
					// The work bounds the time on every machine: past its end only the
					// step that is under way goes on, such as one way of acting with
					// each contact.
					require.LessOrEqual(t, l.work, maxLiftWork+2*maxFinishWork+4*maxGreedyWork+100*(l.oneTry+l.oneLoad), "%s %s", of, tier)
					l.close()
					took := time.Since(start)
					// A generous bound: the machine may be busy, a hang is far beyond.
					assert.Less(t, took, 20*time.Second, "%s %s", of, tier)
					for _, p := range paths {
						require.LessOrEqual(t, len(p.Changes), maxGreedy)
						if p.Reached {
							require.LessOrEqual(t, tierIndex(m, m.Score(x.Apply(p.Changes), x.At).Tier), tierIndex(m, tier))
						}
						require.LessOrEqual(t, len(p.String()), 1<<16)
					}
				}
				start := time.Now()
				x.Committee()
				assert.Less(t, time.Since(start), 20*time.Second, of)
			}
		})
	}
}

// liftVast are rulesets of which a search could take long.
func liftVast() map[string]string {
	models := vast()
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "  count(visit where page contains %q, %dd) > %d and f%d > %d and f%d * f%d > 90 → +1\n", fmt.Sprint("p", i), 1+i, i, i%40, i, i%40, i%37)
	}
	var fields strings.Builder
	for i := range 40 {
		fmt.Fprintf(&fields, "field f%d number actionable\n", i)
	}
	models["activities"] = fields.String() + "activity visit (page text)\ndimension x {\n" + b.String() + "}\n"
	var entries, roles strings.Builder
	for i := range 300 {
		fmt.Fprintf(&entries, "s%d: %d.%d, ", i, i%40, 1+i/40)
		fmt.Fprintf(&roles, "r%d: 2, ", i)
	}
	models["contacts"] = "field f0 number\nactivity visit\ndimension x from contacts {\n  field seniority text\n  field role text\n  field e number\n  score e\n" +
		"  each visit → +1\n  weight seniority { " + strings.TrimSuffix(entries.String(), ", ") + " }\n  committee by role { " + strings.TrimSuffix(roles.String(), ", ") + " }\n}\n"
	for name, src := range models {
		if !strings.Contains(src, "tiers {") {
			models[name] += "tiers {\n  best when score >= 5000 and f0 > 3\n  good when score > 40\n}\n"
		}
	}
	return models
}

// crowded is an account with very many contacts.
func crowded() Account {
	crowd := Account{ID: "crowd"}
	for i := range 2_000 {
		k := Contact{ID: fmt.Sprint("c", i), Fields: map[string]any{"seniority": fmt.Sprint("s", i%300), "e": i % 9}}
		for range 5 {
			k.Activities = append(k.Activities, Activity{Type: "visit", At: testMoment})
		}
		crowd.Contacts = append(crowd.Contacts, k)
	}
	return crowd
}

// TestLiftHostile: values that no field can use, or that contain themselves,
// are corrected like others.
func TestLiftHostile(t *testing.T) {
	loop := map[string]any{}
	loop["again"] = loop
	m := compile(t, `field a number
field b list
field c text
field d time
field e text one of [x, y]
dimension x {
  a > 1 and b has any [x] and c = "y" and d within 30d and e = y → +1
}
tiers { top when score > 0
  low otherwise }`)
	for _, v := range []any{loop, []any{1}, struct{}{}, strings.Repeat("x", 1<<20), 1e300} {
		x := m.Explain(Account{Fields: map[string]any{"a": v, "b": v, "c": v, "d": v, "e": v}}, testMoment)
		paths := x.Lift()
		require.Len(t, paths, 1)
		require.LessOrEqual(t, len(paths[0].String()), 2_000)
		checkPaths(t, m, x, "top")
	}
}

// TestCommitteeVast: a committee of thousands of roles is tried in part.
func TestCommitteeVast(t *testing.T) {
	var roles strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&roles, "r%d: 2, ", i)
	}
	m := compile(t, "dimension x from contacts {\n  field e number\n  field role text\n  score e\n  committee by role { "+strings.TrimSuffix(roles.String(), ", ")+" }\n}\n")
	x := m.Explain(Account{}, testMoment)
	lifts := x.Committee()
	require.Len(t, lifts, maxLiftRoles)
	require.Equal(t, "r0", lifts[0].Role)
	require.True(t, lifts[0].Cut)
	for _, text := range []string{x.Text(), x.Markdown(), x.HTML()} {
		require.True(t, strings.Contains(text, rolesCut) || strings.Contains(text, capital(rolesCut)), "it says so")
	}
}
