package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// engage completes a change so that the contact is engaged: it was active at
// this moment, and has the least of a score that will do. Where the rules of
// the block ask more of it, the first change has what is rewarded least of all
// that engages, and a second one what is rewarded most, if that is another. It
// gives none where nothing engages.
func (l *lifter) engage(c Change, k Contact) []Change {
	m, r := l.model, l.model.rollup
	mayset := func(slot int) bool {
		f := &m.contactFields[slot]
		return (c.New || f.Change != dsl.Fixed) && literalOf(c.Who, f.Name).Kind == dsl.NullValue
	}
	score := func(c *Change) contactOutcome { return l.outcome(c.contact(m, k, l.at)) }
	if r.since >= 0 && mayset(r.since) {
		f := &m.contactFields[r.since]
		c.With = append(c.With, FieldValue{Field: f.Name, Value: f.literal(float64(clock(l.at)))})
	}
	now := score(&c)
	if !now.engaged {
		l.raise(&c, k, mayset, func() bool { now = score(&c); return now.engaged })
	}
	ways := []Change{c}
	if !now.engaged {
		ways = l.please(c, k, mayset, score)
	}
	var list []Change
	for _, c := range ways {
		if now = score(&c); !now.engaged {
			continue
		}
		weight := max(micro.One, now.weight)
		c.Score, c.Effort = now.score.Float(), effortEngage.Mul(weight).Float()
		if c.New {
			c.Effort = effortNew.Mul(weight).Float()
		}
		if len(list) == 0 || list[0].String() != c.String() {
			list = append(list, c)
		}
	}
	return list
}

// raise sets the numbers that the score formula reads to the least whole
// number that engages the contact, or to what scores most.
func (l *lifter) raise(c *Change, k Contact, mayset func(int) bool, engaged func() bool) {
	var slots []int
	l.model.rollup.score.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Contact && n.Type == cond.Number && !slices.Contains(slots, n.Slot) && mayset(n.Slot) {
			if f := &l.model.contactFields[n.Slot]; f.allowed == nil {
				slots = append(slots, n.Slot)
			}
		}
	})
	if len(slots) == 0 {
		return
	}
	with := c.With
	try := func(v float64) bool {
		c.With = slices.Clone(with)
		for _, slot := range slots {
			f := &l.model.contactFields[slot]
			var s cond.Slot
			has, ok := k.Fields[f.key]
			if f.fill(&s, has, ok); s.State != cond.Known || s.Num < v {
				c.With = append(c.With, FieldValue{Field: f.Name, Value: dsl.Value{Kind: dsl.NumberValue, Number: v}})
			}
		}
		return engaged()
	}
	low := 0.0
	for _, high := range [...]float64{0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000} {
		if !try(high) {
			low = high
			continue
		}
		for high-low > 1 {
			if mid := float64(int((low + high) / 2)); try(mid) {
				high = mid
			} else {
				low = mid
			}
		}
		try(high)
		return
	}
	try(100)
}

// please gives the contact, one after the other, what the rules of the block
// reward most, until it is engaged: a value, an activity, or all that one
// condition asks for at once. The last of them is, in the first of two changes,
// the one that is rewarded least of those that engage it.
func (l *lifter) please(c Change, k Contact, mayset func(int) bool, score func(*Change) contactOutcome) []Change {
	r := l.model.rollup
	p := &pleaser{lifter: l, score: score, kinds: map[int][]deedKind{}, choices: make([][]choice, len(l.model.contactFields))}
	filters := l.questions(r.probes())
	for typ := range l.model.activities {
		if len(filters[typ]) > 0 {
			p.kinds[typ] = l.deedKinds(typ, filters[typ])
		}
	}
	texts, nums := r.constants(len(p.choices))
	for slot := range p.choices {
		if f := &l.model.contactFields[slot]; f.read && slot != r.since && mayset(slot) {
			p.choices[slot] = f.trials(texts[slot], nums[slot], clock(l.at))
		}
	}
	conditions := r.conditions()
	for p.now = score(&c); !p.now.engaged && l.spend(0); {
		was := p.now.raw
		p.best, p.least = c, nil
		for typ := range l.model.activities {
			p.options(c, want{log: typ}, func(t Change) { p.try(t) })
		}
		for slot := range p.choices {
			if slot != r.role && slot != r.weightSlot() && slot != r.distinct {
				p.options(c, want{slot: slot, log: -1}, func(t Change) { p.try(t) })
			}
		}
		for _, tests := range conditions {
			p.tried = 0
			p.satisfy(c, tests, wants(tests), 0)
		}
		if c = p.best; p.least != nil {
			least := p.least
			fewestDeeds(least, func() bool { return score(least).engaged })
			return []Change{*least, c}
		}
		if p.now.raw <= was {
			break
		}
	}
	return []Change{c}
}

// pleaser tries what makes a contact score more.
type pleaser struct {
	*lifter
	score   func(*Change) contactOutcome
	kinds   map[int][]deedKind // by activity
	choices [][]choice         // by field; none that may not be set
	tried   int                // for one condition

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
			for _, count := range [...]int{1, 3, 10} {
				t := was
				t.Did = append(slices.Clone(was.Did), Deed{d.activity, count, d.value, d.with})
				take(t)
			}
		}
		return
	}
	f := &p.model.contactFields[w.slot]
	for _, v := range p.choices[w.slot] {
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
			if !left && test.Truth(&p.s.env) != cond.True {
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
	for most := d.Count; d.Count > 1; most = d.Count {
		if d.Count--; !engaged() {
			d.Count = most
			return
		}
	}
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
