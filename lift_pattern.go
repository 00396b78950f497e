package accountscore

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// maxSample bounds a text that is made for a pattern, in bytes.
const maxSample = 256

// samples gives texts that a pattern is made for: with what may be left out and
// without it, and with each of the first alternatives. They are to be tried.
func samples(pattern string) []string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	var list []string
	for _, s := range [...]sampler{{times: 0}, {times: 1}, {times: 1, way: 1}, {times: 2, way: 2}} {
		s.write(re)
		list = append(list, s.text.String())
	}
	return list
}

// sampler writes a text for a pattern.
type sampler struct {
	times int // that what may be left out or repeated is written
	way   int // of alternatives
	text  strings.Builder
}

func (s *sampler) write(re *syntax.Regexp) {
	if s.text.Len() > maxSample {
		return
	}
	repeat := func(least, most int) {
		n := max(least, s.times)
		if most >= 0 {
			n = min(n, most)
		}
		for i := 0; i < n && s.text.Len() <= maxSample; i++ {
			s.write(re.Sub[0])
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		s.text.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		s.text.WriteRune(readable(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		s.text.WriteByte('x')
	case syntax.OpCapture:
		s.write(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			s.write(sub)
		}
	case syntax.OpAlternate:
		s.write(re.Sub[s.way%len(re.Sub)])
	case syntax.OpStar:
		repeat(0, -1)
	case syntax.OpPlus:
		repeat(1, -1)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, re.Max)
	}
}

// readable gives a character of a class, given as ranges, that people read.
func readable(ranges []rune) rune {
	for _, want := range [...]rune{'a', 'A', '1', 'x', 'X', '-', ' '} {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= want && want <= ranges[i+1] {
				return want
			}
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= min(ranges[i+1], ranges[i]+maxSample); r++ {
			if unicode.IsPrint(r) {
				return r
			}
		}
	}
	return '?'
}
