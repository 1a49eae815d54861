//! Tokens to a tree, by recursive descent.

mod condition;
mod cursor;

use cursor::{Cursor, unescape};

use super::{
    span::Spanned,
    syntax::SyntaxError,
    token::{Token, lex},
    tree::{Column, Direction, Query, Selected, SortItem},
};

type Parsed<T> = Result<T, SyntaxError>;

const RESERVED: [&str; 9] = ["select", "from", "where", "and", "or", "order", "group", "limit", "offset"];

/// Whether `name` is a column only in quotes.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// Reads `text` as one query of Bigin's documented grammar, or of its later forms with aliases, functions
/// and GROUP BY; [`check`](super::check) refuses what a [`Dialect`](super::Dialect) does not take.
///
/// ```
/// let query = bigin::coql::parse("SELECT Deal_Name FROM Pipelines WHERE Amount>=5000")?;
/// assert_eq!(query.to_string(), "select Deal_Name from Pipelines where Amount >= 5000");
/// # Ok::<(), bigin::coql::SyntaxError>(())
/// ```
///
/// # Errors
/// The first place where the text leaves the grammar. Whether modules and fields exist is not asked here.
pub fn parse(text: &str) -> Result<Query, SyntaxError> {
    let tokens = lex(text);
    Cursor::new(text, &tokens).query()
}

impl Cursor<'_> {
    fn query(&mut self) -> Parsed<Query> {
        if !self.keyword("select") {
            return Err(SyntaxError::NotSelect);
        }
        if self.at_end_or(&["from", "where"]) {
            return Err(self.missing("select"));
        }
        let columns = self.list(Self::selected)?;
        if !self.keyword("from") {
            return Err(if self.later("from") { self.unexpected() } else { self.missing("from") });
        }
        if self.at_end_or(&RESERVED) {
            return Err(self.missing("from"));
        }
        let module = self.name()?;
        let condition = if self.keyword("where") {
            if self.at_end_or(&["order", "group", "limit", "offset"]) {
                return Err(self.missing("where"));
            }
            Some(self.condition(0)?)
        } else {
            None
        };
        let group = if self.phrase("group")? { self.list(Self::column)? } else { Vec::new() };
        let order = if self.phrase("order")? { self.list(Self::sort_item)? } else { Vec::new() };
        let limit = if self.keyword("limit") { Some(self.count("limit")?) } else { None };
        let offset =
            if limit.is_some() && self.keyword("offset") { Some(self.count("offset")?) } else { None };
        if self.peek().is_some() {
            Err(self.leftover())
        } else {
            Ok(Query { columns, module, condition, group, order, limit, offset })
        }
    }

    /// What a token after the last clause means.
    fn leftover(&self) -> SyntaxError {
        if self.is_keyword("and") || self.is_keyword("or") {
            return self.misplaced("each and/or joins two conditions, put two of them in parentheses");
        }
        if self.is(Token::Close) {
            return self.misplaced("no parenthesis is open");
        }
        self.unexpected()
    }

    /// `word by`.
    fn phrase(&mut self, word: &str) -> Parsed<bool> {
        if !self.keyword(word) {
            return Ok(false);
        }
        if self.keyword("by") { Ok(true) } else { Err(self.unexpected()) }
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take(Token::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn selected(&mut self) -> Parsed<Selected> {
        let column = self.expression()?;
        let bare = self.is(Token::Text) || self.is(Token::Name) && !self.at_reserved();
        let alias = if self.keyword("as") || bare { Some(self.alias()?) } else { None };
        Ok(Selected { column, alias })
    }

    fn alias(&mut self) -> Parsed<Spanned<String>> {
        match self.peek() {
            Some(lexeme) if lexeme.token == Token::Text => {
                self.advance();
                Ok(Spanned { value: unescape(self.slice(lexeme)), span: lexeme.span.clone() })
            }
            _ => self.name(),
        }
    }

    fn sort_item(&mut self) -> Parsed<SortItem> {
        let column = self.expression()?;
        let direction = if self.keyword("desc") {
            Direction::Descending
        } else {
            self.keyword("asc");
            Direction::Ascending
        };
        Ok(SortItem { column, direction })
    }

    /// A column or a function of one.
    fn expression(&mut self) -> Parsed<Spanned<Column>> {
        let unquoted = self.is(Token::Name);
        let first = self.column()?;
        if !unquoted || !self.take(Token::Open) {
            return Ok(first);
        }
        let inner = self.column()?;
        let end = self.close()?;
        let column = Column { function: Some(first.value.path), path: inner.value.path };
        Ok(Spanned { value: column, span: first.span.start..end })
    }

    pub(super) fn column(&mut self) -> Parsed<Spanned<Column>> {
        let Some(lexeme) = self.peek() else { return Err(self.unexpected()) };
        let slice = self.slice(lexeme);
        let path = match lexeme.token {
            Token::Text => {
                Some(unescape(slice)).filter(|path| is_path(path)).ok_or_else(|| self.unexpected())?
            }
            Token::Name if is_reserved(slice) => {
                return Err(self.misplaced("as the name of a column it must be quoted"));
            }
            Token::Name => slice.to_owned(),
            Token::Unknown if slice.starts_with('*') => {
                return Err(self.misplaced("every column must be named"));
            }
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(Spanned { value: Column { function: None, path }, span: lexeme.span.clone() })
    }

    fn count(&mut self, clause: &'static str) -> Parsed<Spanned<u64>> {
        let (found, span) = match self.peek() {
            Some(lexeme) => (self.slice(lexeme), lexeme.span.clone()),
            None => ("", self.end()..self.end()),
        };
        let digits = !found.is_empty() && found.bytes().all(|b| b.is_ascii_digit());
        // More digits than a number has are still a number: too many rows, not a mistake in the grammar.
        let value = found.parse().ok().or(digits.then_some(u64::MAX));
        let not_a_number = || SyntaxError::NotANumber { clause, found: found.to_owned(), at: span.start };
        let value = value.ok_or_else(not_a_number)?;
        self.advance();
        Ok(Spanned { value, span })
    }
}

/// Whether a quoted text is a path: names joined by dots, of which the first may choose a module by `->`.
pub(super) fn is_path(text: &str) -> bool {
    let (field, rest) = text.split_once("->").unwrap_or(("x", text));
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'$')
    };
    is_name(field) && rest.split('.').all(is_name) && (!text.contains("->") || rest.contains('.'))
}
