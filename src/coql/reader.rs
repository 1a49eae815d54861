//! Any text to a statement, whatever is wrong with it.
//!
//! Every rule gives a part of the tree and moves on; where the text leaves the grammar, the part is
//! [`Expr::Missing`](super::Expr::Missing) or left out and a diagnostic says why. Words are skipped up to
//! the next clause at most, so that one slip does not hide the next.

mod clauses;
mod expression;
mod operand;
mod pairs;
mod slips;

pub(super) use operand::iso_day;
use pairs::Pairs;

use super::{
    diagnostic::{Diagnostic, Fix, MOST_SAID},
    highlight::TokenClass,
    lexeme::{Lexeme, Piece},
    parser::is_reserved,
    span::{Span, Spanned},
    statement::Statement,
};

/// Words that begin a clause, in their order.
pub(super) const CLAUSES: [&str; 7] = ["from", "where", "group", "having", "order", "limit", "offset"];

/// Words that are keywords in some places and may be columns only in backticks there.
const PLACED: [&str; 20] = [
    "having", "distinct", "case", "when", "then", "else", "end", "not", "like", "in", "between", "is", "as",
    "by", "asc", "desc", "true", "false", "null", "join",
];

/// Parentheses and operators nested deeper than this are refused, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Whether a column of this name needs backticks to be surely a column.
pub(super) fn is_word_of_ours(name: &str) -> bool {
    is_reserved(name) || PLACED.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    pub statement: Statement,
    /// In the order in which they were met.
    pub diagnostics: Vec<Diagnostic>,
    /// Where Bigin's grammar needs parentheses that the text does not have.
    pub ungrouped: Vec<Diagnostic>,
}

/// Reads `pieces` of `text` as one statement; what each is goes to `classes`.
pub(super) fn read(text: &str, pieces: &[Piece], classes: &mut [TokenClass]) -> Reading {
    let end = pieces.last().map_or(0, |piece| piece.span.end);
    let mut reader = Reader {
        text,
        tokens: pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| !matches!(piece.lexeme, Lexeme::Comment | Lexeme::Semicolon))
            .collect(),
        at: 0,
        end,
        depth: 0,
        cases: 0,
        testing: false,
        pairs: None,
        classes,
        diagnostics: Vec::new(),
        ungrouped: Vec::new(),
    };
    let statement = reader.statement();
    Reading { statement, diagnostics: reader.diagnostics, ungrouped: reader.ungrouped }
}

struct Reader<'a> {
    text: &'a str,
    /// Each with its place among all pieces.
    tokens: Vec<(usize, &'a Piece)>,
    at: usize,
    /// Where the statement ends in the text.
    end: usize,
    depth: usize,
    /// CASE expressions that are open.
    cases: usize,
    /// A word after an operand is an operator, never an alias.
    testing: bool,
    /// Parentheses that the WHERE clause lacks, while it is read.
    pairs: Option<Pairs>,
    classes: &'a mut [TokenClass],
    diagnostics: Vec<Diagnostic>,
    ungrouped: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<&'a Piece> {
        self.tokens.get(self.at).map(|(_, piece)| *piece)
    }

    fn ahead(&self, by: usize) -> Option<&'a Piece> {
        self.tokens.get(self.at + by).map(|(_, piece)| *piece)
    }

    fn slice(&self, piece: &Piece) -> &'a str {
        &self.text[piece.span.clone()]
    }

    fn is(&self, lexeme: Lexeme) -> bool {
        self.peek().is_some_and(|piece| piece.lexeme == lexeme)
    }

    /// Goes on behind the next token, which is of `class`.
    fn take_as(&mut self, class: TokenClass) -> Option<&'a Piece> {
        let (place, piece) = *self.tokens.get(self.at)?;
        self.classes[place] = class;
        self.at += 1;
        Some(piece)
    }

    fn take(&mut self, lexeme: Lexeme) -> Option<&'a Piece> {
        if !self.is(lexeme) {
            return None;
        }
        self.at += 1;
        self.tokens.get(self.at - 1).map(|(_, piece)| *piece)
    }

    fn is_word(&self, piece: Option<&Piece>, word: &str) -> bool {
        piece
            .is_some_and(|piece| piece.lexeme == Lexeme::Name && self.slice(piece).eq_ignore_ascii_case(word))
    }

    fn at_word(&self, word: &str) -> bool {
        self.is_word(self.peek(), word)
    }

    fn keyword(&mut self, word: &str) -> Option<&'a Piece> {
        if self.at_word(word) { self.take_as(TokenClass::Keyword) } else { None }
    }

    /// Whether the next token is a word that begins a clause, and not a column that should be quoted.
    fn at_clause(&self) -> bool {
        let column = |next: &Piece| {
            matches!(next.lexeme, Lexeme::Comma | Lexeme::Close)
                || expression::comparison(next.lexeme).is_some()
                || CLAUSES.iter().any(|word| self.is_word(Some(next), word))
        };
        CLAUSES.iter().any(|word| self.at_word(word))
            && (self.at_word("from") || self.at_word("where") || !self.ahead(1).is_some_and(column))
    }

    /// The place of the next token; empty behind the last one.
    fn here(&self) -> Span {
        self.peek().map_or(self.end..self.end, |piece| piece.span.clone())
    }

    /// Where the last token ended.
    fn behind(&self) -> usize {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            Some((_, piece)) => piece.span.end,
            None => self.tokens.first().map_or(self.end, |(_, piece)| piece.span.start),
        }
    }

    /// Says something, unless something was said of the same place.
    fn say(&mut self, diagnostic: Diagnostic) {
        let said = |known: &Diagnostic| {
            known.span.start == diagnostic.span.start && known.severity >= diagnostic.severity
        };
        if self.diagnostics.len() < MOST_SAID && !self.diagnostics.iter().any(said) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.say(Diagnostic::error(span, message));
    }

    fn error_with(&mut self, span: Span, message: impl Into<String>, fix: Fix) {
        self.say(Diagnostic::error(span, message).with(fix));
    }

    /// Something else was due here.
    fn expected(&mut self, what: &str) {
        match self.peek() {
            Some(piece) => {
                let near = self.slice(piece);
                let near = near.chars().take(40).collect::<String>();
                self.error(piece.span.clone(), format!("{what} is expected, not {near:?}"));
            }
            None => self.error(self.end..self.end, format!("{what} is missing at the end")),
        }
    }

    /// The closing parenthesis that must follow; where it ends.
    fn close(&mut self, open: &Span) -> usize {
        match self.take(Lexeme::Close) {
            Some(piece) => piece.span.end,
            None => {
                let end = self.behind();
                self.say(
                    Diagnostic::error(open.clone(), "this parenthesis is not closed")
                        .with(Fix::replace(end..end, ")")),
                );
                end
            }
        }
    }

    /// Runs `inside` one level deeper; none where that is too deep.
    fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            let here = self.here();
            self.error(here, "this is nested too deeply");
            return None;
        }
        self.depth += 1;
        let value = inside(self);
        self.depth -= 1;
        Some(value)
    }

    /// The text of a quoted piece; one without its end is taken as far as it goes.
    fn unquoted(&mut self, piece: &Piece) -> Spanned<String> {
        let slice = self.slice(piece);
        let (quote, mut inner) = slice.split_at(1);
        if piece.lexeme == Lexeme::OpenText {
            let end = piece.span.end;
            self.say(
                Diagnostic::error(piece.span.clone(), "this text is not closed")
                    .with(Fix::replace(end..end, quote)),
            );
        } else {
            inner = &inner[..inner.len() - 1];
        }
        let mut text = String::with_capacity(inner.len());
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            text.extend(if c == '\\' { chars.next() } else { Some(c) });
        }
        Spanned { value: text, span: piece.span.clone() }
    }
}
