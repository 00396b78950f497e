package accountscore

// slab hands out parts of a few large slices. An explanation is made of very
// many small lists, and to allocate each would take longer than all else.
type slab[T any] struct {
	free []T
	last []T // the latest large slice, of which free is the end
	left int // that will still be wanted, at most
	all  int // that a slice which is kept should hold, at most; zero: none is
	had  int // items of the slice that the use before took
}

// maxSlab bounds what a slab allocates ahead: what is wanted at most may be far
// more than what is.
const maxSlab = 64

// open begins anew, with room for n items at most. Where it is kept, what it
// gave before is given again, as it was left.
func (s *slab[T]) open(n int, kept bool) {
	s.had = len(s.last) - len(s.free)
	s.free, s.left, s.all = s.last, n, 0
	if kept {
		s.all = n
	}
}

// stamp gives a copy of some items.
func (s *slab[T]) stamp(of []T) []T {
	if s.all == 0 {
		own := make([]T, len(of))
		copy(own, of) // at once, so that the new memory need not be looked at by the collector
		return own
	}
	own := s.take(len(of))
	copy(own, of)
	return own
}

// reserve makes room for n more items at once, which will all be taken.
func (s *slab[T]) reserve(n int) {
	s.left += n
	if n > len(s.free) {
		s.last, s.had = make([]T, n), 0
		s.free = s.last
	}
}

// close lets go of what only the use before had.
func (s *slab[T]) close() {
	if now := len(s.last) - len(s.free); now < s.had {
		clear(s.last[now:s.had])
	}
}

// take gives n items.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.grow(n)
	}
	s.left -= n
	part := s.free[:n:n]
	s.free = s.free[n:]
	return part
}

// grow makes room for n items, and for those that follow. What is kept grows
// until one slice holds all.
func (s *slab[T]) grow(n int) {
	ahead := min(s.left, maxSlab)
	if s.all > 0 {
		ahead = min(s.all, max(maxSlab, 2*len(s.last)))
	}
	s.last, s.had = make([]T, max(n, ahead)), 0
	s.free = s.last
}

// next gives the item that one will give.
func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.grow(1)
	}
	return &s.free[0]
}

// one gives one item.
func (s *slab[T]) one() *T { return &s.take(1)[0] }

// begin gives an empty list, to append up to n items to. Before anything else
// is taken, end tells what became of it.
func (s *slab[T]) begin(n int) []T {
	if n > maxSlab {
		return nil
	}
	if n > len(s.free) {
		s.grow(n)
	}
	return s.free[:0:n]
}

// end closes the list that begin gave for n items; nil where nothing is in it.
func (s *slab[T]) end(n int, list []T) []T {
	s.left -= n
	if len(list) == 0 {
		return nil
	}
	if n <= maxSlab && len(list) <= n { // it has not outgrown its room
		s.free = s.free[len(list):]
	}
	return list[:len(list):len(list)]
}
