//! Searching and counting records.

use serde_json::Value;

use super::{
    call::Call,
    client::{Answer, Client},
    endpoint::Op,
    error::{Error, Kind},
    page::Page,
    records::Sort,
    wire::Record,
};
use crate::domain::{Module, SafeText};

/// What to search by; the service reads one only.
///
/// <https://www.bigin.com/developer/docs/apis/v2/search-records.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `((Stage:equals:Won)and(Amount:greater_than:5000))`; values escaped by [`Filter::escape`].
    Criteria(String),
    /// A whole address, in any e-mail field.
    Email(String),
    /// A number, in any phone field.
    Phone(String),
    /// Words and beginnings of words, 2 characters at least.
    Word(String),
}

/// A search. The index lags writes by 10 to 20 seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// By what.
    pub filter: Filter,
    /// API names; with none, every key comes.
    pub fields: Vec<String>,
    /// The page, from 1.
    pub page: u32,
    /// Rows on a page, 1 to 200.
    pub per_page: u32,
    /// Newest id first when none is given.
    pub sort: Option<Sort>,
}

impl Filter {
    /// Escapes what would end a value of a criterion.
    #[must_use]
    pub fn escape(value: &str) -> String {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            if matches!(c, '(' | ')' | ',' | '\\') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    }

    fn parameter(&self) -> (&'static str, String) {
        match self {
            Self::Criteria(text) => ("criteria", text.clone()),
            Self::Email(text) => ("email", text.clone()),
            Self::Phone(text) => ("phone", text.clone()),
            Self::Word(text) => ("word", text.clone()),
        }
    }
}

impl SearchQuery {
    /// The first page of everything that matches.
    #[must_use]
    pub const fn of(filter: Filter) -> Self {
        Self { filter, fields: Vec::new(), page: 1, per_page: 200, sort: None }
    }
}

impl Client {
    /// One page of the records that match.
    ///
    /// # Errors
    /// As every call.
    pub async fn search(&self, module: Module, query: &SearchQuery) -> Result<Page<Record>, Error> {
        let mut call = Call { module: Some(module), ..Call::new(Op::SearchRecords) };
        call.query = vec![
            query.filter.parameter(),
            ("page", query.page.to_string()),
            ("per_page", query.per_page.to_string()),
        ];
        if !query.fields.is_empty() {
            call.query.push(("fields", query.fields.join(",")));
        }
        if let Some(sort) = query.sort {
            call.query.push(("sort_by", sort.by.parameter().to_owned()));
            call.query.push(("sort_order", sort.order.parameter().to_owned()));
        }
        Page::read(self.send(&call).await?, "data", &call)?.records(&call)
    }

    /// How many records there are, or match.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/module-records-count.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn count(&self, module: Module, filter: Option<&Filter>) -> Result<u64, Error> {
        let query = filter.map(Filter::parameter).into_iter().collect();
        let call = Call { module: Some(module), query, ..Call::new(Op::CountRecords) };
        let Answer::Json(_, value) = self.send(&call).await? else { return Ok(0) };
        let count = value.get("count").and_then(number);
        count.ok_or_else(|| {
            let problem = SafeText::new("no count");
            Error::new(call.words(), Kind::Unexpected { problem }).during(call.op)
        })
    }
}

/// A count as it comes: a number, or text in some answers.
pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_its_criterion() {
        assert_eq!(Filter::escape(r"a)or(id:equals:1), \"), r"a\)or\(id:equals:1\)\, \\");
        assert_eq!(Filter::escape("Quayside"), "Quayside");
    }
}
