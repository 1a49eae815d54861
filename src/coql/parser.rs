//! Tokens to a tree, by recursive descent.

use super::{
    token::{Spanned, Token, lex},
    tree::{Comparison, Condition, Connective, Criterion, Direction, Query, SortItem, Test, Value},
};

/// Parentheses deeper than this are refused, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 64;

/// Why a text is not a query, in the categories of Bigin's `SYNTAX_ERROR` and `INVALID_QUERY` answers.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records-coql.html>
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// The statement is something else than a SELECT.
    #[error("only select queries can be run")]
    NotSelect,
    /// A clause that must be there is not.
    #[error("the {0} clause is missing")]
    MissingClause(&'static str),
    /// The text cannot be read at `at`.
    #[error("unexpected {near:?}")]
    Unexpected {
        /// Byte offset in the text.
        at: usize,
        /// The token that stands there; empty at the end of the text.
        near: String,
    },
    /// LIMIT or OFFSET is followed by something else than a whole number.
    #[error("{clause} needs a whole number, not {found:?}")]
    NotANumber {
        /// `limit` or `offset`.
        clause: &'static str,
        /// What stands there.
        found: String,
    },
}

/// Reads `text` as one query of Bigin's documented grammar.
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
    let mut parser = Parser { text, tokens: &tokens, at: 0 };
    parser.query()
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Spanned],
    at: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    fn query(&mut self) -> Parsed<Query> {
        if !self.keyword("select") {
            return Err(SyntaxError::NotSelect);
        }
        let mut columns = vec![self.column()?];
        while self.take(Token::Comma) {
            columns.push(self.column()?);
        }
        if !self.keyword("from") {
            let has_from = self.tokens.iter().any(|t| self.is_word(t, "from"));
            return Err(if has_from { self.unexpected() } else { SyntaxError::MissingClause("from") });
        }
        let module = self.name()?.to_owned();
        let condition = if self.keyword("where") { Some(self.condition(0)?) } else { None };
        let mut order = Vec::new();
        if self.keyword("order") {
            if !self.keyword("by") {
                return Err(self.unexpected());
            }
            order.push(self.sort_item()?);
            while self.take(Token::Comma) {
                order.push(self.sort_item()?);
            }
        }
        let limit = if self.keyword("limit") { Some(self.count("limit")?) } else { None };
        let offset =
            if limit.is_some() && self.keyword("offset") { Some(self.count("offset")?) } else { None };
        if self.at < self.tokens.len() {
            return Err(self.unexpected());
        }
        Ok(Query { columns, module, condition, order, limit, offset })
    }

    fn condition(&mut self, depth: usize) -> Parsed<Condition> {
        if depth > MAX_DEPTH {
            return Err(self.unexpected());
        }
        let left = self.operand(depth)?;
        let connective = if self.keyword("and") {
            Connective::And
        } else if self.keyword("or") {
            Connective::Or
        } else {
            return Ok(left);
        };
        let right = self.operand(depth)?;
        Ok(Condition::Pair(Box::new(left), connective, Box::new(right)))
    }

    fn operand(&mut self, depth: usize) -> Parsed<Condition> {
        if !self.take(Token::Open) {
            return self.criterion().map(Condition::Criterion);
        }
        let inner = self.condition(depth + 1)?;
        if self.take(Token::Close) { Ok(inner) } else { Err(self.unexpected()) }
    }

    fn criterion(&mut self) -> Parsed<Criterion> {
        let column = self.column()?;
        if let Some(comparison) = self.comparison() {
            return Ok(Criterion { column, test: Test::Compare(comparison, self.value()?) });
        }
        if self.keyword("is") {
            let negated = self.keyword("not");
            return if self.keyword("null") {
                Ok(Criterion { column, test: Test::Null { negated } })
            } else {
                Err(self.unexpected())
            };
        }
        if self.keyword("between") {
            let low = self.value()?;
            if !self.keyword("and") {
                return Err(self.unexpected());
            }
            return Ok(Criterion { column, test: Test::Between(low, self.value()?) });
        }
        let negated = self.keyword("not");
        let test = if self.keyword("like") {
            match self.value()? {
                Value::Text(pattern) => Test::Like { negated, pattern },
                Value::Number(_) | Value::Word(_) => {
                    self.at -= 1;
                    return Err(self.unexpected());
                }
            }
        } else if self.keyword("in") {
            Test::In { negated, values: self.list()? }
        } else {
            return Err(self.unexpected());
        };
        Ok(Criterion { column, test })
    }

    fn list(&mut self) -> Parsed<Vec<Value>> {
        if !self.take(Token::Open) {
            return Err(self.unexpected());
        }
        let mut values = vec![self.value()?];
        while self.take(Token::Comma) {
            values.push(self.value()?);
        }
        if self.take(Token::Close) { Ok(values) } else { Err(self.unexpected()) }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.peek()?.token {
            Token::Equal => Comparison::Equal,
            Token::NotEqual => Comparison::NotEqual,
            Token::Greater => Comparison::Greater,
            Token::GreaterEqual => Comparison::GreaterEqual,
            Token::Less => Comparison::Less,
            Token::LessEqual => Comparison::LessEqual,
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    fn value(&mut self) -> Parsed<Value> {
        let Some(token) = self.peek() else { return Err(self.unexpected()) };
        let slice = &self.text[token.span.clone()];
        let value = match token.token {
            Token::Text => Value::Text(unescape(slice)),
            Token::Number => Value::Number(slice.to_owned()),
            Token::Name if !slice.eq_ignore_ascii_case("null") => Value::Word(slice.to_owned()),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(value)
    }

    fn sort_item(&mut self) -> Parsed<SortItem> {
        let column = self.column()?;
        let direction = if self.keyword("desc") {
            Direction::Descending
        } else {
            self.keyword("asc");
            Direction::Ascending
        };
        Ok(SortItem { column, direction })
    }

    fn count(&mut self, clause: &'static str) -> Parsed<u64> {
        let found = self.peek().map_or("", |t| &self.text[t.span.clone()]);
        let number =
            found.parse().map_err(|_| SyntaxError::NotANumber { clause, found: found.to_owned() })?;
        self.at += 1;
        Ok(number)
    }

    fn column(&mut self) -> Parsed<String> {
        const RESERVED: [&str; 8] = ["select", "from", "where", "and", "or", "order", "limit", "offset"];
        let at = self.at;
        let name = self.name()?;
        if RESERVED.iter().any(|word| word.eq_ignore_ascii_case(name)) {
            self.at = at;
            return Err(self.unexpected());
        }
        Ok(name.to_owned())
    }

    fn name(&mut self) -> Parsed<&'a str> {
        match self.peek() {
            Some(Spanned { token: Token::Name, span }) => {
                let name = &self.text[span.clone()];
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|t| self.is_word(t, word));
        self.at += usize::from(found);
        found
    }

    fn is_word(&self, token: &Spanned, word: &str) -> bool {
        token.token == Token::Name && self.text[token.span.clone()].eq_ignore_ascii_case(word)
    }

    fn take(&mut self, token: Token) -> bool {
        let found = self.peek().is_some_and(|t| t.token == token);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<&'a Spanned> {
        self.tokens.get(self.at)
    }

    fn unexpected(&self) -> SyntaxError {
        match self.peek() {
            Some(t) => {
                SyntaxError::Unexpected { at: t.span.start, near: self.text[t.span.clone()].to_owned() }
            }
            None => SyntaxError::Unexpected { at: self.text.len(), near: String::new() },
        }
    }
}

fn unescape(quoted: &str) -> String {
    let mut text = String::with_capacity(quoted.len());
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        text.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    text
}

#[cfg(test)]
mod tests;
