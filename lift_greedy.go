package accountscore

import (
	"cmp"
	"slices"
)

// Where no few changes reach, one is made after the other.

// greedyPaths gives the paths that are found by one change after the other.
func (l *lifter) greedyPaths() []Path {
	var sets [][]*move
	for _, by := range [...]lead{{l.short, true}, {l.short, false}, {l.promise, true}, {l.promise, false}} {
		if len(sets) > 0 && l.exhausted {
			break
		}
		if len(sets) == 0 {
			l.limit = l.work + maxGreedyWork // another way has what is left
		}
		if set := l.greedy(by); set != nil {
			sets = append(sets, set)
		}
	}
	l.limit = max(l.limit, l.work+maxFinishWork)
	var paths []Path
	for _, set := range sets {
		if p, ok := l.path(set, true); ok && !slices.ContainsFunc(paths, p.same) {
			paths = append(paths, p)
		}
	}
	return paths
}

// lead is what greedy goes by: how far a set leaves the account from the goal,
// zero where it is reached; and whether that is seen for the effort.
type lead struct {
	far       func(set []*move) float64
	perEffort bool
}

// greedy takes one move after the other, each the one that brings the account
// nearest, or nearest for its effort. It gives nil where none does any more,
// and leaves in l.nearest how near it came.
func (l *lifter) greedy(by lead) []*move {
	var set []*move
	short := by.far(nil)
	row := newGreedyRow(l.list)
	for left := maxGreedy; left > 0; left-- {
		next := l.greedyStep(by, row, set, short, left)
		if next.reaches {
			return next.set
		}
		if next.set == nil {
			break
		}
		set, short = next.set, next.short
	}
	if l.nearest == nil {
		l.nearest, l.nearestShort = []*move{}, l.short(nil)
	}
	if short = l.short(set); short < l.nearestShort {
		l.nearest, l.nearestShort = set, short
	}
	return nil
}

// greedyRow is the moves in the order in which a step looks at them: those that
// brought most when they were looked at last come first.
type greedyRow []greedyMove

type greedyMove struct {
	mv   *move
	gain float64
}

func newGreedyRow(list []*move) greedyRow {
	row := make(greedyRow, len(list))
	for i, mv := range list {
		row[i] = greedyMove{mv, mv.gain}
	}
	return row
}

// greedyNext is a set of one move more.
type greedyNext struct {
	set     []*move
	short   float64
	reaches bool
	gain    float64 // or how little effort it takes, where it reaches
	place   int     // of the move
}

// better tells whether a set is to be taken before another, of equal ones that of
// the first move.
func (n *greedyNext) better(o *greedyNext) bool {
	switch {
	case o.set == nil || n.reaches != o.reaches:
		return o.set == nil || n.reaches
	case n.gain != o.gain:
		return n.gain > o.gain
	}
	return n.place < o.place
}

// greedyStep gives the best set of one move more. It looks at all moves as far as
// its part of the work goes, and on to the first that brings anything.
func (l *lifter) greedyStep(by lead, row greedyRow, set []*move, short float64, left int) (next greedyNext) {
	slices.SortStableFunc(row, func(a, b greedyMove) int { return cmp.Compare(b.gain, a.gain) })
	enough, effort := l.work+max(0, l.limit-l.work)/left, l.effortOf(set)
	for i := range row {
		if next.set != nil && l.work > enough || !l.spend(0) {
			break
		}
		with := l.with(set, row[i].mv)
		if with == nil {
			continue
		}
		n := greedyNext{set: with, short: by.far(with), place: row[i].mv.id}
		n.reaches, n.gain = n.short == 0, short-n.short
		switch more := l.effortOf(with) - effort; {
		case n.reaches:
			n.gain = -more
		case by.perEffort:
			n.gain /= max(0.1, more)
		}
		if row[i].gain = n.gain; (n.reaches || short-n.short > 1e-9) && n.better(&next) {
			next = n
		}
	}
	return next
}

// with adds a move to a set, or puts it in the place of another of its lever.
// It gives nil where the set has it already.
func (l *lifter) with(set []*move, mv *move) []*move {
	set = slices.Clone(set)
	i := slices.IndexFunc(set, func(o *move) bool { return o.lever == mv.lever })
	switch {
	case i < 0 || mv.slot < 0 && l.others[mv.lever-len(l.fields)].repeats:
		return append(set, mv)
	case set[i] == mv:
		return nil
	}
	set[i] = mv
	return set
}
