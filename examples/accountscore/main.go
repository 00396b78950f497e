// Command accountscore works with rulesets and data files from a terminal or a
// script, without Go code: it checks, formats, vets and tests rulesets, scores
// accounts, explains scores and compares rulesets.
//
//	go run ./examples/accountscore VERB [flags] [files]
//	go install github.com/accountscore/accountscore/examples/accountscore@latest
//
// The exit code is 0 when all is well, 1 when there is something to look at (a
// faulty ruleset, a failed case, a bad line of the data, data without an
// account, a difference) and 2 when the command could not do its work: a wrong
// command line, or a file that cannot be read or written. README.md beside
// this file shows each verb.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// The exit codes.
const (
	exitFine  = 0
	exitFound = 1
	exitUsage = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// verb is one thing that the command does.
type verb struct {
	name  string
	args  string
	about string
	run   func(c *command, args []string) error
}

func verbs() []verb {
	return []verb{
		{"check", "RULESET...", "find every error of rulesets; functions and params are looked up once the rest is right", (*command).check},
		{"fmt", "[RULESET...]", "lay rulesets out in the one canonical form", (*command).format},
		{"vet", "RULESET...", "find what the authors of rulesets may not have meant", (*command).vet},
		{"test", "RULESET...", "run the cases that rulesets bring with them", (*command).test},
		{"score", "RULESET DATA...", "score accounts: JSON lines, a JSON array or CSV", (*command).score},
		{"explain", "-id ID RULESET DATA...", "say how the score of one account comes about, or why it changed", (*command).explain},
		{"diff", "OLD NEW [DATA...]", "say what differs between two rulesets, and whom it moves", (*command).diff},
	}
}

// command is one run of the program.
type command struct {
	verb   verb
	flags  *flag.FlagSet
	stdin  io.Reader
	out    *bufio.Writer
	stdout io.Writer // what out writes to
	stderr io.Writer
	bar    *progress // nil: none is shown

	stdinUsed bool
	found     bool // there is something to look at: exit code 1

	// The flags that several verbs have.
	json   bool
	quiet  bool
	params []param
	moment string
}

// usageError is a command line that cannot be obeyed.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errStop ends a verb that has already said why; found tells the exit code.
var errStop = errors.New("stop")

// run is the program; it gives the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		usage(stdout)
		return exitFine
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return runVerb(v, args[1:], stdin, stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "accountscore: there is no verb %s\n", quoted(args[0]))
	usage(stderr)
	return exitUsage
}

func runVerb(v verb, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &command{verb: v, flags: flag.NewFlagSet(v.name, flag.ContinueOnError),
		stdin: stdin, stdout: stdout, out: bufio.NewWriterSize(stdout, 1<<16), stderr: stderr}
	c.flags.SetOutput(io.Discard) // an error is printed once, below
	c.flags.Usage = func() {}
	err := v.run(c, args)
	if flushed := c.out.Flush(); err == nil || errors.Is(err, errStop) {
		err = errors.Join(flushed)
	}
	var wrong usageError
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.usage(stdout)
		return exitFine
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "accountscore %s: %v\naccountscore %s -h tells more\n", v.name, err, v.name)
		return exitUsage
	case err != nil:
		fmt.Fprintf(stderr, "accountscore %s: %v\n", v.name, err)
		return exitUsage
	case c.found:
		return exitFound
	}
	return exitFine
}

// usage lists the verbs.
func usage(w io.Writer) {
	fmt.Fprint(w, "usage: accountscore VERB [flags] [files]\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-8s %-23s %s\n", v.name, v.args, v.about)
	}
	fmt.Fprint(w, `
The file - is the standard input. accountscore VERB -h lists the flags of a verb.
Exit codes: 0 all is well; 1 there is something to look at, such as a faulty
ruleset, a failed case or a bad line; 2 the command could not do its work.
`)
}

// usage lists the flags of the verb.
func (c *command) usage(w io.Writer) {
	fmt.Fprintf(w, "usage: accountscore %s [flags] %s\n\n%s\n", c.verb.name, c.verb.args, c.verb.about)
	c.flags.VisitAll(func(f *flag.Flag) {
		arg, about := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  -%s\n        %s\n", strings.TrimSpace(f.Name+" "+arg), about)
	})
}

// note writes a line for people, beside the output.
func (c *command) note(format string, args ...any) {
	c.bar.clear()
	fmt.Fprintf(c.stderr, format+"\n", args...)
}
