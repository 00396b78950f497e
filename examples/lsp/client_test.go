package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

const testURI = "file:///model.rules"

// client drives a server through pipes, as an editor does.
type client struct {
	t    *testing.T
	in   *io.PipeWriter
	out  *bufio.Reader
	code chan int
	id   int
	// notes are the notifications that came before an answer.
	notes []note
}

type note struct {
	Method string
	Params json.RawMessage
}

type answer struct {
	ID     json.RawMessage
	Result json.RawMessage
	Error  *rpcError
	note
}

// start starts a server that has not been initialized.
func start(t *testing.T) *client {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &client{t: t, in: inW, out: bufio.NewReader(outR), code: make(chan int, 1)}
	go func() {
		c.code <- serve(inR, outW)
		outW.Close()
		inR.Close()
	}()
	t.Cleanup(func() {
		inW.Close()
		outR.Close()
	})
	return c
}

// open starts a server with a document open and gives its first diagnostics.
func open(t *testing.T, text string) (*client, []diagnostic) {
	t.Helper()
	c := start(t)
	c.call("initialize", map[string]any{"capabilities": map[string]any{}}, nil)
	c.notify("initialized", map[string]any{})
	c.notify("textDocument/didOpen", openParams{textDocument{URI: testURI, Version: 1, Text: text}})
	return c, c.diagnostics()
}

func (c *client) raw(body string) {
	c.t.Helper()
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) send(v any) {
	c.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		c.t.Fatal(err)
	}
	c.raw(string(body))
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	c.send(notification{"2.0", method, params})
}

// read reads one message of the server.
func (c *client) read() answer {
	c.t.Helper()
	type got struct {
		a   answer
		err error
	}
	ch := make(chan got, 1)
	go func() {
		var g got
		var body []byte
		if body, g.err = readBody(c.out); g.err == nil {
			g.err = json.Unmarshal(body, &g.a)
		}
		ch <- g
	}()
	select {
	case g := <-ch:
		if g.err != nil {
			c.t.Fatalf("reading from the server: %v", g.err)
		}
		return g.a
	case <-time.After(20 * time.Second):
		c.t.Fatal("the server does not answer")
	}
	return answer{}
}

// ask sends a request and gives the answer to it.
func (c *client) ask(method string, params any) answer {
	c.t.Helper()
	c.id++
	c.send(map[string]any{"jsonrpc": "2.0", "id": c.id, "method": method, "params": params})
	return c.answer(fmt.Sprint(c.id))
}

func (c *client) answer(id string) answer {
	c.t.Helper()
	for {
		a := c.read()
		if a.Method != "" {
			c.notes = append(c.notes, a.note)
			continue
		}
		if string(a.ID) != id {
			c.t.Fatalf("the answer is to %s, not to %s", a.ID, id)
		}
		return a
	}
}

// call sends a request that must succeed.
func (c *client) call(method string, params, result any) {
	c.t.Helper()
	a := c.ask(method, params)
	if a.Error != nil {
		c.t.Fatalf("%s: %v", method, a.Error)
	}
	if result != nil {
		if err := json.Unmarshal(a.Result, result); err != nil {
			c.t.Fatalf("%s: %v in %s", method, err, a.Result)
		}
	}
}

// diagnostics waits for the next diagnostics.
func (c *client) diagnostics() []diagnostic {
	c.t.Helper()
	n := note{}
	if len(c.notes) > 0 {
		n, c.notes = c.notes[0], c.notes[1:]
	} else {
		n = c.read().note
	}
	var p diagnosticsParams
	if err := json.Unmarshal(n.Params, &p); n.Method != "textDocument/publishDiagnostics" || err != nil || p.URI != testURI || p.Diagnostics == nil {
		c.t.Fatalf("expected diagnostics, got %s %s", n.Method, n.Params)
	}
	return p.Diagnostics
}

func (c *client) change(changes ...change) []diagnostic {
	c.t.Helper()
	c.notify("textDocument/didChange", changeParams{textDocument{URI: testURI, Version: 2}, changes})
	return c.diagnostics()
}

// placeOfMark gives a text without its mark | and the place of the mark.
func placeOfMark(t *testing.T, marked string) (string, position) {
	t.Helper()
	i := strings.Index(marked, "|")
	if i < 0 {
		t.Fatal("the text has no mark |")
	}
	text := marked[:i] + marked[i+1:]
	return text, newDocument("", 0, text).position(i)
}

func positionIn(p position) positionParams {
	return positionParams{textDocument{URI: testURI}, p}
}

// exit ends the session and gives the exit code.
func (c *client) exit() int {
	c.t.Helper()
	c.notify("exit", nil)
	select {
	case code := <-c.code:
		return code
	case <-time.After(20 * time.Second):
		c.t.Fatal("the server does not end")
	}
	return -1
}
