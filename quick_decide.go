package accountscore

import (
	"math"
	"math/bits"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// What the short way makes of the sums besides the score: disqualifications,
// tiers, grades and ladders. What these ask of fields stands in the sums by
// then: of each such inquiry, the number of its answer.

// quickTier is a tier with what it asks of an account that was in it before,
// nil where that is the same.
type quickTier struct {
	name string
	quickWhen
	held *quickWhen
}

// quickLadder is a ladder beside the tiers.
type quickLadder struct {
	name  string
	tiers []quickTier
}

// quickWhen is a condition that holds where all its bounds and all else does.
type quickWhen struct {
	bounds []quickBound
	rest   []quickCond
}

// quickBound holds a number of the scoring between two constants, one of which
// is infinite.
type quickBound struct {
	metric      int
	least, most float64
}

func (b *quickBound) holds(v float64) bool { return b.least <= v && v <= b.most }

// scoreBounds appends the bounds that a comparison of the score or a dimension with
// constants is, and tells whether it is one.
func scoreBounds(list []quickBound, n *cond.Node) ([]quickBound, bool) {
	if len(n.Args) == 0 {
		return list, false
	}
	op, x, value := n.Op, n.Args[0], 0.0
	if op != cond.Between {
		y := n.Args[len(n.Args)-1]
		if x.Op == cond.Const {
			op, x, y = op.Mirrored(), y, x
		}
		if y.Op != cond.Const {
			return list, false
		}
		value = y.Num
	}
	if x.Op != cond.Metric || x.Slot != dsl.MetricScore && x.Slot < dsl.MetricDimension {
		return list, false
	}
	least := func(v float64, open bool) {
		if open {
			v = math.Nextafter(v, math.Inf(1))
		}
		list = append(list, quickBound{x.Slot, v, math.Inf(1)})
	}
	most := func(v float64, open bool) {
		if open {
			v = math.Nextafter(v, math.Inf(-1))
		}
		list = append(list, quickBound{x.Slot, math.Inf(-1), v})
	}
	switch op {
	case cond.Ge, cond.Gt:
		least(value, op == cond.Gt)
	case cond.Le, cond.Lt:
		most(value, op == cond.Lt)
	case cond.Eq:
		least(value, false)
		most(value, false)
	case cond.Between:
		if !n.Lo.Unbounded {
			least(n.Lo.Num, n.Lo.Open)
		}
		if !n.Hi.Unbounded {
			most(n.Hi.Num, n.Hi.Open)
		}
	default:
		return list, false
	}
	return list, true
}

// quickCond is a part of a condition that is no bound.
type quickCond struct {
	op      quickOp
	args    []quickCond
	when    quickWhen
	inquiry int
	grade   int    // 0 is the joined one
	letters []bool // by the grade's place: whether the condition holds
	tree    *cond.Node
}

type quickOp uint8

const (
	quickNot quickOp = iota // of its one argument
	quickAny                // of its arguments
	quickAll                // of its bounds and the rest of these
	quickAsk                // of fields
	quickGrade
	quickEvaluate // as it stands
)

// quickInquiry is where the sums have the number of an answer.
type quickInquiry struct {
	at      quantity
	answers []answer
}

func (k *quickInquiry) answer(s *quickSums) answer { return k.answers[k.at.of(s)] }

// quickRuling is a line that disqualifies.
type quickRuling struct {
	when   quickCond
	reason string
}

// quickScale is a scale of a dimension.
type quickScale struct {
	*scale
	when quickCond
}

// quickGradings is how many gradings the short way takes, and quickLetters how
// many letters of each.
const (
	quickGradings = 8
	quickLetters  = 63
)

// quickGrading is a grading. Between two of its probes that follow each other
// points are of the letter of one of these.
type quickGrading struct {
	*grading
	probes []quickProbe
}

type quickProbe struct {
	points float64
	place  int
}

// reach gives all letters that points could come to, as bits.
func (g *quickGrading) reach(d *DimensionScore) uint64 {
	places := uint64(1) << g.place(d.Points)
	if d.Low == d.High {
		return places
	}
	places |= 1<<g.place(d.Low) | 1<<g.place(d.High)
	for i := range g.probes {
		if p := &g.probes[i]; d.Low <= p.points && p.points <= d.High {
			places |= 1 << p.place
		}
	}
	return places
}

// quickJudge decides what a result says besides the score.
type quickJudge struct {
	q      *quick
	r      *Result
	s      *quickState
	prev   string               // the tier before, where it matters
	places [quickGradings]uint8 // of the grades
	joined int
}

// judge writes the tier, the grades and the labels.
func (q *quick) judge(r *Result, s *quickState, prev string) {
	j := quickJudge{q: q, r: r, s: s, prev: prev}
	if n := len(q.gradings) + len(q.ladders); n > 0 {
		if cap(r.Labels) < n {
			r.Labels = make([]Label, n)
		}
		r.Labels = r.Labels[:n]
		j.grade()
	}
	ruled, certainly, may := -1, false, false
	for i := range q.rulings {
		a := j.answer(&q.rulings[i].when)
		if a.is == cond.MayBeUnknown {
			r.Unknown++
		}
		if ruled < 0 && a.is == cond.MayBeTrue {
			ruled = i
		}
		certainly, may = certainly || a.may == cond.MayBeTrue, may || a.may != cond.MayBeFalse
	}
	if ruled >= 0 {
		r.Tier, r.TierCertain, r.Reason = Disqualified, certainly, q.rulings[ruled].reason
	} else {
		tier, certain := j.climb(q.tiers)
		r.Tier, r.TierCertain = tier, certain && !may
	}
	for i := range q.ladders {
		l := &r.Labels[len(q.gradings)+i]
		l.Name = q.ladders[i].name
		l.Value, _ = j.climb(q.ladders[i].tiers)
	}
}

// grade writes the grades.
func (j *quickJudge) grade() {
	for i := range j.q.gradings {
		g, l := &j.q.gradings[i], &j.r.Labels[i]
		place := g.place(j.r.Dimensions[g.dim].Points)
		j.places[i] = uint8(place)
		j.joined = j.joined*(len(g.src.Steps)+1) + place
		l.Name, l.Value = g.label, g.name(place)
	}
	j.r.Grade = j.q.m.joined[j.joined]
}

// climb is [scratch.climb].
func (j *quickJudge) climb(tiers []quickTier) (name string, certain bool) {
	certain = true
	for i := range tiers {
		t := &tiers[i]
		when := &t.quickWhen
		if t.held != nil && j.prev == t.name {
			when = t.held
		}
		holds, always, never := j.decide(when)
		if holds {
			return t.name, certain && always
		}
		certain = certain && never
	}
	return "", certain
}

// decide tells whether a condition holds, and whether it always or never does,
// whatever is missing.
func (j *quickJudge) decide(w *quickWhen) (holds, always, never bool) {
	holds, always, never = j.q.within(w.bounds, j.r)
	for i := range w.rest {
		a := j.answer(&w.rest[i])
		holds = holds && a.is == cond.MayBeTrue
		always, never = always && a.may == cond.MayBeTrue, never || a.may == cond.MayBeFalse
	}
	return holds, always, never
}

// within tells whether all bounds hold, and whether they always or never do.
func (q *quick) within(bounds []quickBound, r *Result) (holds, always, never bool) {
	holds, always = true, true
	for i := range bounds {
		b := &bounds[i]
		at, low, high := r.Score, r.Low, r.High
		if b.metric != dsl.MetricScore {
			d := &r.Dimensions[b.metric-dsl.MetricDimension]
			at, low, high = d.Points, d.Low, d.High
		}
		l, h := b.holds(low), b.holds(high)
		holds = holds && b.holds(at)
		always, never = always && l && h, never || !l && !h
	}
	return holds, always, never
}

// answer gives the answer of a condition.
func (j *quickJudge) answer(c *quickCond) answer {
	switch c.op {
	case quickAsk:
		return j.q.inquiries[c.inquiry].answer(&j.s.sums)
	case quickNot:
		a := j.answer(&c.args[0])
		return answer{a.is.Not(), a.may.Not()}
	case quickAny:
		out := answer{cond.MayBeFalse, cond.MayBeFalse}
		for i := range c.args {
			a := j.answer(&c.args[i])
			out.is, out.may = cond.Combine(cond.Or, out.is, a.is), cond.Combine(cond.Or, out.may, a.may)
		}
		return out
	case quickAll:
		out := j.between(c.when.bounds)
		for i := range c.when.rest {
			a := j.answer(&c.when.rest[i])
			out.is, out.may = cond.Combine(cond.And, out.is, a.is), cond.Combine(cond.And, out.may, a.may)
		}
		return out
	case quickGrade:
		if c.grade == 0 {
			return answer{truth(c.letters[j.joined]), j.grades(c, 0, 0)}
		}
		place := int(j.places[c.grade-1])
		g := &j.q.gradings[c.grade-1]
		return answer{truth(c.letters[place]), c.over(g.reach(&j.r.Dimensions[g.dim]), 0)}
	}
	return j.s.trees.answerTree(c.tree)
}

// between gives the answer of bounds, which are never unknown.
func (j *quickJudge) between(bounds []quickBound) answer {
	holds, always, never := j.q.within(bounds, j.r)
	out := answer{truth(holds), cond.MayBeTrue | cond.MayBeFalse}
	switch {
	case always:
		out.may = cond.MayBeTrue
	case never:
		out.may = cond.MayBeFalse
	}
	return out
}

func truth(holds bool) cond.Outcomes { return 1 << cond.Of(holds) }

// over gives all truths of a condition on letters, whose places count from one
// of the joined grades'.
func (c *quickCond) over(places uint64, from int) cond.Outcomes {
	out := cond.Outcomes(0)
	for ; places != 0; places &= places - 1 {
		out |= truth(c.letters[from+bits.TrailingZeros64(places)])
	}
	return out
}

// grades gives all truths of a condition on the joined grade, of which the
// letters of the gradings before i are head.
func (j *quickJudge) grades(c *quickCond, i, head int) cond.Outcomes {
	g := &j.q.gradings[i]
	places := g.reach(&j.r.Dimensions[g.dim])
	head *= len(g.src.Steps) + 1
	if i+1 == len(j.q.gradings) {
		return c.over(places, head)
	}
	out := cond.Outcomes(0)
	for ; places != 0 && out != cond.MayBeTrue|cond.MayBeFalse; places &= places - 1 {
		out |= j.grades(c, i+1, head+bits.TrailingZeros64(places))
	}
	return out
}
