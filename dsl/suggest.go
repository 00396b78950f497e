package dsl

import "strings"

const maxSuggest = 48 // bytes of a name that is worth comparing

// suggest gives the name among those given that name was probably meant to
// be; empty if none is close.
func suggest(name string, among []string) string {
	if name == "" || len(name) > maxSuggest {
		return ""
	}
	plain := foldName(name)
	// One slip in a short name, up to three in a long one, never all of it.
	best, limit := "", min(2+len(plain)/4, 4, max(len(plain), 1))
	for _, other := range among {
		if other == name || len(other) > maxSuggest {
			continue
		}
		if d := distance(plain, foldName(other), limit); d < limit {
			best, limit = other, d
		}
	}
	return best
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// foldName takes off what people get wrong first: case and underscores.
func foldName(s string) string {
	return strings.ToLower(separators.Replace(s))
}

// distance counts the letters to insert, drop, change or swap to make b of a;
// it gives up at limit.
func distance(a, b string, limit int) int {
	if len(a) > maxSuggest || len(b) > maxSuggest || len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var rows [3][maxSuggest + 1]int
	before, above, row := rows[0][:], rows[1][:], rows[2][:]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(change, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit)
}
