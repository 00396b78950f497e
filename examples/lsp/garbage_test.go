package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// everything asks every question at one place of a text. Unlike the server it
// does not catch a panic.
func everything(text string, offset int) {
	d := newDocument(testURI, 1, text)
	d.diagnostics()
	d.hover(offset)
	d.definition(offset)
	d.completion(offset)
	d.formatting()
}

func exampleRulesets(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("../rulesets/*.rules")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no example rulesets", err)
	}
	texts := []string{people, scored}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(src))
	}
	return texts
}

// TestGarbage cuts, joins and damages rulesets and asks at every sort of place.
func TestGarbage(t *testing.T) {
	texts := exampleRulesets(t)
	r := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"{", "}", "(", ")", "[", "]", "\"", "'", "`", "“", "#", "//", "→", "🚀", ",", ":", ";", "\r", "\n", "where", "each ", "expect ", "\ufeff", "é", "..", "$", "\x00", "when ", " = "}
	for range 400 {
		text := texts[r.IntN(len(texts))]
		from := r.IntN(len(text))
		text = strings.ToValidUTF8(text[from:min(len(text), from+r.IntN(600))], "")
		for range r.IntN(4) {
			at := r.IntN(len(text) + 1)
			text = strings.ToValidUTF8(text[:at], "") + pieces[r.IntN(len(pieces))] + strings.ToValidUTF8(text[at:], "")
		}
		for range 3 {
			everything(text, boundary(text, r.IntN(len(text)+1)))
		}
	}
}

// boundary moves an offset back to the beginning of its character.
func boundary(text string, offset int) int {
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	return offset
}

// TestEveryPlace asks at every character of the rulesets that the tests know.
func TestEveryPlace(t *testing.T) {
	for _, text := range []string{people, scored} {
		d := newDocument(testURI, 1, text)
		for i := range text {
			d.hover(i)
			d.definition(i)
			d.completion(i)
		}
	}
}

// TestLargeTexts answers quickly about texts as large as the language reads,
// whatever they are made of.
func TestLargeTexts(t *testing.T) {
	for name, piece := range map[string]string{
		"braces": "{}", "open braces": "{ ", "parentheses": "count(", "hashes in them": "any( #", "quotes": "\"", "backticks": "`",
		"fields": "field f%d number\n", "rules": "a%d > 1 → +1\n", "one line": "a and ", "commas": ",", "emoji": "🚀",
	} {
		var b strings.Builder
		for i := 0; b.Len() < 200_000; i++ {
			b.WriteString(strings.ReplaceAll(piece, "%d", strconv.Itoa(i)))
		}
		text := b.String()
		began := time.Now()
		everything(text, boundary(text, len(text)/2))
		everything(text, len(text))
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("%s: %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
}

func FuzzDocument(f *testing.F) {
	for _, text := range []string{people, scored, model, "count(tags, # = \"x\") > 1 → +1", "a = “x” → { 1-49: 0, 50+: +5 }"} {
		f.Add(text, 20)
	}
	f.Fuzz(func(t *testing.T, text string, offset int) {
		if len(text) > 4<<10 || !utf8.ValidString(text) {
			return // JSON brings nothing but UTF-8
		}
		everything(text, boundary(text, min(max(offset, 0), len(text))))
	})
}

// FuzzServe gives the server any bytes: it answers or ends, and no fault of
// its own is among the answers.
func FuzzServe(f *testing.F) {
	init := frame(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`)
	opened := init + frame(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"u","version":1,"text":"a > 1 → +5"}}}`)
	for _, s := range []string{
		init, opened,
		opened + frame(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"u"},"contentChanges":[{"range":{"start":{"line":0,"character":9},"end":{"line":4294967295,"character":1}},"text":"\ud83d"}]}}`),
		opened + frame(`{"jsonrpc":"2.0","id":"x","method":"textDocument/completion","params":{"textDocument":{"uri":"u"},"position":{"line":0,"character":1}}}`),
		opened + frame(`{"jsonrpc":"2.0","id":null,"method":"textDocument/hover"}`),
		opened + frame(`{"jsonrpc":"2.0","id":{},"method":"textDocument/hover","params":null}`),
		init + frame(`null`) + frame(`{}`) + frame(`{"method":5}`) + frame(``),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		serve(bytes.NewReader(in), &out)
		if bytes.Contains(out.Bytes(), []byte("internal error")) && !bytes.Contains(in, []byte("internal error")) {
			t.Fatalf("%s", out.Bytes())
		}
	})
}
