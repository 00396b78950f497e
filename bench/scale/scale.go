// Package scale measures how cost grows with rules, fields, contacts and
// accounts, and how much memory each form of an account takes.
package scale

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/chart"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

// Curve is what was measured over one size.
type Curve struct {
	File  string // of its picture
	Title string
	X, Y  string
	Sizes []int
	Lines []Line
}

// Line is the nanoseconds of one operation at each of the curve's sizes.
type Line struct {
	Name string
	Nano []float64
}

// Chart is the picture. A size of zero has no place on it.
func (c *Curve) Chart() *chart.Chart {
	p := &chart.Chart{Title: c.Title, X: c.X, Y: c.Y}
	for _, l := range c.Lines {
		line := chart.Line{Name: l.Name}
		for i, n := range c.Sizes {
			if n > 0 {
				line.Points = append(line.Points, chart.Point{X: float64(n), Y: l.Nano[i]})
			}
		}
		p.Lines = append(p.Lines, line)
	}
	return p
}

// Table is the same in numbers.
func (c *Curve) Table() [][]string {
	head := []string{c.X}
	for _, l := range c.Lines {
		head = append(head, l.Name)
	}
	table := [][]string{head}
	for i, n := range c.Sizes {
		row := []string{fmt.Sprint(n)}
		for _, l := range c.Lines {
			row = append(row, chart.Number(l.Nano[i]))
		}
		table = append(table, row)
	}
	return table
}

// way is one way to do the work at a size; an operation of its task does it for
// so many accounts.
type way struct {
	name string
	make func(size int) (task paired.Task, accounts int)
}

// measure lets all ways at all sizes take turns and takes of each the lower
// quartile, which what else the machine does hardly moves.
func (c *Curve) measure(o paired.Options, ways ...way) *Curve {
	for _, w := range ways {
		var tasks []paired.Task
		var accounts []float64
		for _, n := range c.Sizes {
			task, each := w.make(n)
			tasks, accounts = append(tasks, task), append(accounts, float64(each))
		}
		rounds := paired.Turns(o, tasks...)
		line := Line{Name: w.name}
		for i := range c.Sizes {
			var times []float64
			for _, r := range rounds {
				times = append(times, r[i]/accounts[i])
			}
			line.Nano = append(line.Nano, paired.Quantile(times, 0.25))
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// sink keeps what is measured from being optimised away.
var sink float64

// byMap is Model.ScoreInto over map accounts, one after the other.
func byMap(m *accountscore.Model, accounts []accountscore.Account) paired.Task {
	var r accountscore.Result
	next := 0
	return func(n int) {
		for range n {
			m.ScoreInto(&r, accounts[next], fixture.At)
			sink += r.Score
			if next++; next == len(accounts) {
				next = 0
			}
		}
	}
}

// byStruct is Scorer.ScoreInto over structs, one after the other.
func byStruct[T any](m *accountscore.Model, accounts []T) paired.Task {
	scorer, err := accountscore.Bind[T](m)
	if err != nil {
		panic(err)
	}
	var r accountscore.Result
	next := 0
	return func(n int) {
		for range n {
			scorer.ScoreInto(&r, &accounts[next], fixture.At)
			sink += r.Score
			if next++; next == len(accounts) {
				next = 0
			}
		}
	}
}

// byTracker changes one contact and takes the result.
func byTracker(m *accountscore.Model, company fixture.Company) paired.Task {
	t := m.Track(company.Account(), fixture.At)
	r := rand.New(rand.NewPCG(10, uint64(len(company.People))))
	changes := make([]accountscore.Contact, 1_024)
	for i := range changes {
		p := fixture.NewPerson(r, company.People[r.IntN(len(company.People))].ID)
		changes[i] = p.Contact()
	}
	var result accountscore.Result
	next := 0
	return func(n int) {
		for range n {
			t.SetContact(changes[next])
			t.ResultInto(&result)
			sink += result.Score
			if next++; next == len(changes) {
				next = 0
			}
		}
	}
}

// byTable is ScoreTable with one worker.
func byTable(m *accountscore.Model, t *accountscore.Table) paired.Task {
	scores := &accountscore.Scores{}
	return func(n int) {
		for range n {
			s, err := m.ScoreTable(context.Background(), t, fixture.At, accountscore.Workers(1), accountscore.Into(scores))
			if err != nil {
				panic(err)
			}
			sink += s.Score[0]
		}
	}
}

func compile(text string) *accountscore.Model {
	rs, err := accountscore.Parse("scale.rules", []byte(text))
	if err != nil {
		panic(err)
	}
	return accountscore.MustCompile(rs)
}

// Rules is the cost of an account over the number of rules, all of them over
// the same fifteen fields.
func Rules(sizes []int, o paired.Options) *Curve {
	set := fixture.HundredSet()
	inputs := set.Inputs()
	table := set.Columns(fixture.Batch(1)).Table()
	models := map[int]*accountscore.Model{}
	for _, n := range sizes {
		models[n] = compile(fixture.RulesText(fixture.Generate(n)))
	}
	c := &Curve{File: "rules.svg", Title: "Cost of an account over rules", X: "rules", Y: "ns an account", Sizes: sizes}
	return c.measure(o,
		way{"ScoreInto (map)", func(n int) (paired.Task, int) { return byMap(models[n], inputs), 1 }},
		way{"ScoreInto (struct)", func(n int) (paired.Task, int) { return byStruct(models[n], fixture.HundredStructs()), 1 }},
		way{"ScoreTable", func(n int) (paired.Task, int) { return byTable(models[n], table), table.Len() }},
	)
}

// Compile is the time from text to model over the number of rules.
func Compile(sizes []int, o paired.Options) *Curve {
	c := &Curve{File: "compile.svg", Title: "Time from text to model over rules", X: "rules", Y: "ns", Sizes: sizes}
	return c.measure(o, way{"Parse and Compile", func(n int) (paired.Task, int) {
		text := fixture.RulesText(fixture.Generate(n))
		return func(n int) {
			for range n {
				sink += float64(len(compile(text).Hash()))
			}
		}, 1
	}})
}

// Fields is the cost of an account over the number of fields, one rule each.
func Fields(sizes []int, o paired.Options) *Curve {
	c := &Curve{File: "fields.svg", Title: "Cost of an account over fields, one rule each", X: "fields", Y: "ns an account", Sizes: sizes}
	const accounts = 1_024
	wide := func(n int) (*accountscore.Model, [][]float64) {
		var text strings.Builder
		columns := make([][]float64, n)
		r := rand.New(rand.NewPCG(7, uint64(n)))
		for i := range columns {
			fmt.Fprintf(&text, "f%d >= 50 → +%d\n", i, 1+i%9)
			for range accounts {
				columns[i] = append(columns[i], float64(r.IntN(100)))
			}
		}
		return compile(text.String()), columns
	}
	return c.measure(o,
		way{"ScoreInto (map)", func(n int) (paired.Task, int) {
			m, columns := wide(n)
			inputs := make([]accountscore.Account, accounts)
			for row := range inputs {
				inputs[row].Fields = map[string]any{}
				for i := range columns {
					inputs[row].Fields[fmt.Sprintf("f%d", i)] = columns[i][row]
				}
			}
			return byMap(m, inputs), 1
		}},
		way{"ScoreTable", func(n int) (paired.Task, int) {
			m, columns := wide(n)
			t := accountscore.NewTable(accounts)
			for i := range columns {
				t.Float64s(fmt.Sprintf("f%d", i), columns[i], nil)
			}
			return byTable(m, t), accounts
		}},
	)
}

// Contacts is the cost of an account over the number of its contacts.
func Contacts(sizes []int, o paired.Options) *Curve {
	c := &Curve{File: "contacts.svg", Title: "Cost of an account over its contacts", X: "contacts", Y: "ns an account", Sizes: sizes}
	m := fixture.RollupModel()
	return c.measure(o,
		way{"ScoreInto (map)", func(n int) (paired.Task, int) {
			companies := fixture.Companies(companiesOf(n), n)
			inputs := make([]accountscore.Account, len(companies))
			for i := range companies {
				inputs[i] = companies[i].Account()
			}
			return byMap(m, inputs), 1
		}},
		way{"ScoreInto (struct)", func(n int) (paired.Task, int) {
			return byStruct(m, fixture.Companies(companiesOf(n), n)), 1
		}},
		way{"ScoreTable", func(n int) (paired.Task, int) {
			companies := fixture.Companies(companiesOf(n), n)
			return byTable(m, fixture.CompanyTable(companies)), len(companies)
		}},
	)
}

// Changes is the cost of one changed contact, with the result, over the number
// of contacts.
func Changes(sizes []int, o paired.Options) *Curve {
	c := &Curve{File: "changes.svg", Title: "Cost of one changed contact over contacts", X: "contacts", Y: "ns a change", Sizes: sizes}
	by := func(combine string) func(n int) (paired.Task, int) {
		m := fixture.RollupModelWith(combine)
		return func(n int) (paired.Task, int) { return byTracker(m, fixture.Companies(1, n)[0]), 1 }
	}
	return c.measure(o, way{"Tracker, ranked 0.8", by("ranked 0.8")}, way{"Tracker, sum", by("sum")})
}

// companiesOf gives how many accounts of so many contacts are made: about ten
// thousand contacts in all.
func companiesOf(contacts int) int { return max(4, min(1_000, 10_000/max(contacts, 1))) }

// Accounts is the cost of an account over how many there are in a table.
func Accounts(sizes []int, o paired.Options) *Curve {
	c := &Curve{File: "accounts.svg", Title: "Cost of an account over accounts in a table", X: "accounts", Y: "ns an account", Sizes: sizes}
	of := func(set *fixture.Set) func(n int) (paired.Task, int) {
		return func(n int) (paired.Task, int) {
			rows := fixture.Batch((n + fixture.Accounts - 1) / fixture.Accounts)[:n]
			return byTable(set.Model, set.Columns(rows).Table()), n
		}
	}
	return c.measure(o, way{"four rules", of(fixture.EnterpriseSet())}, way{"ten rules", of(fixture.MixedSet())})
}
