package bars

import (
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/peer"
)

// Peer gives the times of an engine on a ruleset as multiples of the
// hand-written score over the struct, where there is one, and of the library
// over a map. An engine that scores any account otherwise gets no time.
func Peer(e peer.Engine, set *fixture.Set, o paired.Options) (hand, model string, err error) {
	score, err := e.New(set)
	if err != nil {
		return "", "", err
	}
	if err := peer.Verify(set, score); err != nil {
		return "", "", err
	}
	s := newSubject(set)
	hand = "–"
	if s.structHand != nil {
		hand = decimal(paired.Measure(s.engine(score), s.structHand, o).Median)
	}
	return hand, decimal(paired.Measure(s.engine(score), s.modelMap(), o).Median), nil
}
