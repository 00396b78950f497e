package byhand

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/fixture"
)

func TestEnterprise(t *testing.T) {
	set, structs, values := fixture.EnterpriseSet(), fixture.EnterpriseStructs(), fixture.EnterpriseValueStructs()
	for i, want := range set.Scores() {
		require.Equal(t, want, EnterpriseValues(&values[i]), set.Maps[i])
		require.Equal(t, want, Enterprise(&structs[i]), set.Maps[i])
		require.Equal(t, want, EnterpriseMap(set.Maps[i]), set.Maps[i])
	}
}

func TestMixed(t *testing.T) {
	set, structs := fixture.MixedSet(), fixture.MixedStructs()
	for i, want := range set.Scores() {
		require.Equal(t, want, Mixed(&structs[i], fixture.At), set.Maps[i])
		require.Equal(t, want, MixedMap(set.Maps[i], fixture.At), set.Maps[i])
	}
}

func TestHundred(t *testing.T) {
	set, structs := fixture.HundredSet(), fixture.HundredStructs()
	for i, want := range set.Scores() {
		require.Equal(t, want, Hundred(&structs[i], fixture.At), set.Maps[i])
		require.Equal(t, want, HundredMap(set.Maps[i], fixture.At), set.Maps[i])
	}
}

func TestColumns(t *testing.T) {
	rows := fixture.Batch(3)
	scores := make([]float64, len(rows))
	for _, c := range []struct {
		set   *fixture.Set
		score func(*fixture.Columns)
	}{
		{fixture.EnterpriseSet(), func(c *fixture.Columns) { EnterpriseColumns(scores, c) }},
		{fixture.MixedSet(), func(c *fixture.Columns) { MixedColumns(scores, c, fixture.At) }},
	} {
		c.score(c.set.Columns(rows))
		want := c.set.Scores()
		for i, account := range rows {
			require.Equal(t, want[account], scores[i], c.set.Maps[account])
		}
	}
}

func TestRollup(t *testing.T) {
	m := fixture.RollupModel()
	var r Rollup
	distinct := map[float64]bool{}
	for _, contacts := range []int{0, 1, 10, 100} {
		companies := fixture.Companies(2_000, contacts)
		scores, err := m.ScoreTable(t.Context(), fixture.CompanyTable(companies), fixture.At)
		require.NoError(t, err)
		floats := make([]float64, len(companies))
		for i := range companies {
			require.Equal(t, m.Score(companies[i].Account(), fixture.At).Score, scores.Score[i])
			floats[i] = r.Score(&companies[i], fixture.At)
			distinct[floats[i]] = true
		}
		require.NoError(t, fixture.FloatsAgree(floats, scores.Score), "%d contacts", contacts)
	}
	require.Greater(t, len(distinct), 100)
}
