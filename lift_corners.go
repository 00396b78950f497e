package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// stand is a move at another value that it may have.
type stand struct {
	mv   *move
	slot cond.Slot
	to   dsl.Value
}

// swap makes a move stand there, and gives back where it stood.
func (l *lifter) swap(s stand) stand {
	was := stand{s.mv, s.mv.value, s.mv.change.To}
	s.mv.stand(s.slot, s.to)
	if s.mv.slot < 0 {
		l.altered(s.mv)
	}
	return was
}

// stand gives a move a value, and its twin the same.
func (mv *move) stand(slot cond.Slot, to dsl.Value) {
	mv.value, mv.change.To = slot, to
	if mv.twin != nil {
		mv.twin.value, mv.twin.change.To = slot, to
	}
}

// maxCorners bounds the corners of the ranges of several moves that are held
// together; beyond it those of two moves at a time are.
const maxCorners = 32

// holds tells whether a set reaches as it stands, and at every corner of what
// is noted of some of its moves.
func (l *lifter) holds(set []*move) bool {
	if !l.spend(0) || !l.reaches(set) {
		return false
	}
	for _, corner := range l.corners {
		if !l.spend(0) || !l.reachesAt(set, corner) {
			return false
		}
	}
	return true
}

// atCorners asks with a set as it stands, and at every corner of what is noted
// of some of its moves.
func (l *lifter) atCorners(set []*move, ask func()) {
	ask()
	for _, corner := range l.corners {
		l.elsewhere(corner, ask)
	}
}

// elsewhere asks with some moves elsewhere.
func (l *lifter) elsewhere(corner []stand, ask func()) {
	were := make([]stand, len(corner))
	for i, s := range corner {
		were[i] = l.swap(s)
	}
	ask()
	for _, s := range were {
		l.swap(s)
	}
}

// reachesAt tells whether a set reaches with some of its moves elsewhere.
func (l *lifter) reachesAt(set []*move, corner []stand) (reached bool) {
	l.elsewhere(corner, func() { reached = l.reaches(set) })
	return reached
}

// easeRange notes what else does of a move. What does while the other moves
// stand as they are need not do where they have other values of theirs: then it
// is brought down to what does at every corner of those noted before.
func (l *lifter) easeRange(set []*move, mv *move) {
	if mv.change.Same != "" {
		return // it goes with another
	}
	held, was := l.corners, *mv
	l.corners = nil
	does := l.unlike(mv, l.easeMove(set, mv, false))
	l.corners = held
	if len(held) > 0 && !l.holdsAt(set, mv, does) {
		*mv = was
		does = l.unlike(mv, l.easeMove(set, mv, false))
	}
	corners := append([][]stand{nil}, held...)
	if len(corners)*(1+len(does)) > maxCorners {
		corners = corners[:1]
	}
	for _, of := range corners {
		for _, v := range does {
			l.corners = append(l.corners, append(of[:len(of):len(of)], stand{mv, v.slot, v.to}))
		}
	}
}

// holdsAt tells whether a set reaches at all corners with a move at some values
// of its own, and as it stands.
func (l *lifter) holdsAt(set []*move, mv *move, does []choice) bool {
	if !l.holds(set) {
		return false
	}
	for _, v := range does {
		was := l.swap(stand{mv, v.slot, v.to})
		holds := l.holds(set)
		if l.swap(was); !holds {
			return false
		}
	}
	return true
}

// unlike drops values that are one to the model with others of them, or with
// what the move stands at.
func (l *lifter) unlike(mv *move, does []choice) []choice {
	if mv.slot < 0 || len(does) == 0 {
		return does
	}
	here, _ := l.signature(mv.slot, mv.value)
	seen := []string{here}
	return slices.DeleteFunc(slices.Clone(does), func(v choice) bool {
		sig, joined := l.signature(mv.slot, v.slot)
		if joined {
			return false
		}
		again := slices.Contains(seen, sig)
		seen = append(seen, sig)
		return again
	})
}
