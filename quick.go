package accountscore

import (
	"math"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// quick is the short way through a model of which the plan holds every rule,
// and whose tiers ask for the score and its dimensions alone: it needs no more
// than sums on the stack. It gives up where an account asks for more, and the
// scoring begins anew with a scratch.
type quick struct {
	m      *Model
	fields []quickField
	aged   bool // refresh dates matter
	held   bool // the tier before matters
	tiers  []quickTier
}

// quickField is a field with its axes.
type quickField struct {
	key     string
	slot    int
	typ     cond.Type
	allowed *cond.Set
	filled  bool // a default stands in for it
	unknown int  // rules without an answer while it is missing
	axes    []planAxis
}

// quickTier is a tier that holds where all its bounds do.
type quickTier struct {
	name   string
	bounds []quickBound
}

// quickBound compares a number of the scoring with a constant.
type quickBound struct {
	metric int
	op     cond.Op
	than   float64
}

// What is kept on the stack is bounded.
const (
	quickWidth  = 16 // accumulators
	quickFields = 64
	quickJoined = 32 // groups that are taken together
)

// quickState is a scoring under way.
type quickState struct {
	sums [quickWidth]micro.M
	open [quickFields]bool
	gap  bool // any is open
	// Rules without an answer, of the tables of one field and then of all.
	unknown int
}

// newQuick gives the short way through a model, nil where there is none.
func (m *Model) newQuick() *quick {
	p := m.plan
	if p.width > quickWidth || len(m.fields) > quickFields || len(p.tested) > 0 || m.rollup != nil || len(m.grades)+len(m.ladders) > 0 {
		return nil
	}
	for i := range m.dims {
		if len(p.dims[i].single)+len(m.dims[i].scales) > 0 || len(p.dims[i].composites) > quickJoined {
			return nil
		}
	}
	for i := range m.activities {
		if m.activities[i].read {
			return nil // its values are checked and counted
		}
	}
	q := &quick{m: m}
	for _, slot := range m.read {
		f := &m.fields[slot]
		unknown := 0
		for _, a := range p.of(slot) {
			unknown += a.unknown
		}
		q.fields = append(q.fields, quickField{f.key, slot, f.typ, f.allowed, f.fallback != nil, unknown, p.of(slot)})
		q.aged = q.aged || f.ages()
	}
	for i := range m.tiers {
		t := &m.tiers[i]
		tier := quickTier{name: t.name}
		if t.when != nil && !tier.condition(t.when) {
			return nil
		}
		q.held = q.held || t.held != nil
		q.tiers = append(q.tiers, tier)
	}
	return q
}

// condition collects the bounds of a tier, and tells whether they are all of
// it.
func (t *quickTier) condition(n *cond.Node) bool {
	switch n.Op {
	case cond.And:
		for _, a := range n.Args {
			if !t.condition(a) {
				return false
			}
		}
		return true
	case cond.Ge, cond.Gt, cond.Le, cond.Lt:
		x, y := n.Args[0], n.Args[1]
		if x.Op != cond.Metric || y.Op != cond.Const || x.Slot != dsl.MetricScore && x.Slot < dsl.MetricDimension {
			return false
		}
		t.bounds = append(t.bounds, quickBound{x.Slot, n.Op, y.Num})
		return true
	}
	return false
}

func (b *quickBound) holds(v float64) bool {
	switch b.op {
	case cond.Ge:
		return v >= b.than
	case cond.Gt:
		return v > b.than
	case cond.Le:
		return v <= b.than
	}
	return v < b.than
}

// score scores an account, and tells whether this way could.
func (q *quick) score(dst *Result, a *Account, at time.Time) bool {
	if q.aged && len(a.Refreshed) > 0 || q.held && a.PrevTier != "" {
		return false
	}
	var s quickState
	now := clock(at)
	for i := range q.fields {
		f := &q.fields[i]
		ok := false
		switch v := a.Fields[f.key].(type) {
		case nil:
			ok = f.missing(&s)
		case float64:
			ok = f.number(&s, v)
		case string:
			ok = f.text(&s, v)
		case int:
			ok = integer(int64(v), f.typ).State == cond.Known && f.number(&s, float64(v))
		case bool:
			ok = f.flag(&s, v)
		case []string:
			ok = f.items(&s, v)
		case time.Time:
			ok = f.moment(&s, v, now)
		}
		if !ok {
			return false
		}
	}
	return q.publish(dst, &s, a.ID, len(a.Contacts), at)
}

// addQuick is add for sums on the stack.
func (a *planAxis) addQuick(sums *[quickWidth]micro.M, class int) {
	row := a.rows[class*len(a.targets):]
	row = row[:len(a.targets)]
	for j, t := range a.targets {
		sums[t&(quickWidth-1)] += row[j] // there are no more, see newQuick
	}
}

// missing adds up what a value brings that is missing.
func (f *quickField) missing(s *quickState) bool {
	if f.filled {
		return false
	}
	s.open[f.slot], s.gap = true, true
	s.unknown += f.unknown
	for i := range f.axes {
		f.axes[i].addQuick(&s.sums, 0)
	}
	return true
}

// number, text, flag, items and moment add up what a value brings. They tell
// whether it is one that the field can use as it stands.
func (f *quickField) number(s *quickState, v float64) bool {
	if f.typ != cond.Number || !(math.Abs(v) <= maxInteger) || f.allowed != nil && !f.allowed.HasNum(v) {
		return false
	}
	for i := range f.axes {
		f.axes[i].addQuick(&s.sums, f.axes[i].number(v))
	}
	return true
}

func (f *quickField) text(s *quickState, v string) bool {
	if blank(v) {
		return f.missing(s)
	}
	if f.typ != cond.Text || f.allowed != nil && !f.allowed.HasText(v) {
		return false
	}
	for i := range f.axes {
		a := &f.axes[i]
		if a.kind == texts {
			a.addQuick(&s.sums, knownClass+a.texts.Class(v))
		} else {
			a.addQuick(&s.sums, knownClass+ordinal(a.test.HoldsText(v)))
		}
	}
	return true
}

func (f *quickField) flag(s *quickState, v bool) bool {
	if f.typ != cond.Bool {
		return false
	}
	for i := range f.axes {
		f.axes[i].addQuick(&s.sums, knownClass+ordinal(v))
	}
	return true
}

func (f *quickField) items(s *quickState, v []string) bool {
	if f.typ != cond.List || f.allowed != nil {
		return false
	}
	if v == nil {
		return f.missing(s)
	}
	for i := range f.axes {
		class := knownClass
		if a := &f.axes[i]; a.kind == tests {
			class += ordinal(a.test.HoldsItems(v))
		}
		f.axes[i].addQuick(&s.sums, class)
	}
	return true
}

func (f *quickField) moment(s *quickState, v time.Time, now int64) bool {
	t, state := instant(v)
	if f.typ != cond.Time || state != cond.Known {
		return false
	}
	for i := range f.axes {
		f.axes[i].addQuick(&s.sums, f.axes[i].moment(t, now))
	}
	return true
}

// publish writes the result that [scratch.publish] would write, if it can.
func (q *quick) publish(r *Result, s *quickState, id string, contacts int, at time.Time) bool {
	m := q.m
	dims := r.Dimensions[:0]
	if s.gap {
		var ok bool
		if dims, ok = q.widen(r, s, dims); !ok {
			return false
		}
	} else {
		total := micro.M(0)
		for i := range m.dims {
			d := &m.dims[i]
			points := q.sum(s, i).Clamp(d.lo, d.hi)
			shown := d.show(points)
			switch {
			case d.unscored:
			case m.weighted:
				total = total.Add(d.weight.Mul(shown))
			default:
				total = total.Add(points)
			}
			f := shown.Float()
			dims = append(dims, DimensionScore{d.name, f, f, f, d.limit})
		}
		score := total.Clamp(m.lo, m.hi).Round(m.decimals).Float()
		r.Score, r.Low, r.High, r.Unknown = score, score, score, 0
	}
	r.AccountID, r.At, r.ModelHash = id, at, m.hash
	r.Tier, r.Reason, r.Grade = "", "", ""
	r.Dimensions, r.Labels = dims, r.Labels[:0]
	r.Contacts, r.Engaged, r.SeniorEngaged, r.Completeness, r.Invalid = contacts, 0, 0, 0, 0
	q.decide(r)
	return true
}

// sum gives a dimension's sum.
func (q *quick) sum(s *quickState, i int) micro.M {
	sum := s.sums[i]
	composites := q.m.plan.dims[i].composites
	for c := range composites {
		k := &composites[c]
		sum += k.entries[k.place(s.sums[:])].points
	}
	return sum
}

// widen is the part of publish that takes the range into account.
func (q *quick) widen(r *Result, s *quickState, dims []DimensionScore) (_ []DimensionScore, ok bool) {
	m := q.m
	var total span
	for i := range m.dims {
		d := &m.dims[i]
		var o dimensionOutcome
		if o.sum, ok = q.spread(s, i); !ok {
			return nil, false
		}
		d.finish(nil, &o)
		if !d.unscored {
			total = total.add(m.share(i, &o))
		}
		f, low, high := o.shown.floats()
		dims = append(dims, DimensionScore{d.name, f, low, high, d.limit})
	}
	r.Unknown = s.unknown
	r.Score, r.Low, r.High = m.publishable(total).floats()
	return dims, true
}

// spread gives the range of a dimension, if the tables are enough for it.
func (q *quick) spread(s *quickState, i int) (span, bool) {
	pd := &q.m.plan.dims[i]
	if len(pd.composites) > 0 {
		return q.join(s, i)
	}
	// Nothing joins: each missing field brings what it does by itself.
	sum := certain(s.sums[i])
	for j := range pd.statics {
		if st := &pd.statics[j]; s.open[st.slot] {
			sum.low += st.free.low - st.free.at + st.joint.low - st.joint.at
			sum.high += st.free.high - st.free.at + st.joint.high - st.joint.at
		}
	}
	return sum, true
}

// join is spread for a dimension with groups that read several fields.
func (q *quick) join(s *quickState, i int) (span, bool) {
	var memory [quickJoined]joiner
	pd := &q.m.plan.dims[i]
	l, joined := pd.lookUp(s.sums[:], memory[:0])
	at := s.sums[i] + l.points
	s.unknown += l.unknown
	sum, _, ok := pd.spread(&q.m.dims[i], s.open[:], nil, joined, span{at, at + l.low, at + l.high})
	return sum, ok
}

// decide is [scratch.climb] for bounds alone.
func (q *quick) decide(r *Result) {
	r.TierCertain = true
	for i := range q.tiers {
		t := &q.tiers[i]
		holds, always, never := true, true, false
		for j := range t.bounds {
			b := &t.bounds[j]
			d := DimensionScore{Points: r.Score, Low: r.Low, High: r.High}
			if b.metric != dsl.MetricScore {
				d = r.Dimensions[b.metric-dsl.MetricDimension]
			}
			low, high := b.holds(d.Low), b.holds(d.High)
			holds = holds && b.holds(d.Points)
			always, never = always && low && high, never || !low && !high
		}
		if holds {
			r.Tier, r.TierCertain = t.name, r.TierCertain && always
			return
		}
		r.TierCertain = r.TierCertain && never
	}
}
