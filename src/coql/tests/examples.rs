//! The example queries of the API reference with their outcomes.

use super::*;
use crate::domain::{Field, FieldKind, Schema, Schemas};

fn schema(module: &str, fields: &[(&str, FieldKind)], lookups: &[(&str, Option<&str>)]) -> Schema {
    let fields = fields.iter().map(|(name, kind)| Field::plain(name, *kind));
    let lookups = lookups.iter().map(|(name, module)| Field {
        lookup: module.map(str::to_owned),
        ..Field::plain(name, FieldKind::Lookup)
    });
    Schema { module: module.to_owned(), fields: fields.chain(lookups).collect() }
}

pub(super) fn schemas() -> Schemas {
    use FieldKind::*;
    let audit =
        [("Owner", OwnerLookup), ("Modified_Time", DateTime), ("Tag", Text), ("Description", TextArea)];
    let with_audit = |fields: &[(&'static str, FieldKind)]| [fields, &audit].concat();
    [
        schema(
            "Pipelines",
            &with_audit(&[
                ("Deal_Name", Text),
                ("Stage", PickList),
                ("Sub_Pipeline", PickList),
                ("Pipeline", BigInt),
                ("Amount", Currency),
                ("Closing_Date", Date),
                ("Secondary_Contacts", MultiSelectLookup),
                ("Associated_Products", Unknown),
                ("Interested_In", MultiSelectPickList),
                ("Times_Postponed", Integer),
                ("Quote_Reference", BigInt),
                ("Share", Formula),
                ("Offer", FileUpload),
            ]),
            &[("Contact_Name", Some("Contacts")), ("Account_Name", Some("Accounts"))],
        ),
        schema(
            "Contacts",
            &with_audit(&[
                ("Last_Name", Text),
                ("Email", Email),
                ("Phone", Phone),
                ("Title", Text),
                ("Email_Opt_Out", Boolean),
                ("Record_Image", ProfileImage),
            ]),
            &[("Account_Name", Some("Accounts"))],
        ),
        schema(
            "Accounts",
            &with_audit(&[("Account_Name", Text), ("Phone", Phone), ("Website", Website)]),
            &[],
        ),
        schema("Events", &[("Event_Title", Text), ("Participants", Unknown)], &[]),
        schema("Calls", &[("Subject", Text), ("Call_Status", PickList)], &[("Related_To", None)]),
        schema(
            "Tasks",
            &[("Subject", Text), ("Status", PickList), ("Due_Date", Date)],
            &[("Related_To", None), ("Contact_Name", Some("Contacts"))],
        ),
        schema("Notes", &[("Note_Title", Text)], &[("Parent_Id", None)]),
    ]
    .into_iter()
    .collect()
}

/// The name of the error that `text` is refused with, or `ok`.
fn outcome(text: &str, dialect: &Dialect) -> String {
    let name = |error: &dyn std::fmt::Debug| {
        let shown = format!("{error:?}");
        shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
    };
    match parse(text) {
        Err(error) => name(&error),
        Ok(query) => {
            check(&query, &schemas(), dialect).map_or_else(|error| name(&error), |_| "ok".to_owned())
        }
    }
}

#[test]
fn every_example_of_the_reference_has_its_outcome() {
    let ids = vec!["'1'"; 51].join(", ");
    let columns = (0..51).map(|n| format!("F{n}")).collect::<Vec<_>>().join(", ");
    let criteria = (1..26).fold("id = 1".to_owned(), |tree, _| format!("({tree} and id = 1)"));
    for (number, text, expected) in [
        (1, "select Last_Name, Email from Contacts where Last_Name = 'Okafor'", "ok"),
        (2, "SELECT Last_Name FROM Contacts WHERE id IS NOT NULL LIMIT 10", "ok"),
        (3, "select Last_Name from Contacts where (Last_Name = 'Okafor' and Email is not null)", "ok"),
        (4, "select Last_Name from Contacts where Last_Name = 'Okafor' and Email is not null", "ok"),
        (
            5,
            "select id from Contacts where Last_Name is not null and Email is not null and Phone is null",
            "Misplaced",
        ),
        (
            6,
            "select id from Contacts where ((Last_Name is not null and Email is not null) and Phone is null)",
            "ok",
        ),
        (
            7,
            "select id from Contacts where (Last_Name is not null and (Email is not null and Phone is null))",
            "ok",
        ),
        (
            8,
            "select id from Contacts where (Title = 'Buyer' or Title = 'Owner') and (Email is not null and Phone is null)",
            "ok",
        ),
        (
            9,
            "select id from Contacts where Title = 'Buyer' or Title = 'Owner' and Email is not null",
            "Misplaced",
        ),
        (10, "select id from Contacts where (((Last_Name = 'Okafor')))", "ok"),
        (11, "select id from Contacts where (Last_Name = 'Okafor'", "Misplaced"),
        (12, "select Deal_Name, Amount from Pipelines where Amount >= 5000", "ok"),
        (13, "select Deal_Name from Pipelines where Amount >= '5000'", "ok"),
        (14, "select Deal_Name from Pipelines where Amount = 'lots'", "Value"),
        (15, "select Deal_Name from Pipelines where Amount like '5%'", "Operator"),
        (16, "select Deal_Name from Pipelines where Deal_Name > 'M'", "Operator"),
        (17, "select Deal_Name from Pipelines where Deal_Name like 'Quay%'", "ok"),
        (18, "select Deal_Name from Pipelines where Deal_Name like '%refit'", "ok"),
        (19, "select Deal_Name from Pipelines where Deal_Name like '%side%'", "ok"),
        (20, "select Deal_Name from Pipelines where Deal_Name not like '%test%'", "ok"),
        (21, "select Deal_Name from Pipelines where Deal_Name not like 'test%'", "Operator"),
        (22, "select Deal_Name from Pipelines where Stage in ('Qualification','Proposal')", "ok"),
        (23, "select Deal_Name from Pipelines where Stage not in ('Won','Lost')", "ok"),
        (24, "select Deal_Name from Pipelines where Stage in ()", "Unexpected"),
        (25, &format!("select id from Contacts where id in ({ids})"), "TooMany"),
        (
            26,
            "select Deal_Name from Pipelines where Closing_Date between '2026-05-01' and '2026-05-31'",
            "ok",
        ),
        (
            27,
            "select Deal_Name from Pipelines where (Closing_Date >= '2026-05-01' and Closing_Date <= '2026-05-31')",
            "ok",
        ),
        (28, "select Deal_Name from Pipelines where Closing_Date = '31.05.2026'", "Value"),
        (
            29,
            "select id, Modified_Time from Contacts where Modified_Time > '2026-05-01T00:00:00+05:30' order by Modified_Time asc",
            "ok",
        ),
        (30, "select id from Contacts where Modified_Time > '2026-05-01'", "Value"),
        (31, "select Last_Name from Contacts where Email_Opt_Out = 'true'", "ok"),
        (32, "select Last_Name from Contacts where Email_Opt_Out = false", "ok"),
        (33, "select Last_Name from Contacts where Email_Opt_Out > 'true'", "Operator"),
        (34, "select Last_Name from Contacts where Email = null", "Value"),
        (35, "select Last_Name, Account_Name from Contacts where Account_Name = '5210437000000398041'", "ok"),
        (
            36,
            "select Last_Name, Account_Name.Account_Name from Contacts where Account_Name.Account_Name like 'Quay%'",
            "ok",
        ),
        (37, "select Deal_Name, Contact_Name.Account_Name.Website from Pipelines where id is not null", "ok"),
        (
            38,
            "select Deal_Name, Contact_Name.Email, Account_Name.Phone, Owner.email from Pipelines where id is not null",
            "TooMany",
        ),
        (39, "select Deal_Name from Pipelines where Owner = '5210437000000310001'", "ok"),
        (40, "select Deal_Name from Pipelines where Owner > '5210437000000310001'", "Operator"),
        (41, "select Last_Name, Email, Last_Name from Contacts where id is not null", "DuplicateColumn"),
        (42, "select Nickname from Contacts where id is not null", "UnknownColumn"),
        (43, "select Last_Name from People where id is not null", "UnknownModule"),
        (44, "select * from Contacts where id is not null", "Misplaced"),
        (45, "select Last_Name from Contacts", "NoWhere"),
        (46, "select Last_Name where Last_Name = 'Okafor'", "MissingClause"),
        (47, "update Contacts set Last_Name = 'X' where id = '1'", "NotSelect"),
        (48, "select id from Contacts where id is not null limit 200 offset 9800", "ok"),
        (49, "select id from Contacts where id is not null limit 200 offset 9900", "Reach"),
        (50, "select id from Contacts where id is not null limit 201", "Limit"),
        (51, "select id from Contacts where id is not null limit 0", "NoRows"),
        (52, "select id from Contacts where id is not null limit ten", "NotANumber"),
        (53, r"select Last_Name from Contacts where Last_Name = 'O\'Neil'", "ok"),
        (54, r#"select Last_Name from Contacts where Last_Name = "Okafor""#, "ok"),
        (55, "select Last_Name from Contacts where Description like '%vip%'", "UnsupportedCriterion"),
        (56, "select Last_Name, Description from Contacts where id is not null", "ok"),
        (57, "select Tag from Contacts where id is not null", "UnsupportedColumn"),
        (58, "select Deal_Name, Secondary_Contacts from Pipelines where id is not null", "UnsupportedColumn"),
        (59, "select Event_Title, Participants from Events where id is not null", "UnsupportedColumn"),
        (60, "select Deal_Name from Pipelines where Pipeline = 'Direct Sales'", "ok"),
        (61, "select Deal_Name from Pipelines where Pipeline = '5210437000000390077'", "ok"),
        (
            62,
            "select Deal_Name from Pipelines where Stage = 'Won' order by Amount desc, Deal_Name asc limit 20",
            "ok",
        ),
        (63, "select Deal_Name from Pipelines where Stage = 'Won' order by Nowhere", "UnknownColumn"),
        (64, "select COUNT(id) from Pipelines where id is not null", "UnknownColumn"),
        (65, "select Stage, SUM(Amount) from Pipelines where id is not null group by Stage", "NotInDialect"),
        (66, "select 'What_Id->Accounts.Account_Name', Subject from Tasks where id is not null", "ok"),
        (
            67,
            "select Subject from Tasks where (Status != 'Completed' and Due_Date < '2026-05-04') order by Due_Date",
            "ok",
        ),
        (68, &format!("select {columns} from Contacts where id is not null"), "TooMany"),
        (69, &format!("select id from Contacts where {criteria}"), "TooMany"),
        (70, "", "NotSelect"),
    ] {
        assert_eq!(outcome(text, &Dialect::STRICT), expected, "{number}: {text}");
    }
}

/// The operators of one type, of `=`, `!=`, `>`, `between`, `in`, `like`, `is null`.
fn operators(column: &str, value: &str) -> String {
    let tests = [
        format!("= {value}"),
        format!("!= {value}"),
        format!("> {value}"),
        format!("between {value} and {value}"),
        format!("in ({value})"),
        "like '%x%'".to_owned(),
        "is null".to_owned(),
    ];
    let module = if column == "Call_Status" {
        "Calls"
    } else if column.starts_with("Email") || column == "Record_Image" {
        "Contacts"
    } else {
        "Pipelines"
    };
    tests
        .iter()
        .map(|test| {
            match outcome(&format!("select id from {module} where {column} {test}"), &Dialect::STRICT)
                .as_str()
            {
                "ok" => 'y',
                "Operator" => '-',
                "UnsupportedCriterion" => 'c',
                "UnsupportedKind" => 'k',
                other => unreachable!("{column} {test}: {other}"),
            }
        })
        .collect()
}

#[test]
fn every_type_takes_the_operators_of_the_reference() {
    for (column, value, expected) in [
        ("Deal_Name", "'x'", "yy--yyy"),
        ("Email", "'x'", "yy--yyy"),
        ("Stage", "Won", "yy--yyy"),
        ("Interested_In", "'Red;Blue'", "yy--yyy"),
        ("Description", "'x'", "ccccccc"),
        ("Email_Opt_Out", "true", "y------"),
        ("Times_Postponed", "-3", "yyyyy-y"),
        ("Quote_Reference", "'9223372036854775807'", "yyyyy-y"),
        ("Amount", "19.5", "yyyyy-y"),
        ("Closing_Date", "'2026-02-28'", "yyyyy-y"),
        ("Modified_Time", "'2026-02-28T00:00:00+01:00'", "yyyyy-y"),
        ("Account_Name", "5210437000000398041", "yy--y-y"),
        ("Owner", "'5210437000000310001'", "yy--y-y"),
        ("id", "'5210437000000310001'", "yyy-y-y"),
        ("Account_Name.id", "1", "yyy-y-y"),
        ("Pipeline", "'Direct Sales'", "yy--y-y"),
        ("Tag", "'x'", "ccccccc"),
        ("Secondary_Contacts", "'1'", "ccccccc"),
        ("Associated_Products", "'1'", "ccccccc"),
        ("Offer", "'1'", "ccccccc"),
        ("Record_Image", "'1'", "ccccccc"),
        ("Call_Status", "'x'", "ccccccc"),
        ("Share", "1", "kkkkkkk"),
    ] {
        assert_eq!(operators(column, value), expected, "{column}");
    }
}

#[test]
fn values_must_be_of_the_kind_of_their_field() {
    let verdict =
        |criterion: &str| outcome(&format!("select id from Pipelines where {criterion}"), &Dialect::STRICT);
    for criterion in [
        "Amount > '1e3'",
        "Amount > 'inf'",
        "Amount > true",
        "Times_Postponed = 1.5",
        "Times_Postponed = '9223372036854775808'",
        "Closing_Date = '2026-02-30'",
        "Closing_Date = 20260228",
        "Closing_Date = '2026-02-28T00:00:00+00:00'",
        "Modified_Time = '2026-02-28T00:00:00'",
        "Modified_Time = '2026-02-28 00:00:00+00:00'",
        "Account_Name = 'Quayside'",
        "Owner = -1",
        "id = ''",
        "Deal_Name = Refit",
        "Stage = null",
        "Pipeline = Direct",
    ] {
        assert_eq!(verdict(criterion), "Value", "{criterion}");
    }
    for criterion in ["Stage = Closed-Won", "Stage = true", "Deal_Name = 100", "id > 99999999999999999999"] {
        assert_eq!(verdict(criterion), "ok", "{criterion}");
    }
}

#[test]
fn modules_and_paths_that_lead_nowhere() {
    for (text, expected) in [
        ("select Note_Title from Notes where id is not null", "UnknownModule"),
        ("select full_name from users where id is not null", "UnknownModule"),
        ("select Deal_Name from Deals where id is not null", "UnknownModule"),
        ("select deal_name from Pipelines where id is not null", "UnknownColumn"),
        ("select Stage.Name from Pipelines where id is not null", "UnknownColumn"),
        ("select Pipeline.name from Pipelines where id is not null", "UnknownColumn"),
        ("select Owner.phone from Pipelines where id is not null", "UnknownColumn"),
        ("select 'Account_Name->Contacts.Email' from Pipelines where id is not null", "UnknownColumn"),
        ("select 'What_Id->Nowhere.Name' from Tasks where id is not null", "UnknownColumn"),
        ("select Related_To.Account_Name from Tasks where id is not null", "UnknownColumn"),
        ("select 'Related_To->Pipelines.Deal_Name', Who_Id.Email from Tasks where What_Id = 1", "ok"),
        (
            "select Owner.id, Owner.name, Owner.full_name, Owner.first_name, Owner.last_name, Owner.email from Pipelines where id is not null",
            "ok",
        ),
        ("select FOO(id) from Pipelines where id is not null", "UnknownFunction"),
    ] {
        assert_eq!(outcome(text, &Dialect::STRICT), expected, "{text}");
    }
}

#[test]
fn the_lenient_dialect_takes_later_forms_with_their_rules() {
    for (text, expected) in [
        ("select Last_Name from Contacts", "ok"),
        ("select Stage, SUM(Amount) from Pipelines group by Stage order by SUM(Amount) desc", "ok"),
        ("select Deal_Name as Name, Amount as Name from Pipelines", "DuplicateAlias"),
        ("select Deal_Name as '' from Pipelines", "EmptyAlias"),
        ("select Deal_Name as Amount, Amount from Pipelines", "AliasIsColumn"),
        ("select Deal_Name as Name from Pipelines order by Name", "ok"),
        ("select Deal_Name, COUNT(id) from Pipelines group by Stage", "NotGrouped"),
        ("select Stage from Pipelines group by Stage order by Amount", "NotGrouped"),
        ("select SUM(Deal_Name) from Pipelines", "FunctionKind"),
        ("select FOO(id) from Pipelines", "UnknownFunction"),
        ("select id from Pipelines where Deal_Name not like 'test%'", "ok"),
        ("select id from Pipelines where Amount not between 1 and 2", "ok"),
    ] {
        assert_eq!(outcome(text, &Dialect::LENIENT), expected, "{text}");
    }
}

#[test]
fn everything_wrong_is_found_in_the_service_s_order_and_place() {
    let text = "select Deal_Name, Amuont, Deal_Name, Tag from Pipelines where (Stage > 'x' and Amount = lots) limit 500";
    let query = parse(text).expect(text);
    let errors = check_all(&query, &schemas(), &Dialect::STRICT).expect_err(text);
    let shown: Vec<_> = errors
        .iter()
        .map(|error| error.diagnostic(text.len()))
        .map(|found| {
            format!(
                "{}: {}{}",
                &text[found.span],
                found.message,
                found.fix.map(|fix| format!(" [{}]", fix.edits[0].text)).unwrap_or_default()
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "Amuont: Pipelines has no field Amuont, did you mean Amount? [Amount]",
            "Deal_Name: Deal_Name is selected twice",
            "Tag: Tag cannot be selected",
            ">: Stage does not take >",
            "lots: \"lots\" is no value of Amount: write a number",
            "500: limit 500: one answer holds at most 200 rows [200]",
        ]
    );
    assert_eq!(check(&query, &schemas(), &Dialect::STRICT).expect_err(text), errors[0]);
}
