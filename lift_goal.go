package accountscore

import (
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// liftGoal is what is to be reached: a tier of the main ladder or of another
// one, or an earlier tier; or grades, which are made a ladder of one tier.
type liftGoal struct {
	name   string // as it is asked for
	label  string // of the result, which tells it; empty: its tier
	tiers  []tier
	at     int
	guides []tierGuide
	axes   []gradeAxis // of grades
	dims   []int       // whose points its tests ask for
}

// gradeAxis is where the points of a dimension have to get for a grade: as far
// as some, seen from where they are.
type gradeAxis struct {
	dim  int
	edge micro.M
	down bool
}

// main tells whether the goal is the account's tier, which a disqualification
// keeps it from.
func (g *liftGoal) main() bool { return g.label == "" }

// tierGoal is a tier of the main ladder.
func (m *Model) tierGoal(at int) liftGoal {
	return liftGoal{name: m.tiers[at].name, tiers: m.tiers, at: at, guides: m.guidance().tiers}
}

// goal finds what a name stands for, for an account that has some result. A
// goal without tiers is reached already.
func (m *Model) goal(name string, r *Result) (liftGoal, bool) {
	named := func(tiers []tier, name string) int {
		return slices.IndexFunc(tiers, func(t tier) bool { return t.name == name })
	}
	if at := named(m.tiers, name); at >= 0 {
		return m.tierGoal(at), true
	}
	for i := range m.ladders {
		l := &m.ladders[i]
		if of, ok := strings.CutPrefix(name, l.name+" "); ok {
			if at := named(l.tiers, of); at >= 0 {
				return liftGoal{name: name, label: l.name, tiers: l.tiers, at: at, guides: m.guidance().ladders[i]}, true
			}
		}
	}
	for i := range m.grades {
		if of, ok := strings.CutPrefix(name, m.grades[i].label+" "); ok {
			wanted := make([]*string, len(m.grades))
			wanted[i] = &of
			return m.gradeGoal(name, m.grades[i].label, wanted, r)
		}
	}
	of, ok := strings.CutPrefix(name, "grade ")
	if at := slices.Index(m.joined, of); ok && at >= 0 && len(m.grades) > 0 {
		wanted := make([]*string, len(m.grades))
		for i := range slices.Backward(m.grades) {
			places := len(m.grades[i].src.Steps) + 1
			wanted[i] = new(m.grades[i].name(at % places))
			at /= places
		}
		return m.gradeGoal(name, "grade", wanted, r)
	}
	return liftGoal{}, false
}

// gradeGoal is some grades at once; nil is any.
func (m *Model) gradeGoal(name, label string, wanted []*string, r *Result) (liftGoal, bool) {
	goal := liftGoal{name: name, label: label}
	var all []*cond.Node
	for i, want := range wanted {
		if want == nil {
			continue
		}
		g := &m.grades[i]
		now := micro.Of(r.Dimensions[g.dim].Points)
		if g.name(g.letter(now)) == *want {
			continue
		}
		axis, ok := g.toward(*want, now)
		if !ok {
			return goal, false
		}
		goal.axes = append(goal.axes, axis)
		all = append(all, axis.node(m.dims[g.dim].name))
	}
	if len(all) == 0 {
		return goal, true
	}
	when := several(cond.And, all)
	goal.tiers = []tier{{name: name, when: when}}
	goal.guides = []tierGuide{{conditionGuide: conditionGuide{name: name, clause: m.clause(when, false)}}}
	return goal, true
}

// toward gives how far the points have to get for a grade, up or else down.
func (g *grading) toward(want string, now micro.M) (gradeAxis, bool) {
	up, down := gradeAxis{dim: g.dim, edge: micro.Max}, gradeAxis{dim: g.dim, edge: micro.Min, down: true}
	for _, s := range g.steps.entries {
		for _, cut := range [...]float64{s.lo, s.hi} {
			for _, by := range [...]micro.M{-1, 0, 1} {
				switch p := micro.Of(cut).Add(by); {
				case g.name(g.letter(p)) != want:
				case p > now:
					up.edge = min(up.edge, p)
				case p < now:
					down.edge = max(down.edge, p)
				}
			}
		}
	}
	if up.edge != micro.Max {
		return up, true
	}
	return down, down.edge != micro.Min
}

// node is the test that the points are there. Points are whole millionths: of
// an edge that is one beside a number of the grading, that number is told.
func (a gradeAxis) node(dimension string) *cond.Node {
	op, sign, edge := cond.Ge, " >= ", a.edge
	switch {
	case a.down && roundPoints(a.edge+1):
		op, sign, edge = cond.Lt, " < ", a.edge+1
	case a.down:
		op, sign = cond.Le, " <= "
	case roundPoints(a.edge - 1):
		op, sign, edge = cond.Gt, " > ", a.edge-1
	}
	return &cond.Node{Op: op, Type: cond.Bool, Src: dimension + sign + numeral.Compact(edge.Float()), Args: []*cond.Node{
		{Op: cond.Metric, Type: cond.Number, Slot: dsl.MetricDimension + a.dim, Src: dimension},
		{Op: cond.Const, Type: cond.Number, Num: edge.Float()},
	}}
}

// roundPoints tells whether points are such as a grading names, and no millionth
// beside them.
func roundPoints(p micro.M) bool { return p%1000 == 0 }

// measured gives the goal with tests of points alone.
func (m *Model) measured(goal liftGoal) liftGoal {
	goal.tiers = m.byPoints(goal.tiers)
	for i := range goal.tiers {
		for _, when := range [...]*cond.Node{goal.tiers[i].when, goal.tiers[i].held} {
			when.Walk(func(n *cond.Node) {
				if dim := n.Slot - dsl.MetricDimension; n.Op == cond.Metric && dim >= 0 && !slices.Contains(goal.dims, dim) {
					goal.dims = append(goal.dims, dim)
				}
			})
		}
	}
	return goal
}

// conclude scores all of the staged account.
func (l *lifter) conclude() {
	l.s.conclude()
	l.ruledOut = l.goal.main() && l.s.tier.ruled >= 0
	l.meter()
}

// meter makes the points that the goal asks for readable to its tests: the model
// itself may have no test that reads them.
func (l *lifter) meter() {
	for _, dim := range l.goal.dims {
		e, slot := &l.s.env, dsl.MetricDimension+dim
		e.Metrics[slot], e.MetricLow[slot], e.MetricHigh[slot] = l.s.dims[dim].shown.floats()
	}
}

// reachedBy tells whether a result has what is to be reached.
func (g *liftGoal) reachedBy(r *Result) bool {
	if g.axes != nil {
		return !slices.ContainsFunc(g.axes, func(a gradeAxis) bool {
			p := micro.Of(r.Dimensions[a.dim].Points)
			return !a.down && p < a.edge || a.down && p > a.edge
		})
	}
	has := g.has(r)
	at := slices.IndexFunc(g.tiers, func(t tier) bool { return t.name == has })
	return at >= 0 && at <= g.at
}

// has gives what a result has of what is sought: a tier, or a grade.
func (g *liftGoal) has(r *Result) string {
	switch g.label {
	case "":
		return r.Tier
	case "grade":
		return r.Grade
	}
	value, _ := r.Label(g.label)
	return value
}

// told is what a path says of a label: nothing where the tier tells it.
func (g *liftGoal) told(r *Result) string {
	if g.main() {
		return ""
	}
	return g.label + " " + orElse(g.has(r), "none")
}
