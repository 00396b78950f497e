package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/micro"
)

// With which others a missing field waits. A rule that reads several of them
// may earn nothing until all are known: what each brings alone does not tell.

// Bounds of that: the fields that one is tried with, and the work of an
// explanation, in parts of formulas. Ordinary rulesets take a thousandth of it.
const (
	maxTogether     = 10
	maxTogetherWork = 1 << 21
)

// margin is how far one field more takes the ends of the published score.
type margin struct{ gain, loss micro.M }

// noLess tells whether what a field brings is no less than with other fields.
func (m margin) noLess(n margin) bool { return m.gain >= n.gain && m.loss >= n.loss }

// together works out Together of a missing field, of which alone is the score
// with that field open.
func (t *trial) together(n *FieldNote, slot int, alone span) {
	if t.aside > maxTogetherWork {
		return
	}
	before := t.work
	defer func() { t.aside += t.work - before }()
	t.others = t.beside(t.others[:0], slot)
	if certain(alone.at) == alone {
		t.others = t.bounded(t.others, slot)
	}
	if len(t.others) == 0 {
		return
	}
	brings := t.margin(slot)
	// Others may do in its place: without those it brings more.
	for _, more := range [...]bool{true, false} {
		for i := len(t.others) - 1; i >= 0; i-- {
			other := t.others[i]
			t.others = slices.Delete(t.others, i, i+1)
			without := margin{alone.high - alone.at, alone.at - alone.low}
			if len(t.others) > 0 {
				without = t.margin(slot)
			}
			if without.noLess(brings) && !(more && without == brings) {
				brings = without
			} else {
				t.others = slices.Insert(t.others, i, other)
			}
		}
	}
	if len(t.others) == 0 {
		return
	}
	n.Together = make([]string, len(t.others))
	for i, other := range t.others {
		n.Together[i] = t.m.fields[other].Name
	}
	t.opened = append(append(t.opened[:0], t.others...), slot)
	score := t.reopen(t.opened)
	n.TogetherGain, n.TogetherLoss = (score.high - score.at).Float(), (score.at - score.low).Float()
}

// margin opens the others, and then the field too.
func (t *trial) margin(slot int) margin {
	t.opened = append(t.opened[:0], t.others...)
	without := t.reopen(t.opened)
	t.opened = append(t.opened, slot)
	with := t.reopen(t.opened)
	return margin{with.high - without.high, without.low - with.low}
}

// opened are scores with some fields open: fields that wait for each other are
// tried in the same sets.
type opened struct {
	run    uint64 // entries of others do not hold
	scores [64]struct {
		run, set uint64
		score    span
	}
}

// reopen is [trial.open] of fields that may have been open together before. A
// set of fields is a number of 64 bits: of those beyond none is kept.
func (t *trial) reopen(slots []int) span {
	set := uint64(0)
	for _, slot := range slots {
		if slot >= 64 {
			return t.open(slots)
		}
		set |= 1 << slot
	}
	kept := &t.recent.scores[set*0x9e3779b97f4a7c15>>58]
	if kept.run != t.recent.run || kept.set != set {
		kept.run, kept.set, kept.score = t.recent.run, set, t.open(slots)
	}
	return kept.score
}

// bounded adds to a list the other missing fields of what takes all that a field
// brings: the bounds of its dimension, or those of the score.
func (t *trial) bounded(list []int, slot int) []int {
	m := t.m
	total := t.s.total.at != t.s.total.at.Clamp(m.lo, m.hi)
	var dims []int
	for i := range t.reads[slot] {
		if dim := t.reads[slot][i].dim; t.settled[dim].points != t.settled[dim].scaled {
			dims = append(dims, dim)
		}
	}
	if !total && dims == nil {
		return list
	}
	for _, other := range t.slots {
		if t.work++; len(list) >= maxTogether {
			break
		}
		reads := slices.ContainsFunc(t.reads[other], func(r reader) bool { return total || slices.Contains(dims, r.dim) })
		if i, known := slices.BinarySearch(list, other); reads && other != slot && !known {
			list = slices.Insert(list, i, other)
		}
	}
	return list
}

// beside lists the other missing fields that some rule or scale reads which
// reads a field: the first of them, in the order of the fields.
func (t *trial) beside(list []int, slot int) []int {
	fields := t.s.env.Accounts
	add := func(reads []int) {
		t.work += len(reads)
		if _, ok := slices.BinarySearch(reads, slot); !ok {
			return
		}
		for _, other := range reads {
			if i, known := slices.BinarySearch(list, other); other != slot && !known && fields[other].State.Missing() {
				list = slices.Insert(list, i, other)
			}
		}
		list = list[:min(len(list), maxTogether)]
	}
	for i := range t.reads[slot] {
		r := &t.reads[slot][i]
		d := &t.m.dims[r.dim]
		for _, g := range r.shared {
			for i := range d.groups[g].rules {
				add(d.groups[g].rules[i].reads)
			}
		}
		for c := range d.scales {
			add(d.scales[c].reads)
		}
	}
	return list
}
