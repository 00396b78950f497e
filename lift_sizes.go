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

// fromOne takes what lies between zero and one from a range that goes on: of
// what one of several numbers is to be divided by, it is beside the point.
func (r *rowRange) fromOne() {
	if r.least >= 0 && r.least < 1 && (r.least > 0 || r.above) && len(r.axis.ends) > 0 && r.axis.unit != dayUnit {
		r.least, r.above, r.known[0] = 1, false, 1
	}
}
