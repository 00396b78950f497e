package accountscore

import (
	"math/bits"
	"slices"

	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Bounds of the short way.
const (
	quickLookUps = 64      // groups that read several fields
	quickShared  = 1 << 9  // entries of a table that several items share
	quickGap     = 1 << 12 // entries of what a missing field takes together
	quickSteps   = 1 << 12 // sums of a dimension whose floats are prepared
	quickGains   = 1 << 22 // numbers in all rows and entries, while they are made
)

// quickBuilder lays out the short way through a plan.
type quickBuilder struct {
	m      *Model
	p      *plan
	q      *quick
	tables []*quickDraft
	// gains are what the classes of each axis, and then the entries of each
	// table, bring to every quantity.
	gains  [][]quickGain
	work   int
	amount []quickAmount  // of each quantity
	scales [][]quickScale // by dimension
	kept   []bool         // by field
	lanes  int            // words of a row
	rows   [][]uint64     // the gains in words
}

// quickGain is what a class or an entry brings to each quantity: to the points
// of dimension i, its least and its most beside these at 3i, then to the rules
// without an answer, to the fields whose part of the range is untold, and to the
// numbers of the inquiries' answers.
type quickGain []micro.M

// quickAmount is what all can bring to a quantity.
type quickAmount struct {
	least  micro.M // of all sources together
	spread micro.M
	unit   micro.M // of what is beyond the least
}

// quickItem is what depends on several axes: a composite, what a missing field
// takes together, or an inquiry.
type quickItem struct {
	dim   int // of the points
	asked int // quantity of the answer
	axes  []int
	parts [][]int // by axis: the item's class for each class of the axis
	sizes []int   // the item's classes of each axis
	// entries are by place, the first axis' classes change fastest.
	entries []quickEntry
}

type quickEntry struct {
	points, low, high micro.M
	unknown           int32
	answer            int32 // its number
}

// quickDraft is a table to be: items that share the place of an entry.
type quickDraft struct {
	quickItem
	items []*quickItem
}

// newQuick gives the short way through a model, nil where there is none.
func (m *Model) newQuick() *quick {
	p := m.plan
	if !m.short() || p.lookUps() > quickLookUps {
		return nil
	}
	b := &quickBuilder{m: m, p: p, q: &quick{m: m}, kept: make([]bool, len(m.fields))}
	if !b.decisions() {
		return nil
	}
	b.grown()
	for i := range p.axes {
		if b.work += p.axes[i].size * b.quantities(); b.work > quickGains {
			return nil
		}
	}
	for i := range p.axes {
		b.axis(&p.axes[i])
	}
	for d := range m.dims {
		for c := range p.dims[d].composites {
			b.join(b.composite(d, &p.dims[d].composites[c]))
		}
		for st := range p.dims[d].statics {
			b.gap(d, int32(st))
		}
	}
	for i := range p.inquiries {
		b.inquiry(i)
	}
	for _, t := range b.tables {
		b.table(t)
	}
	b.measure()
	if !b.pack() {
		return nil
	}
	b.fields()
	b.dimensions()
	if !b.gradable() {
		return nil
	}
	return b.q
}

func (b *quickBuilder) quantities() int { return b.answer(len(b.p.inquiries)) }

// unknown, untold and answer are the places of these among the quantities.
func (b *quickBuilder) unknown() int           { return 3 * len(b.m.dims) }
func (b *quickBuilder) untold() int            { return 3*len(b.m.dims) + 1 }
func (b *quickBuilder) answer(inquiry int) int { return 3*len(b.m.dims) + 2 + inquiry }

// axis takes over what the classes of an axis bring by themselves.
func (b *quickBuilder) axis(a *planAxis) {
	n := b.quantities()
	all := make([]micro.M, a.size*n)
	gains := make([]quickGain, a.size)
	for class := range gains {
		gains[class] = all[class*n:][:n]
		for j, v := range a.row(class) {
			if d := int(a.targets[j]); d < len(b.m.dims) {
				gains[class][3*d] = v
			}
		}
	}
	gains[0][b.unknown()] = micro.M(a.unknown)
	b.gains = append(b.gains, gains)
}

// composite makes an item of a composite.
func (b *quickBuilder) composite(dim int, k *composite) *quickItem {
	item := &quickItem{dim: dim}
	for i := range k.parts {
		part := &k.parts[i]
		item.axes, item.sizes = append(item.axes, part.axis), append(item.sizes, part.size)
		item.parts = append(item.parts, b.classes(k, part))
	}
	for i := range k.entries {
		e := &k.entries[i]
		entry := quickEntry{points: e.points, unknown: e.unknown}
		if e.joins < 0 {
			entry.low, entry.high = e.low, e.high
		}
		item.entries = append(item.entries, entry)
	}
	return item
}

// classes gives the class that a composite knows for each class of an axis.
func (b *quickBuilder) classes(k *composite, part *compositePart) []int {
	a := &b.p.axes[part.axis]
	known := make([]int, a.size)
	for class := range known {
		known[class] = k.unpack(a.row(class)[part.target]) / part.stride
	}
	return known
}

// inquiry takes over the answers of an inquiry. That of one axis is known with
// its class.
func (b *quickBuilder) inquiry(i int) {
	k, asked := &b.p.inquiries[i], b.answer(i)
	var answers []answer
	number := func(a answer) int32 {
		n := slices.Index(answers, a)
		if n < 0 {
			n, answers = len(answers), append(answers, a)
		}
		return int32(n)
	}
	item := &quickItem{asked: asked}
	for _, a := range k.entries {
		if a.is == 0 {
			a = k.entries[0] // no value is both missing and known
		}
		item.entries = append(item.entries, quickEntry{answer: number(a)})
	}
	b.q.inquiries = append(b.q.inquiries, quickInquiry{answers: answers})
	if len(k.parts) == 1 {
		for class, known := range k.parts[0].class {
			b.gains[k.parts[0].axis][class][asked] = micro.M(item.entries[known].answer)
		}
		return
	}
	for j := range k.parts {
		part := &k.parts[j]
		item.axes, item.sizes, item.parts = append(item.axes, part.axis), append(item.sizes, part.size), append(item.parts, part.class)
	}
	b.join(item)
}

// gap takes over what a missing field brings to the range, with all composites
// that join it.
func (b *quickBuilder) gap(dim int, static int32) {
	pd := &b.p.dims[dim]
	slot := pd.statics[static].slot
	var readers []int
	for c := range pd.composites {
		k := &pd.composites[c]
		if b.m.dims[dim].joint(slot, k.group) && slices.ContainsFunc(k.parts, func(p compositePart) bool { return p.slot == slot }) {
			readers = append(readers, c)
		}
	}
	missing := b.gains[b.p.from[slot]][0]
	if len(readers) == 0 {
		low, high, _ := pd.gap(static, &b.m.dims[dim], nil, nil)
		missing[3*dim+1] += low
		missing[3*dim+2] += high
		return
	}
	if item := b.together(dim, static, readers); item != nil {
		b.join(item)
	} else {
		missing[b.untold()]++
	}
}

// together makes an item of a static and of the composites that read its field,
// nil where it would be too large. The first axis of the item is one of the
// field: missing or not.
func (b *quickBuilder) together(dim int, static int32, readers []int) *quickItem {
	pd := &b.p.dims[dim]
	slot := pd.statics[static].slot
	item := &quickItem{dim: dim, axes: []int{b.p.from[slot]}, sizes: []int{2}, parts: [][]int{make([]int, b.p.axes[b.p.from[slot]].size)}}
	for class := knownClass; class < len(item.parts[0]); class++ {
		item.parts[0][class] = 1
	}
	for _, c := range readers {
		k := &pd.composites[c]
		for i := range k.parts {
			if part := &k.parts[i]; part.slot != slot {
				item.refine(part.axis, b.classes(k, part))
			}
		}
	}
	if item.size() > quickGap {
		return nil
	}
	item.entries = make([]quickEntry, item.size())
	class := make([]int, len(b.p.axes)) // one that stands for the item's, by axis
	for place := 0; place < len(item.entries); place += 2 {
		item.choose(place, class)
		var joined []joiner
		consistent := true
		for _, c := range readers {
			k := &pd.composites[c]
			at := 0
			for i := range k.parts {
				part := &k.parts[i]
				if part.slot == slot {
					continue
				}
				at += k.unpack(b.p.axes[part.axis].row(class[part.axis])[part.target])
				for _, other := range item.axes[1:] {
					if b.p.axes[other].slot == part.slot && (class[other] == 0) != (class[part.axis] == 0) {
						consistent = false
					}
				}
			}
			if k.entries[at].joins == static {
				joined = append(joined, joiner{static, int32(k.group), int32(c), int32(at)})
			}
		}
		if !consistent {
			continue // no value is both missing and known
		}
		low, high, ok := pd.gap(static, &b.m.dims[dim], nil, joined)
		if !ok {
			return nil
		}
		item.entries[place].low, item.entries[place].high = low, high
	}
	return item
}

// size is how many places the item has; beyond the largest that any may have
// it is more than that.
func (t *quickItem) size() int {
	n := 1
	for _, size := range t.sizes {
		if n *= size; n > quickGap {
			break
		}
	}
	return n
}

// refine makes an item tell classes of an axis apart. Missing is always a class
// of its own, the first.
func (t *quickItem) refine(axis int, part []int) {
	at := slices.Index(t.axes, axis)
	if at < 0 {
		t.axes, t.sizes, t.parts = append(t.axes, axis), append(t.sizes, slices.Max(part)+1), append(t.parts, part)
		return
	}
	known := map[[2]int]int{}
	finer := make([]int, len(part))
	for class := range part {
		key := [2]int{t.parts[at][class], part[class]}
		place, ok := known[key]
		if !ok {
			place = len(known)
			known[key] = place
		}
		finer[class] = place
	}
	t.parts[at], t.sizes[at] = finer, len(known)
}

// choose gives, for each axis of the item, a class that stands for the item's
// class at a place.
func (t *quickItem) choose(place int, class []int) {
	for i, axis := range t.axes {
		class[axis] = slices.Index(t.parts[i], place%t.sizes[i])
		place /= t.sizes[i]
	}
}

// place gives the item's place where each axis has a class.
func (t *quickItem) place(class []int) int {
	place, stride := 0, 1
	for i, axis := range t.axes {
		place += t.parts[i][class[axis]] * stride
		stride *= t.sizes[i]
	}
	return place
}

// join puts an item into the table that grows the least by it, or into one of
// its own.
func (b *quickBuilder) join(item *quickItem) {
	var best *quickDraft
	at, growth := -1, 0
	for i, t := range b.tables {
		with := &quickDraft{quickItem{axes: slices.Clone(t.axes), parts: slices.Clone(t.parts), sizes: slices.Clone(t.sizes)}, append(slices.Clip(t.items), item)}
		for j, axis := range item.axes {
			with.refine(axis, item.parts[j])
		}
		if size := with.size(); size <= quickShared && (best == nil || size-t.size() < growth) {
			best, at, growth = with, i, size-t.size()
		}
	}
	if best != nil {
		b.tables[at] = best
		return
	}
	b.tables = append(b.tables, &quickDraft{quickItem{axes: item.axes, parts: item.parts, sizes: item.sizes}, []*quickItem{item}})
}

// table adds up what the items of a table bring.
func (b *quickBuilder) table(t *quickDraft) {
	n, size := b.quantities(), t.size()
	all := make([]micro.M, size*n)
	gains := make([]quickGain, size)
	class := make([]int, len(b.p.axes))
	for place := range gains {
		g := all[place*n:][:n]
		t.choose(place, class)
		for _, item := range t.items {
			e := &item.entries[item.place(class)]
			g[3*item.dim] += e.points
			g[3*item.dim+1] += e.low
			g[3*item.dim+2] += e.high
			g[b.unknown()] += micro.M(e.unknown)
			g[item.asked] += micro.M(e.answer)
		}
		gains[place] = g
	}
	b.gains = append(b.gains, gains)
}

// measure finds what there can be of each quantity.
func (b *quickBuilder) measure() {
	b.amount = make([]quickAmount, b.quantities())
	for _, source := range b.gains {
		for k := range b.amount {
			a := &b.amount[k]
			least, most := source[0][k], source[0][k]
			for _, g := range source {
				least, most = min(least, g[k]), max(most, g[k])
			}
			a.least += least
			a.spread += most - least
			for _, g := range source {
				a.unit = divisor(a.unit, g[k]-least)
			}
		}
	}
	// A dimension's sum, its least and its most are counted in the same steps.
	for i := range b.m.dims {
		of := b.amount[3*i : 3*i+3]
		unit := divisor(divisor(of[0].unit, of[1].unit), of[2].unit)
		unit = max(1, divisor(divisor(unit, of[1].least), of[2].least))
		of[0].unit, of[1].unit, of[2].unit = unit, unit, unit
	}
	for k := range b.amount {
		b.amount[k].unit = max(1, b.amount[k].unit)
	}
}

// divisor gives the greatest common divisor; zero divides nothing but zero.
func divisor(a, b micro.M) micro.M {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// pack gives each quantity and each table's place bits of the sums, and lays
// out the rows and the entries. It tells whether they fit.
func (b *quickBuilder) pack() bool {
	var used [quickLanes]int
	take := func(size int) (quantity, bool) {
		for lane := range used {
			if from := used[lane]; from+size <= 64 {
				used[lane] += size
				if size == 0 {
					from = 0
				}
				return quantity{lane: uint8(lane), shift: uint8(from), mask: 1<<size - 1, unit: 1}, true
			}
		}
		return quantity{}, false
	}
	quantities := make([]quantity, len(b.amount))
	for k, a := range b.amount {
		at, ok := take(bits.Len64(uint64(a.spread / a.unit)))
		if !ok {
			return false
		}
		at.unit, at.bias = a.unit, a.least
		quantities[k] = at
		b.q.first = max(b.q.first, int(at.lane)+1)
	}
	lanes := b.q.first
	places := make([]quantity, len(b.tables))
	for i, t := range b.tables {
		at, ok := take(bits.Len(uint(t.size() - 1)))
		if !ok {
			return false
		}
		places[i] = at
		lanes = max(lanes, int(at.lane)+1)
	}
	switch {
	case lanes > quickLanes/2:
		lanes = quickLanes
	case lanes > 1:
		lanes = quickLanes / 2
	}
	b.q.unknown, b.q.untold = quantities[b.unknown()], quantities[b.untold()]
	for i := range b.q.inquiries {
		b.q.inquiries[i].at = quantities[b.answer(i)]
	}
	for i := range b.m.dims {
		treed := slices.ContainsFunc(b.q.trees, func(k quickTree) bool { return k.dim == i })
		b.q.dims = append(b.q.dims, quickDim{treed: treed, dimension: &b.m.dims[i], index: i, name: b.m.dims[i].name, limit: b.m.dims[i].limit,
			points: quantities[3*i], low: quantities[3*i+1], high: quantities[3*i+2], scales: b.scales[i]})
	}
	for i := range b.gains {
		width := lanes
		if i >= len(b.p.axes) {
			width = b.q.first
		}
		b.rows = append(b.rows, lay(b.gains[i], quantities, width))
	}
	b.lanes, b.q.lanes = lanes, lanes
	for i, t := range b.tables {
		stride := uint64(1)
		for j, axis := range t.axes {
			for class, known := range t.parts[j] {
				b.rows[axis][class*lanes+int(places[i].lane)] += uint64(known) * stride << places[i].shift
			}
			stride *= uint64(t.sizes[j])
		}
		entries := b.rows[len(b.p.axes)+i]
		b.q.tables = append(b.q.tables, quickTable{places[i], entries})
	}
	return true
}

// lay puts gains into words.
func lay(gains []quickGain, quantities []quantity, width int) []uint64 {
	rows := make([]uint64, len(gains)*width)
	for k, at := range quantities {
		least := gains[0][k]
		for _, g := range gains {
			least = min(least, g[k])
		}
		for i, g := range gains {
			rows[i*width+int(at.lane)] += uint64((g[k]-least)/at.unit) << at.shift
		}
	}
	return rows
}

// fields makes the fields with their axes.
func (b *quickBuilder) fields() {
	for _, slot := range b.m.read {
		f := &b.m.fields[slot]
		field := quickField{key: f.key, typ: f.typ, slot: slot, from: b.p.from[slot], field: f}
		axes := b.p.of(slot)
		for i := range axes {
			axis := b.quickAxis(&axes[i], b.rows[b.p.from[slot]+i])
			if i == 0 {
				field.quickAxis = axis
			} else {
				field.more = append(field.more, axis)
			}
		}
		if len(axes) == 0 {
			field.rows, field.lanes = make([]uint64, 2*b.lanes), b.lanes // what it says brings nothing
		}
		field.plain = len(axes) == 1 && f.allowed == nil && f.fallback == nil && field.kind != tests && !field.cuts.Crowded()
		field.kept, field.expires = b.kept[slot], f.expire > 0
		if field.kept {
			b.q.kept = append(b.q.kept, len(b.q.fields))
		}
		b.q.aged = b.q.aged || field.expires
		b.q.timed = b.q.timed || field.expires || f.typ == cond.Time
		b.q.fields = append(b.q.fields, field)
	}
}

func (b *quickBuilder) quickAxis(a *planAxis, rows []uint64) quickAxis {
	axis := quickAxis{kind: a.kind, texts: a.texts, test: a.test, rows: rows, lanes: b.lanes}
	keys := a.times
	if a.kind == numbers {
		keys = make([]int64, len(a.cuts))
		for i, c := range a.cuts {
			keys[i] = classes.Key(c)
		}
	}
	axis.cuts = classes.NewCuts(keys)
	return axis
}

// dimensions prepares what the sums of the dimensions come to.
func (b *quickBuilder) dimensions() {
	scored := -1
	b.q.stepped = true
	for i := range b.q.dims {
		d := &b.q.dims[i]
		points, low, high := b.amount[3*i], b.amount[3*i+1], b.amount[3*i+2]
		d.unit = points.unit
		d.first = points.least + min(0, low.least, high.least)
		step := func(p micro.M) int64 { return int64((p - d.first) / d.unit) }
		d.atStep, d.lowStep, d.highStep = step(points.least), step(points.least+low.least), step(points.least+high.least)
		d.last = step(points.least + points.spread + max(0, low.least+low.spread, high.least+high.spread))
		if d.last < quickSteps && len(d.scales) == 0 && !d.treed {
			steps := make([]quickStep, d.last+1)
			for s := range steps {
				steps[s] = d.finish(b.m, int64(s))
			}
			d.steps = steps
		}
		b.q.stepped = b.q.stepped && d.steps != nil
		if !d.unscored {
			if scored = i; len(b.q.dims) > 1 {
				scored = -1
			}
		}
	}
	if scored >= 0 && b.q.stepped {
		for _, s := range b.q.dims[scored].steps {
			b.q.scores = append(b.q.scores, b.m.publishable(certain(s.share)).at.Float())
		}
	}
}
