//! Pages of a list and the walk over all of them.

use serde_json::Value;

use super::{
    call::Call,
    client::{Answer, Client},
    endpoint::Op,
    error::{Error, Kind},
    records::ListQuery,
    wire::Record,
};
use crate::domain::{Module, RecordId, SafeText};

/// Where in a list a page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// By number, from 1; reaches the first 2,000 records.
    Number(u32),
    /// By the token of the page before; lives about a day and fits the same parameters only.
    Token(String),
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows, in the service's order.
    pub rows: Vec<T>,
    /// More follow.
    pub more: bool,
    /// The token of the next page, where the answer gives one.
    pub next_token: Option<String>,
}

impl<T> Page<T> {
    /// A page with nothing on it and nothing after it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), more: false, next_token: None }
    }

    /// The same page with other rows.
    pub(super) fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(change).collect(),
            more: self.more,
            next_token: self.next_token,
        }
    }
}

impl Page<Value> {
    /// Reads the rows under `key` and what `info` says of the rest.
    pub(super) fn read(answer: Answer, key: &str, call: &Call) -> Result<Self, Error> {
        let Answer::Json(_, mut value) = answer else { return Ok(Self::empty()) };
        let rows = match value.get_mut(key).map(Value::take) {
            Some(Value::Array(rows)) => rows,
            _ => {
                let problem = SafeText::new(&format!("no list under `{key}`"));
                return Err(Error::new(call.words(), Kind::Unexpected { problem }).during(call.op));
            }
        };
        let info = value.get("info");
        let of_info = |key: &str| info.and_then(|info| info.get(key));
        let next_token = of_info("next_page_token").and_then(Value::as_str).map(str::to_owned);
        let more = of_info("more_records").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self { rows, more, next_token })
    }

    /// The rows that are records; a row without an id is none.
    pub(super) fn records(self, call: &Call) -> Result<Page<Record>, Error> {
        let count = self.rows.len();
        let (more, next_token) = (self.more, self.next_token);
        let rows: Vec<_> = self.rows.into_iter().filter_map(Record::read).collect();
        if rows.len() < count {
            let problem = SafeText::new("a record without an id");
            return Err(Error::new(call.words(), Kind::Unexpected { problem }).during(call.op));
        }
        Ok(Page { rows, more, next_token })
    }
}

/// A walk over all pages of a list, one call a page. After an error the same page can be asked for again.
#[derive(Debug, Clone)]
pub struct Pages {
    client: Client,
    list: List,
    query: ListQuery,
    done: bool,
}

/// Which list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum List {
    Module(Module),
    Related { module: Module, id: RecordId, list: String },
}

impl Pages {
    pub(super) fn new(client: Client, list: List, query: ListQuery) -> Self {
        Self { client, list, query, done: false }
    }

    /// Where the next page is: kept, it lets a later run go on from here.
    #[must_use]
    pub fn position(&self) -> Option<&At> {
        (!self.done).then_some(&self.query.at)
    }

    /// The next page; none after the last.
    ///
    /// # Errors
    /// As every call. When [`Error::page_token_is_stale`], the walk must begin again from where its rows end.
    pub async fn next(&mut self) -> Result<Option<Page<Record>>, Error> {
        if self.done {
            return Ok(None);
        }
        let page = self.client.list_page(&self.list, &self.query).await?;
        match (&page.next_token, &self.query.at) {
            _ if !page.more => self.done = true,
            (Some(token), _) => self.query.at = At::Token(token.clone()),
            (None, At::Number(number)) => self.query.at = At::Number(number + 1),
            (None, At::Token(_)) => self.done = true,
        }
        Ok(Some(page))
    }
}

impl List {
    pub(super) fn call(&self) -> Call {
        match self {
            Self::Module(Module::Notes) => Call::new(Op::ListNotes),
            Self::Module(module) => Call { module: Some(*module), ..Call::new(Op::ListRecords) },
            Self::Related { module, id, list } if list == "Notes" => {
                Call { module: Some(*module), path: vec![id.to_string()], ..Call::new(Op::NotesOf) }
            }
            Self::Related { module, id, list } => Call {
                module: Some(*module),
                path: vec![id.to_string(), list.clone()],
                ..Call::new(Op::RelatedRecords)
            },
        }
    }
}
