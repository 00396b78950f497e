package accountscore

import (
	"fmt"
	"testing"
)

// BenchmarkScorer scores structs with the four rules that stand first in the
// language reference, and the same as maps.
func BenchmarkScorer(b *testing.B) {
	type lead struct {
		Employees int     `score:"employees"`
		Revenue   float64 `score:"revenue"`
		Country   string  `score:"country"`
		Industry  string  `score:"industry"`
	}
	m := compile(b, `
employees gte 1000 → +50
revenue gte 50000000 → +45
country in [US, UK, CA, AU, DE] → +20
industry in [Technology, Finance, Healthcare] → +30
`)
	s, err := Bind[lead](m)
	if err != nil {
		b.Fatal(err)
	}
	leads, accounts := make([]lead, 1024), make([]Account, 1024)
	r := newRandom(1)
	for i := range leads {
		l := lead{r.IntN(3000), r.Float64() * 1e8, r.of("US", "UK", "FR", "ES", "DE", "IT"), r.of("Technology", "Retail", "Finance", "Mining")}
		leads[i] = l
		accounts[i] = Account{Fields: map[string]any{"employees": l.Employees, "revenue": l.Revenue, "country": l.Country, "industry": l.Industry}}
	}
	for i := range leads {
		if want, got := m.Score(accounts[i], testMoment), s.Score(&leads[i], testMoment); want.Score != got.Score {
			b.Fatal(fmt.Sprint(want, got))
		}
	}
	b.Run("struct", func(b *testing.B) {
		var res Result
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			s.ScoreInto(&res, &leads[i&1023], testMoment)
			i++
		}
	})
	b.Run("map", func(b *testing.B) {
		var res Result
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			m.ScoreInto(&res, accounts[i&1023], testMoment)
			i++
		}
	})
}
