package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

// load reads the accounts that are asked for.
func (c config) load() ([]accountscore.Account, error) {
	if c.accounts == "" {
		return examples.Accounts(builtIn)
	}
	f, err := os.Open(c.accounts)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	accounts, err := readAccounts(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.accounts, err)
	}
	if len(accounts) == 0 {
		return nil, fmt.Errorf("%s holds no account", c.accounts)
	}
	return accounts, nil
}

// readAccounts reads a JSON array of accounts, or objects one after another as
// exports write them, one a line.
func readAccounts(r io.Reader) ([]accountscore.Account, error) {
	in := bufio.NewReader(r)
	array, err := beginsArray(in)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(in)
	if array {
		if _, err := d.Token(); err != nil {
			return nil, err
		}
	}
	var accounts []accountscore.Account
	for !array || d.More() {
		var a accountscore.Account
		err := d.Decode(&a)
		if !array && errors.Is(err, io.EOF) {
			return accounts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("account %d: %w", len(accounts)+1, err)
		}
		accounts = append(accounts, a)
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("after account %d: %w", len(accounts), err)
	}
	return accounts, nil
}

// beginsArray tells whether the first character is a bracket, without reading it.
func beginsArray(in *bufio.Reader) (bool, error) {
	for {
		b, err := in.Peek(1)
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case err != nil:
			return false, err
		case !bytes.Contains([]byte(" \t\r\n"), b):
			return b[0] == '[', nil
		}
		if _, err := in.Discard(1); err != nil {
			return false, err
		}
	}
}
