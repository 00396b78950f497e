package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// foreign explains a condition of another language by the parts that the
// language itself tells apart, if there are any: every one, or those that have
// the answer of the whole.
func (e *explainer) foreign(t *test, all bool) []TestExplanation {
	env := &e.s.env
	parts := t.node.Parts(env)
	truth := t.node.Truth(env)
	decides := func(p cond.Part) bool { return p.Truth == truth }
	if !slices.ContainsFunc(parts, decides) {
		all = true // how the parts make the answer is for the language to know
	}
	var list []TestExplanation
	for _, p := range parts {
		if all || decides(p) {
			list = append(list, TestExplanation{})
			e.test(&list[len(list)-1], p.Text, p.Text, stateOf(p.Truth), -1, t.looksOf(p.Args))
		}
	}
	return list
}

// looksOf gives what to show of some of a node's operands.
func (t *test) looksOf(args []int) []look {
	var looks []look
	for _, l := range t.looks {
		reads := func(i int) bool { return l.node == t.node.Args[i] }
		if slices.ContainsFunc(args, reads) {
			looks = append(looks, l)
		}
	}
	return looks
}
