// Package classes tells which class of values a value is in: between which
// cuts a number lies, which of some texts a text is. A class is all that a rule
// with constant bounds can tell of a value, so what rules earn can be looked up
// by it.
package classes

import "math"

// linear is up to how many cuts counting them all beats halving them.
const linear = 8

// Count gives how many of the ascending cuts are no greater than v. It takes no
// branch that depends on v: those are what a hand-written score spends its time
// on.
func Count[T int64 | float64](cuts []T, v T) int {
	from := 0
	// Of n cuts from here on, those before the half are passed in one step where
	// the one at the half is. A mask, not a condition: what an address is made of
	// the compiler does not move without a branch.
	for n := len(cuts); n > linear; {
		half := n / 2
		from += half & -passed(cuts[from+half-1] <= v)
		n -= half
	}
	count := from
	for _, c := range cuts[from:min(from+linear, len(cuts))] {
		count += passed(c <= v)
	}
	return count
}

// passed is one for true; it compiles to no branch.
func passed(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Key gives a number's place in the order of all numbers: keys compare as their
// numbers do. Zero has one key. It is not for NaN.
func Key(v float64) int64 {
	k := int64(math.Float64bits(v + 0))
	return k ^ int64(uint64(k>>63)>>1)
}

// Cuts counts the cuts that a key has passed, as [Count] does, in a time that
// does not depend on how many there are: the keys from the first cut to the
// last lie in cells of one width, and a cell has few cuts of its own. It is
// immutable; the zero Cuts must not be used.
type Cuts struct {
	cells []Cell
	first int64
	shift uint8
	// all holds the cuts where they lie too close together for cells.
	all []int64
}

// Cell is a stretch of keys.
type Cell struct {
	before int // cuts before it
	cuts   [cellCuts]int64
}

const (
	cellCuts = 4
	maxCells = 256
)

// NewCuts prepares ascending cuts.
func NewCuts(cuts []int64) Cuts {
	if len(cuts) == 0 {
		return Cuts{cells: fill(nil, 0, 0, 1)}
	}
	first, last := cuts[0], cuts[len(cuts)-1]
	for cells := 1; cells <= maxCells; cells *= 2 {
		shift := uint8(0)
		for (uint64(last)-uint64(first))>>shift >= uint64(cells) {
			shift++
		}
		if made := fill(cuts, first, shift, cells); made != nil {
			return Cuts{cells: made, first: first, shift: shift}
		}
	}
	return Cuts{all: cuts}
}

// fill lays the cuts out in cells, nil where a cell would have too many.
func fill(cuts []int64, first int64, shift uint8, n int) []Cell {
	cells := make([]Cell, n)
	at := 0
	for i := range cells {
		c := &cells[i]
		c.before = at
		used := 0
		for ; at < len(cuts) && (uint64(cuts[at])-uint64(first))>>shift == uint64(i); at++ {
			if used == cellCuts {
				return nil
			}
			c.cuts[used] = cuts[at]
			used++
		}
		for ; used < cellCuts; used++ {
			c.cuts[used] = math.MaxInt64 // no number and no time has this key
		}
	}
	return cells
}

// Class gives how many cuts are no greater than the key.
func (c *Cuts) Class(key int64) int {
	if c.all != nil {
		return Count(c.all, key)
	}
	return c.Cell(key).Class(key)
}

// Crowded tells whether the cuts lie too close together for cells.
func (c *Cuts) Crowded() bool { return c.all != nil }

// Cell gives the cell of a key, where the cuts are not crowded. Both steps of
// finding the class are small enough to be inlined, and neither takes a branch
// that depends on the key.
func (c *Cuts) Cell(key int64) *Cell {
	at := (uint64(max(key, c.first)) - uint64(c.first)) >> (c.shift & 63)
	return &c.cells[min(at, uint64(len(c.cells)-1))]
}

// Class gives how many of all cuts are no greater than a key of the cell.
func (k *Cell) Class(key int64) int {
	return k.before + passed(k.cuts[0] <= key) + passed(k.cuts[1] <= key) + passed(k.cuts[2] <= key) + passed(k.cuts[3] <= key)
}
