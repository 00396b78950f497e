package sheet

import (
	"encoding/csv"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
)

// FuzzRecords holds the reader against encoding/csv, wherever that one accepts
// the whole text.
func FuzzRecords(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"a\"\"b\",c\r\n\"x\ny\",\n", "a,\"b\nc\n", "a\"b,c\n", "\"a\"b\n", "\n\n,\n", "\"\n\"\n", "\"a\r\nb\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ours := &Records{Lines: NewLines(strings.NewReader(text)), Comma: ','}
		var got [][]string
		clean := true
		for at := 0; ; {
			cells, err := ours.Next()
			if err == io.EOF {
				break
			}
			if ours.At <= at {
				t.Fatalf("line %d after line %d", ours.At, at)
			}
			at = ours.At
			if err != nil {
				clean = false
				continue
			}
			got = append(got, texts(cells))
		}
		theirs := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		theirs.FieldsPerRecord = -1
		want, err := theirs.ReadAll()
		if err == nil && clean {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func texts(cells [][]byte) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = string(c)
	}
	return out
}

// TestRecordsGoOn: a fault ends its own row and no other.
func TestRecordsGoOn(t *testing.T) {
	text := "\ufeffa,b\r\n\"x\",\"y\n\nz\"\n1,2\"\n\xff,1\n3,4\n\"open,5\n6,7"
	r := &Records{Lines: NewLines(strings.NewReader(text)), Comma: ','}
	var got []string
	for {
		cells, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			assert.ErrorAs(t, err, new(RowError))
			got = append(got, "!")
			continue
		}
		got = append(got, strings.Join(texts(cells), "|"))
	}
	assert.Equal(t, []string{"a|b", "x|y\n\nz", "!", "!", "3|4", "!", "6|7"}, got)
}

func TestLinesAreBounded(t *testing.T) {
	r := NewLines(strings.NewReader(strings.Repeat("x", MaxLine+1) + "\nshort\r\n"))
	_, err := r.Next()
	assert.Equal(t, ErrTooLong, err)
	line, err := r.Next()
	assert.NoError(t, err)
	assert.Equal(t, "short", string(line))
	assert.Equal(t, 2, r.Number)
}
