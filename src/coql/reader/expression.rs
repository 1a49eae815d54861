//! Expressions, by precedence: OR, AND, NOT, tests, sums, products, signs.

use super::{
    Lexeme, Piece, Reader,
    pairs::{Chain, Operand},
};
use crate::coql::{
    highlight::TokenClass,
    parser::is_path,
    span::Span,
    statement::{Arithmetic, Expr, Node},
    tree::{Comparison, Connective},
};

impl Reader<'_> {
    pub(super) fn expression(&mut self) -> Node {
        let here = self.here();
        self.deeper(Self::or).unwrap_or_else(|| {
            self.take_as(TokenClass::Error);
            Expr::Missing.at(here)
        })
    }

    /// An expression in a place where Bigin reads a quoted path as a column.
    pub(super) fn column_or_expression(&mut self) -> Node {
        let next = self.ahead(1);
        let alone = next.is_none_or(|piece| {
            matches!(piece.lexeme, Lexeme::Comma | Lexeme::Name | Lexeme::Text | Lexeme::OpenText)
        });
        let operator =
            ["and", "or", "not", "like", "in", "between", "is"].iter().any(|word| self.is_word(next, word));
        let column = if alone && !operator { self.quoted_path() } else { None };
        column.unwrap_or_else(|| self.expression())
    }

    /// Runs `inside` where a word after an operand is an operator, never an alias.
    pub(super) fn tests<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.testing, true);
        let value = inside(self);
        self.testing = outer;
        value
    }

    fn or(&mut self) -> Node {
        let first = self.and();
        let mut chain = Chain { operands: vec![first], links: Vec::new() };
        while let Some(word) = self.keyword("or") {
            chain.links.push(word.span.clone());
            let next = self.and();
            chain.operands.push(next);
        }
        if let Some(pairs) = &mut self.pairs {
            pairs.note(&chain);
        }
        join(Connective::Or, chain).node
    }

    fn and(&mut self) -> Operand {
        let first = self.not();
        let mut chain =
            Chain { operands: vec![Operand { node: first, links: Vec::new() }], links: Vec::new() };
        while let Some(word) = self.keyword("and") {
            chain.links.push(word.span.clone());
            let node = self.not();
            chain.operands.push(Operand { node, links: Vec::new() });
        }
        if let Some(pairs) = self.pairs.as_mut().filter(|_| chain.operands.len() > 2) {
            pairs.note(&chain);
        }
        join(Connective::And, chain)
    }

    fn not(&mut self) -> Node {
        let next = self.ahead(1);
        let column = next
            .is_none_or(|piece| comparison(piece.lexeme).is_some() || piece.lexeme == Lexeme::Comma)
            || ["is", "like", "in", "between"].iter().any(|word| self.is_word(next, word));
        let Some(word) = (if column { None } else { self.keyword("not") }) else { return self.test() };
        let node = self.deeper(Self::not).unwrap_or_else(|| Expr::Missing.at(self.here()));
        let span = word.span.start..node.span.end.max(word.span.end);
        Expr::Not(Box::new(node)).at(span)
    }

    fn test(&mut self) -> Node {
        let operand = match self.tested_path() {
            Some(node) => node,
            None => self.sum(),
        };
        let start = operand.span.start;
        let operand = Box::new(operand);
        let Some(piece) = self.peek() else { return *operand };
        if let Some(comparison) = comparison(piece.lexeme) {
            self.take_as(TokenClass::Operator);
            let comparison = self.doubled(comparison, &piece.span);
            let right = Box::new(self.sum());
            let end = right.span.end.max(piece.span.end);
            return Expr::Compare(operand, comparison, right).at(start..end);
        }
        if self.keyword("is").is_some() {
            let negated = self.keyword("not").is_some();
            if self.keyword("null").is_none() {
                self.expected("null");
                if self.at_word("empty") {
                    self.take_as(TokenClass::Error);
                }
            }
            return Expr::Null { operand, negated }.at(start..self.behind());
        }
        let negated = self.at_word("not");
        let word = if negated { self.ahead(1) } else { Some(piece) };
        if !["like", "in", "between"].iter().any(|operator| self.is_word(word, operator)) {
            return self.foreign_test(operand);
        }
        if negated {
            self.keyword("not");
        }
        let expr = if self.keyword("like").is_some() {
            Expr::Like { operand, negated, pattern: Box::new(self.sum()) }
        } else if self.keyword("in").is_some() {
            Expr::In { operand, negated, values: self.values() }
        } else {
            self.keyword("between");
            let low = Box::new(self.sum());
            if self.keyword("and").is_none() {
                self.expected("and with the upper bound");
            }
            Expr::Between { operand, negated, low, high: Box::new(self.sum()) }
        };
        expr.at(start..self.behind())
    }

    /// `==` and `=>`, as other languages have them.
    fn doubled(&mut self, comparison: Comparison, first: &Span) -> Comparison {
        let Some(next) = self.peek().filter(|next| next.span.start == first.end) else { return comparison };
        let (meant, symbol) = match (comparison, next.lexeme) {
            (Comparison::Equal, Lexeme::Equal) => (Comparison::Equal, "="),
            (Comparison::Equal, Lexeme::Greater) => (Comparison::GreaterEqual, ">="),
            (Comparison::Equal, Lexeme::Less) => (Comparison::LessEqual, "<="),
            _ => return comparison,
        };
        self.take_as(TokenClass::Error);
        let span = first.start..next.span.end;
        self.error_with(span.clone(), format!("write {symbol}"), super::Fix::replace(span, symbol));
        meant
    }

    fn values(&mut self) -> Vec<Node> {
        let Some(open) = self.take(Lexeme::Open) else {
            // One parameter may hold a whole list.
            return match self.peek().map(|piece| piece.lexeme) {
                Some(Lexeme::Parameter | Lexeme::Variable) => vec![self.sum()],
                _ => {
                    self.expected("( with the values");
                    Vec::new()
                }
            };
        };
        let mut values = Vec::new();
        if self.is(Lexeme::Close) {
            self.error(open.span.clone(), "the list is empty");
        } else {
            values.push(self.sum());
            while self.take(Lexeme::Comma).is_some() {
                values.push(self.sum());
            }
        }
        self.close(&open.span);
        values
    }

    fn sum(&mut self) -> Node {
        let mut left = self.product();
        loop {
            let operation = match self.peek().map(|piece| piece.lexeme) {
                Some(Lexeme::Plus) => Arithmetic::Add,
                Some(Lexeme::Minus) => Arithmetic::Subtract,
                _ => return left,
            };
            self.take_as(TokenClass::Operator);
            let right = self.product();
            left = arithmetic(left, operation, right);
        }
    }

    fn product(&mut self) -> Node {
        let mut left = self.sign();
        loop {
            let operation = match self.peek().map(|piece| piece.lexeme) {
                Some(Lexeme::Star) => Arithmetic::Multiply,
                Some(Lexeme::Slash) => Arithmetic::Divide,
                _ => return left,
            };
            self.take_as(TokenClass::Operator);
            let right = self.sign();
            left = arithmetic(left, operation, right);
        }
    }

    fn sign(&mut self) -> Node {
        let Some(minus) = self.peek().filter(|piece| piece.lexeme == Lexeme::Minus) else {
            return self.operand();
        };
        self.take_as(TokenClass::Operator);
        if let Some(number) = self.peek().filter(|piece| piece.lexeme == Lexeme::Number) {
            self.take_as(TokenClass::Number);
            return Expr::Number(format!("-{}", self.slice(number))).at(minus.span.start..number.span.end);
        }
        let node = self.deeper(Self::sign).unwrap_or_else(|| Expr::Missing.at(self.here()));
        let span = minus.span.start..node.span.end.max(minus.span.end);
        Expr::Negative(Box::new(node)).at(span)
    }

    /// A quoted path before a test is a column.
    fn tested_path(&mut self) -> Option<Node> {
        let next = self.ahead(1)?;
        let tested = comparison(next.lexeme).is_some()
            || ["is", "not", "like", "in", "between"].iter().any(|word| self.is_word(Some(next), word));
        if tested { self.quoted_path() } else { None }
    }

    fn quoted_path(&mut self) -> Option<Node> {
        let piece = self.peek().filter(|piece| piece.lexeme == Lexeme::Text)?;
        let path = self.unquoted(piece);
        if !is_path(&path) {
            return None;
        }
        self.take_as(TokenClass::Field);
        Some(Expr::Column(path.value).at(path.span))
    }
}

fn join(connective: Connective, chain: Chain) -> Operand {
    let mut operands = chain.operands;
    if operands.len() == 1
        && let Some(only) = operands.pop()
    {
        return only;
    }
    let span = match (operands.first(), operands.last()) {
        (Some(first), Some(last)) => first.node.span.start..last.node.span.end.max(first.node.span.start),
        _ => 0..0,
    };
    let all = operands.into_iter().map(|operand| operand.node).collect();
    Operand { node: Expr::Logic(connective, all).at(span), links: chain.links }
}

fn arithmetic(left: Node, operation: Arithmetic, right: Node) -> Node {
    let span = left.span.start..right.span.end.max(left.span.end);
    Expr::Arithmetic(Box::new(left), operation, Box::new(right)).at(span)
}

pub(super) const fn comparison(lexeme: Lexeme) -> Option<Comparison> {
    Some(match lexeme {
        Lexeme::Equal => Comparison::Equal,
        Lexeme::NotEqual => Comparison::NotEqual,
        Lexeme::Greater => Comparison::Greater,
        Lexeme::GreaterEqual => Comparison::GreaterEqual,
        Lexeme::Less => Comparison::Less,
        Lexeme::LessEqual => Comparison::LessEqual,
        _ => return None,
    })
}

/// Whether an operand can begin with this token.
pub(super) const fn begins_operand(piece: &Piece) -> bool {
    matches!(
        piece.lexeme,
        Lexeme::Name
            | Lexeme::OpenPath
            | Lexeme::Hyphenated
            | Lexeme::QuotedName
            | Lexeme::Variable
            | Lexeme::Parameter
            | Lexeme::Number
            | Lexeme::RoundNumber
            | Lexeme::Date
            | Lexeme::Text
            | Lexeme::OpenText
            | Lexeme::Open
            | Lexeme::Minus
    )
}
