package accountscore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLiftNamesSizes: of two numbers that are missing and computed with, paths
// name such as people have.
func TestLiftNamesSizes(t *testing.T) {
	for _, tt := range []struct{ name, rule, want string }{
		{"a quotient", "per >= 100k → +20", `fill revenue with 100,000 or more, and fill heads with 1: score 20, tier top`},
		{"between", "per in 100k-150k → +20", `fill revenue with 100,000 to 150,000, and fill heads with 1: score 20, tier top`},
		{"an open bound", "per > 7 → +20", `fill revenue with more than 7, and fill heads with 1: score 20, tier top`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "field revenue number\nfield heads number\nlet per = revenue / heads\ndimension x { "+tt.rule+" }\ntiers { top when score >= 20 }")
			paths := checkPaths(t, m, m.Explain(Account{}, testMoment), "top")
			require.Len(t, paths, 1)
			assert.Equal(t, tt.want, paths[0].String())
		})
	}
}
