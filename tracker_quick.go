package accountscore

import (
	"math"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// quickTracker is a tracked account on the short way: its packed sums, from
// which a value that changes takes its row away and to which it adds another.
// What a change of a field and the next result need stands here together: of
// many trackers that take turns, memory is what a change waits for.
type quickTracker struct {
	q       *quick // nil: the model has no short way for trackers
	sums    quickSums
	classes []uint16 // by axis of the plan
	now     int64
	bad     int32  // values that cannot be used
	people  int32  // contacts
	prev    string // the tier before
	id      string
	at      time.Time
	few     [fewAxes]uint16
	values  cond.Record // the account's, of fields that time or a default makes worth keeping
}

// fewAxes is of how many axes the classes stand with the rest.
const fewAxes = 16

// invalidClass marks a value that cannot be used; its class is that of a
// missing one.
const invalidClass = math.MaxUint16

// tracks tells whether the short way holds for trackers whatever happens to
// their accounts.
func (q *quick) tracks() bool {
	for i := range q.m.plan.axes {
		if q.m.plan.axes[i].size > invalidClass {
			return false
		}
	}
	return !q.treed && q.untold.mask == 0
}

// begin sums up an account of which all is missing.
func (k *quickTracker) begin(q *quick, s *scratch) {
	k.q, k.now, k.id, k.prev, k.at, k.values = q, s.env.At, s.id, s.prev, s.at, s.env.Accounts
	if k.classes = k.few[:]; len(q.m.plan.axes) > fewAxes {
		k.classes = make([]uint16, len(q.m.plan.axes))
	}
	for i := range q.fields {
		f := &q.fields[i]
		f.add(&k.sums, 0)
		for j := range f.more {
			f.more[j].add(&k.sums, 0)
		}
	}
}

// settle makes the sums hold for the value of a field that is in a slot.
func (k *quickTracker) settle(f *quickField, slot *cond.Slot) {
	if k.classes[f.from] == invalidClass {
		k.classes[f.from] = 0
		k.bad--
	}
	k.move(&f.quickAxis, f.from, f.class(slot, k.now))
	for j := range f.more {
		k.move(&f.more[j], f.from+1+j, f.more[j].class(slot, k.now))
	}
	if slot.State == cond.Invalid {
		k.classes[f.from] = invalidClass
		k.bad++
	}
}

// set is settle for a value that alone tells its class, and tells whether it
// does. It keeps the value where time can change what it means.
func (k *quickTracker) set(f *quickField, value any, present, timed bool) bool {
	class := f.classOf(value, k.now)
	if class < 0 || f.field.ages() || k.classes[f.from] == invalidClass {
		return false
	}
	if timed {
		fillTracked(f.field, &k.values[f.slot], value, present)
	}
	k.move(&f.quickAxis, f.from, class)
	return true
}

// move puts another class of an axis in the place of the one before it.
func (k *quickTracker) move(a *quickAxis, axis, class int) {
	was := int(k.classes[axis])
	k.classes[axis] = uint16(class)
	if a.lanes == 1 {
		k.sums[0] += a.rows[class] - a.rows[was]
		return
	}
	before, after := a.rows[was*a.lanes:][:a.lanes], a.rows[class*a.lanes:][:a.lanes]
	for j, v := range after {
		k.sums[j&(quickLanes-1)] += v - before[j]
	}
}

// result writes the result.
func (k *quickTracker) result(dst *Result) {
	s := quickState{invalid: int(k.bad)}
	//lint:ignore S1001 word by word, as they were written: a wider copy waits for the writes
	for i, word := range k.sums[:k.q.lanes] {
		s.sums[i] = word
	}
	dst.AccountID, dst.At, dst.Contacts = k.id, k.at, int(k.people)
	k.q.publish(dst, &s, k.prev)
}
