module github.com/accountscore/accountscore/examples/browser

go 1.26

require (
	github.com/accountscore/accountscore v0.0.0
	github.com/yuin/goldmark v1.8.7
)

require github.com/expr-lang/expr v1.17.8 // indirect

replace github.com/accountscore/accountscore => ../..
