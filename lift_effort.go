package accountscore

import (
	"cmp"
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// The efforts of changes, see [ChangeKind].
const (
	effortRefresh = 1 * micro.One
	effortFill    = 2 * micro.One
	effortRepeat  = 3 * micro.One
	effortAgain   = 1 * micro.One
	effortReach   = 5 * micro.One
	effortFar     = 5 * micro.One // at most, for the way to go
	effortItem    = 1 * micro.One // of a list, after the first
	effortEngage  = 8 * micro.One
	effortNew     = 10 * micro.One
)

// effort weighs a change that is not an engagement.
func (c *Change) effort() float64 {
	e := micro.M(0)
	switch c.Kind {
	case ChangeRefresh:
		e = effortRefresh
	case ChangeFill:
		e = effortFill
	case ChangeRepeat:
		e = effortRepeat + effortAgain*micro.M(c.Count-1)
	case ChangeReach:
		e = effortReach
		if c.From.Kind == dsl.NumberValue && c.To.Kind == dsl.NumberValue {
			way := max(c.To.Number-c.From.Number, c.From.Number-c.To.Number) / max(1, c.From.Number, -c.From.Number)
			e += min(micro.Of(way).Round(2), effortFar)
		}
		if c.ofItems() {
			items := len(c.To.List) + len(c.Out)
			e += min(effortItem*micro.M(max(0, items-1)), effortFar)
		}
	}
	return e.Float()
}

// effort weighs an engagement by the weight that the contact has. Of one that
// scores more than just engaged it is up to half as much again, and so less than
// of two.
func (w *worth) effort(c *Change, score, weight micro.M) float64 {
	effort := effortEngage
	if c.New {
		effort = effortNew
	}
	effort = effort.Mul(max(micro.One, weight))
	if score > w.engaged {
		effort += effort.MulDiv(score-w.engaged, 2*score).Round(2)
	}
	return effort.Float()
}

// effortOf is the effort of a set.
func (l *lifter) effortOf(set []*move) float64 {
	sum := 0.0
	for _, mv := range set {
		sum += l.effortIn(set, mv)
	}
	return sum
}

// effortIn is the effort of a move of a set. A contact is engaged with the
// weight that it has after what else the set fills in of it: else it would be
// easier to engage somebody before it is known who that is.
func (l *lifter) effortIn(set []*move, mv *move) float64 {
	c, w := &mv.change, mv.worth
	if w == nil || c.New || l.model.rollup.weightOf == nil {
		return c.Effort
	}
	k, filled := w.contact, false
	for _, other := range set {
		if fill := &other.change; fill.Kind == ChangeFill && fill.Contact == c.Contact {
			k, filled = fill.contact(l.model, k, l.at), true
		}
	}
	if !filled {
		return c.Effort
	}
	weight := l.outcome(c.contact(l.model, k, l.at)).weight
	return w.effort(c, micro.Of(c.Score), weight)
}

// byEffort gives sets by their effort, the least first.
func (l *lifter) byEffort(sets [][]*move) [][]*move {
	type weighed struct {
		set    []*move
		effort float64
	}
	list := make([]weighed, len(sets))
	for i, set := range sets {
		list[i] = weighed{set, l.effortOf(set)}
	}
	slices.SortStableFunc(list, func(a, b weighed) int { return cmp.Compare(a.effort, b.effort) })
	sorted := make([][]*move, len(sets))
	for i := range list {
		sorted[i] = list[i].set
	}
	return sorted
}

// weighedChanges gives the changes of a set, each with its effort in it.
func (l *lifter) weighedChanges(set []*move) []Change {
	changes := l.changes(set)
	for i, mv := range set {
		changes[i].Effort = l.effortIn(set, mv)
	}
	return changes
}
