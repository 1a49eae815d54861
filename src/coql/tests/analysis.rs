use proptest::prelude::*;

use super::{examples::schemas, grammar, *};
use crate::domain::{Outcome, Schemas};

pub(super) fn context() -> Context {
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
    let mut context = Context::new("2026-05-14T10:00:00Z".parse().expect("a time"), zone);
    context.me = Some("77".to_owned());
    context.users =
        [("77", "Mira Solt"), ("78", "Ben Ode")].map(|(id, name)| (id.to_owned(), name.to_owned())).to_vec();
    context.stages = [
        ("Qualification", Outcome::Open),
        ("Won", Outcome::Won),
        ("Closed-Won", Outcome::Won),
        ("Lost", Outcome::Lost),
    ]
    .map(|(value, outcome)| (value.to_owned(), outcome))
    .to_vec();
    context.pipelines = vec![("390077".to_owned(), "Direct Sales".to_owned())];
    context.parameters.insert("stages".to_owned(), vec!["Won".to_owned(), "Lost".to_owned()]);
    context.parameters.insert("least".to_owned(), vec!["5000".to_owned()]);
    context
}

fn shown(text: &str, mode: Mode) -> Vec<String> {
    let analysis = analyse(text, &org(), mode, &context());
    analysis.diagnostics().map(|said| format!("{}| {}", &text[said.span.clone()], said.message)).collect()
}

/// `text` with the first fix of each statement made, again and again.
fn mended(text: &str, mode: Mode) -> String {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let analysis = analyse(&text, &org(), mode, &context());
        let Some(fix) = analysis.diagnostics().find_map(|said| said.fix.clone()) else { break };
        text = fix.apply(&text);
    }
    text
}

#[test]
fn strict_fixes_lead_to_what_bigin_takes() {
    for (text, expected) in [
        (
            "select Deal_Name from Deals where Stage = 'Won' and Amount > 5 and Owner is not null",
            "select Deal_Name from Pipelines where (Stage = 'Won' and Amount > 5) and Owner is not null",
        ),
        (
            "select Deal_Name from Pipelines limit 500",
            "select Deal_Name from Pipelines where id is not null limit 200",
        ),
        (
            "select Deal_Nmae from Pipelines where id is not null;\nselect Subject from Taks",
            "select Deal_Name from Pipelines where id is not null;\nselect Subject from Tasks where id is not null",
        ),
    ] {
        assert_eq!(mended(text, Mode::Strict), expected);
        assert_eq!(shown(expected, Mode::Strict), [""; 0]);
    }
}

pub(super) fn org() -> Schemas {
    let mut schemas = schemas();
    let mut deals = schemas.get("Pipelines").cloned().expect("deals");
    for field in deals.fields.iter_mut().filter(|field| field.api_name == "Stage") {
        field.choices = ["Qualification", "Won", "Closed-Won", "Lost"].map(str::to_owned).to_vec();
    }
    schemas.put(deals);
    schemas
}

#[test]
fn wide_statements_are_held_to_the_metadata() {
    for text in [
        "select * from deals where Owner = $me and Modified_Time > $week(-1) and stage = Lost limit 5000",
        "select Stage, count(*) n, sum(Amount) / count(*) avg from Deals group by Stage having n > 2 order by n desc, 1",
        "select Company.Name from Deals where Company = 'Quayside'",
        "select Account_Name.Name, Contact_Name.Account_Name.Phone, Owner.name from Deals where Account_Name like 'Q%'",
        "select month(Closing_Date), count(distinct Owner) from Deals where Closing_Date between $som and $eom(2) group by 1",
        "select Deal_Name, Closing_Date - $today, case when Amount >= :least then 'big' else 'small' end from Deals",
        "select id from Deals where Stage in (:stages) or Amount in (1, 2) and not (Description like '%x%')",
        "select id from Deals where Modified_Time = $today or Modified_Time > '2026-05-01' or Closing_Date > $today + 30",
        "select id from Deals where Closing_Date < $eom - 7 and Deal_Name > 'M' and Amount * 2 > 100",
        "select Owner.name, count(*) from Deals group by Owner order by count(*) desc",
        "select distinct Stage from Deals where Email_Opt is null",
        "select Email_Opt_Out, lower(Last_Name) from Contacts where Email_Opt_Out and not Email_Opt_Out = false",
        "select Pipeline.name, Pipeline from Deals where Pipeline in ('Direct Sales')",
        "select id from Deals where Stage = $open or Stage not in $closed or Stage != $won",
        "select Subject from Tasks where 'Related_To->Accounts.Account_Name' = 'x' and Who_Id.Email is not null",
    ] {
        let expected: &[String] = if text.contains("Email_Opt is") {
            &["Email_Opt| Pipelines has no field Email_Opt".to_owned()]
        } else if text.contains("Company") {
            &[
                "Company.Name| Pipelines has no field Company.Name".to_owned(),
                "Company| Pipelines has no field Company".to_owned(),
            ]
        } else {
            &[]
        };
        assert_eq!(shown(text, Mode::Wide), expected, "{text}");
    }
    for (text, expected) in [
        ("select Stge from Deals", "Stge| Pipelines has no field Stge, did you mean Stage?"),
        ("select Stage from Dealz", "Dealz| Dealz is not a module that can be queried, did you mean Deals?"),
        ("select id from Deals where Amount = 'lots'", "'lots'| \"lots\" is not a number"),
        ("select id from Deals where Amount = null", "null| nothing is compared with is null"),
        (
            "select id from Deals where Closing_Date = '31.5.2026'",
            "'31.5.2026'| \"31.5.2026\" is not a day such as '2026-05-31'",
        ),
        (
            "select id from Deals where Stage = 'Lots'",
            "'Lots'| Lots is not a value of Stage, did you mean Lost?",
        ),
        ("select id from Deals where Stage = $wek", "$wek| there is no $wek, did you mean $week?"),
        ("select id from Deals where Stage = $opne", "$opne| there is no $opne, did you mean $open?"),
        ("select id from Deals where Stage > $open", "$open| several values can only be compared with in"),
        ("select id from Deals where Amount > :most", ":most| :most needs a value"),
        (
            "select id from Deals where Amount",
            "Amount| this is a value, not a condition: compare it with something",
        ),
        ("select id from Deals where Amount like '5%'", "Amount like '5%'| a number takes no like"),
        ("select id from Deals where Owner > 5", "5| a record takes no >"),
        ("select id from Deals where Amount = Deal_Name", "Amount = Deal_Name| a number is never a text"),
        (
            "select id from Deals where sum(Amount) > 5",
            "sum(Amount)| sum is known only after where: ask for it in having",
        ),
        ("select sum(count(*)) from Deals", "count(*)| count stands inside another such function"),
        (
            "select Deal_Name, count(*) from Deals group by Stage",
            "Deal_Name| Deal_Name differs within a group: group by it, or ask for its max",
        ),
        ("select lowr(Deal_Name) from Deals", "lowr| there is no function lowr, did you mean lower?"),
        ("select sum(Deal_Name) from Deals", "Deal_Name| sum cannot be asked of a text"),
        ("select Deal_Name from Deals order by 2", "2| 2 is not the place of a selected column"),
        (
            "select case when Amount > 5 then 1 else 'x' end from Deals",
            "'x'| this branch gives a text, others give a number",
        ),
        ("select Closing_Date * 2 from Deals", "Closing_Date * 2| days take no *"),
        ("select * from Deals group by Stage", "*| * cannot stand beside groups: name the columns"),
        ("select id from Deals limit :least + 1", "+| \"+\" cannot stand here"),
    ] {
        assert_eq!(shown(text, Mode::Wide), [expected], "{text}");
    }
}

#[test]
fn of_a_text_full_of_slips_the_first_hundred_are_said() {
    for text in ["Nowhere, ", "#, ", "case, ", "(1 + Deal_Name), "] {
        let text = format!("select {} id from Deals", text.repeat(30_000));
        assert!((1..=200).contains(&shown(&text, Mode::Wide).len()));
    }
    let many: Vec<String> = (0..30_000).map(|id| id.to_string()).collect();
    let text = format!("select id from Deals where id in ({})", many.join(", "));
    assert_eq!(shown(&text, Mode::Wide), [""; 0]);
    let text = format!("select id from Deals where Amount = {}", many.join(" or Amount = "));
    assert_eq!(shown(&text, Mode::Wide), [""; 0]);
}

#[test]
fn wide_fixes_lead_to_what_can_be_run() {
    for (text, expected) in [
        ("selct Stge, count(*) form Dealz group Stage", "select Stage, count(*) from Deals group by Stage"),
        (
            "select Deal_Name from Deals where Amount > 48k and Stage = 'Lots' and Closing_Date < 2026-05-31",
            "select Deal_Name from Deals where Amount > 48000 and Stage = 'Lost' and Closing_Date < '2026-05-31'",
        ),
        (
            "select Amount, Stage, count(*) from Deals group by Stage",
            "select Amount, Stage, count(*) from Deals group by Stage, Amount",
        ),
        ("select id from Deals where Amount = null", "select id from Deals where Amount is null"),
        (
            "select id from Deals where Closing_Date > '31.5.2026'",
            "select id from Deals where Closing_Date > '2026-05-31'",
        ),
    ] {
        assert_eq!(mended(text, Mode::Wide), expected);
        assert_eq!(shown(expected, Mode::Wide), [""; 0]);
    }
}

proptest! {
    #[test]
    fn the_strict_verdict_is_that_of_the_strict_parser_and_checker(query in grammar::query(), tail in "[a-z()=', ]{0,8}") {
        for text in [query.to_string(), format!("{query} {tail}")] {
            let verdict = parse(&text).is_ok_and(|query| check(&query, &schemas(), &Dialect::STRICT).is_ok());
            let analysis = analyse(&text, &schemas(), Mode::Strict, &context());
            prop_assert_eq!(analysis.statements.iter().all(Analysed::is_sound), verdict, "{}", text);
        }
    }
}
