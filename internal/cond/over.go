package cond

import "math"

// Stretch is the numbers between two, or the times, in µs, that a field of the
// account or of the contact could be.
type Stretch struct {
	Space  Space
	Slot   int
	Lo, Hi float64
}

// MaxStretches bounds how many fields [Env.Over] takes at a time.
const MaxStretches = maxHeld

// Over leaves some fields open while something is asked, each to be any value of
// a stretch, none missing: at most MaxStretches. Lets that read them are open
// only once [Env.OpenLet] has looked at them.
func (e *Env) Over(list []Stretch, ask func()) {
	was := e.held
	e.held = held{n: len(list), times: true}
	for i, s := range list {
		e.held.list[i] = holding{s.Space, s.Slot, Span{lo: s.Lo, hi: s.Hi, known: true}}
		if s.Space == Account {
			e.Open[s.Slot] = true
		}
	}
	ask()
	for _, s := range list {
		if s.Space == Account {
			e.Open[s.Slot] = false
		}
	}
	clear(e.OpenLets)
	e.held = was
}

// wholeDays gives the days from any moment of a span to another.
func (s Span) wholeDays(at int64) Span {
	days := func(from float64) float64 {
		if math.Abs(from) >= math.MaxInt64/2 {
			return math.Inf(-int(from / math.Abs(from)))
		}
		return float64(WholeDays(int64(from), at))
	}
	s.lo, s.hi = days(s.hi), days(s.lo)
	return s
}
