package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/accountscore/accountscore"
)

// aliases are the spellings of the CRM that mean something else, by column.
// Each use is counted in the report: a table that mends data in silence hides
// the day on which it starts to mend the wrong thing.
var aliases = map[string]map[string]string{
	"sector":          {"technolgy": "technology"},
	"office_location": {"Philipines": "Philippines"},
	"product":         {"GTXPro": "GTX Pro"},
}

// regions are the countries that we know, by the region that a rule reads.
var regions = map[string]string{
	"United States": "North America", "Canada": "North America",
	"Brazil": "South America", "Panama": "South America",
	"Belgium": "Europe", "Germany": "Europe", "Italy": "Europe", "Norway": "Europe", "Poland": "Europe", "Romania": "Europe",
	"China": "Asia", "Japan": "Asia", "Jordan": "Asia", "Korea": "Asia", "Philippines": "Asia",
	"Kenya": "Africa",
}

// prospecting is the note of an opportunity that has no date yet.
const prospecting = "opportunity without a date, counted in the field prospecting"

// mapped is what the CRM's rows became.
type mapped struct {
	accounts []accountscore.Account
	newest   time.Time // the last date of any opportunity
	rows     int       // of the pipeline
	placed   int       // rows that became an activity of an account
	notes    tally     // what was mended, not understood or left out
}

// mapping is the state of turning rows into accounts.
type mapping struct {
	mapped
	index     map[string]int // accounts by name
	products  map[string]product
	offices   map[string]string // by sales agent
	deals     []map[string]int  // opportunities of each account, by office
	prospects []int             // of each account
}

type product struct {
	name, series string
	price        float64 // zero: unknown
}

// mapCRM turns the rows of a CRM into accounts. The sectors are those that the
// model knows; another one is passed on as it stands, so that the model counts
// it as a wrong value and not as an absent one, and is noted.
func mapCRM(c *crm, sectors []string) *mapped {
	m := &mapping{index: map[string]int{}, products: map[string]product{}, offices: map[string]string{}}
	m.notes = tally{}
	for r := range c.products.each {
		p := product{name: r.get("product"), series: r.get("series")}
		p.price, _ = m.number(r, "sales_price")
		m.products[p.name] = p
	}
	for r := range c.teams.each {
		m.offices[r.get("sales_agent")] = r.get("regional_office")
	}
	for r := range c.accounts.each {
		m.account(r, sectors)
	}
	for r := range c.pipeline.each {
		m.opportunity(r)
	}
	for i := range m.accounts {
		m.accounts[i].Fields["office"] = mostCommon(m.deals[i])
	}
	return &m.mapped
}

func (m *mapping) account(r row, sectors []string) {
	name := r.get("account")
	if name == "" {
		m.notes.add("accounts.csv: row without a name", "left out")
		return
	}
	if _, ok := m.index[name]; ok {
		m.notes.add("accounts.csv: account given twice", name+" (the first row is used)")
		return
	}
	sector, country := m.spelling(r, "sector"), m.spelling(r, "office_location")
	if sector != "" && !slices.Contains(sectors, sector) {
		m.notes.add("sector that the model does not know", sector)
	}
	region := regions[country]
	if region == "" && country != "" {
		region = country
		m.notes.add("location without a region", country)
	}
	fields := map[string]any{
		"sector": orNull(sector),
		"region": orNull(region),
		"parent": orNull(r.get("subsidiary_of")),
		// The pipeline is complete: who has no row in it has no prospect.
		"prospecting": 0,
	}
	m.set(fields, "revenue", r, "revenue", 1e6) // the CRM has millions of USD
	m.set(fields, "employees", r, "employees", 1)
	m.set(fields, "founded", r, "year_established", 1)
	m.index[name] = len(m.accounts)
	m.accounts = append(m.accounts, accountscore.Account{ID: name, Fields: fields})
	m.deals, m.prospects = append(m.deals, map[string]int{}), append(m.prospects, 0)
}

// opportunity places a row of the pipeline: with a date as an activity of its
// account, in prospecting, where there is none, as a number of the account.
func (m *mapping) opportunity(r row) {
	m.rows++
	stage := r.get("deal_stage")
	name := m.spelling(r, "product")
	p, known := m.products[name]
	if !known {
		p.name = name
		m.notes.add("product that products.csv does not have", name)
	}
	office, known := m.offices[r.get("sales_agent")]
	if !known {
		m.notes.add("agent that sales_teams.csv does not have", r.get("sales_agent"))
	}
	i, known := m.index[r.get("account")]
	if !known {
		if name := r.get("account"); name != "" {
			m.notes.add("opportunity of an account that accounts.csv does not have", name)
		} else {
			m.notes.add("opportunity without an account", stage)
		}
		return
	}
	if office != "" {
		m.deals[i][office]++
	}
	a := &m.accounts[i]
	switch stage {
	case "Won":
		m.place(a, r, "won", "close_date", p)
	case "Lost":
		m.place(a, r, "lost", "close_date", p)
	case "Engaging":
		m.place(a, r, "engaging", "engage_date", p)
	case "Prospecting":
		m.prospects[i]++
		a.Fields["prospecting"] = m.prospects[i]
		m.notes.add(prospecting, stage)
	default:
		m.notes.add("deal stage that we do not know, left out", stage)
	}
}

func (m *mapping) place(a *accountscore.Account, r row, kind, dateColumn string, p product) {
	when, err := time.Parse(time.DateOnly, r.get(dateColumn))
	if err != nil {
		m.notes.add("opportunity with an unreadable date, left out", fmt.Sprintf("%s line %d: %s %q", r.sheet.file, r.number, dateColumn, r.get(dateColumn)))
		return
	}
	act := accountscore.Activity{Type: kind, At: when, Fields: map[string]any{"product": orNull(p.name)}}
	if p.series != "" {
		act.Fields["series"] = p.series
	}
	if p.price > 0 {
		act.Fields["list_price"] = p.price
		act.Value = p.price
	}
	if kind != "engaging" {
		value, ok := m.number(r, "close_value")
		act.Value = value
		if kind == "won" && ok && p.price > 0 {
			act.Fields["discount"] = math.Round((1-value/p.price)*1e6) / 1e6
		}
	}
	a.Activities = append(a.Activities, act)
	m.placed++
	if when.After(m.newest) {
		m.newest = when
	}
}

// spelling gives a cell as we spell it, and notes where that differs.
func (m *mapping) spelling(r row, column string) string {
	text := r.get(column)
	if right, ok := aliases[column][text]; ok {
		m.notes.add("spelling mended", fmt.Sprintf("%s %s → %s", column, text, right))
		return right
	}
	return text
}

// set reads a number into a field: null where the cell is empty, the text as
// it stands where it is none, so that the model counts it as invalid.
func (m *mapping) set(fields map[string]any, field string, r row, column string, unit float64) {
	if x, ok := m.number(r, column); ok {
		fields[field] = math.Round(x * unit)
	} else {
		fields[field] = orNull(r.get(column))
	}
}

func (m *mapping) number(r row, column string) (float64, bool) {
	text := r.get(column)
	if text == "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		m.notes.add("number that cannot be read", fmt.Sprintf("%s line %d: %s %q", r.sheet.file, r.number, column, text))
		return 0, false
	}
	return x, true
}

// orNull is nil, the null of an account, for an empty text.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// mostCommon gives the key with the highest count, of several the first in the
// alphabet, and nil where there is none.
func mostCommon(counts map[string]int) any {
	best := ""
	for key, n := range counts {
		if best == "" || n > counts[best] || n == counts[best] && key < best {
			best = key
		}
	}
	return orNull(best)
}
