//! The operations, area by area.

mod bulk;
mod files;
mod records;
mod related;

use axum::http::Method;

use super::{Handler, Operation};
use crate::sandbox::{
    assumptions,
    routes::{
        metadata::{fields, layouts, modules, related_lists, views},
        org,
        users::{self, profiles, roles},
    },
};

/// Every operation that needs a token.
pub(super) static AREAS: &[&[Operation]] = &[
    METADATA,
    PEOPLE,
    files::OPERATIONS,
    bulk::OPERATIONS,
    records::OPERATIONS,
    related::NOTES,
    related::RELATED,
    related::ACTIONS,
    related::TAGS,
];

type Scopes = &'static [&'static [&'static str]];

const fn get(path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(Method::GET, path, scopes, handler)
}

const fn post(path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(Method::POST, path, scopes, handler)
}

const fn put(path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(Method::PUT, path, scopes, handler)
}

const fn delete(path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(Method::DELETE, path, scopes, handler)
}

/// Reading what the organisation is made of.
static METADATA: &[Operation] = &[
    get("/bigin/v2/settings/modules", &[&["ZohoBigin.settings.modules.READ"]], modules::list),
    get("/bigin/v2/settings/modules/{module}", &[&["ZohoBigin.settings.modules.READ"]], modules::get),
    get("/bigin/v2/settings/fields", &[&["ZohoBigin.settings.fields.READ"]], fields::list),
    get("/bigin/v2/settings/fields/{field}", &[&["ZohoBigin.settings.fields.READ"]], fields::get),
    get("/bigin/v2/settings/layouts", &[&["ZohoBigin.settings.layouts.READ"]], layouts::list),
    get("/bigin/v2/settings/layouts/{layout}", &[&["ZohoBigin.settings.layouts.READ"]], layouts::get),
    get("/bigin/v2/settings/custom_views", &[&["ZohoBigin.settings.custom_views.READ"]], views::list),
    get("/bigin/v2/settings/custom_views/{view}", &[&["ZohoBigin.settings.custom_views.READ"]], views::get),
    get(
        "/bigin/v2/settings/related_lists",
        &[&["ZohoBigin.settings.related_lists.READ"]],
        related_lists::list,
    ),
];

/// Who works in the organisation, and the organisation itself.
static PEOPLE: &[Operation] = &[
    get("/bigin/v2/users", &[&["ZohoBigin.users.READ"]], users::list),
    get("/bigin/v2/users/{user}", &[&["ZohoBigin.users.READ"]], users::get),
    post("/bigin/v2/users", &[&["ZohoBigin.users.CREATE"]], users::add),
    put("/bigin/v2/users", &[&["ZohoBigin.users.WRITE"]], users::update),
    put("/bigin/v2/users/{user}", &[&["ZohoBigin.users.WRITE"]], users::update),
    delete("/bigin/v2/users/{user}", &[&["ZohoBigin.users.DELETE"]], users::delete),
    get("/bigin/v2/settings/roles", &[&["ZohoBigin.settings.roles.READ"]], roles::list),
    get("/bigin/v2/settings/roles/{role}", &[&["ZohoBigin.settings.roles.READ"]], roles::get),
    get("/bigin/v2/settings/profiles", &[&["ZohoBigin.settings.profiles.READ"]], profiles::list),
    get("/bigin/v2/settings/profiles/{profile}", &[&["ZohoBigin.settings.profiles.READ"]], profiles::get),
    get("/bigin/v2/org", &[&["ZohoBigin.org.READ"]], org::get),
    post("/bigin/v2/org/photo", &[&["ZohoBigin.org.CREATE"]], org::upload_photo)
        .taking(2 * assumptions::PHOTO_LIMIT),
];
