use jiff::tz::TimeZone;
use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::*;
use crate::domain::{Field, FieldKind, Schema, Schemas};

mod answers;
mod codec;
mod laws;
mod naive;
mod plans;
mod search;

pub(crate) fn lookup(api_name: &str, module: &str) -> Field {
    Field { lookup: Some(module.to_owned()), ..Field::plain(api_name, FieldKind::Lookup) }
}

pub(crate) fn schemas() -> Schemas {
    use FieldKind::*;
    let schema = |module: &str, fields: &[(&str, FieldKind)], lookups: &[(&str, &str)]| Schema {
        module: module.to_owned(),
        fields: fields
            .iter()
            .map(|(name, kind)| Field::plain(name, *kind))
            .chain(lookups.iter().map(|(name, module)| lookup(name, module)))
            .collect(),
    };
    [
        schema(
            "Pipelines",
            &[
                ("id", BigInt),
                ("Deal_Name", Text),
                ("Stage", PickList),
                ("Amount", Currency),
                ("Closing_Date", Date),
                ("Modified_Time", DateTime),
                ("Owner", OwnerLookup),
                ("Pipeline", BigInt),
                ("Tag", Text),
                ("Colours", MultiSelectPickList),
                ("Source_ID", BigInt),
                ("Employees", Integer),
                ("Urgent", Boolean),
                ("Products", Unknown),
            ],
            &[("Account_Name", "Accounts")],
        ),
        schema("Accounts", &[("Account_Name", Text), ("Website", Website)], &[]),
    ]
    .into_iter()
    .collect()
}

pub(crate) struct Fixture {
    pub conn: Connection,
    pub schemas: Schemas,
    pub zone: TimeZone,
}

impl Fixture {
    pub fn new() -> Self {
        let (conn, schemas) = (Connection::open_in_memory().expect("memory"), schemas());
        schemas.iter().for_each(|schema| migrate(&conn, schema).expect("tables"));
        Self { conn, schemas, zone: TimeZone::get("Asia/Kolkata").expect("zone") }
    }

    pub fn schema(&self, module: &str) -> &Schema {
        self.schemas.get(module).expect(module)
    }

    pub fn reader(&self) -> Reader<'_> {
        Reader { conn: &self.conn, schemas: &self.schemas, zone: &self.zone }
    }

    pub fn put(&self, module: &str, records: Json) {
        let records: Vec<Record> = serde_json::from_value(records).expect("records");
        upsert(&self.conn, self.schema(module), &records).expect("upsert");
    }

    /// Records of a module.
    pub fn count(&self, module: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {}", layout::quoted(module));
        self.conn.query_row(&sql, [], |row| row.get(0)).expect("count")
    }

    pub fn get(&self, module: &str, id: &str) -> Json {
        self.reader().get(module, id).expect("read").map_or(Json::Null, Json::Object)
    }

    /// The plan of `sql`, one step a line.
    pub fn plan(&self, sql: &str) -> String {
        let mut statement = self.conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
        let count = statement.parameter_count();
        let steps = statement
            .query_map(rusqlite::params_from_iter(vec![1; count]), |row| row.get::<_, String>(3))
            .expect(sql);
        steps.map(|step| step.expect("step")).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn fields_added_later_become_columns_and_gone_ones_stay() {
    let f = Fixture::new();
    f.put("Accounts", json!([{"id": "1", "Account_Name": "Quayside", "Website": "q.example"}]));
    let mut schema = f.schema("Accounts").clone();
    schema.fields.remove(1);
    schema.fields.push(Field::plain("Rating", FieldKind::PickList));
    migrate(&f.conn, &schema).expect("added");
    migrate(&f.conn, &schema).expect("nothing to do");
    upsert(&f.conn, &schema, &[record(json!({"id": "1", "Rating": "A"}))]).expect("upsert");
    let website: String = f
        .conn
        .query_row(r#"SELECT "Website" FROM "Accounts" WHERE "Rating" = 'a'"#, [], |row| row.get(0))
        .expect("row");
    assert_eq!(website, "q.example");
}

#[test]
fn an_upsert_changes_what_it_mentions_and_leaves_the_rest() {
    let f = Fixture::new();
    f.put("Pipelines", json!([{"id": "7", "Deal_Name": "Refit", "Stage": "Won", "Amount": 10}]));
    f.put(
        "Pipelines",
        json!([{"Stage": null, "id": "7", "No_Such_Field": 1}, {"id": "8", "Deal_Name": "Other"}]),
    );
    let deal = f.get("Pipelines", "7");
    assert_eq!(
        (&deal["Deal_Name"], &deal["Stage"], &deal["Amount"]),
        (&json!("Refit"), &Json::Null, &json!(10))
    );
    let schema = f.schema("Pipelines");
    assert!(update_fields(&f.conn, schema, "8", &record(json!({"Amount": 1.5}))).expect("update"));
    assert!(!update_fields(&f.conn, schema, "9", &record(json!({"Amount": 1.5}))).expect("update"));
    assert_eq!(f.get("Pipelines", "8")["Amount"], json!(1.5));
    assert_eq!(delete(&f.conn, schema, &["7", "9"]).expect("delete"), 1);
    assert_eq!(f.get("Pipelines", "7"), Json::Null);
    assert_eq!(f.count("Pipelines"), 1);
}

#[test]
fn a_batch_with_a_bad_record_changes_nothing() {
    let f = Fixture::new();
    let batch = [record(json!({"id": "1", "Account_Name": "A"})), record(json!({"Account_Name": "B"}))];
    assert!(matches!(upsert(&f.conn, f.schema("Accounts"), &batch), Err(Error::NoId { .. })));
    assert_eq!(f.count("Accounts"), 0);
}

pub(crate) fn record(json: Json) -> Record {
    serde_json::from_value(json).expect("an object")
}
