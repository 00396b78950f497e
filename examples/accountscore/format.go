package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/accountscore/accountscore/dsl"
)

// format lays rulesets out. From JSON it makes text, and with -json JSON from
// text.
func (c *command) format(args []string) error {
	c.jsonFlag("print the ruleset as JSON, the form that rule editors work with")
	write := c.flags.Bool("w", false, "write the result back to the file")
	list := c.flags.Bool("l", false, "list the files whose layout would change; exit code 1 if there are any")
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	if c.json && (*write || *list) {
		return usagef("-json prints; it goes with neither -w nor -l")
	}
	for _, name := range files {
		if *write && name == "-" {
			return usagef("-w cannot write the standard input")
		}
		src, err := c.readRuleset(name)
		if err != nil {
			return err
		}
		if isJSON(src) && (*write || *list) {
			return usagef("%s is JSON; its text can be printed, but neither -w nor -l apply", shown(name))
		}
		out, err := c.formatted(name, src)
		if len(faultsOf(err)) > 0 {
			c.note("%v", err)
			c.found = true
			continue
		}
		if err != nil {
			return err
		}
		changed := !bytes.Equal(src, out)
		switch {
		case *list && changed:
			c.found = true
			fmt.Fprintln(c.out, shown(name))
		case !*list && !*write:
			c.out.Write(out)
		}
		if *write && changed {
			if err := replaceFile(name, out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *command) formatted(name string, src []byte) ([]byte, error) {
	if !c.json && !isJSON(src) {
		out, err := dsl.Format(src)
		for _, e := range faultsOf(err) {
			e.File = shown(name)
		}
		return out, err
	}
	rs, err := parseRuleset(name, src)
	if err != nil {
		return nil, err
	}
	if !c.json {
		return rs.Format(), nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(rs)
	return out.Bytes(), err
}

// replaceFile writes a file in one step, so that a full disk or a crash leaves
// the old one. A link stays a link, and the permissions stay.
func replaceFile(name string, text []byte) error {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".accountscore-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(info.Mode().Perm()), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
