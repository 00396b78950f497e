package dsl

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode/utf8"
)

// bounds is what the conditions of a ruleset may use up together.
type bounds struct {
	speller
	patterns
}

// patterns makes the regular expressions of a ruleset. A few bytes can stand
// for thousands of steps, so that the bounds of a text do not bound what its
// patterns cost. The zero patterns is ready.
type patterns struct {
	spent int  // of most
	most  int  // zero: MaxPatterns
	over  bool // that it is spent was reported
	made  map[string]*regexp.Regexp
}

const patternFix = "patterns follow Go's regexp/syntax (RE2); quote special characters with a backslash"

// compile makes a pattern, a text that stands twice only once. Without an
// error it gives nil where the bound was reported before.
func (p *patterns) compile(pattern string) (*regexp.Regexp, *Error) {
	if re := p.made[pattern]; re != nil {
		return re, nil
	}
	if ok, err := p.take(pattern); !ok {
		return nil, err
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, wrongPattern(err)
	}
	if p.made == nil {
		p.made = map[string]*regexp.Regexp{}
	}
	p.made[pattern] = re
	return re, nil
}

// take holds a pattern to the bounds before somebody compiles it. That all
// patterns together are too large is an error once.
func (p *patterns) take(pattern string) (bool, *Error) {
	if p.over {
		return false, nil
	}
	size := readingCost(pattern)
	if size <= MaxPattern {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			p.spent += size
			return false, wrongPattern(err)
		}
		size += patternSteps(tree)
	}
	p.spent += min(size, MaxPattern)
	most := p.most
	if most == 0 {
		most = MaxPatterns
	}
	switch {
	case size > MaxPattern:
		return false, newError(place{}, Pos{}, CodeLimit, fmt.Sprintf("the pattern is too large: %d steps, and at most %d are taken", size, MaxPattern), "write smaller repetitions and fewer classes, or use contains, starts with and has word")
	case p.spent > most:
		p.over = true
		return false, newError(place{}, Pos{}, CodeLimit, fmt.Sprintf("the patterns of the ruleset are too large together: more than %d steps", most), "write smaller repetitions and fewer classes, or split the model")
	}
	return true, nil
}

func wrongPattern(err error) *Error {
	return newError(place{}, Pos{}, CodeValue, fmt.Sprintf("the pattern is wrong: %v", err), patternFix)
}

const (
	classCost = 100 // of reading a class such as \pL, which has hundreds of ranges
	foldCost  = 32  // characters of a range that cost a step where case is ignored
)

// readingCost is what the text of a pattern costs before its steps can be
// counted: its Unicode classes, and its ranges where case is ignored, which
// are gone through character by character.
func readingCost(pattern string) int {
	cost := classCost * (strings.Count(pattern, `\p`) + strings.Count(pattern, `\P`))
	if !strings.Contains(pattern, "(?") {
		return cost
	}
	for rest := pattern; cost <= MaxPattern; {
		_, after, found := strings.Cut(rest, "-")
		if !found {
			break
		}
		rest = after
		end, _ := utf8.DecodeRuneInString(rest)
		if hex, ok := strings.CutPrefix(rest, `\x{`); ok {
			hex, _, _ = strings.Cut(hex, "}")
			n, err := strconv.ParseInt(hex, 16, 32)
			if err != nil || n > utf8.MaxRune {
				continue // no range: the pattern is wrong
			}
			end = rune(n)
		}
		cost += int(end) / foldCost
	}
	return cost
}

// patternSteps counts the instructions that a pattern compiles to, near enough.
func patternSteps(re *syntax.Regexp) int {
	n := 1
	for _, sub := range re.Sub {
		n += patternSteps(sub)
	}
	switch re.Op {
	case syntax.OpLiteral:
		n = max(1, len(re.Rune))
	case syntax.OpRepeat:
		n *= max(re.Min, re.Max, 1)
	}
	return n
}
