package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// ease brings the moves of a set that reaches to the least that still does,
// one after the other, and again as long as one lets another have less; then it
// notes, for each, what else does, in every combination with what else does of
// the others.
func (l *lifter) ease(set []*move) {
	shared := l.limit
	l.limit = max(shared, l.work+maxLeastWork)
	for round, again := 0, true; again && round < maxEasing; round++ {
		were := l.changes(set)
		for _, mv := range set {
			l.easeMove(set, mv, true)
		}
		again = len(set) > 1 && !slices.EqualFunc(were, l.changes(set), sameStep)
	}
	l.limit = max(shared, l.work+maxRangeWork)
	l.corners, l.noted = nil, nil
	l.pair(set)
	for _, mv := range set {
		l.easeRange(set, mv)
	}
	l.corners, l.noted = nil, nil
}

// easeMove brings a move to the least that does, if wanted, and gives the values
// that stand for what else does.
func (l *lifter) easeMove(set []*move, mv *move, least bool) (does []choice) {
	switch {
	case mv.sized && least:
		l.easeAmount(set, mv)
	case mv.change.Kind == ChangeRepeat && least:
		l.easeCount(set, mv)
	case mv.worth != nil && least:
		l.easeScore(set, mv)
	case mv.axis != nil:
		does = l.easeNumber(set, mv, least)
	case mv.choices != nil:
		does = l.easeContact(set, mv, least)
	case mv.slot >= 0 && mv.change.Kind != ChangeRefresh:
		does = l.easeChoice(set, mv, least)
	}
	if mv.change.Kind != ChangeEngage {
		mv.change.Effort = mv.change.effort()
	}
	return does
}

// maxEasing bounds how often the moves of a set are eased.
const maxEasing = 4

// What other paths leave is shared. That one is brought to the least that does,
// and has ranges, has work of its own.
const (
	maxLeastWork = 1 << 18
	maxRangeWork = 1 << 16
)

// sameStep tells whether two changes of one thing ask for as much.
func sameStep(c, d Change) bool {
	return c.Count == d.Count && c.Value == d.Value && c.Score == d.Score && c.To.Number == d.To.Number && c.To.Date.Time.Equal(d.To.Date.Time) && c.To.Text == d.To.Text &&
		slices.Equal(c.To.List, d.To.List) && slices.Equal(c.Out, d.Out)
}

// easeChoice finds the texts, or the like, of a field of the account that
// reach.
func (l *lifter) easeChoice(set []*move, mv *move, least bool) (does []choice) {
	f, c := &l.model.fields[mv.slot], &mv.change
	first := choice{slot: mv.value, to: c.To, out: c.Out, other: c.other() && c.More == 0, except: c.Except, more: c.More}
	if _, ok := l.beside(mv); !ok {
		c.Or, c.Except, c.Any, c.Where = nil, nil, false, nil // only as it is
		return nil
	}
	reaches := func(v choice) bool {
		mv.stand(v.slot, v.to)
		return l.holds(set) && l.steadyBeside(set, mv)
	}
	list := l.choicesOf(mv.slot)
	switch {
	case l.parted(mv.slot, l.cutsOf(mv.slot)):
		first, does = l.easeText(set, mv, first, list, least, reaches)
	case f.typ == cond.List:
		first, list = l.easeList(mv, first, list, reaches)
		if c.More = 0; first.more > 0 {
			l.easeMore(mv, first, reaches)
			break
		}
		fallthrough
	default:
		first, does = l.easeAmong(c, first, list, reaches)
		c.Or = slices.DeleteFunc(c.Or, func(v dsl.Value) bool { return isFiller(v.List) }) // one is enough
	}
	l.exceptNow(mv, reaches)
	mv.stand(first.slot, first.to)
	c.Out = first.out
	if !least {
		l.note(mv, nil)
	}
	return does
}

// exceptNow adds the text that a field has to those that do not do, where any
// other does and none of them is it.
func (l *lifter) exceptNow(mv *move, reaches func(choice) bool) {
	f, own, c := &l.model.fields[mv.slot], &l.own[mv.slot], &mv.change
	if f.typ != cond.Text || !usable(own) || !c.Any && len(c.Except) == 0 || f.hasItem(c.Except, own.Text) || reaches(textChoice(own.Text)) {
		return
	}
	c.Except, c.Any = distinct(append(c.Except, own.Text)), false
}

// easeContact finds the values of a contact's field that reach, of numbers the
// least that people would name.
func (l *lifter) easeContact(set []*move, mv *move, least bool) (does []choice) {
	c := &mv.change
	reaches := func(v choice) bool {
		c.To = v.to
		l.altered(mv)
		return l.holds(set)
	}
	first, f := mv.choices[mv.place], &l.model.contactFields[l.contactSlot(mv)]
	if i := slices.IndexFunc(mv.choices, func(v choice) bool { return sameValue(v.to, c.To) }); i >= 0 {
		first = mv.choices[i]
	}
	if !least && f.typ == cond.Time && l.onlyDecays(l.contactSlot(mv)) {
		return l.easeSince(set, mv)
	}
	if !f.inRow() || f.typ != cond.Number {
		spans := l.spansOf(c.Contact)
		first, does = l.easeAmong(c, first, mv.choices, func(v choice) bool {
			return reaches(v) && (len(spans) == 0 || l.steadyOver(set, c.Contact, spans))
		})
		c.To = first.to
		l.altered(mv)
		return does
	}
	number := func(v float64) dsl.Value { return dsl.Value{Kind: dsl.NumberValue, Number: v} }
	at := func(v float64) bool { return reaches(choice{to: number(v)}) }
	value := c.To.Number
	c.Min, c.Max = dsl.Value{}, dsl.Value{}
	if least {
		value = leastBefore(mv, l.contactParts(l.contactSlot(mv)), at)
	} else {
		does = l.easeUp(set, mv, at)
	}
	c.To = number(value)
	l.altered(mv)
	return does
}

// leastBefore gives the least number of a contact that does: one that is tried,
// or one before it, of so many parts of one.
func leastBefore(mv *move, parts float64, does func(float64) bool) float64 {
	value, low := mv.change.To.Number, 0.0
	for _, v := range mv.choices[:mv.place] {
		if v.to.Number >= value {
			break
		}
		if does(v.to.Number) {
			value = v.to.Number
			break
		}
		low = v.to.Number
	}
	high := math.Ceil(value*parts) / parts
	if high != value && !does(high) {
		return value // only as it is
	}
	if high = leastOf(low, high, parts, does); high > low && does(high) {
		return high
	}
	return value
}

// easeUp notes the numbers of a contact from its own on that reach, of those that
// people would name up to the last where more do not. It gives those that stand for them.
func (l *lifter) easeUp(set []*move, mv *move, reaches func(float64) bool) (does []choice) {
	c, number := &mv.change, func(v float64) dsl.Value { return dsl.Value{Kind: dsl.NumberValue, Number: v} }
	from := c.To.Number
	steady := l.steadyContact(set, mv)
	points := l.numbersFrom(set, mv, from)
	most := 0 // the last point that does
	for most+1 < len(points) && reaches(points[most+1].v) && steady(points[most].v, points[most+1].v) {
		most++
	}
	last := points[most].v
	if most+1 < len(points) {
		parts := l.contactParts(l.contactSlot(mv))
		low, high := math.Floor(last*parts), points[most+1].v*parts
		for high-low > 1 && l.spend(0) {
			if mid := math.Floor((low + high) / 2); reaches(mid/parts) && steady(last, mid/parts) {
				low = mid
			} else {
				high = mid
			}
		}
		if last = max(from, low/parts); last == from {
			return nil
		}
		c.Max = number(last)
	}
	c.Min = number(from)
	l.noted = append(l.noted, noted{mv: mv, span: cond.Stretch{Space: cond.Contact, Slot: l.contactSlot(mv), Lo: from, Hi: last}})
	for _, p := range extremes(points[:most+1]) {
		if p.v < last {
			does = append(does, choice{to: number(p.v)})
		}
	}
	return append(does, choice{to: number(last)})
}

// easeAmong notes which values reach: where any text does but a few, those few;
// of lists those that have no item more than they need. It gives the first, and
// all.
func (l *lifter) easeAmong(c *Change, first choice, list []choice, reaches func(choice) bool) (choice, []choice) {
	var does []choice
	var not []string
	other := false
	if !first.other {
		list = append([]choice{first}, list...)
	}
	for _, v := range list {
		if len(does) > maxValues || !l.spend(0) {
			break
		}
		if slices.ContainsFunc(does, func(d choice) bool { return d.has(&v) }) {
			continue
		}
		if v.made && v.to.Text != first.to.Text {
			continue // it is as good as any that is not named
		}
		switch reached := reaches(v); {
		case !reached && !v.other && v.to.Kind == dsl.TextValue:
			not = append(not, v.to.Text)
		case !reached && !v.other && len(v.to.List) == 1:
			not = append(not, v.to.List[0])
		case reached && v.other:
			other, first = true, v
		case reached:
			does = append(does, v)
		}
	}
	c.Or, c.Except, c.Any = nil, nil, false
	if other {
		c.Except, c.Any = not, len(not) == 0
		return first, does
	}
	for _, v := range does[min(1, len(does)):] {
		c.Or = append(c.Or, v.told())
	}
	return first, does
}

// has tells whether a value is the same as another, or a list with its items.
func (c *choice) has(v *choice) bool {
	if c.to.Kind == dsl.ListValue || len(c.out) > 0 {
		return contained(c.to.List, v.to.List) && contained(c.out, v.out)
	}
	return !v.other && sameValue(c.to, v.to)
}

// sameValue tells whether two values that are no lists are one.
func sameValue(v, w dsl.Value) bool {
	return v.Kind == w.Kind && v.Text == w.Text && v.Number == w.Number && v.Bool == w.Bool && v.Date.Time.Equal(w.Date.Time)
}

// contained tells whether a list has all the items of another.
func contained(items, list []string) bool {
	if len(items) > len(list) {
		return false // no item stands twice in an edit
	}
	has := among(list, false)
	return !slices.ContainsFunc(items, func(item string) bool { return !has(item) })
}

// easeNumber finds the numbers or times around the value that reach, and, if
// wanted, takes the nearest to what the field has now. It gives those that stand
// for all that reach.
func (l *lifter) easeNumber(set []*move, mv *move, nearest bool) []choice {
	f, own, c := &l.model.fields[mv.slot], &l.own[mv.slot], &mv.change
	at := func(v float64) bool {
		mv.value = f.slotAt(v)
		return l.holds(set)
	}
	was := f.rowValue(&mv.value)
	tried := was
	if nearest && usable(own) {
		was = mv.axis.nearer(f.rowValue(own), was, at)
	}
	axis, steady := mv.axis, func(float64, float64) bool { return true }
	if !nearest {
		steady = l.steady(set, mv)
		if len(set) > 1 && len(axis.ends) > 0 && steady != nil {
			l.standing(set, func() { axis = l.axis(mv.slot) }) // it turns where the others stand
		}
	}
	r := rowRange{least: was, most: was, known: [2]float64{was, was}}
	if steady != nil {
		r = axis.around(was, f.ends(), at, steady)
	}
	v := min(max(was, r.least), r.most)
	now := f.rowValue(own)
	if r.now = math.NaN(); usable(own) {
		r.now = now
	}
	switch {
	case !nearest:
	case !usable(own) && f.typ == cond.Number && r.least < 0 && r.most < math.Inf(1) && v >= 0: // it need not be below zero
	case usable(own) && now >= r.most || math.IsInf(r.least, 0) && !math.IsInf(r.most, 0):
		v = r.last()
	case !math.IsInf(r.least, 0):
		v = r.first()
	}
	if nearest && tried == math.Floor(tried) && l.countable(mv) && numbersOf(set) > 1 {
		if v < tried {
			v = math.Ceil(v)
		} else {
			v = math.Floor(v)
		}
	}
	if v != was && (!r.has(v) || !at(v)) {
		v = was
	}
	if !r.has(v) {
		r = rowRange{axis: axis, least: v, most: v, known: [2]float64{v, v}}
	}
	if !nearest {
		l.note(mv, &r)
	}
	if v >= 1 && fillsSeveral(set) {
		r.fromOne()
	}
	mv.value, c.To = f.slotAt(v), f.literal(v)
	c.Min, c.Max, c.Above, c.Below = dsl.Value{}, dsl.Value{}, r.above, r.below
	if !math.IsInf(r.least, 0) {
		c.Min = f.literal(r.least)
	}
	if !math.IsInf(r.most, 0) {
		c.Max = f.literal(r.most)
	}
	c.Any = math.IsInf(r.least, 0) && math.IsInf(r.most, 0)
	var does []choice
	for _, v := range r.corners() {
		does = append(does, choice{slot: f.slotAt(v)})
	}
	return does
}
