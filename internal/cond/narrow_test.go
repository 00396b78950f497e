package cond

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBoundsWhere holds that whatever open values turn out to be, a number is
// within its bounds wherever the condition beside it holds, over random trees.
func TestBoundsWhere(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	values := []float64{-2, -1, 0, 0.5, 1, 2, 3, 100}
	narrower := 0
	for range 20_000 {
		when, of := randomTree(r, 3), randomNumber(r, 3)
		e := &Env{Accounts: make(Record, 3), Open: make([]bool, 3)}
		for i := range e.Accounts {
			if e.Open[i] = r.IntN(3) > 0; !e.Open[i] {
				e.Accounts[i] = Slot{State: Known, Num: values[r.IntN(8)], Flag: r.IntN(2) == 0}
			}
		}
		lo, hi, known, unknown := of.BoundsWhere(when, e)
		require.Zero(t, e.held, "what was narrowed is forgotten")
		if l, h, k, u := of.Bounds(e); k && known {
			require.True(t, l <= lo && hi <= h && (u || !unknown), "%v %v %v, %v %v %v", lo, hi, unknown, l, h, u)
			if l < lo || hi < h {
				narrower++
			}
		}
		learnt := &Env{Accounts: append(Record(nil), e.Accounts...)}
		for range 60 {
			for i, open := range e.Open {
				if open {
					learnt.Accounts[i] = Slot{}
					if r.IntN(4) > 0 {
						learnt.Accounts[i] = Slot{State: Known, Num: values[r.IntN(8)], Flag: r.IntN(2) == 0}
					}
				}
			}
			if when.Truth(learnt) != True {
				continue
			}
			if v, ok := of.Number(learnt); ok {
				require.True(t, known && lo <= v && v <= hi, "%v in %v..%v %v of %+v", v, lo, hi, known, learnt.Accounts)
			} else {
				require.True(t, unknown, "%+v", learnt.Accounts)
			}
		}
	}
	assert.Greater(t, narrower, 200)
}

// TestOpenLet: a let is open where it varies and may come to be known.
func TestOpenLet(t *testing.T) {
	flag, open := &Node{Op: Field, Type: Bool, Slot: 0}, &Node{Op: Field, Type: Bool, Slot: 1}
	for _, tt := range []struct {
		name string
		let  *Node
		want bool
	}{
		{"of what is known", flag, false},
		{"of what is open", open, true},
		{"of both", &Node{Op: And, Type: Bool, Args: []*Node{flag, open}}, true},
	} {
		e := &Env{Accounts: Record{{State: Known, Flag: true}, {}}, Open: []bool{false, true}, OpenLets: make([]bool, 1), LetSpans: make([]Span, 1)}
		e.OpenLet(0, tt.let)
		assert.Equal(t, tt.want, e.OpenLets[0], tt.name)
	}
}
