//! Days of instants in a time zone, in SQL.

use jiff::{Span, Timestamp, tz::TimeZone};

/// Changes of the clock that are known to SQL, on each side of now.
const KNOWN: usize = 40;

/// SQL for the day, as text, of the epoch seconds that `seconds` stands for. Right for about twenty years
/// around `now`; beyond, the clock of the nearest known year counts.
pub(super) fn day_of(seconds: &str, zone: &TimeZone, now: Timestamp) -> String {
    format!("date({seconds} + {}, 'unixepoch')", offset(seconds, zone, now))
}

fn offset(seconds: &str, zone: &TimeZone, now: Timestamp) -> String {
    let before: Vec<_> = zone.preceding(now).take(KNOWN).map(|change| change.timestamp()).collect();
    let after = zone.following(now).take(KNOWN).map(|change| change.timestamp());
    let changes: Vec<Timestamp> = before.into_iter().rev().chain(after).collect();
    let of = |at: Timestamp| zone.to_offset(at).seconds();
    let Some(first) = changes.first() else { return of(now).to_string() };
    let mut sql = format!("CASE WHEN {seconds} < {} THEN {}", first.as_second(), of(just_before(*first)));
    for pair in changes.windows(2) {
        sql.push_str(&format!(" WHEN {seconds} < {} THEN {}", pair[1].as_second(), of(pair[0])));
    }
    let last = changes.last().copied().unwrap_or(now);
    sql.push_str(&format!(" ELSE {} END", of(last)));
    sql
}

fn just_before(at: Timestamp) -> Timestamp {
    at.checked_sub(Span::new().seconds(1)).unwrap_or(at)
}
