package accountscore

import (
	"math"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/internal/cond"
)

// rowRange is the numbers or times around a value that do as well.
type rowRange struct {
	axis         *valueAxis
	now          float64    // what there is, NaN where that is nothing
	least, most  float64    // infinite where it has no end
	above, below bool       // the end itself does not
	known        [2]float64 // the last that were tried, each way
}

// around finds the values around one that does. Of two neighbours on the axis
// that both do, all between are taken to where they are steady, and beyond its
// last all where they are up to the last that the field can have.
func (a *valueAxis) around(was float64, ends [2]float64, at func(float64) bool, steady func(low, high float64) bool) rowRange {
	a, i := a.with(was)
	j := i
	joined := func(p, q axisPoint) bool { return p.cut == q.cut || steady(p.v, q.v) } // of one cut: nothing lies between
	for i > 0 && at(a.points[i-1].v) && joined(a.points[i-1], a.points[i]) {
		i--
	}
	for j+1 < len(a.points) && at(a.points[j+1].v) && joined(a.points[j], a.points[j+1]) {
		j++
	}
	least, most := a.points[i].v, a.points[j].v
	r := rowRange{axis: a, least: math.Inf(-1), most: math.Inf(1), known: [2]float64{least, most}}
	endless := func(end, last float64) bool {
		return len(a.ends) == 0 || at(end) && steady(min(end, last), max(end, last))
	}
	low, high := a.span(i, j)
	switch {
	case i > 0:
		p, q := a.points[i-1], a.points[i]
		if r.least, r.above = q.cut, p.cut == q.cut && q.side > 0; p.cut != q.cut || at(p.v) {
			r.least, r.above = bisect(p.v, q.v, a.unit, at), false
			if at(p.v) || !steady(r.least, q.v) {
				r.least = q.v
			}
		}
		if !r.above {
			r.known[0] = r.least
		}
		if r.least, r.above = a.tidy(r.least, high, r.above, at); !r.above {
			r.known[0] = r.least
		}
	case endless(ends[0], least):
	default:
		r.least = least
	}
	switch {
	case j+1 < len(a.points):
		p, q := a.points[j], a.points[j+1]
		if r.most, r.below = p.cut, p.cut == q.cut && p.side < 0; p.cut != q.cut || at(q.v) {
			r.most, r.below = bisect(q.v, p.v, a.unit, at), false
			if at(q.v) || !steady(p.v, r.most) {
				r.most = p.v
			}
		}
		if !r.below {
			r.known[1] = r.most
		}
		if r.most, r.below = a.tidy(r.most, max(low, r.least), r.below, at); !r.below {
			r.known[1] = r.most
		}
	case endless(ends[1], most):
	default:
		r.most = most
	}
	return r
}

// has tells whether a value is in the range.
func (r *rowRange) has(v float64) bool {
	return v >= r.least && v <= r.most && !(r.above && v == r.least) && !(r.below && v == r.most)
}

// ends gives the least and the greatest value that a field can have.
func (f *field) ends() [2]float64 {
	if f.typ == cond.Time {
		return [2]float64{float64(firstMoment), float64(lastMoment)}
	}
	return [2]float64{-maxInteger, maxInteger}
}

// corners gives the values that stand for all: the last each way, and those at
// which something turns between.
func (r *rowRange) corners() []float64 {
	list := []float64{r.known[0], r.known[1]}
	if r.axis == nil {
		return list[:1]
	}
	for _, p := range r.axis.points {
		if p.v > r.known[0] && p.v < r.known[1] {
			list = append(list, p.v)
		}
	}
	return list
}

// first gives the least value that people would name.
func (r *rowRange) first() float64 {
	if !r.above {
		return r.least
	}
	limit := r.most
	if r.below {
		limit = r.known[1]
	}
	return r.axis.past(r.least, r.now, 1, limit, r.known[0])
}

// last gives the greatest.
func (r *rowRange) last() float64 {
	if !r.below {
		return r.most
	}
	limit := r.least
	if r.above {
		limit = r.known[0]
	}
	return r.axis.past(r.most, r.now, -1, limit, r.known[1])
}

// past gives a value beyond an open bound that people would name, up to a limit;
// else the one that is known. It is the plainest that is about as near to what
// there is now as the bound, and no finer than the ruleset's own scale if that
// will do.
func (a *valueAxis) past(bound, now, way, limit, known float64) float64 {
	enough := 1.0
	if a.unit == 1 && !math.IsNaN(now) {
		enough = math.Round(1 / a.scale.stepPast(bound, way))
	}
	for per := 1.0; per <= max(enough, a.finest()); per *= 10 {
		v := math.Floor(way*bound/a.unit*per) + 1
		v = way * v / per * a.unit
		if far := math.Abs(v-bound) > aboutAsNear*math.Abs(bound-now); far && per < enough {
			continue
		}
		if v != bound && (limit-v)*way >= 0 {
			return v
		}
	}
	return known
}

// aboutAsNear is how much further, of the way, nobody minds.
const aboutAsNear = 0.01

// nearer gives the value of the axis next to what there is now that reaches,
// where one does before another value is come to.
func (a *valueAxis) nearer(now, to float64, at func(float64) bool) float64 {
	between := slices.Clone(a.points)
	if to < now {
		slices.Reverse(between)
	}
	for _, p := range between {
		if p.side != 0 && !at(p.v) {
			continue
		}
		if v, named := a.nameable(p.v, at); named && v > min(now, to) && v < max(now, to) && at(v) {
			return v
		}
	}
	return to
}

// tiny is what no number of an account is smaller than, zero aside.
const tiny = 1e-300

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

// fewDigits is how many a fraction may have to be named as it is: more of them
// come of the rounding of points, not of what people would write.
const fewDigits = 3

// written tells whether people would write a number: one that the ruleset
// writes, a whole one, or one with few digits.
func (a *valueAxis) written(v float64) bool {
	if v == math.Floor(v) || slices.Contains(a.named, v) {
		return true
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', fewDigits, 64), 64)
	return err == nil && short == v
}

// saidDigits is how many a number of a ruleset has at most; what points are
// divided by has more.
const saidDigits = 15

// says tells whether the ruleset compares the field with a number: that is said
// as it is.
func (a *valueAxis) says(v float64) bool {
	said, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', saidDigits, 64), 64)
	return err == nil && said == v && slices.Contains(a.named, v)
}

// tidy gives a value with few digits that still reaches, of the ruleset's own
// scale where one is, between where reaching begins, or with open just beyond, and
// the limit of what does; or a short value just before that, beyond which
// everything does: then it is open.
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
	if math.Abs(begins) < tiny && (inside(0) || !at(0)) {
		return 0, !at(0) // what lies beside zero is of nobody's data
	}
	if len(strconv.FormatFloat(begins, 'f', -1, 64)) <= maxDigits || a.says(begins) {
		return begins, open
	}
	if near, err := strconv.ParseFloat(strconv.FormatFloat(begins, 'g', maxDigits, 64), 64); err == nil && math.Abs(near-begins) <= roundOff*math.Abs(begins) && a.written(near) {
		return near, !at(near)
	}
	try := func(step float64) (float64, bool) {
		v := onStep(begins, step, up)
		return v, inside(v)
	}
	step := a.scale.stepAt(begins)
	for finer := 0; step < 1 && finer < 3; finer++ {
		if v, ok := try(step); ok {
			return v, false
		}
		step /= 10
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
