//! Deals and their product lines into their tables.

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::Id,
    Ground,
    companies::Company,
    contacts::Contact,
    deals::{Deal, Family, Phase},
    hostile,
    insert::{Audit, Ref, Table},
    words::{fill, pick},
};

/// A product, as far as lines are made from it.
#[derive(Clone, Copy)]
pub(super) struct Product {
    pub id: Id,
    pub name: &'static str,
    pub category: &'static str,
    /// In cents.
    pub price: i64,
}

/// A product on a deal.
struct Line {
    deal: usize,
    product: usize,
    quantity: i64,
    /// In cents.
    discount: i64,
}

impl Line {
    fn total(&self, products: &[Product]) -> i64 {
        products[self.product].price * self.quantity - self.discount
    }
}

/// Cents as a column keeps them.
#[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
pub(super) fn dollars(cents: i64) -> f64 {
    cents as f64 / 100.0
}

/// Writes the deals down, then their lines.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    cast: (&[Company], &[Contact], &[Product]),
    deals: &[Deal],
    line_ids: impl Iterator<Item = Id>,
) -> rusqlite::Result<()> {
    let (companies, contacts, products) = cast;
    let mut table = Table::new(conn, "Pipelines");
    let mut lines = Vec::new();
    let layouts = ground.layouts();
    let layout_ids: Vec<Ref> = layouts.iter().map(|layout| Ref(layout.id)).collect();
    let mut hostile_deals = 0;
    for (index, deal) in deals.iter().enumerate() {
        let (layout, sub) = deal.family.place();
        let sub = &layouts[layout].sub_pipelines[sub];
        let stage = &sub.stages[usize::from(deal.stage)];
        let probability = stage.stage.map_or(0, |meta| i64::from(meta.probability));
        let company = &companies[deal.company as usize];
        let contact = deal.contact.map(|place| &contacts[place as usize]);
        let main = machine_for(company.headcount, deal.family, products);
        let subject = ground.words.deal_subject(rng, deal.family.word());
        let slots = [
            ("company", company.name.as_str()),
            ("city", company.city),
            ("product", products[main].name.trim_start_matches("Larkmoor ")),
        ];
        let mut name = fill(subject, &slots);
        let mut next_step =
            (deal.planned && rng.u8(0..10) < 9).then(|| ground.words.next_step(rng, step_words(deal)));
        // Not in the pipeline that opens first, unless long over.
        let out_of_the_way = index + 80 < deals.len()
            && (matches!(deal.family, Family::Service | Family::Partner) || !deal.phase.is_open());
        if out_of_the_way && rng.u8(0..24) == 0 {
            name = hostile::deal(hostile_deals, &name);
            next_step = next_step.map(|_| hostile::next_step(hostile_deals));
            hostile_deals += 1;
        }
        let first_line = lines.len();
        add_lines(ground, rng, (index, deal), main, products, &mut lines);
        let cents = match deal.amount {
            Some(_) if lines.len() > first_line && rng.u8(0..10) < 7 => {
                Some(lines[first_line..].iter().map(|line| line.total(products)).sum())
            }
            Some(amount) => Some(amount * 100),
            None => None,
        };
        let original = deal.postponed.map(|(_, days)| ground.calendar.day(i64::from(deal.closing - days)));
        let postponed = deal.postponed.map(|(times, _)| i64::from(times));
        let sells_coffee = deal.family != Family::Partner;
        let cups =
            (sells_coffee && deal.phase != Phase::Early).then(|| company.headcount * rng.i64(12..26) / 10);
        let fee = (deal.family == Family::Service).then(|| rng.i64(30..260));
        let lost = (deal.phase == Phase::Lost).then(|| {
            pick(
                rng,
                &[
                    "Price",
                    "Price",
                    "Stayed with incumbent",
                    "No budget",
                    "No answer",
                    "Office closed",
                    "Wrong fit",
                ],
            )
        });
        let competitor = (sells_coffee && rng.u8(0..3) == 0).then(|| pick(rng, &ground.words.competitors));
        let source = (deal.family != Family::Service).then(|| {
            pick(
                rng,
                &[
                    "Website",
                    "Website",
                    "Referral",
                    "Referral",
                    "Trade fair",
                    "Cold call",
                    "Partner",
                    "Office move list",
                ],
            )
        });
        let interests = (rng.u8(0..3) == 0).then(|| {
            format!(
                "[\"{}\"]",
                pick(rng, &["Bean to cup", "Espresso", "Filter\",\"Water", "Bean to cup\",\"Service plan"])
            )
        });
        let secondary = (rng.u8(0..9) == 0)
            .then(|| company.contacts.iter().find(|place| Some(**place) != deal.contact.map(|c| c as usize)))
            .flatten()
            .map(|place| format!("[\"{}\"]", contacts[*place].id));
        let tasting = (deal.family == Family::Sales && deal.phase == Phase::Middle)
            .then(|| ground.calendar.between(rng, deal.created, ground.calendar.now));
        let technician = (deal.phase == Phase::Late || deal.phase == Phase::Won)
            .then(|| Ref(ground.sellers[5.min(ground.sellers.len() - 1)].id));
        let link = (deal.phase != Phase::Early && rng.u8(0..4) > 0)
            .then(|| format!("https://offers.larkmoor.example/{:05}", index + 1));
        let discount = (rng.u8(0..5) == 0).then(|| pick(rng, &[3.0, 5.0, 6.0, 7.5, 10.0]));
        let expected = cents.map(|cents| dollars(cents * probability / 100));
        let audit = Audit {
            owner: ground.sellers[deal.owner as usize].id,
            created: deal.created,
            modified: deal.modified,
            activity: Some(deal.last_activity),
        };
        table.insert(
            deal.id,
            &audit,
            [
                ("Deal_Name", &name),
                ("Pipeline", &layout_ids[layout]),
                ("Sub_Pipeline", &sub.choice.value),
                ("Stage", &stage.value),
                ("Amount", &cents.map(dollars)),
                ("Closing_Date", &ground.calendar.day(i64::from(deal.closing))),
                ("Contact_Name", &contact.map(|contact| Ref(contact.id))),
                ("Account_Name", &Ref(company.id)),
                ("Secondary_Contacts", &secondary),
                ("Probability", &probability),
                ("Next_Step", &next_step),
                ("Lead_Source", &source),
                ("Original_Close", &original),
                ("Times_Postponed", &postponed),
                ("Cups_per_Day", &cups),
                ("Coffee_kg_per_Month", &cups.map(|cups| dollars(cups * 18))),
                ("Discount", &discount),
                ("Monthly_Fee", &fee),
                ("Expected_Revenue", &expected),
                ("Interested_In", &interests),
                ("Leasing", &(sells_coffee && rng.u8(0..4) == 0)),
                ("Tasting_At", &tasting),
                ("Competitor", &competitor),
                ("Lost_Reason", &lost),
                ("Technician", &technician),
                ("Offer_Link", &link),
                ("Deal_Number", &format!("D-{:05}", index + 1)),
                ("Tag", &ground.tags.some(rng, "Pipelines", 6)),
            ],
        )?;
        ground.progress.step();
    }
    write_lines(ground, conn, deals, products, lines, line_ids)
}

/// Which list the next step comes from.
const fn step_words(deal: &Deal) -> &'static str {
    match deal.family {
        Family::Service => "renewal",
        Family::Partner => "partner",
        Family::Sales | Family::Enterprise => deal.phase.word(),
    }
}

/// The machine that fits so many people, as a place in the list of products.
fn machine_for(people: i64, family: Family, products: &[Product]) -> usize {
    let wanted = match (family, people) {
        (Family::Service, _) => "Care Plus",
        (_, ..20) => "Larkmoor Uno",
        (_, 20..45) => "Larkmoor Duo",
        (_, 45..120) => "Larkmoor Trio",
        _ => "Larkmoor Atrium",
    };
    products.iter().position(|product| product.name == wanted).unwrap_or_default()
}

fn add_lines(
    ground: &Ground<'_>,
    rng: &mut Rng,
    (index, deal): (usize, &Deal),
    main: usize,
    products: &[Product],
    lines: &mut Vec<Line>,
) {
    let room = ground.plan.lines.saturating_sub(lines.len());
    // The later deals are not left without: the chance follows what is left.
    let left = ground.plan.deals - index;
    if deal.phase == Phase::Early || room < 5 || rng.usize(..left.max(1) * 2) > room {
        return;
    }
    let fits = |product: &Product| match deal.family {
        Family::Service => matches!(product.category, "Service" | "Coffee"),
        _ => product.category != "Machines",
    };
    let quantity = if deal.family == Family::Enterprise { rng.i64(3..9) } else { 1 };
    let discount = if rng.u8(0..3) == 0 { products[main].price * quantity / 20 } else { 0 };
    lines.push(Line { deal: index, product: main, quantity, discount });
    for _ in 0..rng.u8(0..4) {
        let extra = rng.usize(..products.len());
        if fits(&products[extra])
            && lines.iter().rev().take(4).all(|line| line.deal != index || line.product != extra)
        {
            let quantity = if products[extra].category == "Coffee" { rng.i64(4..40) } else { quantity };
            lines.push(Line { deal: index, product: extra, quantity, discount: 0 });
        }
    }
}

fn write_lines(
    ground: &Ground<'_>,
    conn: &Connection,
    deals: &[Deal],
    products: &[Product],
    mut lines: Vec<Line>,
    ids: impl Iterator<Item = Id>,
) -> rusqlite::Result<()> {
    let mut table = Table::new(conn, "Associated_Products");
    lines.sort_by_key(|line| deals[line.deal].moved);
    for (line, id) in lines.iter().zip(ids) {
        let deal = &deals[line.deal];
        let owner = ground.sellers[deal.owner as usize].id;
        let audit = Audit { owner, created: deal.moved, modified: deal.moved, activity: None };
        table.insert(
            id,
            &audit,
            [
                ("Product", &Ref(products[line.product].id)),
                ("Parent_Id", &Ref(deal.id)),
                ("List_Price", &dollars(products[line.product].price)),
                ("Quantity", &line.quantity),
                ("Discount", &dollars(line.discount)),
                ("Total", &dollars(line.total(products))),
            ],
        )?;
        ground.progress.step();
    }
    Ok(())
}
