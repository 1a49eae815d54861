//! Notes on records.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    call::Call,
    client::Client,
    endpoint::Op,
    error::Error,
    page::{At, List, Page},
    records::{Done, ListQuery, Written, comma, shape},
    wire::{Record, Reference, name_of},
};
use crate::domain::{Module, RecordId};

/// A note.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-notes.html>
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Its id.
    pub id: RecordId,
    /// Often missing.
    pub title: Option<String>,
    /// The text; missing in a note that has a title only.
    pub content: Option<String>,
    /// The record it is on.
    pub parent: Option<Reference>,
    /// The module of that record, where the answer says.
    pub module: Option<Module>,
    /// Who owns it.
    pub owner: Option<Reference>,
    /// Who wrote it.
    pub author: Option<Reference>,
    /// When it was written.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
}

/// A note to write: a title, a text, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoteDraft {
    /// 120 characters at most.
    pub title: Option<String>,
    /// 32,000 characters at most.
    pub content: Option<String>,
}

/// The fields that a [`Note`] is read from.
pub const NOTE_FIELDS: &[&str] = &[
    "Note_Title",
    "Note_Content",
    "Parent_Id",
    "$se_module",
    "Owner",
    "Created_By",
    "Created_Time",
    "Modified_Time",
];

impl Client {
    /// One page of all notes, or of one record's.
    ///
    /// # Errors
    /// As every call.
    pub async fn notes(&self, of: Option<(Module, &RecordId)>, at: At) -> Result<Page<Note>, Error> {
        let list = match of {
            None => List::Module(Module::Notes),
            Some((module, id)) => List::Related { module, id: id.clone(), list: "Notes".to_owned() },
        };
        let query = ListQuery { at, ..ListQuery::of(NOTE_FIELDS.iter().copied()) };
        Ok(self.list_page(&list, &query).await?.map(|record| Note::read(&record)))
    }

    /// Adds a note to a record. When the answer is lost, [`Error::outcome_uncertain`] says that it may be there.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/create-notes.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn create_note(&self, module: Module, id: &RecordId, note: &NoteDraft) -> Result<Done, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string()],
            body: Some(json!({ "data": [note.fields()] })),
            ..Call::new(Op::CreateNote)
        };
        self.write_one(&call).await
    }

    /// Changes a note of a record; what the draft leaves out stays.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/update-notes.html>
    ///
    /// # Errors
    /// As every call.
    pub async fn update_note(
        &self,
        module: Module,
        id: &RecordId,
        note: &RecordId,
        draft: &NoteDraft,
    ) -> Result<Done, Error> {
        let call = Call {
            module: Some(module),
            path: vec![id.to_string(), note.to_string()],
            body: Some(json!({ "data": [draft.fields()] })),
            ..Call::new(Op::UpdateNote)
        };
        self.write_one(&call).await
    }

    /// Deletes up to 100 notes, of whatever records.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/delete-notes.html>
    ///
    /// # Errors
    /// As every call; refusals of single notes are among the results.
    pub async fn delete_notes(&self, notes: &[RecordId]) -> Result<Vec<Written>, Error> {
        let query = vec![("ids", comma(notes))];
        let call = Call { query, shape: shape(notes.len()), ..Call::new(Op::DeleteNotes) };
        let ids: Vec<_> = notes.iter().cloned().map(Some).collect();
        self.written(&call, "data", &ids).await
    }
}

impl Note {
    /// Reads a note. Its parent's module comes inside `Parent_Id` or as `$se_module`, where `Deals` is an older
    /// word for the deals' module.
    #[must_use]
    pub fn read(record: &Record) -> Self {
        let text = |field: &str| record.text(field).map(str::to_owned);
        let inside = record.get("Parent_Id").and_then(|parent| parent.get("module"));
        let module = inside.and_then(name_of).or_else(|| record.text("$se_module"));
        Self {
            id: record.id().clone(),
            title: text("Note_Title"),
            content: text("Note_Content"),
            parent: record.reference("Parent_Id"),
            module: module.and_then(module_of),
            owner: record.reference("Owner"),
            author: record.reference("Created_By").or_else(|| record.reference("Owner")),
            created: record.time("Created_Time"),
            modified: record.modified(),
        }
    }
}

impl NoteDraft {
    fn fields(&self) -> Map<String, Value> {
        let keys = [("Note_Title", &self.title), ("Note_Content", &self.content)];
        keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value.as_ref()?)))).collect()
    }
}

/// A module by its API name, or by the word of the first API version.
pub(super) fn module_of(name: &str) -> Option<Module> {
    if name == "Deals" { Some(Module::Pipelines) } else { name.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: Value) -> Note {
        Note::read(&Record::read(value).expect("a record"))
    }

    #[test]
    fn both_shapes_of_the_parent_are_read() {
        let later = read(json!({"id": "1", "Note_Content": "Hello", "Parent_Id":
            {"module": {"api_name": "Contacts", "id": "2"}, "name": "N. Okafor", "id": "3"}}));
        assert_eq!(later.module, Some(Module::Contacts));
        assert_eq!(later.parent.expect("a parent").id.as_str(), "3");
        let earlier = read(json!({"id": "1", "Parent_Id": {"name": "x", "id": "3"}, "$se_module": "Deals"}));
        assert_eq!((earlier.module, earlier.content), (Some(Module::Pipelines), None));
    }
}
