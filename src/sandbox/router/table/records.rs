//! Operations on records.

use axum::http::Method;

use super::{
    super::{Cost, Handler, Heavy, Operation},
    Scopes,
};
use crate::sandbox::routes::{
    records::{count, get, list, remove, upsert, write},
    search,
};

const READ: Scopes = &[&["ZohoBigin.modules.{module}.READ"]];
const CREATE: Scopes = &[&["ZohoBigin.modules.{module}.CREATE", "ZohoBigin.modules.{module}.WRITE"]];
const UPDATE: Scopes = &[&["ZohoBigin.modules.{module}.UPDATE", "ZohoBigin.modules.{module}.WRITE"]];
const UPSERT: Scopes = &[CREATE[0], UPDATE[0]];
const DELETE: Scopes = &[&["ZohoBigin.modules.{module}.DELETE", "ZohoBigin.modules.{module}.WRITE"]];

const fn call(method: Method, path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(method, path, scopes, handler)
}

const fn write(method: Method, path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    call(method, path, scopes, handler).costing(Cost::PerTen).heavy(Heavy::OverTen)
}

/// Lists, single records, writes, counts and searches.
///
/// <https://www.bigin.com/developer/docs/apis/v2/scopes.html>
pub(super) static OPERATIONS: &[Operation] = &[
    call(Method::GET, "/bigin/v2/{module}", READ, list::list).costing(Cost::View).heavy(Heavy::SortedOrView),
    write(Method::POST, "/bigin/v2/{module}", CREATE, write::insert),
    write(Method::PUT, "/bigin/v2/{module}", UPDATE, write::update),
    call(Method::DELETE, "/bigin/v2/{module}", DELETE, remove::delete),
    call(Method::GET, "/bigin/v2/{module}/{id}", READ, get::get),
    write(Method::PUT, "/bigin/v2/{module}/{id}", UPDATE, write::update_one),
    call(Method::DELETE, "/bigin/v2/{module}/{id}", DELETE, remove::delete_one),
    write(Method::POST, "/bigin/v2/{module}/upsert", UPSERT, upsert::upsert),
    call(Method::GET, "/bigin/v2/{module}/deleted", READ, remove::deleted),
    call(Method::GET, "/bigin/v2/{module}/actions/count", READ, count::count),
    call(Method::GET, "/bigin/v2/{module}/search", READ, search::search),
];
