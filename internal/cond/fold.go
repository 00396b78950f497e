package cond

import (
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Fold maps a text so that texts that differ in case alone become equal, by
// Unicode's simple folding. A text of lower-case ASCII is returned as is.
func Fold(s string) string { return folded(nil, s) }

// foldRoom is how long a text may be that a [Folder] has room for; longRoom is
// that of tests that look into long texts.
const (
	foldRoom = 256
	longRoom = 4096
)

// Folder folds one text without allocating where its folding has up to foldRoom
// bytes: no folding is longer than its text, if that is UTF-8. What Fold gives
// holds as long as the Folder does, until it folds another.
type Folder struct{ room [foldRoom]byte }

// Fold is the function [Fold].
func (f *Folder) Fold(s string) string { return folded(f.room[:0], s) }

// FoldInto is [Fold] in memory behind what room holds, which holds the folding
// as well from then on.
func FoldInto(room *[]byte, s string) string {
	same := samePrefix(s)
	if same == len(s) {
		return s
	}
	from := len(*room)
	*room = appendFold(*room, s, same)
	return text((*room)[from:])
}

// folded is the folding of s, in room where it fits; s itself where that is its
// own and ASCII.
func folded(room []byte, s string) string {
	same := samePrefix(s)
	if same == len(s) {
		return s
	}
	return text(appendFold(room, s, same))
}

// samePrefix is how much of a text begins it that is lower-case ASCII.
func samePrefix(s string) int {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && !('A' <= s[i] && s[i] <= 'Z') {
		i++
	}
	return i
}

// appendFold appends the folding of s, of which so much is its own.
func appendFold(b []byte, s string, same int) []byte {
	b = append(b, s[:same]...)
	for _, r := range s[same:] {
		b = utf8.AppendRune(b, foldRune(r))
	}
	return b
}

func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Beyond tells that a text is too long for its folding to have at most so many
// bytes: of a character's three at most one is left.
func Beyond(s string, most int) bool { return len(s) > 3*most }

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
