package editors

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestScopes holds lines against the scopes of their pieces. A piece is the
// next occurrence of its text on the line.
func TestScopes(t *testing.T) {
	const (
		keyword  = "keyword.control.statement"
		clause   = "keyword.other.clause"
		word     = "keyword.operator.word"
		test     = "keyword.operator.test"
		logical  = "keyword.operator.logical"
		operator = "keyword.operator"
		arrow    = "keyword.operator.arrow"
		number   = "constant.numeric"
		points   = "constant.numeric.points"
		span     = "constant.numeric.duration"
		date     = "constant.other.date"
		quoted   = "string.quoted.double"
		item     = "string.unquoted.item"
		key      = "string.unquoted.key"
		comment  = "comment.line"
		function = "support.function"
		field    = "variable.other.field"
		section  = "entity.name.section"
		activity = "entity.name.type"
		label    = "entity.name.tag.label"
		result   = "variable.language.result"
		typ      = "storage.type"
	)
	g := readGrammar(t)
	for _, c := range []struct {
		text   string
		pieces []string // a piece and its scope, in turn
	}{
		{"# a comment", []string{"# a comment", comment}},
		{"a > 1 → +1  // and \"here\"", []string{"a", field, ">", operator, "1", number, "→", arrow, "+1", points, "// and \"here\"", comment}},
		{"a#b", []string{"a", field, "#", "", "b", field}},
		{`ruleset "Healthcare SaaS" version "2026.4"   # named`, []string{"ruleset", keyword, `"Healthcare SaaS"`, section, "version", clause, `"2026.4"`, "string.quoted", "# named", comment}},
		{"review  every 90d from 2026-10-01", []string{"review", keyword, "every", clause, "90d", span, "from", clause, "2026-10-01", date}},
		{"score   min 0 max 100 round 1", []string{"score", keyword, "min", clause, "0", number, "max", clause, "100", number, "round", clause, "1", number}},
		{"param regions = [US, UK, mid-size, Levi's]", []string{"param", keyword, "regions", "variable.other.constant", "=", operator, "US", item, "UK", item, "mid-size", item, "Levi's", item}},
		{`field revenue number stale after 90d from "AnnualRevenue" "What they earn"`, []string{"field", keyword, "revenue", field, "number", typ, "stale", clause, "after", clause, "90d", span, "from", clause, `"AnnualRevenue"`, quoted, `"What they earn"`, quoted}},
		{"field stage text one of [none, talks] default none missing after 8w ignoring case enrichable", []string{"text", typ, "one", clause, "of", clause, "talks", item, "default", clause, "missing", clause, "8w", span, "ignoring", clause, "case", clause, "enrichable", clause}},
		{"activity visit (page text, seconds number), webinar", []string{"activity", keyword, "visit", activity, "page", field, "text", typ, "seconds", field, "number", typ, "webinar", activity}},
		{"let per_head = revenue / employees ?? 1", []string{"let", keyword, "per_head", "variable.other.constant", "revenue", field, "/", operator, "employees", field, "??", operator, "1", number}},
		{`dimension fit out of 100 weight 50% "Who" {`, []string{"dimension", keyword, "fit", section, "out", clause, "of", clause, "100", number, "weight", clause, "50%", number, `"Who"`, quoted}},
		{"dimension people max 20 unscored from contacts {", []string{"max", clause, "20", number, "unscored", clause, "from", clause, "contacts", clause}},
		{`  size:  employees gte 1000   → +50   "Enterprise"`, []string{"size", label, "employees", field, "gte", word, "1000", number, "→", arrow, "+50", points, `"Enterprise"`, quoted}},
		{"revenue between 10M and $50.5M => -20", []string{"between", word, "10M", number, "and", logical, "$50.5M", number, "=>", arrow, "-20", points}},
		{"revenue > 1,500,000 -> 2.5", []string{"1,500,000", number, "->", arrow, "2.5", points}},
		{"a in 1.5 million-2 billion or b > 60% → 1", []string{"in", word, "1.5 million", number, "2 billion", number, "or", logical, "60%", number}},
		{"country IN [US, \"Media, print\"] AND NOT x is not known → +1", []string{"IN", word, "US", item, `"Media, print"`, quoted, "AND", logical, "NOT", logical, "x", field, "is not known", test}},
		{"tags has any [EHR] && tags does not contain \"x\" || !ready → +1", []string{"has any", word, "EHR", item, "&&", operator, "does not contain", word, `"x"`, quoted, "||", operator, "!", operator, "ready", field}},
		{"100 <= employees < 1000 → +3 else -3", []string{"<=", operator, "employees", field, "<", operator, "+3", points, "else", clause, "-3", points}},
		{"open → +2 per open_roles / 10k max 20 min 0", []string{"open", field, "+2", points, "per", clause, "open_roles", field, "10k", number, "max", clause, "20", number, "min", clause, "0", number}},
		{"revenue → 0..50 over 5M-50M", []string{"→", arrow, "0", points, "..", "keyword.operator.range", "50", points, "over", clause, "5M", number, "-", operator, "50M", number}},
		{"plan → { pro: +5, \"pro plus\": +10, mid size: 2, 1-49: 0, 50+: 3, missing: 1, else: -1 }", []string{"→", arrow, "pro", key, "+", operator, "5", number, `"pro plus"`, quoted, "mid size", key, "1", number, "49", number, "missing", clause, "else", clause}},
		{"count(visit where page contains \"x\", 60d) > 5 → +30", []string{"count", function, "visit", field, "where", clause, "page", field, "contains", word, `"x"`, quoted, "60d", span, ">", operator, "5", number}},
		{"any(tags, # = \"b\" and len(#) > 1) → +1  # note", []string{"any", function, "#", "variable.language.element", "=", operator, `"b"`, quoted, "and", logical, "len", function, "#", "variable.language.element", "+1", points, "# note", comment}},
		{"any(tags → +1  # note", []string{"any", function, "→", arrow, "# note", comment}},
		{"ours(a) > min(1, 2) → +1", []string{"ours", "entity.name.function", "min", function}},
		{"each visit where page = \"x\" within 90 days → +5 half-life 30d linear 2 weeks max 60 daily max 5 per value", []string{"each", keyword, "visit", activity, "where", clause, "within", word, "90 days", span, "+5", points, "half-life", clause, "30d", span, "linear", clause, "2 weeks", span, "max", clause, "60", number, "daily", clause, "max", clause, "per", clause, "value", clause}},
		{"x: latest demo by account → +5", []string{"latest", keyword, "demo", activity, "by", clause, "account", clause}},
		{"best of \"size\" { a > 1 → +1 }", []string{"best", keyword, "of", keyword, `"size"`, quoted, "a", field}},
		{"sum of max 30 min 0 {", []string{"sum", keyword, "of", keyword, "max", clause, "30", number}},
		{"scale 50% when stage = none", []string{"scale", keyword, "50%", number, "when", clause, "stage", field}},
		{"  score    lead_score", []string{"score", keyword, "lead_score", field}},
		{"  decay    half-life 30d since last_active within 90d", []string{"decay", keyword, "half-life", clause, "30d", span, "since", clause, "last_active", field, "within", word, "90d", span}},
		{"  cap 100", []string{"cap", keyword, "100", number}},
		{"  cap > 5 → +3", []string{"cap", field, ">", operator, "+3", points}},
		{"  cap is known → +3", []string{"cap", field, "is known", word}},
		{"  field → +3", []string{"field", field, "→", arrow}},
		{"  weight seniority { c_level: 2.0, else: 0.5 }", []string{"weight", keyword, "seniority", field, "c_level", key, "2.0", number, "else", clause}},
		{"  combine weighted mean", []string{"combine", keyword, "weighted mean", clause}},
		{"  engaged at least 10 distinct by department", []string{"engaged", keyword, "at least", word, "10", number, "distinct", clause, "by", clause, "department", field}},
		{"  bonus multi-thread 50% falling 0.5", []string{"bonus", keyword, "multi-thread", clause, "50%", number, "falling", clause, "0.5", number}},
		{"  committee assigned by role { champion: 1 }", []string{"committee", keyword, "assigned by", clause, "role", field, "champion", key}},
		{"disqualify when industry in [Gambling] \"No\"", []string{"disqualify", keyword, "when", clause, "industry", field, "Gambling", item, `"No"`, quoted}},
		{"grades fit { 75+: A, else: B }", []string{"grades", keyword, "fit", section, "75", number, "else", clause}},
		{"tiers stage { hot when score >= 30 and fit.grade = A hold 5", []string{"tiers", keyword, "stage", section, "hot", section, "when", clause, "score", result, ">=", operator, "fit.grade", result, "hold", clause, "5", number}},
		{"  \"very top\" when grade in [A1]", []string{`"very top"`, section, "when", clause, "grade", result}},
		{"  low otherwise", []string{"low", section, "otherwise", clause}},
		{"  play \"Ads\" targeting \"All\" motion \"AE\" metric \"Pipe\"", []string{"play", clause, `"Ads"`, "string.quoted", "targeting", clause, `"All"`, "string.quoted", "motion", clause, "metric", clause, `"Pipe"`, "string.quoted"}},
		{"trigger hot when tier rises to top", []string{"trigger", keyword, "hot", section, "when", clause, "tier", result, "rises", clause, "to", clause}},
		{"trigger c when score falls by 20", []string{"falls", clause, "by", clause, "20", number}},
		{"trigger c when fit reaches 50", []string{"reaches", clause, "50", number}},
		{"case \"fit alone\" at 2026-11-01 {", []string{"case", keyword, `"fit alone"`, section, "at", clause, "2026-11-01", date}},
		{"  employees = 5 as of 2026-10-01, x = null", []string{"employees", field, "=", operator, "5", number, "as", clause, "of", clause, "2026-10-01", date, "null", "constant.language"}},
		{"  contact \"bob@example.com\" { a = true, did visit }", []string{"contact", keyword, `"bob@example.com"`, activity, "true", "constant.language", "did", keyword, "visit", activity}},
		{"  did visit (page = \"/x\") on 2026-10-20T12:00:00Z value 2 x 3", []string{"did", keyword, "visit", activity, `"/x"`, quoted, "on", clause, "2026-10-20T12:00:00Z", date, "value", clause, "2", number, "x", clause, "3", number}},
		{"  did visit × 3", []string{"×", clause, "3", number}},
		{"  was top", []string{"was", keyword, "top", activity}},
		{"  expect fit 100, tier mid, unknown 0", []string{"expect", keyword, "fit", field, "100", number, "tier", result}},
		{"plan = ‘Enterprise “plus”’ ⇒ −5", []string{"plan", field, "‘Enterprise “plus”’", "string.quoted.single.smart", "⇒", arrow, "−5", points}},
		{"a ≥ 1 and b ≠ “x” and c ≤ 1–2", []string{"≥", operator, "≠", operator, "“x”", "string.quoted.double.smart", "≤", operator, "–", operator}},
		{`t matches "^(VP|SVP)\\b" → +1`, []string{"matches", word, `"^(VP|SVP)`, quoted, `\\`, "constant.character.escape", `b"`, quoted}},
		{"a = 'it\\'s' → +1", []string{"'it", "string.quoted.single", "\\'", "constant.character.escape", "s'", "string.quoted.single"}},
		{"a = \"open\nb > 1", []string{"\"open", quoted}},
		{"größe in [groß] and ümsatz > 0x1F → +1", []string{"größe", field, "in", word, "groß", item, "and", logical, "ümsatz", field, "0x1F", number}},
		{"x = \"🚀\" → +5", []string{"\"🚀\"", quoted, "→", arrow, "+5", points}},
		{"a = b ? 1 : 2", []string{"?", operator, "1", number, ":", operator}},
		{"a\u00a0gte\u00a01.5\u202fmillion\u00a0AND b at\u00a0least 1\u00a0→\u00a0+5\u00a0# note", []string{"a", field, "gte", word, "1.5\u202fmillion", number, "AND", logical, "at\u00a0least", word, "→", arrow, "+5", points, "# note", comment}},
		{"a within 1,000 days or b within 1.5e2d → +1;# note", []string{"within", word, "1,000 days", span, "1.5e2d", span, "+1", points, "# note", comment}},
		{"a > 5million –> ‑2.5", []string{"5million", number, "–>", arrow, "‑2.5", points}},
		{"reasons below baseline", []string{"reasons", keyword, "below", clause, "baseline", clause}},
		{"reasons contains \"x\" → +1", []string{"reasons", field, "contains", word}},
		{"a > 1 → +3 baseline -5.5 code R01 \"why\"", []string{"+3", points, "baseline", clause, "-5.5", number, "code", clause, "R01", "string.quoted", `"why"`, quoted}},
		{"first of \"size\" baseline 20 code \"fit-1\" {", []string{`"size"`, quoted, "baseline", clause, "20", number, "code", clause, `"fit-1"`, "string.quoted"}},
		{"code in [a] and code contains \"x\" → +1", []string{"code", field, "in", word, "code", field, "contains", word}},
		{"language expr", []string{"language", keyword, "expr", activity}},
		{"a > 1 → +1; b > 1 → +1", []string{"+1", points, "b", field, "+1", points}},
	} {
		line, _, _ := strings.Cut(c.text, "\n")
		scopes := g.paint(c.text)[0]
		at := 0
		for i := 0; i < len(c.pieces); i += 2 {
			piece, want := c.pieces[i], c.pieces[i+1]
			n := strings.Index(line[at:], piece)
			if n < 0 {
				t.Fatalf("%q is not in %q", piece, line[at:])
			}
			at += n
			for j := at; j < at+len(piece); j++ {
				if scopes[j] != want && line[j] != ' ' {
					t.Errorf("%s\n%q is %q, not %q%s", line, piece, scopes[j], want, scopesOf(line, scopes))
					break
				}
			}
			at += len(piece)
		}
	}
}

// A text in backticks goes over lines, and so do a list and the parentheses of
// a function.
func TestScopesOverLines(t *testing.T) {
	g := readGrammar(t)
	scopes := g.paint("t = `one\ntwo` → +1\nc in [US, # here\n  UK] → +1\nany(tags,\n  # = \"x\") → +1 # there\n")
	for _, c := range []struct {
		line, column int
		want         string
	}{
		{1, 0, "string.quoted.raw"}, {1, 5, "keyword.operator.arrow"}, {2, 10, "comment.line"}, {3, 2, "string.unquoted.item"},
		{3, 6, "keyword.operator.arrow"}, {5, 2, "variable.language.element"}, {5, 18, "comment.line"},
	} {
		if got := scopes[c.line][c.column]; got != c.want {
			t.Errorf("%d:%d is %q, not %q", c.line, c.column, got, c.want)
		}
	}
}

// corpus is every ruleset of the examples and every block of the documents.
func corpus(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, dir := range []string{"../examples/rulesets/*.rules", "../examples/*/*.rules", "../examples/*/*/*.rules"} {
		paths, err := filepath.Glob(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			texts[path] = readFile(t, path)
		}
	}
	block := regexp.MustCompile("(?ms)^```rules[^\n]*\n(.*?)^```")
	for _, path := range []string{"../docs/language.md", "../docs/cheatsheet.md", "../README.md"} {
		for i, m := range block.FindAllStringSubmatch(readFile(t, path), -1) {
			texts[fmt.Sprintf("%s block %d", path, i+1)] = m[1]
		}
	}
	if len(texts) < 50 {
		t.Fatalf("only %d texts", len(texts))
	}
	return texts
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(src), "\r\n", "\n")
}

// TestCorpus paints every ruleset there is: every character that is no space
// has a scope, what stands in quotes is a text, what follows # or // a
// comment, and every arrow an arrow; and no region stays open.
func TestCorpus(t *testing.T) {
	g := readGrammar(t)
	comment := regexp.MustCompile(`(?:^|\s)((?:#|//)[^"]*)$`)
	arrow := regexp.MustCompile(`→|->|=>`)
	for name, text := range corpus(t) {
		// What a text leaves open swallows this.
		lines := strings.Split(text+"zz > 1 → +1", "\n")
		painted := g.paint(strings.Join(lines, "\n"))
		for i, line := range lines {
			scopes := painted[i]
			for j := range line {
				if scopes[j] == "" && line[j] != ' ' && line[j] != '\t' && line[j] != ':' && line[j] != '.' {
					t.Errorf("%s:%d: no scope at %q in %s", name, i+1, line[j:], line)
					break
				}
			}
			if m := comment.FindStringSubmatchIndex(line); m != nil && !strings.Contains(line, "(") && scopes[m[2]] != "comment.line" {
				t.Errorf("%s:%d: no comment: %s%s", name, i+1, line, scopesOf(line, scopes))
			}
			for _, m := range arrow.FindAllStringIndex(line, -1) {
				if s := scopes[m[0]]; s != "keyword.operator.arrow" && s != "comment.line" && !strings.HasPrefix(s, "string") {
					t.Errorf("%s:%d: an arrow is %q: %s", name, i+1, s, line)
				}
			}
		}
		if last := painted[len(lines)-1]; last[0] != "variable.other.field" || !strings.HasSuffix(last[len(last)-1], "points") {
			t.Errorf("%s leaves something open", name)
		}
	}
}

// TestEveryWord holds the grammar against the parser: each word that it takes
// in its place, each word operator, function, type and symbol is coloured as
// one where the corpus or a line below uses it.
func TestEveryWord(t *testing.T) {
	g := readGrammar(t)
	seen := map[string]map[string]bool{}
	more := "list has none [a] and t eq 1 and t ne 1 and t neq 1 and t lt 1 and t lte 1 → +1\nt startswith \"a\" and t endswith \"b\" → +1\nfield tags list of text\nlist has word \"x\" or is one of [a] → +1\n  combine top 3\n"
	for _, text := range append(slices.Collect(mapValues(corpus(t))), more) {
		lines := strings.Split(text, "\n")
		for i, scopes := range g.paint(text) {
			if i >= len(lines) {
				break
			}
			for j := 0; j < len(lines[i]); {
				k := j + 1
				for k < len(lines[i]) && scopes[k] == scopes[j] {
					k++
				}
				for piece := range strings.FieldsSeq(strings.ToLower(lines[i][j:k])) {
					for _, part := range append(strings.Split(piece, "-"), piece) {
						if seen[part] == nil {
							seen[part] = map[string]bool{}
						}
						seen[part][scopes[j]] = true
					}
				}
				j = k
			}
		}
	}
	for word, why := range parserWords(t) {
		ok := false
		for scope := range seen[word] {
			for _, good := range []string{"keyword", "storage", "support", "variable.language", "constant.language"} {
				ok = ok || strings.HasPrefix(scope, good)
			}
		}
		if !ok {
			t.Errorf("%q (%s) has no colour of its own; it was seen as %v: add it to %s, and a line that uses it to the documents", word, why, seen[word], grammarFile)
		}
	}
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// parserWords reads the words of the language out of the source of its
// parser: the arguments of the methods that take words, and the tables of
// statements, operators, functions and types.
func parserWords(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	paths, err := filepath.Glob("../dsl/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal("there is no parser", err)
	}
	add := func(e ast.Expr, why string) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			s, _ := strconv.Unquote(lit.Value)
			for w := range strings.FieldsSeq(s) {
				words[w] = why
			}
		}
	}
	tables := map[string]bool{"rollupClauses": true, "comparisons": true, "operatorStart": true, "functionNames": true, "fieldTypes": true, "sections": true, "playParts": true}
	takers := map[string]bool{"takeWords": true, "takeHyphenated": true, "clause": true, "expectWord": true}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && takers[f.Sel.Name] {
					args := n.Args
					if f.Sel.Name == "expectWord" {
						args = args[:1]
					}
					for _, a := range args {
						add(a, "taken in "+filepath.Base(path))
					}
				}
			case *ast.AssignStmt:
				if id, ok := n.Lhs[0].(*ast.Ident); ok && (id.Name == "statements" || tables[id.Name]) {
					tableWords(n.Rhs[0], id.Name, add)
				}
			case *ast.ValueSpec:
				if tables[n.Names[0].Name] && len(n.Values) > 0 {
					tableWords(n.Values[0], n.Names[0].Name, add)
				}
			}
			return true
		})
	}
	for _, must := range []string{"ruleset", "disqualify", "committee", "gte", "between", "days_since", "time", "targeting", "falling"} {
		if words[must] == "" {
			t.Errorf("the parser's word %q was not found", must)
		}
	}
	return words
}

// tableWords reads the keys of a map, the items of a slice or the words of a
// word set.
func tableWords(e ast.Expr, name string, add func(ast.Expr, string)) {
	switch e := e.(type) {
	case *ast.CompositeLit:
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				add(kv.Key, name)
			} else {
				add(el, name)
			}
		}
	case *ast.CallExpr:
		for _, a := range e.Args {
			add(a, name)
		}
	}
}

// TestExtension holds the files of the Visual Studio Code extension together.
func TestExtension(t *testing.T) {
	var manifest struct {
		Main        string
		Contributes struct {
			Languages []struct {
				ID, Configuration string
				Extensions        []string
			}
			Grammars []struct{ Language, ScopeName, Path string }
		}
	}
	if err := json.Unmarshal([]byte(readFile(t, "vscode/package.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	g := readGrammar(t)
	if len(manifest.Contributes.Languages) != 1 || len(manifest.Contributes.Grammars) != 1 {
		t.Fatalf("%+v", manifest)
	}
	language, colours := manifest.Contributes.Languages[0], manifest.Contributes.Grammars[0]
	if colours.Language != language.ID || colours.ScopeName != g.ScopeName || !slices.Equal(language.Extensions, []string{".rules"}) || !slices.Equal(g.FileTypes, []string{"rules"}) {
		t.Errorf("%+v", manifest)
	}
	for _, path := range []string{manifest.Main, language.Configuration} {
		readFile(t, filepath.Join("vscode", path))
	}
	if filepath.Base(colours.Path) != grammarFile {
		t.Errorf("the extension's grammar is %s", colours.Path)
	}
	var any map[string]any
	if err := json.Unmarshal([]byte(readFile(t, filepath.Join("vscode", language.Configuration))), &any); err != nil {
		t.Fatal(err)
	}
}
