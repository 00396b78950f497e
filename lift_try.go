package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// move is one change as it is tried. A change of a field of the account is a
// value in its slot; any other loads the account anew.
type move struct {
	id     int
	lever  int
	change Change
	slot   int // of the account's field; -1: none
	value  cond.Slot
	axis   *valueAxis // of a field whose values are in a row
	place  int        // on it
	gain   float64    // by how much it alone comes nearer

	twin *move // of another field that has to have the same text, see lifter.pair

	choices []choice // values of a contact's field, of which this is one
	worth   *worth   // of the contact that it engages
	sized   bool     // what the activity is worth may be less

	effects []*effect // see [lifter.effect]
}

// lever is something that may be changed, with the ways to change it. A set
// has one of them at most, or, where it repeats, its ways any number of
// times.
type lever struct {
	moves   []*move
	repeats bool
}

// lifter tries changes of one account.
type lifter struct {
	*subject
	s    *scratch
	goal liftGoal

	own    cond.Record // the account's slots as they stand
	probes []probe
	bySlot [][]int             // probes that read a field
	denied map[*cond.Node]bool // tests with the words of their contrary
	valued []bool              // activity types of which values are read; nil until it is asked
	parts  []float64           // of one, of each number of contacts; 0 until it is asked

	asked     map[*cond.Node][]*cond.Node // see askedIn
	askedRoom int

	contactTimes [][]int // by activity type, see contactCounts

	fields, others []lever // of the account's fields, and all else
	list           []*move // by id
	staged         []*move // what the scratch has of it; nil: that may be wrong
	room, memory   []*move // of a set that is staged

	ledger   *ledger
	crew     crew
	aside    *scratch // for one contact by itself
	ruledOut bool     // what was scored last is disqualified
	graded   bool     // the goal reads grades

	corners [][]stand // see easeRange
	noted   []noted   // the moves that these are of

	nearest      []*move // how near greedy came
	nearestShort float64
	plain        []float64 // see promise
	exhausted    bool      // every set of changes was tried
	untold       bool      // more repeats of activities, or other texts of these or of contacts, may do than were tried

	texts           cond.Texts // answers of tests of long values
	lists           cond.Lists
	listed          map[int][]choice // see choicesOf, by slot
	siftless        bool             // nothing is sifted out: the answers are the same, see sift
	work, limit     int
	cut             bool
	oneTry, oneLoad int // work of scoring anything, and of loading
	oneAppraisal    int // of trying, beside the lines that are worked out
	oneStage        int // of staging, in the same way
	oneOutcome      int // of scoring a contact
	letWork         int // of working out the lets
}

func newLifter(sub *subject, goal liftGoal) *lifter {
	l := &lifter{subject: sub.whole(), s: sub.model.scratch(), goal: sub.model.measured(goal), limit: maxLiftWork}
	l.s.traced = true // its rules read the slots, which change
	l.s.env.Texts, l.s.env.Lists = &l.texts, &l.lists
	l.load(nil)
	l.own = slices.Clone(l.s.env.Accounts)
	for i := range l.own {
		// A scratch may still have what another account brought.
		if own := &l.own[i]; own.State.Missing() && own.State != cond.Expired {
			*own = cond.Slot{State: own.State}
		}
	}
	l.measure()
	l.conclude()
	l.ledger = l.newLedger()
	l.muster()
	l.memory = make([]*move, 0, maxExact)
	l.staged = l.memory
	l.texts.Work, l.lists.Work = 0, 0 // to explain it took as much
	return l
}

func (l *lifter) close() {
	l.model.release(l.s)
	if l.aside != nil {
		l.model.release(l.aside)
	}
}

// measure estimates what trying takes.
func (l *lifter) measure() {
	m := l.model
	events := len(l.account.Activities)
	for i := range l.account.Contacts {
		events += len(l.account.Contacts[i].Activities)
	}
	nodes := func(of ...*cond.Node) int {
		n := 0
		for _, o := range of {
			n += l.nodeWork(o)
		}
		return n
	}
	// To load is to copy what changes, and to read all of it.
	l.oneTry, l.oneLoad = 10, 200+10*len(m.read)+40*len(l.account.Contacts)+(8+m.questions)*events
	for i := range m.lets {
		if m.lets[i].read {
			l.letWork += nodes(m.lets[i].Node)
		}
	}
	l.oneTry += l.letWork
	for i := range m.dims {
		d := &m.dims[i]
		rules := 0
		for r := range d.eachRule {
			rules += 1 + nodes(r.when, r.of, r.per)
			if r.signal != nil {
				rules += events
			}
		}
		if d.contacts == nil {
			l.oneTry += rules
		} else {
			l.oneLoad += (10 + rules + nodes(d.contacts.score, d.contacts.weightOf)) * (1 + len(l.account.Contacts))
		}
		for c := range d.scales {
			l.oneTry += nodes(d.scales[c].when)
		}
	}
	for i := range m.disqualify {
		l.oneTry += nodes(m.disqualify[i].when)
	}
	for i := range l.goal.tiers {
		when := l.goal.tiers[i].when
		l.oneTry += 1 + nodes(when)
		if i <= l.goal.at {
			l.oneAppraisal += 1 + nodes(when)
		}
		when.Walk(func(n *cond.Node) { l.graded = l.graded || n.Op == cond.Grade })
	}
	l.oneAppraisal += 5 + 4*len(m.dims) + len(m.disqualify) + len(m.lets)
	l.oneStage = 10 + 2*len(m.dims) + len(m.lets) + 10*len(l.account.Contacts)
	if r := m.rollup; r != nil {
		l.oneOutcome = 20 + 5*len(m.readContact) + nodes(r.score, r.weightOf)
		for g := range r.groups {
			for i := range r.groups[g].rules {
				rule := &r.groups[g].rules[i]
				l.oneOutcome += 1 + nodes(rule.when, rule.of, rule.per)
			}
		}
	}
}

// spend counts work, and tells whether there is any left.
func (l *lifter) spend(work int) bool {
	if l.work > l.limit {
		l.cut = true
		return false
	}
	l.work += work + l.texts.Work/textShare + l.lists.Work/listShare
	l.texts.Work, l.lists.Work = 0, 0
	return true
}

// To look at so many bytes of a text, or items of a list, takes as much as a part
// of a formula.
const (
	textShare = 4
	listShare = 12
)

// nodeWork is the work of a condition as the account stands: that of its parts,
// and of long texts and lists that are looked at each time.
func (l *lifter) nodeWork(n *cond.Node) int {
	work := nodeWork(n, 1)
	n.Walk(func(n *cond.Node) {
		if n.Kept() {
			return
		}
		const most = 1 << 14 // so that it fits, squared
		size := 1
		for _, a := range n.Args {
			if a.Op != cond.Field || a.Space != cond.Account {
				continue
			}
			switch own := &l.own[a.Slot]; n.Op {
			case cond.Missing, cond.Empty:
			case cond.HasAny, cond.HasAll:
				size = min(size, most) * min(max(1, len(own.List)), most)
			default:
				size = min(size, most) * min(max(1, len(own.Text)/textShare), most)
			}
		}
		work += size - 1
	})
	return work
}

// load loads the account with some changes, and nothing left open.
func (l *lifter) load(changes []Change) {
	a := l.apply(changes)
	l.s.load(&a, l.at)
	l.settle()
	l.s.rollUp()
}

func (l *lifter) settle() {
	l.s.open = false
	clear(l.s.env.Open)
}

// changes gives the changes of a set. Each new contact of it is another one.
func (l *lifter) changes(set []*move) []Change {
	changes := make([]Change, len(set))
	for i, mv := range set {
		times := 0
		for _, before := range set[:i] {
			if before.change.New {
				times++
			}
		}
		changes[i] = l.again(mv.change, times)
	}
	return changes
}

// during makes the moves of a set that are in the fields of the staged account,
// scores it, asks, and takes them back. Whether a tier is reached can be asked
// only meanwhile: its condition may read the fields.
func (l *lifter) during(set []*move, ask func()) {
	l.put(set)
	l.appraise(set)
	ask()
	l.takeBack(set)
}

// duringAll is during with what every rule comes to.
func (l *lifter) duringAll(set []*move, ask func()) {
	l.put(set)
	l.work += l.oneTry
	l.conclude()
	ask()
	l.takeBack(set)
}

func (l *lifter) put(set []*move) {
	for _, mv := range set {
		if mv.slot >= 0 {
			l.s.env.Accounts[mv.slot] = mv.value
		}
	}
}

func (l *lifter) takeBack(set []*move) {
	for _, mv := range set {
		if mv.slot >= 0 {
			l.s.env.Accounts[mv.slot] = l.own[mv.slot]
		}
	}
	copy(l.s.env.Lets, l.ledger.staged.lets)
}

// try tells whether the staged account reaches the goal with the moves of a set
// that are in its fields.
func (l *lifter) try(set []*move) (reached bool) {
	l.during(set, func() { reached = l.reached() })
	return reached
}

// short stages a set and says how far the account is from the goal then.
func (l *lifter) short(set []*move) (short float64) {
	l.stage(set)
	l.during(set, func() { short = l.shortfall() })
	return short
}

// reaches stages a set and tries it.
func (l *lifter) reaches(set []*move) bool {
	l.stage(set)
	return l.try(set)
}

// reached tells whether what was scored last has the tier, or an earlier one.
func (l *lifter) reached() bool {
	if l.ruledOut {
		return false
	}
	for i := range l.goal.at + 1 {
		if when := l.s.condition(&l.goal.tiers[i]); when == nil || when.Truth(&l.s.env) == cond.True {
			return true
		}
	}
	return false
}

// possible tells whether the staged account could have the tier if some of its
// fields could be anything. Where it cannot, no value of them does.
func (l *lifter) possible(slots []int) bool {
	s, e := l.s, &l.s.env
	for _, slot := range slots {
		e.Open[slot] = true
	}
	s.open = len(slots) > 0
	l.work += 4 * l.oneTry
	l.conclude()
	may := !l.goal.main() || !slices.ContainsFunc(l.model.disqualify, func(d disqualifier) bool { return d.when.Possible(e) == cond.MayBeTrue })
	found := false
	for i := 0; i <= l.goal.at && may && !found; i++ {
		when := s.condition(&l.goal.tiers[i])
		found = when == nil || when.Possible(e).Has(cond.True)
	}
	for _, slot := range slots {
		e.Open[slot] = false
	}
	s.open = false
	clear(e.OpenLets)
	return found
}

// shortfall says how far what was scored last is from the tier: zero where it
// has it. It adds what every test lacks, numbers as a part of what they need.
func (l *lifter) shortfall() float64 {
	if l.reached() {
		return 0
	}
	e, short := &l.s.env, 1e-9
	for i := range l.model.disqualify {
		if l.goal.main() {
			short += lack(l.model.disqualify[i].when, e, false)
		}
	}
	if when := l.s.condition(&l.goal.tiers[l.goal.at]); when != nil {
		short += lack(when, e, true)
	}
	return short
}

// lack says how far a condition is from holding, or from not being true.
func lack(n *cond.Node, e *cond.Env, wanted bool) float64 {
	switch n.Op {
	case cond.Not:
		if wanted {
			return lackFalse(n.Args[0], e)
		}
		return lack(n.Args[0], e, true)
	case cond.And, cond.Or:
		if (n.Op == cond.And) == wanted {
			sum := 0.0
			for _, a := range n.Args {
				sum += lack(a, e, wanted)
			}
			return sum
		}
		least := math.Inf(1)
		for _, a := range n.Args {
			least = min(least, lack(a, e, wanted))
		}
		return least
	}
	truth := n.Truth(e)
	if (truth == cond.True) == wanted {
		return 0
	}
	return numberLack(n, e)
}

// lackFalse says how far a condition is from being false, which is more than
// not being true.
func lackFalse(n *cond.Node, e *cond.Env) float64 {
	switch n.Truth(e) {
	case cond.False:
		return 0
	case cond.Unknown:
		return 1
	}
	return max(lack(n, e, false), 1e-6)
}

// numberLack is how far a comparison of numbers is from turning; one for any
// other test.
func numberLack(n *cond.Node, e *cond.Env) float64 {
	distance := func(v, needed float64) float64 {
		d := math.Abs(v-needed) / max(1, math.Abs(needed))
		if math.IsNaN(d) || d > 1e6 {
			return 1e6
		}
		return d + 1e-6
	}
	switch n.Op {
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		if n.Args[0].Type != cond.Number {
			return 1
		}
		a, ok := n.Args[0].Number(e)
		b, known := n.Args[1].Number(e)
		if ok && known {
			return distance(a, b)
		}
	case cond.Between:
		if n.Args[0].Type != cond.Number {
			return 1
		}
		if v, ok := n.Args[0].Number(e); ok {
			least := 1e6
			for _, b := range [...]cond.Bound{n.Lo, n.Hi} {
				if !b.Unbounded && !math.IsInf(b.Num, 0) {
					least = min(least, distance(v, b.Num))
				}
			}
			return least
		}
	}
	return 1
}
