package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// Chromium is a headless browser. It is driven by the Chrome DevTools Protocol
// over a pipe, so that no port is open and no library is needed.
type Chromium struct {
	cmd  *exec.Cmd
	dir  string // its profile
	to   io.WriteCloser
	mu   sync.Mutex
	next int
	wait map[int]chan reply
	seen map[string]chan struct{} // events by session and name
	gone chan struct{}
}

type reply struct {
	ID        int             `json:"id"`
	Method    string          `json:"method"`
	SessionID string          `json:"sessionId"`
	Result    json.RawMessage `json:"result"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// ErrNoChromium tells that there is no browser on this machine.
var ErrNoChromium = errors.New("no Chromium on this machine: install it, or name it in CHROMIUM")

// findChromium looks for the browser.
func findChromium() (string, error) {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrNoChromium
}

// Start starts a browser with a profile of its own. Close ends it.
func Start() (*Chromium, error) {
	path, err := findChromium()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "accountscore-browser-")
	if err != nil {
		return nil, err
	}
	args := []string{"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--font-render-hinting=none",
		"--user-data-dir=" + dir, "--remote-debugging-pipe"}
	if os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // it refuses to run as root with one
	}
	// Its end of the pipe is file 3 to read and file 4 to write.
	in, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	from, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	c := &Chromium{cmd: exec.Command(path, append(args, "about:blank")...), dir: dir, to: to, wait: map[int]chan reply{}, seen: map[string]chan struct{}{}, gone: make(chan struct{})}
	c.cmd.ExtraFiles = []*os.File{in, out}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	in.Close()
	out.Close()
	go c.read(from)
	return c, nil
}

// Close ends the browser and removes its profile.
func (c *Chromium) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c.call(ctx, "", "Browser.close", nil, nil)
	c.to.Close()
	done := make(chan struct{})
	go func() { c.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		c.cmd.Process.Kill()
		<-done
	}
	os.RemoveAll(c.dir)
}

// read hands the browser's messages to those who wait for them.
func (c *Chromium) read(from io.ReadCloser) {
	defer close(c.gone)
	defer from.Close()
	r := bufio.NewReader(from)
	for {
		msg, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m reply
		if json.Unmarshal(msg[:len(msg)-1], &m) != nil {
			continue
		}
		c.mu.Lock()
		if m.ID != 0 {
			if ch := c.wait[m.ID]; ch != nil {
				delete(c.wait, m.ID)
				ch <- m
			}
		} else if ch := c.seen[m.SessionID+m.Method]; ch != nil {
			delete(c.seen, m.SessionID+m.Method)
			close(ch)
		}
		c.mu.Unlock()
	}
}

// call sends a command and waits for its result.
func (c *Chromium) call(ctx context.Context, session, method string, params any, result any) error {
	c.mu.Lock()
	c.next++
	id, ch := c.next, make(chan reply, 1)
	c.wait[id] = ch
	c.mu.Unlock()
	msg, err := json.Marshal(struct {
		ID        int    `json:"id"`
		SessionID string `json:"sessionId,omitempty"`
		Method    string `json:"method"`
		Params    any    `json:"params,omitempty"`
	}{id, session, method, params})
	if err != nil {
		return err
	}
	if _, err := c.to.Write(append(msg, 0)); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m := <-ch:
		switch {
		case m.Error != nil:
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		case result != nil:
			return json.Unmarshal(m.Result, result)
		}
		return nil
	case <-c.gone:
		return fmt.Errorf("%s: the browser is gone", method)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// Look is how a page is looked at.
type Look struct {
	Width, Height int
	Scale         float64 // pixels of the picture by one of the page
	Dark, Print   bool
}

// Page is a tab.
type Page struct {
	c       *Chromium
	target  string
	session string
}

// Open shows a page of HTML.
func (c *Chromium) Open(ctx context.Context, html string, look Look) (*Page, error) {
	file := filepath.Join(c.dir, "page.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		return nil, err
	}
	p := &Page{c: c}
	var target struct {
		TargetID string `json:"targetId"`
	}
	if err := c.call(ctx, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}
	p.target = target.TargetID
	var session struct {
		SessionID string `json:"sessionId"`
	}
	if err := c.call(ctx, "", "Target.attachToTarget", map[string]any{"targetId": p.target, "flatten": true}, &session); err != nil {
		return nil, err
	}
	p.session = session.SessionID
	if look.Scale == 0 {
		look.Scale = 1
	}
	scheme, media := "light", "screen"
	if look.Dark {
		scheme = "dark"
	}
	if look.Print {
		media = "print"
	}
	loaded := make(chan struct{})
	c.mu.Lock()
	c.seen[p.session+"Page.loadEventFired"] = loaded
	c.mu.Unlock()
	for _, step := range []struct {
		method string
		params map[string]any
	}{
		{"Page.enable", nil},
		{"Emulation.setDeviceMetricsOverride", map[string]any{"width": look.Width, "height": look.Height, "deviceScaleFactor": look.Scale, "mobile": false}},
		{"Emulation.setEmulatedMedia", map[string]any{"media": media, "features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}},
		{"Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()}},
	} {
		if err := c.call(ctx, p.session, step.method, step.params, nil); err != nil {
			return nil, err
		}
	}
	select {
	case <-loaded:
		return p, nil
	case <-c.gone:
		return nil, errors.New("the browser is gone")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close closes the tab.
func (p *Page) Close(ctx context.Context) error {
	return p.c.call(ctx, "", "Target.closeTarget", map[string]any{"targetId": p.target}, nil)
}

// Eval runs JavaScript in the page, waits for its promise, and decodes what it
// gives. The page's own policy does not hold for it.
func (p *Page) Eval(ctx context.Context, script string, result any) error {
	var out struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	if err := p.c.call(ctx, p.session, "Runtime.evaluate", map[string]any{"expression": script, "awaitPromise": true, "returnByValue": true}, &out); err != nil {
		return err
	}
	if out.Exception != nil {
		return fmt.Errorf("%s %s", out.Exception.Text, out.Exception.Exception.Description)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(out.Result.Value, result)
}

// Screenshot gives the part of the page that is in sight as a PNG.
func (p *Page) Screenshot(ctx context.Context) ([]byte, error) {
	var shot struct {
		Data string `json:"data"`
	}
	if err := p.c.call(ctx, p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &shot); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(shot.Data)
}
