//! Records with values that nobody expects.

use serde_json::Value;

use super::*;

/// Values of every kind for any field, at the bounds of what they can be.
fn odd() -> Vec<Value> {
    let texts = [
        "",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:59+14:00",
        "0001-01-01T00:00:00-12:00",
        "2026-03-29T02:30:00+01:00",
        "2026-02-30",
        "T",
        "NaN",
        "-0",
        "1e308",
        "-1e308",
        "0.00000000000000000001",
        "123456789012345678901234567890.12345678901234567890",
        "\u{202e}\u{0}\u{1b}]0;x\u{7}",
        "99999999999999999999",
        "007",
        "-5",
    ];
    let mut values: Vec<Value> = texts.iter().map(|text| json!(text)).collect();
    values.extend([
        Value::Null,
        json!(true),
        json!(0),
        json!(-0.0),
        json!(1e308),
        json!(0.1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!([]),
        json!([[], {}, null, "x"]),
        json!({}),
        json!({"id": null, "name": 7}),
        json!({"id": "9", "name": {"a": []}, "module": 3}),
    ]);
    values
}

#[test]
fn whatever_the_fields_hold_every_record_is_listed_added_up_and_opened() {
    const RECORDS: i64 = 1_000;
    let mut mirror = mirror();
    let mut dice = fastrand::Rng::with_seed(7);
    let values = odd();
    let fields: Vec<String> =
        catalog().schemas[0].fields.iter().map(|field| field.api_name.clone()).collect();
    let page: Vec<Record> = (1..=RECORDS)
        .map(|number| {
            let mut value = deal(number, "deal", "Proposal", 5, Some("2026-10-01"));
            let map = value.as_object_mut().expect("an object");
            // Its place stays: a deal of another pipeline is in another list.
            for name in fields.iter().filter(|name| !["Pipeline", "Sub_Pipeline"].contains(&name.as_str())) {
                match dice.u8(..4) {
                    0 => drop(map.remove(name)),
                    1 | 2 => drop(map.insert(name.clone(), values[dice.usize(..values.len())].clone())),
                    _ => {}
                }
            }
            map.insert(format!("Unknown_{number}"), values[dice.usize(..values.len())].clone());
            record(value)
        })
        .collect();
    let applied = mirror.apply(Module::Pipelines, &page, None, now()).expect("apply");
    assert_eq!((applied.records, applied.odd), (RECORDS as usize, 0));
    let moment = mirror.moment(now());
    for sort in [DealSort::Name, DealSort::Amount, DealSort::Closing, DealSort::Stage, DealSort::Modified] {
        let list = deals(DealFilter::default(), sort);
        let window = mirror.window(&list, &Slice::Start, 2_000, &moment).expect("window");
        assert_eq!(window.total, RECORDS as u64);
        mirror.summary(&list, &moment).expect("summary");
    }
    mirror.board(&sales(None), &DealFilter::default(), 100, &moment).expect("board");
    for number in 1..=RECORDS {
        assert!(mirror.detail(Module::Pipelines, &id(number), &moment).expect("read").is_some(), "{number}");
    }
}

#[test]
fn a_text_of_ten_megabytes_is_cut_and_says_so() {
    let mut mirror = mirror();
    let mut long = deal(1, "long", "Proposal", 5, None);
    long["Description"] = json!("many words ".repeat(1_000_000));
    put(&mut mirror, Module::Pipelines, &[long]);
    let detail =
        mirror.detail(Module::Pipelines, &id(1), &mirror.moment(now())).expect("read").expect("detail");
    let shown = detail.fields.iter().find(|field| field.api_name == "Description").expect("the field");
    let length: usize = shown.lines.iter().map(|line| line.as_str().chars().count()).sum();
    assert!((30_000..40_000).contains(&length), "{length} characters");
    let last = shown.lines.last().expect("a line").as_str();
    assert!(last.contains("11000000"), "it says how long it is: {}", &last[last.len().saturating_sub(100)..]);
}
