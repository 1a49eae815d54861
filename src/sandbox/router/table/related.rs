//! Operations on what hangs on records: notes, related lists, tags, owners.

use axum::http::Method;

use super::{
    super::{Cost, Handler, Heavy, Operation},
    Scopes,
};
use crate::sandbox::{
    assumptions,
    routes::{coql, notes, owner, related, tags},
};

const READ: Scopes = &[&["ZohoBigin.modules.{module}.READ"]];
const UPDATE: Scopes = &[&["ZohoBigin.modules.{module}.UPDATE", "ZohoBigin.modules.{module}.WRITE"]];
const DELETE: Scopes = &[&["ZohoBigin.modules.{module}.DELETE", "ZohoBigin.modules.{module}.WRITE"]];
const TAG: Scopes = &[&[
    "ZohoBigin.modules.{module}.WRITE",
    "ZohoBigin.modules.{module}.CREATE",
    "ZohoBigin.modules.{module}.UPDATE",
]];
/// Any scope of the record's module, and one of the notes that fits the verb.
const READ_NOTES: Scopes = &[ANY, &["ZohoBigin.modules.notes.READ"]];
const CREATE_NOTES: Scopes = &[ANY, &["ZohoBigin.modules.notes.CREATE", "ZohoBigin.modules.notes.WRITE"]];
const UPDATE_NOTES: Scopes = &[ANY, &["ZohoBigin.modules.notes.UPDATE", "ZohoBigin.modules.notes.WRITE"]];
const DELETE_NOTES: Scopes = &[ANY, &["ZohoBigin.modules.notes.DELETE", "ZohoBigin.modules.notes.WRITE"]];
const ANY: &[&str] = &[
    "ZohoBigin.modules.{module}.READ",
    "ZohoBigin.modules.{module}.WRITE",
    "ZohoBigin.modules.{module}.CREATE",
    "ZohoBigin.modules.{module}.UPDATE",
    "ZohoBigin.modules.{module}.DELETE",
];
const CHANGE_OWNER: Scopes = &[&["ZohoBigin.change_owner.CREATE"]];
const READ_TAGS: Scopes = &[&["ZohoBigin.settings.tags.READ"]];
const CREATE_TAGS: Scopes = &[&["ZohoBigin.settings.tags.CREATE", "ZohoBigin.settings.tags.WRITE"]];
const UPDATE_TAGS: Scopes = &[&["ZohoBigin.settings.tags.UPDATE", "ZohoBigin.settings.tags.WRITE"]];
const DELETE_TAGS: Scopes = &[&["ZohoBigin.settings.tags.DELETE"]];

const fn call(method: Method, path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(method, path, scopes, handler)
}

/// A call whose price grows with what it changes.
const fn priced(path: &'static str, cost: Cost, scopes: Scopes, handler: Handler) -> Operation {
    call(Method::POST, path, scopes, handler).costing(cost)
}

/// Notes of a record.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-notes.html>
pub(super) static NOTES: &[Operation] = &[
    call(Method::GET, "/bigin/v2/{module}/{id}/Notes", READ_NOTES, notes::list),
    priced("/bigin/v2/{module}/{id}/Notes", Cost::PerTen, CREATE_NOTES, notes::create),
    call(Method::GET, "/bigin/v2/{module}/{id}/Notes/{note}", READ_NOTES, notes::get),
    call(Method::PUT, "/bigin/v2/{module}/{id}/Notes/{note}", UPDATE_NOTES, notes::update),
    call(Method::DELETE, "/bigin/v2/{module}/{id}/Notes/{note}", DELETE_NOTES, notes::delete),
];

/// Related lists.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-related-records.html>
pub(super) static RELATED: &[Operation] = &[
    call(Method::GET, "/bigin/v2/{module}/{id}/{list}", READ, related::list),
    call(Method::PUT, "/bigin/v2/{module}/{id}/{list}", UPDATE, related::link),
    call(Method::DELETE, "/bigin/v2/{module}/{id}/{list}", DELETE, related::delink),
    call(Method::PUT, "/bigin/v2/{module}/{id}/{list}/{related}", UPDATE, related::link),
    call(Method::DELETE, "/bigin/v2/{module}/{id}/{list}/{related}", DELETE, related::delink_one),
];

/// Owners and tags of records, and queries.
pub(super) static ACTIONS: &[Operation] = &[
    call(Method::POST, "/bigin/v2/coql", &[&["ZohoBigin.coql.READ"]], coql::run).heavy(Heavy::Yes),
    call(Method::POST, "/bigin/v2/{module}/{id}/actions/change_owner", CHANGE_OWNER, owner::change_one),
    call(Method::POST, "/bigin/v2/{module}/actions/change_owner", CHANGE_OWNER, owner::change),
    call(Method::POST, "/bigin/v2/{module}/{id}/actions/add_tags", TAG, tags::records::add_one),
    call(Method::POST, "/bigin/v2/{module}/{id}/actions/remove_tags", TAG, tags::records::remove_one),
    priced("/bigin/v2/{module}/actions/add_tags", Cost::PerFifty, TAG, tags::records::add),
    priced("/bigin/v2/{module}/actions/remove_tags", Cost::PerFifty, TAG, tags::records::remove),
];

/// The organisation's tags.
///
/// <https://bigin.com/developer/docs/apis/v2/get-tag-list.html>
pub(super) static TAGS: &[Operation] = &[
    call(Method::GET, "/bigin/v2/settings/tags", READ_TAGS, tags::settings::list),
    call(Method::POST, "/bigin/v2/settings/tags", CREATE_TAGS, tags::settings::create),
    call(Method::PUT, "/bigin/v2/settings/tags", UPDATE_TAGS, tags::settings::update),
    call(Method::PUT, "/bigin/v2/settings/tags/{tag}", UPDATE_TAGS, tags::settings::update_one),
    call(Method::DELETE, "/bigin/v2/settings/tags/{tag}", DELETE_TAGS, tags::settings::delete),
    call(Method::POST, "/bigin/v2/settings/tags/{tag}/actions/merge", CREATE_TAGS, tags::settings::merge)
        .documented(assumptions::TAGS_MERGE),
    call(
        Method::GET,
        "/bigin/v2/settings/tags/{tag}/actions/records_count",
        READ_TAGS,
        tags::settings::count,
    ),
];
