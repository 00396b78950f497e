// Package spell tells a slip of the pen from another word, and finds what a
// misspelt name was meant to be.
package spell

import "strings"

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// Fold takes off what people get wrong first: case and underscores.
func Fold(s string) string { return strings.ToLower(separators.Replace(s)) }

// shortest is how long the shorter of two words is that differ by a slip: of
// shorter ones a letter more or less is mostly another word.
const shortest = 4

// Slip tells whether two names that differ are one name with one slip: case,
// an underscore, two letters swapped, a letter left out or doubled, a plural
// for a singular, or, inside a long word, a wrong letter. Names that differ by
// a digit are a series, and names that differ at the first letter two words.
func Slip(a, b string) bool {
	if a == b {
		return false
	}
	x, y := []rune(Fold(a)), []rune(Fold(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(y)-len(x) > 1 || len(x) < shortest && string(x) != string(y) || len(x) == 0 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch {
	case i == len(y):
		return true
	case i == 0 || digit(y[i]) || i < len(x) && digit(x[i]):
		return false
	case len(x) < len(y):
		last := i == len(x)
		return string(x[i:]) == string(y[i+1:]) && (!last || y[i] == 's' || y[i] == y[i-1])
	case i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i]:
		return string(x[i+2:]) == string(y[i+2:])
	}
	const long = 7 // state is no slip of stage
	return len(x) >= long && i+1 < len(x) && string(x[i+1:]) == string(y[i+1:])
}

func digit(r rune) bool { return '0' <= r && r <= '9' }
