package accountscore

import (
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// timing is what of a model the passing of time can change, contacts left out.
type timing struct {
	nodes  []*cond.Node // that are read, but for those of tiers
	rules  []*rule      // each and latest lines
	tiers  [][]tier
	fields []int // that age, or whose age is asked for
	asks   bool  // something reads the account's log
}

func (t *timing) init(m *Model) {
	for i := range m.lets {
		if m.lets[i].read {
			t.add(m.lets[i].Node)
		}
	}
	for i := range m.dims {
		d := &m.dims[i]
		for _, s := range d.scales {
			t.add(s.when)
		}
		if d.contacts != nil {
			continue
		}
		for r := range d.eachRule {
			t.add(r.when)
			t.add(r.of)
			t.add(r.per)
			if r.signal != nil {
				t.rules = append(t.rules, r)
				t.asks = true
			}
		}
	}
	for _, q := range m.disqualify {
		t.add(q.when)
	}
	for _, l := range append([]ladder{{"", m.tiers}}, m.ladders...) {
		for i := range l.tiers {
			if t.passes(l.tiers[i].when) {
				t.tiers = append(t.tiers, l.tiers)
				break
			}
		}
	}
	for _, i := range m.read {
		aging := m.fields[i].ages()
		for _, a := range m.plan.axes[m.plan.from[i]:m.plan.from[i+1]] {
			aging = aging || a.kind == ages
		}
		if aging {
			t.fields = append(t.fields, i)
		}
	}
}

// add keeps a node that time can change.
func (t *timing) add(n *cond.Node) {
	if t.passes(n) {
		t.nodes = append(t.nodes, n)
	}
}

// passes tells whether time can change a node, and notes whether it asks for
// the log.
func (t *timing) passes(n *cond.Node) bool {
	passes := false
	n.Walk(func(n *cond.Node) {
		t.asks = t.asks || n.Log != nil
		passes = passes || n.Log != nil || n.Op == cond.Within || n.Op == cond.Days || n.Op == cond.Foreign
	})
	return passes
}

// NextChange gives a moment before which the result certainly stays as it is,
// while the tracker's data does: nothing decays, no window and no date passes.
//
// It may be early, as a clamp, a group or the rounding may hide the change; but
// something that the model reads does pass then: a date or an activity comes to
// be past or leaves a window, a value expires, or one more whole day has gone
// by since a date or an activity whose days count. So within n days there are
// at most n moments for each of these, one for it to come, and one for each
// window. A test of days against a number, such as days_since(visit) > 30, has
// but the moments at which it turns. Only a language of conditions of another's
// making, see [WithLanguage], is asked again after every microsecond.
//
// The zero time says that the passing of time alone never changes the result. A
// change at that very moment, in the year 1, is told a nanosecond late.
// Where time has passed since it was last asked, the log of activities is read
// once to find the moment.
func (t *Tracker) NextChange() time.Time {
	t.made()
	if t.stale && t.quick.q == nil {
		t.refresh()
	}
	if t.until == doubtful {
		t.until = t.untilOwn()
	}
	until := t.until
	if len(t.crowd.due.items) > 0 {
		until = min(until, t.crowd.due.items[0].until)
	}
	if until > clockEnd {
		return time.Time{}
	}
	next := time.UnixMicro(until).UTC()
	if next.IsZero() {
		return next.Add(time.Nanosecond)
	}
	return next
}

// untilOwn is up to when all but the contacts certainly stays.
func (t *Tracker) untilOwn() int64 {
	e, until := &t.s.env, cond.Never
	for _, n := range t.guide.timing.nodes {
		until = min(until, n.Until(e))
	}
	for _, r := range t.guide.timing.rules {
		until = min(until, r.signal.until(e, t.s, r))
	}
	for _, ladder := range t.guide.timing.tiers {
		for i := range ladder {
			until = min(until, t.s.condition(&ladder[i]).Until(e))
		}
	}
	for _, i := range t.m.read {
		if k := t.guide.kept[i]; k >= 0 {
			until = min(until, t.m.fields[i].until(&t.kept[k], e.At))
		}
	}
	return until
}

// until is up to when a value certainly stays known or expired.
func (f *field) until(v *keptValue, at int64) int64 {
	if f.expire == 0 || v.slot.State != cond.Known || v.refreshed.IsZero() {
		return cond.Never
	}
	when := moment(v.refreshed)
	if when.State != cond.Known || at > when.Time+f.expire {
		return cond.Never
	}
	return when.Time + f.expire + 1
}

// until is up to when what the activities earn certainly stays: what is kept of
// this turn of the log, where the scratch keeps it.
func (g *signal) until(e *cond.Env, s *scratch, r *rule) int64 {
	k := &s.earned[g.place]
	if k.dated != e.Turn {
		k.until, k.dated = g.log.Until(e, func(ev *cond.Event) int64 { return g.lasts(e, r, ev) }), e.Turn
	}
	return k.until
}

// lasts is up to when what an activity earns certainly stays.
func (g *signal) lasts(e *cond.Env, r *rule, ev *cond.Event) int64 {
	if r.points == 0 || g.perValue && ev.Value == 0 {
		return cond.Never
	}
	return g.decay.until(ev.At, e.At)
}

// until is up to when the factor for what was then certainly stays.
func (d *decay) until(then, at int64) int64 {
	if d.table == nil && d.linear == 0 || d.factor(cond.WholeDays(then, at)) == 0 {
		return cond.Never
	}
	return cond.DayUntil(then, at)
}

// until is up to when a contact's score certainly stays; c is what it is now.
func (r *rollup) until(s *scratch, c *contactOutcome) int64 {
	e := &s.env
	until := min(r.score.Until(e), r.weightOf.Until(e))
	for g := range r.groups {
		for i := range r.groups[g].rules {
			k := &r.groups[g].rules[i]
			until = min(until, k.when.Until(e), k.of.Until(e), k.per.Until(e))
			if k.signal != nil {
				until = min(until, k.signal.until(e, s, k))
			}
		}
	}
	if r.since < 0 || e.Contacts[r.since].State.Missing() {
		return until
	}
	switch since := e.Contacts[r.since].Time; {
	case since > e.At:
		until = min(until, since)
	case c.base == 0 || c.factor == 0:
	case r.within > 0:
		until = min(until, since+r.within+1, r.decay.until(since, e.At))
	default:
		until = min(until, r.decay.until(since, e.At))
	}
	return until
}
