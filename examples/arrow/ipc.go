package arrow

import (
	"context"
	"io"
	"iter"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/accountscore/accountscore"
)

// IPC reads an Arrow IPC file, also known as Feather, into tables: one of each
// record batch, cut where it has more than so many rows. It is otherwise as
// [Parquet].
func IPC(ctx context.Context, m *accountscore.Model, source ipc.ReadAtSeeker, rows int) iter.Seq2[*accountscore.Table, error] {
	return func(yield func(*accountscore.Table, error) bool) {
		if err := eachBatch(ctx, m, source, rows, yield); err != nil {
			yield(nil, err)
		}
	}
}

func eachBatch(ctx context.Context, m *accountscore.Model, source ipc.ReadAtSeeker, rows int, yield func(*accountscore.Table, error) bool) error {
	reader, err := ipc.NewFileReader(source, ipc.WithAllocator(memory.DefaultAllocator))
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		batch, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for from := int64(0); from < batch.NumRows(); from += int64(rows) {
			if err := ctx.Err(); err != nil {
				return err
			}
			part := batch.NewSlice(from, min(from+int64(rows), batch.NumRows()))
			t, err := Table(m, part)
			if err == nil && !yield(t, nil) {
				part.Release()
				return nil
			}
			part.Release()
			if err != nil {
				return err
			}
		}
	}
}
