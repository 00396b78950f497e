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
		newest := int64(math.MinInt64)
		until = n.Log.Until(e, func(ev *Event) int64 { newest = max(newest, ev.At); return Never })
		if n.Op == Since && newest != math.MinInt64 {
			until = min(until, DayUntil(newest, e.At))
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
		since = math.MinInt64
		until = age.Log.Until(e, func(ev *Event) int64 { since = max(since, ev.At); return Never })
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

// Until is [Node.Until] for what a question counts: activities come, leave its
// window, or change by their filter. until says the same of each that counts.
func (l *Log) Until(e *Env, until func(*Event) int64) int64 {
	events := e.Events
	if l.ByAccount {
		events = events[:e.Own]
	}
	outer := e.Event
	defer func() { e.Event = outer }()
	first := Never
	for i := range events {
		ev := &events[i]
		if ev.Type != l.Type {
			continue
		}
		if l.Where != nil {
			e.Event = ev
			first = min(first, l.Where.Until(e))
			if l.Where.Truth(e) != True {
				continue
			}
		}
		switch {
		case ev.At > e.At:
			first = min(first, ev.At)
		case l.Window < 0 || ev.At >= e.At-l.Window:
			first = min(first, until(ev))
			if l.Window >= 0 {
				first = min(first, windowUntil(ev.At, l.Window, e.At))
			}
		}
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
