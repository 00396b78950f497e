package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// server holds the documents of one editor. Messages are answered one after
// the other, in their order.
type server struct {
	out         io.Writer
	docs        map[string]*document
	initialized bool
	stopped     bool // by shutdown: only exit may follow
	writeErr    error
}

// inbound is a message as it was read, or why it could not be.
type inbound struct {
	body []byte
	err  error
}

// serve answers a client until it says exit or hangs up. It gives the exit
// code that the protocol asks for: 0 only after shutdown.
func serve(in io.Reader, out io.Writer) int {
	s := &server{out: out, docs: map[string]*document{}}
	messages, done := make(chan inbound, 64), make(chan struct{})
	defer close(done)
	go func() {
		defer close(messages)
		r := bufio.NewReader(in)
		for {
			body, err := readBody(r)
			select {
			case messages <- inbound{body, err}:
			case <-done:
				return
			}
			if err != nil && !errors.Is(err, errTooLarge) {
				return
			}
		}
	}()
	for s.writeErr == nil {
		m, ok := s.next(messages)
		switch {
		case !ok:
			return 1
		case errors.Is(m.err, errTooLarge):
			s.fail(nil, &rpcError{codeInvalidRequest, m.err.Error()})
		case m.err != nil:
			// Where the next message begins nobody knows.
			return 1
		default:
			if exit, code := s.message(m.body); exit {
				return code
			}
		}
	}
	return 1
}

// next waits for a message. While none is there the diagnostics of what was
// typed are published, so that a burst of changes is checked once.
func (s *server) next(messages <-chan inbound) (inbound, bool) {
	for {
		select {
		case m, ok := <-messages:
			return m, ok
		default:
		}
		if !s.publishOne() {
			m, ok := <-messages
			return m, ok
		}
	}
}

// publishOne publishes the diagnostics of one document that has changed.
func (s *server) publishOne() bool {
	var uris []string
	for uri, d := range s.docs {
		if d.dirty {
			uris = append(uris, uri)
		}
	}
	if len(uris) == 0 {
		return false
	}
	d := s.docs[slices.Min(uris)]
	d.dirty = false
	s.guard(func() {
		s.notify("textDocument/publishDiagnostics", diagnosticsParams{URI: d.uri, Version: d.version, Diagnostics: d.diagnostics()})
	})
	return true
}

// guard runs a handler. A fault of this program must not take the editor's
// session with it.
func (s *server) guard(handle func()) (err *rpcError) {
	defer func() {
		if r := recover(); r != nil {
			err = &rpcError{codeInternal, fmt.Sprintf("internal error: %v", r)}
			s.notify("window/logMessage", map[string]any{"type": 1, "message": err.Message})
		}
	}()
	handle()
	return nil
}

// message answers one message; exit tells that the client wants an end.
func (s *server) message(body []byte) (exit bool, code int) {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			s.fail(nil, &rpcError{codeInvalidRequest, "the message is no request"})
		} else {
			s.fail(nil, &rpcError{codeParse, "the message is no JSON"})
		}
		return false, 0
	}
	if r.Method == "" {
		// Without a method it is a response, and nothing was asked.
		return false, 0
	}
	if r.Method == "exit" {
		if s.stopped {
			return true, 0
		}
		return true, 1
	}
	var result any
	var err error
	if fault := s.guard(func() { result, err = s.handle(&r) }); fault != nil {
		err = fault
	}
	if r.isNotification() {
		return false, 0
	}
	if err != nil {
		wrong := &rpcError{codeInvalidParams, err.Error()}
		errors.As(err, &wrong)
		s.fail(r.ID, wrong)
		return false, 0
	}
	s.write(response{"2.0", r.ID, result})
	return false, 0
}

func (s *server) handle(r *request) (any, error) {
	switch {
	case r.Method == "initialize":
		if s.initialized {
			return nil, &rpcError{codeInvalidRequest, "initialize came twice"}
		}
		s.initialized = true
		return initializeResult{Capabilities: abilities, ServerInfo: serverInfo{Name: "accountscore"}}, nil
	case !s.initialized:
		return nil, &rpcError{codeNotInitialized, "initialize comes first"}
	case s.stopped:
		return nil, &rpcError{codeInvalidRequest, "the server was shut down"}
	}
	switch r.Method {
	case "shutdown":
		s.stopped = true
		return nil, nil
	case "textDocument/didOpen":
		return nil, decode(r, func(p openParams) {
			t := p.TextDocument
			s.docs[t.URI] = newDocument(t.URI, t.Version, t.Text)
		})
	case "textDocument/didChange":
		return nil, decode(r, func(p changeParams) {
			if d := s.docs[p.TextDocument.URI]; d != nil {
				d.version = p.TextDocument.Version
				for _, c := range p.ContentChanges {
					d.apply(c)
				}
			}
		})
	case "textDocument/didClose":
		return nil, decode(r, func(p closeParams) {
			if d := s.docs[p.TextDocument.URI]; d != nil {
				delete(s.docs, d.uri)
				s.notify("textDocument/publishDiagnostics", diagnosticsParams{URI: d.uri, Version: d.version, Diagnostics: []diagnostic{}})
			}
		})
	case "textDocument/hover":
		return at(s, r, func(d *document, offset int) any { return orNull(d.hover(offset)) })
	case "textDocument/definition":
		return at(s, r, func(d *document, offset int) any { return orNull(d.definition(offset)) })
	case "textDocument/completion":
		return at(s, r, func(d *document, offset int) any { return d.completion(offset) })
	case "textDocument/formatting":
		var edits any
		err := decode(r, func(p formatParams) {
			if d := s.docs[p.TextDocument.URI]; d != nil {
				edits = orNull(d.formatting())
			}
		})
		return edits, err
	case "initialized", "textDocument/didSave":
		return nil, nil
	}
	return nil, &rpcError{codeNoMethod, "no method " + r.Method}
}

var abilities = capabilities{
	PositionEncoding:           "utf-16",
	TextDocumentSync:           syncOptions{OpenClose: true, Change: syncIncremental},
	HoverProvider:              true,
	DefinitionProvider:         true,
	CompletionProvider:         completionOptions{TriggerCharacters: []string{" ", "[", "(", ",", "{", "."}},
	DocumentFormattingProvider: true,
}

// decode hands a request's params to a handler.
func decode[P any](r *request, handle func(P)) error {
	var p P
	if err := json.Unmarshal(r.Params, &p); err != nil {
		return &rpcError{codeInvalidParams, r.Method + ": the params are not what the protocol says"}
	}
	handle(p)
	return nil
}

// at answers a question about a place of an open document; of another it is
// null.
func at(s *server, r *request, answer func(*document, int) any) (any, error) {
	var result any
	err := decode(r, func(p positionParams) {
		if d := s.docs[p.TextDocument.URI]; d != nil {
			result = answer(d, d.offset(p.Position))
		}
	})
	return result, err
}

// orNull makes a nil pointer or slice the null of JSON.
func orNull[T any](v *T) any {
	if v == nil {
		return nil
	}
	return v
}

func (s *server) notify(method string, params any) { s.write(notification{"2.0", method, params}) }

func (s *server) fail(id json.RawMessage, err *rpcError) {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	s.write(failure{"2.0", id, err})
}

func (s *server) write(v any) {
	if s.writeErr == nil {
		s.writeErr = writeMessage(s.out, v)
	}
}
