package main

import (
	"fmt"

	"github.com/accountscore/accountscore"
)

// population is the accounts of one ruleset.
type population struct {
	name string
	seed uint64
	size int
	make func(d draw, n names) accountscore.Account
}

var populations = []population{
	{"enterprise", 1, 40, enterprise},
	{"midmarket", 2, 40, midmarket},
	{"plg", 3, 40, plg},
	{"healthcare", 4, 48, healthcare},
	{"three_attribute", 15, 30, threeAttribute},
	{"gate", 26, 45, gate},
	{"four_dimensions", 7, 60, fourDimensions},
}

func (p population) generate() []accountscore.Account {
	d, taken := newDraw(p.seed), names{}
	accounts := make([]accountscore.Account, p.size)
	for i := range accounts {
		accounts[i] = p.make(d, taken)
		accounts[i].ID = fmt.Sprintf("%s-%03d", p.name, i+1)
	}
	return accounts
}

func enterprise(d draw, n names) accountscore.Account {
	industry := pick(d, "Technology", "Finance", "Healthcare", "Retail", "Manufacturing", "Logistics")
	f := map[string]any{
		"name":      n.next(d, industry),
		"employees": d.size(120, 40_000),
		"revenue":   d.size(4e6, 4e9),
		"country":   pick(d, "US", "US", "UK", "CA", "AU", "DE", "FR", "BR", "JP"),
		"industry":  industry,
	}
	mess(d, f, "employees", "revenue", "country", "industry")
	return accountscore.Account{Fields: f}
}

func midmarket(d draw, n names) accountscore.Account {
	industry := pick(d, "Healthcare", "Healthcare", "Finance", "Technology", "Retail")
	f := map[string]any{
		"name":                   n.next(d, industry),
		"employees":              d.size(20, 3_000),
		"revenue":                d.size(2e6, 4e8),
		"industry":               industry,
		"not_already_a_customer": d.chance(0.7),
	}
	mess(d, f, "employees", "revenue", "industry", "not_already_a_customer")
	return accountscore.Account{Fields: f}
}

func plg(d draw, n names) accountscore.Account {
	customer := d.chance(0.6)
	plan := "Free"
	if customer {
		plan = pick(d, "Starter", "Pro", "Pro", "Business")
	}
	f := map[string]any{
		"name":                             n.next(d, pick(d, "Technology", "Software", "Retail", "Finance")),
		"existing_customer":                customer,
		"plan":                             plan,
		"employees":                        d.size(3, 2_000),
		"expansion_signal_in_last_30_days": d.chance(0.35),
	}
	mess(d, f, "existing_customer", "plan", "employees", "expansion_signal_in_last_30_days")
	return accountscore.Account{Fields: f}
}

func healthcare(d draw, n names) accountscore.Account {
	industry := pick(d, "Healthcare", "Healthcare", "Life Sciences", "Insurance")
	a := accountscore.Account{
		Fields: map[string]any{
			"Name":          n.next(d, industry),
			"AnnualRevenue": d.size(2e6, 2e8),
			"TechStack":     some(d, 0.4, "EHR", "CRM", "PACS", "ERP", "LIMS"),
		},
		Refreshed: refreshed(d, "revenue"),
	}
	mess(d, a.Fields, "AnnualRevenue", "TechStack")
	heat := d.Float64()
	a.Activities = with(d, activities(d, "website_visit", int(heat*16), 90), "page", "/", "/pricing", "/blog/interoperability", "/customers")
	if d.chance(heat) {
		a.Activities = append(a.Activities, activities(d, "webinar", d.between(1, 2), 200)...)
	}
	if d.chance(heat) {
		a.Activities = append(a.Activities, with(d, activities(d, "documentation_download", d.between(1, 3), 150), "title", "API guide", "Security paper")...)
	}
	if d.chance(0.3) {
		a.PrevTier = pick(d, "dedicated campaign", "nurture", "general database")
	}
	return a
}

func threeAttribute(d draw, n names) accountscore.Account {
	industry := pick(d, "Manufacturing", "Logistics", "Retail", "Farming", "Technology")
	a := accountscore.Account{
		Fields: map[string]any{
			"name":      n.next(d, industry),
			"industry":  industry,
			"revenue":   d.size(5e5, 9e7),
			"employees": d.size(4, 2_500),
		},
		Refreshed: refreshed(d, "revenue", "employees"),
	}
	mess(d, a.Fields, "revenue", "employees")
	a.Activities = with(d, activities(d, "content_engagement", d.between(0, 12), 300), "asset", "Buyer's guide", "Cost calculator", "Case study")
	if d.chance(0.3) {
		a.PrevTier = pick(d, "sales_ready", "developing")
	}
	return a
}

func gate(d draw, n names) accountscore.Account {
	industry := pick(d, "Software", "software", "Financial Services", "Retail", "Logistics", "Farming")
	a := accountscore.Account{
		Fields: map[string]any{
			"name":       n.next(d, industry),
			"employees":  d.size(8, 20_000),
			"industry":   industry,
			"country":    pick(d, "US", "US", "CA", "UK", "DE", "NL", "BR", "IN"),
			"cloud":      pick(d, "aws", "aws", "gcp", "azure", "none"),
			"open_roles": float64(d.between(0, 12)),
			"surge":      float64(d.between(5, 100)),
			"competitor": d.chance(0.25),
		},
		Refreshed: refreshed(d, "employees"),
	}
	mess(d, a.Fields, "employees", "industry", "country", "cloud", "open_roles", "surge", "competitor")
	if d.chance(0.04) {
		a.Fields["cloud"] = "on premises" // not one of the declared values
	}
	heat := d.Float64()
	a.Activities = activities(d, "pricing_visit", int(heat*8), 60)
	if d.chance(heat) {
		a.Activities = append(a.Activities, activities(d, "demo_request", d.between(1, 2), 110)...)
	}
	a.Activities = append(a.Activities, with(d, activities(d, "whitepaper", int(heat*5), 150), "topic", "Migration", "Cost", "Security")...)
	if d.chance(0.35) {
		a.PrevTier = pick(d, "engage", "engage", "accelerate", "develop", "awaken", "qualify", "wait")
	}
	return a
}

func fourDimensions(d draw, n names) accountscore.Account {
	industry := pick(d, "Healthcare", "Healthcare", "Life Sciences", "Financial Services", "Insurance", "Retail", "Manufacturing")
	if d.chance(0.04) {
		industry = "Gambling"
	}
	employees := d.size(15, 9_000)
	name := n.next(d, industry)
	a := accountscore.Account{
		Fields: map[string]any{
			"Name":                name,
			"NumberOfEmployees":   employees,
			"AnnualRevenue":       twoDigits(employees * float64(d.between(30, 260)) * 1000),
			"Industry":            industry,
			"BillingCountry":      pick(d, "US", "US", "UK", "CA", "DE", "FR", "NL", "ES", "SG"),
			"TechStack":           some(d, 0.35, "Salesforce", "HubSpot", "Epic", "SAP", "Workday"),
			"CompetitorInstalled": d.chance(0.2),
			"DoNotContact":        d.chance(0.04),
		},
		Refreshed: refreshed(d, "employees", "revenue"),
	}
	heat := d.Float64()
	if d.chance(heat) {
		a.Fields["OpportunityStage"] = pick(d, "none", "discovery", "proposal", "negotiation")
		a.Fields["OpportunityAmount"] = d.size(8_000, 500_000)
		a.Activities = activities(d, "meeting", d.between(0, 2), 120)
	}
	mess(d, a.Fields, "NumberOfEmployees", "AnnualRevenue", "Industry", "BillingCountry", "TechStack",
		"CompetitorInstalled", "OpportunityStage", "OpportunityAmount")
	if d.chance(heat / 2) {
		a.Activities = append(a.Activities, activities(d, "demo_request", 1, 90)...)
	}
	for i := range d.between(0, 2+int(heat*7)) {
		a.Contacts = append(a.Contacts, contact(d, name, i+1, heat))
	}
	if d.chance(0.35) {
		a.PrevTier = pick(d, "strategic", "strategic", "priority", "active", "monitor")
	}
	return a
}

// contact gives a person at a company of a certain interest, from 0 to 1.
func contact(d draw, company string, n int, heat float64) accountscore.Contact {
	c := accountscore.Contact{
		ID: person(d, company, n),
		Fields: map[string]any{
			"seniority":   pick(d, "c_level", "vp", "director", "director", "manager", "manager", "manager", "ic", "ic"),
			"department":  pick(d, "IT", "Finance", "Operations", "Clinical", "Procurement"),
			"role":        pick(d, "decision_maker", "champion", "influencer", "influencer"),
			"lead_score":  float64(d.between(0, 10+int(heat*50))),
			"last_active": d.daysAgo(0, 200).Format("2006-01-02"),
		},
	}
	mess(d, c.Fields, "seniority", "department", "role", "lead_score", "last_active")
	if d.chance(heat) {
		c.Activities = activities(d, "email_reply", d.between(1, 4), 80)
	}
	if d.chance(heat / 2) {
		c.Activities = append(c.Activities, activities(d, "meeting", d.between(1, 2), 100)...)
	}
	c.Activities = append(c.Activities, with(d, activities(d, "content", int(heat*3), 120), "topic", "Interoperability", "Pricing", "Security")...)
	return c
}
