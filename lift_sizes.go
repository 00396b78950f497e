package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
)

// oddity says how far the numbers that a set proposes are from what people would
// name: of equal efforts they would name others. What the ruleset compares a
// field with is not odd, nor is a whole number from one on; of what else a field
// that is missing could have, numbers from one on are the least odd, and those
// below zero, of any field, the most.
func oddity(set []*move) int {
	sum := 0
	for _, mv := range set {
		c := &mv.change
		switch v := c.To.Number; {
		case c.To.Kind != dsl.NumberValue:
		case v < 0:
			sum += 100
		case mv.axis == nil || c.Kind != ChangeFill || v >= 1 && v == math.Floor(v) || slices.Contains(mv.axis.named, v):
		case v >= 1:
			sum++
		default:
			sum += 10
		}
	}
	return sum
}

// fillsSeveral tells whether a set fills in several numbers.
func fillsSeveral(set []*move) bool {
	several := 0
	for _, mv := range set {
		if mv.axis != nil && mv.change.Kind == ChangeFill {
			several++
		}
	}
	return several > 1
}

// numbersOf counts the numbers of a set.
func numbersOf(set []*move) int {
	numbers := 0
	for _, mv := range set {
		if mv.axis != nil && mv.axis.unit != dayUnit {
			numbers++
		}
	}
	return numbers
}

// countable tells whether a move is of a number that may be of whole things: not
// where the account has a fraction, or the ruleset compares it with one.
func (l *lifter) countable(mv *move) bool {
	if mv.axis == nil || mv.axis.unit == dayUnit {
		return false
	}
	own := &l.own[mv.slot]
	return (!usable(own) || isWhole(own.Num)) && !slices.ContainsFunc(mv.axis.named, func(v float64) bool { return !isWhole(v) })
}

// mostWhole is how large a whole number is tried to be for others to be whole too.
const mostWhole = 20

// whole brings numbers that are computed with together to whole ones, the least
// that reach, where some do: of two fields that are divided neither can be whole
// for what the other is.
func (l *lifter) whole(set []*move) {
	if numbersOf(set) < 2 {
		return
	}
	var row []*move
	var were []float64
	broken := false
	for _, mv := range set {
		if v := mv.value.Num; l.countable(mv) && !slices.Contains(mv.axis.named, v) {
			row, were = append(row, mv), append(were, v)
			broken = broken || !isWhole(v)
		}
	}
	if !broken {
		return
	}
	give := func(i int, v float64) {
		f := &l.model.fields[row[i].slot]
		row[i].stand(f.slotAt(v), f.literal(v))
	}
	for n := 1.0; n <= mostWhole; n++ {
		for _, base := range were {
			for _, round := range [...]func(float64) float64{math.Round, math.Floor, math.Ceil} {
				if base <= 0 || !l.spend(0) {
					continue
				}
				for i := range row {
					give(i, round(were[i]/base*n))
				}
				if l.reaches(set) {
					return
				}
			}
		}
	}
	for i := range row {
		give(i, were[i])
	}
}

// fromOne takes what lies between zero and one from a range that goes on: of
// what one of several numbers is to be divided by, it is beside the point.
func (r *rowRange) fromOne() {
	if r.least >= 0 && r.least < 1 && (r.least > 0 || r.above) && len(r.axis.ends) > 0 && r.axis.unit != dayUnit {
		r.least, r.above, r.known[0] = 1, false, 1
	}
}

// millionths is into how many parts a unit is divided at most to name a number
// beside a cut, unless the next cut is nearer.
const millionths = 1_000_000

// nameable gives a value that people would name for one of the axis: for the
// numbers next to a cut, which nobody has, the plainest between it and the next
// cut that does as well, or else the nearest. It tells whether there is one.
func (a *valueAxis) nameable(v float64, does func(float64) bool) (named float64, ok bool) {
	i := slices.IndexFunc(a.points, func(p axisPoint) bool { return p.v == v })
	if i < 0 || a.unit == dayUnit || a.points[i].side == 0 {
		return v, true
	}
	p, way := a.points[i], float64(a.points[i].side)
	limit := math.Inf(int(p.side))
	if to := i + int(p.side); to >= 0 && to < len(a.points) {
		limit = a.points[to].v
	}
	for per := 1.0; per <= millionths; per *= 10 {
		beside := way*(math.Floor(way*p.cut*per)+1)/per + 0
		switch {
		case beside == p.cut || (limit-beside)*way < 0:
			continue
		case does(beside):
			return beside, true
		}
		named, ok = beside, true
	}
	if !ok && !math.IsInf(limit, 0) {
		named = p.cut + (limit-p.cut)/2 // of the magnitude of what the ruleset names
		ok = math.Abs(named) > tiny && math.Abs(named-p.cut) > roundOff*math.Abs(p.cut)
	}
	return named, ok
}
