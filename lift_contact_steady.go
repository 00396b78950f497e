package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Whether all numbers of a contact between two that do, do.

// changedContact gives a contact as a set makes it, alone and loaded.
func (l *lifter) changedContact(set []*move, id string) *scratch {
	k := l.account.Contacts[slices.IndexFunc(l.account.Contacts, func(k Contact) bool { return k.ID == id })]
	for _, mv := range set {
		if mv.slot < 0 && mv.change.Contact == id && !mv.change.New {
			k = mv.change.contact(l.model, k, l.at)
		}
	}
	s := l.alone(k)
	s.loadContact(0)
	return s
}

// contactSlot gives the slot of the contact's field that a move fills.
func (l *lifter) contactSlot(mv *move) int {
	return slices.IndexFunc(l.model.contactFields, func(f field) bool { return f.Name == mv.change.Field })
}

// spansOf gives what was noted before of the numbers of a contact.
func (l *lifter) spansOf(id string) (spans []cond.Stretch) {
	for _, n := range l.noted {
		if n.span.Space == cond.Contact && n.mv.change.Contact == id && n.span.Lo < n.span.Hi {
			spans = append(spans, n.span)
		}
	}
	return spans
}

// steadyContact prepares to tell, of the numbers of a contact between two that
// do, whether all of them do, be its numbers noted before what they may, and
// all else at every corner.
func (l *lifter) steadyContact(set []*move, mv *move) func(low, high float64) bool {
	slot, spans := l.contactSlot(mv), l.spansOf(mv.change.Contact)
	return func(low, high float64) bool {
		if math.Nextafter(low, high) >= high {
			return true
		}
		box := append([]cond.Stretch{{Space: cond.Contact, Slot: slot, Lo: low, Hi: high}}, spans...)
		ends := [...]stand{{mv: mv, to: dsl.Value{Kind: dsl.NumberValue, Number: low}}, {mv: mv, to: dsl.Value{Kind: dsl.NumberValue, Number: high}}}
		return l.steadyOver(set, mv.change.Contact, box) && l.bridges(set, ends[:])
	}
}

// steadyOver tells whether a contact comes to nothing over a box of its numbers
// but what lies between what it comes to at the corners of the box.
func (l *lifter) steadyOver(set []*move, id string, box []cond.Stretch) bool {
	if len(box) > cond.MaxStretches {
		return false
	}
	all := true
	l.atCorners(set, func() { all = all && l.spend(0) && l.levels(l.changedContact(set, id), box) })
	return all
}

// levels tells the same of one contact, as it is loaded.
func (l *lifter) levels(s *scratch, box []cond.Stretch) bool {
	r, e := l.model.rollup, &s.env
	reads := func(n *cond.Node) bool {
		found := false
		n.Walk(func(n *cond.Node) {
			found = found || n.Op == cond.Field && n.Space == cond.Contact && slices.ContainsFunc(box, func(b cond.Stretch) bool { return b.Slot == n.Slot })
		})
		return found
	}
	rates := []rate{{of: r.score, earns: func() micro.M { v, _ := r.score.Number(e); return micro.Of(v) }}}
	for g := range r.groups {
		for i := range r.groups[g].rules {
			rule := &r.groups[g].rules[i]
			if reads(rule.when) && !l.settledOf(s, rule.when, box) {
				return false
			}
			earns := func() micro.M { _, points := rule.eval(e, s); return points }
			rates = append(rates, rate{of: rule.of, table: rule.table, earns: earns}, rate{of: rule.per, earns: earns})
		}
	}
	rates = append(rates, rate{of: r.weightOf, table: r.weights})
	rates = slices.DeleteFunc(rates, func(x rate) bool { return !reads(x.of) })
	var outcomes []contactOutcome
	for corner := range 1 << len(box) {
		for i, b := range box {
			v := b.Lo
			if corner&(1<<i) != 0 {
				v = b.Hi
			}
			e.Contacts[b.Slot] = cond.Slot{State: cond.Known, Num: v}
		}
		l.work += l.oneOutcome
		outcomes = append(outcomes, r.contactScore(s, 0))
		for i := range rates {
			rates[i].see(e)
		}
	}
	is := outcomes[0]
	if slices.ContainsFunc(outcomes, func(o contactOutcome) bool {
		return o.engaged != is.engaged || o.unscored != is.unscored || o.weight != is.weight
	}) {
		return false
	}
	within := true
	e.Over(box, func() {
		within = !slices.ContainsFunc(rates, func(x rate) bool { l.work += nodeWork(x.of, 1); return !x.within(e) })
	})
	return within && oneOrder(rates)
}

// settledOf tells whether a test of a contact has one truth over a box.
func (l *lifter) settledOf(s *scratch, n *cond.Node, box []cond.Stretch) bool {
	cost := nodeWork(n, 1)
	return l.oneTruth(box[0].Lo, box[0].Hi, &l.model.contactFields[box[0].Slot], func(low, high float64) (out cond.Outcomes) {
		part := slices.Clone(box)
		part[0].Lo, part[0].Hi = low, high
		l.work += cost
		s.env.Over(part, func() { out = n.Possible(&s.env) })
		return out
	})
}

// rate is something of a contact that goes on with its numbers, and what was
// seen of it at the corners of a box.
type rate struct {
	of    *cond.Node
	table *table // that it is looked up in
	earns func() micro.M

	known, unknown bool
	low, high      float64
	points         []micro.M
	entry          []int
}

func (x *rate) see(e *cond.Env) {
	v, ok := x.of.Number(e)
	switch {
	case !ok:
		x.unknown = true
	case !x.known:
		x.known, x.low, x.high = true, v, v
	default:
		x.low, x.high = min(x.low, v), max(x.high, v)
	}
	if x.table != nil {
		i, _ := x.table.find(x.of, e)
		x.entry = append(x.entry, i)
	}
	if x.earns != nil {
		x.points = append(x.points, x.earns())
	}
}

// within tells whether what is open gives nothing beyond what was seen, and one
// entry of the table.
func (x *rate) within(e *cond.Env) bool {
	low, high, known, unknown := x.of.Bounds(e)
	if known == unknown || known != x.known || unknown != x.unknown || known && (low < x.low || high > x.high) {
		return false
	}
	if x.table == nil || unknown {
		return true
	}
	inside := func(v float64) bool { return v >= x.low && v <= x.high }
	return !slices.ContainsFunc(x.entry, func(i int) bool { return i != x.entry[0] }) &&
		!slices.ContainsFunc(x.table.entries, func(t entry) bool {
			switch t.kind {
			case dsl.KeyRange:
				return t.lo > x.low && t.lo <= x.high || t.hi >= x.low && t.hi < x.high
			case dsl.KeyFrom:
				return t.lo > x.low && t.lo <= x.high
			case dsl.KeyNumber:
				return inside(t.lo) && x.low < x.high
			}
			return false
		})
}

// oneOrder tells whether all rates earn least at one corner, and most at one.
func oneOrder(rates []rate) bool {
	rates = slices.DeleteFunc(slices.Clone(rates), func(x rate) bool { return x.earns == nil })
	if len(rates) == 0 {
		return true
	}
	extreme := func(of func([]micro.M) micro.M) bool {
		for corner := range rates[0].points {
			if !slices.ContainsFunc(rates, func(x rate) bool { return x.points[corner] != of(x.points) }) {
				return true
			}
		}
		return false
	}
	return extreme(slices.Min[[]micro.M]) && extreme(slices.Max[[]micro.M])
}

// contactPoint is a number of a contact, and what the contact comes to with it.
type contactPoint struct {
	v  float64
	is contactOutcome
}

// numbersFrom gives a number of a contact and those beyond it at which it may
// turn, ascending: those that the model names, with their neighbours, and those
// about which it becomes engaged.
func (l *lifter) numbersFrom(set []*move, mv *move, from float64) []contactPoint {
	values := []float64{from, from + 1, maxInteger}
	for _, v := range mv.choices {
		n := v.to.Number
		values = append(values, math.Nextafter(n, math.Inf(-1)), n, math.Nextafter(n, math.Inf(1)))
	}
	values = slices.DeleteFunc(values, func(v float64) bool { return v < from || v > maxInteger })
	slices.Sort(values)
	s, slot := l.changedContact(set, mv.change.Contact), l.contactSlot(mv)
	at := func(v float64) contactPoint {
		s.env.Contacts[slot] = cond.Slot{State: cond.Known, Num: v}
		l.work += l.oneOutcome
		return contactPoint{v, l.model.rollup.contactScore(s, 0)}
	}
	var list []contactPoint
	for i, v := range slices.Compact(values) {
		p := at(v)
		if i > 0 && p.is.engaged != list[len(list)-1].is.engaged {
			low, high := list[len(list)-1], p
			for range 64 {
				mid := at(low.v + (high.v-low.v)/2)
				if mid.v == low.v || mid.v == high.v {
					break
				}
				if mid.is.engaged == low.is.engaged {
					low = mid
				} else {
					high = mid
				}
			}
			list = append(list, low, high)
		}
		list = append(list, p)
	}
	return slices.CompactFunc(list, func(a, b contactPoint) bool { return a.v == b.v })
}

// extremes leaves out the points between two others that the contact comes to
// on its way from the one to the other.
func extremes(points []contactPoint) []contactPoint {
	var kept []contactPoint
	for i, p := range points {
		if i > 0 && i+1 < len(points) {
			a, b := kept[len(kept)-1].is, points[i+1].is
			between := p.is.raw >= min(a.raw, b.raw) && p.is.raw <= max(a.raw, b.raw)
			if between && p.is.engaged == a.engaged && p.is.engaged == b.engaged && p.is.weight == a.weight && p.is.weight == b.weight {
				continue
			}
		}
		kept = append(kept, p)
	}
	return kept[min(1, len(kept)):]
}

// onlyDecays tells whether a field of contacts is when decay begins, and nothing
// else reads it.
func (l *lifter) onlyDecays(slot int) bool {
	r, found := l.model.rollup, false
	see := func(n *cond.Node) {
		found = found || n.Op == cond.Field && n.Space == cond.Contact && n.Slot == slot
	}
	for _, p := range r.probes() {
		p.leaf.Walk(see)
	}
	for i := range l.model.lets {
		l.model.lets[i].Node.Walk(see)
	}
	return slot == r.since && slot != r.distinct && slot != r.role && !found
}

// maxAgo is how many days before now a contact may have been seen, at most, for a
// path to say so.
const maxAgo = 3650

// easeSince notes the days since which decay may count a contact so that it does,
// from a first one until now. The later the day the more the contact scores, as
// nothing else reads it: what it comes to between two days lies between.
func (l *lifter) easeSince(set []*move, mv *move) (does []choice) {
	c, f := &mv.change, &l.model.contactFields[l.contactSlot(mv)]
	now := f.slotAt(float64(clock(l.at)))
	c.Or, c.Min, c.Max = nil, dsl.Value{}, dsl.Value{}
	last := stand{mv, now, valueOf(&now, cond.Time)}
	if !sameValue(c.To, last.to) {
		return nil
	}
	is := l.outcomeWith(set, last)
	today := math.Floor(float64(now.Time)/dayUnit) * dayUnit
	from := func(ago int) stand {
		v := today - float64(ago)*dayUnit
		return stand{mv, f.slotAt(v), f.literal(v)}
	}
	reaches := func(s stand) bool {
		was := l.swap(s)
		holds := l.holds(set)
		l.swap(was)
		o := l.outcomeWith(set, s)
		return holds && o.engaged == is.engaged && o.unscored == is.unscored && o.weight == is.weight && l.bridges(set, []stand{s, last})
	}
	if !reaches(from(0)) {
		return nil
	}
	low, high := 0, maxAgo
	for low < high {
		if mid := (low + high + 1) / 2; l.spend(0) && reaches(from(mid)) {
			low = mid
		} else {
			high = mid - 1
		}
	}
	first := from(low)
	c.Min, c.Max = first.to, last.to
	return []choice{{slot: first.slot, to: first.to}}
}

// outcomeWith is what the contact of a move comes to in a set with the move
// elsewhere.
func (l *lifter) outcomeWith(set []*move, s stand) contactOutcome {
	was := l.swap(s)
	defer l.swap(was)
	l.work += l.oneOutcome
	return l.model.rollup.contactScore(l.changedContact(set, s.mv.change.Contact), 0)
}
