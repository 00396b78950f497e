package accountscore

import (
	"cmp"
	"math"
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// levers lists everything that may be changed.
func (l *lifter) levers() {
	l.fieldLevers()
	l.logLevers()
	l.contactLog()
	l.contactFills()
	l.peopleLevers()
	at := 0
	for _, levers := range [...][]lever{l.fields, l.others} {
		for i := range levers {
			for _, mv := range levers[i].moves {
				mv.id, mv.lever = len(l.list), at
				if mv.change.Effort == 0 {
					mv.change.Effort = mv.change.effort()
				}
				l.list = append(l.list, mv)
			}
			at++
		}
	}
}

// search gives the paths, the least effort first.
func (l *lifter) search() []Path {
	sets := l.exact()
	// What is left untried here is no set of few changes.
	cut := l.cut
	// What follows has work of its own: what was found shall be given.
	l.limit = max(l.limit, l.work+maxFinishWork)
	var paths []Path
	kept := l.lightest(l.byEffort(sets))
	promote(kept)
	for _, set := range kept {
		if p, ok := l.path(set, false); ok && !slices.ContainsFunc(paths, p.same) {
			paths = append(paths, p)
		}
		if len(paths) == maxLiftPaths {
			break
		}
	}
	if len(sets) == 0 {
		paths = l.greedyPaths()
	}
	for i := range paths {
		paths[i].Cut = cut
	}
	slices.SortStableFunc(paths, func(a, b Path) int { return cmp.Compare(a.Effort, b.Effort) })
	return paths
}

// promote brings one of the sets with the fewest moves among the paths that are
// given.
func promote(sets [][]*move) {
	if len(sets) <= maxLiftPaths {
		return
	}
	least := slices.MinFunc(sets, func(a, b []*move) int { return cmp.Compare(len(a), len(b)) })
	at := slices.IndexFunc(sets, func(set []*move) bool { return len(set) == len(least) })
	for ; at >= maxLiftPaths; at-- {
		sets[at], sets[at-1] = sets[at-1], sets[at]
	}
}

// lightest drops a set that has all of another which takes no more effort, and
// more. The sets come by effort, and the first are enough; the first of those
// with the fewest moves is never dropped.
func (l *lifter) lightest(sets [][]*move) [][]*move {
	var kept [][]*move
	fewest := 0
	for i, set := range sets {
		if len(set) < len(sets[fewest]) {
			fewest = i
		}
	}
	for i, set := range sets {
		if len(kept) >= 4*maxLiftPaths && i != fewest {
			continue
		}
		if !slices.ContainsFunc(kept, func(k []*move) bool { return len(k) <= len(set) && l.covers(set, k) }) {
			kept = append(kept, set)
		}
	}
	return kept
}

// covers tells whether a set has a move for each of another: of the same
// lever, or one that asks for more.
func (l *lifter) covers(set, other []*move) bool {
	left := slices.Clone(set)
	for _, mv := range other {
		i := slices.IndexFunc(left, func(o *move) bool { return o.lever == mv.lever })
		if i < 0 {
			i = slices.IndexFunc(left, func(o *move) bool { return l.outranks(o, mv) })
		}
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// finder looks for every set of a few moves that reaches, and of which no part
// does.
type finder struct {
	*lifter
	live     []bool                      // moves that are tried, by id
	slots    [maxGreedy + 1][]int        // see candidates, by how many
	apt      []aptFields                 // by how many fields a set changes
	size     int                         // of the sets that are tried
	must     [][]int                     // fields of which a set has to change one, each time
	ceilings []ceiling                   // of the goal
	people   [len(countedPeople)]float64 // how many it asks for, see countedPeople
	best     map[[maxGreedy]int]int      // place in sets, by levers
	sets     [][]*move
}

// exact finds the minimal sets of up to three moves, and larger ones where there
// are few enough to try each: for the same levers the one of least effort.
func (l *lifter) exact() [][]*move {
	f := &finder{lifter: l, live: make([]bool, len(l.list)), must: l.freeing(), ceilings: l.ceilings(), people: l.peopleNeeded(), best: map[[maxGreedy]int]int{}}
	short := l.short(nil)
	for _, mv := range l.list {
		if !l.spend(0) {
			break
		}
		left := l.short([]*move{mv})
		mv.gain, f.live[mv.id] = short-left, left > 0
		if left == 0 {
			f.alone(mv)
			continue
		}
		for _, fields := range [...]bool{true, false} {
			for _, set := range f.between([]*move{mv}, fields) {
				if f.reaches(set) {
					f.alone(set[0])
				}
			}
		}
	}
	for f.size = 2; f.size <= maxExact; f.size++ {
		if f.size == maxExact && len(f.sets) > 0 {
			f.easier()
			break
		}
		f.sift()
		f.whole()
	}
	if len(f.sets) == 0 && !f.cut {
		f.larger()
	}
	return f.sets
}

// easier goes on to sets of one change more than reach, of those moves that may
// take less effort together. Not to try them all is no cut: fewer changes are
// known.
func (f *finder) easier() {
	best := math.Inf(1)
	for _, set := range f.sets {
		best = min(best, f.effortOf(set))
	}
	least := math.Inf(1)
	for _, mv := range f.list {
		if f.live[mv.id] {
			least = min(least, mv.change.Effort)
		}
	}
	tried := false
	for _, mv := range f.list {
		f.live[mv.id] = f.live[mv.id] && mv.change.Effort+float64(f.size-1)*least < best
		tried = tried || f.live[mv.id]
	}
	if !tried {
		return
	}
	cut, limit, fewer := f.cut, f.limit, len(f.sets)
	f.limit = f.work + max(0, limit-f.work)/4
	f.sift()
	f.listSlots()
	f.ofSize()
	f.cut, f.limit = cut, limit
	more := slices.DeleteFunc(f.byEffort(f.sets[fewer:]), func(set []*move) bool { return f.effortOf(set) >= best })
	f.sets = append(f.sets[:fewer], more[:min(len(more), maxEasier)]...)
}

// maxEasier bounds the sets of more changes that are given beside smaller ones.
const maxEasier = 2

// whole tries every set of a size; where that takes too long, those of the moves
// that bring the account nearest.
func (f *finder) whole() {
	limit := f.limit
	f.limit -= max(0, limit-f.work) / 4
	f.listSlots()
	f.ofSize()
	f.limit = limit
	if f.cut && len(f.sets) == 0 {
		f.thin(f.size)
		f.listSlots()
		f.ofSize()
	}
}

// alone notes a move that reaches by itself.
func (f *finder) alone(mv *move) {
	f.easeScore([]*move{mv}, mv)
	f.record([]*move{mv})
}

// ofSize tries every set of a size.
func (f *finder) ofSize() {
	most := f.size
	if len(f.must) > 0 {
		most-- // a field at least
	}
	for others := 0; others <= most; others++ {
		if f.barren(f.size - others) {
			continue
		}
		f.others(nil, 0, others, f.size-others)
	}
}

// larger goes on to larger sets while there are few of them. It notes whether
// there are no more.
func (f *finder) larger() {
	f.apt = nil
	limit := f.limit
	f.limit = min(limit, f.work+maxFinishWork)
	for ; f.size <= maxGreedy && len(f.sets) == 0 && !f.cut; f.size++ {
		sets, load := f.countSets()
		if sets == 0 {
			f.exhausted = true
			break
		}
		// Most sets are ruled out together, without trying each.
		const together = 64
		if sets*float64(2*f.oneAppraisal)/together+load*float64(2*f.oneStage+4*f.oneTry) > float64(f.limit-f.work) {
			break
		}
		f.ofSize()
	}
	// What is not tried here is left to greedy.
	f.cut, f.limit = false, limit
}

// countSets counts the sets of a size, and how often they load the account.
func (f *finder) countSets() (sets, loads float64) {
	count := func(levers []lever) []float64 {
		by := make([]float64, f.size+1)
		by[0] = 1
		for i := range levers {
			n := 0.0
			for _, mv := range levers[i].moves {
				if f.live[mv.id] {
					n++
				}
			}
			for k := range f.size {
				at := f.size - k
				if levers[i].repeats {
					at = k + 1
				}
				by[at] += n * by[at-1]
			}
		}
		return by
	}
	fields, others := count(f.fields), count(f.lifter.others)
	for k := range others {
		if n := others[k] * fields[f.size-k]; n > 0 {
			sets += n
			if k > 0 {
				loads += others[k]
			}
		}
	}
	return sets, loads
}

// thin leaves only the moves that bring the account nearest, where there are
// so many that their sets could not all be tried.
func (f *finder) thin(size int) {
	var ids []int
	for id, live := range f.live {
		if live {
			ids = append(ids, id)
		}
	}
	slices.SortStableFunc(ids, func(a, b int) int { return cmp.Compare(f.list[b].gain, f.list[a].gain) })
	room := float64(max(0, f.limit-f.work))
	for n := len(ids); n > 0 && f.load(size) > room; n-- {
		f.live[ids[n-1]], f.cut = false, true
	}
}

func (f *finder) listSlots() {
	for n := range f.slots {
		f.slots[n] = f.candidates(n)
	}
}

// load estimates the work of trying the sets of a size that could do.
func (f *finder) load(size int) float64 {
	fields, others := 0.0, 0.0
	for id, live := range f.live {
		switch {
		case !live:
		case f.list[id].slot >= 0:
			fields++
		default:
			others++
		}
	}
	choose := func(n float64, k int) float64 {
		sets := 1.0
		for i := range k {
			sets *= max(0, n+1-float64(i)) / float64(i+1)
		}
		return sets
	}
	work := 0.0
	for k := range size + 1 {
		if f.barren(size - k) {
			continue
		}
		// Most sets are ruled out together, without trying each.
		const together = 16
		staged := choose(others, k)
		work += staged * float64(2*f.oneAppraisal)
		if k > 0 {
			work += staged * float64(2*f.oneStage)
		}
		if k < size {
			work += staged * (float64(4*f.oneTry) + choose(fields, size-k)/together*float64(2*f.oneAppraisal))
		}
	}
	return work
}

func (f *finder) liveField(i int) bool {
	return slices.ContainsFunc(f.fields[i].moves, func(mv *move) bool { return f.live[mv.id] })
}

// others picks so many moves that are not in the account's fields, then so
// many that are.
func (f *finder) others(set []*move, from, others, fields int) {
	if !f.spend(0) {
		return
	}
	if others == 0 {
		if !f.beside(set, fields) {
			for _, with := range f.between(set, false) {
				f.beside(with, fields)
			}
		}
		return
	}
	if f.tooFew(set, others) {
		return
	}
	for i := from; i < len(f.lifter.others); i++ {
		lv := &f.lifter.others[i]
		next := i + 1
		if lv.repeats {
			next = i
		}
		for _, mv := range lv.moves {
			if f.live[mv.id] {
				f.others(append(set[:len(set):len(set)], mv), next, others-1, fields)
			}
		}
	}
}

// beside tries a set with values of so many fields beside it, or none. It
// tells whether the set reaches by itself.
func (f *finder) beside(set []*move, fields int) (reached bool) {
	if fields == 0 && f.beaten(set) {
		return true
	}
	f.stage(set)
	if fields == 0 {
		if reached = f.try(set); reached {
			f.record(set)
		}
	} else if f.possible(f.slots[fields]) {
		f.inFields(set, nil, 0, fields)
	}
	return reached
}

// inFields picks so many fields, and tries every value of each where some
// value could do.
func (f *finder) inFields(set []*move, picked []int, from, fields int) {
	if fields == 0 {
		if !f.isApt(picked) {
			return
		}
		slots := f.slotsOf(picked)
		if !f.frees(slots) {
			return
		}
		if len(slots) < 2 || f.possible(slots) {
			f.values(set, picked)
		}
		return
	}
	for i := from; i <= len(f.fields)-fields && f.spend(0); i++ {
		if f.liveField(i) {
			f.inFields(set, append(picked[:len(picked):len(picked)], i), i+1, fields-1)
		}
	}
}

// freeing gives, for each line that disqualifies the account by its fields
// alone, those fields: a set that changes none of them leaves it disqualified.
func (l *lifter) freeing() [][]int {
	var must [][]int
	if l.goal.main() {
		l.stage(nil)
		for i := range l.model.disqualify {
			if when := l.model.disqualify[i].when; l.settledByFields(when) && when.Truth(&l.s.env) == cond.True {
				must = append(must, l.model.slots(when))
			}
		}
	}
	return must
}

// frees tells whether fields to change have one of each that there must be.
func (f *finder) frees(slots []int) bool {
	return !slices.ContainsFunc(f.must, func(must []int) bool {
		return !slices.ContainsFunc(must, func(slot int) bool { return slices.Contains(slots, slot) })
	})
}

// values tries the values of some fields.
func (f *finder) values(set []*move, fields []int) {
	if len(fields) == 0 {
		if !f.spend(0) || f.beaten(set) {
			return
		}
		reached, passed := false, false
		f.during(set, func() {
			reached = f.reached()
			passed = !reached && f.passed()
		})
		if reached {
			f.record(set)
			return
		}
		list := f.between(set, true)
		if passed {
			list = append(list, f.between(set, false)...)
		}
		for _, with := range list {
			if f.reaches(with) {
				f.record(with)
			}
		}
		f.stage(set)
		return
	}
	if f.size > maxExact && !f.promising(set, fields) {
		return
	}
	for _, mv := range f.fields[fields[0]].moves {
		if f.live[mv.id] {
			f.values(append(set[:len(set):len(set)], mv), fields[1:])
		}
	}
}

// promising tells whether some values of fields could do beside a set.
func (f *finder) promising(set []*move, fields []int) bool {
	if !f.spend(0) {
		return false
	}
	slots := f.slotsOf(fields)
	accounts := f.s.env.Accounts
	for _, mv := range set {
		if mv.slot >= 0 {
			accounts[mv.slot] = mv.value
		}
	}
	could := f.possible(slots)
	for _, mv := range set {
		if mv.slot >= 0 {
			accounts[mv.slot] = f.own[mv.slot]
		}
	}
	return could
}

// beaten tells whether a set that was found changes the same by less effort.
func (f *finder) beaten(set []*move) bool {
	if len(f.sets) == 0 {
		return false
	}
	f.work++
	i, ok := f.best[leversOf(set)]
	return ok && f.effortOf(set) > f.effortOf(f.sets[i])
}

// leversOf gives the levers of a set, ascending, from one on.
func leversOf(set []*move) (key [maxGreedy]int) {
	for i, mv := range set {
		key[i] = 1 + mv.lever
	}
	slices.Sort(key[:len(set)])
	return key
}

// record notes a set that reaches.
func (f *finder) record(set []*move) {
	set = slices.Clone(set)
	slices.SortStableFunc(set, func(a, b *move) int { return cmp.Compare(a.id, b.id) })
	key := leversOf(set)
	i, ok := f.best[key]
	switch {
	case !ok:
		f.best[key] = len(f.sets)
		f.sets = append(f.sets, set)
	case cmp.Or(cmp.Compare(f.effortOf(set), f.effortOf(f.sets[i])), cmp.Compare(oddity(set), oddity(f.sets[i]))) < 0:
		f.sets[i] = set
	}
}

// path makes a path of a set that reaches: each change the least that does,
// verified by scoring the changed account.
func (l *lifter) path(set []*move, greedy bool) (Path, bool) {
	own := make([]*move, len(set))
	for i, mv := range set {
		c := *mv
		own[i] = &c
	}
	slices.SortStableFunc(own, func(a, b *move) int { return cmp.Compare(a.id, b.id) })
	set = own
	for i := 0; greedy && i < len(set); {
		if without := slices.Delete(slices.Clone(set), i, i+1); l.reaches(without) {
			set, i = without, 0
		} else {
			i++
		}
	}
	l.whole(set)
	for {
		l.ease(set)
		part := l.part(set)
		if part == nil {
			break
		}
		set = part // an eased value may do alone what the ends of its class do not
	}
	p := Path{Target: l.goal.name, Reached: true, Changes: l.weighedChanges(set), Greedy: greedy && len(set) > maxExact}
	after := l.score(l.apply(p.Changes))
	p.Score, p.Tier, p.Label = after.Score, after.Tier, l.goal.told(&after)
	slices.SortStableFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Effort, b.Effort) })
	for i := range p.Changes {
		p.Effort += p.Changes[i].Effort
	}
	p.Effort = math.Round(p.Effort*100) / 100
	return p, l.goal.reachedBy(&after)
}

// score scores a changed account. What its long texts were asked already is not
// asked again.
func (l *lifter) score(a Account) (r Result) {
	if l.texts.Empty() {
		return l.model.Score(a, l.at)
	}
	s := l.model.scratch()
	defer l.model.release(s)
	s.env.Texts, s.traced = &l.texts, true
	s.run(a, l.at)
	s.publish(&r)
	return r
}

// part gives a proper part of a set that reaches too, nil where there is none:
// any part of a small set, and any that lacks one of a large one.
func (l *lifter) part(set []*move) []*move {
	least := 1
	if len(set) > maxExact {
		least = len(set) - 1
	}
	for size := least; size < len(set); size++ {
		for pick := 1; pick < 1<<len(set)-1; pick++ {
			var part []*move
			for i, mv := range set {
				if pick&(1<<i) != 0 {
					part = append(part, mv)
				}
			}
			if len(part) == size && l.reaches(part) {
				return part
			}
		}
	}
	return nil
}

// same tells whether two paths propose the same.
func (p Path) same(q Path) bool { return p.String() == q.String() }
