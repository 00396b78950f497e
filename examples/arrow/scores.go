package arrow

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/accountscore/accountscore"
)

// Scores makes a record batch of scores: id, score, low, high, tier (a
// dictionary), tier_certain, a column "dimension.NAME" for each dimension,
// unknown and invalid. The schema depends on the model and on whether the table
// had ids, so that batch after batch fits one file. Numbers are not copied: keep
// the scores while the batch is used.
func Scores(s *accountscore.Scores) arrow.RecordBatch {
	b := &batch{rows: s.Len()}
	if s.IDs != nil {
		ids := array.NewStringBuilder(memory.DefaultAllocator)
		ids.AppendValues(s.IDs, nil)
		b.add("id", ids.NewArray())
	}
	b.floats("score", s.Score)
	b.floats("low", s.Low)
	b.floats("high", s.High)
	if len(s.Tier.Names) > 0 {
		names := array.NewStringBuilder(memory.DefaultAllocator)
		names.AppendValues(s.Tier.Names, nil)
		typ := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
		b.add("tier", array.NewDictionaryArray(typ, b.ints(s.Tier.Code), names.NewArray()))
	}
	bits := memory.NewBufferBytes(s.TierCertain)
	b.add("tier_certain", array.NewBooleanData(array.NewData(arrow.FixedWidthTypes.Boolean, s.Len(), []*memory.Buffer{nil, bits}, nil, 0, 0)))
	for _, d := range s.Dimensions {
		b.floats("dimension."+d.Name, d.Points)
	}
	b.add("unknown", b.ints(s.Unknown))
	b.add("invalid", b.ints(s.Invalid))
	return array.NewRecordBatch(arrow.NewSchema(b.fields, nil), b.columns, int64(b.rows))
}

type batch struct {
	rows    int
	fields  []arrow.Field
	columns []arrow.Array
}

func (b *batch) add(name string, c arrow.Array) {
	b.fields = append(b.fields, arrow.Field{Name: name, Type: c.DataType()})
	b.columns = append(b.columns, c)
}

func (b *batch) floats(name string, values []float64) {
	buffer := memory.NewBufferBytes(arrow.Float64Traits.CastToBytes(values))
	b.add(name, array.NewFloat64Data(array.NewData(arrow.PrimitiveTypes.Float64, len(values), []*memory.Buffer{nil, buffer}, nil, 0, 0)))
}

// ints makes a column; of nil, one of zeros.
func (b *batch) ints(values []int32) arrow.Array {
	if values == nil {
		values = make([]int32, b.rows)
	}
	buffer := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(values))
	return array.NewInt32Data(array.NewData(arrow.PrimitiveTypes.Int32, len(values), []*memory.Buffer{nil, buffer}, nil, 0, 0))
}
