//! Instants and days around the start of the organisation's time.

use fastrand::Rng;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

pub(super) const DAY: i64 = 24 * 60 * 60;

/// The organisation's calendar, seen from its start. Instants are Unix seconds.
pub(super) struct Calendar {
    pub now: i64,
    /// Seconds from UTC to the organisation's time at the start; close enough for the hours of work.
    offset: i64,
    today: Date,
}

impl Calendar {
    pub fn new(now: Timestamp, zone: &TimeZone) -> Self {
        let local = now.to_zoned_datetime(zone.clone());
        Self { now: now.as_second(), offset: i64::from(local.offset().seconds()), today: local.date() }
    }

    /// An instant in working hours, about `days` before the start, never after it.
    pub fn past(&self, rng: &mut Rng, days: i64) -> i64 {
        let at = self.working(rng, self.now - days * DAY);
        if at < self.now { at } else { self.now - rng.i64(60..20_000) }
    }

    /// `count` instants in the past, the oldest first; `days` draws how many days each lies back.
    pub fn arrivals(&self, rng: &mut Rng, count: usize, days: impl Fn(&mut Rng) -> i64) -> Vec<i64> {
        let mut arrivals: Vec<i64> = (0..count)
            .map(|_| {
                let days = days(rng);
                self.past(rng, days)
            })
            .collect();
        arrivals.sort_unstable();
        arrivals
    }

    /// An instant in working hours, about `days` after the start.
    pub fn future(&self, rng: &mut Rng, days: i64) -> i64 {
        self.working(rng, self.now + days.max(1) * DAY)
    }

    /// An instant in working hours between two instants, or close to them.
    pub fn between(&self, rng: &mut Rng, from: i64, to: i64) -> i64 {
        if to <= from {
            return from;
        }
        let drawn = rng.i64(from..to);
        let at = self.working(rng, drawn);
        if (from..=to).contains(&at) { at } else { drawn }
    }

    /// The same day, or the Monday after it, at a working hour on a quarter of an hour and a bit.
    fn working(&self, rng: &mut Rng, at: i64) -> i64 {
        let local = at + self.offset;
        let day = local.div_euclid(DAY);
        // Day 0 was a Thursday.
        let weekend = match (day + 3).rem_euclid(7) {
            5 => 2,
            6 => 1,
            _ => 0,
        };
        (day + weekend) * DAY + rng.i64(8 * 3600..18 * 3600) - self.offset
    }

    /// The instant of a full quarter of an hour in the working hours of the same day.
    pub fn quarter(at: i64) -> i64 {
        at - at.rem_euclid(900)
    }

    /// The day that is `days` after today, as Bigin writes it.
    pub fn day(&self, days: i64) -> String {
        self.date(days).to_string()
    }

    /// The day of an instant, in days after today.
    pub fn days_until(&self, at: i64) -> i64 {
        (at + self.offset).div_euclid(DAY) - (self.now + self.offset).div_euclid(DAY)
    }

    /// The name of the weekday that is `days` after today.
    pub fn weekday(&self, days: i64) -> &'static str {
        use jiff::civil::Weekday::{Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        match self.date(days).weekday() {
            Monday | Saturday | Sunday => "Monday",
            Tuesday => "Tuesday",
            Wednesday => "Wednesday",
            Thursday => "Thursday",
            _ => "Friday",
        }
    }

    /// The end of the month of the day that is `days` after today, in days after today: a date that people
    /// like to write down.
    pub fn month_end(&self, days: i64) -> i64 {
        let day = self.date(days);
        days + i64::from(day.last_of_month().day() - day.day())
    }

    fn date(&self, days: i64) -> Date {
        self.today.checked_add(jiff::Span::new().days(days)).unwrap_or(self.today)
    }
}
