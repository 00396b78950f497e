package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
)

// inquiry is a condition over fields alone that a disqualification, a tier, a
// ladder or a scale asks. Its answer depends on the classes of a few axes.
type inquiry struct {
	when    *cond.Node
	parts   []inquiryPart
	entries []answer // by place: the first part's classes change fastest
}

// inquiryPart tells, for each class of an axis of the plan, the class that the
// inquiry knows.
type inquiryPart struct {
	axis  int
	size  int
	class []int
	draft *draft // until the axes are made
	need  demand
}

// answer is the one truth that a condition has, and all that it could have
// whatever the missing fields turn out to be.
type answer struct{ is, may cond.Outcomes }

// short tells whether the model reads the account's fields alone, as the short
// way does.
func (m *Model) short() bool {
	if m.rollup != nil {
		return false
	}
	for i := range m.activities {
		if m.activities[i].read {
			return false // its values are checked and counted
		}
	}
	return true
}

// inquire tries what decisions and scales ask of fields, in the largest parts
// that tables hold.
func (b *planner) inquire() {
	m := b.m
	for i := range m.disqualify {
		b.ask(m.disqualify[i].when)
	}
	b.climb(m.tiers)
	for i := range m.ladders {
		b.climb(m.ladders[i].tiers)
	}
	for i := range m.dims {
		for j := range m.dims[i].scales {
			b.ask(m.dims[i].scales[j].when)
		}
	}
}

func (b *planner) climb(tiers []tier) {
	for i := range tiers {
		for _, when := range []*cond.Node{tiers[i].when, tiers[i].held} {
			if when != nil {
				b.ask(when)
			}
		}
	}
}

// ask makes an inquiry of a condition, or of its parts.
func (b *planner) ask(n *cond.Node) {
	if b.p.inquiry(n) >= 0 || b.inquiry(n) {
		return
	}
	switch n.Op {
	case cond.And, cond.Or, cond.Not:
		for _, a := range n.Args {
			b.ask(a)
		}
	}
}

// inquiry gives the place of the inquiry that a condition is, -1 for none.
func (p *plan) inquiry(n *cond.Node) int {
	return slices.IndexFunc(p.inquiries, func(q inquiry) bool { return q.when == n })
}

// lookUps counts what is looked up by the classes of several axes.
func (p *plan) lookUps() int {
	n := 0
	for i := range p.inquiries {
		n += ordinal(len(p.inquiries[i].parts) > 1)
	}
	for i := range p.dims {
		n += len(p.dims[i].composites)
	}
	return n
}

// maxInquiries bounds the conditions that have answers by class.
const maxInquiries = 64

// inquiry evaluates a condition on every class of what it needs, and tells
// whether tables can hold it.
func (b *planner) inquiry(n *cond.Node) bool {
	k := needs{m: b.m}
	if len(b.p.inquiries) == maxInquiries || !k.condition(n) || !k.settled() {
		return false
	}
	weight := 0
	n.Walk(func(*cond.Node) { weight++ })
	if len(k.list) > 1 && b.p.lookUps() >= quickLookUps {
		return false
	}
	t, values := b.trials(&k, weight)
	if t == nil {
		return false
	}
	when := standIn(n, k.list, len(b.m.fields))
	q := inquiry{when: n, entries: make([]answer, t.count())}
	b.each(t, values, func(place int, _ bool) {
		q.entries[place] = answer{1 << when.Truth(&b.env), when.Possible(&b.env)}
	})
	for i, need := range t.needs {
		q.parts = append(q.parts, inquiryPart{need: need, size: t.sizes[i], draft: b.draft(need)})
	}
	b.p.inquiries = append(b.p.inquiries, q)
	return true
}

// gapless gives every field that a line in no table reads an axis, so that
// what the field brings while it is missing has a place.
func (b *planner) gapless() {
	for i := range b.m.dims {
		d := &b.m.dims[i]
		for _, g := range b.p.dims[i].single {
			for _, slot := range d.groups[g].reads {
				if !slices.ContainsFunc(b.drafts, func(d *draft) bool { return d.slot == slot }) {
					b.draft(demand{slot: slot, kind: presence})
				}
			}
		}
	}
}

// settle tells the inquiries' parts where the axes are that they need.
func (b *planner) settle(places map[*draft]int) {
	for i := range b.p.inquiries {
		q := &b.p.inquiries[i]
		for j := range q.parts {
			part := &q.parts[j]
			part.axis = places[part.draft]
			part.class = part.need.classesOf(&b.p.axes[part.axis], b.m.fields[part.need.slot].IgnoringCase)
			part.draft, part.need = nil, demand{}
		}
	}
}

// classesOf gives, for each class of an axis that is cut as finely as the demand
// or finer, the class of the demand.
func (n *demand) classesOf(a *planAxis, fold bool) []int {
	of := make([]int, a.size)
	for class := knownClass; class < len(of); class++ {
		of[class] = class
	}
	nums, times, words := n.cuts(fold)
	switch n.kind {
	case numbers:
		of[knownClass] = knownClass // before all cuts
		for i, c := range a.cuts {
			of[knownClass+1+i] = knownClass + classes.Count(nums, c)
		}
	case moments, ages:
		of[knownClass] = knownClass
		for i, c := range a.times {
			of[knownClass+1+i] = knownClass + classes.Count(times, c)
		}
	case texts:
		for class := knownClass; class < len(of); class++ {
			of[class] = knownClass // any other text
		}
		for i, w := range words {
			of[knownClass+a.texts.Class(w)] = knownClass + 1 + i
		}
	}
	return of
}
