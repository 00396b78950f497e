package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftDisqualified: what leaves an account disqualified is not tried. Where
// nothing frees it the search ends after a few scorings; where one field does,
// only sets that change it are tried.
func TestLiftDisqualified(t *testing.T) {
	var fields, rules strings.Builder
	for i := range 12 {
		fmt.Fprintf(&fields, "field f%d number actionable\n", i)
		fmt.Fprintf(&rules, "  f%d > 5 → +5\n  each a%d → +1 max 3\n", i, i)
	}
	src := func(mark string) string {
		return fields.String() + "field industry text " + mark + "\nactivity a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11\ndimension fit {\n" + rules.String() +
			"}\ndisqualify when industry in [Gambling, Tobacco]  \"not served\"\ntiers { top when score >= 90\n low otherwise }"
	}
	a := Account{Fields: map[string]any{"industry": "Gambling", "f11": 0}}
	for i := range 11 {
		a.Fields[fmt.Sprint("f", i)] = 9
		a.Activities = append(a.Activities, Activity{Type: fmt.Sprint("a", i), At: testMoment}, Activity{Type: fmt.Sprint("a", i), At: testMoment}, Activity{Type: fmt.Sprint("a", i), At: testMoment})
	}
	for _, tt := range []struct {
		name, mark string
		reason     string
		changes    int
		tries      int
	}{
		{"for good", "fixed", "it stays disqualified: not served; industry may not be changed", 0, 20},
		{"until one field is another", "actionable", "", 2, 250},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, src(tt.mark))
			x := m.Explain(a, testMoment)
			require.Equal(t, Disqualified, x.Result.Tier)
			l := newLifter(x.subject, m.tierGoal(0))
			defer l.close()
			paths := l.paths(x)
			assert.LessOrEqual(t, l.work, tt.tries*(l.oneTry+l.oneLoad))
			require.NotEmpty(t, paths)
			assert.Equal(t, tt.reason, paths[0].Reason)
			assert.Len(t, paths[0].Changes, tt.changes)
			assert.False(t, paths[0].Cut)
		})
	}
}
