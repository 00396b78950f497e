package accountscore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLiftAmounts: an activity of which none is in the log is worth as much as
// the goal needs, and one of which some are is worth what the newest was.
func TestLiftAmounts(t *testing.T) {
	m := compile(t, `
activity deal, order, refund
dimension sales max 60 {
  sum(deal, 365d) → 0..40 over 0-500k
  sum(order where value > 250, 90d) > 1000 → +20
  sum(refund, 90d) → { 0-99: 0, 100+: -5 }
}
tiers {
  gold when sales >= 50
  silver when sales >= 30
  bronze when sales >= 15
  low otherwise
}`)
	x := m.Explain(Account{}, testMoment)
	require.Equal(t, []string{"1 more deal at 190,000: score 15.2, tier bronze", "1 more order at 1,001: score 20, tier bronze"}, pathTexts(checkPaths(t, m, x, "bronze")))
	require.Equal(t, []string{"1 more deal at 380,000: score 30.4, tier silver"}, pathTexts(checkPaths(t, m, x, "silver"))[:1])
	require.Equal(t, []string{"1 more deal at 380,000, and 1 more order at 1,001: score 50.4, tier gold"}, pathTexts(checkPaths(t, m, x, "gold")))
	sold := Account{Activities: []Activity{{Type: "deal", At: testMoment.Add(-time.Hour), Value: 100_000}}}
	require.Equal(t, "deal 3 more times at 100,000 each: score 32, tier silver", pathTexts(checkPaths(t, m, m.Explain(sold, testMoment), "silver"))[0])
}
