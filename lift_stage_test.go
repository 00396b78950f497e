package accountscore

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLiftTriesAreScorings: what a set of changes is seen to come to, of which
// only what reads them is worked out anew, is what scoring the changed account
// gives, whatever was tried before.
func TestLiftTriesAreScorings(t *testing.T) {
	small, err := os.ReadFile("testdata/lift-small.rules")
	require.NoError(t, err)
	middle, err := os.ReadFile("testdata/lift-middle.rules")
	require.NoError(t, err)
	kinds := map[ChangeKind]int{}
	for seed := range uint64(300) {
		r := newRandom(65_000 + seed)
		r.wild = seed%2 == 0
		var src string
		var a Account
		switch seed % 4 {
		case 0:
			src, a = string(small), smallAccount(r)
		case 1:
			src, a = r.smallLift()
		case 2:
			src, a = string(middle), middleAccount(r)
		default:
			_, src = liftModel(t, r)
			a = r.account(true)
		}
		m := compile(t, src)
		x := m.Explain(a, testMoment)
		for goal := range m.tiers {
			l := newLifter(x.subject, m.tierGoal(goal))
			l.probe()
			l.levers()
			for range 60 {
				var set []*move
				for range r.IntN(6) {
					if len(l.list) > 0 {
						if with := l.with(set, l.list[r.IntN(len(l.list))]); with != nil {
							set = with
						}
					}
				}
				for _, mv := range set {
					kinds[mv.change.Kind]++
				}
				if r.IntN(10) == 0 {
					l.possible(m.read) // which leaves the scratch as it was
				}
				changes := l.changes(set)
				want := m.Score(l.apply(changes), l.at)
				reached := l.reaches(set)
				got := fmt.Sprint(l.s.score.at.Float(), l.s.headcount, l.s.rollup.threads, l.s.rollup.senior, l.s.rollup.completeness.Float())
				for i := range m.dims {
					got += fmt.Sprint(" ", l.s.dims[i].shown.at.Float())
				}
				is := fmt.Sprint(want.Score, want.Contacts, want.Engaged, want.SeniorEngaged, want.Completeness)
				for i := range want.Dimensions {
					is += fmt.Sprint(" ", want.Dimensions[i].Points)
				}
				require.Equal(t, is, got, "%d: %v\n%s%+v", seed, changes, src, a)
				require.Equal(t, l.goal.reachedBy(&want), reached, "%d: %v\n%s%+v", seed, changes, src, a)
			}
			l.close()
		}
	}
	for _, kind := range []ChangeKind{ChangeRefresh, ChangeFill, ChangeRepeat, ChangeReach, ChangeEngage} {
		require.Greater(t, kinds[kind], 100, "%v", kinds)
	}
}
