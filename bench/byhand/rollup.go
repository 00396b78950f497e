package byhand

import (
	"math"
	"slices"
	"time"

	"github.com/accountscore/accountscore/bench/fixture"
)

// Rollup scores the contacts of an account. Its memory of their scores is
// reused from account to account.
type Rollup struct{ scores []float64 }

// Score scores one account at a moment.
func (r *Rollup) Score(c *fixture.Company, at time.Time) float64 {
	r.scores = r.scores[:0]
	engaged := 0
	for i := range c.People {
		p := &c.People[i]
		if p.LeadScore == nil || p.LastActive.IsZero() {
			continue
		}
		age := at.Sub(p.LastActive)
		if age < 0 || age > 90*day {
			continue
		}
		score := min(*p.LeadScore*math.Exp2(-float64(age/day)/30), 100)
		if score >= 10 {
			engaged++
		}
		switch p.Seniority {
		case "c_level":
			score *= 2
		case "vp":
			score *= 1.5
		case "director":
			score *= 1.25
		case "manager":
		default:
			score *= 0.5
		}
		r.scores = append(r.scores, score)
	}
	slices.Sort(r.scores)
	total, rank := 0.0, 1.0
	for i := len(r.scores) - 1; i >= 0; i-- {
		total += r.scores[i] * rank
		rank *= 0.8
	}
	if engaged > 1 {
		total += total * 0.5 * (1 - math.Pow(0.5, float64(engaged-1)))
	}
	return math.Round(total)
}
