// Command lsp is a language server for rulesets: it tells an editor what is
// wrong with a .rules file while it is typed, what names mean, what may stand
// at the cursor, and how the file is laid out. It speaks the Language Server
// Protocol over standard input and output.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] != "--stdio" {
		fmt.Fprintln(os.Stderr, "usage: lsp [--stdio]\nA language server for .rules files, to be started by an editor; see README.md.")
		os.Exit(2)
	}
	os.Exit(serve(os.Stdin, os.Stdout))
}
