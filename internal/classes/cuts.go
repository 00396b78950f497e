// Package classes tells which class of values a value is in: between which
// cuts a number lies, which of some texts a text is. A class is all that a rule
// with constant bounds can tell of a value, so what rules earn can be looked up
// by it.
package classes

// linear is up to how many cuts counting them all beats halving them.
const linear = 8

// Count gives how many of the ascending cuts are no greater than v. It takes no
// branch that depends on v: those are what a hand-written score spends its time
// on.
func Count[T int64 | float64](cuts []T, v T) int {
	from := 0
	// Of n cuts from here on, those before the half are passed in one step where
	// the one at the half is.
	for n := len(cuts); n > linear; {
		half := n / 2
		step := 0
		if cuts[from+half-1] <= v {
			step = half
		}
		from += step
		n -= half
	}
	rest := cuts[from:min(from+linear, len(cuts))]
	count := 0
	for _, c := range rest {
		passed := 0
		if c <= v {
			passed = 1
		}
		count += passed
	}
	return from + count
}
