//! What was spent on what, and what the service says of it. No clock, no waiting.
//!
//! The service may say how many credits are left. What it counts and nobody here wrote down, others spent: that is
//! worked out anew whenever the service speaks or another program on the same books tells what it spent, so nothing
//! is counted twice.

use std::collections::{BTreeMap, VecDeque};

use crate::{
    api::endpoint::Op,
    domain::{Hour, Module, Purpose, SafeText, Share, Spending, WINDOW_HOURS, WINDOW_MS},
};

/// Entries that wait to be stored at most; a program that stores none keeps the newest.
const UNSTORED: usize = 10_000;

/// Answers whose time is remembered.
const ANSWERS: usize = 200;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Credits that one call cost, as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Unix milliseconds of the call's start, by the service's clock.
    pub at_ms: i64,
    /// Credits.
    pub credits: u32,
    /// The operation; none where it is not known.
    pub op: Option<Op>,
    /// Of which module's records, if of any.
    pub module: Option<Module>,
    /// What for.
    pub purpose: Purpose,
}

impl Spent {
    /// What the call did, in words.
    fn words(&self) -> String {
        self.op.map_or_else(|| "calls of earlier runs".to_owned(), |op| op.endpoint().words(self.module))
    }
}

/// A line of the books in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Credits.
    pub credits: u32,
    /// What for.
    pub purpose: Purpose,
    /// What the call did; empty for what other programs spent.
    pub words: SafeText,
}

/// What the service said last, and what others must have spent by then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// When, in Unix milliseconds.
    pub at_ms: i64,
    /// Credits of the window that the service counted.
    pub used: u32,
    /// What others spent: times in Unix milliseconds and credits, oldest first.
    pub others: Vec<(i64, u32)>,
}

/// The books of one account.
#[derive(Debug, Default)]
pub(super) struct Books {
    /// Calls of this program and of others on the same books, oldest first.
    log: VecDeque<Spent>,
    unstored: VecDeque<Spent>,
    statement: Option<Statement>,
    /// The statement is not stored.
    news: bool,
    session: u32,
    retries: u32,
    refused: Option<i64>,
    answers: VecDeque<u32>,
}

impl Books {
    /// A call of this run cost something.
    pub fn note(&mut self, spent: Spent) {
        self.session = self.session.saturating_add(spent.credits);
        if self.unstored.len() == UNSTORED {
            self.unstored.pop_front();
        }
        self.unstored.push_back(spent);
        self.add(spent);
    }

    /// A call of an earlier run, or of another program on the same books.
    pub fn add(&mut self, spent: Spent) {
        let later = self.log.iter().rev().take_while(|known| known.at_ms > spent.at_ms).count();
        self.log.insert(self.log.len() - later, spent);
    }

    /// Forgets what left the window.
    pub fn forget(&mut self, now: i64) {
        while self.log.front().is_some_and(|spent| spent.at_ms <= now - WINDOW_MS) {
            self.log.pop_front();
        }
        if let Some(statement) = &mut self.statement {
            statement.others.retain(|(at, _)| *at > now - WINDOW_MS);
        }
    }

    /// The service counts `used` credits.
    pub fn hear(&mut self, at_ms: i64, used: u32) {
        let others = self.statement.take().map(|statement| statement.others).unwrap_or_default();
        self.statement = Some(Statement { at_ms, used, others });
        self.news = true;
    }

    /// What another program on the same books heard; the newer word counts.
    pub fn adopt(&mut self, statement: Statement) {
        if self.statement.as_ref().is_none_or(|known| known.at_ms < statement.at_ms) {
            self.statement = Some(statement);
            self.news = false;
        }
    }

    /// Works out what others spent from what was heard. `flying` are times and credits of calls on their way,
    /// which the service may or may not count yet.
    pub fn work_out(&mut self, flying: impl Iterator<Item = (i64, u32)>) {
        let Some(statement) = &mut self.statement else { return };
        let heard = statement.at_ms;
        let within = |(at, _): &(i64, u32)| *at <= heard && *at > heard - WINDOW_MS;
        let sum = |calls: &mut dyn Iterator<Item = (i64, u32)>| -> u32 {
            calls.filter(within).map(|(_, credits)| credits).sum()
        };
        let flying = sum(&mut flying.into_iter());
        let known = sum(&mut self.log.iter().map(|spent| (spent.at_ms, spent.credits)))
            + sum(&mut statement.others.iter().copied());
        if let Some(more) = statement.used.checked_sub(known + flying).filter(|more| *more > 0) {
            statement.others.push((heard, more));
        }
        let mut less = known.saturating_sub(statement.used);
        for call in statement.others.iter_mut().rev().filter(|call| within(call)) {
            let back = less.min(call.1);
            call.1 -= back;
            less -= back;
        }
        statement.others.retain(|(_, credits)| *credits > 0);
    }

    /// What the service said, if it said anything new since this was last asked.
    pub fn take_statement(&mut self) -> Option<Statement> {
        if std::mem::take(&mut self.news) { self.statement.clone() } else { None }
    }

    /// What others spent.
    pub fn others(&self) -> &[(i64, u32)] {
        self.statement.as_ref().map_or(&[], |statement| &statement.others)
    }

    pub fn take_unstored(&mut self) -> Vec<Spent> {
        self.unstored.drain(..).collect()
    }

    pub fn refused(&mut self, now: i64) {
        self.refused = Some(now);
    }

    pub fn retried(&mut self) {
        self.retries = self.retries.saturating_add(1);
    }

    /// A call was answered after so many milliseconds.
    pub fn answered(&mut self, milliseconds: u32) {
        if self.answers.len() == ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back(milliseconds);
    }

    /// Every line of the window that ends at `now`, oldest first.
    pub fn entries(&mut self, now: i64) -> Vec<Entry> {
        self.forget(now);
        let ours = self.log.iter().map(|spent| Entry {
            at_ms: spent.at_ms,
            credits: spent.credits,
            purpose: spent.purpose,
            words: SafeText::new(&spent.words()),
        });
        let others = self.others().iter().map(|(at_ms, credits)| Entry {
            at_ms: *at_ms,
            credits: *credits,
            purpose: Purpose::Others,
            words: SafeText::new(""),
        });
        let mut entries: Vec<Entry> = ours.chain(others).collect();
        entries.sort_by_key(|entry| entry.at_ms);
        entries
    }

    /// The picture at `now`, but for what only the pool knows.
    pub fn spending(&mut self, now: i64) -> Spending {
        self.forget(now);
        let mut hours = [Hour::default(); WINDOW_HOURS];
        let hour = |at: i64| {
            let ago = usize::try_from((now - at).max(0) / HOUR_MS).unwrap_or(WINDOW_HOURS);
            (WINDOW_HOURS - 1).checked_sub(ago)
        };
        let mut shares: BTreeMap<(Purpose, String), (u32, u32)> = BTreeMap::new();
        for spent in &self.log {
            if let Some(hour) = hour(spent.at_ms) {
                hours[hour].ours += spent.credits;
            }
            let share = shares.entry((spent.purpose, spent.words())).or_default();
            share.0 += 1;
            share.1 += spent.credits;
        }
        for (at, credits) in self.others() {
            if let Some(hour) = hour(*at) {
                hours[hour].others += credits;
            }
        }
        let mut shares: Vec<Share> = shares
            .into_iter()
            .map(|((purpose, words), (calls, credits))| Share {
                purpose,
                words: SafeText::new(&words),
                calls,
                credits,
            })
            .collect();
        shares.sort_by_key(|share| std::cmp::Reverse(share.credits));
        let mut sorted: Vec<u32> = self.answers.iter().copied().collect();
        sorted.sort_unstable();
        let within = |percent: usize| {
            sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied()
        };
        Spending {
            session: self.session,
            hours,
            shares,
            retries: self.retries,
            refused: self.refused.map(crate::api::clock::timestamp),
            median_ms: within(50),
            slow_ms: within(95),
            ..Spending::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn spent(at_ms: i64, credits: u32) -> Spent {
        Spent {
            at_ms,
            credits,
            op: Some(Op::ListRecords),
            module: Some(Module::Pipelines),
            purpose: Purpose::Sync,
        }
    }

    fn calls(books: &Books) -> impl Iterator<Item = (i64, u32)> {
        books.log.iter().map(|spent| (spent.at_ms, spent.credits)).chain(books.others().iter().copied())
    }

    fn used(books: &Books) -> u32 {
        calls(books).map(|(_, credits)| credits).sum()
    }

    #[test]
    fn what_nobody_wrote_down_others_spent_until_someone_tells_that_it_was_them() {
        let mut books = Books::default();
        books.note(spent(10, 5));
        books.hear(20, 45);
        books.work_out(std::iter::empty());
        assert_eq!((used(&books), books.others()), (45, &[(20, 40)][..]));
        books.add(spent(15, 30));
        books.work_out(std::iter::empty());
        assert_eq!((used(&books), books.others()), (45, &[(20, 10)][..]), "another window of ours spent 30");
        books.add(spent(25, 2));
        books.work_out(std::iter::empty());
        assert_eq!(used(&books), 47, "what came after the service spoke is none of it");
    }

    #[test]
    fn calls_on_their_way_are_not_taken_for_others() {
        let mut books = Books::default();
        books.hear(20, 3);
        books.work_out([(19, 3)].into_iter());
        assert_eq!(used(&books), 0);
    }

    #[test]
    fn shares_hours_and_times_add_up() {
        let mut books = Books::default();
        let now = 30 * HOUR_MS;
        for (hours, credits) in [(25, 9), (23, 2), (3, 4), (0, 1)] {
            books.note(Spent {
                purpose: Purpose::Console,
                op: Some(Op::Coql),
                ..spent(now - hours * HOUR_MS, credits)
            });
        }
        books.note(spent(now, 20));
        books.hear(now, 30);
        books.work_out(std::iter::empty());
        (1..=100).for_each(|milliseconds| books.answered(milliseconds));
        let spending = books.spending(now);
        assert_eq!(spending.hours.map(Hour::all).iter().sum::<u32>(), 30, "9 left the window");
        assert_eq!((spending.hours[0].ours, spending.burn(), spending.others()), (2, 24, 3));
        let told: Vec<_> =
            spending.shares.iter().map(|share| (share.purpose, share.calls, share.credits)).collect();
        assert_eq!(told, [(Purpose::Sync, 1, 20), (Purpose::Console, 3, 7)]);
        assert_eq!((spending.median_ms, spending.slow_ms), (Some(51), Some(96)));
    }

    proptest! {
        /// Two programs on the same books, others who spend, and a service that speaks now and then: whenever it
        /// spoke last, and once the programs told each other, both count what it counts.
        #[test]
        fn both_programs_count_what_the_service_counts(
            steps in vec((0usize..3, 1u32..30, any::<bool>()), 1..60),
        ) {
            let mut books = [Books::default(), Books::default()];
            let mut server = 0;
            for (at, (who, credits, speaks)) in (1..).zip(steps) {
                server += credits;
                if let Some(ours) = books.get_mut(who) {
                    ours.note(spent(at, credits));
                    if speaks {
                        ours.hear(at, server);
                        ours.work_out(std::iter::empty());
                    }
                }
            }
            for (teller, hearer) in [(0, 1), (1, 0)] {
                for spent in books[teller].take_unstored() {
                    books[hearer].add(spent);
                }
                if let Some(statement) = books[teller].take_statement() {
                    books[hearer].adopt(statement);
                }
            }
            books.iter_mut().for_each(|books| books.work_out(std::iter::empty()));
            prop_assert_eq!(used(&books[0]), used(&books[1]));
            if let Some(Statement { at_ms, used, .. }) = books[0].statement {
                let by_then = calls(&books[0]).filter(|(at, _)| *at <= at_ms);
                prop_assert_eq!(by_then.map(|(_, credits)| credits).sum::<u32>(), used);
            }
        }
    }
}
