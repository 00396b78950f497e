package dsl

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixedValues are the known values of an account.
type fixedValues map[string]Value

func (v fixedValues) At() time.Time { return time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC) }

func (v fixedValues) Value(field string) (Value, bool) {
	value, known := v[field]
	return value, known
}

// A program holds what it reads, and nothing of the other fields there are.
func TestTreeProgramHoldsWhatItReads(t *testing.T) {
	schema := Schema{Scope: AccountScope, Fields: []Field{
		{Name: "a", Type: NumberType}, {Name: "b", Type: TextType}, {Name: "c", Type: NumberType}, {Name: "d", Type: NumberType}}}
	values := fixedValues{"a": {Kind: NumberValue, Number: 1}, "c": {Kind: NumberValue, Number: 3}, "d": {Kind: NumberValue, Number: 4}}
	for _, l := range []Language{Rules(), Expr()} {
		p, err := l.Compile("d > c and c == 3", schema)
		require.NoError(t, err)
		assert.Equal(t, []string{"c", "d"}, p.Fields())
		assert.Equal(t, True, p.Eval(values))
		assert.Equal(t, Unknown, p.Eval(fixedValues{"d": {Kind: NumberValue, Number: 4}, "a": {Kind: NumberValue}}))
		tree := p.(*treeProgram)
		assert.Len(t, tree.types, 2)
	}
}
