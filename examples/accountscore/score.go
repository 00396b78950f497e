package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"github.com/accountscore/accountscore"
)

// sampleMoment is when an account without data is scored, for the columns of a
// table: no rule has an answer then, whatever the time.
var sampleMoment = time.Unix(0, 0).UTC()

// maxShownInvalid is how many values that could not be used are shown one by
// one; they do not stop anything, and a column of them would bury the rest.
const maxShownInvalid = 20

// score scores the accounts of files.
func (c *command) score(args []string) error { return c.scoreBy(args, (*scoring).all) }

// scoreBy is score with a way to go through the accounts.
func (c *command) scoreBy(args []string, all func(*scoring) error) error {
	c.jsonFlag("one JSON object an account")
	c.paramFlag()
	c.momentFlag()
	asCSV := c.flags.Bool("csv", false, "print CSV")
	strict := c.flags.Bool("strict", false, "stop at the first bad line or value")
	workers := c.flags.Int("workers", 0, "`how many` accounts are scored at a time (default: one a processor)")
	c.flags.BoolVar(&c.quiet, "quiet", false, "no progress, and nothing about columns and rules without data or values that could not be used")
	data := c.inputFlags()
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if c.json && *asCSV {
		return usagef("-json and -csv are two forms; want one")
	}
	l, in, at, err := c.toScore(data, files)
	if err != nil {
		return err
	}
	run := &scoring{c: c, l: l, in: in, at: at, workers: *workers, out: c.newResults(l.model, *asCSV), strict: *strict, survey: newSurvey(l)}
	in.header = run.survey.header
	run.survey.joined(in.joins)
	c.bar = c.newProgress(in)
	err = all(run)
	c.bar.clear()
	if err != nil && run.written == 0 {
		return err // no head of a table that does not come
	}
	if err != nil {
		return errors.Join(run.out.close(), err)
	}
	if err := run.out.close(); err != nil {
		return err
	}
	if err := c.out.Flush(); err != nil {
		return err
	}
	if run.written+run.bad == 0 {
		c.noAccount()
	}
	run.summary()
	return nil
}

// scoring is a run of the verb score.
type scoring struct {
	c       *command
	l       *loaded
	in      *input
	at      time.Time
	workers int
	out     results
	strict  bool
	survey  *survey
	written int
	bad     int
	invalid int

	chunkRows  int                 // zero: as many as fit
	scores     accountscore.Scores // memory of byTable
	tabledRows int                 // accounts that went that way
}

// one takes an account with its result, or a bad line.
func (s *scoring) one(it item, r accountscore.Result) error {
	s.c.bar.step()
	if it.err == nil {
		it.err = s.in.ids.admit(r.AccountID)
	}
	if it.err != nil {
		s.bad++
		return s.c.badLine(it, s.strict)
	}
	if r.Invalid > 0 && (s.strict || !s.c.quiet) {
		if err := s.showInvalid(it); err != nil {
			return err
		}
	}
	if !s.c.quiet {
		s.survey.observe(&it.accounts[0], &r)
	}
	s.written++
	return s.out.write(&r)
}

// badLine reports a line that is no account.
func (c *command) badLine(it item, strict bool) error {
	c.found = true
	c.note("%s:%d: %s", it.file, it.line, clip(plain(it.err.Error()), 500))
	if strict {
		return errStop
	}
	return nil
}

// showInvalid reports the values of an account that could not be used.
func (s *scoring) showInvalid(it item) error {
	for _, err := range unwrap(s.l.model.Check(it.accounts[0])) {
		s.invalid++
		if s.strict || s.invalid <= maxShownInvalid {
			s.c.note("%s:%d: %s", it.file, it.line, clip(plain(err.Error()), 500))
		}
		if s.strict {
			s.c.found = true
			return errStop
		}
	}
	return nil
}

func unwrap(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// summary ends the run with what the data lacked.
func (s *scoring) summary() {
	if s.bad > 0 {
		s.c.note("%s left out", count(s.bad, "bad line", "bad lines"))
	}
	if s.c.quiet {
		return
	}
	if more := s.invalid - maxShownInvalid; more > 0 {
		s.c.note("and %s that could not be used", count(more, "more value", "more values"))
	}
	s.survey.report(s.c.note)
}

// scoreEach scores accounts and hands each over with the place where it came
// from. Memory is bounded: the input is read a few accounts ahead.
func (c *command) scoreEach(m *accountscore.Model, items iter.Seq[item], at time.Time, workers int, one func(item, accountscore.Result) error) error {
	var waiting queue
	source := func(yield func(accountscore.Account, error) bool) {
		for it := range items {
			waiting.push(it)
			var a accountscore.Account
			if it.err == nil {
				a = it.accounts[0]
			}
			if !yield(a, it.err) {
				return
			}
		}
	}
	for r := range m.ScoreAll(context.Background(), source, at, accountscore.Workers(workers)) {
		if err := one(waiting.pop(), r); err != nil {
			return err
		}
	}
	return nil
}

// noAccount reports data without a single account: an export that broke off
// looks like a day on which there were none.
func (c *command) noAccount() {
	c.found = true
	c.note("there is no account in the data")
}

// queue holds the accounts that are being scored, in order.
type queue struct {
	mu    sync.Mutex
	items []item
}

func (q *queue) push(it item) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, it)
}

func (q *queue) pop() item {
	q.mu.Lock()
	defer q.mu.Unlock()
	it := q.items[0]
	q.items[0] = item{} // let go of the account
	q.items = q.items[1:]
	return it
}
