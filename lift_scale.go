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

// inOne tells whether a rule counts a number from one end to the other within
// one, or no further than one from zero.
func (p scaleSpan) inOne() bool { return p.hi-p.lo <= 1 || p.lo >= -1 && p.hi <= 1 }

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
	s.spans = slices.DeleteFunc(s.spans, func(p scaleSpan) bool { return p.of != nil && (p.hi == p.lo || !p.inOne()) })
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
		counts := func(span scaleSpan) bool { return span.lo <= p && q <= span.hi && span.inOne() }
		if !slices.ContainsFunc(s.spans, counts) {
			return 1
		}
	}
	return figures(width, 3)
}

// stepPast gives the step of the numbers that people would name beyond one, up
// or down: one, beyond a whole number of one that has nothing but whole numbers,
// where the ruleset names no other within one.
func (s *numberScale) stepPast(v, way float64) float64 {
	if s.fine || !isWhole(v) {
		return s.stepAt(v)
	}
	next := v + way
	low, high := min(v, next), max(v, next)
	apart := !slices.ContainsFunc(s.own, func(p float64) bool { return p > low && p < high })
	if apart && s.between(low, high) == 1 {
		return 1
	}
	return s.stepAt(v)
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

// contactParts tells into how many parts one of a number of contacts is divided:
// not, unless the block compares it with a fraction, a ramp counts it within one,
// or a contact of the account has a fraction.
func (l *lifter) contactParts(slot int) float64 {
	if l.parts == nil {
		l.parts = make([]float64, len(l.model.contactFields))
	}
	if l.parts[slot] == 0 {
		l.parts[slot] = math.Round(1 / max(l.contactStep(slot), finestStep))
	}
	return l.parts[slot]
}

// contactStep gives the step of a number of contacts.
func (l *lifter) contactStep(slot int) float64 {
	r, step := l.model.rollup, 1.0
	s := numberScale{fine: l.fractions(slot)}
	if s.fine && r.scoredBy(slot) {
		step = 1.0 / hundredths
	}
	is := func(n *cond.Node) bool {
		return n != nil && n.Op == cond.Field && n.Space == cond.Contact && n.Slot == slot
	}
	compared := func(list ...float64) {
		for _, v := range list {
			if !isWhole(v) {
				step = min(step, figures(v, 2))
			}
		}
	}
	for g := range r.groups {
		for k := range r.groups[g].rules {
			rule := &r.groups[g].rules[k]
			if rule.ramp != nil && is(rule.of) {
				s.spans = append(s.spans, scaleSpan{lo: rule.ramp.Lo, hi: rule.ramp.Hi})
				step = min(step, s.between(rule.ramp.Lo, rule.ramp.Hi))
			}
			rule.when.Walk(func(n *cond.Node) {
				if n.Type != cond.Bool || !slices.ContainsFunc(n.Args, is) {
					return
				}
				compared(ends(n)...)
				for _, y := range n.Args {
					if y.Op == cond.Const && y.Type == cond.Number {
						compared(y.Num)
					}
				}
				if n.Set != nil {
					compared(n.Set.Nums...)
				}
			})
		}
	}
	return step
}

// hundredths is how finely a number is divided that the score of a contact is
// made of, where contacts have fractions of it.
const hundredths = 100

// fractions tells whether a contact of the account has a number that is not whole,
// and none has ten or more.
func (l *lifter) fractions(slot int) bool {
	f, found := &l.model.contactFields[slot], false
	for i := range l.account.Contacts {
		var s cond.Slot
		v, has := l.account.Contacts[i].Fields[f.key]
		if f.fill(&s, v, has); usable(&s) {
			if math.Abs(s.Num) >= fewWholes {
				return false
			}
			found = found || !isWhole(s.Num)
		}
	}
	return found
}

// scoredBy tells whether the score of a contact is made of one of its fields.
func (r *rollup) scoredBy(slot int) bool {
	found := false
	r.score.Walk(func(n *cond.Node) {
		found = found || n.Op == cond.Field && n.Space == cond.Contact && n.Slot == slot
	})
	return found
}
