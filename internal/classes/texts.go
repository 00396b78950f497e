package classes

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/cond"
)

// Texts numbers some texts from one. It is immutable; the zero Texts holds
// none.
type Texts struct {
	table []text // by hash; its length is a power of two
	seed  uint64
	shift uint8
	fold  bool
	exact bool // a text of up to whole bytes is in the table or nowhere
	// rest holds all texts where no seed keeps them apart, or where folded ones
	// can equal a text that is not as long.
	rest map[string]int
	most int // the length of the longest text
}

// text is one text. What its ends hold decides whether another of up to
// sixteen bytes is the same.
type text struct {
	head, tail uint64
	length     int32
	class      int32
	key        string
}

// NewTexts numbers texts in their order, each once; fold ignores their case.
func NewTexts(texts []string, fold bool) *Texts {
	t := &Texts{fold: fold}
	var keys []text
	seen := map[string]bool{}
	for _, s := range texts {
		if fold {
			s = cond.Fold(s)
		}
		if !seen[s] {
			seen[s] = true
			head, tail := ends(s)
			keys = append(keys, text{head, tail, int32(len(s)), int32(len(keys) + 1), s})
		}
	}
	var plain []text
	for _, k := range keys {
		t.most = max(t.most, len(k.key))
		if !fold || ascii(k.key) {
			plain = append(plain, k)
		}
	}
	if !t.spread(plain) || fold {
		t.rest = make(map[string]int, len(keys))
		for _, k := range keys {
			t.rest[k.key] = int(k.class)
		}
	}
	t.exact = !t.fold && t.rest == nil && len(t.table) > 0
	return t
}

// attempts is how many seeds are tried for each size of the table.
const attempts = 64

// maxSpread is how many texts may find places at all: of n texts in 8n places
// none meet with a chance of about e^(-n/16).
const maxSpread = 512

// spread looks for a table that has a place of its own for each text.
func (t *Texts) spread(keys []text) bool {
	if len(keys) == 0 {
		return true
	}
	if len(keys) > maxSpread {
		return false
	}
	least := bits.Len(uint(2*len(keys) - 1))
	for size := least; size <= least+2; size++ {
		t.table = make([]text, 1<<size)
		for i := range uint64(attempts) {
			t.seed, t.shift = (2*i+1)*0x9E3779B97F4A7C15, uint8(64-size)
			if t.fill(keys) {
				return true
			}
		}
	}
	t.table = nil
	return false
}

// fill places the texts, as far as none meets another.
func (t *Texts) fill(keys []text) bool {
	clear(t.table)
	for _, k := range keys {
		place := &t.table[t.hash(k.head, k.tail, len(k.key))]
		if place.class > 0 {
			return false
		}
		*place = k
	}
	return true
}

// Class gives the number of a text, zero for any that is not among them. For
// short texts it takes no branch that depends on which text it is.
func (t *Texts) Class(s string) int {
	n := len(s)
	if n > whole || !t.exact {
		return t.any(s)
	}
	// As ends does, in place: a call costs half as much as all of this.
	var head, tail uint64
	if n >= 4 {
		head, tail = load4(s)|load4(s[min(4, n-4):])<<32, load4(s[max(n-8, 0):])|load4(s[n-4:])<<32
	} else if n > 0 {
		head = uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	k := &t.table[t.hash(head, tail, n)&uint64(len(t.table)-1)]
	class := int(k.class)
	if (k.head^head)|(k.tail^tail)|uint64(k.length^int32(n)) != 0 {
		class = 0
	}
	return class
}

// any is Class for every text.
func (t *Texts) any(s string) int {
	if len(t.table) == 0 {
		return t.lookup(s)
	}
	head, tail := ends(s)
	k := &t.table[t.hash(head, tail, len(s))&uint64(len(t.table)-1)]
	same := k.head == head && k.tail == tail && int(k.length) == len(s)
	if same && k.class > 0 && (len(s) <= whole || k.key == s) || t.fold && len(k.key) == len(s) && strings.EqualFold(k.key, s) {
		return int(k.class)
	}
	return t.lookup(s)
}

// lookup is for texts that the table does not hold, or that ASCII texts of
// another length may equal.
func (t *Texts) lookup(s string) int {
	switch {
	case !t.fold:
		return t.rest[s]
	case cond.Beyond(s, t.most), len(t.table) > 0 && ascii(s):
		return 0
	}
	var f cond.Folder
	return t.rest[f.Fold(s)]
}

// whole is the length up to which the ends of a text are all of it.
const whole = 16

// ends gives the first and the last eight bytes of a text in two words, in an
// order of their own.
func ends(s string) (head, tail uint64) {
	n := len(s)
	if n < 4 {
		if n == 0 {
			return 0, 0
		}
		return uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16, 0
	}
	return load4(s) | load4(s[min(4, n-4):])<<32, load4(s[max(n-8, 0):]) | load4(s[n-4:])<<32
}

// hash looks at the length and the ends of a text: few texts that people
// compare with are alike in both.
func (t *Texts) hash(head, tail uint64, n int) uint64 {
	if t.fold {
		const lower = 0x2020202020202020
		head, tail = head|lower, tail|lower
	}
	return (head ^ bits.RotateLeft64(tail, 29) ^ uint64(n)) * t.seed >> (t.shift & 63)
}

func load4(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
