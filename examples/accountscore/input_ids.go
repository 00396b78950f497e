package main

import (
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"strings"
)

// ids remembers where each account stood, so that one that stands twice is
// not scored twice. Of an id only a hash of 128 bits is kept: files are long,
// and an id may be. The zero ids is ready.
type ids struct {
	seeds [2]maphash.Seed
	seen  map[[2]uint64]stood
	files []string
}

// stood is where an account was met first.
type stood struct{ file, line uint32 }

// admit is an error where an account has no id, or one that was met already.
func (s *ids) admit(id, file string, line int) error {
	if strings.TrimSpace(id) == "" {
		return errors.New("the account has no id")
	}
	if s.seen == nil {
		s.seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
		s.seen = map[[2]uint64]stood{}
	}
	if n := len(s.files); n == 0 || s.files[n-1] != file {
		s.files = append(s.files, file)
	}
	hash := [2]uint64{maphash.String(s.seeds[0], id), maphash.String(s.seeds[1], id)}
	if was, twice := s.seen[hash]; twice {
		where := fmt.Sprintf("in line %d", was.line)
		if s.files[was.file] != file {
			where = fmt.Sprintf("in %s:%d", s.files[was.file], was.line)
		}
		return fmt.Errorf("the account %s stands %s already", quoted(id), where)
	}
	s.seen[hash] = stood{uint32(len(s.files) - 1), uint32(min(uint64(line), math.MaxUint32))}
	return nil
}
