package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// The committed files are what the program writes: nobody edited them by hand.
func TestFilesAreCurrent(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(dir, &out))
	for _, p := range populations {
		t.Run(p.name, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join(dir, p.name+".json"))
			require.NoError(t, err)
			got, err := os.ReadFile(filepath.Join("..", "accounts", p.name+".json"))
			require.NoError(t, err)
			if !bytes.Equal(want, got) {
				t.Fatal("the file differs from what the program makes: run go generate in the folder examples")
			}
		})
	}
}

func TestPopulations(t *testing.T) {
	for _, p := range populations {
		t.Run(p.name, func(t *testing.T) {
			accounts := p.generate()
			require.GreaterOrEqual(t, len(accounts), 30)
			require.LessOrEqual(t, len(accounts), 60)
			ids, missing, wrongs := map[string]bool{}, 0, 0
			for _, a := range accounts {
				require.False(t, ids[a.ID], "id %s is given twice", a.ID)
				ids[a.ID] = true
				for _, v := range a.Fields {
					switch v {
					case nil, "  ":
						missing++
					case "1,200", "500-1000", "unknown", "n/a":
						wrongs++
					}
				}
				people := map[string]bool{}
				for _, c := range a.Contacts {
					require.False(t, people[c.ID], "contact %s is given twice", c.ID)
					people[c.ID] = true
				}
			}
			require.Positive(t, missing, "every population has empty values")
			if p.name != "plg" {
				require.Positive(t, wrongs, "every population has text in number fields")
			}
		})
	}
}

func TestSize(t *testing.T) {
	d := newDraw(1)
	for range 1000 {
		x := d.size(4, 2500)
		require.GreaterOrEqual(t, x, 4.0)
		require.LessOrEqual(t, x, 2500.0)
	}
}
