package accountscore

import (
	"github.com/accountscore/accountscore/internal/cond"
)

// Which tests of a text say the same, follow from one another, or say nothing,
// while the account's other fields are what they are.

// resolved gives a test with what its formulas come to for any text of the field:
// the field itself where they pass it on, and a constant where they do not read
// it.
func (t *textClaim) resolved(n *cond.Node) *cond.Node {
	args := make([]*cond.Node, len(n.Args))
	for i, a := range n.Args {
		args[i] = t.comesTo(a)
	}
	return with(n, args...)
}

func (t *textClaim) comesTo(n *cond.Node) *cond.Node {
	e := &t.s.env
	for {
		t.work += nodeWork(n, 1)
		if !t.reads(n, t.mv.slot) {
			v := n.Eval(e)
			if v.State.Missing() || n.Type != cond.Text && n.Type != cond.Number {
				return n
			}
			return &cond.Node{Op: cond.Const, Type: n.Type, Num: v.Num, Text: v.Text}
		}
		first := n.Op == cond.Else && t.reads(n.Args[0], t.mv.slot)
		switch {
		case n.Op == cond.Field && n.Space == cond.Computed:
			n = t.model.lets[n.Slot].Node
		case first && !t.plainly(n.Args[0], t.mv.slot):
			return n
		case first:
			n = n.Args[0] // it is known
		case n.Op == cond.Else && !n.Args[0].Eval(e).State.Missing():
			n = n.Args[0]
		case n.Op == cond.Else:
			n = n.Args[1]
		case n.Op == cond.If && !t.reads(n.Args[0], t.mv.slot):
			switch n.Args[0].Truth(e) {
			case cond.True:
				n = n.Args[1]
			case cond.False:
				n = n.Args[2]
			default:
				return n
			}
		case n.Op == cond.Len:
			return with(n, t.comesTo(n.Args[0]))
		default:
			return n
		}
	}
}

// maxImpliedWork bounds what is tried to find that tests of one text rule each
// other out.
const maxImpliedWork = 1 << 16

// impossible tells that no text of the field makes the tests of parts say what
// is wanted.
func (t *textClaim) impossible(want []cond.Tri) bool {
	if t.logic == nil {
		t.work += 4 * t.oneTry
		t.logic = newLogic(t.model.statics())
	}
	is := &cond.Node{Op: cond.Field, Type: cond.Text, Space: cond.Account, Slot: t.mv.slot}
	test := func(op cond.Op, args ...*cond.Node) *cond.Node {
		return &cond.Node{Op: op, Type: cond.Bool, Args: args}
	}
	all := []*cond.Node{
		test(cond.Not, test(cond.Missing, is)),
		test(cond.Ge, &cond.Node{Op: cond.Len, Type: cond.Number, Args: []*cond.Node{is}}, &cond.Node{Op: cond.Const, Type: cond.Number, Num: 1}),
	}
	for _, w := range t.wholes {
		n := test(cond.Ne, is, &cond.Node{Op: cond.Const, Type: cond.Text, Text: w})
		n.Fold = t.model.fields[t.mv.slot].IgnoringCase
		all = append(all, n)
	}
	for i, n := range t.tests {
		if want[i] == cond.False {
			n = test(cond.Not, n)
		}
		all = append(all, n)
	}
	t.logic.work = maxVetWork - maxImpliedWork
	never := t.logic.never(t.logic.prop(test(cond.And, all...), nil))
	t.work += t.logic.work - (maxVetWork - maxImpliedWork)
	return never
}

// entails tells whether a test of a text against a constant holds wherever
// another does.
func entails(a, b *cond.Node) bool {
	if a.Fold && !b.Fold {
		return false
	}
	return (b.Op == cond.Contains || a.Op == b.Op) && b.HoldsText(a.Args[1].Text)
}
