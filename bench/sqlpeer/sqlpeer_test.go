package sqlpeer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/fixture"
)

func TestEnginesAgree(t *testing.T) {
	for _, e := range Engines {
		for _, set := range []*fixture.Set{fixture.EnterpriseSet(), fixture.MixedSet(), fixture.HundredSet()} {
			t.Run(e.Name+"/"+set.Name, func(t *testing.T) {
				b, err := e.Open(t.Context(), set, 2)
				require.NoError(t, err)
				defer b.Close()
				scores, err := b.Scores(t.Context())
				require.NoError(t, err)
				require.Equal(t, set.Scores(), scores)
				want := 0.0
				for _, s := range scores {
					want += 2 * s
				}
				sum, err := b.Sum(t.Context())
				require.NoError(t, err)
				require.Equal(t, want, sum)
			})
		}
	}
}

func TestRollupAgrees(t *testing.T) {
	companies := fixture.Companies(3_000, 10)
	exact, err := fixture.RollupModel().ScoreTable(t.Context(), fixture.CompanyTable(companies), fixture.At)
	require.NoError(t, err)
	r, err := OpenRollup(t.Context(), companies)
	require.NoError(t, err)
	defer r.Close()
	floats, err := r.Scores(t.Context())
	require.NoError(t, err)
	require.NoError(t, fixture.FloatsAgree(floats, exact.Score))
	want := 0.0
	for _, s := range floats {
		want += s
	}
	sum, err := r.Sum(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, sum)
}
