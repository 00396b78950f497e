package cond

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOver: over a stretch a test has every truth that a value of it gives, and
// where it is certain no other.
func TestOver(t *testing.T) {
	n := &Node{Op: Field, Type: Number, Slot: 0}
	k := &Node{Op: Field, Type: Number, Slot: 1}
	d := &Node{Op: Field, Type: Time, Slot: 2}
	num := func(v float64) *Node { return &Node{Op: Const, Type: Number, Num: v} }
	node := func(op Op, typ Type, args ...*Node) *Node { return &Node{Op: op, Type: typ, Args: args} }
	far := node(Abs, Number, node(Sub, Number, n, k))
	e := &Env{At: 100 * Day, Open: make([]bool, 3), Accounts: Record{{State: Known, Num: 5}, {State: Known, Num: 10}, {State: Known, Time: 90 * Day}}}
	for _, tt := range []struct {
		name string
		test *Node
		over []Stretch
		want Outcomes
	}{
		{"far enough all along", node(Gt, Bool, far, num(3)), []Stretch{{Account, 0, 1, 6}}, MayBeTrue},
		{"turns between", node(Gt, Bool, far, num(3)), []Stretch{{Account, 0, 1, 19}}, MayBeTrue | MayBeFalse},
		{"two at a time", node(Gt, Bool, node(Add, Number, n, k), num(3)), []Stretch{{Account, 0, 1, 2}, {Account, 1, 3, 4}}, MayBeTrue},
		{"a quotient by what may be zero", node(Gt, Bool, node(Div, Number, k, n), num(3)), []Stretch{{Account, 0, 0, 1}}, MayBeTrue | MayBeUnknown},
		{"days", node(Lt, Bool, node(Days, Number, d), num(8)), []Stretch{{Account, 2, 93 * float64(Day), 99 * float64(Day)}}, MayBeTrue},
		{"days that turn", node(Lt, Bool, node(Days, Number, d), num(8)), []Stretch{{Account, 2, 80 * float64(Day), 99 * float64(Day)}}, MayBeTrue | MayBeFalse},
		{"a time against one that is known", node(Gt, Bool, d, &Node{Op: Const, Type: Time, Time: 50 * Day}), []Stretch{{Account, 2, 80 * float64(Day), 99 * float64(Day)}}, MayBeTrue},
		{"what is not over it", node(Gt, Bool, k, num(3)), []Stretch{{Account, 0, 1, 2}}, MayBeTrue},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e.Over(tt.over, func() { require.Equal(t, tt.want, tt.test.Possible(e)) })
			require.Equal(t, []bool{false, false, false}, e.Open)
			require.False(t, tt.test.Varies(e), "nothing stays open")
		})
	}
}
