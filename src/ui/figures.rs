//! Numbers, dates and states in the words of the screen.

use std::time::Duration;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use super::text::Ink;
use crate::domain::{ActivityKind, NextStep, Slips};

/// A whole number with its thousands set apart.
pub(super) fn count(number: u64) -> Ink<'static> {
    Ink::figure(grouped(&number.to_string()))
}

/// An amount in whole units of the currency: `$48,000`.
pub(super) fn money(amount: Decimal, symbol: &Ink<'_>) -> Ink<'static> {
    let digits = grouped(&amount.abs().round().normalize().to_string());
    Ink::figure(format!("{}{}{digits}", sign(amount), symbol.as_str()))
}

/// An amount in a few columns: `$48k`, `$1.2M`.
pub(super) fn short_money(amount: Decimal, symbol: &Ink<'_>) -> Ink<'static> {
    let value = amount.abs().to_f64().unwrap_or(0.0);
    let scaled = |by: f64, unit: &str| {
        let value = value / by;
        if value < 9.95 { format!("{value:.1}{unit}").replace(".0", "") } else { format!("{value:.0}{unit}") }
    };
    let digits = match value {
        v if v < 999.5 => format!("{v:.0}"),
        v if v < 999_500.0 => scaled(1e3, "k"),
        v if v < 999_500_000.0 => scaled(1e6, "M"),
        v if v < 999_500_000_000.0 => scaled(1e9, "G"),
        _ => scaled(1e12, "T"),
    };
    Ink::figure(format!("{}{}{digits}", sign(amount), symbol.as_str()))
}

/// An amount as exact as `columns` allow.
pub(super) fn money_in(amount: Decimal, symbol: &Ink<'_>, columns: u16) -> Ink<'static> {
    let full = money(amount, symbol);
    if full.width() <= columns { full } else { short_money(amount, symbol) }
}

fn sign(amount: Decimal) -> &'static str {
    if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part of a whole in percent: `77%`. Never 100 before all of it, never 0 before none of it.
pub(super) fn percent(part: u64, whole: u64) -> Ink<'static> {
    let exact = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    let shown = if part > 0 && part < whole { exact.round().clamp(1.0, 99.0) } else { exact.round() };
    Ink::figure(format!("{shown:.0}%"))
}

/// A chance to win: `50%`.
pub(super) fn probability(percent: u8) -> Ink<'static> {
    Ink::figure(format!("{percent}%"))
}

/// A day: `25 Sep`, and further away than half a year `Mar '28`.
pub(super) fn day(date: Date, today: Date) -> Ink<'static> {
    let away = days_between(today, date);
    let format = if (-180..=180).contains(&away) { "%-d %b" } else { "%b '%y" };
    Ink::figure(date.strftime(format).to_string())
}

/// A day with its year: `25 Sep 2026`.
pub(super) fn full_day(date: Date) -> Ink<'static> {
    Ink::figure(date.strftime("%-d %b %Y").to_string())
}

/// A moment of a timeline: `2 Sep 16:40`, without the time when it is far away.
pub(super) fn moment(at: Timestamp, zone: &TimeZone, today: Date) -> Ink<'static> {
    let there = at.to_zoned_datetime(zone.clone());
    let away = days_between(today, there.date());
    let format = if (-180..=180).contains(&away) { "%-d %b %H:%M" } else { "%-d %b %Y" };
    Ink::figure(there.strftime(format).to_string())
}

/// Days from one date to another, negative backwards.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Whole days that have passed since a moment.
pub(super) fn days_since(at: Timestamp, now: Timestamp) -> u32 {
    u32::try_from((now.as_second() - at.as_second()).max(0) / 86_400).unwrap_or(u32::MAX)
}

/// A number of days: `34d`, and after a thousand of them `3y`.
pub(super) fn days(days: u32) -> Ink<'static> {
    Ink::figure(if days < 1_000 { format!("{days}d") } else { format!("{}y", days / 365) })
}

/// How long ago, in steps so coarse that an idle screen stays true: `just now`, `<1m`, `3m`, `2h`, `4d`.
pub(super) fn ago(at: Timestamp, now: Timestamp) -> Ink<'static> {
    match (now.as_second() - at.as_second()).max(0) {
        0..10 => "just now".into(),
        10..60 => "<1m".into(),
        seconds @ 60..3_600 => Ink::figure(format!("{}m", seconds / 60)),
        seconds @ 3_600..86_400 => Ink::figure(format!("{}h", seconds / 3_600)),
        seconds => Ink::figure(format!("{}d", seconds / 86_400)),
    }
}

/// How long something lasts: `45s`, `2m`, `1h 30m`, `2d`.
pub(super) fn lasting(time: Duration) -> Ink<'static> {
    Ink::figure(match time.as_secs() {
        seconds @ 0..120 => format!("{seconds}s"),
        seconds @ 120..7_200 => format!("{}m", seconds / 60),
        seconds @ 7_200..172_800 if seconds % 3_600 < 60 => format!("{}h", seconds / 3_600),
        seconds @ 7_200..172_800 => format!("{}h {}m", seconds / 3_600, seconds % 3_600 / 60),
        seconds => format!("{}d", seconds / 86_400),
    })
}

/// A clock time: `14:05`.
pub(super) fn clock(at: Timestamp, zone: &TimeZone) -> Ink<'static> {
    Ink::figure(at.to_zoned_datetime(zone.clone()).strftime("%H:%M").to_string())
}

/// A clock time with its seconds: `14:05:09`.
pub(super) fn exact_clock(at: Timestamp, zone: &TimeZone) -> Ink<'static> {
    Ink::figure(at.to_zoned_datetime(zone.clone()).strftime("%H:%M:%S").to_string())
}

/// How long a deal stands in its stage, against the stage's median.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// Within a quarter above the median, or no median is known.
    Usual,
    /// More than a quarter above it.
    Slow,
    /// More than twice as long.
    Stuck,
}

/// Compares an age with the median of its stage.
pub(super) fn pace(days: u32, median: Option<u32>) -> Pace {
    match median.map(u64::from) {
        Some(median) if u64::from(days) > 2 * median.max(1) => Pace::Stuck,
        Some(median) if 4 * u64::from(days) > 5 * median.max(1) => Pace::Slow,
        _ => Pace::Usual,
    }
}

/// An age with its mark: ` 3d`, `~21d`, `!34d`; an estimate, which is at least so long, ends with `~`.
pub(super) fn age(number: u32, pace: Pace, observed: bool) -> Ink<'static> {
    let mark = match pace {
        Pace::Usual => "",
        Pace::Slow => "~",
        Pace::Stuck => "!",
    };
    let about = if observed { "" } else { "~" };
    Ink::figure(format!("{mark}{}{about}", days(number).as_str()))
}

/// How a closing date slipped: `slip x3`, or in few columns `x3`.
pub(super) fn slip(slips: Slips, columns: u16) -> Ink<'static> {
    let word = if columns < 7 { "" } else { "slip " };
    Ink::figure(format!("{word}x{}", slips.times))
}

/// How often and how far a closing date slipped: `slip x3, +56d`.
pub(super) fn slip_in_full(slips: Slips) -> Ink<'static> {
    Ink::figure(format!("slip x{}, +{}", slips.times, days(slips.days).as_str()))
}

/// What happens next on a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Late,
    Today,
    Later,
    Nothing,
}

/// When the next step is due.
pub(super) fn due(next: Option<&NextStep>, today: Date) -> Due {
    match next {
        None => Due::Nothing,
        Some(step) if step.due < today => Due::Late,
        Some(step) if step.due == today => Due::Today,
        Some(_) => Due::Later,
    }
}

/// The next step in at most `columns`: `!late task`, `>today call`, `>Fri call`, `>12 Oct`, `?none`.
pub(super) fn next_step(next: Option<&NextStep>, today: Date, columns: u16) -> Ink<'static> {
    let Some(step) = next else { return "?none".into() };
    let when = match days_between(today, step.due) {
        ..0 => "!late".to_owned(),
        0 => ">today".to_owned(),
        1..7 => format!(">{}", step.due.strftime("%a")),
        _ => format!(">{}", day(step.due, today).as_str()),
    };
    let long = Ink::figure(format!("{when} {}", kind(step.kind)));
    if long.width() <= columns { long } else { Ink::figure(when) }
}

/// What an activity is called.
pub(super) const fn kind(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Task => "task",
        ActivityKind::Event => "meet",
        ActivityKind::Call => "call",
    }
}

/// `3 deals`, `1 deal`.
pub(super) fn plural(number: u64, one: &'static str, many: &'static str) -> Ink<'static> {
    let word = if number == 1 { one } else { many };
    Ink::figure(format!("{} {word}", count(number).as_str()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::SafeText;

    fn dollars(amount: &str) -> (String, String) {
        let (amount, symbol) = (amount.parse().expect("a number"), Ink::from("$"));
        (money(amount, &symbol).as_str().to_owned(), short_money(amount, &symbol).as_str().to_owned())
    }

    #[test]
    fn money_is_grouped_and_shortened() {
        for (amount, full, short) in [
            ("0", "$0", "$0"),
            ("999.4", "$999", "$999"),
            ("48000", "$48,000", "$48k"),
            ("8200.50", "$8,200", "$8.2k"),
            ("-1234567", "-$1,234,567", "-$1.2M"),
            ("999600", "$999,600", "$1M"),
            ("7922816251426", "$7,922,816,251,426", "$7.9T"),
        ] {
            assert_eq!(dollars(amount), (full.to_owned(), short.to_owned()));
        }
    }

    #[test]
    fn a_percentage_does_not_round_to_all_or_nothing() {
        assert_eq!(percent(4_999, 5_000).as_str(), "99%");
        assert_eq!(percent(1, 5_000).as_str(), "1%");
        assert_eq!(percent(0, 5_000).as_str(), "0%");
        assert_eq!(percent(3_871, 5_000).as_str(), "77%");
    }

    #[test]
    fn a_next_step_is_a_word_that_says_how_urgent_it_is() {
        let today = date(2026, 9, 24);
        let step = |due| NextStep { kind: ActivityKind::Call, due, subject: SafeText::new("renewal") };
        for (due, wide, narrow) in [
            (date(2026, 9, 23), "!late call", "!late"),
            (today, ">today call", ">today"),
            (date(2026, 9, 25), ">Fri call", ">Fri"),
            (date(2026, 10, 12), ">12 Oct call", ">12 Oct"),
            (date(2027, 10, 12), ">Oct '27 call", ">Oct '27"),
        ] {
            let step = step(due);
            assert_eq!(next_step(Some(&step), today, 13).as_str(), wide);
            assert_eq!(next_step(Some(&step), today, 8).as_str(), narrow);
        }
        assert_eq!(next_step(None, today, 13).as_str(), "?none");
    }

    #[test]
    fn an_age_is_marked_against_the_median_of_its_stage() {
        assert_eq!(pace(34, Some(14)), Pace::Stuck);
        assert_eq!(pace(28, Some(14)), Pace::Slow);
        assert_eq!(pace(17, Some(14)), Pace::Usual);
        assert_eq!(pace(400, None), Pace::Usual);
        assert_eq!(pace(1, Some(0)), Pace::Usual, "a day in a stage that deals leave at once is no news");
        assert_eq!(age(34, Pace::Stuck, true).as_str(), "!34d");
        assert_eq!(age(8, Pace::Usual, false).as_str(), "8d~", "it stands there for at least so long");
    }

    #[test]
    fn ages_change_in_coarse_steps() {
        let now = Timestamp::from_second(1_790_000_000).expect("a time");
        for (seconds, words) in [
            (0, "just now"),
            (9, "just now"),
            (12, "<1m"),
            (200, "3m"),
            (7_300, "2h"),
            (400_000, "4d"),
            (-50, "just now"),
        ] {
            let at = Timestamp::from_second(1_790_000_000 - seconds).expect("a time");
            assert_eq!(ago(at, now).as_str(), words);
        }
    }
}
