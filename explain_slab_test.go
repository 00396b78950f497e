package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSlab: lists from one slab never share an item, whatever becomes of them.
func TestSlab(t *testing.T) {
	s := slab[int]{left: 4}
	require.Nil(t, s.end(3, s.begin(3)))
	a := s.end(3, append(s.begin(3), 1, 2))
	b := s.end(1, append(s.begin(1), 3, 4)) // outgrows its room
	c := s.end(2, append(s.begin(2), 5, 6))
	d := s.take(9)
	d[0] = 7
	e := s.one()
	*e = 8
	f := s.end(maxSlab+1, append(s.begin(maxSlab+1), 9)) // too long for a slab
	a, b, c, d, f = append(a, -1), append(b, -1), append(c, -1), append(d[:1:1], -1), append(f, -1)
	require.Equal(t, [][]int{{1, 2, -1}, {3, 4, -1}, {5, 6, -1}, {7, -1}, {8}, {9, -1}}, [][]int{a, b, c, d, {*e}, f})
	var empty slab[int]
	require.Zero(t, *empty.one())
}
