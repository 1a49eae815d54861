//! The operations, area by area.

mod files;

use axum::http::Method;

use super::{Cost, Handler, Heavy, Operation};
use crate::sandbox::routes::metadata::{fields, layouts, modules, related_lists, views};

/// Every operation that needs a token.
pub(super) static AREAS: &[&[Operation]] = &[METADATA, files::OPERATIONS];

type Scopes = &'static [&'static [&'static str]];

/// A read that costs one credit.
const fn get(path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation { method: Method::GET, path, scopes, cost: Cost::Fixed(1), heavy: Heavy::No, handler }
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
