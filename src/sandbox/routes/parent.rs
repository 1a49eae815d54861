//! The record that a path hangs on.

use serde_json::{Value, json};

use crate::sandbox::{
    Caller, Reply, Request, reply,
    world::{
        Fields, Id, Metadata, Reading, Record, Style, User, World,
        metadata::{Module, Nature},
    },
};

/// A record that others hang on.
#[derive(Debug)]
pub(super) struct Parent<'m> {
    pub module: &'m Module,
    pub id: Id,
    pub record: Record,
}

impl<'m> Parent<'m> {
    /// The record of the path's `{module}` and `{id}`.
    ///
    /// # Errors
    /// The refusal of a module that is unknown or has no records, or of an id that no record has.
    pub fn find(world: &World, metadata: &'m Metadata, request: &Request) -> Result<Self, Reply> {
        let module = metadata.module(request.param("module")).ok_or_else(reply::invalid_module)?;
        if module.nature != Nature::Tab {
            return Err(not_supported());
        }
        let unknown = || {
            let message = "the related id given seems to be invalid";
            let details = json!({ "resource_path_index": 1 });
            Reply::error(axum::http::StatusCode::BAD_REQUEST, "INVALID_DATA", message, details)
        };
        let id = Id::parse(request.param("id")).ok_or_else(unknown)?;
        let record = record(world, module, id)?.ok_or_else(unknown)?;
        Ok(Self { module, id, record })
    }

    /// What people call the record.
    pub fn name(&self) -> &Value {
        self.record.get(self.module.display_field).unwrap_or(&Value::Null)
    }
}

/// The refusal of a module for which the operation is not there.
pub(super) fn not_supported() -> Reply {
    let message = "the given module is not supported in api";
    let details = json!({ "resource_path_index": 0 });
    Reply::error(axum::http::StatusCode::BAD_REQUEST, "NOT_SUPPORTED", message, details)
}

/// A record with every field.
pub(super) fn record(world: &World, module: &Module, id: Id) -> Result<Option<Record>, Reply> {
    let reading = Reading::new(world, module, Fields::Whole, Style::Record);
    reading.get(id).map_err(|_| reply::server_fault())
}

/// The user who is calling, as the results of writes name one.
pub(super) fn user(world: &World, caller: &Caller) -> Value {
    let name = Id::parse(&caller.user).and_then(|id| world.user(id)).map(User::full_name);
    json!({ "name": name, "id": caller.user })
}
