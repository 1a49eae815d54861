//! Cards of tasks, events and calls.

use jiff::Timestamp;
use rusqlite::params;

use super::{Ink, Result, json, module_number};
use crate::{
    domain::{ActivityKind, Module},
    store::mirror::{outlook, row::day_number},
    tables::Record,
};

/// The kind with this number in the column `kind`.
pub(in super::super) fn kind_of(number: i64) -> Option<ActivityKind> {
    [ActivityKind::Task, ActivityKind::Event, ActivityKind::Call]
        .into_iter()
        .find(|kind| *kind as i64 == number)
}

/// Writes the card of an activity.
pub(super) fn put(ink: &mut Ink<'_>, module: Module, row: i64, record: &Record) -> Result<()> {
    let before: Option<i64> = ink.value("SELECT about FROM activity WHERE row = ?1", row)?.flatten();
    let about = ["Related_To", "What_Id"].iter().find_map(|key| json::reference(record, key));
    let about_module = about.and_then(|about| about.module).or_else(|| {
        let named = ["$related_module", "$se_module"].iter().find_map(|key| record.get(*key)?.as_str());
        named.and_then(json::module_called)
    });
    let contact = ["Contact_Name", "Who_Id"].iter().find_map(|key| json::reference(record, key));
    let owner = json::reference(record, "Owner");
    for reference in [about, contact, owner].into_iter().flatten() {
        if let Some(name) = reference.name {
            ink.call(reference.row, name)?;
        }
    }
    let when = When::of(ink, module, record);
    let title = if module == Module::Events { "Event_Title" } else { "Subject" };
    let subject = json::text(record, title);
    ink.see(row, &subject)?;
    let kind = match module {
        Module::Tasks => ActivityKind::Task,
        Module::Events => ActivityKind::Event,
        _ => ActivityKind::Call,
    };
    ink.conn
        .prepare_cached(
            "INSERT OR REPLACE INTO activity(row, kind, about, about_module, contact, owner, done, due, lapses,
                 at, subject, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            row,
            kind as i64,
            about.map(|about| about.row),
            about_module.map(module_number),
            contact.map(|contact| contact.row),
            owner.map(|owner| owner.row),
            when.done,
            when.due,
            when.lapses,
            when.at,
            subject,
            remarks(module, record)
        ])?;
    let after = about.map(|about| about.row);
    for deal in [before.filter(|_| before != after), after].into_iter().flatten() {
        outlook::refresh(ink.conn, deal, ink.now)?;
    }
    Ok(())
}

struct When {
    /// Done, whatever the clock says.
    done: bool,
    /// Day on which it is due, in the org's zone.
    due: Option<i64>,
    /// When it is over by itself.
    lapses: Option<i64>,
    /// Where it stands in a timeline.
    at: i64,
}

impl When {
    fn of(ink: &Ink<'_>, module: Module, record: &Record) -> Self {
        let changed = ["Modified_Time", "Created_Time"].iter().find_map(|key| json::instant(record, key));
        let zone = &ink.org.zone;
        let day_of = |milliseconds: i64| {
            let at = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
            day_number(zone.to_datetime(at).date())
        };
        if module == Module::Tasks {
            let due = json::date(record, "Due_Date");
            let done = json::text(record, "Status") == "Completed";
            let midnight = due
                .and_then(|due| due.to_zoned_datetime(zone.clone()).ok())
                .map(|due| due.timestamp().as_millisecond());
            let closed = json::instant(record, "Closed_Time").filter(|_| done);
            let at = closed.or(midnight).or(changed).unwrap_or(0);
            return Self { done, due: due.map(day_number), lapses: None, at };
        }
        let (start, end) = match module {
            Module::Events => ("Start_DateTime", "End_DateTime"),
            _ => ("Call_Start_Time", "Call_Start_Time"),
        };
        let (start, end) = (json::instant(record, start), json::instant(record, end));
        Self {
            done: false,
            due: start.map(day_of),
            lapses: end.or(start).or(Some(i64::MIN)),
            at: start.or(changed).unwrap_or(0),
        }
    }
}

/// What was said of it, line by line.
fn remarks(module: Module, record: &Record) -> String {
    let mut lines = Vec::new();
    match module {
        Module::Calls => {
            let facts = ["Call_Type", "Call_Duration", "Call_Result"].map(|key| json::text(record, key));
            let facts: Vec<&str> = facts.iter().map(|fact| &**fact).filter(|fact| !fact.is_empty()).collect();
            lines.push(facts.join(", ").into());
            lines.push(json::text(record, "Call_Agenda"));
        }
        Module::Events => lines.push(json::text(record, "Venue")),
        _ => lines.push(json::text(record, "Status")),
    }
    lines.push(json::text(record, "Description"));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
