package accountscore

import "github.com/accountscore/accountscore/internal/cond"

// Two questions to the log hang together where one asks for a part of what the
// other asks for: what was done in 60 days was done in 90, and what passes a
// filter is there without it. Then one count is never above the other.

// maxLinked bounds the terms of one question that are looked at in pairs.
// More have too many combinations to be tried anyway.
const maxLinked = 32

// notAbove tells whether the first of two counts is not above the second.
func notAbove(least, most cond.Slot) bool { return least.Num <= most.Num }

// link finds the terms that hang together, and gives them each other's cuts:
// only where terms have the same classes does one value of each class stand
// for all of them at once.
func (l *logic) link(reads []int, all []cuts) links {
	if len(reads) > maxLinked {
		return nil
	}
	type kind struct {
		activity int
		falls    bool
	}
	kindOf := func(t int) kind { return kind{l.terms[t].log.Type, l.terms[t].falls} }
	var found links
	for i, a := range reads {
		for j, b := range reads {
			if i == j || l.terms[a].log == nil || l.terms[b].log == nil || kindOf(a) != kindOf(b) || !l.part(a, b) {
				continue
			}
			if l.terms[a].falls {
				found = append(found, link{j, i, notAbove})
			} else {
				found = append(found, link{i, j, notAbove})
			}
		}
	}
	shared := map[kind]*cuts{}
	linked := make([]bool, len(reads))
	for _, k := range found {
		linked[k.a], linked[k.b] = true, true
	}
	for i, t := range reads {
		if linked[i] {
			if shared[kindOf(t)] == nil {
				shared[kindOf(t)] = &cuts{}
			}
			shared[kindOf(t)].add(&all[i])
		}
	}
	for i, t := range reads {
		if linked[i] {
			all[i] = cuts{}
			all[i].add(shared[kindOf(t)])
		}
	}
	return found
}

// part tells whether every activity that the term a asks for is one that the
// term b asks for.
func (l *logic) part(a, b int) bool {
	pair := [2]int{a, b}
	answer, ok := l.parts[pair]
	if !ok {
		answer = l.within(l.terms[a].log, l.terms[b].log)
		l.parts[pair] = answer
	}
	return answer
}

func (l *logic) within(a, b *cond.Log) bool {
	if a.Type != b.Type || b.ByAccount && !a.ByAccount || b.Window >= 0 && (a.Window < 0 || a.Window > b.Window) {
		return false
	}
	if b.Where == nil {
		return true
	}
	if a.Where == nil {
		return false
	}
	activity := &l.s.m.activities[a.Type]
	return l.implies(l.prop(a.Where, activity), l.prop(b.Where, activity))
}
