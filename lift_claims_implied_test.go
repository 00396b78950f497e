package accountscore

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// TestPartsSayOfEachOther holds what two tests of parts say of each other to
// every short text: one that follows holds wherever the other does, and none
// meets two that exclude each other. What is said is no less than it could be.
func TestPartsSayOfEachOther(t *testing.T) {
	texts := []string{""}
	for from := 0; len(texts[from]) < 5; from++ {
		texts = append(texts, texts[from]+"a", texts[from]+"b")
	}
	parts := texts[1:15] // of one to three letters
	has := map[cond.Op]func(s, part string) bool{cond.Starts: strings.HasPrefix, cond.Ends: strings.HasSuffix, cond.Contains: strings.Contains}
	followed, excluded := 0, 0
	for op, one := range has {
		for other, two := range has {
			for _, p := range parts {
				for _, q := range parts {
					of := fmt.Sprint(op, " ", p, ", ", other, " ", q)
					follows := !slices.ContainsFunc(texts, func(s string) bool { return one(s, p) && !two(s, q) })
					require.Equal(t, follows, implies(op, p, other, q), of)
					apart := op == other && op != cond.Contains && !slices.ContainsFunc(texts, func(s string) bool { return one(s, p) && two(s, q) })
					require.Equal(t, apart, excludes(op, p, other, q), of)
					followed, excluded = followed+ordinal(follows), excluded+ordinal(apart)
				}
			}
		}
	}
	require.Greater(t, min(followed, excluded), 100)
}
