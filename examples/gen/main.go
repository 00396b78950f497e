// Command gen writes the accounts of package examples: invented companies with
// the gaps and mistakes that customer data has. The same seed gives the same
// bytes; it reads no clock. Run it by go generate in the folder examples.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/accountscore/accountscore"
)

func main() {
	dir := flag.String("dir", "accounts", "the `folder` to write the JSON files to")
	flag.Parse()
	if err := run(*dir, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(dir string, stdout io.Writer) error {
	for _, p := range populations {
		accounts := p.generate()
		b, err := encode(accounts)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, p.name+".json"), b, 0o644); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s: %d accounts\n", p.name, len(accounts))
	}
	return nil
}

// encode gives a JSON array with one account a line, so that a change shows as
// the accounts that it changed.
func encode(accounts []accountscore.Account) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("[\n")
	for i := range accounts {
		line, err := json.Marshal(accounts[i])
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", accounts[i].ID, err)
		}
		b.Write(line)
		if i < len(accounts)-1 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
	}
	b.WriteString("]\n")
	return b.Bytes(), nil
}
