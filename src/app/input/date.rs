//! Days as people type them.

use jiff::{
    Span, ToSpan,
    civil::{Date, Weekday},
};

/// Why a text is no day.
pub const WHAT_IS_READ: &str = "a day is like 2026-09-25, fri, +2w, eom, tomorrow or 15 oct";

/// Reads a day, seen from `today`.
///
/// # Errors
///
/// In words, with what would be read.
pub fn parse(text: &str, today: Date) -> Result<Date, &'static str> {
    let text = text.trim().to_lowercase();
    word(&text, today)
        .or_else(|| text.parse().ok())
        .or_else(|| step(&text, today))
        .or_else(|| weekday(&text, today))
        .or_else(|| day_and_month(&text, today))
        .ok_or(WHAT_IS_READ)
}

fn word(text: &str, today: Date) -> Option<Date> {
    match text {
        "today" | "tod" | "now" => Some(today),
        "tomorrow" | "tom" => today.tomorrow().ok(),
        "yesterday" => today.yesterday().ok(),
        "eow" => next(today, Weekday::Friday, true),
        "eom" => Some(today.last_of_month()),
        "eoq" => {
            let last = (today.month() + 2) / 3 * 3;
            Date::new(today.year(), last, 1).ok().map(Date::last_of_month)
        }
        "eoy" => Some(today.last_of_year()),
        _ => None,
    }
}

/// `+2w`, `-3d`, `+1m`, `+1y`; a bare number counts days.
fn step(text: &str, today: Date) -> Option<Date> {
    let back = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-'])?;
    let digits = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let count = i64::from(digits.parse::<u16>().ok()?) * if back { -1 } else { 1 };
    let span: Span = match &rest[digits.len()..] {
        "" | "d" => count.days(),
        "w" => count.weeks(),
        "m" => count.months(),
        "y" => Span::new().try_years(count).ok()?,
        _ => return None,
    };
    today.checked_add(span).ok()
}

fn weekday(text: &str, today: Date) -> Option<Date> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let named = DAYS.iter().find(|(name, _)| text.len() >= 3 && name.starts_with(text))?;
    next(today, named.1, false)
}

/// The coming day of that name; today only if asked for.
fn next(today: Date, weekday: Weekday, or_today: bool) -> Option<Date> {
    if or_today && today.weekday() == weekday {
        return Some(today);
    }
    today.nth_weekday(1, weekday).ok()
}

/// `15 oct`, `oct 15`, with or without a year; without one it is the coming one.
fn day_and_month(text: &str, today: Date) -> Option<Date> {
    let words: Vec<&str> = text.split([' ', ',', '.']).filter(|word| !word.is_empty()).collect();
    let (day, month, year) = match *words.as_slice() {
        [one, two] => (one, two, None),
        [one, two, year] => (one, two, Some(year.parse::<i16>().ok()?)),
        _ => return None,
    };
    let (day, month) = if month_of(day).is_some() { (month, day) } else { (day, month) };
    let (day, month) = (day.parse::<i8>().ok()?, month_of(month)?);
    let date = Date::new(year.unwrap_or(today.year()), month, day).ok();
    match date {
        Some(date) if year.is_none() && date < today => Date::new(today.year() + 1, month, day).ok(),
        found => found,
    }
}

fn month_of(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at = MONTHS.iter().position(|name| text.len() >= 3 && name.starts_with(text))?;
    i8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THURSDAY: Date = jiff::civil::date(2026, 9, 24);

    #[test]
    fn days_are_read_as_people_write_them() {
        for (typed, read) in [
            ("2026-09-25", "2026-09-25"),
            ("fri", "2026-09-25"),
            ("Thursday", "2026-10-01"),
            ("+2w", "2026-10-08"),
            ("-3d", "2026-09-21"),
            ("+5", "2026-09-29"),
            ("+1m", "2026-10-24"),
            ("eow", "2026-09-25"),
            ("eom", "2026-09-30"),
            ("eoq", "2026-09-30"),
            ("eoy", "2026-12-31"),
            ("tomorrow", "2026-09-25"),
            ("15 oct", "2026-10-15"),
            ("Oct 15, 2027", "2027-10-15"),
            ("1 sep", "2027-09-01"),
        ] {
            assert_eq!(parse(typed, THURSDAY).map(|date| date.to_string()).as_deref(), Ok(read), "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for typed in ["", "soon", "fr", "31 feb", "2026-02-30", "15", "+w", "+99999d", "+60000y", "oct"] {
            assert_eq!(parse(typed, THURSDAY), Err(WHAT_IS_READ), "{typed}");
        }
    }
}
