//! What there is to choose from, and in which order it is shown.

use std::collections::BTreeSet;

use super::{
    Completion, CompletionKind, Context, Lexeme, Mode, Piece, Schema, Schemas, Span,
    place::{Clause, Place},
};
use crate::{
    coql::{
        bind::{OTHERS, PERIODS, canonical, function_names},
        check::queried,
        resolve::{field, is_related, target},
    },
    domain::{Field, FieldKind, LAYOUTS, Module, Shape, USERS},
};

/// Completions at most.
const MOST: usize = 100;

pub(super) struct Candidates<'a> {
    pub text: &'a str,
    pub schemas: &'a Schemas,
    pub base: Option<&'a Schema>,
    pub mode: Mode,
    pub context: &'a Context,
    /// The word at the cursor, up to the cursor.
    pub typed: &'a str,
    pub span: Span,
    pub all: Vec<Completion>,
}

impl<'a> Candidates<'a> {
    pub fn gather(&mut self, place: &Place, own: &[&Piece]) {
        match place {
            Place::Start => self.keywords(&["select"]),
            Place::By => self.keywords(&["by"]),
            Place::Module => self.modules(),
            Place::Operand(clause) => {
                self.fields();
                self.operand_words(*clause);
            }
            Place::Value(clause, path) => {
                self.values(path);
                if self.mode == Mode::Wide {
                    self.parameters(own);
                    if *clause != Clause::Select && self.typed.len() > 1 {
                        self.fields();
                    }
                }
            }
            Place::Behind(clause, path) => self.behind(*clause, path.as_deref()),
            Place::Next(clause) => self.next(*clause),
            Place::Count => self.parameters(own),
            Place::Nothing => {}
        }
    }

    /// The best first: what begins with the typed word, then what has it in it.
    pub fn ranked(self) -> Vec<Completion> {
        let last = self.typed.rsplit(['.', '>']).next().unwrap_or_default();
        let typed = last.trim_start_matches(['\'', '"', '`']).to_lowercase();
        let mut seen = BTreeSet::new();
        let mut ranked: Vec<(u8, usize, Completion)> = self
            .all
            .into_iter()
            .enumerate()
            .filter_map(|(at, found)| Some((rank(&found, &typed)?, at, found)))
            .filter(|(_, _, found)| seen.insert(found.text.clone()))
            .collect();
        ranked.sort_by_key(|(rank, at, _)| (*rank, *at));
        ranked.into_iter().map(|(_, _, found)| found).take(MOST).collect()
    }

    fn add(&mut self, text: impl Into<String>, kind: CompletionKind, detail: impl Into<String>) {
        let replace = self.span.clone();
        self.all.push(Completion { replace, text: text.into(), kind, detail: detail.into() });
    }

    fn keywords(&mut self, words: &[&str]) {
        words.iter().for_each(|word| self.add(*word, CompletionKind::Keyword, ""));
    }

    fn modules(&mut self) {
        let schemas = self.schemas;
        for module in schemas.iter().filter(|schema| queried(&schema.module)) {
            let Ok(known) = module.module.parse::<Module>() else { continue };
            let (api, people) = (known.api_name(), known.plural());
            if self.mode == Mode::Wide && api != people {
                self.add(people, CompletionKind::Module, format!("module {api}"));
            }
            let detail = if api == people { "module".to_owned() } else { format!("module, called {people}") };
            self.add(api, CompletionKind::Module, detail);
        }
    }

    /// Fields of the module, or of the one that the typed path leads to.
    fn fields(&mut self) {
        let (path, start) = match self.typed.rfind(['.', '>']) {
            Some(at) => (self.typed[..at].trim_start_matches(['\'', '"', '`']), self.span.start + at + 1),
            None => ("", self.span.start),
        };
        let schemas = self.schemas;
        let at = |base: &'a Schema| Self::behind_path(schemas, base, path.trim_end_matches('-'));
        if self.typed.ends_with("->") {
            return;
        }
        match self.base {
            Some(base) => {
                if let Some(schema) = at(base) {
                    self.fields_of(schema, start, "");
                }
            }
            // Without FROM, fields of every module can be meant.
            None => {
                for base in schemas.iter().filter(|schema| queried(&schema.module)) {
                    if let Some(schema) = at(base) {
                        let people = base.module.parse().map_or("", Module::plural);
                        self.fields_of(schema, start, people);
                    }
                }
            }
        }
    }

    fn behind_path(schemas: &'a Schemas, base: &'a Schema, path: &str) -> Option<&'a Schema> {
        let mut at = base;
        if path.is_empty() {
            return Some(at);
        }
        for part in canonical(schemas, base, path).split('.') {
            let (name, chosen) = part.split_once("->").map_or((part, None), |(name, to)| (name, Some(to)));
            at = schemas.get(target(field(at, name)?, chosen)?)?;
        }
        Some(at)
    }

    fn fields_of(&mut self, schema: &Schema, start: usize, of: &str) {
        let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
        let replace = start..self.span.end.max(start);
        let mut add = |text: &str, kind, detail: String| {
            self.all.push(Completion { replace: replace.clone(), text: text.to_owned(), kind, detail });
        };
        for field in schema.fields.iter().filter(|field| is_read(field)) {
            let to = field.target().filter(|to| *to != LAYOUTS);
            let detail = match to {
                Some(USERS) => format!("{}, leads to a user{of}", field.label),
                Some(to) => format!("{}, leads to {to}{of}", field.label),
                None => format!("{}, {}{of}", field.label, field.kind),
            };
            let kind = if to.is_some() { CompletionKind::Lookup } else { CompletionKind::Field };
            add(&field.api_name, kind, detail);
        }
        add("id", CompletionKind::Field, format!("the record's id{of}"));
    }

    fn operand_words(&mut self, clause: Clause) {
        if self.mode == Mode::Strict || self.typed.contains(['.', '\'', '"']) {
            return;
        }
        if clause == Clause::Select {
            self.add("*", CompletionKind::Field, "every field");
            self.keywords(&["distinct"]);
        }
        for (name, over_rows) in function_names() {
            if over_rows && matches!(clause, Clause::Where | Clause::Group) {
                continue;
            }
            let detail = if over_rows { "over the rows of a group" } else { "function" };
            self.add(format!("{name}("), CompletionKind::Function, detail);
        }
        self.keywords(&["case", "not"]);
    }

    fn values(&mut self, path: &str) {
        let Some((schema, field)) = self.field_at(path) else { return };
        let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
        let label = field.map_or("id", |field| field.label.as_str()).to_owned();
        let Some(field) = field else { return };
        let context = self.context;
        let references = match field.target() {
            Some(LAYOUTS) => &context.pipelines[..],
            Some(USERS) => &context.users[..],
            _ => &[],
        };
        let by_id = field.target() == Some(USERS) && self.mode == Mode::Strict;
        if field.target() == Some(USERS) && self.mode == Mode::Wide {
            self.add("$me", CompletionKind::Parameter, "you");
        }
        for (id, name) in references {
            let (text, detail) = if by_id { (id, name.as_str()) } else { (name, label.as_str()) };
            self.add(quoted(text), CompletionKind::Value, detail);
        }
        if schema.module == USERS && matches!(field.api_name.as_str(), "full_name" | "name") {
            for (_, name) in &context.users {
                self.add(quoted(name), CompletionKind::Value, "a user");
            }
        }
        for choice in &field.choices {
            self.add(quoted(choice), CompletionKind::Value, label.clone());
        }
        if schema.module == Module::Pipelines.api_name()
            && field.api_name == "Stage"
            && self.mode == Mode::Wide
        {
            for (name, meaning) in OTHERS.iter().filter(|(name, _)| context.stages_of(name).is_some()) {
                self.add(format!("${name}"), CompletionKind::Parameter, *meaning);
            }
        }
        match field.shape() {
            Shape::Flag => {
                self.add("true", CompletionKind::Value, label.clone());
                self.add("false", CompletionKind::Value, label);
            }
            Shape::Date => {
                let today = self.context.today();
                self.add(format!("'{today}'"), CompletionKind::Value, "today");
                self.periods();
            }
            Shape::Instant => {
                let zone = &self.context.zone;
                let now = zone.to_datetime(self.context.now);
                let offset =
                    self.context.now.display_with_offset(zone.to_offset(self.context.now)).to_string();
                let offset = offset.get(offset.len().saturating_sub(6)..).unwrap_or("+00:00").to_owned();
                self.add(format!("'{}T00:00:00{offset}'", now.date()), CompletionKind::Value, "today");
                self.periods();
            }
            _ => {}
        }
    }

    fn field_at(&self, path: &str) -> Option<(&'a Schema, Option<&'a Field>)> {
        let base = self.base?;
        let path = canonical(self.schemas, base, path.trim_matches('`'));
        let (lead, leaf) = path.rsplit_once('.').unwrap_or(("", &path));
        let schema = Self::behind_path(self.schemas, base, lead)?;
        Some((schema, field(schema, leaf)))
    }

    fn periods(&mut self) {
        if self.mode == Mode::Wide {
            for (name, meaning) in PERIODS {
                self.add(format!("${name}"), CompletionKind::Parameter, meaning);
            }
        }
    }

    fn parameters(&mut self, own: &[&Piece]) {
        let named = self.context.parameters.keys().map(|name| format!(":{name}"));
        let used = own.iter().filter(|piece| piece.lexeme == Lexeme::Parameter && piece.span != self.span);
        let used = used.map(|piece| self.text[piece.span.clone()].to_owned());
        for name in named.chain(used).collect::<BTreeSet<_>>() {
            self.add(name, CompletionKind::Parameter, "parameter");
        }
        if self.typed.starts_with('$') {
            for (name, meaning) in OTHERS {
                self.add(format!("${name}"), CompletionKind::Parameter, meaning);
            }
            self.periods();
        }
    }

    fn behind(&mut self, clause: Clause, path: Option<&str>) {
        match clause {
            Clause::Select => {
                self.keywords(if self.mode == Mode::Wide { &["from", "as"] } else { &["from"] })
            }
            Clause::Where | Clause::Having => {
                let known = path.and_then(|path| self.field_at(path));
                let kinds = known.map(|(_, field)| field.map(|field| (field.shape(), field.kind)));
                let operators = match kinds {
                    Some(None) => {
                        &["=", "!=", ">", ">=", "<", "<=", "in", "not in", "is null", "is not null"][..]
                    }
                    Some(Some((shape, kind))) => operators(shape, kind, self.mode),
                    None => &[
                        "=",
                        "!=",
                        ">",
                        ">=",
                        "<",
                        "<=",
                        "in",
                        "not in",
                        "like",
                        "between",
                        "is null",
                        "is not null",
                    ],
                };
                operators.iter().for_each(|operator| self.add(*operator, CompletionKind::Operator, ""));
                if path.is_none() {
                    self.next(clause);
                }
            }
            Clause::Group => self.next(clause),
            Clause::Order => {
                self.keywords(&["desc", "asc"]);
                self.next(clause);
            }
            _ => {}
        }
    }

    /// Words that go on behind a whole test, or begin a later clause.
    fn next(&mut self, clause: Clause) {
        if matches!(clause, Clause::Where | Clause::Having) {
            self.keywords(&["and", "or"]);
        }
        let later = [
            (Clause::Where, "where", true),
            (Clause::Group, "group by", false),
            (Clause::Having, "having", false),
            (Clause::Order, "order by", true),
            (Clause::Limit, "limit", true),
            (Clause::Offset, "offset", true),
        ];
        for (other, words, strict) in later {
            if other > clause && (strict || self.mode == Mode::Wide) {
                self.keywords(&[words]);
            }
        }
    }
}

/// Whether completion offers a field: what COQL does not read is not offered.
fn is_read(field: &Field) -> bool {
    let set = field.kind == FieldKind::MultiSelectPickList;
    field.api_name != "id"
        && (field.shape() != Shape::List || set)
        && (field.kind != FieldKind::Unknown || field.target() == Some(LAYOUTS) || is_related(field))
}

/// The operators of a kind of field, the likeliest first.
const fn operators(shape: Shape, kind: FieldKind, mode: Mode) -> &'static [&'static str] {
    match (shape, mode) {
        (_, Mode::Strict)
            if matches!(kind, FieldKind::TextArea | FieldKind::ProfileImage | FieldKind::Formula) =>
        {
            &[]
        }
        (Shape::Text | Shape::List, _) => {
            &["=", "!=", "like", "not like", "in", "not in", "is null", "is not null"]
        }
        (Shape::Flag, Mode::Strict) => &["="],
        (Shape::Flag, Mode::Wide) => &["=", "is null", "is not null"],
        (Shape::Whole | Shape::Digits | Shape::Number | Shape::Date | Shape::Instant, _) => {
            &["=", "!=", ">", ">=", "<", "<=", "between", "in", "not in", "is null", "is not null"]
        }
        (Shape::Reference, Mode::Strict) => &["=", "!=", "in", "not in", "is null", "is not null"],
        (Shape::Reference, Mode::Wide) => &["=", "!=", "like", "in", "not in", "is null", "is not null"],
        (Shape::Opaque, _) => &["is null", "is not null"],
    }
}

/// How well a completion fits what was typed, 0 the best; none when it does not fit.
fn rank(found: &Completion, typed: &str) -> Option<u8> {
    if typed.is_empty() {
        return Some(0);
    }
    let text = found.text.trim_start_matches(['\'', '"']).to_lowercase();
    let label = found.detail.to_lowercase();
    let named = matches!(found.kind, CompletionKind::Field | CompletionKind::Lookup);
    if text.starts_with(typed) {
        Some(0)
    } else if text.split(['_', ' ', '.', '$', ':']).any(|part| part.starts_with(typed)) {
        Some(1)
    } else if named && label.starts_with(typed) {
        Some(2)
    } else if text.contains(typed) {
        Some(3)
    } else if typed.len() > 1 && is_spread(&text, typed) {
        Some(4)
    } else {
        None
    }
}

/// Whether the letters of `typed` stand in `text` in this order.
fn is_spread(text: &str, typed: &str) -> bool {
    let mut letters = text.chars();
    typed.chars().all(|wanted| letters.any(|letter| letter == wanted))
}
