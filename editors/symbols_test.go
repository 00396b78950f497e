package editors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// lexerTables reads the tables of the lexer: the symbols and the token that
// each makes, the units and whether they may stand as words of their own, and
// the typographic quotes.
func lexerTables(t *testing.T) (symbols map[string]string, units map[string]bool, quotes []string) {
	t.Helper()
	symbols, units = map[string]string{}, map[string]bool{}
	unquote := func(e ast.Expr) string {
		s, err := strconv.Unquote(e.(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, name := range []string{"lexer.go", "literal.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), "../dsl/"+name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if len(n.Values) != 1 {
					return true
				}
				table, ok := n.Values[0].(*ast.CompositeLit)
				if !ok {
					return true
				}
				for _, e := range table.Elts {
					switch n.Names[0].Name {
					case "operators":
						entry := e.(*ast.CompositeLit).Elts
						symbols[unquote(entry[0])] = entry[1].(*ast.Ident).Name
					case "oddOps":
						entry := e.(*ast.KeyValueExpr)
						symbols[unquote(entry.Key)] = entry.Value.(*ast.Ident).Name
					case "units":
						entry := e.(*ast.KeyValueExpr)
						alone := false
						for _, f := range entry.Value.(*ast.CompositeLit).Elts {
							alone = alone || f.(*ast.KeyValueExpr).Key.(*ast.Ident).Name == "word"
						}
						units[unquote(entry.Key)] = alone
					}
				}
			case *ast.FuncDecl:
				if n.Name.Name != "smartQuote" {
					return false
				}
				ast.Inspect(n.Body, func(n ast.Node) bool {
					if c, ok := n.(*ast.CaseClause); ok {
						for _, e := range c.List {
							quotes = append(quotes, unquote(e))
						}
					}
					return true
				})
			}
			return true
		})
	}
	if symbols["→"] != "opArrow" || symbols["≥"] != "opGe" || symbols["??"] != "opQQ" || !units["million"] || len(quotes) != 8 {
		t.Fatalf("the lexer's tables were not found: %v %v %v", symbols, units, quotes)
	}
	return symbols, units, quotes
}

// TestEverySymbol holds the grammar against the symbols that the lexer reads,
// with every spelling of an arrow that word processors make.
func TestEverySymbol(t *testing.T) {
	g := readGrammar(t)
	symbols, _, _ := lexerTables(t)
	is := func(symbol, want string) {
		t.Helper()
		line := "x > a " + symbol + " 5"
		scopes := g.paint(line)[0][len("x > a "):]
		for i := range symbol {
			if !strings.HasPrefix(scopes[i], want) {
				t.Errorf("%s is %q, not %q", symbol, scopes[i], want)
				return
			}
		}
		if want == "keyword.operator.arrow" && scopes[len(symbol)+1] != "constant.numeric.points" {
			t.Errorf("after %s points are %q", symbol, scopes[len(symbol)+1])
		}
	}
	arrows := 0
	for symbol, token := range symbols {
		switch token {
		case "opWrong", "opDot": // not of the language
		case "opArrow", "opFatArrow":
			is(symbol, "keyword.operator.arrow")
			if symbol >= "\x80" {
				is(symbol+"\ufe0f", "keyword.operator.arrow") // as a picture
			}
			arrows++
		case "opMinus":
			is(symbol, "keyword.operator")
			is(symbol+">", "keyword.operator.arrow")
		case "opLParen", "opRParen", "opLBrace", "opRBrace", "opComma":
			is(symbol, "punctuation")
		default:
			is(symbol, "keyword.operator")
		}
	}
	if arrows < 15 {
		t.Errorf("only %d arrows", arrows)
	}
	is("—>", "keyword.operator.arrow")
	is("/", "keyword.operator")
	is("×", "keyword.other.clause")
	is("[", "punctuation")
	is(";", "punctuation")
}

// TestEveryUnit holds the grammar against the units that a number may have.
func TestEveryUnit(t *testing.T) {
	g := readGrammar(t)
	_, units, _ := lexerTables(t)
	for unit, alone := range units {
		texts := []string{"5" + unit, "1,500.5" + unit}
		if alone {
			texts = append(texts, "5 "+unit, "5\u00a0"+unit)
		}
		for _, text := range texts {
			scopes := g.paint("x > " + text + " and y")[0][len("x > "):]
			for i := range text {
				if !strings.HasPrefix(scopes[i], "constant.numeric") {
					t.Errorf("%q is %q at %q", text, scopes[i], text[i:])
					break
				}
			}
		}
	}
}

// TestEveryQuote holds the grammar against the quotes that the lexer reads: a
// typographic one is closed by any of its kind or the plain one.
func TestEveryQuote(t *testing.T) {
	g := readGrammar(t)
	_, _, quotes := lexerTables(t)
	for _, open := range quotes {
		for _, end := range append([]string{`"`, `'`}, quotes...) {
			line := "x = " + open + "a → b" + end + " → +5"
			scopes := g.paint(line)[0]
			at := strings.Index(line, "b")
			closed := strings.ContainsAny(open, "“”„‟") == strings.ContainsAny(end, `"“”„‟`)
			if !strings.HasPrefix(scopes[at], "string.quoted") || strings.HasPrefix(scopes[len(line)-1], "string.quoted") == closed {
				t.Errorf("%s: %s", line, scopesOf(line, scopes))
			}
		}
	}
}
