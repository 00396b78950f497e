package dsl

import "fmt"

// Pos is a place in a source text. Line and Column count from one, Column in
// characters; Offset counts bytes from zero. The zero Pos is no place: the
// thing was made by a program or read from JSON.
type Pos struct {
	Offset, Line, Column int
}

// IsValid tells whether the position is a place in a text.
func (p Pos) IsValid() bool { return p.Line > 0 }

func (p Pos) String() string {
	if !p.IsValid() {
		return "-"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}
