//! Attachments of deals, and which customers have which machines.

use bytes::Bytes;
use fastrand::Rng;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{
    super::{Id, storage::PARENT_MODULE},
    Ground,
    companies::Company,
    deal_rows::Product,
    deals::{Deal, Phase},
    insert::{Audit, Ref, Table},
    words::pick,
};
use crate::sandbox::blobs::{self, Blob, Kind};

/// Writes offers, sketches and links to some of the deals that have come so far.
pub(super) fn attach(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    (companies, deals): (&[Company], &[Deal]),
    ids: impl Iterator<Item = Id>,
    seed: u64,
) -> rusqlite::Result<()> {
    let quoted: Vec<usize> = (0..deals.len()).filter(|place| deals[*place].phase != Phase::Early).collect();
    if quoted.is_empty() {
        return Ok(());
    }
    let mut files: Vec<(i64, usize)> = (0..ground.plan.files)
        .map(|_| {
            let place = pick(rng, &quoted);
            let deal = &deals[place];
            (ground.calendar.between(rng, deal.created, deal.moved.max(deal.created + 60)), place)
        })
        .collect();
    files.sort_unstable();
    let mut table = Table::new(conn, "Attachments");
    for ((at, place), id) in files.into_iter().zip(ids) {
        let deal = &deals[place];
        let company = &companies[deal.company as usize];
        let created = Timestamp::from_second(at).unwrap_or_default();
        let blob = match rng.u8(0..6) {
            0 => Blob::of_link(
                Kind::Attachment,
                id,
                "https://drive.example/larkmoor/kitchen-photos".to_owned(),
                created,
            ),
            draw => file(seed, id, draw, company, deal, created),
        };
        let owner = ground.sellers[deal.owner as usize].id;
        let size = i64::try_from(blob.bytes.len()).unwrap_or_default();
        table.insert(
            id,
            &Audit { owner, created: at, modified: at, activity: None },
            [
                ("File_Name", &blob.name),
                ("Size", &size),
                ("Parent_Id", &Ref(deal.id)),
                (PARENT_MODULE, &"Pipelines"),
            ],
        )?;
        blob.save(conn)?;
        ground.progress.step();
    }
    Ok(())
}

fn file(seed: u64, id: Id, draw: u8, company: &Company, deal: &Deal, created: Timestamp) -> Blob {
    let short: String = company.name.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let amount = deal.amount.map_or_else(|| "to be agreed".to_owned(), |amount| format!("USD {amount}"));
    let (name, text) = match draw {
        1..4 => (
            format!("offer-{short}.txt"),
            format!("Offer for {}\n\nTotal {amount}\nValid for 30 days\n", company.name),
        ),
        4 => (
            format!("survey-{short}.txt"),
            format!("Site survey\n{}\nWater hardness 14, power 16 A\n", company.address_line()),
        ),
        _ => (format!("floor-plan-{short}.csv"), "floor,people,kitchens\n1,40,1\n2,35,1\n".to_owned()),
    };
    Blob {
        kind: Kind::Attachment,
        row: id,
        token: Some(blobs::token(seed, id)),
        media: if draw > 4 { "text/csv" } else { "text/plain" }.to_owned(),
        name,
        link: None,
        created,
        bytes: Bytes::from(text),
    }
}

/// Links companies, and one person in each, with the products they have.
pub(super) fn link(
    conn: &Connection,
    rng: &mut Rng,
    companies: &[Company],
    contacts: &[super::contacts::Contact],
    products: &[Product],
) -> rusqlite::Result<()> {
    let mut statement =
        conn.prepare("INSERT OR IGNORE INTO \"$links\" (product, module, row) VALUES (?1, ?2, ?3)")?;
    for company in companies.iter().filter(|company| company.headcount % 3 == 0) {
        let product = pick(rng, products);
        statement.execute((product.id, "Accounts", company.id))?;
        if let Some(place) = company.contacts.first() {
            statement.execute((product.id, "Contacts", contacts[*place].id))?;
        }
    }
    Ok(())
}
