package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/internal/columns"
)

// ranked is an account with its result.
type ranked struct {
	account accountscore.Account
	result  accountscore.Result
}

// rank scores the accounts and prints them, best first.
func (c config) rank(w io.Writer) error {
	model, err := c.model()
	if err != nil {
		return err
	}
	accounts, err := c.load()
	if err != nil {
		return err
	}
	list := make([]ranked, len(accounts))
	for i, a := range accounts {
		list[i] = ranked{a, model.Score(a, c.at)}
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		return cmp.Or(
			cmp.Compare(disqualified(a), disqualified(b)),
			cmp.Compare(b.result.Score, a.result.Score),
			cmp.Compare(a.account.ID, b.account.ID))
	})
	shown := list
	if c.top > 0 {
		shown = list[:min(c.top, len(list))]
	}
	digits := decimals(shown)
	rows := make([][]string, len(shown))
	for i, r := range shown {
		rows[i] = []string{
			strconv.Itoa(i + 1), label(r.account), format(r.result.Score, digits), spread(r.result, digits), tier(r.result),
			columns.Clip(why(model.Explain(r.account, c.at)), 120),
		}
	}
	fmt.Fprintf(w, "%s at %s: %d accounts, %d shown\n\n", title(model.Ruleset()), c.at.UTC().Format("2006-01-02 15:04"), len(list), len(shown))
	if err := columns.Write(w, []string{">rank", "account", ">score", ">range", "tier", "why"}, rows); err != nil {
		return err
	}
	fmt.Fprint(w, "\nA tier with a question mark could change once the missing values are known.\n\n")
	_, err = fmt.Fprintln(w, strings.TrimRight(model.Explain(list[0].account, c.at).Text(), "\n"))
	return err
}

func disqualified(r ranked) int {
	if r.result.Tier == "disqualified" {
		return 1
	}
	return 0
}

// title names the ruleset.
func title(rs *accountscore.Ruleset) string {
	if rs.Name == "" {
		return "Ruleset"
	}
	return strings.TrimSpace(rs.Name + " " + rs.Version)
}

// label gives the account's id, and its name where the data has one.
func label(a accountscore.Account) string {
	for _, key := range []string{"Name", "name"} {
		if name, ok := a.Fields[key].(string); ok && strings.TrimSpace(name) != "" {
			return a.ID + " " + columns.Clip(name, 30)
		}
	}
	return a.ID
}

// decimals gives how many digits after the point the scores need.
func decimals(list []ranked) int {
	digits := 0
	for _, r := range list {
		for _, x := range []float64{r.result.Score, r.result.Low, r.result.High} {
			_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
			digits = max(digits, len(fraction))
		}
	}
	return digits
}

func format(x float64, digits int) string { return strconv.FormatFloat(x, 'f', digits, 64) }

// spread gives the range of a score, or nothing where there is none.
func spread(r accountscore.Result, digits int) string {
	if r.Low == r.High {
		return ""
	}
	return format(r.Low, digits) + "–" + format(r.High, digits)
}

// tier gives the tier, marked where missing values could change it.
func tier(r accountscore.Result) string {
	switch {
	case r.Tier == "":
		return "-"
	case !r.TierCertain:
		return r.Tier + "?"
	}
	return r.Tier
}
