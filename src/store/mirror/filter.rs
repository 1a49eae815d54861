//! Conditions of lists as SQL.

use rusqlite::types::Value;

use super::{Mirror, Moment, row::day_number, texts::Texts};
use crate::{
    domain::Outcome,
    protocol::{DealFilter, Scope},
};

/// SQL conditions with their parameters, in order; joined by AND.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conditions {
    sql: Vec<String>,
    pub params: Vec<Value>,
    /// Whether words are among them.
    pub wordy: bool,
    /// Whether some of the words are looked for in the cards themselves.
    pub reads_cards: bool,
}

/// A table of cards with the full-text table beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cards {
    pub table: &'static str,
    pub text: &'static str,
}

pub(super) const DEALS: Cards = Cards { table: "deal", text: "deal_text" };
pub(super) const CONTACTS: Cards = Cards { table: "contact", text: "contact_text" };
pub(super) const COMPANIES: Cards = Cards { table: "company", text: "company_text" };
pub(super) const NOTES: Cards = Cards { table: "note", text: "note_text" };

/// Trigrams find nothing shorter.
const SHORTEST: usize = 3;

impl Conditions {
    /// Adds a condition with one parameter.
    pub(super) fn push(&mut self, sql: impl Into<String>, value: impl Into<Value>) {
        self.sql.push(sql.into());
        self.params.push(value.into());
    }

    /// Adds a condition without a parameter.
    pub(super) fn plain(&mut self, sql: &str) {
        self.sql.push(sql.to_owned());
    }

    /// The text after WHERE.
    pub(super) fn sql(&self) -> String {
        if self.sql.is_empty() { "1".to_owned() } else { self.sql.join(" AND ") }
    }

    /// Every word of `text` stands in what the record is found by; looked up in the text index where that is
    /// whole.
    pub(super) fn words(&mut self, cards: Cards, texts: &Texts, text: &str) {
        let text = text.replace('\0', " ").to_lowercase();
        self.wordy |= !text.trim().is_empty();
        let (long, short): (Vec<&str>, Vec<&str>) =
            text.split_whitespace().partition(|word| texts.whole(cards) && word.chars().count() >= SHORTEST);
        if !long.is_empty() {
            let query: Vec<String> =
                long.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
            let found = format!("row IN (SELECT rowid FROM {0} WHERE {0} MATCH ?)", cards.text);
            self.push(found, query.join(" AND "));
        }
        self.reads_cards |= !short.is_empty();
        for word in short {
            if cards == NOTES {
                let pattern = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                self.push("title || char(10) || text LIKE ? ESCAPE '\\'", format!("%{pattern}%"));
            } else {
                self.push("instr(hay, ?) > 0", word.to_owned());
            }
        }
    }
}

impl Conditions {
    /// The same for a search over everything, which is about beginnings: of what is too short for the index, only
    /// beginnings of words are looked for, and single letters are left to names that begin with them.
    pub(super) fn beginnings(&mut self, cards: Cards, texts: &Texts, text: &str) {
        let text = &text.replace('\0', " ");
        let count = |word: &&str| word.chars().count();
        let words = || text.split_whitespace();
        if !texts.whole(cards) {
            return self.words(cards, texts, text);
        }
        for word in words().filter(|word| count(word) == SHORTEST - 1) {
            let word = word.replace('"', "\"\"");
            let query = format!("\" {word}\" OR \"\n{word}\"");
            self.push(format!("row IN (SELECT rowid FROM {0} WHERE {0} MATCH ?)", cards.text), query);
        }
        let long: Vec<&str> = words().filter(|word| count(word) >= SHORTEST).collect();
        self.words(cards, texts, &long.join(" "));
        if self.sql.is_empty() {
            self.plain("0");
        }
    }
}

impl Mirror {
    /// Deals of a scope.
    pub(super) fn in_scope(&self, scope: &Scope) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.push("pipe = ?", scope.pipeline.as_str().parse::<i64>().unwrap_or(-1));
        if let Some(sub) = &scope.sub_pipeline {
            conditions.push("sub = ?", self.words.find(sub).unwrap_or(-1));
        }
        conditions
    }

    /// Deals of a scope that pass a filter.
    pub(super) fn filtered(&self, scope: &Scope, filter: &DealFilter, moment: &Moment) -> Conditions {
        let mut conditions = self.in_scope(scope);
        if filter.open_only || filter.overdue {
            conditions.plain(OPEN);
        }
        if filter.mine {
            conditions.push("owner = ?", self.org.as_ref().map_or(-1, |org| org.me));
        }
        if filter.no_next_step {
            conditions.plain("next IS NULL");
        }
        if filter.overdue {
            conditions.push("closing < ?", day_number(moment.today));
        }
        conditions.words(DEALS, &self.texts, &filter.text);
        conditions
    }
}

/// Open deals; the number is that of [`Outcome::Open`].
pub(super) const OPEN: &str = "outcome = 0";
const _: () = assert!(Outcome::Open as i64 == 0);

/// Whether a filter says more than where an index can begin and end.
pub(super) fn is_selective(filter: &DealFilter) -> bool {
    filter.mine || filter.no_next_step || filter.overdue || !filter.text.trim().is_empty()
}
