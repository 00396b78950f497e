package accountscore

import (
	"fmt"
	"testing"
)

// BenchmarkTrackerSet changes one field after the other and takes the result.
func BenchmarkTrackerSet(b *testing.B) {
	m := compile(b, `
employees gte 1000 → +50
revenue gte 50000000 → +45
country in [US, UK, CA, AU, DE] → +20
industry in [Technology, Finance, Healthcare] → +30
`)
	fields := []string{"employees", "revenue", "country", "industry"}
	values := [][2]any{{500.0, 5000.0}, {1e6, 9e7}, {"US", "FR"}, {"Finance", "Retail"}}
	t := m.Track(Account{Fields: map[string]any{"employees": 500.0, "revenue": 1e6, "country": "US", "industry": "Finance"}}, testMoment)
	var r Result
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		t.Set(fields[i&3], values[i&3][i>>2&1])
		t.ResultInto(&r)
		i++
	}
}

// BenchmarkTrackerContact changes one contact of many and takes the result;
// BenchmarkContacts scores them all.
func BenchmarkTrackerContact(b *testing.B) {
	for _, combine := range []string{"sum", "ranked 0.8"} {
		m := compile(b, engagement("combine "+combine+"\n  decay half-life 30d since last_active"))
		for _, n := range []int{10, 100, 10_000} {
			a := Account{}
			for i := range n {
				a.Contacts = append(a.Contacts, Contact{ID: fmt.Sprint(i), Fields: map[string]any{"seniority": "vp", "lead_score": float64(i % 50), "last_active": testMoment}})
			}
			b.Run(fmt.Sprintf("%s/%d", combine, n), func(b *testing.B) {
				t := m.Track(a, testMoment)
				var r Result
				i := 0
				b.ReportAllocs()
				for b.Loop() {
					c := a.Contacts[i*7919%n]
					t.SetContact(c)
					t.ResultInto(&r)
					i++
				}
			})
			b.Run(fmt.Sprintf("%s/%d/rescore", combine, n), func(b *testing.B) {
				var r Result
				for b.Loop() {
					m.ScoreInto(&r, a, testMoment)
				}
			})
		}
	}
}
