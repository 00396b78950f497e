package columns

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWrite(t *testing.T) {
	var b strings.Builder
	err := Write(&b, []string{"account", ">score", "why"}, [][]string{
		{"Åse Ltd", "7", "first"},
		{"B", "100.5"},
		{"a longer name", "-3", "second", "beyond the heads"},
	})
	require.NoError(t, err)
	require.Equal(t, ""+
		"account        score  why\n"+
		"Åse Ltd            7  first\n"+
		"B              100.5\n"+
		"a longer name     -3  second\n", b.String())
}

func TestWriteWithoutRows(t *testing.T) {
	var b strings.Builder
	require.NoError(t, Write(&b, []string{"a", ">b"}, nil))
	require.Equal(t, "a  b\n", b.String())
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWritePassesOnTheError(t *testing.T) {
	require.EqualError(t, Write(full{}, []string{"a"}, nil), "disk full")
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly 10", 10, "exactly 10"},
		{"more than ten", 10, "more than…"},
		{"two\n lines ", 20, "two lines"},
		{"ÄÖÜäöü", 4, "ÄÖÜ…"},
	} {
		require.Equal(t, tt.want, Clip(tt.text, tt.n), tt.text)
	}
}
