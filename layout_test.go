package accountscore

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLayoutOfFiles holds every .rules file of the project to the canonical
// layout, in modules of their own too: they show people how to write. Those
// that are there for their errors are named wrong.
func TestLayoutOfFiles(t *testing.T) {
	files := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".rules" {
			return err
		}
		src, err := os.ReadFile(path)
		require.NoError(t, err)
		text := strings.ReplaceAll(string(src), "\r\n", "\n")
		out, err := dsl.Format([]byte(text))
		if strings.HasPrefix(d.Name(), "wrong") {
			assert.Error(t, err, path)
			return nil
		}
		if assert.NoError(t, err, path) {
			assert.Empty(t, cmp.Diff(string(out), text), "%s: run go run ./examples/accountscore fmt -w %[1]s", path)
		}
		files++
		return nil
	}))
	assert.Greater(t, files, 25)
}
