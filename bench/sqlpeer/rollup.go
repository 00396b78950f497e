package sqlpeer

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/accountscore/accountscore/bench/fixture"
)

// people is a contact's score and its weighted score, as the rollup's ruleset
// has them.
const people = `SELECT account,
  CASE WHEN lead_score IS NOT NULL AND age BETWEEN 0 AND 7776000000000 THEN least(lead_score * pow(2, -(age // 86400000000) / 30), 100) END AS e,
  CASE seniority WHEN 'c_level' THEN 2.0 WHEN 'vp' THEN 1.5 WHEN 'director' THEN 1.25 WHEN 'manager' THEN 1.0 ELSE 0.5 END AS weight
FROM (SELECT *, %d - last_active AS age FROM people)`

// total is an account's score. To sort a list in the aggregate takes two
// thirds of the time of a window over ranks.
const total = `SELECT account, round(coalesce(list_dot_product(ranked, list_slice(factors, 1, len(ranked))), 0)
  * (1 + 0.5 * (1 - pow(0.5, greatest(engaged - 1, 0))))) AS score
FROM (SELECT account, list(e * weight ORDER BY e * weight DESC) FILTER (e IS NOT NULL) AS ranked, count(*) FILTER (e >= 10) AS engaged
  FROM (` + people + `) GROUP BY account),
  (SELECT [pow(0.8, i)::DOUBLE FOR i IN range(%d)] AS factors)`

// Rollup is contacts in DuckDB. One goroutine may use it at a time.
type Rollup struct {
	db     *sql.DB
	conn   *sql.Conn
	sum    *sql.Stmt
	scores string
}

// OpenRollup makes a table of the companies' contacts, with one thread.
func OpenRollup(ctx context.Context, companies []fixture.Company) (*Rollup, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	r := &Rollup{db: db}
	if r.conn, err = db.Conn(ctx); err == nil {
		err = r.fill(ctx, companies)
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Rollup) fill(ctx context.Context, companies []fixture.Company) error {
	for _, s := range []string{"SET threads = 1",
		"CREATE TYPE seniority AS ENUM ('individual', 'manager', 'director', 'vp', 'c_level')",
		"CREATE TABLE people (account INTEGER, seniority seniority, lead_score DOUBLE, last_active BIGINT)"} {
		if _, err := r.conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	most := 1
	err := r.conn.Raw(func(c any) error {
		a, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", "people")
		if err != nil {
			return err
		}
		for i := range companies {
			most = max(most, len(companies[i].People))
			for j := range companies[i].People {
				if err := a.AppendRow(person(i, &companies[i].People[j])...); err != nil {
					return err
				}
			}
		}
		return a.Close()
	})
	if err != nil {
		return err
	}
	r.scores = fmt.Sprintf(total, fixture.At.UnixMicro(), most)
	r.sum, err = r.conn.PrepareContext(ctx, "SELECT sum(score) FROM ("+r.scores+")")
	return err
}

func person(account int, p *fixture.Person) []driver.Value {
	row := []driver.Value{int32(account), nil, nil, nil}
	if p.Seniority != "" {
		row[1] = p.Seniority
	}
	if p.LeadScore != nil {
		row[2] = *p.LeadScore
	}
	if !p.LastActive.IsZero() {
		row[3] = p.LastActive.UnixMicro()
	}
	return row
}

// Sum scores every account and adds the scores up.
func (r *Rollup) Sum(ctx context.Context) (float64, error) {
	var sum float64
	err := r.sum.QueryRowContext(ctx).Scan(&sum)
	return sum, err
}

// Scores gives the score of each account.
func (r *Rollup) Scores(ctx context.Context) ([]float64, error) {
	rows, err := r.conn.QueryContext(ctx, r.scores+" ORDER BY account")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var scores []float64
	for rows.Next() {
		var account int
		var s float64
		if err := rows.Scan(&account, &s); err != nil {
			return nil, err
		}
		scores = append(scores, s)
	}
	return scores, rows.Err()
}

// Close gives the memory back.
func (r *Rollup) Close() error {
	if r.sum != nil {
		r.sum.Close()
	}
	if r.conn != nil {
		r.conn.Close()
	}
	return r.db.Close()
}
