package accountscore

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkExplainRules measures explanations beside a scoring, on the same
// rules and accounts as [BenchmarkScore].
func BenchmarkExplainRules(b *testing.B) {
	for _, rules := range []int{4, 10, 100, 1_000} {
		m := compile(b, rulesOf(rules))
		for _, data := range []string{"known", "missing"} {
			accounts := benchAccounts(data == "missing")
			order := rand.New(rand.NewPCG(1, 2)).Perm(1 << 16)
			each := func(name string, do func(a *Account)) {
				b.Run(fmt.Sprintf("%d_rules/%s/%s", rules, data, name), func(b *testing.B) {
					i := 0
					b.ReportAllocs()
					for b.Loop() {
						do(&accounts[order[i&(1<<16-1)]%len(accounts)])
						i++
					}
				})
			}
			var r Result
			var x Explanation
			each("score", func(a *Account) { m.ScoreInto(&r, *a, testMoment) })
			each("into", func(a *Account) { m.ExplainInto(&x, *a, testMoment) })
			each("explain", func(a *Account) { m.Explain(*a, testMoment) })
		}
	}
}
