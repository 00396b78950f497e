package accountscore

// slab hands out parts of a few large slices. An explanation is made of very
// many small lists, and to allocate each would take longer than all else.
type slab[T any] struct {
	free []T
	left int // that will still be wanted, at most
}

// maxSlab bounds what a slab allocates ahead: what is wanted at most may be far
// more than what is.
const maxSlab = 64

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

func (s *slab[T]) grow(n int) { s.free = make([]T, max(n, min(s.left, maxSlab))) }

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
