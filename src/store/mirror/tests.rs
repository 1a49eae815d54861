//! A small org, and what screens read of it.

mod boards;
mod damage;
mod details;
mod lists;
mod odd;
mod overlays;
mod queries;
mod texts;

use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};
use serde_json::json;

use super::*;
use crate::{
    domain::{
        Allowance, Field, FieldKind, Link, Module, Outcome, Pipeline, RecordId, SafeText, Schema, Stage,
        SubPipeline, User,
    },
    protocol::{ContactSort, DealFilter, DealSort, ListSpec, Rows, Scope, Slice, SortWay},
    tables::Record,
};

pub(super) fn id(number: i64) -> RecordId {
    number.to_string().parse().expect("id")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("time")
}

pub(super) fn date(text: &str) -> Date {
    text.parse().expect("date")
}

pub(super) fn link(module: Module, number: i64, name: &str) -> Link {
    Link { module, id: id(number), name: SafeText::new(name) }
}

/// Noon of the day on which these tests play.
pub(super) fn now() -> Timestamp {
    at("2026-09-24T12:00:00Z")
}

pub(super) const ME: i64 = 900;
pub(super) const BEN: i64 = 901;
const PIPELINE: i64 = 100;

pub(super) fn record(value: serde_json::Value) -> Record {
    value.as_object().expect("object").clone()
}

fn stage(value: &str, probability: u8, outcome: Outcome) -> Stage {
    Stage { value: value.to_owned(), label: value.to_owned(), probability, outcome }
}

/// The catalog of the small org.
pub(crate) fn catalog() -> Catalog {
    let standard = [
        stage("Qualification", 10, Outcome::Open),
        stage("Proposal", 50, Outcome::Open),
        stage("Closed Won", 100, Outcome::Won),
        stage("Closed Lost", 0, Outcome::Lost),
    ];
    let renewals = [stage("Proposal", 50, Outcome::Open), stage("Signing", 90, Outcome::Open)];
    let sub = |name: &str, stages: &[Stage]| SubPipeline { name: name.to_owned(), stages: stages.to_vec() };
    let field = Field::plain;
    let lookup = |name: &str, module: &str| {
        let mut field = Field::plain(name, FieldKind::Lookup);
        field.lookup = Some(module.to_owned());
        field
    };
    let audit = || {
        [
            field("Owner", FieldKind::OwnerLookup),
            field("Created_Time", FieldKind::DateTime),
            field("Modified_Time", FieldKind::DateTime),
            field("Last_Activity_Time", FieldKind::DateTime),
        ]
    };
    let schema = |module: &str, own: Vec<Field>| Schema {
        module: module.to_owned(),
        fields: own.into_iter().chain(audit()).collect(),
    };
    let text = |name: &str| field(name, FieldKind::Text);
    Catalog {
        org: crate::domain::Org {
            id: id(1),
            name: "Acme".to_owned(),
            currency: "USD".to_owned(),
            currency_symbol: "$".to_owned(),
            time_zone: "UTC".to_owned(),
            edition: "Free".to_owned(),
            allowance: Allowance::FREE,
        },
        users: [(ME, "Mira Solt"), (BEN, "Ben Okafor")]
            .map(|(number, name)| User { id: id(number), name: name.to_owned(), email: String::new() })
            .to_vec(),
        me: id(ME),
        pipelines: vec![
            Pipeline {
                id: id(PIPELINE),
                name: "Sales".to_owned(),
                sub_pipelines: vec![sub("Standard", &standard), sub("Renewals", &renewals)],
            },
            Pipeline {
                id: id(101),
                name: "Partners".to_owned(),
                sub_pipelines: vec![sub("Partners", &standard)],
            },
        ],
        schemas: vec![
            schema(
                "Pipelines",
                vec![
                    text("Deal_Name"),
                    field("Pipeline", FieldKind::BigInt),
                    field("Sub_Pipeline", FieldKind::PickList),
                    field("Stage", FieldKind::PickList),
                    field("Amount", FieldKind::Currency),
                    field("Closing_Date", FieldKind::Date),
                    lookup("Contact_Name", "Contacts"),
                    lookup("Account_Name", "Accounts"),
                    field("Leasing", FieldKind::Boolean),
                    field("Description", FieldKind::TextArea),
                ],
            ),
            schema(
                "Contacts",
                vec![
                    text("Full_Name"),
                    text("Title"),
                    field("Email", FieldKind::Email),
                    field("Phone", FieldKind::Phone),
                    lookup("Account_Name", "Accounts"),
                ],
            ),
            schema(
                "Accounts",
                vec![text("Account_Name"), text("Phone"), text("Website"), text("Billing_City")],
            ),
            schema(
                "Tasks",
                vec![
                    text("Subject"),
                    field("Due_Date", FieldKind::Date),
                    field("Status", FieldKind::PickList),
                    field("Related_To", FieldKind::Unknown),
                ],
            ),
            schema(
                "Events",
                vec![
                    text("Event_Title"),
                    field("Start_DateTime", FieldKind::DateTime),
                    field("End_DateTime", FieldKind::DateTime),
                    field("Related_To", FieldKind::Unknown),
                ],
            ),
        ],
    }
}

pub(super) fn mirror() -> Mirror {
    let mut mirror = Mirror::open(&Place::Memory).expect("open");
    assert!(mirror.set_catalog(catalog(), now()).expect("catalog"));
    mirror
}

pub(super) fn put(mirror: &mut Mirror, module: Module, records: &[serde_json::Value]) {
    let records: Vec<Record> = records.iter().map(|value| record(value.clone())).collect();
    let applied = mirror.apply(module, &records, None, now()).expect("apply");
    assert_eq!(applied.records, records.len());
}

/// A deal of the sub-pipeline Standard, as a list answers.
pub(super) fn deal(
    number: i64,
    name: &str,
    stage: &str,
    amount: i64,
    closing: Option<&str>,
) -> serde_json::Value {
    json!({
        "id": number.to_string(), "Deal_Name": name, "Pipeline": {"id": "100", "name": "Sales"},
        "Sub_Pipeline": "Standard", "Stage": stage, "Amount": amount, "Closing_Date": closing,
        "Owner": {"id": "900", "name": "Mira Solt"}, "Contact_Name": null, "Account_Name": null,
        "Created_Time": "2026-06-11T09:00:00Z", "Modified_Time": "2026-09-04T12:00:00Z",
    })
}

pub(super) fn sales(sub: Option<&str>) -> Scope {
    Scope { pipeline: id(PIPELINE), sub_pipeline: sub.map(str::to_owned) }
}

pub(super) fn deals(filter: DealFilter, sort: DealSort) -> ListSpec {
    ListSpec::Deals { scope: sales(None), filter, sort, way: SortWay::Ascending }
}

/// Names of the deals in a slice.
pub(super) fn names(mirror: &mut Mirror, list: &ListSpec, slice: &Slice, len: u32) -> Vec<String> {
    let moment = mirror.moment(now());
    match mirror.window(list, slice, len, &moment).expect("window").rows {
        Rows::Deals(rows) => rows.iter().map(|row| row.name.to_string()).collect(),
        Rows::Contacts(rows) => rows.iter().map(|row| row.name.to_string()).collect(),
        Rows::Companies(rows) => rows.iter().map(|row| row.name.to_string()).collect(),
        Rows::Notes(rows) => rows.iter().map(|row| row.preview.to_string()).collect(),
    }
}

#[test]
fn a_file_comes_back_with_catalog_and_records() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("mirror.sqlite"));
    let mut first = Mirror::open(&place).expect("open");
    first.set_catalog(catalog(), now()).expect("catalog");
    let page = [record(deal(1, "Quayside refit", "Proposal", 5, None))];
    first.apply(Module::Pipelines, &page, Some(("walk", "page 2")), now()).expect("apply");
    drop(first);
    let mut again = Mirror::open(&place).expect("again");
    assert_eq!(again.catalog().as_deref(), Some(&catalog()));
    assert_eq!(again.mark("walk").expect("mark").as_deref(), Some("page 2"));
    let list = deals(DealFilter::default(), DealSort::Name);
    assert_eq!(names(&mut again, &list, &Slice::Start, 9), ["Quayside refit"]);
}

#[test]
fn a_damaged_file_is_set_aside_and_begun_anew() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("mirror.sqlite");
    std::fs::write(&path, [7; 20_000]).expect("write");
    let mirror = Mirror::open(&Place::File(path)).expect("open");
    assert!(mirror.mended().is_some_and(|words| words.contains(".damaged-")), "{:?}", mirror.mended());
    assert_eq!(mirror.unkept(), None);
    let sizes = std::fs::read_dir(folder.path()).expect("read").map(|entry| {
        let entry = entry.expect("entry");
        (entry.file_name().to_string_lossy().contains(".damaged-"), entry.metadata().expect("size").len())
    });
    assert!(sizes.into_iter().any(|found| found == (true, 20_000)));
    assert_eq!(mirror.catalog(), None);
}

#[test]
fn a_folder_that_cannot_be_written_leaves_a_mirror_in_memory() {
    let mut mirror = Mirror::open(&Place::File("/proc/nowhere/mirror.sqlite".into())).expect("open");
    assert!(mirror.unkept().is_some_and(|words| words.contains("at every start")), "{:?}", mirror.unkept());
    assert!(mirror.set_catalog(catalog(), now()).expect("catalog"));
}

#[test]
fn a_mirror_that_proves_to_be_damaged_is_rebuilt_with_its_catalog() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("mirror.sqlite");
    let mut mirror = Mirror::open(&Place::File(path)).expect("open");
    mirror.set_catalog(catalog(), now()).expect("catalog");
    put(&mut mirror, Module::Pipelines, &[deal(1, "One", "Proposal", 5, None)]);
    mirror.rebuild().expect("rebuild");
    assert_eq!(mirror.catalog().as_deref(), Some(&catalog()));
    let list = deals(DealFilter::default(), DealSort::Name);
    assert_eq!(names(&mut mirror, &list, &Slice::Start, 9), Vec::<String>::new());
    put(&mut mirror, Module::Pipelines, &[deal(2, "Two", "Proposal", 5, None)]);
    assert_eq!(names(&mut mirror, &list, &Slice::Start, 9), ["Two"]);
}

#[test]
fn a_walk_from_the_start_sweeps_what_it_did_not_see() {
    let mut mirror = mirror();
    put(
        &mut mirror,
        Module::Pipelines,
        &[deal(1, "gone", "Proposal", 5, None), deal(2, "there", "Proposal", 5, None)],
    );
    let begun = at("2026-09-25T00:00:00Z");
    let page = [record(deal(2, "there", "Proposal", 5, None))];
    mirror.apply(Module::Pipelines, &page, None, at("2026-09-25T00:00:01Z")).expect("apply");
    assert_eq!(
        mirror.sweep(&[Module::Pipelines, Module::Notes, Module::Tasks], begun, now()).expect("sweep"),
        1
    );
    let list = deals(DealFilter::default(), DealSort::Name);
    assert_eq!(names(&mut mirror, &list, &Slice::Start, 9), ["there"]);
}

#[test]
fn odd_records_are_passed_over_and_the_rest_of_the_page_is_kept() {
    let mut mirror = mirror();
    let page: Vec<Record> = [
        json!({"id": "99999999999999999999", "Deal_Name": "too many digits"}),
        json!({"Deal_Name": "no id"}),
        json!({"id": "5", "Deal_Name": ["odd"], "Stage": 7, "Amount": {"a": 1}, "Closing_Date": "soon"}),
    ]
    .into_iter()
    .map(record)
    .collect();
    let applied = mirror.apply(Module::Pipelines, &page, None, now()).expect("apply");
    assert_eq!(applied, Applied { records: 1, odd: 2 });
}
