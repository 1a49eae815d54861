//! What follows WHERE.

use super::{
    super::{
        span::Spanned,
        token::Token,
        tree::{Comparison, Condition, Connective, Criterion, Test, Value},
    },
    Cursor, Parsed, is_reserved, unescape,
};

/// Parentheses deeper than this are refused, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 64;

impl Cursor<'_> {
    pub(super) fn condition(&mut self, depth: usize) -> Parsed<Condition> {
        if depth > MAX_DEPTH {
            return Err(self.misplaced("parentheses are nested too deeply"));
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
        if self.take(Token::Close) {
            return Ok(inner);
        }
        Err(if self.is_keyword("and") || self.is_keyword("or") {
            self.misplaced("each and/or joins two conditions, put two of them in parentheses")
        } else {
            self.misplaced("a parenthesis is still open")
        })
    }

    fn criterion(&mut self) -> Parsed<Criterion> {
        let column = self.column()?;
        let Some(first) = self.peek() else { return Err(self.unexpected()) };
        let (start, mut end) = (first.span.start, first.span.end);
        let test = if let Some(comparison) = self.comparison() {
            Test::Compare(comparison, self.value()?)
        } else if self.keyword("is") {
            let negated = self.keyword("not");
            end = self.peek().map_or(end, |lexeme| lexeme.span.end);
            if !self.keyword("null") {
                return Err(self.unexpected());
            }
            Test::Null { negated }
        } else {
            let negated = self.is_keyword("not") && self.not(&mut end)?;
            self.word_test(negated)?
        };
        Ok(Criterion { column, test: Spanned { value: test, span: start..end } })
    }

    /// `not` before an operator that it can stand before; `end` moves to the end of that operator.
    fn not(&mut self, end: &mut usize) -> Parsed<bool> {
        let lone = self.unknown_operator();
        self.advance();
        if !["like", "in", "between"].iter().any(|word| self.is_keyword(word)) {
            return Err(lone);
        }
        *end = self.peek().map_or(*end, |lexeme| lexeme.span.end);
        Ok(true)
    }

    fn word_test(&mut self, negated: bool) -> Parsed<Test> {
        if self.keyword("like") {
            let Some(lexeme) = self.peek().filter(|lexeme| lexeme.token == Token::Text) else {
                return Err(self.unexpected());
            };
            self.advance();
            let pattern = Spanned { value: unescape(self.slice(lexeme)), span: lexeme.span.clone() };
            Ok(Test::Like { negated, pattern })
        } else if self.keyword("in") {
            if !self.take(Token::Open) {
                return Err(self.unexpected());
            }
            let values = self.list(Self::value)?;
            self.close()?;
            Ok(Test::In { negated, values })
        } else if self.keyword("between") {
            let low = self.value()?;
            if !self.keyword("and") {
                return Err(self.unexpected());
            }
            Ok(Test::Between { negated, low, high: self.value()? })
        } else {
            Err(self.unknown_operator())
        }
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
        self.advance();
        Some(comparison)
    }

    fn value(&mut self) -> Parsed<Spanned<Value>> {
        let Some(lexeme) = self.peek() else { return Err(self.unexpected()) };
        let slice = self.slice(lexeme);
        let value = match lexeme.token {
            Token::Text => Value::Text(unescape(slice)),
            Token::Number => Value::Number(slice.to_owned()),
            Token::Hyphenated => Value::Word(slice.to_owned()),
            Token::Name if is_reserved(slice) => {
                return Err(self.misplaced("as a value it must be quoted"));
            }
            Token::Name if !slice.contains(['.', '$']) => Value::Word(slice.to_owned()),
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(Spanned { value, span: lexeme.span.clone() })
    }
}
