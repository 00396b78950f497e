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
