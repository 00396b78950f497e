package cond

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold maps a text so that texts that differ in case alone become equal, by
// Unicode's simple folding. A text that is its own folding is returned as is.
func Fold(s string) string {
	return strings.Map(foldRune, s)
}

// foldRune gives the smallest rune of r's folding orbit, in lower case for
// ASCII so that common texts are their own folding.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	least := r
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		least = min(least, f)
	}
	if 'A' <= least && least <= 'Z' {
		return least + 'a' - 'A'
	}
	return least
}

func equalText(a, b string, fold bool) bool {
	if fold {
		return strings.EqualFold(a, b)
	}
	return a == b
}

func testText(op Op, s, part string, fold bool) bool {
	if fold {
		s, part = Fold(s), Fold(part)
	}
	switch op {
	case Contains:
		return strings.Contains(s, part)
	case Starts:
		return strings.HasPrefix(s, part)
	case Ends:
		return strings.HasSuffix(s, part)
	}
	return hasWord(s, part)
}

// hasWord tells whether word stands in s with no letter or digit touching it.
func hasWord(s, word string) bool {
	if word == "" {
		return false
	}
	for from := 0; ; {
		i := strings.Index(s[from:], word)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, size := utf8.DecodeRuneInString(s[i+len(word):])
		if (i == 0 || !isWord(before)) && (size == 0 || !isWord(after)) {
			return true
		}
		_, size = utf8.DecodeRuneInString(s[i:])
		from = i + size
	}
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}

func hasItem(list []string, item string, fold bool) bool {
	for _, s := range list {
		if equalText(s, item, fold) {
			return true
		}
	}
	return false
}
