package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSlab: lists from one slab never share an item, whatever becomes of them.
func TestSlab(t *testing.T) {
	s := slab[int]{size: 4}
	require.Nil(t, s.keep(s.take(3)))
	a := s.keep(append(s.take(3), 1, 2))
	b := s.keep(append(s.take(1), 3, 4)) // outgrows its room
	c := s.keep(append(s.take(2), 5, 6))
	d := s.keep(append(s.take(9), 7))
	e := s.one(8)
	a = append(a, -1)
	b = append(b, -1)
	c = append(c, -1)
	require.Equal(t, [][]int{{1, 2, -1}, {3, 4, -1}, {5, 6, -1}, {7}, {8}}, [][]int{a, b, c, d, {*e}})
	var empty slab[int]
	require.Equal(t, 1, *empty.one(1))
}
