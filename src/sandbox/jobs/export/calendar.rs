//! Events in the iCalendar format (RFC 5545).

use std::io::{self, Write};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value as Json;

use crate::sandbox::{clock, world::Record};

/// Bytes of a line at most, without its end.
const LINE: usize = 75;

pub(super) fn begin(file: &mut dyn Write) -> io::Result<()> {
    line(file, "BEGIN", "VCALENDAR")?;
    line(file, "VERSION", "2.0")?;
    line(file, "PRODID", "-//bigin sandbox//EN")
}

pub(super) fn end(file: &mut dyn Write) -> io::Result<()> {
    line(file, "END", "VCALENDAR")
}

/// One event; a repeated one is one event with its rule.
pub(super) fn event(file: &mut dyn Write, event: &Record, stamp: Timestamp) -> io::Result<()> {
    let text = |name: &str| event.get(name).and_then(Json::as_str).filter(|text| !text.is_empty());
    line(file, "BEGIN", "VEVENT")?;
    line(file, "UID", &format!("{}@bigin", text("id").unwrap_or_default()))?;
    line(file, "DTSTAMP", &instant(stamp))?;
    let all_day = event.get("All_day") == Some(&Json::Bool(true));
    for (name, field) in [("DTSTART", "Start_DateTime"), ("DTEND", "End_DateTime")] {
        let Some(at) = text(field).and_then(|at| at.parse::<Timestamp>().ok()) else { continue };
        if all_day {
            line(file, &format!("{name};VALUE=DATE"), &day(at, name == "DTEND"))?;
        } else {
            line(file, name, &instant(at))?;
        }
    }
    for (name, field) in [("SUMMARY", "Event_Title"), ("LOCATION", "Venue"), ("DESCRIPTION", "Description")] {
        if let Some(text) = text(field) {
            line(file, name, &escaped(text))?;
        }
    }
    if let Some(rule) = event.get("Recurring_Activity").and_then(|repeat| repeat["RRULE"].as_str()) {
        line(file, "RRULE", rule.trim_end_matches(';'))?;
    }
    if let Some(email) = event.get("Owner").and_then(|owner| owner["email"].as_str()) {
        line(file, "ORGANIZER", &format!("mailto:{email}"))?;
    }
    for guest in event.get("Participants").and_then(Json::as_array).into_iter().flatten() {
        let email = guest["Email"].as_str().or_else(|| guest["participant"].as_str());
        if let Some(email) = email.filter(|email| email.contains('@')) {
            line(file, "ATTENDEE", &format!("mailto:{email}"))?;
        }
    }
    if let Some(at) = text("Modified_Time").and_then(|at| at.parse().ok()) {
        line(file, "LAST-MODIFIED", &instant(at))?;
    }
    line(file, "END", "VEVENT")
}

fn instant(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The day in the organisation's zone; an end is the day after the last one.
fn day(at: Timestamp, after: bool) -> String {
    let date: Date = at.to_zoned_datetime(clock::zone()).date();
    let date = if after { date.tomorrow().unwrap_or(date) } else { date };
    date.strftime("%Y%m%d").to_string()
}

fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    let text = text.replace(['\n', '\r'], "\\n");
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A line, folded where it is too long.
fn line(file: &mut dyn Write, name: &str, value: &str) -> io::Result<()> {
    let whole = format!("{name}:{value}").replace(['\r', '\n'], " ");
    let mut rest = whole.as_str();
    let mut room = LINE;
    while rest.len() > room {
        let (head, tail) = rest.split_at(rest.floor_char_boundary(room));
        write!(file, "{head}\r\n ")?;
        rest = tail;
        // The space at the beginning counts.
        room = LINE - 1;
    }
    write!(file, "{rest}\r\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(record: Json) -> String {
        let Json::Object(record) = record else { return String::new() };
        let mut file = Vec::new();
        event(&mut file, &record, "2026-03-02T09:00:00Z".parse().expect("a time")).expect("memory");
        String::from_utf8(file).expect("text")
    }

    #[test]
    fn an_event_is_written_with_its_times_rule_and_guests() {
        let text = written(json!({
            "id": "12", "Event_Title": "Tasting; two, cups", "Venue": null, "Description": "a\nb",
            "Start_DateTime": "2026-03-05T09:00:00-06:00", "End_DateTime": "2026-03-05T10:00:00-06:00",
            "All_day": false, "Owner": { "email": "dana@larkmoor.example" },
            "Recurring_Activity": { "RRULE": "FREQ=WEEKLY;COUNT=4;" },
            "Participants": [{ "type": "email", "participant": "ann@example.test" }],
        }));
        for expected in [
            "UID:12@bigin",
            "DTSTART:20260305T150000Z",
            "DTEND:20260305T160000Z",
            "SUMMARY:Tasting\\; two\\, cups",
            "DESCRIPTION:a\\nb",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "ORGANIZER:mailto:dana@larkmoor.example",
            "ATTENDEE:mailto:ann@example.test",
        ] {
            assert!(text.lines().any(|line| line == expected), "{expected} in {text}");
        }
        assert!(!text.contains("LOCATION"), "{text}");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let title = "Kaffeeröstung ".repeat(20);
        let text = written(json!({ "id": "1", "Event_Title": title.trim() }));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        assert!(text.replace("\r\n ", "").contains(title.trim()), "{text}");
    }

    #[test]
    fn days_of_the_whole_day_end_on_the_day_after() {
        let text = written(json!({
            "id": "1", "All_day": true, "Start_DateTime": "2026-03-05T00:00:00-06:00",
            "End_DateTime": "2026-03-06T00:00:00-06:00",
        }));
        assert!(text.contains("DTSTART;VALUE=DATE:20260305\r\nDTEND;VALUE=DATE:20260307\r\n"), "{text}");
    }
}
