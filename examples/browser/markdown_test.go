package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// TestMarkdown reads an explanation with a Markdown parser: a name makes no
// link, no picture and no HTML, and a table keeps its columns. Code is looked at
// by TestMarkdownAddresses.
func TestMarkdown(t *testing.T) {
	gfm := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	shapes := map[string]string{"links": "[x](https://example.com)", "pictures": "![x](x.png)", "code": "`a` ``b``", "stars": "**a** _b_ *c*",
		"bars": "a | b || c", "address": "see https://example.com/a or www.example.com", "mail": "ops@example.com", "name": "@octocat and #1", "emoji": ":smile:", "ticks": "`ops@example.com`|a_@b.example.com",
		"angle": "<https://example.com> <b>", "entity": "&lt;b&gt; &copy;",
		"struck": "~~a~~", "title": "# a #", "list": "- a", "line": "---", "break": "a\nb\n\n> c", "escape": `\`, "note": "[^1]: a", "task": "[x] a"}
	plain := shapeOf(t, gfm.Parse, "plain")
	for name, id := range shapes {
		t.Run(name, func(t *testing.T) {
			if got := shapeOf(t, gfm.Parse, id); got != plain {
				t.Errorf("the document has another shape:\n%s\nwant\n%s", got, plain)
			}
		})
	}
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(explain(t, account("<b>&amp; | *a*")).Markdown()), &b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "<h1>&lt;b&gt;&amp;amp; | *a*</h1>") {
		t.Errorf("the name is not what it was:\n%.500s", b.String())
	}
}

// shapeOf gives the kinds of a document's nodes, without its words.
func shapeOf(t *testing.T, parse func(text.Reader, ...parser.ParseOption) ast.Node, id string) string {
	t.Helper()
	src := []byte(explain(t, account(id)).Markdown())
	var b strings.Builder
	err := ast.Walk(parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() != ast.KindText && n.Kind() != ast.KindString && n.Kind() != ast.KindCodeSpan {
			b.WriteString(n.Kind().String() + "\n")
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMarkdownAddresses reads names that renderers make links of by themselves:
// they stand as code, where no renderer looks for any, and read as they are.
func TestMarkdownAddresses(t *testing.T) {
	for id, want := range map[string]string{
		"ops@example.com":               "<code>ops@example.com</code>",
		"mail ops@example.com: now":     "mail <code>ops@example.com</code>: now",
		"<mailto:a.b+c@x-y.example>":    "&lt;<code>mailto:a.b+c@x-y.example</code>&gt;",
		"@octocat":                      "<code>@octocat</code>",
		"team/@octocat|#12":             "<code>team/@octocat</code>|<code>#12</code>",
		":smile:":                       "<code>:smile</code>:",
		"see http://example.com/a?b=c.": "see <code>http://example.com/a?b=c</code>.",
		"(WWW.example.com)":             "(<code>WWW.example.com</code>)",
		"a `b@c.de` d":                  "a `<code>b@c.de</code>` d",
		"at 14:30:00, # 1 :) a_b_c":     "at 14:30:00, # 1 :) a_b_c",
		"`a` *b* www":                   "`a` *b* www",
	} {
		t.Run(id, func(t *testing.T) {
			var b bytes.Buffer
			x := explain(t, account(id))
			if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(x.Markdown()), &b); err != nil {
				t.Fatal(err)
			}
			for _, place := range []string{"<h1>" + want + "</h1>", "<td>✓ " + want + "</td>"} {
				if !strings.Contains(b.String(), place) {
					t.Errorf("no %s in:\n%.3000s", place, b.String())
				}
			}
			if strings.Contains(b.String(), "<a ") {
				t.Error("a name makes a link")
			}
		})
	}
}
