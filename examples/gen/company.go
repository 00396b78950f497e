package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
)

// The names are invented; any likeness to a company is chance.
var (
	stems = []string{"Aldor", "Brevik", "Calder", "Dunmore", "Elstow", "Farrow", "Glenva", "Harrow", "Istra", "Jorvik",
		"Kestrel", "Lumen", "Marlow", "Norvel", "Orrin", "Pellan", "Quill", "Rosmer", "Sorrel", "Tamsin",
		"Ulver", "Vantor", "Wexley", "Yarrow", "Zephyra"}
	endings = map[string][]string{
		"Healthcare":         {"Clinics", "Health", "Care Group", "Medical"},
		"Life Sciences":      {"Bio", "Therapeutics", "Diagnostics"},
		"Technology":         {"Systems", "Labs", "Cloud"},
		"Software":           {"Software", "Apps", "Labs"},
		"Finance":            {"Capital", "Partners", "Finance"},
		"Financial Services": {"Bank", "Capital", "Payments"},
		"Insurance":          {"Mutual", "Assurance"},
		"Retail":             {"Stores", "Market", "Outfitters"},
		"Logistics":          {"Freight", "Logistics"},
		"Manufacturing":      {"Works", "Industries", "Tools"},
		"Farming":            {"Farms", "Growers"},
		"Gambling":           {"Gaming", "Casinos"},
	}
	firstNames = []string{"ada", "bruno", "carmen", "dev", "elif", "fiona", "goran", "hana", "ivo", "jun",
		"kofi", "lena", "mateo", "nadia", "omar", "priya", "quentin", "rosa", "sven", "tara"}
	lastNames = []string{"abara", "berg", "castillo", "dahl", "evans", "fujii", "garner", "haddad", "iyer", "jansen",
		"kowal", "lindt", "moreau", "nkosi", "okafor", "petrov", "quist", "rossi", "santos", "takeda"}
)

// names gives every company of a population a name of its own.
type names map[string]bool

func (n names) next(d draw, industry string) string {
	choices := endings[industry]
	if len(choices) == 0 {
		choices = []string{"Group", "Holding"}
	}
	for {
		name := pick(d, stems...) + " " + pick(d, choices...)
		if n[name] {
			name += " " + pick(d, "North", "South", "Europe", "Pacific", "International", "Two")
		}
		if !n[name] {
			n[name] = true
			return name
		}
	}
}

// person gives an id of the form first.last@company, unique by its number.
func person(d draw, company string, n int) string {
	domain := strings.ToLower(strings.ReplaceAll(company, " ", "-"))
	return fmt.Sprintf("%s.%s%d@%s.example", pick(d, firstNames...), pick(d, lastNames...), n, domain)
}

// mess does to the fields what imports and people do: it drops some, empties
// some and puts something of the wrong kind in a few. Keys are given in a fixed
// order, since the order of a map is none.
func mess(d draw, fields map[string]any, keys ...string) {
	for _, key := range keys {
		v, ok := fields[key]
		if !ok {
			continue
		}
		switch p := d.Float64(); {
		case p < 0.08:
			delete(fields, key)
		case p < 0.14:
			fields[key] = nil
		case p < 0.16:
			fields[key] = "  "
		case p < 0.19:
			fields[key] = wrong(d, v)
		}
	}
}

// wrong gives what stands in a field after a careless import.
func wrong(d draw, v any) any {
	switch v.(type) {
	case float64, int:
		return pick[any](d, "1,200", "500-1000", "unknown", "n/a")
	case bool:
		return pick[any](d, "yes", "Y", 1)
	case []string:
		return pick[any](d, "Salesforce; Epic", 3)
	default:
		return pick[any](d, 0, 42, true)
	}
}

// refreshed says when fields were last enriched: mostly of late, some long ago.
func refreshed(d draw, fields ...string) map[string]time.Time {
	dates := map[string]time.Time{}
	for _, f := range fields {
		switch p := d.Float64(); {
		case p < 0.55:
			dates[f] = d.daysAgo(1, 80)
		case p < 0.75:
			dates[f] = d.daysAgo(100, 400)
		case p < 0.85:
			dates[f] = d.daysAgo(560, 900)
		}
	}
	return dates
}

// activities gives n activities of a type over the days before the moment. A
// few lie in the future, as meetings do that are booked already.
func activities(d draw, kind string, n, days int) []accountscore.Activity {
	list := make([]accountscore.Activity, n)
	for i := range list {
		when := d.daysAgo(0, days)
		if d.chance(0.03) {
			when = d.daysAgo(-20, -1)
		}
		list[i] = accountscore.Activity{Type: kind, At: when}
	}
	return list
}

// with sets a field of each activity, and leaves it out now and then.
func with(d draw, list []accountscore.Activity, field string, choices ...string) []accountscore.Activity {
	for i := range list {
		if d.chance(0.9) {
			list[i].Fields = map[string]any{field: pick(d, choices...)}
		}
	}
	return list
}
