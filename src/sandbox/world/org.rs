//! The company whose organisation it is.

/// What the organisation says of itself.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-org-data.html>
#[derive(Debug, Clone, Copy)]
pub struct Org {
    /// Ending of its id.
    pub ending: i64,
    /// The company.
    pub company_name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// The domain of its addresses.
    pub domain: &'static str,
    /// Its web site.
    pub website: &'static str,
    /// Its phone number.
    pub phone: &'static str,
    /// Street and number.
    pub street: &'static str,
    /// City.
    pub city: &'static str,
    /// State.
    pub state: &'static str,
    /// Zip code.
    pub zip: &'static str,
    /// Country.
    pub country: &'static str,
    /// Country as two letters.
    pub country_code: &'static str,
    /// The currency in words.
    pub currency: &'static str,
    /// The sign before amounts.
    pub currency_symbol: &'static str,
    /// The currency as three letters.
    pub iso_code: &'static str,
    /// How many people work there.
    pub employees: u32,
}

/// The seeded organisation: a maker of office coffee machines.
pub const ORG: Org = Org {
    ending: 26_001,
    company_name: "Larkmoor Coffee Systems",
    description: "Coffee machines, beans and service for offices in the Midwest",
    domain: "larkmoor.example",
    website: "https://www.larkmoor.example",
    phone: "(312) 555-0100",
    street: "840 West Fulton Market",
    city: "Chicago",
    state: "IL",
    zip: "60607",
    country: "United States",
    country_code: "US",
    currency: "US Dollar - USD",
    currency_symbol: "$",
    iso_code: "USD",
    employees: 46,
};
