//! The rows of an answer as text, a window at a time.

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::{change::Changes, order, reading::Read};
use crate::{
    coql::{LocalColumn, Query, Statement},
    domain::{Link, Module, RecordId, SafeText},
    protocol::{AnswerColumn, AnswerId, AnswerOrder, AnswerRow, AnswerView, AnswerWindow, Excerpt, Slice},
    store::{Mirror, Moment, Store},
    tables::{Record, Sheet, SheetRow},
};

/// Characters of one cell.
const LONGEST: usize = 400;

/// Rows that widths are measured on.
const MEASURED: usize = 300;

/// Rows of an answer, ready to be shown.
#[derive(Debug)]
pub(super) struct Shown {
    pub id: AnswerId,
    pub columns: Vec<AnswerColumn>,
    /// What was run.
    pub statement: Statement,
    /// The columns as the statement's parts know them.
    pub local: Vec<LocalColumn>,
    pub module: Option<Module>,
    /// The first line of the journal that the answer may not know of.
    pub since: i64,
    sheet: Sheet,
    /// The last order that was asked for, and the rows in it.
    sorted: Mutex<Option<(AnswerOrder, Arc<[u32]>)>>,
    /// Ids of users and team pipelines with their names.
    names: Vec<(String, String)>,
}

impl Shown {
    /// The rows of a planned statement over `module`.
    pub fn new(id: AnswerId, read: &Read, (module, local): (&str, &[LocalColumn]), sheet: Sheet) -> Self {
        let columns = local.iter().map(|column| AnswerColumn {
            name: SafeText::new(&column.name),
            numeric: column.is_number(),
            kind: column.kind,
            width: 0,
        });
        Self {
            id,
            columns: columns.collect(),
            statement: read.analysed.statement.clone(),
            local: local.to_vec(),
            module: module.parse().ok(),
            since: read.since,
            sheet,
            sorted: Mutex::default(),
            names: read.names(),
        }
        .measured()
    }

    /// The rows that Bigin gave for a query in its own language.
    pub fn verbatim(id: AnswerId, read: &Read, query: &Query, records: &[Record]) -> Self {
        let names: Vec<String> = query
            .columns
            .iter()
            .map(|selected| {
                selected
                    .alias
                    .as_ref()
                    .map_or_else(|| selected.column.to_string(), |alias| alias.value.clone())
            })
            .collect();
        let columns = names.iter().map(|name| AnswerColumn {
            name: SafeText::new(name),
            numeric: is_numeric(records, name),
            kind: None,
            width: 0,
        });
        let columns = columns.collect();
        let local = query.columns.iter().zip(&names).map(|(selected, name)| {
            let column = &selected.column;
            let own = column.function.is_none() && !column.path.contains('.');
            let field = own.then(|| column.path.clone());
            LocalColumn { name: name.clone(), shape: None, kind: None, field, named: None }
        });
        let local = local.collect();
        let rows = records.iter().map(|record| SheetRow {
            id: record.get("id").and_then(Value::as_str).map(str::to_owned),
            values: names.iter().map(|name| record.get(name).cloned().unwrap_or_default()).collect(),
        });
        Self {
            id,
            columns,
            statement: read.analysed.statement.clone(),
            local,
            module: query.module.parse().ok(),
            since: read.since,
            sheet: Sheet { rows: rows.collect() },
            sorted: Mutex::default(),
            names: read.names(),
        }
        .measured()
    }

    fn measured(mut self) -> Self {
        for (at, column) in self.columns.iter_mut().enumerate() {
            let first = self.sheet.rows.iter().take(MEASURED).filter_map(|row| row.values.get(at));
            let widths = first.map(|value| text(value, &|_| None).as_str().width());
            let widest = widths.max().unwrap_or(0);
            column.width = u16::try_from(widest).unwrap_or(u16::MAX);
        }
        self
    }

    /// Rows of the answer.
    pub fn total(&self) -> u64 {
        self.sheet.rows.len() as u64
    }

    /// A piece of it, with what was changed since.
    pub fn window(
        &self,
        (store, moment): (&Store, &Moment),
        changes: &Changes,
        order: Option<AnswerOrder>,
        slice: &Slice,
        len: u32,
    ) -> AnswerWindow {
        let (total, len) = (self.total(), u64::from(len));
        let around = |at: u64| at.saturating_sub(len / 2).min(total.saturating_sub(len));
        let first = match slice {
            Slice::Start => 0,
            Slice::End => total.saturating_sub(len),
            Slice::At(at) => around(*at),
            Slice::After { ordinal, .. } => ordinal + 1,
            Slice::Before { ordinal, .. } => ordinal.saturating_sub(len),
            Slice::Around { id } => id.as_str().parse().map_or(0, around),
        };
        let first = first.min(total);
        let end = match slice {
            Slice::Before { ordinal, .. } => (*ordinal).min(total),
            _ => first.saturating_add(len).min(total),
        };
        let rows = (first..end).filter_map(|ordinal| self.row(&store.mirror, changes, order, ordinal));
        let mut rows: Vec<AnswerRow> = rows.collect();
        for row in &mut rows {
            let deal = row.link.as_ref().and_then(|link| store.mirror.deal(link, moment).ok().flatten());
            row.deal = deal.map(Box::new);
        }
        // How often a date slipped is not worth failing for.
        drop(store.keep.add_slips(rows.iter_mut().filter_map(|row| row.deal.as_deref_mut())));
        let view = AnswerView { answer: self.id, order };
        AnswerWindow { view, slice: slice.clone(), first, total, rows }
    }

    /// Brings rows into an order, which the next calls for it take from memory: what is changed meanwhile moves no row.
    pub fn sort(&self, order: AnswerOrder, changes: &Changes) -> Arc<[u32]> {
        let mut sorted = self.sorted.lock().unwrap_or_else(PoisonError::into_inner);
        match &*sorted {
            Some((known, places)) if *known == order => Arc::clone(places),
            _ => {
                let rows: Vec<_> = self.sheet.rows.iter().map(|row| self.current(row, changes)).collect();
                let places: Arc<[u32]> = order::places(&rows, order).into();
                *sorted = Some((order, Arc::clone(&places)));
                places
            }
        }
    }

    /// The row that stands at `ordinal` in an order.
    fn at(&self, order: Option<AnswerOrder>, changes: &Changes, ordinal: u64) -> Option<&SheetRow> {
        let at = usize::try_from(ordinal).ok()?;
        match order {
            None => self.sheet.rows.get(at),
            Some(order) => self.sheet.rows.get(*self.sort(order, changes).get(at)? as usize),
        }
    }

    /// Places of the rows of an excerpt, in its order.
    pub fn places(&self, changes: &Changes, rows: &Excerpt) -> Vec<u64> {
        let only: HashSet<&str> = rows.only.iter().map(RecordId::as_str).collect();
        let wanted = |at: &u64| {
            let id = || self.at(rows.view.order, changes, *at).and_then(|row| row.id.as_deref());
            only.is_empty() || id().is_some_and(|id| only.contains(id))
        };
        (0..self.total()).filter(wanted).collect()
    }

    /// The values of the row that stands at `ordinal` in an order, as they are now.
    pub fn values(
        &self,
        order: Option<AnswerOrder>,
        changes: &Changes,
        ordinal: u64,
    ) -> Option<Cow<'_, [Value]>> {
        self.at(order, changes, ordinal).map(|row| self.current(row, changes))
    }

    fn current<'a>(&'a self, row: &'a SheetRow, changes: &Changes) -> Cow<'a, [Value]> {
        changes.over(row.id.as_deref(), self.local.iter().map(|column| column.field.as_deref()), &row.values)
    }

    /// The name of a user or a team pipeline.
    pub fn name(&self, id: &str) -> Option<String> {
        self.names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone())
    }

    fn row(
        &self,
        mirror: &Mirror,
        changes: &Changes,
        order: Option<AnswerOrder>,
        ordinal: u64,
    ) -> Option<AnswerRow> {
        let row = self.at(order, changes, ordinal)?;
        let values = self.current(row, changes);
        let named = |id: &str| self.named(mirror, id);
        Some(AnswerRow {
            place: ordinal.to_string().parse().ok()?,
            link: self.link(row, &named),
            deal: None,
            cells: values.iter().map(|value| text(value, &named)).collect(),
        })
    }

    /// The record of the row that stands at `ordinal` in an order, if it is of one.
    pub fn record(
        &self,
        mirror: &Mirror,
        changes: &Changes,
        order: Option<AnswerOrder>,
        ordinal: u64,
    ) -> Option<Link> {
        self.link(self.at(order, changes, ordinal)?, &|id| self.named(mirror, id))
    }

    /// What a user, a team pipeline or a record is called.
    fn named(&self, mirror: &Mirror, id: &str) -> Option<SafeText> {
        let known = self.name(id).map(|name| SafeText::new(&name));
        known.or_else(|| mirror.name_of(&id.parse::<RecordId>().ok()?).ok().flatten())
    }

    fn link(&self, row: &SheetRow, named: &dyn Fn(&str) -> Option<SafeText>) -> Option<Link> {
        let module = self.module?;
        let id: RecordId = row.id.as_deref()?.parse().ok()?;
        let at = self.columns.iter().position(|column| column.name.as_str() == module.name_field());
        let own = at.and_then(|at| row.values.get(at)?.as_str()).map(SafeText::new);
        let name = own.or_else(|| named(id.as_str()));
        Some(Link { module, name: name.unwrap_or_else(|| SafeText::new(id.as_str())), id })
    }
}

/// A value as a cell shows it. A reference goes by its name where that is known.
fn text(value: &Value, named: &dyn Fn(&str) -> Option<SafeText>) -> SafeText {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| self::text(item, named).to_string()).collect();
            items.join(", ")
        }
        Value::Object(object) => return reference(object, named),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        None => SafeText::new(&text),
        Some((end, _)) => SafeText::new(&format!("{}…", &text[..end])),
    }
}

fn reference(object: &Map<String, Value>, named: &dyn Fn(&str) -> Option<SafeText>) -> SafeText {
    if let Some(name) = object.get("name").and_then(Value::as_str) {
        return SafeText::new(name);
    }
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    named(id).unwrap_or_else(|| SafeText::new(id))
}

/// Whether a column holds numbers and nothing else.
fn is_numeric(rows: &[Record], column: &str) -> bool {
    let mut values =
        rows.iter().filter_map(|row| row.get(column)).filter(|value| !value.is_null()).peekable();
    values.peek().is_some() && values.all(Value::is_number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        coql::{self, Context, Mode},
        domain::Schemas,
        store::Place,
    };

    fn shown(rows: u64) -> Shown {
        let rows = (0..rows).map(|n| SheetRow { id: None, values: vec![json!(n), json!("\u{1b}[31mx")] });
        let columns = ["n", "text"].map(|name| LocalColumn {
            name: name.to_owned(),
            shape: None,
            kind: None,
            field: None,
            named: None,
        });
        let context = Context::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let schemas: Schemas = [].into_iter().collect();
        let text = "select n from Deals";
        let analysed = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0);
        let read = Read { schemas, context, analysed, since: 0 };
        Shown::new(7, &read, ("Pipelines", &columns), Sheet { rows: rows.collect() })
    }

    fn window(shown: &Shown, slice: &Slice) -> AnswerWindow {
        let store = Store::open(&Place::Memory, &Place::Memory).expect("a store");
        let moment = store.mirror.moment(jiff::Timestamp::UNIX_EPOCH);
        shown.window((&store, &moment), &Changes::default(), None, slice, 10)
    }

    #[test]
    fn every_slice_is_a_piece_of_the_answer() {
        let shown = shown(100);
        let id = |n: u64| n.to_string().parse::<RecordId>().expect("digits");
        for (slice, first, rows) in [
            (Slice::Start, 0, 10),
            (Slice::End, 90, 10),
            (Slice::At(50), 45, 10),
            (Slice::At(99), 90, 10),
            (Slice::After { id: id(94), ordinal: 94 }, 95, 5),
            (Slice::Before { id: id(4), ordinal: 4 }, 0, 4),
            (Slice::Around { id: id(3) }, 0, 10),
        ] {
            let window = window(&shown, &slice);
            assert_eq!((window.first, window.rows.len(), window.total), (first, rows, 100), "{slice:?}");
            assert_eq!(window.rows[0].cells[0].as_str(), first.to_string(), "{slice:?}");
        }
    }

    #[test]
    fn what_attacks_a_terminal_becomes_text() {
        let window = window(&shown(1), &Slice::Start);
        assert!(!window.rows[0].cells[1].as_str().contains('\u{1b}'));
    }
}
