//! What expressions are made of: names, literals, functions, CASE, and slips for operators.

use super::{
    CLAUSES, Fix, Lexeme, Piece, Reader,
    expression::{begins_operand, comparison},
};
use crate::coql::{
    diagnostic::{Diagnostic, Edit},
    highlight::TokenClass,
    parser::{is_path, is_reserved},
    span::Span,
    statement::{Expr, Node},
    tree::Comparison,
};

/// Words of other languages for tests, with what `like` puts around the text.
const SEARCHES: [(&str, &str, &str); 5] = [
    ("contains", "%", "%"),
    ("starts_with", "", "%"),
    ("startswith", "", "%"),
    ("ends_with", "%", ""),
    ("endswith", "%", ""),
];

impl Reader<'_> {
    pub(super) fn operand(&mut self) -> Node {
        let Some(piece) = self.peek() else {
            self.expected("a column or value");
            return Expr::Missing.at(self.here());
        };
        let (span, slice) = (piece.span.clone(), self.slice(piece));
        match piece.lexeme {
            Lexeme::Name => self.named(piece),
            Lexeme::QuotedName => {
                self.take_as(TokenClass::Field);
                let path = slice.trim_matches('`');
                if !is_path(path) {
                    self.error(span.clone(), format!("{path:?} is not the name of a column"));
                }
                Expr::Column(path.to_owned()).at(span)
            }
            Lexeme::OpenPath => {
                self.take_as(TokenClass::Field);
                self.error(span.clone(), "the name of a field is missing after the dot");
                Expr::Missing.at(span)
            }
            Lexeme::Hyphenated => {
                self.take_as(TokenClass::Value);
                Expr::Word(slice.to_owned()).at(span)
            }
            Lexeme::Variable => self.variable(),
            Lexeme::Parameter => {
                self.take_as(TokenClass::Parameter);
                Expr::Parameter(slice[1..].to_owned()).at(span)
            }
            Lexeme::Number => {
                self.take_as(TokenClass::Number);
                Expr::Number(slice.to_owned()).at(span)
            }
            Lexeme::RoundNumber => {
                self.take_as(TokenClass::Number);
                let number = in_full(slice);
                let message = format!("numbers are written in full: {number}");
                self.error_with(span.clone(), message, Fix::replace(span.clone(), &number));
                Expr::Number(number).at(span)
            }
            Lexeme::Date => {
                self.take_as(TokenClass::Text);
                let day = iso_day(slice);
                let quoted = format!("'{day}'");
                self.error_with(
                    span.clone(),
                    "dates are written in quotes",
                    Fix::replace(span.clone(), &quoted),
                );
                Expr::Text(day).at(span)
            }
            Lexeme::Text | Lexeme::OpenText => self.text(piece),
            Lexeme::Open => {
                self.take(Lexeme::Open);
                let inner = self.tests(Self::expression);
                let end = self.close(&span);
                inner.value.at(span.start..end)
            }
            _ => {
                self.expected("a column or value");
                if matches!(piece.lexeme, Lexeme::Unknown | Lexeme::Star | Lexeme::Plus | Lexeme::Slash) {
                    self.take_as(TokenClass::Error);
                }
                Expr::Missing.at(span.start..span.start)
            }
        }
    }

    fn named(&mut self, piece: &Piece) -> Node {
        let (name, span) = (self.slice(piece), piece.span.clone());
        let next = self.ahead(1);
        let called = next.is_some_and(|next| next.lexeme == Lexeme::Open);
        if self.begins_case() {
            return self.case(&span);
        }
        if is_reserved(name) {
            if self.at_clause() || name.eq_ignore_ascii_case("and") || name.eq_ignore_ascii_case("or") {
                self.expected("a column or value");
                return Expr::Missing.at(span.start..span.start);
            }
            self.take_as(TokenClass::Error);
            let inside =
                next.is_some_and(|next| matches!(next.lexeme, Lexeme::Close) || is_sign(next.lexeme));
            let quote = if inside { '`' } else { '\'' };
            let fix = Fix::replace(span.clone(), &format!("{quote}{name}{quote}"));
            self.error_with(span.clone(), format!("as the name of a column, {name} must be quoted"), fix);
            return Expr::Column(name.to_owned()).at(span);
        }
        let part = |word: &&str| word.eq_ignore_ascii_case(name);
        if self.cases > 0 && ["when", "then", "else", "end"].iter().any(part) {
            self.expected("a column or value");
            return Expr::Missing.at(span.start..span.start);
        }
        if called && !name.contains(['.', '>']) && !super::is_word_of_ours(name) {
            return self.call(name, &span);
        }
        if ["true", "false", "null"].iter().any(part) {
            self.take_as(TokenClass::Value);
            return Expr::Word(name.to_owned()).at(span);
        }
        self.take_as(TokenClass::Field);
        Expr::Column(name.to_owned()).at(span)
    }

    fn call(&mut self, name: &str, start: &Span) -> Node {
        self.take_as(TokenClass::Function);
        let open = self.here();
        self.take(Lexeme::Open);
        let mut arguments = Vec::new();
        let mut distinct = false;
        if self.take(Lexeme::Star).is_none() {
            let next = self.ahead(1);
            let column = next.is_none_or(|next| matches!(next.lexeme, Lexeme::Close | Lexeme::Comma));
            distinct = !column && self.keyword("distinct").is_some();
            if self.is(Lexeme::Close) {
                let at = open.end..open.end;
                self.error(at, format!("{name} needs a column"));
                arguments.push(Expr::Missing.at(open.end..open.end));
            } else {
                loop {
                    let argument = self.tests(Self::expression);
                    arguments.push(argument);
                    if self.take(Lexeme::Comma).is_none() {
                        break;
                    }
                }
            }
        }
        let end = self.close(&open);
        Expr::Call { name: name.to_owned(), distinct, arguments }.at(start.start..end)
    }

    fn variable(&mut self) -> Node {
        let here = self.here();
        let name = self.take_as(TokenClass::Parameter).map_or("", |piece| &self.slice(piece)[1..]);
        let mut end = here.end;
        let mut shift = None;
        if let Some(open) =
            self.peek().filter(|piece| piece.lexeme == Lexeme::Open && piece.span.start == end)
        {
            self.take(Lexeme::Open);
            let negative = self.take(Lexeme::Minus).is_some();
            let number = self.peek().filter(|piece| piece.lexeme == Lexeme::Number);
            match number.and_then(|number| self.slice(number).parse::<i32>().ok()) {
                Some(number) => {
                    self.take_as(TokenClass::Number);
                    shift = Some(i64::from(if negative { -number } else { number }));
                }
                None => self.expected("a whole number"),
            }
            end = self.close(&open.span);
        }
        Expr::Variable { name: name.to_owned(), shift }.at(here.start..end)
    }

    fn text(&mut self, piece: &Piece) -> Node {
        self.take_as(TokenClass::Text);
        let mut text = self.unquoted(piece);
        // `''` inside a text, as SQL writes a quote.
        while let Some(next) = self.peek().filter(|next| {
            matches!(next.lexeme, Lexeme::Text | Lexeme::OpenText) && next.span.start == text.span.end
        }) {
            self.take_as(TokenClass::Text);
            let quote = &self.text[next.span.start..=next.span.start];
            let span = next.span.start - 1..next.span.start + 1;
            let fix = Fix::replace(span.clone(), &format!("\\{quote}"));
            self.error_with(span, format!("a quote inside a text is written \\{quote}"), fix);
            let more = self.unquoted(next);
            text.value = format!("{}{quote}{}", text.value, more.value);
            text.span.end = next.span.end;
        }
        Expr::Text(text.value).at(text.span)
    }

    /// Whether `case` at the next place begins an expression and is not the name of a column.
    fn begins_case(&self) -> bool {
        let Some(next) = self.ahead(1).filter(|_| self.at_word("case")) else { return false };
        let is_any = |piece, words: &[&str]| words.iter().any(|word| self.is_word(piece, word));
        let tested = is_any(Some(next), &["is", "like", "in", "between"])
            || self.is_word(Some(next), "not") && is_any(self.ahead(2), &["like", "in", "between"]);
        let ended = is_any(Some(next), &["as", "and", "or", "asc", "desc"]) || is_any(Some(next), &CLAUSES);
        begins_operand(next) && !tested && !ended
    }

    fn case(&mut self, start: &Span) -> Node {
        self.keyword("case");
        self.cases += 1;
        let node = self.deeper(Self::branches);
        self.cases -= 1;
        node.unwrap_or(Expr::Missing).at(start.start..self.behind())
    }

    fn branches(&mut self) -> Expr {
        let operand = if self.at_word("when") { None } else { Some(Box::new(self.tests(Self::expression))) };
        let mut branches = Vec::new();
        while self.keyword("when").is_some() {
            let when = self.tests(Self::expression);
            if self.keyword("then").is_none() {
                self.expected("then");
            }
            let then = self.tests(Self::expression);
            branches.push((when, then));
        }
        if branches.is_empty() {
            self.expected("when");
        }
        let otherwise =
            if self.keyword("else").is_some() { Some(Box::new(self.tests(Self::expression))) } else { None };
        if self.keyword("end").is_none() {
            let at = self.behind();
            self.error_with(
                at..at,
                "end is missing after the branches of case",
                Fix::replace(at..at, " end"),
            );
        }
        Expr::Case { operand, branches, otherwise }
    }

    /// What follows an operand and is no test: nothing, or a word where an operator is due.
    pub(super) fn foreign_test(&mut self, operand: Box<Node>) -> Node {
        let (Some(word), Some(next)) = (self.peek(), self.ahead(1)) else { return *operand };
        let name = self.slice(word);
        let due = self.testing && word.lexeme == Lexeme::Name && begins_operand(next);
        let ours = super::is_word_of_ours(name) && !name.eq_ignore_ascii_case("not");
        let by = self.is_word(Some(next), "by");
        if !due || ours || by || self.slipped_clause().is_some() {
            return *operand;
        }
        self.take_as(TokenClass::Error);
        let message = format!("{name:?} is no operator");
        let search = SEARCHES.iter().find(|(search, ..)| search.eq_ignore_ascii_case(name));
        let diagnostic = match search.filter(|_| next.lexeme == Lexeme::Text) {
            Some((_, lead, tail)) => {
                let text = &next.span;
                let edits = vec![
                    Edit { span: word.span.clone(), text: "like".to_owned() },
                    Edit { span: text.start + 1..text.start + 1, text: (*lead).to_owned() },
                    Edit { span: text.end - 1..text.end - 1, text: (*tail).to_owned() },
                ];
                Diagnostic::error(word.span.clone(), message).with(Fix::all("write like", edits))
            }
            None => Diagnostic::error(word.span.clone(), message),
        };
        self.say(diagnostic);
        if self.peek().and_then(|piece| comparison(piece.lexeme)).is_some() {
            self.take_as(TokenClass::Error);
        }
        let right = self.operand();
        let span = operand.span.start..right.span.end.max(operand.span.end);
        Expr::Compare(operand, Comparison::Equal, Box::new(right)).at(span)
    }
}

const fn is_sign(lexeme: Lexeme) -> bool {
    matches!(lexeme, Lexeme::Plus | Lexeme::Minus | Lexeme::Star | Lexeme::Slash)
}

/// `48k` as `48000`.
fn in_full(number: &str) -> String {
    let (digits, letter) = number.split_at(number.len() - 1);
    let zeros = if letter.eq_ignore_ascii_case("k") { 3 } else { 6 };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let padded = format!("{fraction:0<zeros$}");
    let (front, back) = padded.split_at(zeros);
    let whole = format!("{whole}{front}");
    if back.is_empty() { whole } else { format!("{whole}.{back}") }
}

/// A day as COQL writes it, from one written with dots or without leading zeros.
pub(in crate::coql) fn iso_day(text: &str) -> String {
    let pad = |part: &str| format!("{part:0>2}");
    if let [day, month, year] = text.split('.').collect::<Vec<_>>()[..] {
        return format!("{year}-{}-{}", pad(month), pad(day));
    }
    let (date, time) = text.split_at(text.find('T').unwrap_or(text.len()));
    match date.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("{year}-{}-{}{time}", pad(month), pad(day)),
        _ => text.to_owned(),
    }
}
