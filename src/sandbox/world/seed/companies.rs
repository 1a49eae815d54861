//! Companies.

use std::collections::HashSet;

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::Id,
    Ground,
    days::DAY,
    hostile,
    insert::{Audit, Ref, Table},
    team::seller,
    words::pick,
};

/// A company, as far as other records are made from it.
pub(super) struct Company {
    pub id: Id,
    /// What people call it for short.
    pub name: String,
    pub city: &'static str,
    pub area: &'static str,
    pub headcount: i64,
    pub owner: usize,
    pub created: i64,
    pub last_activity: i64,
    /// Its people, as places in the list of contacts.
    pub contacts: Vec<usize>,
    pub address: Address,
    pub domain: String,
    trade: [&'static str; 2],
}

pub(super) struct Address {
    pub street: String,
    pub state: &'static str,
    pub zip: String,
}

impl Company {
    /// Where the company sits, in one line.
    pub fn address_line(&self) -> String {
        format!("{}, {}", self.address.street, self.city)
    }
}

/// Makes companies up; they are written when their last activity is known.
pub(super) fn invent(ground: &Ground<'_>, rng: &mut Rng, ids: impl Iterator<Item = Id>) -> Vec<Company> {
    let words = &ground.words;
    let count = ground.plan.companies;
    let mut domains = HashSet::new();
    let arrivals = ground.calendar.arrivals(rng, count, age);
    let mut company = |index: usize, id: Id, created: i64| {
        let trade = pick(rng, &words.trades);
        let [city, state, zip, area] = pick(rng, &words.cities);
        let foreign = index % 23 == 11;
        let name = match rng.u8(0..10) {
            _ if foreign => pick(rng, &words.script_companies).to_owned(),
            0 => format!("{} & {}", pick(rng, &words.last_names), pick(rng, &words.last_names)),
            1 => format!("{} {}", pick(rng, &words.last_names), trade[1]),
            _ => format!("{} {}", pick(rng, &words.company_words), trade[1]),
        };
        let mut domain: String =
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if domain.len() < 4 || !domains.insert(domain.clone()) {
            domain = format!("{}{}", if domain.len() < 4 { "firm" } else { &domain }, index + 1);
        }
        let family = usize::from(rng.u8(0..4) == 0);
        let owner = seller(rng, &ground.sellers, family);
        Company {
            id,
            name,
            city,
            area,
            headcount: headcount(rng),
            owner,
            created,
            last_activity: created,
            contacts: Vec::new(),
            address: Address {
                street: format!("{} {}", rng.u32(1..2400), pick(rng, &words.streets)),
                state,
                zip: format!("{zip}{:02}", rng.u8(0..100)),
            },
            domain: format!("{domain}.{}", if index % 9 == 4 { "test" } else { "example" }),
            trade,
        }
    };
    ids.zip(arrivals).enumerate().map(|(index, (id, created))| company(index, id, created)).collect()
}

/// How many days ago a company or a person was first heard of.
pub(super) fn age(rng: &mut Rng) -> i64 {
    rng.i64(2..1000)
}

fn headcount(rng: &mut Rng) -> i64 {
    let around = pick(rng, &[9, 14, 18, 25, 32, 40, 55, 80, 120, 180, 320, 650, 1400]);
    around + rng.i64(0..=around / 4)
}

/// Writes the companies down.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    companies: &[Company],
) -> rusqlite::Result<()> {
    let mut table = Table::new(conn, "Accounts");
    for (index, company) in companies.iter().enumerate() {
        let owner = ground.sellers[company.owner].id;
        let customer = rng.u8(0..10) < 6;
        let segment = match company.headcount {
            ..20 => "Small office",
            20..150 => "Mid-size",
            _ if company.trade[0] == "Education" => "Public sector",
            _ => "Enterprise",
        };
        let name = hostile::company(index, companies.len(), &company.name);
        let phone = format!("({}) 555-01{:02}", company.area, rng.u8(0..100));
        let website = (rng.u8(0..8) > 0).then(|| format!("https://www.{}", company.domain));
        let zip = company.address.zip.as_str();
        let number = format!("C-{:05}", index + 1);
        let tags = ground.tags.some(rng, "Accounts", 6);
        let until = customer
            .then(|| rng.i64(-40..700))
            .map(|days| ground.calendar.day(ground.calendar.month_end(days)));
        let billing = customer.then(|| format!("accounts@{}", company.domain));
        let limit = customer.then(|| pick(rng, &[1000, 2500, 5000, 10_000, 25_000]));
        let tax = (index % 5 < 3).then(|| format!("{:02}-{:07}", 20 + index % 70, 4_100_000 + index * 17));
        let manager = (rng.u8(0..5) == 0).then(|| Ref(ground.sellers[seller(rng, &ground.sellers, 0)].id));
        let notes = (rng.u8(0..6) == 0).then_some("Ring at the loading bay; the elevator takes 400 kg.");
        let audit = Audit {
            owner,
            created: company.created,
            modified: company.created.max(company.last_activity - rng.i64(0..40) * DAY),
            activity: Some(company.last_activity),
        };
        table.insert(
            company.id,
            &audit,
            [
                ("Account_Name", &name),
                ("Phone", &phone),
                ("Website", &website),
                ("Industry", &company.trade[0]),
                ("Billing_Street", &company.address.street),
                ("Billing_City", &company.city),
                ("Billing_State", &company.address.state),
                ("Billing_Code", &zip),
                ("Billing_Country", &"United States"),
                ("Tag", &tags),
                ("Headcount", &company.headcount),
                ("Segment", &segment),
                ("Tax_Number", &tax),
                ("Customer_Number", &number),
                ("Customer", &customer),
                ("Credit_Limit", &limit),
                ("Payment_Days", &customer.then(|| pick(rng, &[14, 30, 30, 45, 60]))),
                ("Contract_Until", &until),
                ("Billing_Email", &billing),
                ("Delivery_Notes", &notes),
                ("Account_Manager", &manager),
            ],
        )?;
        ground.progress.step();
    }
    Ok(())
}
