//! The clauses of a statement.

use super::{CLAUSES, Lexeme, Reader};
use crate::coql::{
    diagnostic::{Diagnostic, Fix},
    highlight::TokenClass,
    similar::nearest,
    span::Spanned,
    statement::{Expr, Item, Node, SortKey, Statement},
    tree::Direction,
};

impl Reader<'_> {
    pub(super) fn statement(&mut self) -> Statement {
        let mut statement = Statement::default();
        self.select(&mut statement);
        let mut seen = 0;
        while self.peek().is_some() {
            if let Some(slip) = self.slipped_clause().filter(|_| !self.at_clause()) {
                self.take_slip(slip);
                seen = self.clause(slip, seen, &mut statement);
            } else if let Some(clause) = CLAUSES.into_iter().find(|word| self.at_word(word)) {
                self.keyword(clause);
                seen = self.clause(clause, seen, &mut statement);
            } else {
                self.leftover();
            }
        }
        if statement.module.is_none() && statement != Statement::default() {
            let end = self.end;
            self.error(end..end, "the from clause is missing: say which module is meant");
        }
        statement
    }

    fn select(&mut self, statement: &mut Statement) {
        if self.keyword("select").is_none() {
            let here = self.here();
            let word = self.peek().map_or("", |piece| self.slice(piece));
            if self.at_word("from") {
                let fix = Fix::replace(here.start..here.start, "select * ");
                self.error_with(here.start..here.start, "the select clause is missing", fix);
                return;
            }
            if nearest(word, std::iter::once("select")).is_none() {
                self.error(here, "only select queries can be run");
                while self.peek().is_some() && !self.at_clause() {
                    self.take_as(TokenClass::Error);
                }
                return;
            }
            self.take_slip("select");
        }
        let next = self.ahead(1);
        let named = next.is_none_or(|piece| piece.lexeme == Lexeme::Comma) || self.is_word(next, "from");
        statement.distinct = !named && self.keyword("distinct").is_some();
        if self.at_clause() || self.peek().is_none() {
            let at = self.behind();
            self.error_with(at..at, "nothing is selected", Fix::replace(at..at, " *"));
            return;
        }
        self.list(|reader| {
            let item = reader.item();
            statement.items.extend(item);
        });
    }

    /// Items with commas between them.
    fn list(&mut self, mut item: impl FnMut(&mut Self)) {
        loop {
            if self.peek().is_none() || self.at_clause() {
                // A comma too many.
                let at = self.behind();
                let comma = at.saturating_sub(1)..at;
                if self.text.get(comma.clone()) == Some(",") {
                    self.error_with(comma.clone(), "nothing follows this comma", Fix::replace(comma, ""));
                } else {
                    self.expected("a column");
                }
                return;
            }
            item(self);
            if self.take(Lexeme::Comma).is_none() {
                return;
            }
        }
    }

    fn item(&mut self) -> Option<Item> {
        if let Some(piece) = self.take(Lexeme::Star) {
            return Some(Item::Everything(Spanned { value: (), span: piece.span.clone() }));
        }
        let node = self.column_or_expression();
        let alias = self.alias();
        (node.value != Expr::Missing || alias.is_some()).then_some(Item::One { node, alias })
    }

    fn alias(&mut self) -> Option<Spanned<String>> {
        let as_word = self.keyword("as");
        let piece = self.peek()?;
        let word = piece.lexeme == Lexeme::Name && !self.at_clause();
        match piece.lexeme {
            Lexeme::Text | Lexeme::OpenText => {
                self.take_as(TokenClass::Alias);
                Some(self.unquoted(piece))
            }
            _ if word && (as_word.is_some() || self.is_bare_alias()) => {
                self.take_as(TokenClass::Alias);
                Some(Spanned { value: self.slice(piece).to_owned(), span: piece.span.clone() })
            }
            _ => {
                if as_word.is_some() {
                    self.expected("a name for the column");
                }
                None
            }
        }
    }

    fn is_bare_alias(&self) -> bool {
        let reserved = self.peek().is_none_or(|piece| super::is_word_of_ours(self.slice(piece)));
        !reserved && self.slipped_clause().is_none()
    }

    /// Reads the clause behind its keyword. `seen` is the place of the last clause in the language's order.
    fn clause(&mut self, clause: &str, seen: usize, statement: &mut Statement) -> usize {
        let place = CLAUSES.iter().position(|word| *word == clause).map_or(0, |at| at + 1);
        // OFFSET before LIMIT means the same.
        if place <= seen && clause != "limit" {
            let at = self.behind();
            let span = at.saturating_sub(clause.len())..at;
            let message = match seen.checked_sub(1).and_then(|at| CLAUSES.get(at)) {
                Some(last) if *last != clause => format!("{clause} stands before {last}"),
                _ => format!("{clause} is here twice"),
            };
            self.error(span, message);
        }
        match clause {
            "from" => self.from(statement),
            "where" => {
                let node = self.condition();
                statement.condition.get_or_insert(node);
            }
            "group" => {
                self.by("group");
                self.list(|reader| {
                    let node = reader.column_or_expression();
                    statement.group.push(node);
                });
            }
            "having" => {
                let node = self.expression();
                statement.having.get_or_insert(node);
            }
            "order" => {
                self.by("order");
                self.list(|reader| {
                    let key = reader.sort_key();
                    statement.order.push(key);
                });
            }
            "limit" => self.limit(statement),
            _ => statement.offset = Some(self.count("offset")),
        }
        place.max(seen)
    }

    fn from(&mut self, statement: &mut Statement) {
        let Some(piece) = self.peek().filter(|piece| piece.lexeme == Lexeme::Name && !self.at_clause())
        else {
            self.expected("the name of a module");
            return;
        };
        self.take_as(TokenClass::Module);
        let module = Spanned { value: self.slice(piece).to_owned(), span: piece.span.clone() };
        statement.module.get_or_insert(module);
        if let Some(comma) = self.peek().filter(|piece| piece.lexeme == Lexeme::Comma) {
            self.error(
                comma.span.clone(),
                "a query reads one module: reach others through lookups, such as Account_Name.Phone",
            );
            while self.peek().is_some() && !self.at_clause() {
                self.take_as(TokenClass::Error);
            }
        }
    }

    fn sort_key(&mut self) -> SortKey {
        let node = self.column_or_expression();
        let direction = if self.keyword("desc").is_some() {
            Direction::Descending
        } else {
            self.keyword("asc");
            Direction::Ascending
        };
        SortKey { node, direction }
    }

    fn limit(&mut self, statement: &mut Statement) {
        let first = self.count("limit");
        if let Some(comma) = self.take(Lexeme::Comma) {
            let second = self.count("limit");
            let span = first.span.start..second.span.end;
            let fix = Fix::replace(span, &format!("{} offset {}", second.value, first.value));
            self.error_with(comma.span.clone(), "the rows to skip follow the word offset", fix);
            statement.offset = Some(first);
            statement.limit = Some(second);
        } else {
            statement.limit = Some(first);
        }
    }

    fn count(&mut self, clause: &str) -> Node {
        let here = self.here();
        match self.peek().map(|piece| (piece.lexeme, self.slice(piece))) {
            Some((Lexeme::Number, number)) => {
                self.take_as(TokenClass::Number);
                if number.contains('.') || number.parse::<u64>().is_err() {
                    self.error(here.clone(), format!("{clause} needs a whole number, not {number}"));
                }
                Expr::Number(number.to_owned()).at(here)
            }
            Some((Lexeme::Parameter, name)) => {
                self.take_as(TokenClass::Parameter);
                Expr::Parameter(name[1..].to_owned()).at(here)
            }
            _ => {
                self.expected(&format!("a whole number after {clause}"));
                if !self.at_clause() {
                    self.take_as(TokenClass::Error);
                }
                Expr::Missing.at(here)
            }
        }
    }

    /// Says what stands where a clause could begin, and skips to the next one.
    fn leftover(&mut self) {
        let Some(piece) = self.peek() else { return };
        let (near, span) = (self.slice(piece), piece.span.clone());
        let diagnostic = if piece.lexeme == Lexeme::Close {
            Diagnostic::error(span.clone(), "no parenthesis is open here").with(Fix::replace(span, ""))
        } else if self.at_word("join") || self.at_word("left") || self.at_word("inner") {
            Diagnostic::error(
                span,
                "there is no join: reach other modules through lookups, such as Account_Name.Phone",
            )
        } else if self.at_word("union") {
            Diagnostic::error(span, "there is no union: write two queries")
        } else {
            let near: String = near.chars().take(40).collect();
            Diagnostic::error(span, format!("{near:?} cannot stand here"))
        };
        self.say(diagnostic);
        let start = self.at;
        while self.peek().is_some()
            && (self.at == start || !self.at_clause() && self.slipped_clause().is_none())
        {
            self.take_as(TokenClass::Error);
        }
    }
}
