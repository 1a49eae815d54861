use proptest::prelude::*;

use super::{examples::schemas, grammar, *};

fn shown(text: &str, mode: Mode) -> Vec<String> {
    let analysis = analyse(text, &schemas(), mode);
    analysis.diagnostics().map(|said| format!("{}| {}", &text[said.span.clone()], said.message)).collect()
}

/// `text` with the first fix of each statement made, again and again.
fn mended(text: &str, mode: Mode) -> String {
    let mut text = text.to_owned();
    for _ in 0..20 {
        let analysis = analyse(&text, &schemas(), mode);
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

proptest! {
    #[test]
    fn the_strict_verdict_is_that_of_the_strict_parser_and_checker(query in grammar::query(), tail in "[a-z()=', ]{0,8}") {
        for text in [query.to_string(), format!("{query} {tail}")] {
            let verdict = parse(&text).is_ok_and(|query| check(&query, &schemas(), &Dialect::STRICT).is_ok());
            let analysis = analyse(&text, &schemas(), Mode::Strict);
            prop_assert_eq!(analysis.statements.iter().all(Analysed::is_sound), verdict, "{}", text);
        }
    }
}
