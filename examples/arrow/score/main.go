// Score scores a file of accounts, Parquet or Arrow IPC by its name, into a
// Parquet file of scores, in bounded memory:
//
//	go run ./score fit.rules accounts.parquet scores.parquet
//	go run ./score -at 2026-10-01 fit.rules accounts.arrow scores.parquet
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/arrow"
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: score [-at MOMENT] RULES IN.parquet|IN.arrow OUT.parquet")
		flag.PrintDefaults()
	}
	at := time.Now()
	flag.Func("at", "the `moment` to score at: a date, which is its first instant in UTC, or RFC 3339 (default: now)", func(s string) (err error) {
		at, err = parseMoment(s)
		return err
	})
	flag.Parse()
	if flag.NArg() != 3 {
		flag.Usage()
		os.Exit(2)
	}
	if err := score(flag.Arg(0), flag.Arg(1), flag.Arg(2), at); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parseMoment reads RFC 3339 or a plain date.
func parseMoment(s string) (time.Time, error) {
	for _, layout := range [...]string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time: write RFC 3339, or a date such as 2026-10-01", s)
}

// rows of a table: few enough for a processor's cache, and a row group each.
const rows = 1 << 16

func score(rules, in, out string, at time.Time) (err error) {
	src, err := os.ReadFile(rules)
	if err != nil {
		return err
	}
	rs, err := accountscore.Parse(rules, src)
	if err != nil {
		return err
	}
	model, err := accountscore.Compile(rs)
	if err != nil {
		return err
	}
	source, err := os.Open(in)
	if err != nil {
		return err
	}
	defer source.Close()
	sink, err := os.Create(out)
	if err != nil {
		return err
	}
	// The writer closes it, too: then a second time fails, and means nothing.
	defer sink.Close()

	ctx := context.Background()
	var scores accountscore.Scores
	var writer *pqarrow.FileWriter
	defer func() {
		if writer != nil {
			err = errors.Join(err, writer.Close())
		}
	}()
	write := func(table *accountscore.Table) error {
		if _, err := model.ScoreTable(ctx, table, at, accountscore.Into(&scores)); err != nil {
			return err
		}
		batch := arrow.Scores(&scores)
		if writer == nil {
			var err error
			writer, err = pqarrow.NewFileWriter(batch.Schema(), sink, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
			if err != nil {
				return err
			}
		}
		return writer.Write(batch)
	}
	tables := arrow.Parquet(ctx, model, source, rows)
	if strings.HasSuffix(in, ".arrow") {
		tables = arrow.IPC(ctx, model, source, rows)
	}
	for table, err := range tables {
		if err != nil {
			return err
		}
		if err := write(table); err != nil {
			return err
		}
	}
	if writer == nil {
		none := accountscore.NewTable(0)
		none.IDs([]string{})
		return write(none)
	}
	return nil
}
