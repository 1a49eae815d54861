//! Notes, as a salesperson writes them: tied to how far the deal was at the time.

use fastrand::Rng;
use rusqlite::Connection;

use super::{
    super::Id,
    Ground,
    about::About,
    companies::Company,
    contacts::Contact,
    deals::{Deal, Family, Phase},
    hostile,
    insert::{Audit, Ref, Table},
    words::{fill, pick},
};

/// What a note hangs on.
#[derive(Debug, Clone, Copy)]
enum Parent {
    Deal(usize),
    Contact(usize),
    Company(usize),
}

/// A note that is not written yet.
pub(super) struct Note {
    parent: Parent,
    at: i64,
}

/// Decides which records have notes and when they were written, in the order of time. Records learn of
/// their last note.
pub(super) fn spread(
    ground: &Ground<'_>,
    rng: &mut Rng,
    companies: &mut [Company],
    contacts: &mut [Contact],
    deals: &mut [Deal],
) -> Vec<Note> {
    let open: Vec<usize> = (0..deals.len()).filter(|place| deals[*place].phase.is_open()).collect();
    let now = ground.calendar.now;
    let mut notes = Vec::with_capacity(ground.plan.notes);
    while notes.len() < ground.plan.notes {
        let parent = match rng.u8(0..100) {
            ..12 => Parent::Contact(rng.usize(..contacts.len())),
            12..18 => Parent::Company(rng.usize(..companies.len())),
            18..65 if !open.is_empty() => Parent::Deal(pick(rng, &open)),
            _ if !deals.is_empty() => Parent::Deal(rng.usize(..deals.len())),
            _ => Parent::Company(rng.usize(..companies.len())),
        };
        let (from, to, last) = match parent {
            Parent::Deal(place) => {
                let deal = &mut deals[place];
                let end =
                    if deal.phase.is_open() { now } else { now.min(deal.moved + 20 * super::days::DAY) };
                (deal.created, end, &mut deal.last_activity)
            }
            Parent::Contact(place) => (contacts[place].created, now, &mut contacts[place].last_activity),
            Parent::Company(place) => (companies[place].created, now, &mut companies[place].last_activity),
        };
        let at = ground.calendar.between(rng, from + 300, to - 60).min(now - 60);
        *last = (*last).max(at);
        notes.push(Note { parent, at });
    }
    notes.sort_by_key(|note| note.at);
    notes
}

/// Writes the notes down.
pub(super) fn write(
    ground: &Ground<'_>,
    conn: &Connection,
    rng: &mut Rng,
    (companies, contacts, deals): (&[Company], &[Contact], &[Deal]),
    notes: &[Note],
    ids: impl Iterator<Item = Id>,
) -> rusqlite::Result<()> {
    let mut table = Table::new(conn, "Notes");
    let mut hostile_notes = 0;
    for (index, (note, id)) in notes.iter().zip(ids).enumerate() {
        let (module, parent, about) = match note.parent {
            Parent::Deal(place) => ("Pipelines", deals[place].id, About::deal(deals, place)),
            Parent::Contact(place) => ("Contacts", contacts[place].id, About::contact(contacts, place)),
            Parent::Company(place) => ("Accounts", companies[place].id, About::company(companies, place)),
        };
        let deal = about.deal.map(|place| &deals[place]);
        let phase = match (note.parent, deal) {
            (Parent::Contact(_), _) => "contact",
            (_, Some(deal)) => word_at(rng, deal, note.at),
            _ => "company",
        };
        let (title, template) = ground.words.note(rng, phase);
        let headcount = about.company.map_or(20, |place| companies[place].headcount);
        let cups = (headcount * rng.i64(12..26) / 10).to_string();
        let amount = deal.and_then(|deal| deal.amount).map_or_else(|| "a few thousand".to_owned(), money);
        let [company, first] = about.slots(companies, contacts, "the office manager");
        let slots = [
            first,
            company,
            ("people", &headcount.to_string()),
            ("cups", &cups),
            ("amount", &amount),
            ("product", pick(rng, &["Duo", "Trio", "Duo", "Uno", "Atrium"])),
            ("competitor", pick(rng, &ground.words.competitors)),
            ("weekday", ground.calendar.weekday(ground.calendar.days_until(note.at) + rng.i64(2..9))),
        ];
        let mut title = (!title.is_empty()).then(|| title.to_owned());
        let mut content = fill(template, &slots);
        // Drawn apart: how notes end decides nothing else about the organisation.
        let end = ground.words.note_end(&mut Rng::with_seed(index as u64));
        if let Some(end) = end.filter(|_| deal.is_some()) {
            content.push(' ');
            content.push_str(&fill(end, &slots));
        }
        let out_of_the_way = index + 60 < notes.len() && deal.is_none_or(|deal| deal.family != Family::Sales);
        if out_of_the_way && index % 29 == 13 {
            (title, content) = hostile::note(hostile_notes);
            hostile_notes += 1;
        }
        let writer = if rng.u8(0..9) == 0 { rng.usize(..ground.sellers.len()) } else { about.owner };
        let edited = if rng.u8(0..12) == 0 {
            ground.calendar.between(rng, note.at, ground.calendar.now)
        } else {
            note.at
        };
        let audit =
            Audit { owner: ground.sellers[writer].id, created: note.at, modified: edited, activity: None };
        table.insert(
            id,
            &audit,
            [
                ("Note_Title", &title),
                ("Note_Content", &content),
                ("Parent_Id", &Ref(parent)),
                (super::super::storage::PARENT_MODULE, &module),
            ],
        )?;
        ground.progress.step();
    }
    Ok(())
}

/// How far the deal was when the note was written.
fn word_at(rng: &mut Rng, deal: &Deal, at: i64) -> &'static str {
    match deal.family {
        Family::Partner => return "partner",
        Family::Service if deal.phase.is_open() || at < deal.moved => return "renewal",
        _ => {}
    }
    if at >= deal.moved {
        return deal.phase.word();
    }
    match deal.phase {
        Phase::Early => "early",
        Phase::Middle if rng.bool() => "early",
        Phase::Late | Phase::Won | Phase::Lost if at < deal.created + (deal.moved - deal.created) / 3 => {
            "early"
        }
        Phase::Late | Phase::Won if at > deal.created + (deal.moved - deal.created) * 3 / 4 => "late",
        _ => "middle",
    }
}

/// Dollars as people write them in a note.
fn money(dollars: i64) -> String {
    if dollars >= 10_000 && dollars % 500 == 0 {
        let tenths = dollars / 100 % 10;
        return if tenths == 0 {
            format!("{}k", dollars / 1000)
        } else {
            format!("{}.{tenths}k", dollars / 1000)
        };
    }
    if dollars >= 1_000 {
        format!("${},{:03}", dollars / 1000, dollars % 1000)
    } else {
        format!("${dollars}")
    }
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn amounts_read_as_people_write_them() {
        assert_eq!(
            [money(48_000), money(18_500), money(7_400), money(950)],
            ["48k", "18.5k", "$7,400", "$950"]
        );
    }
}
