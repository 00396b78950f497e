package accountscore

import (
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// dayLogs is what each day's activities earn, by the days since the beginning of
// 1970. Each day has no more of them, newest first, than can earn anything.
type dayLogs map[int64]*dayLog

type dayLog struct {
	events []cond.Event
	sum    micro.M
}

// allowance is what a day has earned so far.
type allowance struct {
	day   int64
	today micro.M
}

// take gives what the next activity earns of its points.
func (a *allowance) take(at int64, p, daily micro.M) micro.M {
	if d := cond.WholeDays(0, at); d != a.day {
		a.day, a.today = d, 0
	}
	p = limit(a.today.Add(p), daily) - a.today
	a.today = a.today.Add(p)
	return p
}

// split gives what each day earns.
func (g *signal) split(e *cond.Env, r *rule) dayLogs {
	d := dayLogs{}
	g.log.Each(e, func(ev *cond.Event) bool {
		d.add(e, g, r, ev)
		return true
	})
	return d
}

// add takes an activity in, and gives what it adds to the sum of all days.
func (d dayLogs) add(e *cond.Env, g *signal, r *rule, ev *cond.Event) micro.M {
	day := cond.WholeDays(0, ev.At)
	log := d[day]
	if log == nil {
		log = &dayLog{}
		d[day] = log
	}
	at, _ := slices.BinarySearchFunc(log.events, ev, func(a cond.Event, b *cond.Event) int { return newer(&a, b) })
	most := g.earners(r)
	if at >= most {
		return 0
	}
	log.events = slices.Insert(log.events, at, cond.Event{Younger: ev.Younger, At: ev.At, Value: ev.Value})
	log.events = log.events[:min(len(log.events), most)]
	was, of := log.sum, allowance{day: math.MinInt64}
	log.sum = 0
	for i := range log.events {
		ev := &log.events[i]
		log.sum = log.sum.Add(of.take(ev.At, g.worth(r, ev), g.daily).Mul(g.decay.factor(ev.Faded(e.At))))
	}
	return log.sum - was
}

// earners is how many activities of a day can earn anything: where each is worth
// the same, those that the newest leave something to.
func (g *signal) earners(r *rule) int {
	switch {
	case g.perValue:
		return math.MaxInt
	case r.points == 0:
		return 0
	}
	worth := max(r.points, -r.points)
	return int(min((g.daily+worth-1)/worth, math.MaxInt32))
}
