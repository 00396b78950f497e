package accountscore

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLiftRunsPatternsOnce: a search runs no pattern anew with each try on a long
// text that the account has.
func TestLiftRunsPatternsOnce(t *testing.T) {
	t.Parallel()
	const size = 1 << 16
	m := compile(t, `field c text actionable
field a number
field b number
field e number
dimension x {
  c matches "^(([a-z])+.)+[A-Z]([a-z])+$" → +5
  c contains "zz" → +5
  a > 1 → +5
  b > 2 → +5
  a > 3 and e > 2 → +5
}
tiers { top when score >= 15
  low otherwise }`)
	x := m.Explain(Account{ID: "a", Fields: map[string]any{"c": strings.Repeat("a", size)}}, testMoment)
	l := newLifter(x.subject, m.tierGoal(0))
	defer l.close()
	paths := l.paths(x)
	require.True(t, paths[0].Reached)
	require.False(t, l.texts.Empty())
	require.False(t, paths[0].Cut)
	checkPaths(t, m, x, "top")
	require.Less(t, l.work, size*16, "to run the pattern once takes as much")

	// What it asks anew is counted: a bound of the search holds for it too.
	work := l.work
	l.texts.Work = 4 * textShare
	l.limit = work + 1
	require.True(t, l.spend(0))
	require.Equal(t, work+4, l.work)
	require.False(t, l.spend(0))
}

// TestLiftLongListsOnce: what a search makes of a long list is made once, not
// with each path and each round of easing. The memory that is taken is counted.
func TestLiftLongListsOnce(t *testing.T) {
	const items = 10_000
	list := make([]string, items)
	for i := range list {
		list[i] = fmt.Sprint("item", i)
	}
	for name, of := range map[string]string{"has any": "has any", "has none": "has none of"} {
		t.Run(name, func(t *testing.T) {
			var rules strings.Builder
			for i := range 8 {
				fmt.Fprintf(&rules, "  l %s [item%d, other%d] → +1\n", of, i, i)
			}
			m := compile(t, "field l list actionable\nfield a number\ndimension x {\n"+rules.String()+"  len(l) < 5 → +10\n  a > 1 → +5\n}\ntiers { top when score >= 13\n  low otherwise }\n")
			x := m.Explain(Account{ID: "a", Fields: map[string]any{"l": list}}, testMoment)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			paths := x.LiftTo("top")
			runtime.ReadMemStats(&after)
			require.True(t, paths[0].Reached, paths[0].Reason)
			require.Less(t, (after.TotalAlloc-before.TotalAlloc)/(16*items), uint64(700), "copies of the list")
			checkPaths(t, m, x, "top")
		})
	}
}
