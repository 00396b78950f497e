package accountscore

// The memory of an explanation: slabs of about the size that the model needs.

// roomNeeds is how much of each there is at most.
type roomNeeds struct{ groups, rules, tests, seen, distances, bounds, tiers, plays int }

// add adds what else there may be of that.
func (n roomNeeds) add(m *roomNeeds) roomNeeds {
	n.groups, n.rules, n.tests, n.seen = n.groups+m.groups, n.rules+m.rules, n.tests+m.tests, n.seen+m.seen
	n.distances, n.bounds = n.distances+m.distances, n.bounds+m.bounds
	return n
}

// measure works out what an explanation needs.
func (g *guide) measure(m *Model) {
	g.lone = roomNeeds{groups: len(g.prepared.lines), rules: len(g.prepared.rules), seen: len(g.sights), distances: 1, bounds: len(g.prepared.baselines)}
	g.room.seen = len(m.read) - len(g.sights)
	g.room.bounds = owned(g.total.Min, g.total.Max)
	for i := range m.dims {
		base := &g.dims[i].base
		g.room.bounds += owned(base.Min, base.Max, base.Weight)
		needs := &g.room
		if m.dims[i].contacts != nil {
			needs = &g.perContact
			needs.groups += len(g.dims[i].groups)
			needs.seen += len(g.contact)
			needs.bounds++ // its rank's factor
		}
		needs.groups += len(g.dims[i].groups)
		for j := range g.dims[i].groups {
			rules, base := g.dims[i].groups[j].rules, &g.dims[i].groups[j].base
			if m.dims[i].contacts == nil && g.dims[i].lones[j].rule != nil {
				for k := range g.dims[i].lones[j].tests {
					t := &g.dims[i].lones[j].tests[k]
					needs.looks(t.test.looks, int(t.field))
					g.lone.tests++
					g.lone.distances += ordinal(t.gauge.kind != noGauge)
				}
				continue
			}
			needs.bounds += owned(base.Min, base.Max, base.Baseline)
			needs.rules += len(rules)
			for k := range rules {
				needs.clause(&rules[k].clause)
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
	g.room.ladder(m.tiers, g.tiers)
	for i := range g.ladders {
		g.room.ladder(m.ladders[i].tiers, g.ladders[i])
	}
}

func (n *roomNeeds) ladder(tiers []tier, guides []tierGuide) {
	n.tiers += len(tiers)
	for i := range tiers {
		n.plays += len(tiers[i].src.Plays)
		n.clause(&guides[i].clause)
	}
}

func (n *roomNeeds) clause(c *clause) {
	n.tests += c.leaves
	if t := c.test; t != nil {
		n.looks(t.looks, t.field)
		if t.gauge.kind != noGauge {
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
		n.looks(o.looks, o.field)
	}
}

// looks counts the values that no other test can share.
func (n *roomNeeds) looks(looks []look, field int) {
	if field < 0 {
		n.seen += len(looks)
	}
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

// explainRoom is where an explanation is put.
type explainRoom struct {
	dims      slab[DimensionExplanation]
	groups    slab[GroupExplanation]
	rules     slab[RuleExplanation]
	tests     slab[TestExplanation]
	seen      slab[Seen]
	distances slab[Distance]
	bounds    slab[float64]
	lines     slab[Line]
	contacts  slab[ContactExplanation]
	tiers     slab[TierExplanation]
	plays     slab[Play]
	notes     slab[FieldNote]
	names     slab[string]
	values    slab[any]
}

// open makes room for an explanation over some contacts. Where the room is
// kept, it is that of the explanation before.
func (r *explainRoom) open(m *Model, g *guide, contacts int, kept bool) {
	n, c := g.room, &g.perContact
	if kept {
		n = n.add(&g.lone)
	}
	r.groups.open(n.groups+contacts*c.groups, kept)
	r.rules.open(n.rules+contacts*c.rules, kept)
	r.tests.open(n.tests+contacts*c.tests, kept)
	r.seen.open(n.seen+contacts*c.seen, kept)
	r.bounds.open(n.bounds+contacts*c.bounds, kept)
	r.distances.open(n.distances+contacts*c.distances, kept)
	if !kept {
		return // what follows is taken as it is wanted
	}
	r.dims.open(len(m.dims), kept)
	r.lines.open(n.groups+contacts+4*len(m.dims), kept)
	r.contacts.open(contacts, kept)
	r.tiers.open(n.tiers, kept)
	r.plays.open(n.plays, kept)
	r.notes.open(len(m.read), kept)
	r.names.open(maxNames*len(m.read), kept)
	r.values.open(len(m.read), kept)
}

// stamp gives a copy of what is prepared, with room for the distances of
// prepared tests, and makes room for all else that is known to be taken.
func (r *explainRoom) stamp(g *guide, contacts int, kept bool, more loneNeeds) (prepared, []Distance) {
	n, c, p := &g.room, &g.perContact, &g.prepared
	r.tests.reserve(len(p.tests) + more.tests)
	if kept {
		r.groups.reserve(len(p.lines) + contacts*c.groups)
		r.rules.reserve(len(p.rules) + n.rules + contacts*c.rules)
		r.bounds.reserve(len(p.baselines))
	}
	own := prepared{r.groups.stamp(p.lines), r.rules.stamp(p.rules), r.tests.take(len(p.tests)), r.bounds.stamp(p.baselines)}
	r.groups.reserve(contacts * c.groups)
	r.rules.reserve(n.rules + contacts*c.rules)
	copy(own.tests, p.tests)
	r.seen.reserve(len(g.sights))
	more.distances++ // the last for one that comes to nothing
	r.distances.reserve(more.distances)
	return own, r.distances.take(more.distances)
}

// close lets go of what the explanation before had more of.
func (r *explainRoom) close() {
	r.dims.close()
	r.groups.close()
	r.rules.close()
	r.tests.close()
	r.seen.close()
	r.distances.close()
	r.bounds.close()
	r.lines.close()
	r.contacts.close()
	r.tiers.close()
	r.plays.close()
	r.notes.close()
	r.names.close()
	r.values.close()
}
