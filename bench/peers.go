package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/accountscore/accountscore/bench/bars"
	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/peer"
	"github.com/accountscore/accountscore/bench/sqlpeer"
)

// measurePeers gives, for each engine and ruleset, its time as a multiple of
// the hand-written score over the struct and of the library over a map.
func measurePeers(o paired.Options, words []string) ([][]string, error) {
	table := [][]string{{"engine", "on", "÷ hand-written struct", "÷ Model.ScoreInto (map)", "note"}}
	var failed error
	for _, e := range peer.Engines {
		for _, set := range []*fixture.Set{fixture.EnterpriseSet(), fixture.MixedSet(), fixture.HundredSet(), fixture.TextsSet()} {
			if !bars.Chosen(e.Name+" "+set.Name, words) {
				continue
			}
			fmt.Fprintf(os.Stderr, "%s: %s\n", set.Name, e.Name)
			row := []string{e.Name, set.Name, "–", "–", ""}
			hand, model, err := bars.Peer(e, set, o)
			switch {
			case errors.Is(err, peer.ErrCannot):
				row[4] = err.Error()
			case err != nil:
				row[4] = "void: " + err.Error()
				failed = err
			default:
				row[2], row[3] = hand, model
			}
			table = append(table, row)
		}
	}
	return table, failed
}

// measureDatabases gives, for each database and ruleset, its time to add the
// scores of all accounts up, with one thread, as a multiple of ScoreTable.
func measureDatabases(o paired.Options, words []string) ([][]string, error) {
	table := [][]string{{"database", "on", "÷ ScoreTable (1 worker)", "times"}}
	size := bars.Size{Copies: 128}
	for _, e := range sqlpeer.Engines {
		for _, set := range []*fixture.Set{fixture.EnterpriseSet(), fixture.MixedSet(), fixture.HundredSet()} {
			if !bars.Chosen(e.Name+" "+set.Name, words) {
				continue
			}
			fmt.Fprintf(os.Stderr, "%s: %s\n", set.Name, e.Name)
			r, err := bars.SQLAgainstTable(e, set, size, o)
			if err != nil {
				return table, err
			}
			table = append(table, []string{e.Name, set.Name, r.Shown(), r.Note})
		}
	}
	return table, nil
}
