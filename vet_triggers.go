package accountscore

import (
	"fmt"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/numeral"
)

// triggers reports the triggers on a number that its range never lets fire.
func (v *vet) triggers() {
	for i := range v.m.rules.Triggers {
		t := &v.m.rules.Triggers[i]
		slot := v.metric(t.On)
		if slot < 0 {
			continue
		}
		low, high := v.statics.env.MetricLow[slot], v.statics.env.MetricHigh[slot]
		switch t.Kind {
		case dsl.Reaches:
			if t.By > low && t.By <= high {
				continue
			}
			v.report(VetNeverTrue, Warning, t.Pos, "trigger "+t.Name, "write a number that it can come to from below, or drop the trigger",
				"the trigger never fires: `%s` never reaches %s from below; it goes from %s to %s", t.On, numeral.Compact(t.By), numeral.Compact(low), numeral.Compact(high))
		case dsl.RisesBy, dsl.FallsBy:
			if t.By <= high-low {
				continue
			}
			v.report(VetNeverTrue, Warning, t.Pos, "trigger "+t.Name, fmt.Sprintf("write at most %s, or drop the trigger", numeral.Compact(high-low)),
				"the trigger never fires: `%s` goes from %s to %s, and never moves by %s", t.On, numeral.Compact(low), numeral.Compact(high), numeral.Compact(t.By))
		}
	}
}

// metric gives the slot of a number of the result by its name, below zero for
// any other name.
func (v *vet) metric(name string) int {
	for slot := range dsl.MetricDimension + len(v.m.dims) {
		if v.m.metricName(slot) == name {
			return slot
		}
	}
	return -1
}
