//! What to send of a change when the server may have moved on. No I/O, no clock.

use serde_json::{Map, Value};

use crate::{
    store::keep::{Clears, MoveImage},
    tables::Record,
};

/// What a change is against what the server has.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// These fields are as they were when the change was made, and are to be sent; the others are there already.
    Send(Map<String, Value>),
    /// The server has everything that the change wants.
    There,
    /// The server has another value than the one that the user saw, and than the one that the user wants.
    Clash,
}

/// Judges a change that leads from `before` to `after`, where the server has `theirs`. Fields that the change
/// leaves alone never matter, whatever became of them.
#[must_use]
pub fn judge(before: &MoveImage, after: &MoveImage, theirs: &MoveImage) -> Judgement {
    let mut fields = changed(before, after);
    let wanted = changed(theirs, after);
    fields.retain(|field, _| wanted.contains_key(field));
    if fields.keys().any(|field| !same(field, before, theirs)) {
        return Judgement::Clash;
    }
    if fields.is_empty() { Judgement::There } else { Judgement::Send(fields) }
}

/// What the user has seen of a deal whose last change on the server is their own: a value that a move of theirs
/// made of it is no news to them, even where the answer that told of it never came.
#[must_use]
pub fn seen(before: &MoveImage, theirs: &MoveImage, made: &[MoveImage]) -> MoveImage {
    let mut seen = before.clone();
    if made.iter().any(|image| image.stage == theirs.stage) {
        seen.stage.clone_from(&theirs.stage);
    }
    let made = |of: &dyn Fn(&MoveImage) -> bool| made.iter().any(of);
    if made(&|it| it.amount == theirs.amount && (it.amount.is_some() || it.clears.amount)) {
        seen.amount = theirs.amount;
    }
    if made(&|it| it.closing == theirs.closing && (it.closing.is_some() || it.clears.closing)) {
        seen.closing.clone_from(&theirs.closing);
    }
    seen
}

/// Whether two images have the same value of a field.
fn same(field: &str, one: &MoveImage, other: &MoveImage) -> bool {
    match field {
        "Stage" => one.stage == other.stage,
        "Amount" => one.amount == other.amount,
        _ => one.closing == other.closing,
    }
}

/// The fields in which `after` wants something else than `before`, as the API spells them; a field that is to be
/// empty is null.
///
/// <https://www.bigin.com/developer/docs/apis/v2/update-records.html>
#[must_use]
pub fn changed(before: &MoveImage, after: &MoveImage) -> Map<String, Value> {
    let mut fields = Map::new();
    if before.stage != after.stage {
        fields.insert("Stage".to_owned(), after.stage.clone().into());
    }
    if let Some(amount) = after.amount.filter(|amount| before.amount != Some(*amount)) {
        let number = serde_json::from_str(&amount.to_string()).unwrap_or(Value::Null);
        fields.insert("Amount".to_owned(), number);
    } else if after.clears.amount && before.amount.is_some() {
        fields.insert("Amount".to_owned(), Value::Null);
    }
    if let Some(closing) = after.closing.as_ref().filter(|closing| before.closing.as_ref() != Some(*closing))
    {
        fields.insert("Closing_Date".to_owned(), closing.clone().into());
    } else if after.clears.closing && before.closing.is_some() {
        fields.insert("Closing_Date".to_owned(), Value::Null);
    }
    fields
}

/// The fields of a move in a record that the server told; none where the record is no deal.
#[must_use]
pub fn image(record: &Record) -> Option<MoveImage> {
    let text = |key: &str| record.get(key).and_then(Value::as_str).map(str::to_owned);
    let amount = match record.get("Amount") {
        Some(Value::Number(number)) => {
            let text = number.to_string();
            text.parse().or_else(|_| rust_decimal::Decimal::from_scientific(&text)).ok()
        }
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    Some(MoveImage { stage: text("Stage")?, amount, closing: text("Closing_Date"), clears: Clears::NONE })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn image_of(stage: &str, amount: Option<i64>, closing: Option<&str>) -> MoveImage {
        MoveImage {
            stage: stage.to_owned(),
            amount: amount.map(Into::into),
            closing: closing.map(str::to_owned),
            clears: Clears::NONE,
        }
    }

    #[test]
    fn a_field_that_is_to_be_empty_is_sent_as_null_and_asked_about_like_every_other() {
        let before = image_of("A", Some(5), Some("2026-09-25"));
        let after = MoveImage { clears: Clears { amount: true, closing: true }, ..image_of("A", None, None) };
        let fields = changed(&before, &after);
        assert_eq!(Value::from(fields.clone()), json!({"Amount": null, "Closing_Date": null}));
        assert_eq!(judge(&before, &after, &before), Judgement::Send(fields));
        assert_eq!(judge(&before, &after, &image_of("A", None, None)), Judgement::There);
        let theirs = image_of("A", Some(6), Some("2026-09-25"));
        assert_eq!(judge(&before, &after, &theirs), Judgement::Clash);
    }

    #[test]
    fn what_nobody_touched_is_sent_and_the_rest_is_left_alone() {
        let before = image_of("A", Some(5), Some("2026-09-25"));
        let after = image_of("B", Some(9), None);
        assert_eq!(judge(&before, &after, &before), Judgement::Send(changed(&before, &after)));
        let other_date = image_of("A", Some(5), Some("2026-12-31"));
        assert_eq!(judge(&before, &after, &other_date), Judgement::Send(changed(&before, &after)));
    }

    #[test]
    fn what_is_there_already_is_not_sent_again() {
        let (before, after) = (image_of("A", Some(5), None), image_of("B", Some(9), None));
        let half = image_of("B", Some(5), None);
        let amount = json!({"Amount": 9}).as_object().expect("object").clone();
        assert_eq!(judge(&before, &after, &half), Judgement::Send(amount));
        assert_eq!(judge(&before, &after, &after), Judgement::There);
    }

    #[test]
    fn another_value_in_a_wanted_field_is_a_clash() {
        let (before, after) = (image_of("A", None, None), image_of("B", Some(9), None));
        for theirs in [image_of("C", None, None), image_of("A", Some(7), None)] {
            assert_eq!(judge(&before, &after, &theirs), Judgement::Clash, "{theirs:?}");
        }
    }

    #[test]
    fn a_value_of_ones_own_is_no_clash() {
        let (before, after) = (image_of("A", Some(5), None), image_of("A", Some(9), None));
        let theirs = image_of("A", Some(7), None);
        assert_eq!(judge(&before, &after, &theirs), Judgement::Clash);
        let made = [image_of("A", Some(7), None)];
        let known = seen(&before, &theirs, &made);
        assert_eq!(judge(&known, &after, &theirs), Judgement::Send(changed(&before, &after)));
        let other = image_of("A", Some(8), None);
        assert_eq!(judge(&seen(&before, &other, &made), &after, &other), Judgement::Clash);
    }

    #[test]
    fn a_record_of_the_server_reads_as_an_image() {
        let record = json!({"id": "1", "Stage": "A", "Amount": 18250.5, "Closing_Date": "2026-09-25"});
        let read = image(record.as_object().expect("object")).expect("a deal");
        assert_eq!(
            read,
            MoveImage { amount: "18250.5".parse().ok(), ..image_of("A", None, Some("2026-09-25")) }
        );
    }

    fn any_image() -> impl Strategy<Value = MoveImage> {
        let amount = prop::option::of(0_i64..3);
        let closing = prop::option::of(prop::sample::select(vec!["2026-01-01", "2026-02-02"]));
        (prop::sample::select(vec!["A", "B", "C"]), amount, closing)
            .prop_map(|(stage, amount, closing)| image_of(stage, amount, closing))
    }

    proptest! {
        /// No value of someone else is ever written over that the user did not see.
        #[test]
        fn nothing_unseen_is_overwritten(before in any_image(), after in any_image(), theirs in any_image()) {
            let value = |image: &MoveImage, field: &str| match field {
                "Stage" => json!(image.stage),
                "Amount" => json!(image.amount.map(|it| it.to_string())),
                _ => json!(image.closing),
            };
            match judge(&before, &after, &theirs) {
                Judgement::Send(fields) => {
                    for field in fields.keys() {
                        prop_assert_eq!(value(&theirs, field), value(&before, field));
                    }
                }
                Judgement::There => {
                    for field in changed(&before, &after).keys() {
                        prop_assert_eq!(value(&theirs, field), value(&after, field));
                    }
                }
                Judgement::Clash => {
                    let wanted = changed(&before, &after);
                    let clashes = wanted.keys().any(|field| {
                        value(&theirs, field) != value(&before, field)
                            && value(&theirs, field) != value(&after, field)
                    });
                    prop_assert!(clashes);
                }
            }
        }
    }
}
