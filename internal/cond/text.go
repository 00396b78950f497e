package cond

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func equalText(a, b string, fold bool) bool {
	if fold {
		return strings.EqualFold(a, b)
	}
	return a == b
}

func testText(op Op, s, part string, fold bool) bool {
	switch {
	case !fold:
		return tests(op, s, part)
	case len(s) <= foldRoom && len(part) <= foldRoom:
		var f, g Folder
		return tests(op, f.Fold(s), g.Fold(part))
	}
	return testLong(op, s, part)
}

// testLong is testText where case is ignored, for texts of up to some KiB.
func testLong(op Op, s, part string) bool {
	var room, partRoom [longRoom]byte
	return tests(op, folded(room[:0], s), folded(partRoom[:0], part))
}

// tests tells whether part stands in s where op asks for it.
func tests(op Op, s, part string) bool {
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
