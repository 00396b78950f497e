package editors

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const grammarFile = "accountscore.tmLanguage.json"

// pattern is a rule of a TextMate grammar: a match, a region from begin to
// end, an include, or a group of patterns.
type pattern struct {
	Comment       string
	Name          string
	Include       string
	Match         string
	Begin, End    string
	Captures      map[string]*pattern
	BeginCaptures map[string]*pattern
	EndCaptures   map[string]*pattern
	Patterns      []*pattern

	start, end *finder
}

type grammar struct {
	Comment    string
	Name       string
	ScopeName  string
	FileTypes  []string
	Patterns   []*pattern
	Repository map[string]*pattern

	finders []*finder
}

// readGrammar loads the grammar. Every expression has to be one of RE2, which
// has no look-around; what RE2 and Oniguruma both read they read alike.
func readGrammar(t testing.TB) *grammar {
	t.Helper()
	src, err := os.ReadFile(grammarFile)
	if err != nil {
		t.Fatal(err)
	}
	g := &grammar{}
	dec := json.NewDecoder(strings.NewReader(string(src)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(g); err != nil {
		t.Fatal(err)
	}
	for _, p := range g.Patterns {
		g.compile(t, p)
	}
	for name, p := range g.Repository {
		if len(p.Patterns) == 0 {
			t.Errorf("repository %s holds no patterns", name)
		}
		g.compile(t, p)
	}
	return g
}

func (g *grammar) compile(t testing.TB, p *pattern) {
	t.Helper()
	switch {
	case p.Include != "":
		if g.Repository[strings.TrimPrefix(p.Include, "#")] == nil {
			t.Errorf("include %s leads nowhere", p.Include)
		}
	case p.Match != "":
		p.start = g.finder(t, p.Match)
		checkCaptures(t, p.Match, p.start, p.Captures)
	case p.Begin != "":
		p.start, p.end = g.finder(t, p.Begin), g.finder(t, p.End)
		checkCaptures(t, p.Begin, p.start, p.BeginCaptures)
		checkCaptures(t, p.End, p.end, p.EndCaptures)
	}
	for _, q := range p.Patterns {
		g.compile(t, q)
	}
}

func checkCaptures(t testing.TB, expr string, f *finder, captures map[string]*pattern) {
	t.Helper()
	for key := range captures {
		if n, err := strconv.Atoi(key); err != nil || n > f.groups {
			t.Errorf("%s has no group %s", expr, key)
		}
	}
}

// finder finds an expression in a line from an offset on, with what stands
// before the offset as its context, as an editor does.
type finder struct {
	first, later *regexp.Regexp // at the line's beginning, and behind a character
	groups       int

	line  string // of the last answer
	from  int
	found []int
}

func (g *grammar) finder(t testing.TB, expr string) *finder {
	t.Helper()
	re, err := regexp.Compile(expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	f := &finder{
		first:  regexp.MustCompile(`\A(?s:.*?)(` + expr + `)`),
		later:  regexp.MustCompile(`\A(?s:.)(?s:.*?)(` + expr + `)`),
		groups: re.NumSubexp(),
		from:   -1,
	}
	g.finders = append(g.finders, f)
	return f
}

// find gives the offsets of the leftmost match at or after from and of its
// groups, nil if there is none.
func (f *finder) find(line string, from int) []int {
	if f.from >= 0 && f.from <= from && f.line == line && (f.found == nil || f.found[0] >= from) {
		return f.found
	}
	re, base := f.first, 0
	if from > 0 {
		_, size := utf8.DecodeLastRuneInString(line[:from])
		re, base = f.later, from-size
	}
	m := re.FindStringSubmatchIndex(line[base:])
	if m != nil {
		m = m[2:]
		for i := range m {
			if m[i] >= 0 {
				m[i] += base
			}
		}
	}
	f.line, f.from, f.found = line, from, m
	return m
}

// painter gives every byte of a text its scope.
type painter struct {
	g      *grammar
	stack  []*pattern // regions that are open
	scopes []string   // of the line's bytes
}

// paint gives the scopes of the bytes of each line.
func (g *grammar) paint(text string) [][]string {
	for _, f := range g.finders {
		f.from = -1
	}
	p := &painter{g: g}
	var all [][]string
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		p.scopes = make([]string, len(line))
		p.line(line)
		all = append(all, p.scopes)
	}
	return all
}

func (p *painter) line(line string) {
	at := 0
	for at <= len(line) {
		patterns := p.g.Patterns
		var open *pattern
		if n := len(p.stack); n > 0 {
			open = p.stack[n-1]
			patterns = open.Patterns
		}
		var best *pattern
		var where []int
		p.first(patterns, line, at, map[*pattern]bool{}, &best, &where)
		// The end of a region comes before what begins at the same place.
		if open != nil {
			if m := open.end.find(line, at); m != nil && (where == nil || m[0] <= where[0]) {
				p.fill(at, m[0], open.Name)
				p.fill(m[0], m[1], open.Name)
				p.capture(m, open.EndCaptures)
				p.stack = p.stack[:len(p.stack)-1]
				at = m[1]
				continue
			}
		}
		if best == nil {
			break
		}
		if open != nil {
			p.fill(at, where[0], open.Name)
		}
		p.fill(where[0], where[1], best.Name)
		p.capture(where, best.Captures)
		p.capture(where, best.BeginCaptures)
		if best.Begin != "" {
			p.stack = append(p.stack, best)
		} else if where[1] == where[0] {
			panic("an empty match: " + best.Match)
		}
		at = where[1]
	}
	if n := len(p.stack); n > 0 && at < len(line) {
		p.fill(at, len(line), p.stack[n-1].Name)
	}
}

// first finds the leftmost of patterns; of several at one place the first.
func (p *painter) first(patterns []*pattern, line string, at int, seen map[*pattern]bool, best **pattern, where *[]int) {
	for _, q := range patterns {
		switch {
		case q.Include != "":
			if r := p.g.Repository[strings.TrimPrefix(q.Include, "#")]; !seen[r] {
				seen[r] = true
				p.first(r.Patterns, line, at, seen, best, where)
			}
		case q.start != nil:
			if m := q.start.find(line, at); m != nil && (*where == nil || m[0] < (*where)[0]) {
				*best, *where = q, m
			}
		}
	}
}

func (p *painter) fill(from, to int, scope string) {
	for i := from; i < to; i++ {
		p.scopes[i] = strings.TrimSuffix(scope, ".accountscore")
	}
}

func (p *painter) capture(m []int, captures map[string]*pattern) {
	for n := 0; 2*n < len(m); n++ {
		if c := captures[strconv.Itoa(n)]; c != nil && m[2*n] >= 0 {
			p.fill(m[2*n], m[2*n+1], c.Name)
		}
	}
}

// scopesOf gives the scopes of the pieces of a line that are apart by spaces,
// for messages.
func scopesOf(line string, scopes []string) string {
	var b strings.Builder
	for i := 0; i < len(line); {
		j := i + 1
		for j < len(line) && scopes[j] == scopes[i] {
			j++
		}
		if piece := strings.TrimSpace(line[i:j]); piece != "" {
			fmt.Fprintf(&b, "\n\t%-20s %s", piece, scopes[i])
		}
		i = j
	}
	return b.String()
}
