package main

import (
	"bytes"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	var w bytes.Buffer
	var read atomic.Int64
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	now := begin
	p := &progress{w: &w, now: func() time.Time { return now }, bytes: &read, size: 1000, begin: begin}
	for range 640 {
		p.step()
	}
	require.Empty(t, w.String(), "a short run shows nothing")
	now, p.count = begin.Add(2*time.Second), 127_999
	read.Store(250)
	for range 65 {
		p.step()
	}
	require.Equal(t, "\r"+strings.Repeat("█", 6)+strings.Repeat("░", 18)+"  25%  128,000 accounts, 64,000 a second, 6s left\x1b[K", w.String())
	w.Reset()
	p.clear()
	p.clear()
	require.Equal(t, "\r\x1b[K", w.String())

	p.size = 0
	require.Equal(t, "128,064 accounts, 64,032 a second", p.line(2*time.Second))
	read.Store(5000)
	p.size = 1000
	require.Contains(t, p.line(time.Second), "100%")

	var none *progress
	none.step()
	none.clear()
}

func TestProgressIsForTerminals(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer f.Close()
	require.False(t, isTerminal(f))
	require.False(t, isTerminal(&bytes.Buffer{}))
	c := &command{stderr: f, stdout: &bytes.Buffer{}}
	require.Nil(t, c.newProgress(&input{}))
}
