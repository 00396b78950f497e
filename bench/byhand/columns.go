package byhand

import (
	"slices"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/bench/fixture"
)

// one is 1 for true. The compiler makes no branch of it, and a branch that
// cannot be foreseen costs more than all else in a row: written with plain ifs
// the scores of columns take four times as long.
func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bit is 1 where a row of a bitmap is marked.
func bit(b accountscore.Bitmap, row int) int { return int(b[row>>3]>>(row&7)) & 1 }

// EnterpriseColumns scores columns row by row. What a text earns is worked out
// once for each text of the column.
func EnterpriseColumns(scores []float64, c *fixture.Columns) {
	n := len(scores)
	employees, revenue := c.Numbers["employees"], c.Numbers["revenue"]
	size, money := employees.Values[:n], revenue.Values[:n]
	country := pointsByCode(c.Texts["country"], 20, "US", "UK", "CA", "AU", "DE")
	industry := pointsByCode(c.Texts["industry"], 30, "Technology", "Finance", "Healthcare")
	countries, industries := c.Texts["country"].Codes[:n], c.Texts["industry"].Codes[:n]
	for i := range scores {
		scores[i] = float64(country[countries[i]+1] + industry[industries[i]+1] +
			50*(one(size[i] >= 1000)&bit(employees.Known, i)) +
			45*(one(money[i] >= 50_000_000)&bit(revenue.Known, i)))
	}
}

// pointsByCode gives the points of a text that is one of those wanted, by its
// code plus one: a missing text has the code −1.
func pointsByCode(t fixture.Texts, points int, wanted ...string) []int {
	table := make([]int, len(t.Values)+1)
	for code, text := range t.Values {
		if slices.Contains(wanted, text) {
			table[code+1] = points
		}
	}
	return table
}

// MixedColumns scores columns row by row at a moment.
func MixedColumns(scores []float64, c *fixture.Columns, at time.Time) {
	employees, revenue := c.Numbers["employees"], c.Numbers["revenue"]
	customer, funding := c.Flags["customer"], c.Moments["last_funding"]
	industry := pointsByCode(c.Texts["industry"], 15, "Software", "Finance", "Healthcare")
	country := pointsByCode(c.Texts["country"], 10, "US", "UK", "CA", "AU", "DE")
	enterprise := pointsByCode(c.Texts["plan"], 20, "Enterprise")
	growing := pointsByCode(c.Texts["plan"], 10, "Pro", "Business")
	abroad := make([]int, len(country))
	for code, text := range c.Texts["country"].Values {
		if text != "US" {
			abroad[code+1] = 5
		}
	}
	industries, countries, plans := c.Texts["industry"].Codes, c.Texts["country"].Codes, c.Texts["plan"].Codes
	to := at.UnixMicro()
	from := at.Add(-180 * day).UnixMicro()
	for i := range scores {
		n, sized := employees.Values[i], bit(employees.Known, i)
		v, known := revenue.Values[i], bit(revenue.Known, i)
		is, told := one(customer.Values[i]), bit(customer.Known, i)
		t := funding.Values[i]
		place, plan := countries[i]+1, plans[i]+1
		scores[i] = float64(industry[industries[i]+1] + country[place] + enterprise[plan] +
			sized*(20*one(n >= 1000)+10*(one(n >= 100)&one(n <= 999))+one(n > 200)*growing[plan]) +
			15*(known&one(v >= 10_000_000)&one(v <= 500_000_000)) +
			told*(10*is+(1-is)*((1-known)|one(v >= 50_000_000))*abroad[place]) +
			20*(bit(funding.Known, i)&one(t >= from)&one(t <= to)))
	}
}
