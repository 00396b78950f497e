package accountscore

import (
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// What the short way does with lines and conditions that no table holds, such as
// ramps, lets and arithmetic between fields: they are evaluated as they stand,
// over the fields that they read, and all else is looked up. Of a scratch they
// use the slots of these fields and the outcomes of these lines alone.

// quickTree is a group that is evaluated as it stands.
type quickTree struct {
	*group
	dim, place int
	loose      bool // what it could come to is in no gap of a field
}

// keep adds up what a value brings that stands in a scratch too.
func (f *quickField) keep(s *quickState, slot *cond.Slot, refreshed time.Time) {
	f.settle(s, slot, refreshed)
	missing := slot.State.Missing()
	s.trees.env.Open[f.slot] = missing
	s.trees.open = s.trees.open || missing
}

// scoreTrees is score for a model that has trees.
func (q *quick) scoreTrees(dst *Result, a *Account, at time.Time) bool {
	t := q.m.scratch()
	could := q.scoreOver(t, dst, a, at)
	q.m.release(t)
	return could
}

func (q *quick) scoreOver(t *scratch, dst *Result, a *Account, at time.Time) (could bool) {
	t.begin(nil, "", "", at)
	s := quickState{now: t.env.At, trees: t}
	for _, i := range q.kept {
		f := &q.fields[i]
		slot := &t.env.Accounts[f.slot]
		v, ok := a.Fields[f.key]
		f.field.fill(slot, v, ok)
		f.keep(&s, slot, a.Refreshed[f.field.Name])
	}
	if could = !q.entangled(t); could {
		q.sumUp(&s, a)
		dst.AccountID, dst.At, dst.Contacts = a.ID, at, len(a.Contacts)
		could = q.publishGrown(dst, &s, a.PrevTier)
	}
	return could
}

// entangled tells whether a tree is taken together with other lines over a
// field that is missing: then no table tells the range.
func (q *quick) entangled(t *scratch) bool {
	if !t.open {
		return false
	}
	for i := range q.trees {
		if k := &q.trees[i]; k.loose {
			if slot, several := k.openSlot(t.env.Open); slot >= 0 && !several && q.m.dims[k.dim].joint(slot, k.place) {
				return true
			}
		}
	}
	return false
}

// publishGrown is publish, with what the trees come to.
func (q *quick) publishGrown(r *Result, s *quickState, prev string) bool {
	q.grow(s.trees)
	could := q.publish(r, s, prev)
	r.Unknown += s.trees.unknown
	return could
}

// grow evaluates the trees into the sums of the scratch's dimensions.
func (q *quick) grow(t *scratch) {
	t.unknown = 0
	t.compute()
	for i := range t.dims {
		t.dims[i].sum = span{}
	}
	for i := range q.trees {
		k := &q.trees[i]
		outs := t.outs[k.index : k.index+len(k.rules)]
		points, _ := k.eval(&t.env, t, outs)
		sum := certain(points)
		for j := range outs {
			if outs[j].truth == cond.Unknown {
				t.unknown++
			}
		}
		if t.open && k.loose {
			if slot, _ := k.openSlot(t.env.Open); slot >= 0 {
				sum.low, sum.high = k.spread(&t.env, outs)
			}
		}
		o := &t.dims[k.dim]
		o.sum = o.sum.add(sum)
	}
}

// answerTree evaluates a condition as it stands.
func (t *scratch) answerTree(n *cond.Node) answer {
	is := cond.Outcomes(1 << n.Truth(&t.env))
	if !t.open {
		return answer{is, is}
	}
	return answer{is, n.Possible(&t.env)}
}

// grown takes over the lines that are in no table.
func (b *quickBuilder) grown() {
	for i := range b.m.dims {
		d := &b.m.dims[i]
		for _, g := range b.p.dims[i].single {
			gr := &d.groups[g]
			b.q.trees = append(b.q.trees, quickTree{gr, i, g, len(gr.reads) > 0 && !gr.static()})
			b.keep(gr.reads)
		}
	}
	for i := range b.m.lets {
		if b.m.lets[i].read {
			b.keep(b.m.lets[i].reads)
			b.q.treed = true
		}
	}
	b.q.treed = b.q.treed || len(b.q.trees) > 0
}

// tree takes over a condition that is in no table, if it reads fields alone.
func (b *quickBuilder) tree(n *cond.Node) (quickCond, bool) {
	own := true
	n.Walk(func(n *cond.Node) {
		own = own && n.Op != cond.Metric && n.Op != cond.Grade && n.Log == nil
	})
	if own {
		b.keep(b.m.slots(n))
		b.q.treed = true
	}
	return quickCond{op: quickEvaluate, tree: n}, own
}

// keep makes the values of fields stand in a scratch too.
func (b *quickBuilder) keep(slots []int) {
	for _, slot := range slots {
		b.kept[slot] = true
	}
}
