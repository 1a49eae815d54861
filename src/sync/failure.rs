//! What went wrong, in words: the one place where errors become sentences for people.

use std::fmt::Write as _;

use rusqlite::ErrorCode;
use serde_json::Value;

use crate::{
    api::{Error, Kind, Refusal},
    domain::SafeText,
    protocol::{Event, Failure, JobKey},
    store::StoreError,
};

/// A failed call in words. `doing` is what the person was about, such as "move Northwind renewal to Proposal";
/// `kept` says what was kept of it, as a sentence, empty where nothing was at stake.
#[must_use]
pub fn of(doing: &str, error: &Error, kept: &str) -> Failure {
    let what = match error.kind() {
        Kind::Refused(refusal) => format!("Bigin refused it: {}", refused(refusal)),
        kind => kind.to_string(),
    };
    let advice = match error.kind() {
        Kind::Refused(refusal) => next_step(refusal).to_owned(),
        _ => error.advice(),
    };
    Failure {
        doing: SafeText::new(doing),
        what: SafeText::new(&what),
        way_on: SafeText::new(&both(kept, &advice)),
        retry_at: error.retry_at(),
        spot: None,
    }
}

/// What is kept and what to do, each said once.
fn both(kept: &str, advice: &str) -> String {
    if advice.starts_with(kept.trim_end_matches('.')) {
        return advice.to_owned();
    }
    [kept, advice].map(str::trim).join(" ").trim().to_owned()
}

/// A refusal of one record of a call in words, as [`of`] tells it.
#[must_use]
pub fn of_refusal(doing: &str, refusal: &Refusal, kept: &str) -> Failure {
    let what = format!("Bigin refused it: {}", refused(refusal));
    plain(doing, &what, [kept, next_step(refusal)].join(" ").trim())
}

/// A failure of the local database in words.
#[must_use]
pub fn of_store(doing: &str, error: &StoreError, kept: &str) -> Failure {
    let code = match error {
        StoreError::Sql(error) => error.sqlite_error_code(),
        _ => None,
    };
    let (what, advice) = match code {
        Some(ErrorCode::DiskFull) => ("the disk is full".to_owned(), "Free some space and try again."),
        Some(ErrorCode::SystemIoFailure) => (
            format!("the disk refused it ({error})"),
            "Look at the disk's space and health, and at `ulimit -f`, then try again.",
        ),
        Some(ErrorCode::DatabaseBusy) => (
            "another program holds the file and does not let go".to_owned(),
            "Try again when it is done; `fuser` or `lsof` on the file names it.",
        ),
        Some(ErrorCode::ReadOnly) => {
            ("the disk is read-only".to_owned(), "Make it writable and start again.")
        }
        _ => (format!("the local database refused: {error}"), "Try again."),
    };
    plain(doing, &what, [kept, advice].join(" ").trim())
}

/// A failure that is said in so many words.
#[must_use]
pub fn plain(doing: &str, what: &str, way_on: &str) -> Failure {
    Failure {
        doing: SafeText::new(doing),
        what: SafeText::new(what),
        way_on: SafeText::new(way_on),
        retry_at: None,
        spot: None,
    }
}

/// Something to know that nobody asked about.
#[must_use]
pub fn unasked(words: &str) -> Event {
    Event::Failed { key: JobKey::Refresh, generation: 0, failure: plain("", words, "") }
}

/// The service's reason in the words of people who use Bigin.
fn refused(refusal: &Refusal) -> String {
    let field = refusal.field().map(|field| field.replace('_', " "));
    let this = field.as_deref().unwrap_or("a value");
    let detail = |key: &str| refusal.details.get(key).filter(|value| !value.is_null()).map(spelled);
    match refusal.code.as_str() {
        "INVALID_DATA" => match (field.as_deref(), detail("maximum_length"), detail("expected_data_type")) {
            (Some("Stage"), ..) => "the deal's pipeline does not take this stage".to_owned(),
            (Some("Sub Pipeline"), ..) => "the team pipeline has no such sub-pipeline".to_owned(),
            (_, Some(most), _) => format!("{this} is longer than the {most} characters that it takes"),
            (_, _, Some(kind)) => format!("{this} must be of the kind {kind}"),
            (Some("id") | None, ..) if refusal.message.as_str().contains("id") => {
                "the record is not there any more, or you may not see it".to_owned()
            }
            _ => format!("it does not take the value of {this}"),
        },
        "MANDATORY_NOT_FOUND" | "EXPECTED_FIELD_MISSING" | "DEPENDENT_FIELD_MISSING" => {
            format!("{this} is needed and is missing")
        }
        "DUPLICATE_DATA" => match refusal.duplicate_of() {
            Some(other) => format!("the record {other} has the same {this}"),
            None => format!("another record has the same {this}"),
        },
        "RECORD_LOCKED" => "the record is locked".to_owned(),
        "RECORD_IN_BLUEPRINT" => "a blueprint decides over the record's next step".to_owned(),
        "ALREADY_MODIFIED" => "someone changed the record in the meantime".to_owned(),
        "MULTIPLE_OR_MULTI_ERRORS" => several(refusal),
        _ => refusal.sentence(),
    }
}

/// What to do after a refusal, where there is more to say than the reason.
fn next_step(refusal: &Refusal) -> &'static str {
    match (refusal.code.as_str(), refusal.field()) {
        ("INVALID_DATA", Some("Stage")) => "Pick another stage with m.",
        ("DUPLICATE_DATA", _) => "Open the other record, or change the value.",
        ("RECORD_LOCKED" | "RECORD_IN_BLUEPRINT", _) => "Finish that in Bigin first.",
        ("ALREADY_MODIFIED", _) => "Look at the record again before you decide.",
        _ => "",
    }
}

fn several(refusal: &Refusal) -> String {
    let errors =
        refusal.details.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut words = String::from("several things are wrong");
    for error in errors.iter().take(3) {
        if let Some(message) = error.get("message").and_then(Value::as_str) {
            // Writing to a String cannot fail.
            let _ = write!(words, "; {message}");
        }
    }
    words
}

fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reason(code: &str, message: &str, details: Value) -> String {
        refused(&Refusal {
            status: 400,
            code: code.to_owned(),
            message: SafeText::new(message),
            details: details.as_object().expect("object").clone(),
            item: Some(0),
        })
    }

    #[test]
    fn refusals_are_told_in_words_people_use() {
        for (code, message, details, words) in [
            ("INVALID_DATA", "invalid data", json!({"api_name": "Stage"}), "does not take this stage"),
            (
                "INVALID_DATA",
                "invalid data",
                json!({"api_name": "Note_Content", "maximum_length": 32000}),
                "Note Content is longer than the 32000 characters",
            ),
            ("INVALID_DATA", "the id given seems to be invalid", json!({"id": "1"}), "not there any more"),
            (
                "MANDATORY_NOT_FOUND",
                "required field not found",
                json!({"api_name": "Last_Name"}),
                "Last Name is needed",
            ),
            (
                "DUPLICATE_DATA",
                "duplicate data",
                json!({"api_name": "Email", "duplicate_record": {"id": "521043"}}),
                "the record 521043 has the same Email",
            ),
            (
                "MULTIPLE_OR_MULTI_ERRORS",
                "",
                json!({"errors": [{"message": "one"}, {"message": "two"}]}),
                "one; two",
            ),
            ("SOMETHING_NEW", "it is new", json!({}), "it is new"),
        ] {
            let told = reason(code, message, details);
            assert!(told.contains(words), "{code}: {told}");
        }
    }
}
