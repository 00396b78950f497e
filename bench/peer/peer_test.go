package peer

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/fixture"
)

var sets = []*fixture.Set{fixture.EnterpriseSet(), fixture.MixedSet(), fixture.HundredSet(), fixture.TextsSet()}

// cannot are the rulesets that an engine's language cannot express.
var cannot = map[string]bool{
	"go-bexpr enterprise": true, "go-bexpr mixed": true, "go-bexpr hundred": true,
}

func TestEnginesAgree(t *testing.T) {
	for _, e := range Engines {
		t.Run(e.Name, func(t *testing.T) {
			for _, set := range sets {
				score, err := e.New(set)
				if cannot[e.Name+" "+set.Name] {
					require.ErrorIs(t, err, ErrCannot, set.Name)
					continue
				}
				require.NoError(t, err, set.Name)
				require.NoError(t, Verify(set, score))
			}
		})
	}
}

func TestVerifyTellsTheFirstDifference(t *testing.T) {
	set := fixture.EnterpriseSet()
	right := set.Scores()
	score := func(i int) (float64, error) { return right[i], nil }
	require.NoError(t, Verify(set, score))
	require.ErrorContains(t, Verify(set, func(i int) (float64, error) {
		if i == 17 {
			return right[i] + 1, nil
		}
		return score(i)
	}), "enterprise account 17: ")
	broken := errors.New("broken")
	require.ErrorIs(t, Verify(set, func(int) (float64, error) { return 0, broken }), broken)
}
