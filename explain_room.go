package accountscore

import "github.com/accountscore/accountscore/internal/cond"

// The memory of an explanation: slabs of about the size that the model needs.

// roomNeeds is how much of each there is at most.
type roomNeeds struct{ groups, cells, rules, tests, seen, distances, bounds int }

// measure works out what an explanation needs.
func (g *guide) measure(m *Model) {
	g.room.seen = len(m.read)
	g.room.bounds = owned(g.total.Min, g.total.Max)
	for i := range m.dims {
		base := &g.dims[i].base
		g.room.bounds += owned(base.Min, base.Max, base.Weight)
		needs := &g.room
		if m.dims[i].contacts != nil {
			needs = &g.perContact
			needs.seen += len(g.contact)
			needs.groups += len(g.dims[i].groups)
			needs.bounds++ // its rank's factor
		}
		for j := range g.dims[i].groups {
			rules, base := g.dims[i].groups[j].rules, &g.dims[i].groups[j].base
			needs.bounds += owned(base.Min, base.Max, base.Baseline)
			if len(rules) == 1 {
				needs.cells++
			} else {
				needs.rules += len(rules)
			}
			for k := range rules {
				needs.clause(&rules[k].clause)
				if len(rules) == 1 && rules[k].clause.plain && rules[k].per.text == "" {
					needs.tests-- // it is in the cell
				}
				needs.operand(&rules[k].of)
				needs.operand(&rules[k].per)
			}
		}
		for c := range g.dims[i].scales {
			g.room.clause(&g.dims[i].scales[c].clause)
		}
	}
	for i := range g.disqualify {
		g.room.clause(&g.disqualify[i].clause)
	}
	for i := range g.tiers {
		g.room.clause(&g.tiers[i].clause)
	}
	for _, l := range g.ladders {
		for i := range l {
			g.room.clause(&l[i].clause)
		}
	}
}

func (n *roomNeeds) clause(c *clause) {
	n.tests += c.leaves
	if t := c.test; t != nil {
		n.looks(t.looks)
		if t.distant {
			n.distances++
		}
	}
	for i := range c.parts {
		part := &c.parts[i]
		n.tests -= part.leaves // counted with the whole
		n.clause(part)
	}
}

func (n *roomNeeds) operand(o *operand) {
	if o.text != "" {
		n.tests++
		n.looks(o.looks)
	}
}

// looks counts the values that no other test can share.
func (n *roomNeeds) looks(looks []look) {
	if !shared(looks) {
		n.seen += len(looks)
	}
}

// shared tells whether all tests of one explanation show these values alike:
// one field of the account.
func shared(looks []look) bool {
	return len(looks) == 1 && looks[0].node.Op == cond.Field && looks[0].node.Space == cond.Account
}

// owned counts the numbers that an explanation has its own copies of.
func owned(list ...*float64) int {
	n := 0
	for _, f := range list {
		if f != nil {
			n++
		}
	}
	return n
}

// own gives an explanation its own copy of a number that may be none.
func (r *explainRoom) own(f *float64) *float64 {
	if f == nil {
		return nil
	}
	p := r.bounds.one()
	*p = *f
	return p
}

// cell is room for a rule that is alone, and for its one test.
type cell struct {
	rules [1]RuleExplanation
	tests [1]TestExplanation
}

// explainRoom is where an explanation is put.
type explainRoom struct {
	groups    slab[GroupExplanation] // of contacts
	cells     slab[cell]
	rules     slab[RuleExplanation]
	tests     slab[TestExplanation]
	seen      slab[Seen]
	distances slab[Distance]
	bounds    slab[float64]
	names     slab[string]
}

// open makes room for an explanation over some contacts.
func (r *explainRoom) open(g *guide, contacts int) {
	n, c := &g.room, &g.perContact
	*r = explainRoom{}
	r.groups.left = contacts * c.groups
	r.cells.left = n.cells + contacts*c.cells
	r.rules.left = n.rules + contacts*c.rules
	r.tests.left = n.tests + contacts*c.tests
	r.seen.left = n.seen + contacts*c.seen
	r.bounds.left = n.bounds + contacts*c.bounds
	r.distances.left = n.distances + contacts*c.distances
}
