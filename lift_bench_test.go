package accountscore

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkLift times one search for the best tier. Of "small" and "middle" it
// goes over accounts in turn.
func BenchmarkLift(b *testing.B) {
	read := func(path string) *Model {
		src, err := os.ReadFile(path)
		require.NoError(b, err)
		return compile(b, string(src))
	}
	many := func(rules string, least int) *Model {
		return compile(b, mixedFields(300)+"dimension x {\n"+rules+"}\ntiers {\n  top when score >= "+fmt.Sprint(least)+"\n  low otherwise\n}\n")
	}
	var small, middle []Account
	for seed := range uint64(20) {
		small = append(small, smallAccount(newRandom(61_000+seed)))
		middle = append(middle, middleAccount(newRandom(66_000+seed)))
	}
	for _, c := range []struct {
		name     string
		model    *Model
		accounts []Account
	}{
		{"four_dimensions", read("examples/rulesets/four_dimensions.rules"), []Account{{ID: "a"}}},
		{"small", read("testdata/lift-small.rules"), small},
		{"middle", read("testdata/lift-middle.rules"), middle},
		{"300_fields", many(mixedRules(300), 9), []Account{{ID: "a"}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var explained []*Explanation
			for _, a := range c.accounts {
				x := c.model.Explain(a, testMoment)
				if len(x.LiftTo(c.model.tiers[0].name)) > 0 {
					explained = append(explained, x)
				}
			}
			require.NotEmpty(b, explained)
			for i := 0; b.Loop(); i++ {
				explained[i%len(explained)].LiftTo(c.model.tiers[0].name)
			}
		})
	}
}
