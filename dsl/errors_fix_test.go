package dsl

import (
	"go/ast"
	goparser "go/parser"
	gotoken "go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryErrorHasAFix: an error that is made without a fix has that of its
// code, whichever code it is.
func TestEveryErrorHasAFix(t *testing.T) {
	for code := range lessons {
		assert.NotEmpty(t, newError(place{}, Pos{}, code, "wrong", "").Fix, code)
		assert.Equal(t, "write 5", newError(place{}, Pos{}, code, "wrong", "write 5").Fix)
	}
	assert.Len(t, plainFixes, len(lessons))
	p := &parser{src: "a"}
	p.faultAt(Pos{}, CodeSyntax, "", "wrong")
	c := &checker{}
	c.fault(place{}, Pos{}, CodeType, "", "wrong")
	e := &exprCompiler{}
	e.refuse(nil, CodeNotAllowed, "", "wrong")
	for _, err := range []*Error{p.errs[0], c.errs[0], e.err, NewError(&Ruleset{}, Pos{}, CodeValue, "wrong", "")} {
		assert.NotEmpty(t, err.Fix)
	}
}

// TestOneMakerOfErrors reads the package: only newError makes an Error, so that
// what it promises holds for all. The reader of JSON, whose errors are places in
// another text, makes its own.
func TestOneMakerOfErrors(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	made := 0
	for _, f := range files {
		name := f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == "json.go" {
			continue
		}
		fset := gotoken.NewFileSet()
		tree, err := goparser.ParseFile(fset, name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(tree, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if id, ok := lit.Type.(*ast.Ident); ok && id.Name == "Error" {
					made++
					assert.Equal(t, "errors.go", name, fset.Position(lit.Pos()))
				}
			}
			return true
		})
	}
	assert.Equal(t, 1, made)
}
