//! Rows of an answer on their way out of the program, a piece at a time.

use std::sync::Arc;

use serde_json::Value;

use super::{Console, answer::Shown, change::Changes};
use crate::{
    domain::RecordId,
    protocol::{AnswerCopy, Event, Excerpt, Failure, Generation, JobKey},
    store::{Mirror, Store},
    sync::failure,
    worker::export::{Form, Grid, Heading, Rows},
};

/// Rows whose references are named in one task of the databases' thread.
const STEP: usize = 500;

/// An excerpt that is in hand.
struct Held {
    shown: Arc<Shown>,
    changes: Arc<Changes>,
    rows: Excerpt,
    /// Places of the rows in the view.
    places: Vec<u64>,
}

impl Console {
    /// Tells the rows as text, as far as there is room.
    pub(super) async fn copy(&self, generation: Generation, rows: Excerpt, most: usize) {
        let event = match self.copied("copy the rows", &rows, most).await {
            Ok(copy) => Event::CoqlCopied { generation, copy },
            Err(failure) => Event::Failed { key: JobKey::Copy, generation, failure },
        };
        (self.report)(event);
    }

    async fn copied(&self, doing: &str, rows: &Excerpt, most: usize) -> Result<AnswerCopy, Failure> {
        let held = self.held_rows(doing, rows).await?;
        let columns = Grid::new(held.headings(), Vec::new()).columns;
        let mut text = names(&columns);
        let mut done = 0;
        'rows: for places in held.places.chunks(STEP) {
            for values in self.values(&held, places).await {
                let line = line(&columns, &values);
                if text.len() + line.len() > most {
                    break 'rows;
                }
                text.push_str(&line);
                done += 1;
            }
        }
        text.truncate(text.trim_end_matches('\n').len());
        Ok(AnswerCopy { text, rows: done, total: held.places.len() as u64 })
    }

    /// The rows with their references named.
    pub(super) async fn grid(&self, doing: &str, rows: &Excerpt) -> Result<Grid, Failure> {
        let held = self.held_rows(doing, rows).await?;
        let mut all = Vec::with_capacity(held.places.len());
        for places in held.places.chunks(STEP) {
            all.extend(self.values(&held, places).await);
        }
        Ok(Grid::new(held.headings(), all))
    }

    async fn held_rows(&self, doing: &str, rows: &Excerpt) -> Result<Held, Failure> {
        let Some(shown) = self.kept(rows.view.answer) else {
            let what = "the answer is not in hand any more";
            return Err(failure::plain(doing, what, "Run the query again."));
        };
        let changes = Arc::new(self.changes(&shown).await);
        let places = shown.places(&changes, rows);
        Ok(Held { shown, changes, rows: rows.clone(), places })
    }

    /// Values of some of the rows, references by name where it is known.
    async fn values(&self, held: &Held, places: &[u64]) -> Vec<Vec<Value>> {
        let (shown, changes) = (Arc::clone(&held.shown), Arc::clone(&held.changes));
        let (order, places) = (held.rows.view.order, places.to_vec());
        let read = move |store: &mut Store| {
            let values = places.iter().filter_map(|at| shown.values(order, &changes, *at));
            values.map(|values| named(&shown, &store.mirror, values.into_owned())).collect()
        };
        self.desk.read(read).await
    }
}

impl Held {
    fn headings(&self) -> impl Iterator<Item = (String, bool)> {
        self.shown.columns.iter().map(|column| (column.name.to_string(), column.numeric))
    }
}

const TABS: Form = Form::Tsv { names: true };

fn names(columns: &[Heading]) -> String {
    text(Rows::begin(TABS, columns, Vec::new()).and_then(Rows::end))
}

fn line(columns: &[Heading], values: &[Value]) -> String {
    let mut rows = Rows::begin(Form::Tsv { names: false }, columns, Vec::new());
    if let Ok(rows) = &mut rows {
        // Memory refuses nothing.
        drop(rows.row(values));
    }
    text(rows.and_then(Rows::end))
}

fn text(written: std::io::Result<Vec<u8>>) -> String {
    String::from_utf8(written.unwrap_or_default()).unwrap_or_default()
}

fn named(shown: &Shown, mirror: &Mirror, mut values: Vec<Value>) -> Vec<Value> {
    for value in &mut values {
        let Value::Object(object) = value else { continue };
        let id = object.get("id").and_then(Value::as_str).filter(|_| !object.contains_key("name"));
        let known = id.and_then(|id| shown.name(id).or_else(|| name_of(mirror, id)));
        if let Some(name) = known {
            object.insert("name".to_owned(), Value::String(name));
        }
    }
    values
}

fn name_of(mirror: &Mirror, id: &str) -> Option<String> {
    Some(mirror.name_of(&id.parse::<RecordId>().ok()?).ok()??.to_string())
}
