package accountscore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftWeighsWhatIsFilledIn: who a contact is may be found out in a change of
// its own, which does not make it easier to engage.
func TestLiftWeighsWhatIsFilledIn(t *testing.T) {
	m := compile(t, `dimension people from contacts {
  field seniority text
  field lead number fixed
  field last_active time
  score lead
  weight seniority { c_level: 4, vp: 2, else: 1 }
  decay half-life 30d since last_active within 90d
  engaged at least 10
}
tiers { top when score >= 60
 low otherwise }`)
	ann := Contact{ID: "ann", Fields: map[string]any{"lead": 20, "last_active": testMoment.AddDate(-1, 0, 0)}}
	x := m.Explain(Account{Contacts: []Contact{ann}}, testMoment)
	paths := checkPaths(t, m, x, "top")
	require.Len(t, paths, 2)
	assert.True(t, paths[0].Changes[0].New, paths[0].String())
	p := paths[1]
	require.Len(t, p.Changes, 2, p.String())
	assert.Equal(t, `fill seniority of contact ann with "c_level"`, p.Changes[0].String())
	assert.Equal(t, ChangeEngage, p.Changes[1].Kind)
	assert.Equal(t, 2+8*4.0, p.Effort)
}

// TestLiftEasier: beside pairs that reach, three changes are proposed that take
// less effort than any of them, and none that take more.
func TestLiftEasier(t *testing.T) {
	m := compile(t, `
field revenue number
field seats number
activity order, call
dimension d {
  revenue > 10M → +10
  seats > 50 → +10
  any(call, 30d) → +10
  each order within 90d → +1 max 30
}
tiers {
  high when score >= 30
  half when score >= 20
  low otherwise
}`)
	x := m.Explain(Account{}, testMoment)
	high, half := checkPaths(t, m, x, "high"), checkPaths(t, m, x, "half")
	require.Len(t, high[0].Changes, 3)
	require.Equal(t, 7.0, high[0].Effort)
	fewer := 0 // orders alone, or with one of the others
	for _, p := range high {
		require.False(t, p.Cut || p.Greedy)
		if len(p.Changes) < 3 {
			fewer++
		}
	}
	require.Equal(t, 4, fewer)
	require.Len(t, high, fewer+maxEasier)
	for _, p := range half {
		require.LessOrEqual(t, len(p.Changes), 2, "%v", p)
	}
}
