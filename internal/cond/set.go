package cond

import "slices"

// Set is a constant set of numbers or texts. It is immutable.
type Set struct {
	Nums  []float64 // sorted
	Texts []string  // as written, in order of writing
	index map[string]struct{}
	fold  bool
	most  int // the length of the longest folded text
}

// NewSet makes a set of numbers or of texts; fold ignores the texts' case.
func NewSet(nums []float64, texts []string, fold bool) *Set {
	s := &Set{Nums: slices.Compact(slices.Sorted(slices.Values(nums))), Texts: texts, fold: fold}
	if len(texts) > 0 {
		s.index = make(map[string]struct{}, len(texts))
	}
	for _, t := range texts {
		if fold {
			t = Fold(t)
			s.most = max(s.most, len(t))
		}
		s.index[t] = struct{}{}
	}
	return s
}

// HasText tells whether t is in the set.
func (s *Set) HasText(t string) bool {
	if !s.fold {
		_, ok := s.index[t]
		return ok
	}
	if Beyond(t, s.most) {
		return false
	}
	var f Folder
	_, ok := s.index[f.Fold(t)]
	return ok
}

// HasNum tells whether f is in the set.
func (s *Set) HasNum(f float64) bool {
	_, ok := slices.BinarySearch(s.Nums, f)
	return ok
}
