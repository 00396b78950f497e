package main

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIDs(t *testing.T) {
	var s ids
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 300_000
	for i := range n {
		require.NoError(t, s.admit(fmt.Sprintf("acc-%d", i)))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(24*n), "bytes an id")
	for i := 0; i < n; i += 7 {
		require.Error(t, s.admit(fmt.Sprintf("acc-%d", i)))
	}
	require.EqualError(t, s.admit("acc-5"), `the account "acc-5" stands a second time`)
	require.EqualError(t, s.admit(" \t"), "the account has no id")
	require.NoError(t, s.admit("acc-5 "))
}

func TestDistinctIDsAreNotKept(t *testing.T) {
	s := ids{distinct: true}
	require.Zero(t, testing.AllocsPerRun(100, func() { require.NoError(t, s.admit("acc-5")) }))
	require.EqualError(t, s.admit(""), "the account has no id")

	data := "id,employees\na,12\nb,12\na,12\n"
	got, r := scores(t, "d.csv", data)
	require.Equal(t, "a=1 b=1", got, r)
	got, r = scores(t, "d.csv", data, "-distinct")
	require.Equal(t, "a=1 b=1 a=1", got, r)
}
