package accountscore

// slab hands out parts of a few large slices. An explanation is made of very
// many small lists, and to allocate each would take longer than all else.
type slab[T any] struct {
	room []T // what is left, with no length
	size int // of the next large slice
}

// maxSlab bounds what a slab allocates ahead.
const maxSlab = 1024

// take gives an empty list with room for n. Before the next is taken, keep
// tells how much of it is used.
func (s *slab[T]) take(n int) []T {
	if cap(s.room) < n {
		s.room = make([]T, 0, max(n, min(s.size, maxSlab)))
	}
	return s.room[:0:n]
}

// keep closes the list that was taken last; nil where nothing is in it.
func (s *slab[T]) keep(list []T) []T {
	n := len(list)
	if n == 0 {
		return nil
	}
	if cap(s.room) >= n && &list[0] == &s.room[:1][0] {
		s.room = s.room[n:n] // it has not outgrown its room
	}
	return list[:n:n]
}

// one hands out a copy of a value.
func (s *slab[T]) one(v T) *T { return &s.keep(append(s.take(1), v))[0] }
