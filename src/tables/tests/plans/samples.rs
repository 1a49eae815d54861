//! Random orgs, and statements about their deals.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value as Json, json};

use crate::tables::tests::naive::Org;

pub(super) fn org() -> impl Strategy<Value = Org> {
    let maybe = |values: Vec<Json>| {
        option::weighted(0.85, select(values)).prop_map(|value| value.unwrap_or(Json::Null))
    };
    let texts = |values: &[&str]| maybe(values.iter().map(|value| json!(value)).collect());
    let ids = |values: &[u64]| maybe(values.iter().map(|id| json!({"id": id.to_string()})).collect());
    let first = (
        texts(&["ab", "Abc", "x%y", "refit", "b"]),
        texts(&["Won", "WON", "Lost", "Open"]),
        maybe([-5.5, 0.0, 10.0, 100.25, 33.1].iter().map(|value| json!(value)).collect()),
        maybe((0..4).map(|value| json!(value)).collect()),
        texts(&["2026-04-30", "2026-05-01", "2026-05-13", "2026-05-14", "2026-05-31", "2026-11-02"]),
        texts(&[
            "2026-05-14T01:00:00+00:00",
            "2026-05-13T03:59:59+00:00",
            "2026-05-13T04:00:00+00:00",
            "2026-01-10T04:30:00+00:00",
        ]),
    );
    let second = (
        maybe(vec![json!(true), json!(false)]),
        maybe(vec![json!(["Red"]), json!(["red", "Blue"]), json!(["Blue", "Red"]), json!([])]),
        texts(&["x marks", "nothing"]),
        ids(&[31, 32]),
        ids(&[90, 91]),
        ids(&[20, 21, 22]),
        ids(&[40, 41, 42]),
    );
    vec((first, second), 0..14).prop_map(|deals| {
        let keyed = |records: Vec<Json>| -> BTreeMap<u64, Json> {
            records.into_iter().map(|record| (record["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"), record)).collect()
        };
        let deals = deals.into_iter().zip(1..).map(|((first, second), id): (_, u64)| {
            let (name, stage, amount, times, closing, modified) = first;
            let (urgent, colours, description, owner, pipeline, account, contact) = second;
            json!({"id": id.to_string(), "Deal_Name": name, "Stage": stage, "Amount": amount, "Times": times,
                "Closing_Date": closing, "Modified_Time": modified, "Urgent": urgent, "Colours": colours,
                "Description": description, "Owner": owner, "Pipeline": pipeline, "Account_Name": account, "Contact_Name": contact})
        });
        Org::from([
            ("Pipelines", keyed(deals.collect())),
            ("Accounts", keyed(vec![
                json!({"id": "20", "Account_Name": "Quay", "Website": "q.example", "Employees": 4}),
                json!({"id": "21", "Account_Name": "Oak", "Website": null, "Employees": 9}),
            ])),
            ("Contacts", keyed(vec![
                json!({"id": "40", "Last_Name": "Oak", "Full_Name": "A Oak", "Account_Name": {"id": "20"}}),
                json!({"id": "41", "Last_Name": null, "Full_Name": "B", "Account_Name": {"id": "21"}}),
                json!({"id": "42", "Last_Name": "Elm", "Full_Name": "C Elm", "Account_Name": null}),
            ])),
            ("users", keyed(vec![
                json!({"id": "31", "full_name": "Mira", "email": "m@example.com"}),
                json!({"id": "32", "full_name": "Ben", "email": "b@example.com"}),
            ])),
            ("layouts", keyed(vec![json!({"id": "90", "name": "Direct"}), json!({"id": "91", "name": "Rental"})])),
        ])
    })
}

const TESTS: &[&str] = &[
    "Amount > 5",
    "Amount * 2 >= 60",
    "Amount in (0, 10)",
    "Amount not in (0, 10)",
    "Amount is null",
    "Amount between 0 and :least",
    "Amount not between 0 and 50",
    "Amount + Times > 10",
    "Amount / Times > 5",
    "Times >= 2",
    "Times = 1.5",
    "-Times < -1",
    "Stage = 'won'",
    "Stage in ('Won', 'Open')",
    "Stage != 'Lost'",
    "Stage is not null",
    "coalesce(Stage, 'none') = 'NONE'",
    "Deal_Name like '%B%'",
    "Deal_Name not like 'a%'",
    "Deal_Name not like '%b%'",
    "Deal_Name > 'abb'",
    "length(Deal_Name) = 3",
    "lower(Deal_Name) = 'abc'",
    "Description like '%x%'",
    "Description is null",
    "Urgent",
    "not Urgent",
    "Urgent != true",
    "Urgent = 'false'",
    "Urgent is null",
    "Colours = 'red;Blue'",
    "Colours != 'Red'",
    "Colours in ('Red', 'x')",
    "Colours like '%e%'",
    "Colours is null",
    "Closing_Date = $month",
    "Closing_Date != $month",
    "Closing_Date between '2026-05-01' and $eom",
    "Closing_Date < $today - 7",
    "Closing_Date >= $today",
    "Closing_Date not between $som and $today",
    "Closing_Date in ($today, $month(6))",
    "Closing_Date > '2026-05-13'",
    "month(Closing_Date) = '2026-05'",
    "age(Closing_Date) > 3",
    "Closing_Date - $today > 10",
    "week(Closing_Date) = '2026-05-11'",
    "Modified_Time > $today",
    "Modified_Time = $today",
    "Modified_Time <= '2026-05-13'",
    "Modified_Time < '2026-05-13T04:00:00Z'",
    "date(Modified_Time) = Closing_Date",
    "Modified_Time >= $week(-1)",
    "Closing_Date > Modified_Time",
    "Account_Name = 'quay'",
    "Account_Name like 'q%'",
    "Account_Name in (20, 22)",
    "Account_Name != 20",
    "Account_Name is null",
    "Account_Name.Website is null",
    "Account_Name.Employees > 5",
    "Contact_Name.Last_Name != 'Oak'",
    "Contact_Name.Account_Name.Employees >= 4",
    "Owner = $me",
    "Owner != $me",
    "Owner.name = 'ben'",
    "Owner in ('Mira', 'x')",
    "id > 3",
    "id in (1, 2, 5)",
    "id not in (2, 3)",
    "case when Urgent then Amount else 0 end > 1",
    "case Stage when 'Won' then 1 else 2 end = 2",
    "not (Stage = 'Won' and Amount > 1)",
    "not (Deal_Name like 'a%' or Urgent)",
    "concat(Stage, '-', Times) = 'won-1'",
];

const COLUMNS: &[&str] = &[
    "id",
    "Deal_Name",
    "Stage",
    "Amount",
    "Times",
    "Closing_Date",
    "Modified_Time",
    "Urgent",
    "Colours",
    "Description",
    "Account_Name",
    "Account_Name.Account_Name",
    "Account_Name.Employees",
    "Contact_Name.Last_Name",
    "Contact_Name.Account_Name.Website",
    "Owner",
    "Owner.name",
    "Amount * 2",
    "month(Closing_Date)",
    "quarter(Closing_Date)",
    "year(Modified_Time)",
    "week(Closing_Date)",
    "Closing_Date + 10",
    "Closing_Date - $today",
    "round(Amount / 3, 2)",
    "coalesce(Amount, Times, 7)",
    "case when Amount > 5 then 'big' else Stage end",
    "concat(Deal_Name, ' ', Amount)",
    "Amount > 5",
    "upper(Deal_Name)",
    "date(Modified_Time)",
];

pub(super) const KEYS: &[&str] = &[
    "Stage",
    "Owner",
    "Urgent",
    "month(Closing_Date)",
    "Account_Name.Website",
    "Contact_Name.Account_Name.Employees",
    "Colours",
    "case when Amount > 5 then 'big' else 'small' end",
    "lower(Stage)",
    "date(Modified_Time)",
    "Times",
];

const FUNCTIONS: &[&str] = &[
    "count(*)",
    "count(Amount)",
    "count(distinct Stage)",
    "sum(Amount)",
    "avg(Amount)",
    "min(Closing_Date)",
    "max(Modified_Time)",
    "max(Deal_Name)",
    "sum(case when Urgent then 1 else 0 end)",
    "min(Amount) + max(Times)",
    "count(distinct lower(Deal_Name))",
];

fn condition() -> impl Strategy<Value = String> {
    select(TESTS).prop_map(str::to_owned).prop_recursive(3, 8, 3, |inner| {
        (select(vec![" and ", " or "]), vec(inner, 2..4))
            .prop_map(|(word, all)| format!("({})", all.join(word)))
    })
}

fn tail() -> impl Strategy<Value = String> {
    (option::of(0u8..12), option::weighted(0.3, 0u8..4)).prop_map(|(limit, offset)| {
        let limit = limit.map(|limit| format!(" limit {limit}")).unwrap_or_default();
        limit + &offset.map(|offset| format!(" offset {offset}")).unwrap_or_default()
    })
}

fn ways() -> impl Strategy<Value = &'static str> {
    select(vec!["", " desc"])
}

pub(super) fn statement_text() -> impl Strategy<Value = String> {
    let filter = || {
        option::weighted(0.8, condition())
            .prop_map(|text| text.map(|text| format!(" where {text}")).unwrap_or_default())
    };
    let columns = || proptest::sample::subsequence(COLUMNS, 1..7);
    let plain = (columns(), filter(), vec((select(COLUMNS), ways()), 0..3), tail()).prop_map(
        |(columns, filter, order, tail)| {
            let order: Vec<String> = order.into_iter().map(|(key, way)| format!("{key}{way}")).collect();
            let order =
                if order.is_empty() { String::new() } else { format!(" order by {}", order.join(", ")) };
            format!("select {} from Deals{filter}{order}{tail}", columns.join(", "))
        },
    );
    let distinct = (proptest::sample::subsequence(KEYS, 1..3), filter(), ways(), tail()).prop_map(
        |(keys, filter, way, tail)| {
            format!("select distinct {} from Deals{filter} order by 1{way}{tail}", keys.join(", "))
        },
    );
    let functions = || proptest::sample::subsequence(FUNCTIONS, 1..4);
    let having = option::weighted(
        0.3,
        select(vec![" having count(*) > 1", " having sum(Amount) > 10 or max(Times) is null"]),
    );
    let grouped = (proptest::sample::subsequence(KEYS, 0..3), functions(), filter(), having, ways(), tail())
        .prop_map(|(keys, functions, filter, having, way, tail)| {
            let selected: Vec<&str> = keys.iter().chain(&functions).copied().collect();
            let group =
                if keys.is_empty() { String::new() } else { format!(" group by {}", keys.join(", ")) };
            let having = having.unwrap_or_default();
            format!(
                "select {} from Deals{filter}{group}{having} order by {}{way}{tail}",
                selected.join(", "),
                functions[0]
            )
        });
    prop_oneof![3 => plain, 1 => distinct, 3 => grouped]
}
