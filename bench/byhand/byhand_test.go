package byhand

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/fixture"
)

func TestEnterprise(t *testing.T) {
	set, structs := fixture.EnterpriseSet(), fixture.EnterpriseStructs()
	for i, want := range set.Scores() {
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
