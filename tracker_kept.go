package accountscore

import "github.com/accountscore/accountscore/internal/cond"

// peopleGuide is what of a model asks for a contact's own log.
type peopleGuide struct {
	nodes []*cond.Node // questions
	rules []*rule      // each and latest lines
}

func (g *peopleGuide) init(r *rollup) {
	if r == nil {
		return
	}
	add := func(n *cond.Node) {
		n.Walk(func(n *cond.Node) {
			if n.Log != nil {
				g.nodes = append(g.nodes, n)
			}
		})
	}
	add(r.score)
	add(r.weightOf)
	for i := range r.groups {
		for j := range r.groups[i].rules {
			k := &r.groups[i].rules[j]
			add(k.when)
			add(k.of)
			add(k.per)
			if k.signal != nil {
				g.rules = append(g.rules, k)
			}
		}
	}
}

func (g *peopleGuide) asks() bool { return len(g.nodes)+len(g.rules) > 0 }

// keptFrom is from how many activities on the answers are worth their memory.
const keptFrom = 8

// keptLog is what a contact's log came to: the answers that a scoring otherwise
// takes from all of it, so that one more activity is added to them. They hold
// until time changes one of them, see [person.until]. The nil keptLog keeps
// nothing.
type keptLog struct {
	turn   uint64 // zero: none that holds
	memos  []cond.Memo
	earned []earned
}

func (g *peopleGuide) newLog() *keptLog {
	return &keptLog{memos: make([]cond.Memo, len(g.nodes)), earned: make([]earned, len(g.rules))}
}

// forget lets none hold any more.
func (k *keptLog) forget() {
	if k != nil {
		k.turn = 0
	}
}

// lay makes the answers those of the current turn, which becomes that of the
// answers, with activities that have come since.
func (k *keptLog) lay(t *Tracker, fresh []cond.Event) {
	if k == nil {
		return
	}
	s, g := t.s, &t.guide.people
	for i, r := range g.rules {
		s.earned[r.signal.place] = k.earned[i]
	}
	if k.turn == 0 {
		return
	}
	s.env.Turn = k.turn
	for i, n := range g.nodes {
		s.env.Memo[n.Place] = k.memos[i]
	}
	for i := range fresh {
		for _, n := range g.nodes {
			n.Joined(&s.env, &fresh[i], false)
		}
		for _, r := range g.rules {
			r.signal.joined(&s.env, s, r, &fresh[i], false)
		}
	}
}

// take keeps the answers of the current turn.
func (k *keptLog) take(t *Tracker) {
	if k == nil {
		return
	}
	s, g := t.s, &t.guide.people
	k.turn = s.env.Turn
	for i, n := range g.nodes {
		k.memos[i] = s.env.Memo[n.Place]
	}
	for i, r := range g.rules {
		at := &s.earned[r.signal.place]
		k.earned[i], *at = *at, earned{}
	}
}
