package bars

import (
	"context"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/byhand"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/sqlpeer"
)

// rollupContacts is how many contacts each account of the rollup has.
const rollupContacts = 10

// rollupTable is ScoreTable of companies with their contacts, and the scores.
func rollupTable(companies []fixture.Company) (paired.Task, *accountscore.Scores, error) {
	m, t, scores := fixture.RollupModel(), fixture.CompanyTable(companies), &accountscore.Scores{}
	if _, err := m.ScoreTable(context.Background(), t, fixture.At, accountscore.Into(scores)); err != nil {
		return nil, nil, err
	}
	return tableTask(m, t, scores, 1), scores, nil
}

// rowsAgainstTable is the hand-written score over rows.
func rowsAgainstTable(size Size) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		companies := fixture.Companies(size.Companies, rollupContacts)
		table, exact, err := rollupTable(companies)
		if err != nil {
			return Reading{}, err
		}
		var hand byhand.Rollup
		floats := make([]float64, len(companies))
		once := func() {
			for i := range companies {
				floats[i] = hand.Score(&companies[i], fixture.At)
			}
		}
		once()
		if err := fixture.FloatsAgree(floats, exact.Score); err != nil {
			return Reading{}, err
		}
		rows := func(n int) {
			for range n {
				once()
				sink += floats[0]
			}
		}
		return reading(paired.Measure(rows, table, o)), nil
	}
}

// duckAgainstRollup is DuckDB over a table of contacts.
func duckAgainstRollup(size Size) func(paired.Options) (Reading, error) {
	return func(o paired.Options) (Reading, error) {
		ctx := context.Background()
		companies := fixture.Companies(size.Companies, rollupContacts)
		table, exact, err := rollupTable(companies)
		if err != nil {
			return Reading{}, err
		}
		db, err := sqlpeer.OpenRollup(ctx, companies)
		if err != nil {
			return Reading{}, err
		}
		defer db.Close()
		floats, err := db.Scores(ctx)
		if err != nil {
			return Reading{}, err
		}
		if err := fixture.FloatsAgree(floats, exact.Score); err != nil {
			return Reading{}, err
		}
		sum := func(n int) {
			for range n {
				v, err := db.Sum(ctx)
				if err != nil {
					panic(err)
				}
				sink += v
			}
		}
		return reading(paired.Measure(sum, table, o)), nil
	}
}
