package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// worth is what one contact may be made to score, from just engaged on.
type worth struct {
	lifter  *lifter
	contact Contact // as it is
	numbers []int   // slots of those that its score is made of, and that may be set
	least   Change  // it is just engaged
	engaged micro.M // and scores this
}

// outcome scores the contact after a change. A number that takes its score
// beyond what contacts can have is no way to engage it, though the rules alone
// may do.
func (w *worth) outcome(c *Change) contactOutcome {
	l := w.lifter
	o := l.outcome(c.contact(l.model, w.contact, l.at))
	if o.unscored {
		if _, known := l.model.rollup.score.Number(&l.aside.env); known {
			return contactOutcome{}
		}
	}
	return o
}

// scoreNumbers lists the numbers that the score formula reads and that may be
// set.
func (l *lifter) scoreNumbers(mayset func(int) bool) []int {
	var slots []int
	l.model.rollup.score.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Contact && n.Type == cond.Number && !slices.Contains(slots, n.Slot) && mayset(n.Slot) {
			if f := &l.model.contactFields[n.Slot]; f.allowed == nil {
				slots = append(slots, n.Slot)
			}
		}
	})
	return slots
}

// numberSteps are the numbers between which the one that does is sought. They
// go beyond what a contact can score, as a score may be a part of them.
var numberSteps = [...]float64{0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1e6, 1e7, 1e8, 1e9}

// finest gives the most parts into which one of the numbers is divided.
func (w *worth) finest() float64 {
	most := 1.0
	for _, slot := range w.numbers {
		most = max(most, w.lifter.contactParts(slot))
	}
	return most
}

// with gives a change in which the numbers that the score is made of are at
// least so many, those that are less fine than others the next of theirs. What the
// contact has already stays as it is.
func (w *worth) with(c Change, v float64) Change {
	fields := w.lifter.model.contactFields
	c.With = slices.DeleteFunc(slices.Clone(c.With), w.isNumber)
	finest := w.finest()
	for _, slot := range w.numbers {
		f := &fields[slot]
		var s cond.Slot
		has, ok := w.contact.Fields[f.key]
		n := v
		if parts := w.lifter.contactParts(slot); parts < finest {
			n = math.Ceil(v*parts*(1-roundOff)) / parts
		}
		if f.fill(&s, has, ok); s.State != cond.Known || s.Num < v {
			c.With = append(c.With, FieldValue{Field: f.Name, Value: dsl.Value{Kind: dsl.NumberValue, Number: n}})
		}
	}
	return c
}

func (w *worth) isNumber(v FieldValue) bool {
	return slices.ContainsFunc(w.numbers, func(slot int) bool { return w.lifter.model.contactFields[slot].Name == v.Field })
}

// numberOf gives what a change sets the numbers to, and whether it does.
func (w *worth) numberOf(c *Change) (v float64, set bool) {
	i := slices.IndexFunc(c.With, w.isNumber)
	if i < 0 {
		return 0, false
	}
	return c.With[i].Value.Number, true
}

// leastNumber gives the least number of so many parts of one that does, and
// whether one does.
func leastNumber(parts float64, does func(float64) bool) (v float64, found bool) {
	low := 0.0
	for _, high := range numberSteps {
		if !does(high) {
			low = high
			continue
		}
		if high = leastOf(low, high, 1, does); high > 0 && high <= fewWholes {
			high = leastOf(high-1, high, parts, does)
		}
		return high, true
	}
	return 0, false
}

// leastOf gives the least number of so many parts of one that does, between one
// that does not and one that does.
func leastOf(low, high, parts float64, does func(float64) bool) float64 {
	fails, reaches := math.Floor(low*parts), math.Ceil(high*parts)
	for reaches-fails > 1 {
		if mid := math.Floor((fails + reaches) / 2); does(mid / parts) {
			reaches = mid
		} else {
			fails = mid
		}
	}
	return reaches / parts
}

// raise sets the numbers to the least that engages the contact, or to what the
// rules may add to.
func (w *worth) raise(c Change) Change {
	if len(w.numbers) == 0 {
		return c
	}
	v, found := leastNumber(w.finest(), func(v float64) bool { t := w.with(c, v); return w.outcome(&t).engaged })
	if !found {
		v = 100
	}
	return w.with(c, v)
}

// raiseMost sets the numbers to what makes the contact score most: one of the
// steps, or more than that, up to where the score would be beyond what a contact
// may have.
func (w *worth) raiseMost(c Change) Change {
	best, most, at := c, w.outcome(&c).score, -1
	better := func(v float64) bool {
		t := w.with(c, v)
		now := w.outcome(&t).score
		if now <= most {
			return false
		}
		best, most = t, now
		return true
	}
	full := w.lifter.model.rollup.cap
	for i := len(numberSteps) - 1; i >= 0 && len(w.numbers) > 0 && most < full; i-- {
		if better(numberSteps[i]) {
			at = i
		}
	}
	if at < 0 || at+1 == len(numberSteps) {
		return best
	}
	for low, high := numberSteps[at], numberSteps[at+1]; high-low > 1 && most < full; {
		if mid := math.Floor((low + high) / 2); better(mid) {
			low = mid
		} else {
			high = mid
		}
	}
	return best
}

// weighed notes what the contact scores, and the effort.
func (w *worth) weighed(c Change) Change {
	now := w.outcome(&c)
	c.Score, c.Effort = now.score.Float(), w.effort(&c, now.score, now.weight)
	return c
}

// easeScore brings a contact that scores more than just engaged to the least
// that still reaches: without the values and activities that it can do without,
// each of the others as few times as will do, and then the least number.
func (l *lifter) easeScore(set []*move, mv *move) {
	w := mv.worth
	if w == nil || mv.change.Score <= w.least.Score {
		return
	}
	best := mv.change
	does := func(c Change) bool {
		if !l.spend(0) || !w.outcome(&c).engaged {
			return false
		}
		mv.change = c
		l.altered(mv)
		if !l.reaches(set) {
			return false
		}
		best = c
		return true
	}
	if !does(w.least) {
		w.easeDeeds(&best, does)
		w.easeValues(&best, does)
		parts := w.finest()
		if v, set := w.numberOf(&best); set && (parts > 1 || does(w.with(best, v-1))) {
			was := best
			leastNumber(parts, func(n float64) bool { return n >= v || does(w.with(was, n)) })
		}
	}
	mv.change = w.weighed(best)
	l.altered(mv)
}

// easeDeeds leaves out activities, the last first, or has them fewer times.
func (w *worth) easeDeeds(best *Change, does func(Change) bool) {
	for i := len(best.Did) - 1; i >= 0; i-- {
		fewer := *best
		if fewer.Did = slices.Delete(slices.Clone(best.Did), i, i+1); does(fewer) {
			continue
		}
		low, high := 0, best.Did[i].Count
		for high-low > 1 {
			mid := (low + high) / 2
			fewer.Did = slices.Clone(best.Did)
			if fewer.Did[i].Count = mid; does(fewer) {
				high = mid
			} else {
				low = mid
			}
		}
	}
}

// easeValues leaves out values that the contact need not have, or gives it those
// that it has where it is just engaged.
func (w *worth) easeValues(best *Change, does func(Change) bool) {
	for i := len(best.With) - 1; i >= 0; i-- {
		v := best.With[i]
		if w.isNumber(v) {
			continue
		}
		fewer := *best
		if at := slices.IndexFunc(w.least.With, func(o FieldValue) bool { return o.Field == v.Field }); at < 0 {
			fewer.With = slices.Delete(slices.Clone(best.With), i, i+1)
		} else if fewer.With = slices.Clone(best.With); v.Value.Text != w.least.With[at].Value.Text {
			fewer.With[i] = w.least.With[at]
		} else {
			continue
		}
		does(fewer)
	}
}

// outranks tells whether to engage a contact asks for more than another change:
// a new contact who is as hard to engage, before what they score, and of the
// same role where the other has one; or one who is given a value that the other
// change fills alone.
func (l *lifter) outranks(more, less *move) bool {
	c, d := &more.change, &less.change
	if more.worth == nil {
		return false
	}
	if d.Kind == ChangeFill && c.Contact != "" && c.Contact == d.Contact {
		return literalOf(c.With, d.Field).Kind != dsl.NullValue
	}
	if !c.New || !d.New || more.worth.least.Effort < less.worth.least.Effort {
		return false
	}
	role := l.model.rollup.role
	if role < 0 {
		return true
	}
	name := l.model.contactFields[role].Name
	of := literalOf(d.Who, name).Text
	return of == "" || of == literalOf(c.Who, name).Text
}
