//! Contacts: the people in the companies.

use std::collections::HashSet;

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::Id,
    Ground,
    companies::{Company, age},
    days::DAY,
    hostile,
    insert::{Audit, Ref, Table},
    team::seller,
    words::pick,
};

/// A contact, as far as other records are made from it.
pub(super) struct Contact {
    pub id: Id,
    pub first_name: &'static str,
    pub last_name: String,
    pub company: Option<usize>,
    pub owner: usize,
    pub created: i64,
    pub last_activity: i64,
}

impl Contact {
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// Makes contacts up and seats them in their companies, most in the large ones.
pub(super) fn invent(
    ground: &Ground<'_>,
    rng: &mut Rng,
    companies: &mut [Company],
    ids: impl Iterator<Item = Id>,
) -> Vec<Contact> {
    let count = ground.plan.contacts;
    let mut contacts = Vec::with_capacity(count);
    let arrivals = ground.calendar.arrivals(rng, count, age);
    for (index, (id, created)) in ids.zip(arrivals).enumerate() {
        let [first_name, last_name] = if index % 19 == 8 {
            pick(rng, &ground.words.scripts)
        } else {
            [pick(rng, &ground.words.first_names), pick(rng, &ground.words.last_names)]
        };
        // The first contacts go round, so that every company has one; the rest crowd.
        let company = match index {
            _ if index < companies.len() => Some(index),
            _ if rng.u8(0..30) == 0 => None,
            _ => Some(rng.usize(..companies.len()) * rng.usize(..companies.len()) / companies.len()),
        };
        let owner = match company {
            Some(place) => companies[place].owner,
            None => seller(rng, &ground.sellers, 0),
        };
        if let Some(place) = company {
            companies[place].contacts.push(index);
        }
        let last_name = hostile::last_name(index, count, last_name);
        contacts.push(Contact { id, first_name, last_name, company, owner, created, last_activity: created });
    }
    contacts
}

/// Writes the contacts down.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    companies: &[Company],
    contacts: &[Contact],
) -> rusqlite::Result<()> {
    let mut table = Table::new(conn, "Contacts");
    let mut addresses = HashSet::new();
    for (index, contact) in contacts.iter().enumerate() {
        let company = contact.company.map(|place| &companies[place]);
        let domain = company.map_or("mail.example", |company| company.domain.as_str());
        let email = (rng.u8(0..8) > 0).then(|| {
            let plain = |name: &str| {
                name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
            };
            let (first, last) = (plain(contact.first_name), plain(&contact.last_name));
            let address = match (first.len(), last.len()) {
                (2.., 2..) => format!("{first}.{last}@{domain}"),
                _ => format!("hello@{domain}"),
            };
            if addresses.insert(address.clone()) { address } else { format!("{}-{address}", index + 1) }
        });
        let area = company.map_or("312", |company| company.area);
        let mut number =
            |in_ten: u8| (rng.u8(0..10) < in_ten).then(|| format!("({area}) 555-01{:02}", rng.u8(0..100)));
        let (phone, mobile, reception) = (number(8), number(5), number(2));
        let [title, department] = pick(rng, &ground.words.titles);
        let title = hostile::title(index, contacts.len(), title);
        let zip = company.map(|company| company.address.zip.as_str());
        let taste = (rng.u8(0..4) == 0).then(|| {
            format!("[\"{}\"]", pick(rng, &["Dark roast", "Light roast", "Decaf\",\"Oat milk", "Tea only"]))
        });
        let channel =
            (rng.u8(0..3) == 0).then(|| pick(rng, &["Email", "Phone", "Text message", "In person"]));
        let survey = (rng.u8(0..6) == 0).then(|| ground.calendar.past(rng, 90));
        let birthday = (rng.u8(0..9) == 0)
            .then(|| format!("{}-{:02}-{:02}", rng.u16(1958..2002), rng.u8(1..13), rng.u8(1..29)));
        let audit = Audit {
            owner: ground.sellers[contact.owner].id,
            created: contact.created,
            modified: contact.created.max(contact.last_activity - rng.i64(0..30) * DAY),
            activity: Some(contact.last_activity),
        };
        table.insert(
            contact.id,
            &audit,
            [
                ("First_Name", &contact.first_name),
                ("Last_Name", &contact.last_name),
                ("Full_Name", &contact.full_name()),
                ("Email", &email),
                ("Title", &title),
                ("Department", &department),
                ("Phone", &phone),
                ("Mobile", &mobile),
                ("Account_Name", &company.map(|company| Ref(company.id))),
                ("Mailing_Street", &company.map(|company| company.address.street.as_str())),
                ("Mailing_City", &company.map(|company| company.city)),
                ("Mailing_State", &company.map(|company| company.address.state)),
                ("Mailing_Zip", &zip),
                ("Mailing_Country", &company.map(|_| "United States")),
                ("Email_Opt_Out", &(index % 17 == 3)),
                ("Tag", &ground.tags.some(rng, "Contacts", 6)),
                ("Preferred_Channel", &channel),
                ("Coffee_Taste", &taste),
                ("Birthday", &birthday),
                ("Reception_Phone", &reception),
                ("Satisfaction", &survey.map(|_| rng.i64(3..11))),
                ("Last_Survey_At", &survey),
            ],
        )?;
        ground.progress.step();
    }
    Ok(())
}
