package arrow

import (
	"context"
	"io"
	"iter"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/accountscore/accountscore"
)

// Parquet reads a Parquet file into tables of at most so many rows each, so
// that a file of any length is scored in bounded memory. Only the columns that
// [Table] reads are read. A table holds until the next is asked for. An error
// is the last pair.
func Parquet(ctx context.Context, m *accountscore.Model, source parquet.ReaderAtSeeker, rows int) iter.Seq2[*accountscore.Table, error] {
	return func(yield func(*accountscore.Table, error) bool) {
		if err := eachTable(ctx, m, source, rows, yield); err != nil {
			yield(nil, err)
		}
	}
}

func eachTable(ctx context.Context, m *accountscore.Model, source parquet.ReaderAtSeeker, rows int, yield func(*accountscore.Table, error) bool) error {
	data, err := file.NewParquetReader(source)
	if err != nil {
		return err
	}
	defer data.Close()
	props := pqarrow.ArrowReadProperties{BatchSize: int64(rows), Parallel: true}
	leaves := wanted(m, data, &props)
	reader, err := pqarrow.NewFileReader(data, props, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	batches, err := reader.GetRecordReader(ctx, leaves, nil)
	if err != nil {
		return err
	}
	defer batches.Release()
	for batches.Next() {
		t, err := Table(m, batches.RecordBatch())
		if err != nil {
			return err
		}
		if !yield(t, nil) {
			return nil
		}
	}
	if err := batches.Err(); err != nil && err != io.EOF {
		return err
	}
	return nil
}

// wanted lists the leaves of the columns that are read, and has text come as
// dictionaries.
func wanted(m *accountscore.Model, data *file.Reader, props *pqarrow.ArrowReadProperties) []int {
	read := map[string]bool{"id": true, "prev_tier": true, "contacts": true, "activities": true}
	for f, readers := range m.Fields() {
		read[f.Key()] = read[f.Key()] || len(readers) > 0
		read["refreshed."+f.Name] = true
	}
	var leaves []int
	schema := data.MetaData().Schema
	for i := range schema.NumColumns() {
		path := schema.Column(i).ColumnPath()
		if !read[path[0]] {
			continue
		}
		leaves = append(leaves, i)
		if len(path) == 1 && path[0] != "id" && schema.Column(i).PhysicalType() == parquet.Types.ByteArray {
			props.SetReadDict(i, true)
		}
	}
	return leaves
}
