//! A company one believes, made from a number: the same seed and the same start give the same bytes.

mod about;
mod activities;
mod catalog;
mod companies;
mod contacts;
mod days;
mod deal_rows;
mod deals;
mod files;
mod hostile;
mod insert;
mod notes;
mod plan;
mod tags;
mod team;
mod words;

use std::cell::Cell;

use fastrand::Rng;
use jiff::Timestamp;
use rusqlite::Connection;

use self::{
    days::{Calendar, DAY},
    deals::Family,
    plan::Plan,
    tags::Tags,
    team::Seller,
    words::Words,
};
use super::{
    Id, Metadata,
    metadata::{Layout, Module},
};
use crate::sandbox::{Options, clock};

/// Where the counters of records start; what is below is metadata and people.
const FIRST_RECORD: i64 = 410_001;

/// What everything is made on.
struct Ground<'a> {
    metadata: &'a Metadata,
    plan: Plan,
    words: Words,
    calendar: Calendar,
    sellers: Vec<Seller>,
    tags: Tags,
    progress: Steps<'a>,
}

/// Counts rows and tells of them now and then.
struct Steps<'a> {
    done: Cell<u64>,
    of: u64,
    tell: &'a dyn Fn(u64, u64),
}

impl Steps<'_> {
    fn step(&self) {
        let done = self.done.get() + 1;
        self.done.set(done);
        if done.is_multiple_of(4096) {
            (self.tell)(done.min(self.of), self.of);
        }
    }
}

impl Ground<'_> {
    fn layouts(&self) -> &[Layout] {
        self.metadata.module("Pipelines").map_or(&[], |module: &Module| &module.layouts)
    }

    /// How many stages the sub-pipeline of a family has.
    fn stages(&self, family: Family) -> usize {
        let (layout, sub) = family.place();
        self.layouts()[layout].sub_pipelines[sub].stages.len()
    }
}

/// Consecutive ids.
struct Counter {
    metadata_prefix: super::Prefix,
    next: i64,
}

impl Counter {
    /// The next `count` ids.
    fn take(&mut self, count: usize) -> impl Iterator<Item = Id> + use<> {
        let (prefix, first) = (self.metadata_prefix, self.next);
        let count = i64::try_from(count).unwrap_or_default();
        self.next += count;
        (first..first + count).map(move |counter| prefix.id(counter))
    }
}

/// Fills the tables and says which counter the next id has. `tell` hears rows done and rows in all.
pub(super) fn fill(
    conn: &Connection,
    metadata: &Metadata,
    options: &Options,
    now: Timestamp,
    tell: &dyn Fn(u64, u64),
) -> rusqlite::Result<i64> {
    let mut rng = Rng::with_seed(options.seed);
    let plan = Plan::around(options.deals);
    let of = u64::try_from(plan.rows()).unwrap_or(u64::MAX);
    tell(0, of);
    let words = Words::load();
    let calendar = Calendar::new(now, &clock::zone());
    let mut ids = Counter { metadata_prefix: metadata.prefix, next: FIRST_RECORD };
    let sellers = team::hire(conn, &mut rng, &words, options.seed, options.users, calendar.now)?;
    let started = calendar.now - 900 * DAY;
    let tags = Tags::write(conn, &words, sellers[0].id, started, ids.take(words.tags.len()))?;
    let progress = Steps { done: Cell::new(0), of, tell };
    let ground = Ground { metadata, plan, words, calendar, sellers, tags, progress };

    let products = catalog::write(&ground, conn, &mut rng, ids.take(ground.words.products.len()))?;
    let mut companies = companies::invent(&ground, &mut rng, ids.take(plan.companies));
    let mut contacts = contacts::invent(&ground, &mut rng, &mut companies, ids.take(plan.contacts));
    let mut deals = deals::invent(&ground, &mut rng, &mut companies, &mut contacts, ids.take(plan.deals));
    let notes = notes::spread(&ground, &mut rng, &mut companies, &mut contacts, &mut deals);
    let activities = activities::spread(&ground, &mut rng, &mut companies, &mut contacts, &mut deals);

    companies::write(&ground, conn, &mut rng, &companies)?;
    contacts::write(&ground, conn, &mut rng, &companies, &contacts)?;
    let cast = (&companies[..], &contacts[..], &products[..]);
    deal_rows::write(&ground, conn, &mut rng, cast, &deals, ids.take(plan.lines))?;
    let cast = (&companies[..], &contacts[..], &deals[..]);
    notes::write(&ground, conn, &mut rng, cast, &notes, ids.take(plan.notes))?;
    let activity_ids = [plan.tasks, plan.events, plan.calls].map(|count| ids.take(count));
    activities::write(&ground, conn, &mut rng, cast, &activities, activity_ids)?;
    files::attach(&ground, conn, &mut rng, (&companies, &deals), ids.take(plan.files), options.seed)?;
    files::link(conn, &mut rng, &companies, &contacts, &products)?;
    tell(of, of);
    Ok(ids.next)
}
