package cond

// Each calls yield for every activity that the question asks for, in the
// order of the log, until yield returns false. An activity in the future
// never counts, and neither does one whose filter is unknown.
func (l *Log) Each(e *Env, yield func(*Event) bool) {
	l.each(e, func(ev *Event, t Tri) bool { return t != True || yield(ev) })
}

// Undecided counts the activities that would count but for a filter that is
// unknown.
func (l *Log) Undecided(e *Env) int {
	count := 0
	l.each(e, func(_ *Event, t Tri) bool {
		if t == Unknown {
			count++
		}
		return true
	})
	return count
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
