//! The users of the seeded organisation.

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::{
        Id, Prefix,
        org::ORG,
        people::{PROFILES, ROLES, Status, User},
    },
    days::DAY,
    words::{Words, pick},
};
use crate::sandbox::ids;

/// What a user sells, and how much of it.
pub(super) struct Seller {
    pub id: Id,
    pub first_name: String,
    /// Share of the deals of each family: sales, enterprise, service, partner.
    pub shares: [u32; 4],
}

/// First name, last name, index of the role, index of the profile, shares.
const TEAM: [(&str, &str, usize, usize, [u32; 4]); 8] = [
    ("Dana", "Whitlock", 1, 0, [24, 30, 6, 12]),
    ("Marcus", "Oyelaran", 2, 1, [22, 4, 2, 0]),
    ("Priya", "Raman", 2, 1, [17, 8, 2, 0]),
    ("Tomás", "Beckett", 2, 1, [13, 2, 4, 0]),
    ("Ingrid", "Solheim", 2, 1, [4, 46, 0, 4]),
    ("Kenji", "Moriarty", 3, 2, [3, 0, 74, 0]),
    ("Rosalind", "Pike", 4, 1, [5, 2, 4, 80]),
    ("Walt", "Drummond", 0, 0, [2, 8, 0, 4]),
];

/// Makes `count` users, the super administrator first.
pub(super) fn hire(
    conn: &Connection,
    rng: &mut Rng,
    words: &Words,
    seed: u64,
    count: u32,
    now: i64,
) -> rusqlite::Result<Vec<Seller>> {
    let prefix = Prefix::of_seed(seed);
    let administrator = ids::user(seed, 0);
    let mut sellers = Vec::new();
    for index in 0..count.max(1) {
        let (first, last, role, profile, shares) = match TEAM.get(index as usize) {
            Some((first, last, role, profile, shares)) => {
                ((*first).to_owned(), (*last).to_owned(), *role, *profile, *shares)
            }
            None => {
                let first = pick(rng, &words.first_names).to_owned();
                (first, pick(rng, &words.last_names).to_owned(), 2, 1, [6, 2, 3, 1])
            }
        };
        let created = now - (1100 - i64::from(index.min(500)) * 2) * DAY;
        let user = User {
            id: ids::user(seed, index),
            zuid: (700_112_200 + u64::from(index) * 7 + 1).to_string(),
            email: address(&first, index),
            phone: Some(format!("(312) 555-01{:02}", (index + 1) % 100)),
            mobile: None,
            role: prefix.id(ROLES[role].ending),
            profile: prefix.id(PROFILES[profile].ending),
            status: Status::Active,
            confirmed: true,
            created_by: administrator,
            created,
            modified_by: administrator,
            modified: created + 3 * DAY,
            first_name: first.clone(),
            last_name: last,
        };
        user.save(conn)?;
        sellers.push(Seller { id: user.id, first_name: first, shares });
    }
    Ok(sellers)
}

fn address(first: &str, index: u32) -> String {
    let plain: String =
        first.chars().map(|c| if c == 'á' { 'a' } else { c }).collect::<String>().to_lowercase();
    let number = if index < 8 { String::new() } else { (index + 1).to_string() };
    format!("{plain}{number}@{}", ORG.domain)
}

/// One of the sellers, by their shares of a family.
pub(super) fn seller(rng: &mut Rng, sellers: &[Seller], family: usize) -> usize {
    let all: u32 = sellers.iter().map(|seller| seller.shares[family]).sum();
    if all == 0 {
        return 0;
    }
    let mut at = rng.u32(0..all);
    let found = sellers.iter().position(|seller| {
        let share = seller.shares[family];
        let hit = at < share;
        at = at.saturating_sub(share);
        hit
    });
    found.unwrap_or_default()
}
