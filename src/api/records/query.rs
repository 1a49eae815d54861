//! What to list, and in which order.

use jiff::Timestamp;

use crate::{
    api::{call::Call, page::At, records::comma},
    domain::RecordId,
};

/// A list to ask for. `fields` is mandatory for the service: 1 to 50 API names.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// API names, 50 at most; the id always comes.
    pub fields: Vec<String>,
    /// Rows on a page, 1 to 200.
    pub per_page: u32,
    /// Where to begin.
    pub at: At,
    /// Newest id first when none is given. A sort other than by id makes the call heavy.
    pub sort: Option<Sort>,
    /// Only records of this custom view: 3 credits.
    pub view: Option<RecordId>,
    /// Only deals of this team pipeline (a layout's id).
    pub pipeline: Option<RecordId>,
    /// Only these records, 100 at most.
    pub ids: Vec<RecordId>,
    /// Only records changed after this.
    pub modified_since: Option<Timestamp>,
}

/// An order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Which way.
    pub order: Order,
}

/// What the service can sort a list by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// The id, which grows with time.
    Id,
    /// `Created_Time`.
    Created,
    /// `Modified_Time`.
    Modified,
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl ListQuery {
    /// The first page, as large as it gets, with these fields.
    #[must_use]
    pub fn of<S: Into<String>>(fields: impl IntoIterator<Item = S>) -> Self {
        Self {
            fields: fields.into_iter().map(Into::into).collect(),
            per_page: 200,
            at: At::Number(1),
            sort: None,
            view: None,
            pipeline: None,
            ids: Vec::new(),
            modified_since: None,
        }
    }

    /// The parameters of the call. A page token carries its page size.
    pub(in crate::api) fn apply(&self, mut call: Call) -> Call {
        let mut add = |key, value: String| call.query.push((key, value));
        add("fields", self.fields.join(","));
        match &self.at {
            At::Number(number) => {
                add("page", number.to_string());
                add("per_page", self.per_page.to_string());
            }
            At::Token(token) => add("page_token", token.clone()),
        }
        if let Some(sort) = self.sort {
            add("sort_by", sort.by.parameter().to_owned());
            add("sort_order", sort.order.parameter().to_owned());
        }
        if let Some(view) = &self.view {
            add("cvid", view.to_string());
        }
        if let Some(pipeline) = &self.pipeline {
            add("pipeline_id", pipeline.to_string());
        }
        if !self.ids.is_empty() {
            add("ids", comma(&self.ids));
        }
        call.shape.view = self.view.is_some();
        call.shape.sorted = self.sort.is_some();
        call.modified_since = self.modified_since.map(iso);
        call
    }
}

/// A time as the service writes it: seconds and a numeric offset.
pub(in crate::api) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

impl SortBy {
    pub(in crate::api) const fn parameter(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Created => "Created_Time",
            Self::Modified => "Modified_Time",
        }
    }
}

impl Order {
    pub(in crate::api) const fn parameter(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}
