package sqlpeer

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
	_ "modernc.org/sqlite"             // the driver

	"github.com/accountscore/accountscore/bench/fixture"
)

// Engine is a database that runs inside the process.
type Engine struct {
	Name   string
	Module string
	driver string
	setup  []string
	types  map[fixture.Type]string
	// enums keeps texts as codes where the engine can; it is the faster way.
	enums bool
	// copies is the table of numbers from 1 to a number.
	copies func(n int) string
	random string // orders rows at random
}

// DuckDB and SQLite, each with one thread.
var (
	DuckDB = Engine{"DuckDB", "github.com/duckdb/duckdb-go/v2", "duckdb", []string{"SET threads = 1"},
		map[fixture.Type]string{fixture.NumberType: "DOUBLE", fixture.TextType: "VARCHAR", fixture.BoolType: "BOOLEAN", fixture.TimeType: "BIGINT"},
		true, func(n int) string { return fmt.Sprintf("range(%d)", n) }, "random()"}
	SQLite = Engine{"SQLite", "modernc.org/sqlite", "sqlite", []string{"PRAGMA temp_store = MEMORY", "PRAGMA cache_size = -1000000"},
		map[fixture.Type]string{fixture.NumberType: "REAL", fixture.TextType: "TEXT", fixture.BoolType: "INTEGER", fixture.TimeType: "INTEGER"},
		false, func(n int) string {
			return fmt.Sprintf("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n)", n)
		}, "random()"}
)

// Engines are all of them.
var Engines = []Engine{DuckDB, SQLite}

// Batch is a table of accounts in a database. One goroutine may use it at a
// time.
type Batch struct {
	db    *sql.DB
	conn  *sql.Conn
	sum   *sql.Stmt
	score string
}

// Open makes a table of each account of the set so many times, in random order.
func (e Engine) Open(ctx context.Context, set *fixture.Set, copies int) (*Batch, error) {
	db, err := sql.Open(e.driver, "")
	if e.driver == "sqlite" {
		db, err = sql.Open(e.driver, ":memory:")
	}
	if err != nil {
		return nil, err
	}
	b := &Batch{db: db, score: e.Score(set.Rules)}
	// A database in memory lives in one connection.
	if b.conn, err = db.Conn(ctx); err == nil {
		err = e.fill(ctx, b, set, copies)
	}
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	return b, nil
}

func (e Engine) fill(ctx context.Context, b *Batch, set *fixture.Set, copies int) error {
	statements := append([]string(nil), e.setup...)
	columns := []string{"id INTEGER"}
	for _, f := range set.Fields {
		typ := e.types[f.Type]
		if e.enums && f.Type == fixture.TextType {
			typ = f.Name + "_text"
			statements = append(statements, "CREATE TYPE "+typ+" AS ENUM ("+texts(vocabulary(set, f.Name))+")")
		}
		columns = append(columns, f.Name+" "+typ)
	}
	statements = append(statements, "CREATE TABLE base ("+strings.Join(columns, ", ")+")")
	if err := b.exec(ctx, statements...); err != nil {
		return err
	}
	if err := b.insert(ctx, set); err != nil {
		return err
	}
	if err := b.exec(ctx, fmt.Sprintf("CREATE TABLE accounts AS SELECT base.* FROM base, %s ORDER BY %s", e.copies(copies), e.random)); err != nil {
		return err
	}
	var err error
	b.sum, err = b.conn.PrepareContext(ctx, "SELECT sum("+b.score+") FROM accounts")
	return err
}

func (b *Batch) exec(ctx context.Context, statements ...string) error {
	for _, s := range statements {
		if _, err := b.conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%w in %s", err, s)
		}
	}
	return nil
}

// vocabulary lists the texts of a field and those that rules ask for: an enum
// refuses a comparison with any other.
func vocabulary(set *fixture.Set, field string) []string {
	seen := map[string]bool{}
	var all []string
	add := func(t string) {
		if !seen[t] {
			seen[t] = true
			all = append(all, t)
		}
	}
	for _, m := range set.Maps {
		if t, ok := m[field].(string); ok {
			add(t)
		}
	}
	for _, r := range set.Rules {
		for _, c := range r.When.Tests() {
			if c.Field == field {
				for _, t := range c.Texts {
					add(t)
				}
			}
		}
	}
	return all
}

func (b *Batch) insert(ctx context.Context, set *fixture.Set) error {
	tx, err := b.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.PrepareContext(ctx, "INSERT INTO base VALUES (?"+strings.Repeat(", ?", len(set.Fields))+")")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i, m := range set.Maps {
		if _, err := stmt.ExecContext(ctx, append([]any{i}, values(set, m)...)...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Sum scores every row and adds the scores up, so that no result has to be
// fetched.
func (b *Batch) Sum(ctx context.Context) (float64, error) {
	var sum float64
	err := b.sum.QueryRowContext(ctx).Scan(&sum)
	return sum, err
}

// Scores gives the score of each account once.
func (b *Batch) Scores(ctx context.Context) ([]float64, error) {
	rows, err := b.conn.QueryContext(ctx, "SELECT "+b.score+" FROM base ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var scores []float64
	for rows.Next() {
		var s float64
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		scores = append(scores, s)
	}
	return scores, rows.Err()
}

// Close gives the memory back.
func (b *Batch) Close() error {
	if b.sum != nil {
		b.sum.Close()
	}
	if b.conn != nil {
		b.conn.Close()
	}
	return b.db.Close()
}
