//! Attachments, files, photos and mail.

use axum::http::Method;

use super::Scopes;
use crate::sandbox::{
    assumptions,
    router::{Cost, Handler, Heavy, Operation},
    routes::{attachments, files, mail, photos},
};

const ATTACHMENTS: &str = "/bigin/v2/{module}/{id}/Attachments";
const ATTACHMENT: &str = "/bigin/v2/{module}/{id}/Attachments/{attachment}";
const PHOTO: &str = "/bigin/v2/{module}/{id}/photo";

const READ: &[&str] = &["ZohoBigin.modules.{module}.READ"];
const CREATE: &[&str] = &["ZohoBigin.modules.{module}.WRITE", "ZohoBigin.modules.{module}.CREATE"];
const DELETE: &[&str] = &["ZohoBigin.modules.{module}.WRITE", "ZohoBigin.modules.{module}.DELETE"];

const READ_ATTACHMENTS: &[&str] = &["ZohoBigin.modules.attachments.READ"];
const CREATE_ATTACHMENTS: &[&str] =
    &["ZohoBigin.modules.attachments.WRITE", "ZohoBigin.modules.attachments.CREATE"];
const DELETE_ATTACHMENTS: &[&str] =
    &["ZohoBigin.modules.attachments.WRITE", "ZohoBigin.modules.attachments.DELETE"];

const fn call(method: Method, path: &'static str, scopes: Scopes, handler: Handler) -> Operation {
    Operation::new(method, path, scopes, handler)
}

/// Bytes of a body that brings one file: enough for one that is too large to be refused by its own size.
const fn one_file(limit: usize) -> usize {
    2 * limit
}

pub(super) static OPERATIONS: &[Operation] = &[
    call(Method::GET, ATTACHMENTS, &[READ, READ_ATTACHMENTS], |sandbox, caller, request| {
        attachments::list(sandbox, caller, request).into()
    }),
    call(Method::POST, ATTACHMENTS, &[CREATE, CREATE_ATTACHMENTS], |sandbox, caller, request| {
        attachments::upload(sandbox, caller, request).into()
    })
    .taking(one_file(assumptions::FILE_LIMIT)),
    call(Method::GET, ATTACHMENT, &[READ, READ_ATTACHMENTS], |sandbox, _, request| {
        attachments::fetch(sandbox, request).into()
    }),
    call(Method::DELETE, ATTACHMENT, &[DELETE, DELETE_ATTACHMENTS], |sandbox, _, request| {
        attachments::delete(sandbox, request).into()
    }),
    call(Method::POST, "/bigin/v2/files", &[&["ZohoBigin.Files.CREATE"]], |sandbox, caller, request| {
        files::upload(sandbox, caller, request).into()
    })
    .taking(assumptions::UPLOAD_LIMIT),
    call(Method::GET, "/bigin/v2/files", &[&["ZohoBigin.Files.READ"]], |sandbox, _, request| {
        files::fetch(sandbox, request).into()
    }),
    call(Method::POST, PHOTO, &[CREATE], |sandbox, caller, request| {
        photos::upload(sandbox, caller, request).into()
    })
    .taking(one_file(assumptions::PHOTO_LIMIT)),
    call(Method::GET, PHOTO, &[READ], |sandbox, _, request| photos::fetch(sandbox, request).into()),
    call(Method::DELETE, PHOTO, &[&["ZohoBigin.modules.{module}.DELETE"]], |sandbox, _, request| {
        photos::delete(sandbox, request).into()
    }),
    call(
        Method::GET,
        "/bigin/v2/settings/emails/actions/from_addresses",
        &[&["ZohoBigin.settings.emails.READ", "ZohoBigin.send_mail.all.CREATE"]],
        |sandbox, caller, request| mail::from_addresses(sandbox, caller, request).into(),
    ),
    call(
        Method::POST,
        "/bigin/v2/{module}/{id}/actions/send_mail",
        &[&["ZohoBigin.send_mail.all.CREATE"]],
        |sandbox, caller, request| mail::send(sandbox, caller, request).into(),
    )
    .costing(Cost::Fixed(20))
    .heavy(Heavy::Yes),
];
