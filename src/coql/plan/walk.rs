//! A walk over the pages of a fetch: which call is next, as plain data.
//!
//! Bigin gives 200 rows a call and reaches 10,000 by OFFSET. A walk by id goes on behind the last record of
//! those, in the next window. Inside a window pages do not wait for each other: how many are asked for at
//! once depends on how many rows are expected, and where nothing is, on how many pages were full so far.

use std::collections::BTreeMap;

use super::{
    super::limits::{MAX_LIMIT, MAX_REACH},
    fetch::Fetch,
};

/// Where a walk is.
#[derive(Debug, Clone, PartialEq)]
pub struct Walk {
    fetch: Fetch,
    /// Rows that are expected in all.
    expected: Option<u64>,
    /// Rows before this window.
    base: u64,
    /// The record that this window begins behind.
    after: Option<String>,
    /// Pages of this window that were asked for.
    pages: BTreeMap<u64, Page>,
    /// Rows that have come.
    rows: u64,
    done: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Page {
    Asked,
    /// To ask for again.
    Lost,
    Here {
        more: bool,
        last: Option<String>,
    },
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCall {
    /// Which page of its window it is; comes back with the answer.
    pub page: u64,
    /// The query, in Bigin's language.
    pub text: String,
    /// The place of its first row among all rows of the fetch, from 0.
    pub first: u64,
}

impl Walk {
    /// A walk that has not begun. `expected` rows will come, if that is known.
    #[must_use]
    pub fn new(fetch: Fetch, expected: Option<u64>) -> Self {
        let done = fetch.limit == Some(0);
        Self { fetch, expected, base: 0, after: None, pages: BTreeMap::new(), rows: 0, done }
    }

    /// The next call, if one can be made before more answers come.
    pub fn next_call(&mut self) -> Option<PageCall> {
        if self.done {
            return None;
        }
        let lost = self.pages.iter().find(|(_, page)| **page == Page::Lost).map(|(number, _)| *number);
        let number = match lost {
            Some(number) => number,
            None => self.fresh()?,
        };
        let first = self.base + number * MAX_LIMIT;
        let limit = self.fetch.limit.map_or(MAX_LIMIT, |most| (most - first).min(MAX_LIMIT));
        let offset = self.fetch.offset + number * MAX_LIMIT;
        self.pages.insert(number, Page::Asked);
        let text = self.fetch.query(self.after.as_deref(), offset, limit).to_string();
        Some(PageCall { page: number, text, first })
    }

    /// The next page of the window that was not asked for, if it is likely enough to be there.
    fn fresh(&self) -> Option<u64> {
        let number = self.pages.last_key_value().map_or(0, |(last, _)| last + 1);
        let first = self.base + number * MAX_LIMIT;
        let rows = self.fetch.limit.map_or(MAX_LIMIT, |most| most.saturating_sub(first).min(MAX_LIMIT));
        let beyond = rows == 0 || self.fetch.offset + number * MAX_LIMIT + rows > MAX_REACH;
        let ended = self.pages.values().any(|page| matches!(page, Page::Here { more: false, .. }));
        if beyond || ended {
            return None;
        }
        let full = self.pages.values().filter(|page| matches!(page, Page::Here { .. })).count();
        let asked = self.pages.len() - full;
        let expected = self.expected.is_some_and(|expected| first < expected);
        let follows = number == 0 || matches!(self.pages.get(&(number - 1)), Some(Page::Here { .. }));
        (expected || follows || self.expected.is_none() && asked < full).then_some(number)
    }

    /// Takes note of an answer: how many rows it had, the id of the last one, whether there are more.
    pub fn answered(&mut self, page: u64, rows: u64, last: Option<&str>, more: bool) {
        self.rows += rows;
        let last = last.map(str::to_owned);
        self.pages.insert(page, Page::Here { more: more && rows > 0, last });
        let waits = self.pages.values().any(|page| !matches!(page, Page::Here { .. }));
        if waits || self.fresh().is_some() {
            return;
        }
        let ended = self.pages.values().any(|page| matches!(page, Page::Here { more: false, .. }));
        let reached = self.base + self.pages.len() as u64 * MAX_LIMIT;
        let enough = self.fetch.limit.is_some_and(|most| reached >= most);
        let last = self.pages.last_key_value().and_then(|(_, page)| match page {
            Page::Here { last, .. } => last.clone(),
            _ => None,
        });
        match last {
            Some(last) if !ended && !enough && self.fetch.by_id() => {
                self.base = reached;
                self.after = Some(last);
                self.pages.clear();
            }
            _ => self.done = true,
        }
    }

    /// Takes note that a call failed; it is asked for again.
    pub fn lost(&mut self, page: u64) {
        if self.pages.get(&page) == Some(&Page::Asked) {
            self.pages.insert(page, Page::Lost);
        }
    }

    /// Takes note that no call is in flight any more: what was not answered is asked for again.
    pub fn begin_again(&mut self) {
        self.pages.values_mut().filter(|page| **page == Page::Asked).for_each(|page| *page = Page::Lost);
    }

    /// Whether every row has come.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.done
    }

    /// Rows that have come.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// What is walked over.
    #[must_use]
    pub const fn fetch(&self) -> &Fetch {
        &self.fetch
    }
}
