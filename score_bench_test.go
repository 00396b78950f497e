package accountscore

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rulesOf writes a ruleset of n rules that tables hold.
func rulesOf(n int) string {
	r := newRandom(uint64(n))
	var b strings.Builder
	b.WriteString(randomDeclarations + "dimension d {\n")
	for range n {
		switch r.IntN(6) {
		case 0:
			b.WriteString(r.of("employees", "revenue") + " in 10-" + r.of("50", "500"))
		case 1:
			b.WriteString("industry in [Retail, " + r.of("Health", "Energy") + "]")
		case 2:
			b.WriteString(r.of("customer", "trial = false"))
		case 3:
			b.WriteString("employees > " + r.number() + " and country = " + r.of(`"US"`, `"DE"`))
		case 4:
			b.WriteString("funded within " + r.of("90d", "180d"))
		default:
			b.WriteString(r.of("employees", "revenue") + " >= " + r.number())
		}
		b.WriteString(" → " + r.points() + "\n")
	}
	return b.String() + "}\ntiers {\n  top when score >= 30\n  low otherwise\n}\n"
}

// benchAccounts are accounts in an order that no branch predictor learns.
func benchAccounts(missing bool) []Account {
	r := newRandom(7)
	list := make([]Account, 2_048)
	for i := range list {
		list[i] = Account{ID: "a", Fields: map[string]any{}}
		for _, f := range randomFields {
			if !missing || r.IntN(4) > 0 {
				list[i].Fields[f] = r.value(f)
			}
		}
		list[i].Fields["funded"] = testMoment.AddDate(0, 0, -r.IntN(400))
	}
	return list
}

// BenchmarkScore measures a scoring by the tables beside the walk that the
// explanation observes, on the same rules and accounts.
func BenchmarkScore(b *testing.B) {
	for _, rules := range []int{4, 10, 100, 1_000} {
		m := compile(b, rulesOf(rules))
		for _, data := range []string{"known", "missing"} {
			accounts := benchAccounts(data == "missing")
			order := rand.New(rand.NewPCG(1, 2)).Perm(1 << 16)
			each := func(name string, score func(dst *Result, a *Account)) {
				b.Run(fmt.Sprintf("%d_rules/%s/%s", rules, data, name), func(b *testing.B) {
					var dst Result
					i := 0
					b.ReportAllocs()
					for b.Loop() {
						score(&dst, &accounts[order[i&(1<<16-1)]%len(accounts)])
						i++
					}
				})
			}
			for i := range accounts {
				require.Equal(b, walked(m, accounts[i], testMoment), m.Score(accounts[i], testMoment))
			}
			each("tables", func(dst *Result, a *Account) { m.ScoreInto(dst, *a, testMoment) })
			each("walk", func(dst *Result, a *Account) {
				s := m.scratch()
				s.traced = true
				s.run(*a, testMoment)
				s.publish(dst)
				m.release(s)
			})
		}
	}
}

// BenchmarkForms measures what a hundred rules of each form add to a scoring.
func BenchmarkForms(b *testing.B) {
	for _, c := range []struct {
		form Form
		rule string
	}{
		{FormRow, "employees > %d → +1"},
		{FormLookUp, "employees > %d and customer → +1"},
		{FormTree, "employees > revenue + %d → +1"},
		{FormProgram, "any(stack, len(#) > %d) → +1"},
	} {
		b.Run(string(c.form), func(b *testing.B) {
			m := compile(b, randomDeclarations+"dimension d {\n"+to(100, func(i int) string { return fmt.Sprintf(c.rule+"\n", 10*i) })+"}\n")
			for _, k := range m.Facts().Costs {
				require.Equal(b, c.form, k.Form)
			}
			accounts := benchAccounts(false)
			var dst Result
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				m.ScoreInto(&dst, accounts[i%len(accounts)], testMoment)
				i++
			}
		})
	}
}
