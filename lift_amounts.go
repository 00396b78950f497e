package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// What an activity is worth is taken from the log. Where none of its type is
// there, one that is worth enough is sought.

// amounts gives what one activity of a type may be worth, so that their sum gets
// to where something turns that reads it.
func (l *lifter) amounts(typ int) []float64 {
	var list []float64
	add := func(v float64) {
		if v > 0 && !math.IsInf(v, 0) {
			list = append(list, v, math.Floor(v)+1)
		}
	}
	ofType := func(n *cond.Node) bool { return n.Op == cond.Sum && n.Log.Type == typ }
	for i := range l.probes {
		p := &l.probes[i]
		switch {
		case p.leaf == nil: // an "each" or "latest" line
			continue
		case p.rule != nil && ofType(p.leaf):
			p.rule.bounds(p.leaf, add)
			continue
		}
		p.leaf.Walk(func(n *cond.Node) {
			if !slices.ContainsFunc(n.Args, ofType) {
				return
			}
			for _, y := range n.Args {
				if y.Op == cond.Const && y.Type == cond.Number {
					add(y.Num)
				}
			}
			for _, end := range ends(n) {
				add(end)
			}
		})
	}
	return distinctNumbers(list)
}

// bounds tells at which numbers what a rule makes of one turns.
func (r *rule) bounds(of *cond.Node, add func(float64)) {
	switch {
	case of == r.per:
		for _, end := range [...]float64{r.lo.Float(), r.hi.Float()} {
			if math.Abs(end) <= maxRulePoints.Float() && r.points != 0 {
				add(end / r.points.Float())
			}
		}
		add(0)
	case r.ramp != nil:
		add(r.ramp.Lo)
		add(r.ramp.Hi)
	default:
		for j := range r.table.entries {
			switch t := &r.table.entries[j]; t.kind {
			case "else", "missing":
			case "range":
				add(t.lo)
				add(t.hi)
			default:
				add(t.lo)
			}
		}
	}
}

// easeAmount finds the least that an activity has to be worth, as people say
// it: with two digits.
func (l *lifter) easeAmount(set []*move, mv *move) {
	c, most := &mv.change, mv.change.Value
	reaches := func(v float64) bool {
		c.Value = v
		l.altered(mv)
		return l.spend(0) && l.reaches(set)
	}
	low, high := 0, 0
	for amount(high) < most {
		high++
	}
	for low < high {
		if mid := (low + high) / 2; reaches(amount(mid)) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	if v := amount(high); v >= most || !reaches(v) {
		c.Value = most
	}
	l.altered(mv)
}

// amount gives the numbers of up to two digits with zeros behind, in order: 1 to
// 99, then 100, 110, and so on.
func amount(n int) float64 {
	if n < 99 {
		return float64(n + 1)
	}
	n -= 99
	return float64(10+n%90) * math.Pow10(1+n/90)
}
