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
	// rest holds what the table does not: all where no seed keeps the texts
	// apart, and folded texts beyond ASCII.
	rest map[string]int
}

type text struct {
	key   string
	class int
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
			keys = append(keys, text{s, len(keys) + 1})
		}
	}
	var plain []text
	for _, k := range keys {
		if fold && !ascii(k.key) {
			t.keep(k)
		} else {
			plain = append(plain, k)
		}
	}
	if !t.spread(plain) {
		for _, k := range plain {
			t.keep(k)
		}
	}
	return t
}

func (t *Texts) keep(k text) {
	if t.rest == nil {
		t.rest = map[string]int{}
	}
	t.rest[k.key] = k.class
}

// attempts is how many seeds are tried for each size of the table.
const attempts = 64

// spread looks for a table that has a place of its own for each text.
func (t *Texts) spread(keys []text) bool {
	if len(keys) == 0 {
		return true
	}
	least := bits.Len(uint(2*len(keys) - 1))
	for size := least; size <= least+2; size++ {
		for i := range uint64(attempts) {
			t.seed, t.shift = (2*i+1)*0x9E3779B97F4A7C15, uint8(64-size)
			if t.fill(keys, 1<<size) {
				return true
			}
		}
	}
	t.table = nil
	return false
}

func (t *Texts) fill(keys []text, size int) bool {
	t.table = make([]text, size)
	for _, k := range keys {
		place := &t.table[t.hash(k.key)]
		if place.class > 0 {
			return false
		}
		*place = k
	}
	return true
}

// Class gives the number of a text, zero for any that is not among them.
func (t *Texts) Class(s string) int {
	if len(t.table) > 0 {
		if k := &t.table[t.hash(s)]; len(k.key) == len(s) && (k.key == s || t.fold && strings.EqualFold(k.key, s)) {
			return k.class
		}
	}
	if t.rest != nil || t.fold && !ascii(s) {
		return t.lookup(s)
	}
	return 0
}

// lookup is for texts that the table does not hold, or that ASCII texts of
// another length may equal.
func (t *Texts) lookup(s string) int {
	if t.fold {
		s = cond.Fold(s)
	}
	if class, ok := t.rest[s]; ok {
		return class
	}
	if t.fold && len(t.table) > 0 {
		if k := &t.table[t.hash(s)]; k.key == s {
			return k.class
		}
	}
	return 0
}

// hash looks at the length and the ends of a text: few texts that people
// compare with are alike in both.
func (t *Texts) hash(s string) uint64 {
	var head, tail uint64
	switch n := len(s); {
	case n >= 8:
		head, tail = load8(s), load8(s[n-8:])
	case n >= 4:
		head, tail = load4(s), load4(s[n-4:])
	case n > 0:
		head = uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16
	}
	if t.fold {
		const lower = 0x2020202020202020
		head, tail = head|lower, tail|lower
	}
	h := (head ^ bits.RotateLeft64(tail, 29) + uint64(len(s))) * t.seed
	return (h ^ h>>32) * t.seed >> t.shift
}

func load8(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
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
