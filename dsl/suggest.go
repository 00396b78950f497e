package dsl

import "github.com/accountscore/accountscore/internal/spell"

const (
	maxSuggest  = 48      // bytes of a name that is worth comparing
	shortWord   = 3       // letters
	maxCompared = 200_000 // names that one reading of a ruleset compares
)

// speller finds what a misspelt name was meant to be. It compares with every
// name that there is, so it gives up after so many: a ruleset of thousands of
// fields and as many slips would take seconds. The zero speller is ready.
type speller struct {
	compared int
	plain    map[string]string // names as spell.Fold gives them
}

// near gives the name that was probably meant; empty if none is close. among
// is called only where the answer will be looked for.
func (s *speller) near(name string, among func() []string) string {
	if name == "" || len(name) > maxSuggest || s.compared >= maxCompared {
		return ""
	}
	return s.suggest(name, among())
}

// suggest is near with a list that is there already.
func (s *speller) suggest(name string, among []string) string {
	if name == "" || len(name) > maxSuggest {
		return ""
	}
	plain := spell.Fold(name)
	// One slip in a short name, up to three in a long one, never all of it.
	best, limit := "", min(2+len(plain)/4, 4, max(len(plain), 1))
	for _, other := range among {
		if s.compared++; s.compared > maxCompared {
			break
		}
		if other == name || len(other) > maxSuggest {
			continue
		}
		most, folded := limit, s.fold(other)
		if len(folded) <= shortWord {
			most = min(limit, 2) // of "let" a word with two slips is another word
		}
		if d := distance(plain, folded, most); d < most {
			best, limit = other, d
		}
	}
	return best
}

// fold folds a name once.
func (s *speller) fold(name string) string {
	plain, ok := s.plain[name]
	if !ok {
		if s.plain == nil {
			s.plain = map[string]string{}
		}
		plain = spell.Fold(name)
		s.plain[name] = plain
	}
	return plain
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
