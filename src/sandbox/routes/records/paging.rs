//! Which page of a list is asked for.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-records.html>

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    ambiguous, limit_exceeded,
    token::{Token, hash},
};
use crate::sandbox::{Caller, Reply, Request, assumptions, clock, reply};

/// Rows that page numbers reach; beyond them a token is needed.
pub(in crate::sandbox::routes) const DISCRETE: usize = 2_000;
/// Rows that tokens reach.
const REACH: usize = 100_000;
/// Rows of a page at most, and unless asked otherwise.
pub(in crate::sandbox::routes) const MOST: usize = 200;

/// A page of a list.
#[derive(Debug, Clone)]
pub(in crate::sandbox::routes) struct Paging {
    pub page: usize,
    pub per_page: usize,
    /// It came by token: page numbers' ceiling does not apply.
    pub by_token: bool,
    /// The sort value and the id of the last row before the page, when the token knows them.
    pub after: Option<(i64, i64)>,
    bound: u64,
}

impl Paging {
    /// Reads `page`, `per_page` and `page_token`. `bound` are the parameters that a token keeps.
    pub fn read(request: &Request, caller: &Caller, bound: &[&str]) -> Result<Self, Reply> {
        let bound = hash(&[bound, &[request.path.as_str()]].concat());
        let Some(text) = request.query("page_token") else {
            let page = number(request, "page")?.unwrap_or(1);
            let per_page = per_page(request)?;
            return Ok(Self { page, per_page, by_token: false, after: None, bound });
        };
        if request.query("page").is_some() {
            return Err(ambiguous(&["page", "page_token"]));
        }
        let token = Token::read(text).filter(|token| token.bound == bound).ok_or_else(mismatch)?;
        if token.expires <= caller.now.as_second() {
            return Err(expired());
        }
        if token.page * token.per_page > REACH {
            return Err(too_far());
        }
        let Token { page, per_page, after, .. } = token;
        Ok(Self { page, per_page, by_token: true, after, bound })
    }

    /// Rows before the page.
    pub const fn offset(&self) -> usize {
        (self.page - 1) * self.per_page
    }

    /// The keys of `info` that tell of pages: five, without those of the sort. `last` is the sort value and
    /// the id of the last row when there are more.
    pub fn info(&self, caller: &Caller, count: usize, more: bool, last: Option<(i64, i64)>) -> Value {
        let lifetime = i64::try_from(assumptions::PAGE_TOKEN_LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let expires = caller.now.as_second() + lifetime;
        let token =
            |page, after| Token { bound: self.bound, per_page: self.per_page, page, after, expires }.write();
        let next = more.then(|| token(self.page + 1, last));
        let previous = (self.page > 1).then(|| token(self.page - 1, None));
        let expiry = jiff::Timestamp::from_second(expires).map(clock::iso).ok();
        json!({
            "per_page": self.per_page,
            "next_page_token": next,
            "count": count,
            "page": self.page,
            "previous_page_token": previous,
            "page_token_expiry": expiry.filter(|_| next.is_some() || previous.is_some()),
            "more_records": more,
        })
    }
}

/// `per_page`, 200 unless given.
pub(in crate::sandbox::routes) fn per_page(request: &Request) -> Result<usize, Reply> {
    match number(request, "per_page")? {
        Some(number) if number > MOST => {
            Err(limit_exceeded(json!({ "limit": MOST, "param_name": "per_page" })))
        }
        other => Ok(other.unwrap_or(MOST)),
    }
}

/// A parameter that is a whole number from 1.
pub(in crate::sandbox::routes) fn number(request: &Request, name: &str) -> Result<Option<usize>, Reply> {
    let Some(text) = request.query(name) else { return Ok(None) };
    match text.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Some(number as usize)),
        _ => Err(reply::invalid_data(json!({ "param_name": name }))),
    }
}

/// A page number beyond what page numbers reach.
pub(in crate::sandbox::routes) fn beyond_numbers() -> Reply {
    let message = "You can only get the first 2000 records without using page_token param";
    Reply::error(
        StatusCode::BAD_REQUEST,
        "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
        message,
        json!({ "limit": DISCRETE }),
    )
}

fn too_far() -> Reply {
    let message = "You can only get upto 100000 records using page_token param";
    let details = json!({ "param_name": "page_token" });
    Reply::error(StatusCode::BAD_REQUEST, "PAGINATION_LIMIT_EXCEEDED", message, details)
}

fn mismatch() -> Reply {
    let message = "The page_token given seems to be invalid or input param is added or altered or deleted";
    let details = json!({ "param_name": "page_token" });
    Reply::error(StatusCode::BAD_REQUEST, "TOKEN_BOUND_DATA_MISMATCH", message, details)
}

fn expired() -> Reply {
    let details = json!({ "api_name": "page_token", "json_path": "$.query.page_token" });
    Reply::error(StatusCode::BAD_REQUEST, "EXPIRED_VALUE", "Page token expired", details)
}
