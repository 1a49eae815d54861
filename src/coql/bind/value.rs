//! Constants as values of what they are compared with.

use jiff::{Timestamp, civil};

use super::{
    Binder, Literal, Term,
    constant::{self, Constant},
    test::is_id,
};
use crate::{
    coql::{
        diagnostic::{Diagnostic, Fix},
        reader::iso_day,
        similar::nearest,
        span::Span,
        tree::{Comparison, Connective},
    },
    domain::{FieldKind, Shape},
};

impl Binder<'_> {
    /// `term` compared with `value`, taken for what the term is.
    pub(super) fn valued(
        &mut self,
        term: Term,
        comparison: Comparison,
        value: Constant,
        place: &Span,
    ) -> Option<Term> {
        let literal = match term.shape() {
            _ if is_id(&term) => match plain(&value).filter(|text| is_digits(text)) {
                Some(id) => Literal::Number(id),
                None => return self.no_value(&value, place, "an id, which is all digits"),
            },
            Some(Shape::Date) => return self.on_days(term, comparison, &value, place),
            Some(Shape::Instant) => return self.at_times(term, comparison, &value, place),
            Some(Shape::Reference) => return self.pointing(term, comparison, &value, place),
            Some(Shape::Whole | Shape::Digits | Shape::Number) => match constant::number(&value) {
                Some(number) => Literal::Number(number.normalize().to_string()),
                None => return self.no_value(&value, place, "a number"),
            },
            Some(Shape::Flag) => match flag(&value) {
                Some(flag) => Literal::Flag(flag),
                None => return self.no_value(&value, place, "true or false"),
            },
            Some(Shape::Text | Shape::List) => match plain(&value) {
                Some(text) => {
                    self.choice(&term, &text, place);
                    Literal::Text(text)
                }
                None => return self.no_value(&value, place, "a quoted text"),
            },
            Some(Shape::Opaque) | None => return self.error(place, "values of this kind cannot be compared"),
        };
        Some(compared(term, comparison, literal))
    }

    fn no_value(&mut self, value: &Constant, place: &Span, due: &str) -> Option<Term> {
        let message = match plain(value) {
            Some(text) => format!("{text:?} is not {due}"),
            None => format!("{due} is expected"),
        };
        self.error(place, message)
    }

    /// A reference compared with an id, or with the name of what it points to.
    fn pointing(
        &mut self,
        term: Term,
        comparison: Comparison,
        value: &Constant,
        place: &Span,
    ) -> Option<Term> {
        let Some(text) = plain(value) else { return self.no_value(value, place, "an id or a quoted name") };
        let by_name = matches!(&term, Term::Cell(cell) if cell.source.layout);
        if by_name || is_digits(&text) {
            if by_name {
                self.pipeline(&text, place);
            }
            return Some(compared(term, comparison, Literal::Text(text)));
        }
        let named = self.named_record(term);
        if named.shape() == Some(Shape::Reference) {
            return self.no_value(value, place, "an id, and names of several modules cannot be told apart");
        }
        Some(compared(named, comparison, Literal::Text(text)))
    }

    fn pipeline(&mut self, name: &str, place: &Span) {
        let names: Vec<&str> = self.context.pipelines.iter().map(|(_, name)| name.as_str()).collect();
        if !names.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let meant = nearest(name, names.into_iter()).map(str::to_owned);
            self.doubt(&format!("no team pipeline is called {name}"), meant.as_deref(), place);
        }
    }

    /// Says so when a picklist has no such value.
    fn choice(&mut self, term: &Term, text: &str, place: &Span) {
        let Term::Cell(cell) = term else { return };
        if !matches!(cell.source.kind, FieldKind::PickList | FieldKind::MultiSelectPickList) {
            return;
        }
        let Some(choices) = self.choices(cell) else { return };
        let known = |value: &str| choices.iter().any(|choice| choice.eq_ignore_ascii_case(value));
        let several = cell.source.kind == FieldKind::MultiSelectPickList && text.split(';').all(known);
        if choices.is_empty() || known(text) || several {
            return;
        }
        let meant = nearest(text, choices.iter().map(String::as_str)).map(str::to_owned);
        self.doubt(&format!("{text} is not a value of {}", cell.path), meant.as_deref(), place);
    }

    fn choices(&self, cell: &super::Cell) -> Option<Vec<String>> {
        let module = &self.resolver.tables.get(cell.source.table)?.module;
        Some(self.schemas.get(module)?.field(&cell.source.column)?.choices.clone())
    }

    fn doubt(&mut self, message: &str, meant: Option<&str>, place: &Span) {
        let said = match meant {
            Some(meant) => {
                let text = format!("'{}'", meant.replace('\\', "\\\\").replace('\'', "\\'"));
                Diagnostic::warning(place.clone(), format!("{message}, did you mean {meant}?"))
                    .with(Fix::replace(place.clone(), &text))
            }
            None => Diagnostic::warning(place.clone(), message),
        };
        if !self.diagnostics.contains(&said) {
            self.say(said);
        }
    }

    fn on_days(
        &mut self,
        term: Term,
        comparison: Comparison,
        value: &Constant,
        place: &Span,
    ) -> Option<Term> {
        let (first, last) = match value {
            Constant::Days(first, last) => (*first, *last),
            Constant::Instant(at) => (self.context.day_of(*at), self.context.day_of(*at)),
            Constant::Text(text) if is_day(text) => {
                let day = text.parse().ok()?;
                (day, day)
            }
            value => return self.no_day(value, place, "a day such as '2026-05-31'"),
        };
        Some(in_stretch(&term, comparison, Literal::Day(first), Literal::Day(last), false))
    }

    fn at_times(
        &mut self,
        term: Term,
        comparison: Comparison,
        value: &Constant,
        place: &Span,
    ) -> Option<Term> {
        let (first, last) = match value {
            Constant::Instant(at) => return Some(compared(term, comparison, Literal::Instant(*at))),
            Constant::Days(first, last) => (*first, *last),
            Constant::Text(text) if is_day(text) => {
                let day = text.parse().ok()?;
                (day, day)
            }
            Constant::Text(text) => match self.moment(text) {
                Some(at) => return Some(compared(term, comparison, Literal::Instant(at))),
                None => return self.no_day(value, place, "a time such as '2026-05-31T18:00:00+02:00'"),
            },
            value => return self.no_day(value, place, "a time such as '2026-05-31T18:00:00+02:00'"),
        };
        let end = last.tomorrow().map_or(Timestamp::MAX, |next| self.context.start_of(next));
        let start = self.context.start_of(first);
        Some(in_stretch(&term, comparison, Literal::Instant(start), Literal::Instant(end), true))
    }

    /// A moment with its offset, or by the clock of the context's zone.
    fn moment(&self, text: &str) -> Option<Timestamp> {
        if !text.get(..10).is_some_and(is_day) || text.contains('[') {
            return None;
        }
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).ok();
        if let Ok(at) = text.parse::<Timestamp>() {
            return whole(at);
        }
        let local: civil::DateTime = text.parse().ok()?;
        whole(self.context.zone.to_timestamp(local).ok()?)
    }

    fn no_day(&mut self, value: &Constant, place: &Span, due: &str) -> Option<Term> {
        let Some(text) = plain(value) else { return self.no_value(value, place, due) };
        let meant = iso_day(&text);
        let said = Diagnostic::error(place.clone(), format!("{text:?} is not {due}"));
        let fixed = is_day(&meant) && meant != text;
        let fix = Fix::replace(place.clone(), &format!("'{meant}'"));
        self.say(if fixed { said.with(fix) } else { said });
        None
    }
}

fn compared(term: Term, comparison: Comparison, literal: Literal) -> Term {
    Term::Compare(Box::new(term), comparison, Box::new(Term::Literal(literal)))
}

/// `term` compared with the stretch from `first` to `last`; `open` when `last` is no longer part of it.
fn in_stretch(term: &Term, comparison: Comparison, first: Literal, last: Literal, open: bool) -> Term {
    let one = |comparison, literal: &Literal| compared(term.clone(), comparison, literal.clone());
    let (within, beyond) = if open {
        (Comparison::Less, Comparison::GreaterEqual)
    } else {
        (Comparison::LessEqual, Comparison::Greater)
    };
    match comparison {
        Comparison::Less => one(Comparison::Less, &first),
        Comparison::GreaterEqual => one(Comparison::GreaterEqual, &first),
        Comparison::LessEqual => one(within, &last),
        Comparison::Greater => one(beyond, &last),
        equality if first == last && !open => one(equality, &first),
        Comparison::Equal => {
            Term::Logic(Connective::And, vec![one(Comparison::GreaterEqual, &first), one(within, &last)])
        }
        Comparison::NotEqual => {
            Term::Logic(Connective::Or, vec![one(Comparison::Less, &first), one(beyond, &last)])
        }
    }
}

/// The constant as it would stand in quotes.
fn plain(value: &Constant) -> Option<String> {
    match value {
        Constant::Text(text) | Constant::Number(text) | Constant::User(text) => Some(text.clone()),
        Constant::Flag(flag) => Some(flag.to_string()),
        Constant::Days(first, last) if first == last => Some(first.to_string()),
        Constant::Instant(at) => Some(at.to_string()),
        Constant::Unknown | Constant::Null | Constant::Days(..) | Constant::List(_) => None,
    }
}

fn flag(value: &Constant) -> Option<bool> {
    match value {
        Constant::Flag(flag) => Some(*flag),
        Constant::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Constant::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` is a day that exists, as `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-' && text.parse::<civil::Date>().is_ok()
}
