package scale

import (
	"context"
	"runtime"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/chart"
	"github.com/accountscore/accountscore/bench/fixture"
)

// live gives the bytes of the heap that are in use.
func live() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// bytesOf gives how much memory lives on in what make gives, for each of n.
func bytesOf(n int, make func() any) float64 {
	before := live()
	kept := make()
	bytes := (live() - before) / float64(n)
	runtime.KeepAlive(kept)
	return max(bytes, 0)
}

// AccountMemory gives the bytes of one account of the mixed ruleset in each of
// the forms that the library scores, and of its result.
func AccountMemory(copies int) [][]string {
	set := fixture.MixedSet()
	rows := fixture.Batch(copies)
	structs := fixture.MixedStructs()
	n := len(rows)
	table := [][]string{{"an account of seven fields as", "bytes"}}
	add := func(name string, bytes float64) {
		table = append(table, []string{name, chart.Number(bytes)})
	}
	add("a map", bytesOf(n, func() any {
		accounts := make([]accountscore.Account, n)
		for i, row := range rows {
			fields := make(map[string]any, len(set.Maps[row]))
			for _, f := range set.Fields {
				if v, ok := set.Maps[row][f.Name]; ok {
					fields[f.Name] = v
				}
			}
			accounts[i] = accountscore.Account{Fields: fields}
		}
		return accounts
	}))
	add("a struct with pointers", bytesOf(n, func() any {
		accounts := make([]fixture.Mixed, n)
		for i, row := range rows {
			a := structs[row]
			a.Employees, a.Revenue, a.Customer = clone(a.Employees), clone(a.Revenue), clone(a.Customer)
			accounts[i] = a
		}
		return accounts
	}))
	add("a row of a table", bytesOf(n, func() any { return set.Columns(rows).Table() }))
	batch := set.Columns(rows).Table()
	add("a row of Scores", bytesOf(n, func() any {
		s, err := set.Model.ScoreTable(context.Background(), batch, fixture.At, accountscore.Workers(1))
		if err != nil {
			panic(err)
		}
		return s
	}))
	add("a tracker", bytesOf(n, func() any {
		inputs := set.Inputs()
		trackers := make([]*accountscore.Tracker, n)
		for i, row := range rows {
			trackers[i] = set.Model.Track(inputs[row], fixture.At)
		}
		return trackers
	}))
	runtime.KeepAlive(batch)
	return table
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// TrackerMemory gives the bytes of a tracker of an account over the number of
// its contacts.
func TrackerMemory(contacts []int) [][]string {
	table := [][]string{{"contacts", "bytes of a tracker", "a contact"}}
	m := fixture.RollupModel()
	for _, n := range contacts {
		companies := fixture.Companies(max(1, 20_000/max(n, 1)), n)
		bytes := bytesOf(len(companies), func() any {
			trackers := make([]*accountscore.Tracker, len(companies))
			for i := range companies {
				trackers[i] = m.Track(companies[i].Account(), fixture.At)
			}
			return trackers
		})
		table = append(table, []string{chart.Number(float64(n)), chart.Number(bytes), chart.Number(bytes / float64(n))})
	}
	return table
}

// ModelMemory gives, for rulesets of so many rules, the bytes that the model
// keeps and those that making it from text takes in all.
func ModelMemory(sizes []int) [][]string {
	table := [][]string{{"rules", "bytes of text", "bytes of the model", "a rule", "allocated by Parse and Compile"}}
	for _, n := range sizes {
		text := fixture.RulesText(fixture.Generate(n))
		var before, after runtime.MemStats
		var model *accountscore.Model
		bytes := bytesOf(1, func() any {
			runtime.ReadMemStats(&before)
			model = compile(text)
			runtime.ReadMemStats(&after)
			return model
		})
		table = append(table, []string{chart.Number(float64(n)), chart.Number(float64(len(text))), chart.Number(bytes),
			chart.Number(bytes / float64(n)), chart.Number(float64(after.TotalAlloc - before.TotalAlloc))})
	}
	return table
}
