package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
)

const model = `field employees number stale after 90d from "NumberOfEmployees" "Headcount"
field stage     text   one of [none, discovery, "in talks"] default none
field country   text
field tags      list   one of [CRM, EHR]
field funded    time
param regions = [US, UK]
activity visit (page text), demo

dimension fit out of 100 {
  size: employees gte 1000 → +50 "Enterprise 🚀 headcount"
  country in regions → +20
  stage = discovery → +5
}
tiers {
  top when score >= 50
  low otherwise
}
`

func TestSession(t *testing.T) {
	c := start(t)
	var init initializeResult
	c.call("initialize", map[string]any{"processId": nil, "rootUri": nil, "capabilities": map[string]any{}}, &init)
	if got := init.Capabilities; got.PositionEncoding != "utf-16" || got.TextDocumentSync.Change != syncIncremental ||
		!got.HoverProvider || !got.DocumentFormattingProvider || len(got.CompletionProvider.TriggerCharacters) == 0 {
		t.Errorf("capabilities: %+v", got)
	}
	c.notify("initialized", map[string]any{})
	c.notify("textDocument/didOpen", openParams{textDocument{URI: testURI, Version: 1, Text: model}})
	// A model that compiles has what the vet finds, and nothing else.
	vetted := "unused:3 unused:3 unused:3 unused:3 no-plays:3"
	if got := c.diagnostics(); codes(got) != vetted || got[0].Range != (span{position{3, 0}, position{3, 5}}) ||
		got[0].Message != "the field `tags` is declared and never read\nfix: read it, or drop the declaration" {
		t.Fatalf("a good model has diagnostics: %s: %+v", codes(got), got)
	}

	_, at := placeOfMark(t, strings.Replace(model, "employees gte", "empl|oyees gte", 1))
	var h hover
	c.call("textDocument/hover", positionIn(at), &h)
	for _, want := range []string{"field employees number", "NumberOfEmployees", "stale after 90d", "Headcount", "read by fit.size"} {
		if !strings.Contains(h.Contents.Value, want) {
			t.Errorf("the hover does not say %q:\n%s", want, h.Contents.Value)
		}
	}

	// One keystroke: the e of country goes, and comes back.
	place := span{position{10, 2}, position{10, 3}}
	got := c.change(change{Range: &place, Text: ""})
	if len(got) != 1 || got[0].Code != "name" || got[0].Severity != severityError || got[0].Range != (span{position{10, 2}, position{10, 8}}) {
		t.Fatalf("after a slip: %+v", got)
	}
	if !strings.Contains(got[0].Message, "did you mean `country`?") {
		t.Errorf("the diagnostic has no fix: %s", got[0].Message)
	}
	if got := c.change(change{Range: &span{position{10, 2}, position{10, 2}}, Text: "c"}); codes(got) != vetted {
		t.Fatalf("after the mend: %+v", got)
	}

	var items []completionItem
	_, at = placeOfMark(t, strings.Replace(model, "stage = discovery", "stage = d|iscovery", 1))
	c.call("textDocument/completion", positionIn(at), &items)
	item := find(items, "in talks")
	if item == nil || item.TextEdit.NewText != `"in talks"` || item.TextEdit.Range != (span{position{11, 10}, position{11, 11}}) {
		t.Errorf("completion of a value: %+v", item)
	}

	var edits []textEdit
	c.call("textDocument/formatting", formatParams{textDocument{URI: testURI}}, &edits)
	if len(edits) != 1 || !strings.Contains(edits[0].NewText, "stage = discovery   → +5\n") {
		t.Fatalf("formatting: %+v", edits)
	}
	if got := c.change(change{Range: &edits[0].Range, Text: edits[0].NewText}); codes(got) != vetted {
		t.Fatalf("the formatted model has diagnostics: %+v", got)
	}
	c.call("textDocument/formatting", formatParams{textDocument{URI: testURI}}, &edits)
	if len(edits) != 0 {
		t.Errorf("formatting twice changes something: %+v", edits)
	}

	c.notify("textDocument/didClose", closeParams{textDocument{URI: testURI}})
	if got := c.diagnostics(); len(got) != 0 {
		t.Errorf("a closed document keeps diagnostics: %+v", got)
	}
	c.call("shutdown", nil, nil)
	if a := c.ask("textDocument/hover", positionIn(at)); a.Error == nil || a.Error.Code != codeInvalidRequest {
		t.Errorf("a request after shutdown: %+v", a)
	}
	if code := c.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// codes gives the codes and severities of diagnostics, in order.
func codes(list []diagnostic) string {
	var all []string
	for _, d := range list {
		all = append(all, fmt.Sprintf("%s:%d", d.Code, d.Severity))
	}
	return strings.Join(all, " ")
}

func find(items []completionItem, label string) *completionItem {
	for i := range items {
		if items[i].Label == label {
			return &items[i]
		}
	}
	return nil
}

func TestDiagnostics(t *testing.T) {
	for _, c := range []struct {
		name, text string
		code       string
		severity   int
		at         string // what is underlined
		message    string
	}{
		{"syntax", "employees > 100 → fifty\n", "syntax", severityError, "fifty", "fix: write +50"},
		{"an unclosed list", "country in [US, UK → +5\n", "syntax", severityError, "[", "fix: write the closing ]"},
		{"a missing arrow", "employees > 100\n", "syntax", severityError, "0", "an arrow and points"},
		{"a type, in check", "field country text\ncountry = 5 → +5\n", "type", severityError, "=", "they cannot be compared"},
		{"behind an emoji", "field country text\n\"🚀\" = country and country = 5 → +5\n", "type", severityError, "=", "they cannot be compared"},
		{"a param that wants a value", "plan = enterprise → +10\n", "param", severityInformation, "enterprise", "if it is text write"},
		{"a function of the program", "ours(5) > 2 → +10\n", "function", severityInformation, "ours", "ours"},
		{"a language of the program", "field a number\ncel \"a > 1\" → +10\n", "name", severityInformation, "a", "no language"},
		{"a condition in expr", "field a number\nexpr \"a +\" → +10\n", "syntax", severityWarning, "a", "expr"},
		{"a case", "a > 1 → +5\ncase \"x\" { a = 2, expect score 6 }\n", "case", severityWarning, "score", "wanted 6, got 5"},
		{"a slip", "employees = 100-1000 → +5\n", "subtracts", severityWarning, "employees", "fix: write `employees in 100-1000`"},
		{"a rule that says nothing new", "a > 1 → +5\na > 10 → +5\n", "implied", severityWarning, "a", "fix: put the two into `best of`"},
		{"a deduction", "a > 1 → +5\nb → -5\n", "negative-points", severityInformation, "b", "takes points away"},
		{"what is not read", "field a number\nfield b text\na > 1 → +5\n", "unused", severityInformation, "field", "never read"},
		{"windows line ends", "a > 1 → +5\r\n\r\nb > → +5\r\n", "syntax", severityError, "→", "a value is missing"},
		{"a nul", "a\x00 > 1 → +5", "encoding", severityError, "\x00", "NUL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := open(t, c.text)
			if len(got) != 1 {
				t.Fatalf("%d diagnostics: %+v", len(got), got)
			}
			d := newDocument("", 0, c.text)
			under := c.text[d.offset(got[0].Range.Start):d.offset(got[0].Range.End)]
			if got[0].Code != c.code || got[0].Severity != c.severity || under != c.at || !strings.Contains(got[0].Message, c.message) || got[0].Source != "accountscore" {
				t.Errorf("got %+v, which underlines %q", got[0], under)
			}
		})
	}
}

func TestDiagnosticsAllAtOnce(t *testing.T) {
	_, got := open(t, "field a number\nb > 1 → +5\na = \"x\" → +5\na > → +5\n")
	lines := []uint32{}
	for _, d := range got {
		lines = append(lines, d.Range.Start.Line)
	}
	if fmt.Sprint(lines) != "[1 2 3]" {
		t.Errorf("diagnostics on lines %v: %+v", lines, got)
	}
}

// A burst of changes is answered for the last of them at the latest; what is
// published last is about the last text.
func TestBurst(t *testing.T) {
	c, _ := open(t, "")
	// The server must not wait for the client to read while the client types.
	done := make(chan error, 1)
	go func() {
		for i := range 200 {
			body, _ := json.Marshal(notification{"2.0", "textDocument/didChange",
				changeParams{textDocument{URI: testURI, Version: i + 2}, []change{{Text: strings.Repeat("a > 1 → +1\n", i) + "b >"}}}})
			if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		a := c.read()
		var p diagnosticsParams
		if err := json.Unmarshal(a.Params, &p); err != nil {
			t.Fatal(err)
		}
		if len(p.Diagnostics) != 1 || p.Diagnostics[0].Range.Start.Line != uint32(p.Version-2) {
			t.Fatalf("version %d: %+v", p.Version, p.Diagnostics)
		}
		if p.Version == 201 {
			break
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestProtocolErrors(t *testing.T) {
	c := start(t)
	if a := c.ask("textDocument/hover", positionIn(position{})); a.Error == nil || a.Error.Code != codeNotInitialized {
		t.Errorf("before initialize: %+v", a)
	}
	c.raw("{not json")
	if a := c.answer("null"); a.Error == nil || a.Error.Code != codeParse {
		t.Errorf("no JSON: %+v", a)
	}
	c.raw("[1, 2]")
	if a := c.answer("null"); a.Error == nil || a.Error.Code != codeInvalidRequest {
		t.Errorf("no request: %+v", a)
	}
	c.call("initialize", map[string]any{}, nil)
	if a := c.ask("initialize", map[string]any{}); a.Error == nil || a.Error.Code != codeInvalidRequest {
		t.Errorf("initialize twice: %+v", a)
	}
	if a := c.ask("textDocument/rename", map[string]any{}); a.Error == nil || a.Error.Code != codeNoMethod {
		t.Errorf("a method that is not there: %+v", a)
	}
	if a := c.ask("textDocument/hover", []int{1}); a.Error == nil || a.Error.Code != codeInvalidParams {
		t.Errorf("wrong params: %+v", a)
	}
	c.notify("$/cancelRequest", map[string]any{"id": 1})
	for _, method := range []string{"textDocument/hover", "textDocument/definition", "textDocument/formatting"} {
		if a := c.ask(method, positionIn(position{})); a.Error != nil || string(a.Result) != "null" {
			t.Errorf("%s of a document that is not open: %+v", method, a)
		}
	}
	large := maxBody + 1
	go func() {
		fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n", large)
		io.CopyN(c.in, zeros{}, int64(large))
	}()
	if a := c.answer("null"); a.Error == nil || a.Error.Code != codeInvalidRequest {
		t.Errorf("too large: %+v", a)
	}
	c.call("shutdown", nil, nil)
	if code := c.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestEnd(t *testing.T) {
	for name, in := range map[string]string{
		"hang up":                 "",
		"exit without shutdown":   frame(`{"jsonrpc":"2.0","method":"exit"}`),
		"no header":               "hello\r\n\r\n",
		"no length":               "Content-Type: x\r\n\r\n{}",
		"a length that is none":   "Content-Length: -5\r\n\r\n",
		"cut in the header":       "Content-Le",
		"cut in the body":         "Content-Length: 50\r\n\r\n{}",
		"a header without an end": strings.Repeat("x", 1<<16),
	} {
		var out bytes.Buffer
		if code := serve(strings.NewReader(in), &out); code != 1 {
			t.Errorf("%s: exit code %d", name, code)
		}
	}
}

func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
