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

// BenchmarkTrackerRecord records one activity and takes the result, of an
// account with a log of its own and one that its contacts have.
func BenchmarkTrackerRecord(b *testing.B) {
	m := compile(b, `
activity visit (page text), webinar
dimension intent {
  each visit where page contains "pricing" → +5 half-life 30d max 20
  count(visit, 60d) > 5 → +30
  any(webinar, 90d) → +15
  days_since(visit) > 30 → -5
}
dimension people from contacts {
  field lead_score number
  score lead_score
}
`)
	for _, n := range []int{10, 100, 10_000} {
		a := Account{}
		for i := range n {
			act := Activity{Type: "visit", At: testMoment.AddDate(0, 0, -i%100), Fields: map[string]any{"page": "/pricing"}}
			if i%2 == 0 {
				a.Activities = append(a.Activities, act)
				continue
			}
			if i < 20 {
				a.Contacts = append(a.Contacts, Contact{ID: fmt.Sprint(i), Fields: map[string]any{"lead_score": 50.0}})
			}
			c := &a.Contacts[i/2%len(a.Contacts)]
			c.Activities = append(c.Activities, act)
		}
		for _, c := range []struct {
			name string
			do   func(t *Tracker, i int)
		}{
			{"account", func(t *Tracker, i int) { t.Record("", Activity{Type: "webinar", At: testMoment.AddDate(0, 0, -i%50)}) }},
			{"contact", func(t *Tracker, i int) {
				t.Record("1", Activity{Type: "webinar", At: testMoment.AddDate(0, 0, -i%50)})
			}},
			{"set", func(t *Tracker, i int) {
				t.SetContact(Contact{ID: "quiet", Fields: map[string]any{"lead_score": float64(i % 60)}})
			}},
		} {
			b.Run(fmt.Sprintf("%s/%d", c.name, n), func(b *testing.B) {
				t := m.Track(a, testMoment)
				var r Result
				i := 0
				b.ReportAllocs()
				for b.Loop() {
					c.do(t, i)
					t.ResultInto(&r)
					i++
				}
			})
		}
		b.Run(fmt.Sprintf("rescore/%d", n), func(b *testing.B) {
			var r Result
			for b.Loop() {
				m.ScoreInto(&r, a, testMoment)
			}
		})
	}
}
