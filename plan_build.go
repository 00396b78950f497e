package accountscore

import (
	"math/bits"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Bounds of a plan. A group that would pass one is evaluated as it stands.
const (
	maxEntries   = 1 << 10 // of one composite
	maxEntryWork = 1 << 23 // nodes and entries of tables that are evaluated to make all entries
	maxRows      = 1 << 21 // sums in all rows
	maxTries     = 1 << 20 // points in all that composites are tried with
	wordBits     = 62      // of an accumulator that packs places; its sign stays clear
)

// planner makes a plan.
type planner struct {
	m      *Model
	p      *plan
	env    cond.Env
	s      scratch
	drafts []*draft // in the order of the groups that first ask for them
	byKey  map[draftKey]*draft
	words  int  // accumulators that pack places
	used   uint // bits of the last of them
	work   int
	size   int // of all rows
	tries  int // points of all tries
}

// trials is a group tried on every class of what it needs, missing included.
type trials struct {
	needs   []demand
	sizes   []int // classes of each need; the first need's change fastest
	entries []compositeEntry
}

func (m *Model) makePlan() *plan {
	p := &plan{dims: make([]planDim, len(m.dims))}
	b := &planner{m: m, p: p, byKey: map[draftKey]*draft{}}
	b.env.Accounts, b.env.Open = make(cond.Record, len(m.fields)), make([]bool, len(m.fields))
	held := make([]bool, m.counted)
	for i := range m.dims {
		d, pd := &m.dims[i], &p.dims[i]
		for g := range d.groups {
			gr := &d.groups[g]
			if !b.place(i, g) {
				pd.single = append(pd.single, g)
				continue
			}
			for r := range gr.rules {
				held[gr.index+r] = true
			}
		}
	}
	if m.short() {
		b.inquire()
		b.gapless()
	}
	b.finish()
	for i := range m.dims {
		b.ranges(i)
	}
	for i := range held {
		if !held[i] {
			p.tested = append(p.tested, i)
		}
	}
	return p
}

// place puts a group into the tables, if they can hold it.
func (b *planner) place(dim, g int) bool {
	d := &b.m.dims[dim]
	gr := &d.groups[g]
	t := b.try(gr)
	switch {
	case t == nil:
		return false
	case len(t.needs) > 1:
		return b.composite(dim, g, t)
	}
	slot := t.needs[0].slot
	if d.joint(slot, g) && !gr.static() || !b.fits(t, int32(dim)) {
		return false
	}
	values := make([]micro.M, len(t.entries))
	for i := range values {
		values[i] = t.entries[i].points
	}
	b.add(t.needs[0], int32(dim), values).unknown += int(t.entries[0].unknown)
	return true
}

// try evaluates a group on every class, nil where tables cannot hold it.
func (b *planner) try(gr *group) *trials {
	k := needs{m: b.m}
	if !k.group(gr) {
		return nil
	}
	t, values := b.trials(&k, gr.weight())
	if t == nil {
		return nil
	}
	gr = b.stand(gr, k.list)
	outs := make([]outcome, len(gr.rules))
	t.entries = make([]compositeEntry, t.count())
	answered := true
	b.each(t, values, func(place int, missing bool) {
		entry := &t.entries[place]
		entry.points, _ = gr.eval(&b.env, &b.s, outs)
		entry.low, entry.high = entry.points, entry.points
		for r := range outs {
			if outs[r].truth == cond.Unknown {
				entry.unknown++
			}
		}
		if missing {
			entry.low, entry.high = gr.spread(&b.env, outs)
		} else {
			answered = answered && entry.unknown == 0
		}
	})
	if !answered {
		return nil
	}
	return t
}

// trials lays out all classes of what is needed, with a value for each that is
// known; nil where there are too many. Weight is what one evaluation takes.
func (b *planner) trials(k *needs, weight int) (*trials, [][]cond.Slot) {
	t := &trials{needs: k.list}
	values := make([][]cond.Slot, len(k.list))
	count := 1
	for i := range k.list {
		values[i] = k.list[i].samples(b.m.fields[k.list[i].slot].IgnoringCase)
		t.sizes = append(t.sizes, knownClass+len(values[i]))
		if count *= t.sizes[i]; len(k.list) > 1 && count > maxEntries || count > maxRows {
			return nil, nil
		}
	}
	if b.work+count*weight > maxEntryWork {
		return nil, nil
	}
	b.work += count * weight
	return t, values
}

// count is how many places there are.
func (t *trials) count() int {
	n := 1
	for _, size := range t.sizes {
		n *= size
	}
	return n
}

// each makes the trial's environment hold the classes of every place in turn,
// but for those that no values have, and tells whether any is missing.
func (b *planner) each(t *trials, values [][]cond.Slot, evaluate func(place int, missing bool)) {
	chosen := make([]int, len(t.needs))
	for place := range t.count() {
		for rest, j := place, 0; j < len(chosen); j++ {
			chosen[j], rest = rest%t.sizes[j], rest/t.sizes[j]
		}
		if missing, ok := b.set(t.needs, chosen, values); ok { // no value is both missing and known
			evaluate(place, missing)
		}
	}
}

// weight is what one evaluation of the group takes, in nodes and table entries.
func (g *group) weight() int {
	n := 0
	for i := range g.rules {
		r := &g.rules[i]
		r.when.Walk(func(*cond.Node) { n++ })
		r.of.Walk(func(*cond.Node) { n++ })
		if r.table != nil {
			n += len(r.table.entries)
		}
	}
	return n
}

// set makes the trial's environment hold the chosen classes. It tells whether
// any is missing, and whether all that read one field agree on that.
func (b *planner) set(list []demand, chosen []int, values [][]cond.Slot) (missing, ok bool) {
	n := len(b.m.fields)
	for len(b.env.Accounts) < n+len(list) {
		b.env.Accounts, b.env.Open = append(b.env.Accounts, cond.Slot{}), append(b.env.Open, false)
	}
	for i, k := range list {
		b.env.Accounts[k.slot], b.env.Open[k.slot] = cond.Slot{}, false
		b.env.Accounts[n+i], b.env.Open[n+i] = cond.Slot{}, false
	}
	for i, k := range list {
		slot, stand := &b.env.Accounts[k.slot], &b.env.Accounts[n+i]
		for j := range i {
			if list[j].slot == k.slot && (chosen[i] == 0) != (chosen[j] == 0) {
				return false, false
			}
		}
		if chosen[i] == 0 {
			b.env.Open[k.slot], b.env.Open[n+i] = true, true
			missing = true
			continue
		}
		v := values[i][chosen[i]-knownClass]
		switch slot.State = cond.Known; k.kind {
		case numbers:
			slot.Num = v.Num
		case texts:
			slot.Text = v.Text
		case flags:
			slot.Flag = v.Flag
		case moments, ages:
			slot.Time = v.Time
		case tests:
			*stand = v
		}
	}
	return missing, true
}

// stand gives the group with a field in place of each test: it is known where
// the tested field is, and has the test's answer.
func (b *planner) stand(gr *group, list []demand) *group {
	if !slices.ContainsFunc(list, func(n demand) bool { return n.kind == tests }) {
		return gr
	}
	c := *gr
	c.rules = slices.Clone(gr.rules)
	for i := range c.rules {
		if c.rules[i].when != nil {
			c.rules[i].when = standIn(c.rules[i].when, list, len(b.m.fields))
		}
	}
	return &c
}

func standIn(n *cond.Node, list []demand, first int) *cond.Node {
	switch n.Op {
	case cond.Contains, cond.Starts, cond.Ends, cond.Matches, cond.HasWord, cond.HasItem, cond.HasAny, cond.HasAll:
		i := slices.IndexFunc(list, func(k demand) bool { return slices.Contains(k.places, n) })
		return &cond.Node{Op: cond.Field, Type: cond.Bool, Space: cond.Account, Slot: first + i}
	case cond.And, cond.Or, cond.Not, cond.If, cond.Else, cond.Eq, cond.Ne:
		c := *n
		c.Args = slices.Clone(n.Args)
		for i := range c.Args {
			c.Args[i] = standIn(c.Args[i], list, first)
		}
		return &c
	}
	return n
}

// merge makes one of the known classes of a need between which the group does
// not tell: the texts of a list, say. It gives the place of each class among
// those that are left. The sizes stay those of the needs.
func (t *trials) merge() [][]int {
	places := make([][]int, len(t.needs))
	stride := 1
	for i, size := range t.sizes {
		places[i] = make([]int, size)
		kept := []int{0} // the class that each place stands for
		for class := knownClass; class < size; class++ {
			place := slices.IndexFunc(kept[1:], func(other int) bool { return t.alike(stride, size, other, class) }) + 1
			if place == 0 {
				place = len(kept)
				kept = append(kept, class)
			}
			places[i][class] = place
		}
		entries := make([]compositeEntry, 0, len(t.entries)/size*len(kept))
		for from := 0; from < len(t.entries); from += stride * size {
			for _, class := range kept {
				entries = append(entries, t.entries[from+class*stride:][:stride]...)
			}
		}
		t.entries = entries
		stride *= len(kept)
	}
	return places
}

// alike tells whether two classes of a need have the same entries.
func (t *trials) alike(stride, size, a, b int) bool {
	for from := 0; from < len(t.entries); from += stride * size {
		if !slices.Equal(t.entries[from+a*stride:][:stride], t.entries[from+b*stride:][:stride]) {
			return false
		}
	}
	return true
}

// composite gives a group a place of its own in a packed accumulator.
func (b *planner) composite(dim, g int, t *trials) bool {
	places := t.merge()
	size := uint(bits.Len(uint(len(t.entries) - 1)))
	words, used := b.words, b.used
	if words == 0 || used+size > wordBits {
		words, used = words+1, 0
	}
	word := int32(len(b.m.dims) + words - 1)
	if !b.fits(t, word) {
		return false
	}
	c := composite{group: g, word: word, shift: uint8(used), mask: 1<<size - 1, entries: t.entries}
	b.words, b.used = words, used+size
	stride := 1
	for i, n := range t.needs {
		values := make([]micro.M, t.sizes[i])
		for class, place := range places[i] {
			values[class] = micro.M(place*stride) << used
		}
		part := compositePart{slot: n.slot, stride: stride, size: slices.Max(places[i]) + 1, draft: b.add(n, word, values)}
		c.parts = append(c.parts, part)
		stride *= part.size
	}
	pd := &b.p.dims[dim]
	pd.composites = append(pd.composites, c)
	return true
}

// finish makes the axes, and tells the composites where their parts are.
func (b *planner) finish() {
	p := b.p
	p.width = len(b.m.dims) + b.words
	slices.SortStableFunc(b.drafts, func(x, y *draft) int { return x.slot - y.slot })
	p.from = make([]int, len(b.m.fields)+1)
	places := map[*draft]int{}
	for i, d := range b.drafts {
		places[d] = i
		p.from[d.slot+1] = i + 1
		p.axes = append(p.axes, d.axis(b.m.fields[d.slot].IgnoringCase))
	}
	for i := 1; i < len(p.from); i++ {
		p.from[i] = max(p.from[i], p.from[i-1])
	}
	b.settle(places)
	for i := range p.dims {
		for c := range p.dims[i].composites {
			k := &p.dims[i].composites[c]
			for j := range k.parts {
				part := &k.parts[j]
				part.axis = places[part.draft]
				part.target = slices.Index(part.draft.targets, k.word)
				part.draft = nil
			}
		}
	}
}

// ranges prepares what the range of a dimension needs.
func (b *planner) ranges(dim int) {
	d, pd := &b.m.dims[dim], &b.p.dims[dim]
	bySlot := map[int]*planStatic{}
	at := func(slot int) *planStatic {
		st := bySlot[slot]
		if st == nil {
			st = &planStatic{slot: slot, axis: -1, table: -1, target: -1}
			bySlot[slot] = st
		}
		return st
	}
	mixed := map[int]bool{} // something that is taken together is in no table
	for g := range d.groups {
		gr := &d.groups[g]
		_, single := slices.BinarySearch(pd.single, g)
		switch {
		case len(gr.reads) == 0 || pd.composite(g) >= 0:
			continue
		case single && !gr.static():
			pd.loose = append(pd.loose, g)
			continue
		}
		slot := gr.reads[0]
		st, own := at(slot), b.missing(gr, slot)
		if !d.joint(slot, g) {
			st.free = st.free.add(own)
			continue
		}
		st.joint.at += own.at
		st.cost += gr.cost()
		mixed[slot] = mixed[slot] || single
	}
	for i := range d.axes {
		a := &d.axes[i]
		st := at(a.slot)
		st.axis = i
		if !mixed[a.slot] {
			b.table(st, a, dim)
		}
		if st.table >= 0 {
			var h hull
			for _, sum := range st.base {
				h.add(sum)
			}
			a.low, a.high = h.low-a.slack, h.high+a.slack
		} else {
			b.s.trial = slices.Grow(b.s.trial[:0], d.largest())[:d.largest()]
			a.low, a.high = a.sweep(d, &b.s, &b.env, a.static)
		}
		st.joint.low, st.joint.high = a.low, a.high
	}
	for slot := range b.m.fields {
		if st := bySlot[slot]; st != nil {
			pd.statics = append(pd.statics, *st)
		}
	}
	pd.tries = make([]micro.M, 0, b.room(dim))
	for c := range pd.composites {
		b.gaps(dim, &pd.composites[c])
	}
}

// room is how many points the composites of a dimension may be tried with: as
// memory that grows they would be copied many times.
func (b *planner) room(dim int) int {
	d, pd := &b.m.dims[dim], &b.p.dims[dim]
	n := 0
	for c := range pd.composites {
		k := &pd.composites[c]
		for place := range k.entries {
			if slot, several := k.missing(place); slot >= 0 && !several && d.joint(slot, k.group) {
				n += len(pd.statics[pd.static(slot)].tried)
			}
		}
	}
	return max(0, min(n, maxTries-b.tries))
}

// gaps works out what the entries of a composite bring to the range.
func (b *planner) gaps(dim int, k *composite) {
	d, pd := &b.m.dims[dim], &b.p.dims[dim]
	cost := d.groups[k.group].cost()
	for place := range k.entries {
		e := &k.entries[place]
		e.low, e.high, e.joins, e.tries, e.cost = e.low-e.points, e.high-e.points, -1, -1, int32(cost)
		slot, several := k.missing(place)
		if slot < 0 || several || !d.joint(slot, k.group) {
			continue
		}
		e.joins = int32(pd.static(slot))
		st := &pd.statics[e.joins]
		slack := d.axes[st.axis].slack
		if b.tries += len(st.tried); st.table < 0 || b.tries > maxTries || (st.cost+cost)*len(d.axes[st.axis].samples) > maxJoint {
			continue
		}
		e.tries = int32(len(pd.tries))
		pd.tries = pd.tries[:len(pd.tries)+len(st.tried)]
		points := pd.tries[e.tries:]
		k.try(points, place, st, &b.p.axes[st.table])
		var h hull
		for i := range points {
			h.add(st.base[i] + points[i])
		}
		at := st.joint.at + e.points
		e.low, e.high = h.low-slack-at, h.high+slack-at
	}
}

// missing gives a field that is missing at a place, -1 for none, and whether
// there are several.
func (k *composite) missing(place int) (slot int, several bool) {
	slot = -1
	for i := range k.parts {
		if part := &k.parts[i]; place/part.stride%part.size == 0 {
			several = several || slot >= 0 && slot != part.slot
			slot = part.slot
		}
	}
	return slot, several
}

// try adds the points of the group at a place where a field is missing, were it
// of each class that a static tries.
func (k *composite) try(sums []micro.M, place int, st *planStatic, axis *planAxis) {
	i := slices.IndexFunc(k.parts, func(part compositePart) bool { return part.axis == st.table })
	for j, class := range st.tried {
		at := place
		if i >= 0 {
			at += k.unpack(axis.row(class)[k.parts[i].target])
		}
		sums[j] += k.entries[at].points
	}
}

// missing gives what a group comes to while the one field that it reads is
// missing.
func (b *planner) missing(gr *group, slot int) span {
	b.env.Accounts[slot], b.env.Open[slot] = cond.Slot{}, true
	outs := make([]outcome, len(gr.rules))
	points, _ := gr.eval(&b.env, &b.s, outs)
	low, high := gr.spread(&b.env, outs)
	return span{points, low, high}
}

// table finds the axis whose rows hold what is taken together over a field.
func (b *planner) table(st *planStatic, a *axis, dim int) {
	for i := b.p.from[st.slot]; i < b.p.from[st.slot+1]; i++ {
		pa := &b.p.axes[i]
		if pa.kind != numbers && pa.kind != texts && pa.kind != flags {
			continue
		}
		st.table, st.target = i, slices.Index(pa.targets, int32(dim))
		st.tried = []int{0} // staying missing
		for _, sample := range a.samples {
			st.tried = append(st.tried, pa.class(&sample, 0))
		}
		slices.Sort(st.tried)
		st.tried = slices.Compact(st.tried)
		st.base = make([]micro.M, len(st.tried))
		for j, class := range st.tried {
			if st.target >= 0 {
				st.base[j] = pa.row(class)[st.target]
			}
		}
	}
}
