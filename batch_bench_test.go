package accountscore

import (
	"context"
	"fmt"
	"testing"
)

// BenchmarkScoreAll is what a stream adds to each account's scoring.
func BenchmarkScoreAll(b *testing.B) {
	m := compile(b, benchEnterprise)
	account := Account{Fields: map[string]any{"employees": 5000, "revenue": 1e8, "country": "US", "industry": "Finance"}}
	b.Run("score", func(b *testing.B) {
		for b.Loop() {
			m.Score(account, testMoment)
		}
	})
	for _, workers := range []int{1, 2, 8} {
		b.Run(fmt.Sprint(workers, " workers"), func(b *testing.B) {
			source := func(yield func(Account, error) bool) {
				for range b.N {
					if !yield(account, nil) {
						return
					}
				}
			}
			n := 0
			for range m.ScoreAll(context.Background(), source, testMoment, Workers(workers)) {
				n++
			}
			if n != b.N {
				b.Fatal(n)
			}
		})
	}
}
