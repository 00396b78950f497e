package accountscore

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// documents are the pages whose every code block is held true.
var documents = []string{"README.md", "docs/language.md", "docs/cheatsheet.md", "docs/structs.md", "docs/streams.md", "docs/json.md", "docs/explanations.md"}

// docBlock is a fenced block of a document.
type docBlock struct {
	info     string // what stands after the opening fence
	body     string
	line     int // of the opening fence, from 1
	from, to int // of the body in the document, in bytes
}

// docBlocks cuts the fenced blocks out of a document.
func docBlocks(t *testing.T, doc string) []docBlock {
	t.Helper()
	var blocks []docBlock
	var open *docBlock
	at := 0
	for i, line := range strings.SplitAfter(doc, "\n") {
		if info, fence := strings.CutPrefix(line, "```"); fence {
			if open == nil {
				open = &docBlock{info: strings.TrimSpace(info), line: i + 1, from: at + len(line)}
			} else {
				require.Equal(t, "```", strings.TrimSpace(line), "line %d closes no block", i+1)
				open.to = at
				open.body = doc[open.from:open.to]
				blocks = append(blocks, *open)
				open = nil
			}
		}
		at += len(line)
	}
	require.Nil(t, open, "a block is not closed")
	return blocks
}

// TestDocs holds every code block of the documents against the code. The info
// string says how:
//
//	rules                 compiles, and its cases hold
//	rules PATH            the same, and equals the file
//	rules error           does not compile; a text block follows with the error
//	go PATH               equals the file
//	text go run ./PATH    is what the program prints
//	json                  is the ruleset before it, which comes back from it
//	sh                    the paths in it exist
//
// With -update, texts and programs are rewritten.
func TestDocs(t *testing.T) {
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(filepath.FromSlash(name))
			require.NoError(t, err)
			doc := string(src)
			blocks := docBlocks(t, doc)
			require.NotEmpty(t, blocks)
			wants := make([]string, len(blocks))
			printed := "" // the error that the next block shows
			for i, b := range blocks {
				wants[i] = b.body
				at := fmt.Sprintf("%s:%d", name, b.line)
				kind, arg, _ := strings.Cut(b.info, " ")
				switch {
				case b.info == "rules error":
					printed = docError(t, at, b.body)
					require.Less(t, i+1, len(blocks), "%s: a text block with the error must follow", at)
					require.Equal(t, "text", blocks[i+1].info, "%s: a text block with the error must follow", at)
				case kind == "rules":
					if arg != "" {
						wants[i] = readDocFile(t, at, arg)
					}
					docRules(t, at, wants[i])
				case kind == "go" && arg != "":
					wants[i] = readDocFile(t, at, arg)
				case strings.HasPrefix(b.info, "text go run ./"):
					wants[i] = docOutput(t, at, strings.TrimPrefix(b.info, "text go run "))
				case b.info == "text" && printed != "":
					wants[i], printed = printed+"\n", ""
				case b.info == "json":
					require.Positive(t, i, at)
					wants[i] = docJSON(t, at, blocks[i-1].body)
				case b.info == "sh":
					docPaths(t, at, b.body)
				default:
					t.Errorf("%s: nothing holds a block %q true", at, b.info)
				}
			}
			if *updateExplain {
				updateDoc(t, name, doc, blocks, wants)
				return
			}
			for i, b := range blocks {
				if diff := cmp.Diff(wants[i], b.body); diff != "" {
					t.Errorf("%s:%d: -true +written, or run go test -run TestDocs -update:\n%s", name, b.line, diff)
				}
			}
		})
	}
}

// docJSON gives the JSON of a ruleset, and makes sure that the ruleset comes
// back from it, and from its text.
func docJSON(t *testing.T, at, src string) string {
	t.Helper()
	write := func(rs *Ruleset) string {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		require.NoError(t, enc.Encode(rs))
		return b.String()
	}
	rs, err := Parse(at, []byte(src))
	require.NoError(t, err)
	text := write(rs)
	again, err := dsl.ReadJSON([]byte(text))
	require.NoError(t, err)
	require.Equal(t, text, write(again))
	back, err := Parse(at, again.Format())
	require.NoError(t, err)
	require.Equal(t, string(again.Format()), string(back.Format()))
	for _, same := range []*Ruleset{again, back} {
		require.Equal(t, MustCompile(rs).Hash(), MustCompile(same).Hash())
	}
	return text
}

// updateDoc writes the document with its blocks as they should be.
func updateDoc(t *testing.T, name, doc string, blocks []docBlock, wants []string) {
	t.Helper()
	var b strings.Builder
	at := 0
	for i := range blocks {
		b.WriteString(doc[at:blocks[i].from])
		b.WriteString(wants[i])
		at = blocks[i].to
	}
	b.WriteString(doc[at:])
	require.NoError(t, os.WriteFile(filepath.FromSlash(name), []byte(b.String()), 0o644))
}

// docRules compiles a ruleset, runs its cases, and makes sure that its
// canonical text is the same model.
func docRules(t *testing.T, at, src string) {
	t.Helper()
	rs, err := Parse("example.rules", []byte(src))
	if !assert.NoError(t, err, at) {
		return
	}
	m, err := Compile(rs)
	if !assert.NoError(t, err, at) {
		return
	}
	for _, c := range m.Verify() {
		for _, f := range c.Failures {
			t.Errorf("%s: case %q, line %d of the block: %v", at, c.Name, c.Pos.Line, f)
		}
	}
	again, err := Parse("formatted.rules", rs.Format())
	if assert.NoError(t, err, at) {
		assert.Equal(t, string(rs.Format()), string(again.Format()), at)
		assert.Equal(t, m.Hash(), MustCompile(again).Hash(), at)
	}
}

// docError gives the error of a ruleset that is wrong.
func docError(t *testing.T, at, src string) string {
	t.Helper()
	rs, err := Parse("example.rules", []byte(src))
	if err == nil {
		_, err = Compile(rs)
	}
	require.Error(t, err, "%s: the example should not compile", at)
	var one *dsl.Error
	require.True(t, errors.As(err, &one), at)
	return err.Error()
}

func readDocFile(t *testing.T, at, name string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.FromSlash(name))
	require.NoError(t, err, at)
	return string(src)
}

// docOutput gives what a program prints.
func docOutput(t *testing.T, at, dir string) string {
	t.Helper()
	out, err := exec.Command("go", "run", dir).Output()
	require.NoError(t, err, at)
	return string(out)
}

// docPaths makes sure that what a shell command names is there.
func docPaths(t *testing.T, at, src string) {
	t.Helper()
	for word := range strings.FieldsSeq(src) {
		if path := strings.TrimSuffix(word, "/..."); strings.HasPrefix(path, "./") {
			_, err := os.Stat(filepath.FromSlash(path))
			assert.NoError(t, err, at)
		}
	}
}

var docLink = regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)"]*)[)"]`)

// TestDocsLinks follows the links of the documents to files and headings.
func TestDocsLinks(t *testing.T) {
	for _, name := range documents {
		src, err := os.ReadFile(filepath.FromSlash(name))
		require.NoError(t, err)
		prose := string(src)
		for _, b := range slices.Backward(docBlocks(t, prose)) {
			prose = prose[:b.from] + prose[b.to:]
		}
		for _, m := range docLink.FindAllStringSubmatch(prose, -1) {
			if strings.HasPrefix(m[1], "https://") {
				continue
			}
			path, heading, _ := strings.Cut(m[1], "#")
			file := name
			if path != "" {
				file = filepath.Join(filepath.Dir(name), path)
			}
			target, err := os.ReadFile(filepath.FromSlash(file))
			if heading == "" {
				_, err = os.Stat(filepath.FromSlash(file))
			}
			if assert.NoError(t, err, "%s links to %s", name, m[1]) && heading != "" {
				assert.Contains(t, headings(string(target)), heading, "%s links to %s", name, m[1])
			}
		}
	}
}

var notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// headings gives the anchors of a document's headings.
func headings(doc string) []string {
	var list []string
	for line := range strings.Lines(doc) {
		if text := strings.TrimLeft(line, "#"); text != line && strings.HasPrefix(text, " ") {
			anchor := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(text)), "")
			list = append(list, strings.ReplaceAll(anchor, " ", "-"))
		}
	}
	return list
}

// TestDocsComplete holds the reference against the code: every error code and
// every bound stands in it.
func TestDocsComplete(t *testing.T) {
	doc := readDocFile(t, "", "docs/language.md")
	src := readDocFile(t, "", "dsl/errors.go")
	codes := regexp.MustCompile(`(?m)^\tCode\w+\s+Code = "([a-z-]+)"`).FindAllStringSubmatch(src, -1)
	require.NotEmpty(t, codes)
	for _, c := range codes {
		assert.Contains(t, doc, "| `"+c[1]+"` |", "the table of error codes")
	}
	bounds := map[string]string{
		"MaxSource": fmt.Sprintf("%d MiB", dsl.MaxSource>>20), "MaxJSON": fmt.Sprintf("%d MiB", dsl.MaxJSON>>20),
		"MaxRules": grouped(dsl.MaxRules), "MaxGroup": grouped(dsl.MaxGroup), "MaxStatement": grouped(dsl.MaxStatement),
		"MaxFormula": grouped(dsl.MaxFormula), "MaxNesting": grouped(dsl.MaxNesting), "MaxNodes": grouped(dsl.MaxNodes),
		"MaxExpanded": grouped(dsl.MaxExpanded), "MaxItems": grouped(dsl.MaxItems), "MaxPattern": grouped(dsl.MaxPattern),
		"MaxPatterns": grouped(dsl.MaxPatterns), "MaxGrades": grouped(dsl.MaxGrades), "MaxHalfLives": grouped(dsl.MaxHalfLives),
		"MaxDone": grouped(dsl.MaxDone), "MaxWork": grouped(dsl.MaxWork), "MaxCaseWork": grouped(dsl.MaxCaseWork),
		"MaxPoints": "±" + grouped(dsl.MaxPoints), "MaxErrors": grouped(dsl.MaxErrors),
	}
	consts := regexp.MustCompile(`(?m)^\t(Max\w+)\s+= `).FindAllStringSubmatch(readDocFile(t, "", "dsl/limits.go"), -1)
	require.Len(t, consts, len(bounds))
	for _, c := range consts {
		row := "| `" + c[1] + "` | " + bounds[c[1]] + " |"
		assert.True(t, strings.Contains(doc, row), "the table of limits has no %s", row)
	}
}

// TestDocsRequirements holds what the README says that the library needs.
func TestDocsRequirements(t *testing.T) {
	doc := readDocFile(t, "", "README.md")
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(readDocFile(t, "", "go.mod"))
	require.NotNil(t, version)
	assert.Contains(t, doc, "It needs Go "+version[1]+".")
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".").Output()
	require.NoError(t, err)
	modules := slices.Compact(slices.Sorted(strings.FieldsSeq(string(out))))
	assert.Equal(t, []string{"github.com/accountscore/accountscore", "github.com/expr-lang/expr"}, modules)
}

// grouped writes a number with commas.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
