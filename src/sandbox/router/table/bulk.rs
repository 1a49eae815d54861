//! Bulk reads, bulk writes and channels.

use axum::http::Method;

use super::Scopes;
use crate::sandbox::{
    assumptions,
    router::{Cost, Handler, Operation},
    routes::{bulk_read, bulk_write, notifications},
};

const WATCH: &str = "/bigin/v2/actions/watch";

const READ: Scopes = &[&["ZohoBigin.bulk.READ"]];
const CREATE: Scopes = &[&["ZohoBigin.bulk.CREATE"]];

const fn call(method: Method, path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(method, path, scopes, handler)
}

/// What reads and writes a module also needs its scope, which is checked once the module is known.
pub(super) static OPERATIONS: &[Operation] = &[
    call(Method::POST, "/bigin/bulk/v2/read", READ, |sandbox, caller, request| {
        bulk_read::create(sandbox, caller, request).into()
    })
    .costing(Cost::Fixed(50)),
    call(Method::GET, "/bigin/bulk/v2/read/{job}", READ, |sandbox, caller, request| {
        bulk_read::details(sandbox, caller, request).into()
    }),
    call(Method::GET, "/bigin/bulk/v2/read/{job}/result", READ, |sandbox, caller, request| {
        bulk_read::download(sandbox, caller, request).into()
    }),
    call(Method::POST, "/bigin/v2/upload", &[&["ZohoFiles.files.ALL"]], |sandbox, caller, request| {
        bulk_write::upload(sandbox, caller, request).into()
    })
    .taking(2 * assumptions::ARCHIVE_LIMIT),
    call(Method::POST, "/bigin/bulk/v2/write", CREATE, |sandbox, caller, request| {
        bulk_write::create(sandbox, caller, request).into()
    })
    .costing(Cost::Fixed(500)),
    call(Method::GET, "/bigin/bulk/v2/write/{job}", CREATE, |sandbox, caller, request| {
        bulk_write::details(sandbox, caller, request).into()
    }),
    call(Method::GET, "/v2/crm/{org}/bulk-write/{job}/{file}", CREATE, |sandbox, caller, request| {
        bulk_write::download(sandbox, caller, request).into()
    }),
    call(
        Method::POST,
        WATCH,
        &[&["ZohoBigin.notifications.WRITE", "ZohoBigin.notifications.CREATE"]],
        |sandbox, caller, request| notifications::enable(sandbox, caller, request).into(),
    ),
    call(Method::GET, WATCH, &[&["ZohoBigin.notifications.READ"]], |sandbox, caller, request| {
        notifications::details(sandbox, caller, request).into()
    }),
    call(
        Method::PUT,
        WATCH,
        &[&["ZohoBigin.notifications.WRITE", "ZohoBigin.notifications.UPDATE"]],
        |sandbox, caller, request| notifications::update(sandbox, caller, request).into(),
    ),
    call(
        Method::PATCH,
        WATCH,
        &[&["ZohoBigin.notifications.WRITE", "ZohoBigin.notifications.UPDATE"]],
        |sandbox, caller, request| notifications::change(sandbox, caller, request).into(),
    ),
    call(Method::DELETE, WATCH, &[&["ZohoBigin.notifications.DELETE"]], |sandbox, caller, request| {
        notifications::disable(sandbox, caller, request).into()
    }),
];
