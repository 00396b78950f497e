package main

import (
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
)

// ids remembers the accounts that were met, so that one that stands twice is
// not scored twice. Files are long, and an id may be: of each only a hash is
// kept, in tables without pointers that grow one after the other. The seed is
// random, so no file can be made to collide; two of a million ids do so in one
// run of 37 million. The zero ids is ready.
type ids struct {
	distinct bool // they are known to be, so that nothing is kept
	seed     maphash.Seed
	seeded   bool
	shards   [256]idTable
}

// idTable is an open-addressed set of hashes, zero for a free place.
type idTable struct {
	places []uint64
	taken  int
}

// admit is an error where an account has no id, or one that was met already.
func (s *ids) admit(id string) error {
	if strings.TrimSpace(id) == "" {
		return errors.New("the account has no id")
	}
	if s.distinct {
		return nil
	}
	if !s.seeded {
		s.seed, s.seeded = maphash.MakeSeed(), true
	}
	hash := max(maphash.String(s.seed, id), 1)
	if !s.shards[hash>>56].add(hash) {
		return fmt.Errorf("the account %s stands a second time", quoted(id))
	}
	return nil
}

// add is false where the hash is there already.
func (t *idTable) add(hash uint64) bool {
	if t.taken >= len(t.places)/4*3 {
		old := t.places
		t.places, t.taken = make([]uint64, max(16, 2*len(old))), 0
		for _, h := range old {
			if h != 0 {
				t.add(h)
			}
		}
	}
	at := hash & uint64(len(t.places)-1)
	for ; t.places[at] != 0; at = (at + 1) & uint64(len(t.places)-1) {
		if t.places[at] == hash {
			return false
		}
	}
	t.places[at] = hash
	t.taken++
	return true
}
