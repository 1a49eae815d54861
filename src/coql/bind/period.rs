//! `$today` and its kin: days and stretches of days.

use jiff::{Span, civil::Date};

/// Names of days and stretches, with what they mean.
pub(in crate::coql) const PERIODS: [(&str, &str); 17] = [
    ("today", "this day; $today(-7) is a week ago"),
    ("yesterday", "the day before"),
    ("tomorrow", "the day after"),
    ("day", "this day; $day(-1) is yesterday"),
    ("week", "this week from Monday to Sunday; $week(-1) is last week"),
    ("month", "this month; $month(1) is next month"),
    ("quarter", "this quarter; $quarter(-1) is the last one"),
    ("year", "this year; $year(-1) is last year"),
    ("sow", "Monday of this week"),
    ("eow", "Sunday of this week"),
    ("som", "first day of this month"),
    ("eom", "last day of this month"),
    ("soq", "first day of this quarter"),
    ("eoq", "last day of this quarter"),
    ("soy", "first day of this year"),
    ("eoy", "last day of this year"),
    ("now", "this moment"),
];

/// Names of other values, with what they mean.
pub(in crate::coql) const OTHERS: [(&str, &str); 5] = [
    ("me", "you"),
    ("open", "stages of deals that are worked on"),
    ("won", "stages of deals that ended with a sale"),
    ("lost", "stages of deals that ended without one"),
    ("closed", "stages of deals that ended"),
];

/// First and last day of the stretch `name`, `shift` of them later than the one around `today`. None when
/// there is no such name or no such day.
pub(super) fn days(name: &str, shift: i64, today: Date) -> Option<(Date, Date)> {
    let name = name.to_ascii_lowercase();
    let one = |day: Date| Some((day, day));
    match name.as_str() {
        "today" | "day" => one(later(today, Span::new().try_days(shift))?),
        "yesterday" if shift == 0 => one(today.yesterday().ok()?),
        "tomorrow" if shift == 0 => one(today.tomorrow().ok()?),
        "week" => week(today, shift),
        "month" => months(today, shift, 1),
        "quarter" => months(today, shift.checked_mul(3)?, 3),
        "year" => months(today, shift.checked_mul(12)?, 12),
        _ => {
            let (edge, unit) = name.split_at_checked(2)?;
            let (first, last) = match unit {
                "w" => week(today, shift)?,
                "m" => months(today, shift, 1)?,
                "q" => months(today, shift.checked_mul(3)?, 3)?,
                "y" => months(today, shift.checked_mul(12)?, 12)?,
                _ => return None,
            };
            match edge {
                "so" => one(first),
                "eo" => one(last),
                _ => None,
            }
        }
    }
}

fn later(day: Date, span: Result<Span, jiff::Error>) -> Option<Date> {
    day.checked_add(span.ok()?).ok()
}

fn week(today: Date, shift: i64) -> Option<(Date, Date)> {
    let monday = later(today, Span::new().try_days(-i64::from(today.weekday().to_monday_zero_offset())))?;
    let first = later(monday, Span::new().try_weeks(shift))?;
    Some((first, later(first, Span::new().try_days(6))?))
}

/// The stretch of `length` months around `today`, moved by `shift` months.
fn months(today: Date, shift: i64, length: i8) -> Option<(Date, Date)> {
    let begun = i64::from((today.month() - 1) % length);
    let first = later(today.first_of_month(), Span::new().try_months(shift.checked_sub(begun)?))?;
    let next = later(first, Span::new().try_months(i64::from(length)))?;
    Some((first, next.yesterday().ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn stretches_begin_and_end_where_calendars_say() {
        let today = date(2026, 5, 14);
        for (name, shift, first, last) in [
            ("today", 0, "2026-05-14", "2026-05-14"),
            ("today", -14, "2026-04-30", "2026-04-30"),
            ("yesterday", 0, "2026-05-13", "2026-05-13"),
            ("week", 0, "2026-05-11", "2026-05-17"),
            ("week", -1, "2026-05-04", "2026-05-10"),
            ("month", 0, "2026-05-01", "2026-05-31"),
            ("month", -3, "2026-02-01", "2026-02-28"),
            ("Quarter", 0, "2026-04-01", "2026-06-30"),
            ("quarter", -2, "2025-10-01", "2025-12-31"),
            ("year", 1, "2027-01-01", "2027-12-31"),
            ("sow", 0, "2026-05-11", "2026-05-11"),
            ("eom", 1, "2026-06-30", "2026-06-30"),
            ("eoq", 0, "2026-06-30", "2026-06-30"),
            ("SOY", 0, "2026-01-01", "2026-01-01"),
        ] {
            let found = days(name, shift, today).map(|(first, last)| (first.to_string(), last.to_string()));
            assert_eq!(found, Some((first.to_owned(), last.to_owned())), "{name}({shift})");
        }
        for (name, shift) in
            [("yesterday", 1), ("decade", 0), ("year", i64::MAX), ("week", 9_999_999), ("eo", 0), ("", 0)]
        {
            assert_eq!(days(name, shift, today), None, "{name}({shift})");
        }
    }
}
