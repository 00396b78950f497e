package accountscore

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// valueAxis is the values of a number, or of a time in µs, in a row: just
// below, at, and just above each cut. Between two neighbours at one cut there
// is no value; between those of two cuts there are, over which points may rise
// or fall.
type valueAxis struct {
	points []axisPoint
	unit   float64     // the step to a value that people would name
	named  []float64   // what the ruleset compares it with
	ends   []axisPoint // far values, where it is computed with or counts by its size: beyond its points it may turn yet
	scale  numberScale
}

type axisPoint struct {
	v    float64
	cut  float64
	side int8 // -1: just below the cut, 0: it, 1: just above
}

const dayUnit = float64(cond.Day)

// rowValue gives a number, or a time in µs.
func (f *field) rowValue(s *cond.Slot) float64 {
	if f.typ == cond.Time {
		return float64(s.Time)
	}
	return s.Num
}

// slotAt gives the slot of a number, of zeros the positive one, or of a time.
func (f *field) slotAt(v float64) cond.Slot {
	if f.typ == cond.Time {
		return cond.Slot{State: cond.Known, Time: int64(v)}
	}
	return cond.Slot{State: cond.Known, Num: v + 0}
}

// literal gives the literal of a number or a time.
func (f *field) literal(v float64) dsl.Value {
	s := f.slotAt(v)
	return valueOf(&s, f.typ)
}

// fits tells whether a field can have a value.
func (f *field) fits(v float64) bool {
	if f.typ == cond.Time {
		return microState(int64(v)) == cond.Known
	}
	return math.Abs(v) <= maxInteger
}

// beside gives the value next to another.
func (f *field) beside(v float64, side int8) float64 {
	switch {
	case side == 0:
		return v
	case f.typ == cond.Time:
		return v + float64(side)
	}
	return math.Nextafter(v, math.Inf(int(side)))
}

// axis finds the values of a field at which the model's mind may change.
func (l *lifter) axis(slot int) *valueAxis {
	f := &l.model.fields[slot]
	c := l.cutsOf(slot)
	t, paired := turning{cuts: c.numbers, whole: f.typ == cond.Time}, false
	a := &valueAxis{unit: 1, named: slices.Clone(c.numbers), scale: l.scaleOf(slot, c)}
	grid := f.grid(float64(clock(l.at)))
	for _, n := range c.curved {
		if !l.spend(0) {
			break
		}
		first := len(t.cuts)
		l.turns(&t, n, slot, grid)
		if slices.Contains(c.counted, n) {
			a.scale.turned(n, t.cuts[first:])
		}
		for _, beside := range l.besides(n, slot) {
			paired = true
			l.assume(beside, func() { l.turns(&t, n, slot, grid) })
		}
	}
	cuts := t.cuts
	if f.typ == cond.Time {
		a.unit = dayUnit
	}
	a.scale.settle()
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	if len(cuts) > 4*maxValues {
		cuts, l.cut = nearest(cuts, 4*maxValues, func(cut float64) (bool, float64) {
			return slices.Contains(c.numbers, cut), math.Abs(cut - l.origin(slot))
		}), true
	}
	for _, cut := range cuts {
		for _, side := range [...]int8{-1, 0, 1} {
			v := cut
			if cut == 0 {
				v = t.zero(side)
			}
			if v = f.beside(v, side); f.fits(v) {
				a.points = append(a.points, axisPoint{v, cut, side})
			}
		}
	}
	if c.open || len(a.points) == 0 {
		for _, v := range grid {
			if (v >= 0 || c.below) && (c.open || v == grid[len(grid)/2+1]) && f.fits(v) {
				a.points = append(a.points, axisPoint{v, v, 0})
			}
		}
	}
	if paired && f.typ == cond.Number {
		a.points = append(a.points, axisPoint{1, 1, 0}) // as it is assumed beside others
	}
	slices.SortStableFunc(a.points, func(p, q axisPoint) int { return cmp.Compare(p.v, q.v) })
	a.points = slices.CompactFunc(a.points, func(p, q axisPoint) bool { return p.v == q.v })
	if len(c.curved) > 0 || c.open {
		for _, v := range [...]float64{grid[0], grid[len(grid)-1]} {
			a.ends = append(a.ends, axisPoint{v, v, 0})
		}
	}
	return a
}

// assumed is a value of a field that is missing.
type assumed struct {
	slot int
	v    float64
}

// maxBesides bounds the values of one field that are assumed beside another.
const maxBesides = 4

// besides gives what to assume of the missing numbers that a test computes with
// beside a field: without them it turns nowhere. All are one, and each what it
// is compared with; both are among the values that are tried of it.
func (l *lifter) besides(n *cond.Node, slot int) [][]assumed {
	var ones []assumed
	for _, other := range l.model.slots(n) {
		f, own := &l.model.fields[other], &l.own[other]
		if _, may := mayChange(f, own.State); other != slot && may && !usable(own) && f.typ == cond.Number && f.inRow() {
			ones = append(ones, assumed{other, 1})
		}
	}
	if ones == nil {
		return nil
	}
	list := [][]assumed{ones}
	for i, one := range ones {
		cuts := l.cutsOf(one.slot).numbers
		for _, v := range cuts[:min(len(cuts), maxBesides)] {
			set := slices.Clone(ones)
			set[i].v = v
			list = append(list, set)
		}
	}
	return list
}

// assume gives fields values while something is asked.
func (l *lifter) assume(values []assumed, ask func()) {
	e := &l.s.env
	were := make([]cond.Slot, len(values))
	for i, a := range values {
		were[i] = e.Accounts[a.slot]
		e.Accounts[a.slot] = l.model.fields[a.slot].slotAt(a.v)
	}
	ask()
	for i, a := range values {
		e.Accounts[a.slot] = were[i]
	}
	l.lookAgain()
}

// grid gives values of any size, in a row: where a field is computed with,
// they show where to look.
func (f *field) grid(now float64) []float64 {
	var grid []float64
	if f.typ == cond.Time {
		for _, days := range [...]float64{3650, 1825, 1095, 730, 365, 180, 90, 60, 30, 14, 7, 1, 0, -1, -30, -365} {
			grid = append(grid, now-days*dayUnit)
		}
		return grid
	}
	for e := 9; e >= 0; e-- {
		grid = append(grid, -math.Pow10(e))
	}
	grid = append(grid, 0)
	for e := range 10 {
		grid = append(grid, math.Pow10(e))
	}
	return grid
}

// turns notes where a test that computes with a field turns, all else being
// as it is. A comparison of numbers is followed by the sign of what it lacks: so
// an interval, or a single value, between two points of the grid is found too.
func (l *lifter) turns(t *turning, n *cond.Node, slot int, grid []float64) {
	f, e := &l.model.fields[slot], &l.s.env
	was := e.Accounts[slot]
	cost := nodeWork(n, 1)
	list, signs := bearings(n)
	for _, bearing := range list {
		t.at = func(v float64) (state int, short float64) {
			e.Accounts[slot] = f.slotAt(v)
			l.lookAgain()
			l.work += cost
			return bearing(e)
		}
		first := len(t.cuts)
		for i := 1; i < len(grid) && l.spend(0); i++ {
			t.between(grid[i-1], grid[i])
		}
		if signs && !t.whole {
			t.toZero(first)
		}
	}
	e.Accounts[slot] = was
	l.lookAgain()
}

// bearing tells on which side of a bound a test stands, and by how much.
type bearing func(*cond.Env) (state int, short float64)

// bearings gives what a test is followed by: of numbers the signs of their
// differences, of anything else its truth. It tells whether they are signs.
func bearings(n *cond.Node) (list []bearing, signs bool) {
	sign := func(v float64, ok bool) (int, float64) {
		switch {
		case !ok || math.IsNaN(v):
			return 2, 0
		case v > 0:
			return 1, v
		case v < 0:
			return -1, v
		}
		return 0, 0
	}
	if len(n.Args) > 0 && n.Args[0].Type == cond.Number {
		switch n.Op {
		case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
			return []bearing{func(e *cond.Env) (int, float64) {
				a, ok := n.Args[0].Number(e)
				b, known := n.Args[1].Number(e)
				return sign(a-b, ok && known)
			}}, true
		case cond.Between:
			for _, end := range ends(n) {
				list = append(list, func(e *cond.Env) (int, float64) {
					v, ok := n.Args[0].Number(e)
					return sign(v-end, ok)
				})
			}
			return list, true
		}
	}
	return []bearing{func(e *cond.Env) (int, float64) { return int(n.Truth(e)), 0 }}, false
}

// turning collects the values at which a test turns.
type turning struct {
	at    func(v float64) (state int, short float64)
	whole bool // values are whole numbers
	cuts  []float64
	below float64 // the least and the greatest turn that are taken for zero
	above float64
}

const (
	halvings  = 80 // until two neighbouring numbers are left
	narrowing = 40 // of an interval in which a difference comes nearest to zero
)

// between seeks what turns in an interval.
func (t *turning) between(low, high float64) {
	before, _ := t.at(low)
	after, _ := t.at(high)
	if before == after {
		if mid, ok := t.nearest(low, high, before); ok {
			t.cross(low, mid)
			t.cross(mid, high)
		}
		return
	}
	t.cross(low, high)
}

// cross halves an interval until its turns are found: to zero, and beyond.
func (t *turning) cross(low, high float64) {
	after, _ := t.at(high)
	for range 3 {
		before, _ := t.at(low)
		if before == after {
			return
		}
		from, to := low, high
		for range halvings {
			mid := t.mid(from, to)
			if mid <= from || mid >= to {
				break
			}
			if state, _ := t.at(mid); state == before {
				from = mid
			} else {
				to = mid
			}
		}
		t.cuts = append(t.cuts, shorter(from, to, t.whole))
		low = to
	}
}

// besideZero is how far from zero rounding may move a turn.
const besideZero = 1e-12

// toZero takes the turns, from one of them on, that are beside zero only as what
// is computed is rounded: at zero itself a difference is none.
func (t *turning) toZero(first int) {
	if state, _ := t.at(0); state != 0 {
		return
	}
	for i, v := range t.cuts[first:] {
		if math.Abs(v) < besideZero {
			t.cuts[first+i] = 0
			t.below, t.above = min(t.below, v), max(t.above, v)
		}
	}
}

// zero gives the turn next to zero on a side of it.
func (t *turning) zero(side int8) float64 {
	switch {
	case side < 0:
		return t.below
	case side > 0:
		return t.above
	}
	return 0
}

func (t *turning) mid(low, high float64) float64 {
	mid := low + (high-low)/2
	if t.whole {
		mid = math.Floor(mid)
	}
	return mid
}

// nearest narrows an interval, on both ends of which a difference has the same
// sign, to where it comes nearest to zero. It tells whether the sign is another
// there.
func (t *turning) nearest(low, high float64, state int) (at float64, turned bool) {
	if state != 1 && state != -1 {
		return 0, false
	}
	for range narrowing {
		third := (high - low) / 3
		a, b := low+third, high-third
		if t.whole {
			a, b = math.Floor(a), math.Floor(b)
		}
		if a <= low || a >= b || b >= high {
			break
		}
		now, shortA := t.at(a)
		if now != state {
			return a, true
		}
		now, shortB := t.at(b)
		if now != state {
			return b, true
		}
		if math.Abs(shortA) <= math.Abs(shortB) {
			high = b
		} else {
			low = a
		}
	}
	return 0, false
}

// shorter gives the one of two neighbours that people would name.
func shorter(a, b float64, times bool) float64 {
	if times {
		for _, unit := range [...]float64{dayUnit, float64(time.Second / time.Microsecond)} {
			if math.Mod(a, unit) == 0 || math.Mod(b, unit) == 0 {
				if math.Mod(a, unit) == 0 {
					return a
				}
				return b
			}
		}
		return b
	}
	if len(strconv.FormatFloat(a, 'g', -1, 64)) < len(strconv.FormatFloat(b, 'g', -1, 64)) {
		return a
	}
	return b
}

// with gives the axis with one more value on it, and its place; and with its
// ends.
func (a *valueAxis) with(v float64) (*valueAxis, int) {
	at := func(points []axisPoint, v float64) (int, bool) {
		return slices.BinarySearchFunc(points, v, func(p axisPoint, v float64) int { return cmp.Compare(p.v, v) })
	}
	points := slices.Clone(a.points)
	for _, p := range append(slices.Clone(a.ends), axisPoint{v: v, cut: v}) {
		if i, on := at(points, p.v); !on {
			points = slices.Insert(points, i, p)
		}
	}
	i, _ := at(points, v)
	more := *a
	more.points = points
	return &more, i
}

// span gives the values that a class of neighbours surely covers.
func (a *valueAxis) span(i, j int) (low, high float64) {
	low, high = a.points[i].v, a.points[j].v
	if i == 0 {
		low = math.Inf(-1)
	}
	if j == len(a.points)-1 {
		high = math.Inf(1)
	}
	return low, high
}

// pick gives the value of a class that is nearest to another, as people would
// name it.
func (a *valueAxis) pick(i, j int, now float64) float64 {
	low, high := a.span(i, j)
	switch {
	case now < low:
		return a.above(i, high)
	case now > high:
		return a.below(j, low)
	}
	return now
}

// first gives the value of a class that is the least to ask for: where it
// begins, or where the first class ends.
func (a *valueAxis) first(i, j int) float64 {
	low, high := a.span(i, j)
	switch {
	case !math.IsInf(low, 0):
		return a.above(i, high)
	case !math.IsInf(high, 0):
		return a.below(j, low)
	}
	return a.points[i].cut
}

// finest is into how many parts a unit is divided to name a value.
func (a *valueAxis) finest() float64 {
	if a.unit == dayUnit {
		return 1e6
	}
	return 1e12
}

// above gives a value at or above a point that people would name.
func (a *valueAxis) above(i int, high float64) float64 {
	switch p := a.points[i]; {
	case p.side == 0:
		return p.v
	case p.side < 0 && p.cut <= high:
		return p.cut
	case p.side > 0:
		for per := 1.0; per <= a.finest(); per *= 10 {
			if v := p.cut + a.unit/per; v > p.cut && v <= high {
				return v
			}
		}
	}
	return a.points[i].v
}

// below gives a value at or below a point that people would name.
func (a *valueAxis) below(j int, low float64) float64 {
	switch p := a.points[j]; {
	case p.side == 0:
		return p.v
	case p.side > 0 && p.cut >= low:
		return p.cut
	case p.side < 0:
		for per := 1.0; per <= a.finest(); per *= 10 {
			if v := p.cut - a.unit/per; v < p.cut && v >= low {
				return v
			}
		}
	}
	return a.points[j].v
}
