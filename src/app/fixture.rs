//! A small company that tests and snapshots look at: the same on every run.

mod catalog;
mod console;
mod credits;
mod detail;
mod history;
mod library;
mod outbox;
mod people;
mod rows;

use std::{str::FromStr, sync::Arc};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;

use super::{
    List, Load, Model, Options, Place, Size, Trail,
    pane::{BoardPane, Column, CreditsPane, PipelinesPane, RecordPane},
};
use crate::{
    domain::{DealRow, Link, Module, Outcome, RecordId, Row, SafeText, Usage},
    protocol::{
        CompanySort, ContactSort, DealFilter, DealSort, DraftKey, DraftRow, Guard, ListSpec, PipelineTotals,
        Scope, Session, SortWay, Summary, SyncState,
    },
};

pub use catalog::catalog;
pub use console::coql;
pub use detail::detail;
pub use history::history;
pub use library::{frequency, grouped, runs, saved, totals};
pub use outbox::outbox;
pub use people::{company_rows, contact_rows, note_rows};
pub use rows::deal_rows;

/// Thursday 24 September 2026, 14:40 in Madrid.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_str("2026-09-24T12:40:00Z").expect("a literal instant")
}

/// Today in the company's zone.
#[must_use]
pub fn today() -> Date {
    jiff::civil::date(2026, 9, 24)
}

/// The id that ends in `n`.
#[must_use]
pub fn id(n: u64) -> RecordId {
    format!("6201840000000{n:06}").parse().expect("19 digits")
}

fn text(raw: &str) -> SafeText {
    SafeText::new(raw)
}

fn money(units: i64) -> Decimal {
    Decimal::from(units)
}

fn days_ago(days: i64) -> Timestamp {
    now() - (days * 24).hours()
}

fn link(module: Module, n: u64, name: &str) -> Link {
    Link { module, id: id(n), name: text(name) }
}

/// The scope that the fixture looks at: the standard sub-pipeline of the first team pipeline.
#[must_use]
pub fn scope() -> Scope {
    Scope { pipeline: id(1), sub_pipeline: Some("Standard".to_owned()) }
}

/// Signed in, everything known, on an empty board of 120 columns and 36 rows.
#[must_use]
pub fn model() -> Model {
    let options =
        Options { ascii: false, peek: true, peek_list: false, read_only: false, guard: Guard::default() };
    let mut model = Model::new(now(), TimeZone::UTC, Size { cols: 120, rows: 36 }, options);
    model.zone = TimeZone::get("Europe/Madrid").unwrap_or(TimeZone::UTC);
    model.account.session = Some(Session {
        profile: "demo".to_owned(),
        org: text("Fjordlight Trading"),
        user: text("Mara Lindqvist"),
        demo: true,
        web: None,
        unkept: None,
        found: None,
    });
    model.account.catalog = Some(Arc::new(catalog()));
    model.account.usage = Usage { used: 1129, limit: 5000, in_flight: 1, concurrency: 5, queued: 0 };
    model.account.sync = SyncState::Synced { at: now() - 12.seconds() };
    model.scope = Some(scope());
    model
}

/// A whole list in hand.
fn whole<R: Row>(spec: ListSpec, rows: Vec<R>) -> List<R> {
    let total = Some(rows.len() as u64);
    List { spec: Some(spec), rows, total, load: Load::Ready, ..List::default() }
}

fn summary(rows: &[DealRow]) -> Summary {
    let open: Vec<&DealRow> =
        rows.iter().filter(|row| catalog::stage(&row.stage).outcome == Outcome::Open).collect();
    let sum = |rows: &[&DealRow]| rows.iter().filter_map(|row| row.amount).sum::<Decimal>();
    let this_month =
        |row: &&&DealRow| row.closing.is_some_and(|date| date.first_of_month() == today().first_of_month());
    Summary {
        count: rows.len() as u64,
        sum: rows.iter().filter_map(|row| row.amount).sum(),
        weighted: rows.iter().map(weight).sum(),
        stuck: 6,
        no_next_step: open.iter().filter(|row| row.next.is_none()).count() as u64,
        closing_this_month: sum(&open.iter().filter(this_month).copied().collect::<Vec<_>>()),
    }
}

fn weight(row: &DealRow) -> Decimal {
    let probability = Decimal::from(catalog::stage(&row.stage).probability);
    row.amount.unwrap_or_default() * probability / Decimal::ONE_HUNDRED
}

/// The board with its cards; the cursor is on the first card of the third stage.
#[must_use]
pub fn board() -> Model {
    let mut model = model();
    let filter = DealFilter { open_only: true, ..DealFilter::default() };
    let open = catalog::stages().into_iter().filter(|stage| stage.outcome == Outcome::Open);
    let columns: Vec<Column> = open.map(|stage| column(stage, &filter)).collect();
    let cards: Vec<DealRow> = columns.iter().flat_map(|column| column.cards.rows.clone()).collect();
    let summary = Some(summary(&cards));
    model.panes.board = BoardPane { columns, focus: 2, filter, load: Load::Ready, summary, follow: None };
    if let Some(card) = model.panes.board.card().map(crate::domain::DealRow::link) {
        model.panes.peek = Some(pane(&card));
    }
    model
}

fn column(stage: crate::domain::Stage, filter: &DealFilter) -> Column {
    let rows: Vec<DealRow> = deal_rows().into_iter().filter(|row| row.stage == stage.value).collect();
    let spec = ListSpec::Stage { scope: scope(), stage: stage.value.clone(), filter: filter.clone() };
    Column {
        count: rows.len() as u64,
        sum: rows.iter().filter_map(|row| row.amount).sum(),
        weighted: rows.iter().map(weight).sum(),
        median_days: Some(14),
        cards: whole(spec, rows),
        stage,
    }
}

fn at(place: Place) -> Model {
    let mut model = board();
    model.trail = Trail::new(place);
    looked_at(model)
}

/// The worker knows what is looked at.
fn looked_at(mut model: Model) -> Model {
    model.watched.told = Some((model.attention(), model.now));
    model.watched.kept = Some(model.written_place());
    model
}

/// The list of deals.
#[must_use]
pub fn deals() -> Model {
    let mut model = at(Place::Deals);
    let mut rows = deal_rows();
    rows.sort_by_key(|row| (row.closing, row.name.clone()));
    let summary = summary(&rows);
    let filter = DealFilter { open_only: true, ..DealFilter::default() };
    let spec = ListSpec::Deals { scope: scope(), filter, sort: DealSort::Closing, way: SortWay::Ascending };
    model.panes.deals = List { summary: Some(summary), ..whole(spec, rows) };
    model
}

/// The list of contacts.
#[must_use]
pub fn contacts() -> Model {
    let mut model = at(Place::Contacts);
    let spec =
        ListSpec::Contacts { text: String::new(), sort: ContactSort::default(), way: SortWay::default() };
    model.panes.contacts = whole(spec, contact_rows());
    model
}

/// The list of companies.
#[must_use]
pub fn companies() -> Model {
    let mut model = at(Place::Companies);
    let spec =
        ListSpec::Companies { text: String::new(), sort: CompanySort::default(), way: SortWay::default() };
    model.panes.companies = whole(spec, company_rows());
    model
}

/// The list of notes.
#[must_use]
pub fn notes() -> Model {
    let mut model = at(Place::Notes);
    model.panes.notes = whole(ListSpec::Notes { text: String::new() }, note_rows());
    model
}

/// The pane of pipelines.
#[must_use]
pub fn pipelines() -> Model {
    let mut model = at(Place::Pipelines);
    let mut totals = Vec::new();
    for pipeline in catalog().pipelines {
        for sub in pipeline.sub_pipelines {
            let rows: Vec<DealRow> =
                if sub.name == "Standard" && pipeline.id == id(1) { deal_rows() } else { Vec::new() };
            let of = |value: &str| rows.iter().filter(|row| row.stage == value).collect::<Vec<_>>();
            let sum = |rows: &[&DealRow]| rows.iter().filter_map(|row| row.amount).sum::<Decimal>();
            let stages = sub.stages.iter().map(|stage| {
                let rows = of(&stage.value);
                (stage.value.clone(), rows.len() as u64, sum(&rows))
            });
            totals.push(PipelineTotals {
                scope: Scope { pipeline: pipeline.id.clone(), sub_pipeline: Some(sub.name.clone()) },
                open: summary(&rows),
                won: 18,
                won_sum: money(412_300),
                lost: 7,
                stages: stages.collect(),
            });
        }
    }
    model.panes.pipelines = PipelinesPane { totals, load: Load::Ready, ..PipelinesPane::default() };
    model
}

/// The credits cockpit.
#[must_use]
pub fn credits() -> Model {
    let mut model = at(Place::Credits);
    let cockpit = credits::cockpit();
    model.account.usage = cockpit.spending.usage;
    model.account.plan = credits::plan();
    model.panes.credits =
        CreditsPane { cockpit: Some(Box::new(cockpit)), load: Load::Ready, ..CreditsPane::default() };
    model
}

/// A record pane with its content.
#[must_use]
pub fn pane(link: &Link) -> RecordPane {
    RecordPane {
        link: link.clone(),
        detail: detail(link).map(Box::new),
        gone: false,
        load: Load::Ready,
        focus: super::pane::RecordFocus::Facts,
        fact: 0,
        fact_top: 0,
        entry: 0,
        entry_top: 0,
    }
}

/// A record in full, reached from `from`.
#[must_use]
pub fn record(from: Model, link: &Link) -> Model {
    let mut model = from;
    model.trail.go(Place::Record(link.clone()));
    model.panes.record = Some(pane(link));
    looked_at(model)
}

/// The deal that most screens show.
#[must_use]
pub fn northwind() -> Link {
    link(Module::Pipelines, 1001, "Northwind renewal")
}

/// The contact of that deal.
#[must_use]
pub fn ana() -> Link {
    link(Module::Contacts, 2001, "Ana Ruiz")
}

/// The company of that deal.
#[must_use]
pub fn northwind_traders() -> Link {
    link(Module::Accounts, 3001, "Northwind Traders")
}

/// Texts that wait.
#[must_use]
pub fn drafts() -> Vec<DraftRow> {
    vec![
        DraftRow {
            draft: DraftKey::Note(northwind()),
            text: "Call w/ Ana: net-45 is fine if we sign by Wed".to_owned(),
            at: days_ago(1),
        },
        DraftRow {
            draft: DraftKey::Coql,
            text: "select Full_Name from Contacts".to_owned(),
            at: days_ago(3),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_has_something_under_the_cursor() {
        let deal = record(deals(), &northwind());
        let screens = [board(), deals(), contacts(), companies(), notes(), coql(), deal];
        for model in screens {
            assert!(model.current().is_some(), "{:?}", model.trail.here);
        }
        let company = record(companies(), &northwind_traders());
        let facts = company.record().map(RecordPane::facts).unwrap_or_default();
        assert!(facts > 4, "fields, a deal and people");
        assert!(pipelines().panes.pipelines.totals.len() > 3 && drafts().len() == 2);
    }
}
