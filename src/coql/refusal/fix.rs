//! Changes of a text that answer Bigin's refusal of it.

use serde_json::{Map, Value};

use crate::{
    coql::{
        analysis::{Mode, analyse},
        bind::module_named,
        context::Context,
        diagnostic::Fix,
        highlight::{Token, TokenClass},
        limits::MAX_LIMIT,
        script::pieces_of_statements,
        similar::nearest,
        span::Span,
    },
    domain::{Schema, Schemas},
};

/// A text that was refused, and what its names mean here.
pub(super) struct Refused<'a> {
    pub text: &'a str,
    /// Without comments.
    pub tokens: &'a [Token],
    /// The part that the refusal is about, if it is about one.
    pub place: Option<Span>,
    pub schemas: &'a Schemas,
    pub context: &'a Context,
}

impl Refused<'_> {
    /// What puts it right; none where that takes more than is known.
    pub fn fix(&self, code: &str, message: &str, details: &Map<String, Value>) -> Option<Fix> {
        let detail = |key: &str| details.get(key).and_then(Value::as_str);
        let write = |text: &str| Some(Fix::replace(self.place.clone()?, text));
        match (code, message) {
            ("SYNTAX_ERROR", "missing clause") if detail("clause") == Some("where") => {
                let end = self.module()?.span.end;
                Some(Fix::replace(end..end, " where id is not null"))
            }
            ("SYNTAX_ERROR", _) => {
                let (_, statements) = pieces_of_statements(self.text);
                let ungrouped = statements.into_iter().next()?.1.ungrouped;
                let near = detail("near").unwrap_or_default().to_ascii_lowercase();
                ungrouped.into_iter().next()?.fix.filter(|_| ["and", "or"].contains(&near.as_str()))
            }
            ("INVALID_MODULE", _) => {
                let module = self.module()?;
                let name = self.text.get(module.span.clone())?;
                let names = self.schemas.iter().map(|schema| schema.module.as_str());
                let meant = module_named(name).map(|module| module.api_name()).filter(|meant| *meant != name);
                write(meant.or_else(|| nearest(name, names.filter(|other| *other != name)))?)
            }
            ("LIMIT_EXCEEDED", _) if detail("clause") == Some("limit") => {
                let most = details.get("limit").and_then(Value::as_u64).unwrap_or(MAX_LIMIT);
                write(&most.to_string())
            }
            (_, message) if message.starts_with("limit ") && code != "LIMIT_EXCEEDED" => {
                write(&MAX_LIMIT.to_string())
            }
            ("INVALID_QUERY", message) if message.starts_with("column given") => {
                self.renamed(detail("column_name")?).or_else(|| self.without_column())
            }
            ("INVALID_QUERY", message)
                if message == "unsupported column" || message.starts_with("data type") =>
            {
                self.without_column()
            }
            ("DUPLICATE_DATA", _) => self.without_column(),
            _ => None,
        }
    }

    fn module(&self) -> Option<&Token> {
        self.tokens.iter().find(|token| token.class == TokenClass::Module)
    }

    /// What would be said of the text if this field were not known here either.
    fn renamed(&self, field: &str) -> Option<Fix> {
        let place = self.place.as_ref()?;
        let name = field.rsplit('.').next().unwrap_or(field);
        let without = |schema: &Schema| {
            let others = schema.fields.iter().filter(|other| !other.api_name.eq_ignore_ascii_case(name));
            Schema { fields: others.cloned().collect(), ..schema.clone() }
        };
        let schemas: Schemas = self.schemas.iter().map(without).collect();
        let analysis = analyse(self.text, &schemas, Mode::Wide, self.context);
        let mut said = analysis.diagnostics();
        said.find(|said| said.span.start < place.end && place.start < said.span.end)?.fix.clone()
    }

    /// Takes the column out of the list of selected ones, with one comma; the last one where it is there twice.
    fn without_column(&self) -> Option<Fix> {
        let name = self.text.get(self.place.clone()?)?;
        let words: Vec<&str> =
            self.tokens.iter().map(|token| self.text.get(token.span.clone()).unwrap_or_default()).collect();
        let from = words.iter().position(|word| word.eq_ignore_ascii_case("from"))?;
        let at = words[..from].iter().rposition(|word| *word == name)?;
        let (before, after) = (&self.tokens[at.checked_sub(1)?], self.tokens.get(at + 1)?);
        let own = self.tokens[at].span.clone();
        let span = match (words[at - 1], words[at + 1]) {
            (",", "," | "from" | "FROM" | "From") => before.span.start..own.end,
            (_, ",") if at == 1 => own.start..self.tokens.get(at + 2)?.span.start.max(after.span.end),
            _ => return None,
        };
        Some(Fix { title: format!("take {name} out"), ..Fix::replace(span, "") })
    }
}
