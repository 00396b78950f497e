package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGeneratedFileIsUpToDate(t *testing.T) {
	src, err := Source()
	require.NoError(t, err)
	was, err := os.ReadFile("../hundred.go")
	require.NoError(t, err)
	require.Equal(t, string(src), string(was), "run go generate ./byhand")
}
