package dsl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzLex holds the tokens to the text: they stand in order, each where it says
// it is, and nothing but space, line ends and comments lies between them.
func FuzzLex(f *testing.F) {
	f.Add(string(healthcare(f)))
	for _, test := range forms {
		f.Add(test.src)
	}
	for _, part := range hostileParts {
		f.Add(strings.Repeat(part, 70))
	}
	f.Fuzz(func(t *testing.T, src string) {
		if _, _, fix := badText(src); fix != "" || len(src) > MaxSource {
			return // the lexer is not asked
		}
		l := lex(src, 0, len(src), Pos{Line: 1, Column: 1}, 0, false)
		require.NotEmpty(t, l.toks)
		at := placer{src: src, line: 1, col: 1}
		end := 0
		for i, tok := range l.toks {
			require.LessOrEqual(t, end, int(tok.off), "token %d", i)
			require.LessOrEqual(t, tok.off, tok.end)
			require.Equal(t, at.at(int(tok.off)), tok.pos(), "token %d", i)
			if l.limit == nil && tok.kind != tError { // what is in a broken list is given up
				requireGap(t, src[end:tok.off])
			}
			end = int(tok.end)
		}
		last := l.toks[len(l.toks)-1]
		require.Equal(t, tEOF, last.kind)
		if l.limit == nil {
			require.Equal(t, len(src), int(last.off))
		}
	})
}

// requireGap tells that what lies between two tokens says nothing.
func requireGap(t *testing.T, gap string) {
	t.Helper()
	for gap != "" {
		switch {
		case gap[0] == '#' || strings.HasPrefix(gap, "//"):
			gap = gap[endOfLine(gap, 0, len(gap)):]
		case strings.ContainsRune(" \t\r\n;", rune(gap[0])):
			gap = gap[1:]
		default:
			r := []rune(gap)[0]
			require.True(t, isOddSpace(r) || r == '\ufeff', "%q between tokens", gap)
			gap = gap[len(string(r)):]
		}
	}
}
