package spell

// MaxName is how many bytes a name may have to be compared.
const MaxName = 48

// shortWord is how many letters a short word has.
const shortWord = 3

// maxCompared is how many names one Speller compares.
const maxCompared = 200_000

// Speller finds what a misspelt name was meant to be. It compares with every
// name that there is, so it gives up after so many: a ruleset of thousands of
// fields and as many slips would take seconds. The zero Speller is ready; it is
// for one goroutine.
type Speller struct {
	compared int
	plain    map[string]string // names as Fold gives them
}

// Near gives the name that was probably meant; empty if none is close. among
// is called only where the answer will be looked for.
func (s *Speller) Near(name string, among func() []string) string {
	if name == "" || len(name) > MaxName || s.compared >= maxCompared {
		return ""
	}
	return s.Suggest(name, among())
}

// Suggest is Near with a list that is there already.
func (s *Speller) Suggest(name string, among []string) string {
	if name == "" || len(name) > MaxName {
		return ""
	}
	plain := Fold(name)
	// One slip in a short name, up to three in a long one, never all of it.
	best, limit := "", min(2+len(plain)/4, 4, max(len(plain), 1))
	for _, other := range among {
		if s.compared++; s.compared > maxCompared {
			break
		}
		if other == name || len(other) > MaxName {
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
func (s *Speller) fold(name string) string {
	plain, ok := s.plain[name]
	if !ok {
		if s.plain == nil {
			s.plain = map[string]string{}
		}
		plain = Fold(name)
		s.plain[name] = plain
	}
	return plain
}

// distance counts the letters to insert, drop, change or swap to make b of a;
// it gives up at limit.
func distance(a, b string, limit int) int {
	if len(a) > MaxName || len(b) > MaxName || len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var rows [3][MaxName + 1]int
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
