package accountscore

import (
	"slices"
	"sync"

	"github.com/accountscore/accountscore/dsl"
)

// ways is what is sought once for all renderings of an explanation, by
// whichever of them comes first: trying changes takes longer than all else.
type ways struct {
	lift, committee sync.Once

	paths []Path
	roles []RoleLift
}

// ways gives the explanation's own, nil where it has no account to try on.
func (x *Explanation) ways() *ways {
	if x.subject == nil {
		return nil
	}
	if w := x.subject.ways.Load(); w != nil {
		return w
	}
	x.subject.ways.CompareAndSwap(nil, &ways{})
	return x.subject.ways.Load()
}

// paths are those of [Explanation.Lift], which nobody may change; none where
// the explanation was read from data.
func (x *Explanation) paths() []Path {
	w := x.ways()
	if w == nil {
		return nil
	}
	w.lift.Do(func() { w.paths = x.nextTier() })
	return w.paths
}

// aim is a tier that renderings show the way to, with the paths once they are
// sought.
type aim struct {
	tier  string
	once  sync.Once
	paths []Path
}

// Towards gives the explanation with renderings that show the way to a tier of
// the caller's choice, or a grade, as [Explanation.LiftTo] names them, instead
// of the next one. All else is as it was. It shares its data with x, and holds
// until that is changed or explained anew. The empty tier shows no way.
func (x *Explanation) Towards(tier string) *Explanation {
	c := *x.made()
	c.room, c.aim = nil, &aim{tier: tier}
	return &c
}

// way gives the tier that a rendering shows the way to, with the paths, which
// nobody may change: none where the account has it. The empty tier is none.
func (x *Explanation) way() (target string, paths []Path) {
	if x.aim == nil {
		if paths = x.paths(); len(paths) > 0 {
			target = paths[0].Target
		}
		return target, paths
	}
	if x.aim.tier == "" {
		return "", nil
	}
	x.aim.once.Do(func() { x.aim.paths = x.LiftTo(x.aim.tier) })
	return x.aim.tier, x.aim.paths
}

// roles are those of [Explanation.Committee], which nobody may change.
func (x *Explanation) roles() []RoleLift {
	w := x.ways()
	if w == nil {
		return nil
	}
	w.committee.Do(func() { w.roles = x.missingRoles() })
	return w.roles
}

// clonePaths copies paths with all that they hold.
func clonePaths(list []Path) []Path {
	list = slices.Clone(list)
	for i := range list {
		list[i].Changes = slices.Clone(list[i].Changes)
		for j := range list[i].Changes {
			list[i].Changes[j] = list[i].Changes[j].clone()
		}
	}
	return list
}

func (c Change) clone() Change {
	for _, v := range [...]*dsl.Value{&c.From, &c.To, &c.Min, &c.Max} {
		v.List = slices.Clone(v.List)
	}
	c.Out, c.Or, c.Except, c.Where = slices.Clone(c.Out), slices.Clone(c.Or), slices.Clone(c.Except), slices.Clone(c.Where)
	for i := range c.Or {
		c.Or[i].List = slices.Clone(c.Or[i].List)
	}
	c.Who, c.With, c.Did = cloneValues(c.Who), cloneValues(c.With), slices.Clone(c.Did)
	for i := range c.Did {
		c.Did[i].With = cloneValues(c.Did[i].With)
	}
	return c
}

func cloneValues(list []FieldValue) []FieldValue {
	list = slices.Clone(list)
	for i := range list {
		list[i].Value.List = slices.Clone(list[i].Value.List)
	}
	return list
}
