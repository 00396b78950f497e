package cond

import "math"

// Never is a moment that does not come.
const Never = int64(math.MaxInt64)

// Until gives a moment after e.At up to which the node's value certainly stays
// as it is while nothing but time passes. It may be early.
func (n *Node) Until(e *Env) int64 {
	if n == nil {
		return Never
	}
	until := Never
	switch n.Op {
	case Within:
		if t, ok := n.Args[0].Instant(e); ok {
			until = windowUntil(t, n.Window, e.At)
		}
	case Days:
		if t, ok := n.Args[0].Instant(e); ok {
			until = DayUntil(t, e.At)
		}
	case Count, Any, Sum, Since:
		d := n.datesOf(e)
		until = d.until
		if n.Op == Since && d.newest != math.MinInt64 {
			until = min(until, DayUntil(d.newest, e.At))
		}
	case Lt, Le, Gt, Ge, Eq, Ne, Between:
		if age := n.counted(); age != nil {
			return n.daysUntil(age, e)
		}
	case Foreign:
		return after(e.At, 1) // what it makes of the moment, it alone knows
	}
	// While what a test is of stays, so does the test.
	for _, a := range n.Args {
		until = min(until, a.Until(e))
	}
	return until
}

// counted gives the days that the node compares with constants, nil where it
// does something else.
func (n *Node) counted() *Node {
	x := n.Args[0]
	if n.Op != Between {
		y := n.Args[1]
		if x.Op == Const {
			x, y = y, x
		}
		if y.Op != Const {
			return nil
		}
	}
	if x.Op != Days && x.Op != Since {
		return nil
	}
	return x
}

// daysUntil is [Node.Until] for a test of whole days: not every day changes it.
func (n *Node) daysUntil(age *Node, e *Env) int64 {
	since, until := int64(0), Never
	if age.Op == Days {
		t, ok := age.Args[0].Instant(e)
		if !ok {
			return Never
		}
		since = t
	} else {
		d := age.datesOf(e)
		since, until = d.newest, d.until
		if since == math.MinInt64 {
			return until
		}
	}
	now := float64(WholeDays(since, e.At))
	holds := n.holdsFor(now)
	next := math.Inf(1)
	for _, c := range n.bounds() {
		// The first whole days that are at the bound, and past it.
		for _, day := range [...]float64{math.Ceil(c), math.Floor(c) + 1} {
			if day > now && day < next && n.holdsFor(day) != holds {
				next = day
			}
		}
	}
	if next > maxDays {
		return until
	}
	return min(until, after(since, int64(next)*Day))
}

// maxDays is more days than lie between any two moments of a scoring.
const maxDays = 1e8

// bounds are the constants that a comparison with one other side has.
func (n *Node) bounds() [2]float64 {
	switch {
	case n.Op == Between:
		return [2]float64{n.Lo.Num, n.Hi.Num}
	case n.Args[0].Op == Const:
		return [2]float64{n.Args[0].Num, n.Args[0].Num}
	}
	return [2]float64{n.Args[1].Num, n.Args[1].Num}
}

// holdsFor is the answer of such a comparison for a number of the other side.
func (n *Node) holdsFor(v float64) bool {
	if n.Op == Between {
		return inside(v, n.Lo.Num, n.Hi.Num, n.Lo, n.Hi)
	}
	a, b := v, n.Args[1].Num
	if n.Args[0].Op == Const {
		a, b = n.Args[0].Num, v
	}
	switch n.Op {
	case Eq:
		return a == b
	case Ne:
		return a != b
	}
	return ordered(n.Op, a, b)
}

// dates is what time makes of a question's activities: when one next comes or
// leaves, and the newest that counts.
type dates struct{ until, newest int64 }

// datesOf gives the dates of a question: what is kept of this turn, where
// anything is.
func (n *Node) datesOf(e *Env) dates {
	m := n.memo(e)
	if m != nil && m.dated == e.Turn {
		return m.dates
	}
	d := dates{Never, math.MinInt64}
	d.until = n.Log.Until(e, func(ev *Event) int64 { d.newest = max(d.newest, ev.At); return Never })
	if m != nil {
		m.dated, m.dates = e.Turn, d
	}
	return d
}

// date takes an activity into the dates.
func (l *Log) date(e *Env, ev *Event, own bool, d *dates) {
	until := l.UntilOf(e, ev, own, func(ev *Event) int64 { d.newest = max(d.newest, ev.At); return Never })
	d.until = min(d.until, until)
}

// Until is [Node.Until] for what a question counts: activities come, leave its
// window, or change by their filter. until says the same of each that counts.
func (l *Log) Until(e *Env, until func(*Event) int64) int64 {
	first := Never
	for i := range e.Events {
		first = min(first, l.UntilOf(e, &e.Events[i], i < e.Own, until))
	}
	return first
}

// UntilOf is [Log.Until] for one activity; own tells whether it is the
// account's own.
func (l *Log) UntilOf(e *Env, ev *Event, own bool, until func(*Event) int64) int64 {
	if int(ev.Type) != l.Type || l.ByAccount && !own {
		return Never
	}
	first := Never
	if l.Where != nil {
		outer := e.Event
		e.Event = ev
		first = l.Where.Until(e)
		counts := l.Where.Truth(e) == True
		e.Event = outer
		if !counts {
			return first
		}
	}
	switch {
	case ev.At > e.At:
		return min(first, ev.At)
	case l.Window < 0:
		return min(first, until(ev))
	case ev.At >= e.At-l.Window:
		return min(first, until(ev), windowUntil(ev.At, l.Window, e.At))
	}
	return first
}

// windowUntil gives when a moment next enters or leaves the closed window that
// ends now.
func windowUntil(t, window, now int64) int64 {
	switch {
	case t > now:
		return t
	case t >= now-window:
		return after(t, window+1)
	}
	return Never
}

// DayUntil gives when the whole days since a moment next change.
func DayUntil(t, now int64) int64 {
	return max(after(t, (WholeDays(t, now)+1)*Day), after(now, 1))
}

// after adds to a moment; what does not fit never comes.
func after(t, by int64) int64 {
	if sum := t + by; sum > t || by <= 0 {
		return sum
	}
	return Never
}
