package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// numberScale tells how finely a ruleset reads a number: what is proposed is no
// finer. Numbers of people or of money are whole, so it takes a fraction to tell
// that another is not: one that the ruleset compares it with, a rule that counts
// it from one end to the other within one, or what the account has.
type numberScale struct {
	own   []float64   // what the ruleset compares it with, and ends of spans, ascending
	spans []scaleSpan // from where to where rules count it
	fine  bool        // what the account has is no whole number
}

type scaleSpan struct {
	of     *cond.Node // the formula that is counted, nil for the number alone
	lo, hi float64
}

// scaleOf begins the scale of a field with what the ruleset says of it alone.
func (l *lifter) scaleOf(slot int, c *fieldCuts) numberScale {
	own := &l.own[slot]
	s := numberScale{own: slices.Clone(c.own), spans: slices.Clone(c.spans)}
	s.fine = l.model.fields[slot].typ == cond.Number && usable(own) && !isWhole(own.Num)
	return s
}

// turned notes where a formula that is counted, and reads nothing but the number,
// comes to one of its ends. Other formulas tell nothing: a price makes fractions
// of what it is multiplied by.
func (s *numberScale) turned(n *cond.Node, at []float64) {
	for _, v := range at {
		if last := len(s.spans) - 1; last >= 0 && s.spans[last].of == n.Args[0] {
			s.spans[last].lo, s.spans[last].hi = min(s.spans[last].lo, v), max(s.spans[last].hi, v)
			continue
		}
		s.spans = append(s.spans, scaleSpan{n.Args[0], v, v})
	}
}

// settle takes up the ends of the formulas that come from one to the other within
// one.
func (s *numberScale) settle() {
	s.spans = slices.DeleteFunc(s.spans, func(p scaleSpan) bool { return p.of != nil && (p.hi == p.lo || p.hi-p.lo > 1) })
	for _, p := range s.spans {
		if p.of != nil {
			s.own = append(s.own, p.lo, p.hi)
		}
	}
	slices.Sort(s.own)
	s.own = slices.Compact(s.own)
}

const (
	finestStep = 1e-12 // of a scale
	fewWholes  = 10    // whole numbers are too few to go by, where there are fractions
)

// stepAt gives the step of the numbers that people would name about one: one, or
// a part of it, some hundredths of what lies between the numbers of the ruleset
// next to it.
func (s *numberScale) stepAt(v float64) float64 {
	i, on := slices.BinarySearch(s.own, v)
	step := 1.0
	switch {
	case on:
		if s.fine || !isWhole(v) {
			step = figures(v, 2)
		}
		if i > 0 {
			step = min(step, s.between(s.own[i-1], v))
		}
		if i+1 < len(s.own) {
			step = min(step, s.between(v, s.own[i+1]))
		}
	case i > 0 && i < len(s.own):
		step = s.between(s.own[i-1], s.own[i])
	case s.fine || len(s.own) > 0 && !isWhole(s.own[max(0, i-1)]): // beyond them all
		step = figures(v, 3)
	}
	return max(step, finestStep)
}

// between gives the step between two neighbours. Where they are whole numbers it
// is one, unless a rule counts from the one to the other, with none between; or
// the account has a fraction, and there are few between.
func (s *numberScale) between(p, q float64) float64 {
	width := q - p
	if isWhole(p) && isWhole(q) && !(s.fine && width < fewWholes) {
		counts := func(span scaleSpan) bool { return span.lo <= p && q <= span.hi && span.hi-span.lo <= 1 }
		if !slices.ContainsFunc(s.spans, counts) {
			return 1
		}
	}
	return figures(width, 3)
}

// figures gives the unit of the last of so many figures of a size, and no more
// than one.
func figures(size float64, n int) float64 {
	if size == 0 {
		return 0.01
	}
	return min(1, math.Pow10(int(math.Floor(math.Log10(math.Abs(size))+1e-9))-n+1))
}

// onStep gives the multiple of a step at or beyond a number, up or down, with as
// few digits as the step has.
func onStep(v, step float64, up bool) float64 {
	round := math.Floor
	if up {
		round = math.Ceil
	}
	if step >= 1 {
		return round(v/step)*step + 0 // and no negative zero
	}
	per := math.Round(1 / step)
	return round(v*per)/per + 0
}
