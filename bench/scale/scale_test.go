package scale

import (
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/paired"
)

var shortest = paired.Options{Slice: time.Microsecond, Rounds: 1}

func TestCurves(t *testing.T) {
	for _, c := range []*Curve{
		Rules([]int{1, 10}, shortest),
		Fields([]int{1, 8}, shortest),
		Contacts([]int{0, 1, 20}, shortest),
		Changes([]int{1, 20}, shortest),
		Accounts([]int{1_000, 5_000}, shortest),
		Compile([]int{1, 10}, shortest),
	} {
		t.Run(c.File, func(t *testing.T) {
			require.NotEmpty(t, c.Lines)
			for _, l := range c.Lines {
				require.Len(t, l.Nano, len(c.Sizes), l.Name)
				for _, nano := range l.Nano {
					require.Positive(t, nano)
				}
			}
			require.Len(t, c.Table(), 1+len(c.Sizes))
			require.NoError(t, c.Chart().Write(io.Discard))
		})
	}
}

func TestZeroHasNoPlaceOnThePicture(t *testing.T) {
	c := Curve{X: "n", Sizes: []int{0, 1, 10}, Lines: []Line{{"a", []float64{5, 6, 70}}}}
	require.Len(t, c.Chart().Lines[0].Points, 2)
	require.Equal(t, [][]string{{"n", "a"}, {"0", "5"}, {"1", "6"}, {"10", "70"}}, c.Table())
}

// number reads what a table shows.
func number(t *testing.T, s string) float64 {
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	require.NoError(t, err)
	return f
}

func TestMemory(t *testing.T) {
	bytes := map[string]float64{}
	for _, row := range AccountMemory(8)[1:] {
		bytes[row[0]] = number(t, row[1])
	}
	require.Greater(t, bytes["a map"], bytes["a struct with pointers"])
	require.Greater(t, bytes["a struct with pointers"], bytes["a row of a table"])
	require.Greater(t, bytes["a tracker"], bytes["a row of a table"])
	trackers := TrackerMemory([]int{1, 100})
	require.Greater(t, number(t, trackers[2][1]), number(t, trackers[1][1]))
	models := ModelMemory([]int{10, 1_000})
	require.Greater(t, number(t, models[2][2]), number(t, models[1][2]))
	require.GreaterOrEqual(t, number(t, models[2][4]), number(t, models[2][2]))
}
