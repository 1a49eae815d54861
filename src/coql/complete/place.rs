//! What the grammar has at the cursor.

use crate::coql::lexeme::{Lexeme, Piece};

/// What can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The first word.
    Start,
    /// `by`.
    By,
    /// A module.
    Module,
    /// Something with a value.
    Operand(Clause),
    /// A value of the column at the end of a path.
    Value(Clause, String),
    /// Behind something with a value; the path, where it is a single column.
    Behind(Clause, Option<String>),
    /// Behind a whole test or a module.
    Next(Clause),
    /// A number of rows.
    Count,
    /// Nothing that could be guessed.
    Nothing,
}

/// The clause that the cursor is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Clause {
    Select,
    From,
    Where,
    Group,
    Having,
    Order,
    Limit,
    Offset,
}

/// An open parenthesis.
#[derive(Debug, Clone)]
enum Open {
    /// Of a function.
    Call,
    /// A list of values of a column.
    List(String),
    /// Around an expression.
    Plain,
}

/// What has been written so far.
struct Walk<'a> {
    text: &'a str,
    clause: Option<Clause>,
    open: Vec<Open>,
    /// The column before the operator that was read last.
    compared: Option<String>,
    /// The column that was read last, if nothing else followed.
    path: Option<String>,
    last: Last,
    /// `between` waits for its `and`.
    between: bool,
    /// CASE expressions that are open.
    cases: usize,
}

/// The last token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// `select`, a comma, `and`, an open parenthesis: an operand is due.
    Lead,
    /// An operator: a value is due.
    Operator,
    Operand,
    /// A test is whole.
    Test,
    /// `group` or `order`.
    ByDue,
    From,
    Module,
    Count,
    /// `as`.
    Alias,
    /// `is`, or `not` behind an operand.
    Word,
}

/// The place behind `before`, which are the tokens of one statement up to the word at the cursor.
pub(super) fn place(text: &str, before: &[&Piece]) -> Place {
    let mut walk = Walk {
        text,
        clause: None,
        open: Vec::new(),
        compared: None,
        path: None,
        last: Last::Lead,
        between: false,
        cases: 0,
    };
    before.iter().for_each(|piece| walk.step(piece));
    let Some(clause) = walk.clause else { return Place::Start };
    match walk.last {
        Last::Lead => match walk.open.last() {
            Some(Open::List(path)) => Place::Value(clause, path.clone()),
            _ => Place::Operand(clause),
        },
        Last::Operator => match walk.compared {
            Some(path) => Place::Value(clause, path),
            None => Place::Operand(clause),
        },
        Last::Operand if walk.between => Place::Nothing,
        Last::Operand => match walk.open.last() {
            Some(Open::List(_)) => Place::Nothing,
            _ => Place::Behind(clause, walk.path),
        },
        Last::Test | Last::Module => Place::Next(clause),
        Last::ByDue => Place::By,
        Last::From => Place::Module,
        Last::Count => Place::Count,
        Last::Alias | Last::Word => Place::Nothing,
    }
}

impl Walk<'_> {
    fn step(&mut self, piece: &Piece) {
        let slice = &self.text[piece.span.clone()];
        match piece.lexeme {
            Lexeme::Name => self.name(slice),
            Lexeme::Open => {
                let open = match (self.last, &self.compared) {
                    (Last::Operator, Some(path)) => Open::List(path.clone()),
                    (Last::Operand, _) => Open::Call,
                    _ => Open::Plain,
                };
                self.open.push(open);
                self.last = Last::Lead;
            }
            Lexeme::Close => {
                let list = matches!(self.open.pop(), Some(Open::List(_)));
                self.path = None;
                self.last = if list { Last::Test } else { Last::Operand };
            }
            Lexeme::Comma => self.last = Last::Lead,
            Lexeme::Equal
            | Lexeme::NotEqual
            | Lexeme::Greater
            | Lexeme::GreaterEqual
            | Lexeme::Less
            | Lexeme::LessEqual => self.operator(),
            Lexeme::Plus | Lexeme::Minus | Lexeme::Slash => self.lead(),
            Lexeme::Star if self.last == Last::Operand => self.lead(),
            _ => self.operand(None),
        }
    }

    fn name(&mut self, word: &str) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        let clause = [
            ("select", Clause::Select),
            ("from", Clause::From),
            ("where", Clause::Where),
            ("group", Clause::Group),
            ("having", Clause::Having),
            ("order", Clause::Order),
            ("limit", Clause::Limit),
            ("offset", Clause::Offset),
        ];
        if let Some((_, clause)) = clause.into_iter().find(|(keyword, _)| is(keyword)) {
            self.open.clear();
            self.compared = None;
            self.between = false;
            self.clause = Some(clause);
            self.last = match clause {
                Clause::From => Last::From,
                Clause::Group | Clause::Order => Last::ByDue,
                Clause::Limit | Clause::Offset => Last::Count,
                _ => Last::Lead,
            };
        } else if is("by") || is("distinct") || is("or") || is("when") || is("then") || is("else") {
            self.lead();
        } else if is("case") {
            self.cases += 1;
            self.lead();
        } else if is("end") && self.cases > 0 {
            self.cases -= 1;
            self.operand(None);
        } else if is("and") {
            if std::mem::take(&mut self.between) {
                self.last = Last::Operator;
            } else {
                self.lead();
            }
        } else if is("as") {
            self.last = Last::Alias;
        } else if is("is") || is("not") && self.last == Last::Operand {
            self.last = Last::Word;
        } else if is("not") && self.last != Last::Word {
            self.lead();
        } else if is("null") && self.last == Last::Word {
            self.last = Last::Test;
        } else if is("like") || is("in") || is("between") {
            self.between = is("between");
            self.operator();
        } else if is("asc") || is("desc") {
            self.last = Last::Test;
        } else if self.last == Last::From {
            self.last = Last::Module;
        } else if self.last == Last::Alias {
            self.last = Last::Operand;
            self.path = None;
        } else {
            self.operand(Some(word));
        }
    }

    fn lead(&mut self) {
        self.compared = None;
        self.last = Last::Lead;
    }

    fn operator(&mut self) {
        if let Some(path) = self.path.take() {
            self.compared = Some(path);
        } else if self.last != Last::Word {
            self.compared = None;
        }
        self.last = Last::Operator;
    }

    fn operand(&mut self, path: Option<&str>) {
        self.path = path.map(str::to_owned);
        self.last = match self.last {
            Last::Operator if !self.between => Last::Test,
            Last::Count => Last::Test,
            _ => Last::Operand,
        };
    }
}
