package accountscore

import (
	"context"
	"testing"
)

// benchTables are rulesets with a table each.
func benchTable(b *testing.B, rules string, n int) (*Model, *Table) {
	r := newRandom(1)
	m := compile(b, rules)
	pick := func(missing float64, texts ...string) (codes []int32, values []string) {
		codes = make([]int32, n)
		for i := range codes {
			if codes[i] = int32(r.IntN(len(texts))); r.Float64() < missing {
				codes[i] = -1
			}
		}
		return codes, texts
	}
	number := func(missing, most float64) ([]float64, Bitmap) {
		values, known := make([]float64, n), NewBitmap(n)
		for i := range values {
			if r.Float64() >= missing {
				values[i] = r.Float64() * r.Float64() * most
				known.Set(i)
			}
		}
		return values, known
	}
	t := NewTable(n)
	employees, known := number(0.08, 10_000)
	t.Float64s("employees", employees, known)
	revenue, known := number(0.30, 200e6)
	t.Float64s("revenue", revenue, known)
	codes, texts := pick(0.03, "US", "UK", "CA", "AU", "DE", "FR", "BR", "IN")
	t.Dict("country", codes, texts)
	codes, texts = pick(0.12, "Software", "Technology", "Finance", "Healthcare", "Retail", "Education")
	t.Dict("industry", codes, texts)
	if len(m.fields) > 4 {
		codes, texts = pick(0.1, "Free", "Pro", "Business", "Enterprise")
		t.Dict("plan", codes, texts)
		customer, known := make([]bool, n), NewBitmap(n)
		days, _ := number(0, 400)
		micros, dated := make([]int64, n), NewBitmap(n)
		for i := range customer {
			customer[i] = r.IntN(4) == 0
			micros[i] = testMoment.UnixMicro() - int64(days[i]*86_400e6)
			if r.IntN(20) > 0 {
				known.Set(i)
			}
			if r.IntN(3) > 0 {
				dated.Set(i)
			}
		}
		t.Bools("customer", customer, known)
		t.Micros("last_funding", micros, dated)
	}
	return m, t
}

// The rulesets of the module of benchmarks.
const (
	benchEnterprise = `employees gte 1000 → +50
revenue gte 50000000 → +45
country in [US, UK, CA, AU, DE] → +20
industry in [Technology, Finance, Healthcare] → +30
`
	benchMixed = `
field employees     number
field revenue       number
field industry      text
field country       text
field plan          text
field customer      bool
field last_funding  time
employees at least 1000 → +20
employees in 100-999 → +10
revenue between 10M and 500M → +15
industry in [Software, Finance, Healthcare] → +15
country in [US, UK, CA, AU, DE] → +10
plan = "Enterprise" → +20
customer → +10
(plan = "Pro" or plan = "Business") and employees > 200 → +10
not (customer or country = "US") and (revenue is missing or revenue >= 50M) → +5
last_funding within 180d → +20
`
)

func BenchmarkScoreTable(b *testing.B) {
	for _, bm := range []struct{ name, rules string }{{"enterprise", benchEnterprise}, {"mixed", benchMixed},
		{"disqualified", benchMixed + "disqualify when industry = Retail and employees < 50\n"}} {
		b.Run(bm.name, func(b *testing.B) {
			const n = 1 << 18
			m, t := benchTable(b, bm.rules, n)
			var into Scores
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.ScoreTable(context.Background(), t, testMoment, Workers(1), Into(&into)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}
