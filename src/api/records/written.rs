//! What became of each record of a write.

use jiff::Timestamp;
use serde_json::Value;

use super::Fields;
use crate::{
    api::{
        refusal::Refusal,
        wire::{id_of, name_of},
    },
    domain::RecordId,
};

/// What became of one record of a write. A 2xx does not mean that every record was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// It was.
    Done(Done),
    /// The service refused this one.
    Refused(Refusal),
    /// The answer does not say; ask the service before doing it again.
    Unknown,
}

/// A record that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Its id; missing in the answers of a few actions.
    pub id: Option<RecordId>,
    /// When it was changed, by the service's clock.
    pub modified: Option<Timestamp>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// An upsert or a plain insert made it new.
    pub inserted: bool,
    /// Tags that it has now, after tagging.
    pub tags: Vec<String>,
}

/// One result for each of `ids`, in order.
pub(super) fn results(status: u16, value: Option<&Value>, ids: &[Option<RecordId>]) -> Vec<Written> {
    let read: Vec<Written> = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(|(index, item)| read(status, item, index))
        .collect();
    let in_order =
        read.len() == ids.len() && read.iter().zip(ids).all(|(result, id)| result.may_be_of(id.as_ref()));
    if in_order {
        return read;
    }
    let found = |id: &Option<RecordId>| {
        let id = id.as_ref()?;
        read.iter().find(|result| result.named_id().as_ref() == Some(id)).cloned()
    };
    ids.iter().map(|id| found(id).unwrap_or(Written::Unknown)).collect()
}

/// The id that a record to write carries.
pub(super) fn id_in(fields: &Fields) -> Option<RecordId> {
    id_of(fields.get("id")?)
}

fn read(status: u16, item: &Value, index: usize) -> Written {
    if let Some(refusal) = Refusal::read(status, item, Some(index)) {
        return Written::Refused(refusal);
    }
    if item.get("status").and_then(Value::as_str) != Some("success") {
        return Written::Unknown;
    }
    let detail = |key: &str| item.get("details").and_then(|details| details.get(key));
    let time = |key: &str| detail(key).and_then(Value::as_str).and_then(|text| text.parse().ok());
    let tags = detail("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let said = |key: &str, word: &str| item.get(key).and_then(Value::as_str) == Some(word);
    Written::Done(Done {
        id: detail("id").and_then(id_of),
        modified: time("Modified_Time"),
        created: time("Created_Time"),
        inserted: said("action", "insert") || said("message", "record added"),
        tags: tags.iter().filter_map(name_of).map(str::to_owned).collect(),
    })
}

impl Written {
    /// The record that was written, if it was.
    #[must_use]
    pub fn done(&self) -> Option<&Done> {
        match self {
            Self::Done(done) => Some(done),
            Self::Refused(_) | Self::Unknown => None,
        }
    }

    /// The id that the result itself names; a duplicate names the other record.
    fn named_id(&self) -> Option<RecordId> {
        match self {
            Self::Done(done) => done.id.clone(),
            Self::Refused(refusal) if refusal.code != "DUPLICATE_DATA" => {
                refusal.details.get("id").and_then(id_of)
            }
            Self::Refused(_) | Self::Unknown => None,
        }
    }

    fn may_be_of(&self, id: Option<&RecordId>) -> bool {
        match (id, self.named_id()) {
            (Some(id), Some(named)) => *id == named,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids(texts: &[&str]) -> Vec<Option<RecordId>> {
        texts.iter().map(|text| text.parse().ok()).collect()
    }

    fn done(id: &str) -> Value {
        json!({"code": "SUCCESS", "details": {"id": id}, "message": "record updated", "status": "success"})
    }

    fn written(answer: &Value, sent: &[&str]) -> Vec<Option<String>> {
        let results = results(200, Some(answer), &ids(sent));
        results
            .iter()
            .map(|result| result.done().and_then(|done| done.id.clone()).map(String::from))
            .collect()
    }

    #[test]
    fn a_mixed_answer_tells_which_record_was_refused() {
        let answer = json!([done("1"), {"code": "MANDATORY_NOT_FOUND", "message": "required field not found",
            "details": {"api_name": "Last_Name", "json_path": "$.data[1].Last_Name"}, "status": "error"}]);
        let results = results(207, Some(&answer), &[None, None]);
        assert!(results[0].done().is_some());
        let Written::Refused(refusal) = &results[1] else { unreachable!("{results:?}") };
        assert_eq!((refusal.item, refusal.field()), (Some(1), Some("Last_Name")));
    }

    #[test]
    fn results_in_another_order_or_number_are_matched_by_id_only() {
        let some = |id: &str| Some(id.to_owned());
        assert_eq!(written(&json!([done("2"), done("1")]), &["1", "2"]), [some("1"), some("2")]);
        assert_eq!(written(&json!([done("2")]), &["1", "2", "3"]), [None, some("2"), None]);
        assert_eq!(written(&json!([done("1"), done("2"), done("9")]), &["1", "2"]), [some("1"), some("2")]);
        let of_inserts = results(201, Some(&json!([done("1")])), &[None, None]);
        assert_eq!(of_inserts, [Written::Unknown, Written::Unknown]);
        assert_eq!(results(200, None, &[None]), [Written::Unknown]);
    }
}
