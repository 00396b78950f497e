package accountscore

import (
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// Words for what would make a test hold. They are made once for a model.

// maxNeedItems is how many of many values are named.
const maxNeedItems = 20

// need says what would make a test of a condition hold, such as "at least
// 1,000" or "one of [Health, Energy]"; under a not, what would make it fail.
// For a test that no words fit, it is the test itself.
func need(n *cond.Node, negated bool) string {
	pick := func(yes, no string) string {
		if negated {
			return no
		}
		return yes
	}
	switch n.Op {
	case cond.Eq, cond.Ne:
		if negated != (n.Op == cond.Ne) {
			return "anything but " + side(n.Args[1])
		}
		return side(n.Args[1])
	case cond.Lt, cond.Le, cond.Gt, cond.Ge:
		bound := bounds[n.Op]
		if negated {
			bound = contrary[bound]
		}
		if n.Args[0].Type == cond.Time {
			return timeBound[bound] + " " + side(n.Args[1])
		}
		return string(bound) + " " + side(n.Args[1])
	case cond.Between:
		return between(n, negated)
	case cond.OneOf:
		return pick("one", "none") + " of " + setText(n.Set)
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord:
		return pick("a text that ", "a text that does not ") + textTest(n.Op, negated) + " " + side(n.Args[1])
	case cond.Matches:
		return pick("a text that matches ", "a text that does not match ") + strconv.Quote(n.Text)
	case cond.HasItem:
		return pick("a list with ", "a list without ") + side(n.Args[1])
	case cond.HasAny, cond.HasAll:
		items := ""
		if n.Set != nil {
			items = setText(n.Set)
		} else {
			items = side(n.Args[1])
		}
		if n.Op == cond.HasAll {
			return pick("all of ", "not all of ") + items
		}
		return pick("any of ", "none of ") + items
	case cond.Missing:
		return pick("no value", "a value")
	case cond.Empty:
		return pick("no value, or an empty list", "a value")
	case cond.Within:
		window := lengthText(n.Window)
		return pick("a time within "+window, "a time that is not within "+window)
	case cond.Any:
		return pick("at least one activity", "no activity")
	case cond.Field:
		return pick("true", "false")
	}
	text := nodeText(n)
	if negated {
		return "not " + text
	}
	return text
}

var timeBound = map[Bound]string{AtLeast: "a time not before", MoreThan: "a time after", AtMost: "a time not after", LessThan: "a time before"}

func textTest(op cond.Op, negated bool) string {
	words := map[cond.Op][2]string{cond.Contains: {"contains", "contain"}, cond.Starts: {"starts with", "start with"},
		cond.Ends: {"ends with", "end with"}, cond.HasWord: {"has the word", "have the word"}}[op]
	if negated {
		return words[1]
	}
	return words[0]
}

// side gives the other side of a comparison: a constant in the words of
// values, else its text.
func side(n *cond.Node) string {
	if n.Op != cond.Const {
		return nodeText(n)
	}
	switch n.Type {
	case cond.Number:
		return figure(n.Num)
	case cond.Text:
		return strconv.Quote(cut(n.Text))
	case cond.List:
		return listText(n.List)
	case cond.Time:
		return instantText(n.Time)
	}
	return nodeText(n)
}

func setText(s *cond.Set) string {
	if len(s.Texts) > 0 {
		return listText(s.Texts)
	}
	items := make([]string, len(s.Nums))
	for i, f := range s.Nums {
		items[i] = figure(f)
	}
	return listText(items)
}

func listText(items []string) string {
	more := ""
	if len(items) > maxNeedItems {
		items, more = items[:maxNeedItems], " and "+strconv.Itoa(len(items)-maxNeedItems)+" more"
	}
	clipped := make([]string, len(items))
	for i, item := range items {
		clipped[i] = cut(item)
	}
	return "[" + strings.Join(clipped, ", ") + "]" + more
}

// between words an interval by its ends.
func between(n *cond.Node, negated bool) string {
	if n.Args[0].Type == cond.Time {
		return betweenTimes(n, negated)
	}
	low, high := AtLeast, AtMost
	if n.Lo.Open {
		low = MoreThan
	}
	if n.Hi.Open {
		high = LessThan
	}
	join := " and "
	if negated {
		low, high, join = contrary[low], contrary[high], " or "
	}
	var parts []string
	if !n.Lo.Unbounded {
		parts = append(parts, string(low)+" "+figure(n.Lo.Num))
	}
	if !n.Hi.Unbounded {
		parts = append(parts, string(high)+" "+figure(n.Hi.Num))
	}
	return strings.Join(parts, join)
}

func betweenTimes(n *cond.Node, negated bool) string {
	not := ""
	if negated {
		not = "not "
	}
	lo, hi := n.Lo.Time, n.Hi.Time
	switch {
	case n.Lo.Unbounded:
		return "a time " + not + "up to " + instantText(hi)
	case n.Hi.Unbounded:
		return "a time " + not + "from " + instantText(lo)
	case n.Hi.Open && lo%cond.Day == 0 && hi-lo == cond.Day:
		return "a time " + not + "on " + instantText(lo)
	case n.Hi.Open && hi%cond.Day == 0:
		return "a time " + not + "from " + instantText(lo) + " to " + instantText(hi-cond.Day)
	}
	return "a time " + not + "from " + instantText(lo) + " to " + instantText(hi)
}

// instantText writes a moment, given in µs, as a day where it begins one.
func instantText(at int64) string {
	when := time.UnixMicro(at).UTC()
	if at%cond.Day == 0 {
		return when.Format(time.DateOnly)
	}
	return when.Format(time.RFC3339)
}

// lengthText writes a length of time, given in µs.
func lengthText(length int64) string {
	if length%cond.Day == 0 {
		return strconv.FormatInt(length/cond.Day, 10) + "d"
	}
	return (time.Duration(length) * time.Microsecond).String()
}
