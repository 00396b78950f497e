package accountscore

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// How often an activity may happen: as often as a test that counts it asks for,
// and some.

// fewRepeats are the times that are tried one after the other. Beyond them only
// what is asked for is, and where no number tells what is, some.
const fewRepeats = 100

// manyRepeats are those.
var manyRepeats = [...]int{1_000, maxRepeats}

// repeats gives how often an activity may happen on the account's own log.
func (l *lifter) repeats(typ int, kind *deedKind) lever {
	none, _, _ := l.answers(typ)
	asked := kind.asked(l.probes, typ, &l.s.env)
	counts := append(asked.counts(), 1, 2, 3, 5, 10, 20, 50, fewRepeats)
	if asked.open {
		counts = append(counts, manyRepeats[:]...)
	}
	slices.Sort(counts)
	var lv lever
	last, does := none, false
	for _, count := range slices.Compact(counts) {
		if !l.spend(0) || count > fewRepeats && does {
			break
		}
		mv := &move{slot: -1, change: kind.change("", count)}
		sig, joined, reached := l.answers(typ, mv)
		if sig != last || joined {
			lv.moves = append(lv.moves, mv)
		}
		last, does = sig, reached
	}
	l.untold = l.untold || !does && (asked.open || asked.beyond)
	last = none
	for _, v := range kind.amounts {
		if !l.spend(0) {
			break
		}
		mv := &move{slot: -1, change: kind.change("", 1), sized: true}
		mv.change.Value = v
		sig, joined, _ := l.answers(typ, mv)
		if sig != last || joined {
			lv.moves = append(lv.moves, mv)
		}
		last = sig
	}
	lv.moves = l.few(lv.moves)
	return lv
}

// answers gives what the probes that read a type of activity decide after some
// moves, whether they read more than it, and whether the moves reach.
func (l *lifter) answers(typ int, set ...*move) (sig string, joined, reached bool) {
	reached = l.reaches(set)
	var b []byte
	for i := range l.probes {
		if p := &l.probes[i]; slices.Contains(p.logs, typ) {
			joined = joined || p.joined
			b = binary.LittleEndian.AppendUint64(b, p.answer(l.s))
			l.work += p.work
		}
	}
	return string(b), joined, reached
}

// countsAsked is how many more of one type of activity some probes ask for.
type countsAsked struct {
	list   []int
	beyond bool // some ask for more than are tried
	open   bool // no number tells how many some ask for
}

// asked collects how many more of a type of activity some probes ask for.
func (d *deedKind) asked(probes []probe, typ int, e *cond.Env) countsAsked {
	var asked countsAsked
	for i := range probes {
		p := &probes[i]
		if r := p.rule; r != nil && r.signal != nil {
			if r.signal.log.Type == typ && !r.signal.latest {
				each := r.points.Float()
				if r.signal.perValue {
					each *= d.value
				}
				asked.ofRule(r, each)
			}
			continue
		}
		if p.leaf == nil {
			continue
		}
		p.leaf.Walk(func(n *cond.Node) {
			if p.rule != nil && n == p.leaf && countsLog(n, typ) {
				now, _ := n.Number(e)
				p.rule.bounds(n, func(v float64) { asked.add(v-now, d.each(n)) })
				asked.open = asked.open || n == p.rule.per && max(p.rule.hi, -p.rule.lo) > maxRulePoints
			}
			for _, x := range n.Args {
				if !countsLog(x, typ) {
					continue
				}
				now, _ := x.Number(e)
				plain := slices.Contains(plainTests, n.Op)
				for _, y := range n.Args {
					if y.Op == cond.Const && y.Type == cond.Number {
						asked.add(y.Num-now, d.each(x))
					} else if y != x {
						plain = false
					}
				}
				for _, end := range ends(n) {
					asked.add(end-now, d.each(x))
				}
				asked.open = asked.open || !plain
			}
		})
	}
	return asked
}

// countsLog tells whether a node counts a type of activity, or sums it up.
func countsLog(n *cond.Node, typ int) bool {
	return (n.Op == cond.Count || n.Op == cond.Sum) && n.Log.Type == typ
}

// each is what one activity adds to a count or to a sum.
func (d *deedKind) each(n *cond.Node) float64 {
	if n.Op == cond.Sum {
		return d.value
	}
	return 1
}

// ofRule notes how many an "each" line counts.
func (a *countsAsked) ofRule(r *rule, each float64) {
	most := r.hi
	if each < 0 {
		most = r.lo
	}
	if most > maxRulePoints || most < -maxRulePoints {
		a.open = a.open || each != 0
		return
	}
	a.add(most.Float(), each)
}

// add notes as many as make up for what is short, and one more.
func (a *countsAsked) add(short, each float64) {
	switch n := math.Ceil(short / each); {
	case each == 0 || math.IsInf(short, 0) || math.IsNaN(n) || n < 1:
	case n < maxRepeats:
		a.list = append(a.list, int(n), int(n)+1)
	default:
		a.list, a.beyond = append(a.list, maxRepeats), true
	}
}

// counts gives each number once, and not very many: the least.
func (a *countsAsked) counts() []int {
	slices.Sort(a.list)
	a.list = slices.Compact(a.list)
	if len(a.list) > 2*maxValues {
		a.beyond = true
	}
	return slices.Clone(a.list[:min(len(a.list), 2*maxValues)])
}

// contactCounts gives how often contacts are tried to do an activity.
func (l *lifter) contactCounts(typ int) []int {
	if l.contactTimes == nil {
		l.contactTimes = make([][]int, len(l.model.activities))
	}
	if l.contactTimes[typ] == nil {
		none := l.alone(Contact{})
		none.loadContact(0)
		asked := (&deedKind{value: 1}).asked(l.model.rollup.probes(), typ, &none.env)
		list := append(asked.counts(), 1, 3, 10)
		if asked.open {
			list = append(list, fewRepeats)
		}
		slices.Sort(list)
		l.contactTimes[typ] = slices.Compact(list)
		l.untold = l.untold || asked.open || asked.beyond
	}
	return l.contactTimes[typ]
}

// easeCount finds the fewest times that an activity has to happen, of many as if
// more of them did no less.
func (l *lifter) easeCount(set []*move, mv *move) {
	most := mv.change.Count
	does := func(n int) bool {
		mv.change.Count = n
		l.altered(mv)
		return l.spend(0) && l.reaches(set)
	}
	for n := 1; n < min(most, fewRepeats) && l.spend(0); n++ {
		if does(n) {
			return
		}
	}
	for low := fewRepeats; most-low > 0; {
		if mid := (low + most) / 2; does(mid) {
			most = mid
		} else {
			low = mid + 1
		}
	}
	mv.change.Count = most
	l.altered(mv)
}
