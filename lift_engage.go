package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// engage completes a change so that the contact is engaged: it was active at
// this moment, and has the least of a score that will do. A second move has it
// score the most that it can, which is brought down to what a path needs; see
// [lifter.easeScore]. It gives none where nothing engages.
func (l *lifter) engage(c Change, k Contact) []*move {
	m, r := l.model, l.model.rollup
	keyed := l.countsKeys()
	mayset := func(slot int) bool {
		f := &m.contactFields[slot]
		if c.New && (slot == r.weightSlot() || slot == r.distinct && keyed) {
			return false // another new contact has another
		}
		return (c.New || f.Change != dsl.Fixed) && literalOf(c.Who, f.Name).Kind == dsl.NullValue
	}
	w := &worth{lifter: l, contact: k, numbers: l.scoreNumbers(mayset)}
	if r.since >= 0 && mayset(r.since) {
		f := &m.contactFields[r.since]
		c.With = append(c.With, FieldValue{Field: f.Name, Value: f.literal(float64(clock(l.at)))})
	}
	if !w.outcome(&c).engaged {
		c = w.raise(c)
	}
	top, p := c, (*pleaser)(nil)
	if !w.outcome(&c).engaged {
		p = l.pleaser(mayset, w.outcome)
		c, top = p.please(c)
	}
	now := w.outcome(&c)
	if !now.engaged {
		return nil
	}
	w.engaged = now.score
	w.least = w.weighed(c)
	list := []*move{{slot: -1, change: w.least, worth: w}}
	if top = w.raiseMost(top); w.outcome(&top).score < r.cap {
		if p == nil {
			p = l.pleaser(mayset, w.outcome)
		}
		top = p.most(top)
	}
	best := now.score
	if score := w.outcome(&top).score; score > best {
		list, best = append(list, &move{slot: -1, change: w.weighed(top), worth: w}), score
	}
	// Texts that nothing names may make it score more than any that is named.
	if p != nil && !p.made && best < r.cap && p.hasMade() {
		p.made = true
		if top = p.most(top); w.outcome(&top).score > best {
			list = append(list, &move{slot: -1, change: w.weighed(top), worth: w})
		}
	}
	return list
}

// pleaser prepares what the rules of the block reward a contact for.
func (l *lifter) pleaser(mayset func(int) bool, score func(*Change) contactOutcome) *pleaser {
	r := l.model.rollup
	p := &pleaser{lifter: l, score: score, kinds: map[int][]deedKind{}, choices: make([][]choice, len(l.model.contactFields)), conditions: r.conditions()}
	filters := l.questions(r.probes())
	for typ := range l.model.activities {
		if len(filters[typ]) > 0 {
			p.kinds[typ] = l.deedKinds(typ, filters[typ])
		}
	}
	texts, nums := r.constants(len(p.choices))
	tests := l.contactTests()
	for slot := range p.choices {
		if f := &l.model.contactFields[slot]; f.read && slot != r.since && mayset(slot) {
			p.choices[slot] = f.trials(texts[slot], nums[slot], tests[slot], clock(l.at))
		}
	}
	return p
}

// please gives the contact, one after the other, what the rules of the block
// reward most, until it is engaged: a value, an activity, or all that one
// condition asks for at once. The last of them is, in the first of two changes,
// the one that is rewarded least of those that engage it.
func (p *pleaser) please(c Change) (least, most Change) {
	for p.now = p.score(&c); !p.now.engaged && p.spend(0); {
		was := p.now.raw
		if c = p.step(c); p.least != nil {
			least := p.least
			fewestDeeds(least, func() bool { return p.score(least).engaged })
			return *least, c
		}
		if p.now.raw <= was {
			if p.made || !p.hasMade() {
				break
			}
			p.made = true
		}
	}
	return c, c
}

// hasMade tells whether some texts were made for tests of their parts.
func (p *pleaser) hasMade() bool {
	return slices.ContainsFunc(p.choices, func(list []choice) bool {
		return slices.ContainsFunc(list, func(v choice) bool { return v.made })
	})
}

// most goes on to please a contact that is engaged, until nothing makes it
// score more.
func (p *pleaser) most(c Change) Change {
	p.now = p.score(&c)
	for range maxPleasing {
		was := p.now.raw
		if c = p.step(c); p.now.raw <= was || p.now.score >= p.model.rollup.cap || !p.spend(0) {
			break
		}
	}
	return c
}

// maxPleasing bounds what an engaged contact is given to score more.
const maxPleasing = 6

// step gives a contact what is rewarded most.
func (p *pleaser) step(c Change) Change {
	r := p.model.rollup
	p.best, p.least = c, nil
	for typ := range p.model.activities {
		p.options(c, want{log: typ}, func(t Change) { p.try(t) })
	}
	for slot := range p.choices {
		if slot != r.weightSlot() {
			p.options(c, want{slot: slot, log: -1}, func(t Change) { p.try(t) })
		}
	}
	for _, tests := range p.conditions {
		p.tried = 0
		p.satisfy(c, tests, wants(tests), 0)
	}
	return p.best
}

// pleaser tries what makes a contact score more.
type pleaser struct {
	*lifter
	score   func(*Change) contactOutcome
	kinds   map[int][]deedKind // by activity
	choices [][]choice         // by field; none that may not be set
	made    bool               // texts that nothing names are among those tried: where the others do not do
	tried   int                // for one condition

	conditions [][]*cond.Node // those that ask for several things

	now    contactOutcome // the best so far, and its change
	best   Change
	least  *Change // the one that engages with the least
	fewest micro.M
}

// try scores the contact after a change.
func (p *pleaser) try(t Change) {
	o := p.score(&t)
	if o.raw > p.now.raw {
		p.now, p.best = o, t
	}
	if o.engaged && (p.least == nil || o.raw < p.fewest) {
		p.fewest, p.least = o.raw, &t
	}
}

// want is a field of a contact that a condition reads, or a log.
type want struct{ slot, log int } // log -1: the field

// options gives a change with each value of a field, or some activities, added.
func (p *pleaser) options(was Change, w want, take func(Change)) {
	if w.log >= 0 {
		for _, d := range p.kinds[w.log] {
			for _, count := range p.contactCounts(w.log) {
				t := was
				t.Did = append(slices.Clone(was.Did), Deed{d.activity, count, d.value, d.with})
				take(t)
			}
		}
		return
	}
	f := &p.model.contactFields[w.slot]
	for _, v := range p.choices[w.slot] {
		if v.made && !p.made {
			continue
		}
		t := was
		t.With = slices.DeleteFunc(slices.Clone(was.With), func(v FieldValue) bool { return v.Field == f.Name })
		t.With = append(t.With, FieldValue{Field: f.Name, Value: v.to, Other: v.other})
		take(t)
	}
}

// satisfy tries what makes all of some tests true: each thing that they read is
// left as it is, or given each of its values, and what fails a test that reads
// no more is not gone on with.
func (p *pleaser) satisfy(c Change, tests []*cond.Node, reads []want, at int) {
	if at == len(reads) {
		p.try(c)
		return
	}
	next := func(t Change) {
		if p.tried++; p.tried > maxFilterTrial || !p.spend(0) {
			return
		}
		p.score(&t)
		for _, test := range tests {
			left := slices.ContainsFunc(wants([]*cond.Node{test}), func(w want) bool { return slices.Contains(reads[at+1:], w) })
			if !left && test.Truth(&p.aside.env) != cond.True {
				return
			}
		}
		p.satisfy(t, tests, reads, at+1)
	}
	next(c)
	p.options(c, reads[at], next)
}

// wants lists what some tests read, each once.
func wants(tests []*cond.Node) []want {
	var list []want
	for _, test := range tests {
		test.Walk(func(n *cond.Node) {
			w := want{slot: n.Slot, log: -1}
			switch {
			case n.Log != nil:
				w = want{log: n.Log.Type}
			case n.Op != cond.Field || n.Space != cond.Contact:
				return
			}
			if !slices.Contains(list, w) {
				list = append(list, w)
			}
		})
	}
	return list
}

// conditions lists those of the block that ask for several things, each as the
// tests that have to hold together.
func (r *rollup) conditions() [][]*cond.Node {
	var list [][]*cond.Node
	add := func(n *cond.Node) {
		if n == nil {
			return
		}
		for _, way := range parted(n, cond.Or) {
			if tests := parted(way, cond.And); len(wants(tests)) > 1 {
				list = append(list, tests)
			}
		}
	}
	r.score.Walk(func(n *cond.Node) {
		if n.Op == cond.If {
			add(n.Args[0])
		}
	})
	for g := range r.groups {
		for k := range r.groups[g].rules {
			add(r.groups[g].rules[k].when)
		}
	}
	return list
}

// parted gives the arguments of an "and" or an "or", those within others too;
// of any other node itself.
func parted(n *cond.Node, op cond.Op) []*cond.Node {
	if n.Op != op {
		return []*cond.Node{n}
	}
	var list []*cond.Node
	for _, a := range n.Args {
		list = append(list, parted(a, op)...)
	}
	return list
}

// fewestDeeds brings the last activity of a contact to the fewest times that
// still engage it.
func fewestDeeds(c *Change, engaged func() bool) {
	if len(c.Did) == 0 {
		return
	}
	c.Did = slices.Clone(c.Did)
	d := &c.Did[len(c.Did)-1]
	low, most := 1, d.Count
	for low < most {
		if d.Count = (low + most) / 2; engaged() {
			most = d.Count
		} else {
			low = d.Count + 1
		}
	}
	d.Count = most
}

// constants collects what the block compares its fields with.
func (r *rollup) constants(fields int) (texts [][]string, nums [][]float64) {
	texts, nums = make([][]string, fields), make([][]float64, fields)
	visit := func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			for _, x := range n.Args {
				if x.Op != cond.Field || x.Space != cond.Contact {
					continue
				}
				for _, y := range n.Args {
					if y.Op == cond.Const {
						texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], y.Text), append(nums[x.Slot], y.Num-1, y.Num, y.Num+1)
					}
				}
				nums[x.Slot] = append(nums[x.Slot], ends(n)...)
				if n.Set != nil {
					texts[x.Slot], nums[x.Slot] = append(texts[x.Slot], n.Set.Texts...), append(nums[x.Slot], n.Set.Nums...)
				}
			}
		})
	}
	visit(r.score)
	for g := range r.groups {
		for k := range r.groups[g].rules {
			rule := &r.groups[g].rules[k]
			visit(rule.when)
			if of := rule.of; of != nil && of.Op == cond.Field && of.Space == cond.Contact {
				for _, e := range rule.src.Table {
					texts[of.Slot], nums[of.Slot] = append(texts[of.Slot], e.Key.Text), append(nums[of.Slot], e.Key.Lo)
				}
				if rule.ramp != nil {
					nums[of.Slot] = append(nums[of.Slot], rule.ramp.Lo, rule.ramp.Hi)
				}
			}
		}
	}
	return texts, nums
}
