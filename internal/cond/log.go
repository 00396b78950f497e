package cond

import (
	"math"

	"github.com/accountscore/accountscore/internal/micro"
)

// ask gives the answer of a Count, Any, Sum or Since node: 0 or 1 for Any. A
// log may be long and a question asked many times while the range tries
// values, so the answer is kept for the turn.
func (n *Node) ask(e *Env) float64 {
	m := n.memo(e)
	if m == nil {
		return n.answer(e)
	}
	if m.turn != e.Turn {
		m.turn, m.tally = e.Turn, n.take(e)
		m.answer = m.tally.answer(n.Op, e.At)
	}
	return m.answer
}

// memo is where the answer is kept, nil where it is not.
func (n *Node) memo(e *Env) *Memo {
	if e.Turn == 0 || n.Place == 0 || n.Place >= len(e.Memo) {
		return nil
	}
	return &e.Memo[n.Place]
}

func (n *Node) answer(e *Env) float64 {
	t := n.take(e)
	return t.answer(n.Op, e.At)
}

// Joined takes an activity that has come to the log into the answer that is
// kept of this turn, if one is. own tells whether it is the account's own.
func (n *Node) Joined(e *Env, ev *Event, own bool) {
	m := n.memo(e)
	if m == nil {
		return
	}
	if m.dated == e.Turn {
		n.Log.date(e, ev, own, &m.dates)
	}
	if m.turn == e.Turn && n.Log.Counts(e, ev, own) {
		m.tally.add(n.Op, ev)
		m.answer = m.tally.answer(n.Op, e.At)
	}
}

// tally is what a question has counted.
type tally struct {
	count  int
	sum    micro.Sum
	newest int64
}

// take counts what the question asks for.
func (n *Node) take(e *Env) tally {
	t := tally{newest: math.MinInt64}
	n.Log.Each(e, func(ev *Event) bool { t.add(n.Op, ev); return n.Op != Any })
	return t
}

func (t *tally) add(op Op, ev *Event) {
	switch op {
	case Sum:
		// Exact in millionths: a sum of floats would depend on the log's order.
		t.sum.Add(micro.Of(ev.Value), micro.One)
	case Since:
		t.newest = max(t.newest, ev.At)
	default:
		t.count++
	}
}

func (t *tally) answer(op Op, now int64) float64 {
	switch {
	case op == Sum:
		return t.sum.Rounded().Float()
	case op == Any:
		return float64(min(t.count, 1))
	case op == Count:
		return float64(t.count)
	case t.newest == math.MinInt64:
		return math.Inf(1)
	}
	return float64(WholeDays(t.newest, now))
}

// Each calls yield for every activity that the question asks for, in the
// order of the log, until yield returns false. An activity in the future
// never counts, and neither does one whose filter is unknown.
func (l *Log) Each(e *Env, yield func(*Event) bool) {
	l.each(e, func(ev *Event, t Tri) bool { return t != True || yield(ev) })
}

func (l *Log) each(e *Env, yield func(*Event, Tri) bool) {
	events := e.Events
	if l.ByAccount {
		events = events[:e.Own]
	}
	outer := e.Event
	defer func() { e.Event = outer }()
	for i := range events {
		ev := &events[i]
		if !l.covers(e, ev) {
			continue
		}
		t := True
		if l.Where != nil {
			e.Event = ev
			t = l.Where.Truth(e)
		}
		if t != False && !yield(ev, t) {
			return
		}
	}
}

// covers tells whether an activity is of the type, and in the window.
func (l *Log) covers(e *Env, ev *Event) bool {
	return int(ev.Type) == l.Type && ev.At <= e.At && (l.Window < 0 || ev.At >= e.At-l.Window)
}

// Counts tells whether the question counts an activity, as [Log.Each] does; own
// tells whether it is the account's own.
func (l *Log) Counts(e *Env, ev *Event, own bool) bool {
	return l.covers(e, ev) && l.Passes(e, ev, own)
}

// Passes tells whether the question counts an activity of its type whenever it
// happened.
func (l *Log) Passes(e *Env, ev *Event, own bool) bool {
	if l.ByAccount && !own {
		return false
	}
	if l.Where == nil {
		return true
	}
	outer := e.Event
	e.Event = ev
	truth := l.Where.Truth(e)
	e.Event = outer
	return truth == True
}

// Tally says what a question made of the activities of its type: each of them
// is counted once.
type Tally struct {
	Counted int
	Future  int
	Outside int // the window
	False   int // the filter
	Unknown int // the filter
	Others  int // of contacts, where the account's own alone count
}

// Tally takes the log apart as the question sees it.
func (l *Log) Tally(e *Env) Tally {
	var t Tally
	outer := e.Event
	defer func() { e.Event = outer }()
	for i := range e.Events {
		ev := &e.Events[i]
		if int(ev.Type) != l.Type {
			continue
		}
		truth := True
		switch {
		case l.ByAccount && i >= e.Own:
			t.Others++
			continue
		case ev.At > e.At:
			t.Future++
			continue
		case l.Window >= 0 && ev.At < e.At-l.Window:
			t.Outside++
			continue
		case l.Where != nil:
			e.Event = ev
			truth = l.Where.Truth(e)
		}
		switch truth {
		case True:
			t.Counted++
		case False:
			t.False++
		default:
			t.Unknown++
		}
	}
	return t
}
