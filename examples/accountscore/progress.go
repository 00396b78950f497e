package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

const (
	progressAfter = time.Second            // shorter runs show none
	progressEvery = 200 * time.Millisecond // between two drawings
	progressWidth = 24
)

// progress is a bar on a terminal. A nil progress shows nothing.
type progress struct {
	w     io.Writer
	now   func() time.Time
	bytes *atomic.Int64
	size  int64 // of the input in bytes; 0 where it is not known

	begin, drawn time.Time
	count        int64
	shown        bool
}

// newProgress gives a bar where one is wanted: on a terminal, whose output
// goes elsewhere.
func (c *command) newProgress(in *input) *progress {
	if c.quiet || !isTerminal(c.stderr) || isTerminal(c.stdout) {
		return nil
	}
	return &progress{w: c.stderr, now: time.Now, bytes: &in.bytes, size: in.size, begin: time.Now()}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// step counts an account and now and then draws the bar.
func (p *progress) step() {
	if p == nil {
		return
	}
	p.count++
	if p.count%64 != 0 {
		return
	}
	now := p.now()
	if now.Sub(p.begin) < progressAfter || now.Sub(p.drawn) < progressEvery {
		return
	}
	p.drawn, p.shown = now, true
	fmt.Fprint(p.w, "\r"+p.line(now.Sub(p.begin))+"\x1b[K")
}

func (p *progress) line(spent time.Duration) string {
	text := fmt.Sprintf("%s accounts, %s a second", grouped(p.count), grouped(int64(float64(p.count)/spent.Seconds())))
	if p.size <= 0 {
		return text
	}
	part := min(float64(p.bytes.Load())/float64(p.size), 1)
	full := int(part * progressWidth)
	bar := strings.Repeat("█", full) + strings.Repeat("░", progressWidth-full)
	left := "?"
	if part > 0 {
		left = time.Duration(float64(spent) * (1 - part) / part).Round(time.Second).String()
	}
	return fmt.Sprintf("%s %3.0f%%  %s, %s left", bar, 100*part, text, left)
}

// clear takes the bar off, so that something else can be written.
func (p *progress) clear() {
	if p != nil && p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown, p.drawn = false, time.Time{}
	}
}
