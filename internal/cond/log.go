package cond

import (
	"math"

	"github.com/accountscore/accountscore/internal/micro"
)

// ask gives the answer of a Count, Any, Sum or Since node: 0 or 1 for Any. A
// log may be long and a question asked many times while the range tries
// values, so the answer is kept for the turn.
func (n *Node) ask(e *Env) float64 {
	if e.Turn == 0 || n.Place == 0 || n.Place >= len(e.Memo) {
		return n.answer(e)
	}
	m := &e.Memo[n.Place]
	if m.turn != e.Turn {
		*m = Memo{e.Turn, n.answer(e)}
	}
	return m.answer
}

func (n *Node) answer(e *Env) float64 {
	switch n.Op {
	case Any:
		found := 0.0
		n.Log.Each(e, func(*Event) bool { found = 1; return false })
		return found
	case Count:
		count := 0
		n.Log.Each(e, func(*Event) bool { count++; return true })
		return float64(count)
	case Sum:
		// Exact in millionths: a sum of floats would depend on the log's order.
		var sum micro.Sum
		n.Log.Each(e, func(ev *Event) bool { sum.Add(micro.Of(ev.Value), micro.One); return true })
		return sum.Rounded().Float()
	}
	newest := int64(math.MinInt64)
	n.Log.Each(e, func(ev *Event) bool { newest = max(newest, ev.At); return true })
	if newest == math.MinInt64 {
		return math.Inf(1)
	}
	return float64(WholeDays(newest, e.At))
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
		if ev.Type != l.Type || ev.At > e.At || l.Window >= 0 && ev.At < e.At-l.Window {
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
		if ev.Type != l.Type {
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
