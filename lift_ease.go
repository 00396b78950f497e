package accountscore

import (
	"math"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// ease brings the moves of a set that reaches to the least that still does,
// one after the other, and again as long as one lets another have less; then it
// notes, for each, what else does beside the others as they are.
func (l *lifter) ease(set []*move) {
	for round, least := 0, true; round <= maxEasing; round++ {
		were := l.changes(set)
		for _, mv := range set {
			switch {
			case mv.change.Kind == ChangeRepeat && least:
				l.easeCount(set, mv)
			case mv.worth != nil && least:
				l.easeScore(set, mv)
			case mv.axis != nil:
				l.easeNumber(set, mv, least)
			case mv.choices != nil:
				l.easeContact(set, mv)
			case mv.slot >= 0 && mv.change.Kind != ChangeRefresh:
				l.easeChoice(set, mv)
			}
			if mv.change.Kind != ChangeEngage {
				mv.change.Effort = mv.change.effort()
			}
		}
		if !least {
			return
		}
		least = len(set) > 1 && round+1 < maxEasing && !slices.EqualFunc(were, l.changes(set), sameStep)
	}
}

// maxEasing bounds how often the moves of a set are eased.
const maxEasing = 4

// sameStep tells whether two changes of one thing ask for as much.
func sameStep(c, d Change) bool {
	return c.Count == d.Count && c.Score == d.Score && c.To.Number == d.To.Number && c.To.Date.Time.Equal(d.To.Date.Time) && c.To.Text == d.To.Text &&
		slices.Equal(c.To.List, d.To.List) && slices.Equal(c.Out, d.Out)
}

// easeCount finds the fewest times that an activity has to happen.
func (l *lifter) easeCount(set []*move, mv *move) {
	most := mv.change.Count
	for n := 1; n < most && l.spend(0); n++ {
		mv.change.Count, l.staged = n, nil
		if l.reaches(set) {
			return
		}
	}
	mv.change.Count, l.staged = most, nil
}

// easeChoice finds the texts, or the like, of a field of the account that
// reach.
func (l *lifter) easeChoice(set []*move, mv *move) {
	f, own, c := &l.model.fields[mv.slot], &l.own[mv.slot], &mv.change
	first := choice{slot: mv.value, to: c.To, out: c.Out, other: c.other(), except: c.Except}
	reaches := func(v choice) bool {
		mv.value = v.slot
		return l.reaches(set)
	}
	list := f.choices(own, l.cutsOf(mv.slot))
	if f.typ == cond.List {
		first, list = l.easeList(mv, first, list, reaches)
	}
	first = l.easeAmong(c, first, list, reaches)
	mv.value, c.To, c.Out = first.slot, first.to, first.out
}

// easeContact finds the values of a contact's field that reach, of numbers the
// least whole one.
func (l *lifter) easeContact(set []*move, mv *move) {
	c := &mv.change
	reaches := func(v choice) bool {
		c.To, l.staged = v.to, nil
		return l.spend(0) && l.reaches(set)
	}
	first, fields := mv.choices[mv.place], l.model.contactFields
	f := &fields[slices.IndexFunc(fields, func(f field) bool { return f.Name == c.Field })]
	if !f.inRow() || f.typ != cond.Number {
		first = l.easeAmong(c, first, mv.choices, reaches)
		c.To, l.staged = first.to, nil
		return
	}
	number := func(v float64) choice { return choice{to: dsl.Value{Kind: dsl.NumberValue, Number: v}} }
	low, all := 0.0, true
	for _, v := range mv.choices[:mv.place] {
		if reaches(v) {
			first = v
			break
		}
		low = v.to.Number
	}
	high := math.Ceil(first.to.Number)
	if high != first.to.Number && !reaches(number(high)) {
		high = low // only as it is
	}
	for high-low > 1 {
		if mid := math.Floor((low + high) / 2); reaches(number(mid)) {
			high = mid
		} else {
			low = mid
		}
	}
	if high > low && reaches(number(high)) {
		first = number(high)
	}
	for _, v := range append(slices.Clone(mv.choices), number(first.to.Number+1)) {
		all = all && (v.to.Number <= first.to.Number || reaches(v))
	}
	if c.Min = (dsl.Value{}); all {
		c.Min = first.to
	}
	c.To, l.staged = first.to, nil
}

// easeAmong notes which values reach: where any text does but a few, those few;
// of lists those that have no item more than they need. It gives the first.
func (l *lifter) easeAmong(c *Change, first choice, list []choice, reaches func(choice) bool) choice {
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
		return first
	}
	for _, v := range does[min(1, len(does)):] {
		c.Or = append(c.Or, v.told())
	}
	return first
}

// has tells whether a value is the same as another, or a list with its items.
func (c *choice) has(v *choice) bool {
	if c.to.Kind == dsl.ListValue || len(c.out) > 0 {
		without := func(list []string) func(string) bool {
			return func(item string) bool { return !slices.Contains(list, item) }
		}
		return !slices.ContainsFunc(c.to.List, without(v.to.List)) && !slices.ContainsFunc(c.out, without(v.out))
	}
	return !v.other && c.to.Kind == v.to.Kind && c.to.Text == v.to.Text && c.to.Number == v.to.Number && c.to.Bool == v.to.Bool
}

// easeNumber finds the numbers or times around the value that reach, and, if
// wanted, takes the nearest to what the field has now.
func (l *lifter) easeNumber(set []*move, mv *move, nearest bool) {
	f, own, c := &l.model.fields[mv.slot], &l.own[mv.slot], &mv.change
	at := func(v float64) bool {
		mv.value = f.slotAt(v)
		return l.spend(0) && l.reaches(set)
	}
	was := f.rowValue(&mv.value)
	if nearest && usable(own) {
		was = mv.axis.nearer(f.rowValue(own), was, at)
	}
	a, i := mv.axis.with(was)
	j := i
	for i > 0 && at(a.points[i-1].v) {
		i--
	}
	for j+1 < len(a.points) && at(a.points[j+1].v) {
		j++
	}
	low, high := a.span(i, j)
	least, most := math.Inf(-1), math.Inf(1)
	c.Min, c.Max, c.Above, c.Below = dsl.Value{}, dsl.Value{}, false, false
	if i > 0 {
		p, q := a.points[i-1], a.points[i]
		if least = q.cut; p.cut != q.cut {
			least = bisect(p.v, q.v, a.unit, at)
		}
		c.Above = p.cut == q.cut && q.side > 0
		least, c.Above = a.tidy(least, high, c.Above, at)
		c.Min = f.literal(least)
	}
	if j+1 < len(a.points) {
		p, q := a.points[j], a.points[j+1]
		if most = p.cut; p.cut != q.cut {
			most = bisect(q.v, p.v, a.unit, at)
		}
		c.Below = p.cut == q.cut && p.side < 0
		most, c.Below = a.tidy(most, max(low, least), c.Below, at)
		c.Max = f.literal(most)
	}
	c.Any = i == 0 && j+1 == len(a.points)
	v := min(max(was, least), most)
	now := f.rowValue(own)
	switch {
	case !nearest:
	case !usable(own) && f.typ == cond.Number && least < 0 && most < math.Inf(1) && v >= 0: // it need not be below zero
	case usable(own) && now >= most || math.IsInf(least, 0) && !math.IsInf(most, 0):
		if v = most; c.Below {
			v = a.past(most, -1, max(low, least), a.points[j].v)
		}
	case !math.IsInf(least, 0):
		if v = least; c.Above {
			v = a.past(least, 1, min(high, most), a.points[i].v)
		}
	}
	if v != was && !at(v) {
		v = was
	}
	mv.value, c.To = f.slotAt(v), f.literal(v)
}

// past gives a value beyond an open bound that people would name, up to a
// limit; else the one that is known.
func (a *valueAxis) past(bound, way, limit, known float64) float64 {
	for step := a.unit; step >= a.unit/1e6; step /= 10 {
		if v := bound + way*step; v != bound && (limit-v)*way >= 0 {
			return v
		}
	}
	return known
}

// nearer gives the value of the axis next to what there is now that reaches,
// where one does before another value is come to.
func (a *valueAxis) nearer(now, to float64, at func(float64) bool) float64 {
	between := slices.DeleteFunc(slices.Clone(a.points), func(p axisPoint) bool { return p.v <= min(now, to) || p.v >= max(now, to) })
	if to < now {
		slices.Reverse(between)
	}
	for _, p := range between {
		if at(p.v) {
			return p.v
		}
	}
	return to
}

// maxDigits is how long a number may be to be named as it is.
const maxDigits = 6

// bisect gives a value next to where reaching begins, between one that does not
// and one that does.
func bisect(fails, reaches, unit float64, at func(float64) bool) float64 {
	for range 80 {
		mid := fails + (reaches-fails)/2
		if unit == dayUnit {
			mid = math.Floor(mid)
		}
		if mid == fails || mid == reaches {
			break
		}
		if at(mid) {
			reaches = mid
		} else {
			fails = mid
		}
	}
	return reaches
}

// tidy gives a value with few digits that still reaches, between where
// reaching begins, or with open just beyond, and the limit of what does; or a
// short value just before that, beyond which everything does: then it is open.
func (a *valueAxis) tidy(begins, limit float64, open bool, at func(float64) bool) (float64, bool) {
	up := limit > begins
	inside := func(v float64) bool {
		return v >= min(begins, limit) && v <= max(begins, limit) && at(v)
	}
	if a.unit == dayUnit {
		v := math.Ceil(begins/dayUnit) * dayUnit
		switch {
		case math.Mod(begins, dayUnit) == 0 && !open:
			return begins, false
		case up && v == begins:
			v += dayUnit
		case !up: // the last day that does from its begin to its end
			v = math.Floor(begins/dayUnit)*dayUnit - dayUnit
		}
		if inside(v) && (up || inside(v+dayUnit-1)) {
			return v, false
		}
		return begins, open
	}
	if len(strconv.FormatFloat(begins, 'f', -1, 64)) <= maxDigits {
		return begins, open
	}
	if near, err := strconv.ParseFloat(strconv.FormatFloat(begins, 'g', maxDigits, 64), 64); err == nil && math.Abs(near-begins) <= 1e-12*math.Abs(begins) {
		return near, !at(near)
	}
	try := func(step float64) (float64, bool) {
		whole := math.Floor
		if up {
			whole = math.Ceil
		}
		v := whole(begins/step) * step
		if step < 1 { // so that it has few digits, and not nearly so
			per := math.Round(1 / step)
			v = whole(begins*per) / per
		}
		return v, inside(v)
	}
	if math.Abs(begins) < 1_000 {
		if v, ok := try(1); ok {
			return v, false
		}
	}
	size := int(math.Ceil(math.Log10(max(math.Abs(begins), 1e-6))))
	for _, digits := range [...]int{2, 3, 4, 6, 9} {
		if v, ok := try(math.Pow10(size - digits)); ok {
			return v, false
		}
	}
	return begins, open
}
