//! Notes of a record. Notes by themselves are records like others.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/get-notes.html>
//! <https://www.bigin.com/developer/docs/apis/v2/create-notes.html>

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    records::{
        Ask, Verb, author, input, instant,
        list::only,
        listing::{self, Sort},
        paging::Paging,
        remove, tab,
        write::insert_one,
    },
    related::unknown_record,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, reply,
    world::{Id, Metadata, Record, World, filter::Clause, metadata::Module},
};

const NOTES: &str = "Notes";

/// The record that the notes hang on.
struct Parent<'a> {
    module: &'a Module,
    notes: &'a Module,
    id: Id,
}

impl<'a> Parent<'a> {
    fn find(
        world: &World,
        metadata: &'a Metadata,
        caller: &Caller,
        request: &Request,
    ) -> Result<Self, Reply> {
        let module = tab(metadata, Ask { world, caller, request, verb: Verb::View })?;
        let notes = metadata.module(NOTES).ok_or_else(reply::invalid_module)?;
        let id = Id::parse(request.param("id")).ok_or_else(unknown_record)?;
        if world.exists(module.api_name, id)? {
            Ok(Self { module, notes, id })
        } else {
            Err(unknown_record())
        }
    }

    /// Whether the note that the path names hangs on this record.
    fn note(&self, world: &World, request: &Request) -> Result<Option<Id>, Reply> {
        let Some(note) = Id::parse(request.param("note")) else { return Ok(None) };
        let mut clause = self.clause();
        clause.bind(" AND t.\"$row\" = ?", note.raw());
        let sql = format!("SELECT 1 FROM Notes AS t WHERE {}", clause.sql);
        let found = world.conn.prepare_cached(&sql)?.exists(rusqlite::params_from_iter(clause.params))?;
        Ok(found.then_some(note))
    }

    fn clause(&self) -> Clause {
        let mut clause = Clause::default();
        clause.bind("t.Parent_Id = ?", self.id.to_string());
        clause.bind(" AND t.\"$se_module\" = ?", self.module.api_name.to_owned());
        clause
    }
}

/// Answers with the notes of a record.
pub fn list(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    listed(sandbox, caller, request).into()
}

fn listed(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let parent = Parent::find(&world, &metadata, caller, request)?;
    let fields = listing::fields(request)?;
    if fields.is_none() && sandbox.options.strict {
        return Err(reply::missing_param("fields"));
    }
    let sort = Sort::read(request)?;
    let since = instant(request, "if-modified-since")?;
    let mut clause = parent.clause();
    if let Some(since) = since {
        clause.bind(" AND t.Modified_Time > ?", since);
    }
    if let Some(ids) = request.query("ids") {
        only(ids, &mut clause)?;
    }
    let bound =
        ["fields", "sort_by", "sort_order", "ids"].map(|name| request.query(name).unwrap_or_default());
    let paging = Paging::read(request, caller, &bound)?;
    let page = listing::page((&world, parent.notes, caller), fields.as_deref(), &clause, &sort, &paging)?;
    Ok(match page.records.is_empty() {
        true if since.is_some() && paging.page == 1 => Reply::not_modified(),
        true => Reply::none(),
        false => Reply::ok(listing::body(page.records, page.info)),
    })
}

/// Answers with one note of a record.
pub fn get(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    let one = || -> Result<Reply, Reply> {
        let world = sandbox.world();
        let metadata = Arc::clone(&world.metadata);
        let parent = Parent::find(&world, &metadata, caller, request)?;
        let Some(note) = parent.note(&world, request)? else { return Ok(Reply::none()) };
        let record = super::records::get::read(&world, parent.notes, request, note)?;
        Ok(record.map_or_else(Reply::none, |record| Reply::ok(json!({ "data": [record] }))))
    };
    one().into()
}

/// Adds notes to a record.
pub fn create(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    created(sandbox, caller, request).into()
}

fn created(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let parent = Parent::find(&world, &metadata, caller, request)?;
    let records = input::records(request)?;
    let author = author(sandbox, caller);
    let results = world.write(|world| {
        let mut results = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            results.push(match record {
                Ok(record) => {
                    let record = hung(record, &parent);
                    insert_one(world, parent.notes, &record, &author, &format!("$.data[{index}]"))?
                }
                Err(refusal) => refusal,
            });
        }
        Ok(results)
    })?;
    Ok(reply::results("data", results, StatusCode::CREATED))
}

/// The note with the parent that the path names, whatever the body says.
fn hung(note: &Record, parent: &Parent<'_>) -> Record {
    let mut note = note.clone();
    let module = json!({ "api_name": parent.module.api_name });
    note.insert("Parent_Id".to_owned(), json!({ "id": parent.id, "module": module }));
    note
}

/// Changes a note of a record.
pub fn update(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    updated(sandbox, caller, request).into()
}

fn updated(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let parent = Parent::find(&world, &metadata, caller, request)?;
    let mut records = input::records(request)?;
    let author = author(sandbox, caller);
    let note = parent.note(&world, request)?;
    let result = world.write(|world| match (records.swap_remove(0), note) {
        (Err(refusal), _) => Ok(refusal),
        (Ok(_), None) => {
            let at = json!({ "id": request.param("note"), "api_name": "id", "json_path": "$.data[0].id" });
            Ok(reply::failure("INVALID_DATA", at, "the id given seems to be invalid"))
        }
        (Ok(record), Some(note)) => {
            match world.update(parent.notes, note, record, &author, "$.data[0]", None) {
                Ok(written) => Ok(input::written(world, &written, false)),
                Err(refused) => input::refused(refused),
            }
        }
    })?;
    Ok(reply::results("data", vec![result], StatusCode::OK))
}

/// Deletes a note of a record.
pub fn delete(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    gone(sandbox, caller, request).into()
}

fn gone(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let mut world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let parent = Parent::find(&world, &metadata, caller, request)?;
    let author = author(sandbox, caller);
    let note = parent.note(&world, request)?;
    let deleted = match note {
        Some(note) => world.write(|world| world.delete(parent.notes, note, &author))?,
        None => false,
    };
    let results: Vec<Value> = vec![remove::result(deleted, request.param("note"))];
    Ok(reply::results("data", results, StatusCode::OK))
}
