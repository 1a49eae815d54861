//! Words that were probably meant otherwise.

use super::{CLAUSES, Lexeme, Reader};
use crate::coql::{diagnostic::Fix, highlight::TokenClass, similar::nearest};

impl Reader<'_> {
    /// The clause that a misspelt word at the next place means, if more follows than a name could have.
    pub(super) fn slipped_clause(&self) -> Option<&'static str> {
        let piece = self.peek().filter(|piece| piece.lexeme == Lexeme::Name)?;
        let word = self.slice(piece);
        if word.len() < 3 || word.contains('.') || self.at_clause() {
            return None;
        }
        let next = self.ahead(1)?;
        let ends = matches!(next.lexeme, Lexeme::Comma | Lexeme::Close)
            || CLAUSES.iter().any(|clause| self.is_word(Some(next), clause));
        let clause = nearest(word, CLAUSES.into_iter()).filter(|_| !ends)?;
        let fits = match clause {
            "group" | "order" => self.is_word(Some(next), "by"),
            "from" => next.lexeme == Lexeme::Name,
            "limit" | "offset" => matches!(next.lexeme, Lexeme::Number | Lexeme::Parameter),
            _ => true,
        };
        CLAUSES.into_iter().find(|word| *word == clause && fits)
    }

    /// Takes a misspelt word for the keyword it means.
    pub(super) fn take_slip(&mut self, meant: &str) {
        if let Some(piece) = self.take_as(TokenClass::Keyword) {
            let word = self.slice(piece);
            let message = format!("{word} is no keyword, did you mean {meant}?");
            self.error_with(piece.span.clone(), message, Fix::replace(piece.span.clone(), meant));
        }
    }

    /// `by`, which must follow.
    pub(super) fn by(&mut self, clause: &str) {
        if self.keyword("by").is_none() {
            let at = self.behind();
            self.error_with(at..at, format!("by is missing after {clause}"), Fix::replace(at..at, " by"));
        }
    }
}
