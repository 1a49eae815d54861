use proptest::prelude::*;

use super::{
    analysis::{context, org},
    *,
};

/// The completions at `|`, with what the text becomes when the first is taken.
fn completed(text: &str, mode: Mode) -> (Vec<String>, String) {
    let cursor = text.find('|').expect("a cursor");
    let text = text.replace('|', "");
    let found = complete(&text, cursor, &org(), mode, &context());
    let taken = found
        .first()
        .map_or(text.clone(), |first| Fix::replace(first.replace.clone(), &first.text).apply(&text));
    (found.into_iter().map(|found| found.text).collect(), taken)
}

#[test]
fn the_word_at_the_cursor_is_completed_by_what_can_stand_there() {
    for (text, taken) in [
        ("|", "select"),
        ("sel| Amount", "select Amount"),
        ("select am| from Deals", "select Amount from Deals"),
        ("select Amount fr|", "select Amount from"),
        ("select Amount from de|", "select Amount from Deals"),
        ("select id from Deals wh|", "select id from Deals where"),
        ("select id from Deals where st|", "select id from Deals where Stage"),
        ("select id from Deals where Stage |", "select id from Deals where Stage ="),
        ("select id from Deals where Amount bet|", "select id from Deals where Amount between"),
        ("select id from Deals where Stage = |", "select id from Deals where Stage = 'Qualification'"),
        ("select id from Deals where Stage = 'clo|", "select id from Deals where Stage = 'Closed-Won'"),
        ("select id from Deals where Stage = 'lo|x'", "select id from Deals where Stage = 'Lost'"),
        (
            "select id from Deals where Stage in ('Won', lo|",
            "select id from Deals where Stage in ('Won', 'Lost'",
        ),
        ("select id from Deals where Stage = 'Won' |", "select id from Deals where Stage = 'Won' and"),
        ("select id from Deals where Owner = |", "select id from Deals where Owner = $me"),
        ("select id from Deals where Owner = 'mir|", "select id from Deals where Owner = 'Mira Solt'"),
        (
            "select id from Deals where Pipeline = dir|",
            "select id from Deals where Pipeline = 'Direct Sales'",
        ),
        (
            "select id from Deals where Closing_Date between $to|",
            "select id from Deals where Closing_Date between $today",
        ),
        (
            "select id from Deals where Closing_Date between $som and $e|",
            "select id from Deals where Closing_Date between $som and $eow",
        ),
        ("select id from Deals where Amount > :l|", "select id from Deals where Amount > :least"),
        ("select Account_Name.ph| from Deals", "select Account_Name.Phone from Deals"),
        (
            "select Contact_Name.Account_Name.w| from Deals",
            "select Contact_Name.Account_Name.Website from Deals",
        ),
        ("select Account_Name.| from Deals", "select Account_Name.Account_Name from Deals"),
        ("select id from Deals order |", "select id from Deals order by"),
        ("select id from Deals order by Amount |", "select id from Deals order by Amount desc"),
        ("select id from Deals group by Stage hav|", "select id from Deals group by Stage having"),
        ("select cou| from Deals", "select count( from Deals"),
        (
            "select id from Contacts where Email_Opt_Out = |",
            "select id from Contacts where Email_Opt_Out = true",
        ),
        ("select a from Tasks;\nselect am|\nfrom Deals;", "select a from Tasks;\nselect Amount\nfrom Deals;"),
    ] {
        assert_eq!(completed(text, Mode::Wide).1, taken, "{text}: {:?}", completed(text, Mode::Wide).0);
    }
}

#[test]
fn strict_completion_offers_only_what_bigin_takes() {
    let offered = |text: &str| completed(text, Mode::Strict).0;
    assert_eq!(offered("select id from de|"), [""; 0]);
    assert_eq!(offered("select id from pi|"), ["Pipelines"]);
    assert_eq!(offered("select id from Contacts where Email_Opt_Out |"), ["="]);
    assert_eq!(offered("select id from Pipelines where Owner = mir|"), [""; 0]);
    assert_eq!(offered("select id from Pipelines where Owner = |"), ["'77'", "'78'"]);
    assert_eq!(
        offered("select id from Pipelines where Stage = 'Won' |"),
        ["and", "or", "order by", "limit", "offset"]
    );
    assert!(
        !offered("select | from Pipelines")
            .iter()
            .any(|text| text.contains('(') || text == "*" || text == "Tag")
    );
    assert_eq!(offered("select id from Pipelines -- st|"), [""; 0]);
}

proptest! {
    #[test]
    fn any_text_is_completed_with_places_that_fit_it(
        words in proptest::collection::vec(proptest::sample::select(vec![
            "select ", "from Deals ", "where ", "group by ", "order by ", "limit ", "and ", "not ", "(", ")", ", ", "case ",
            "Stage ", "Account_Name.", "'x' ", "'é", "in ", "between ", "= ", "count(", ":p ", "$me ", "\n\n", "-- é", ";",
        ]), 0..16),
        at in any::<proptest::sample::Index>(),
        strict in any::<bool>(),
    ) {
        let text = words.concat();
        let cursor = at.index(text.len() + 1);
        let mode = if strict { Mode::Strict } else { Mode::Wide };
        for found in complete(&text, cursor, &org(), mode, &context()) {
            prop_assert!(text.get(found.replace.clone()).is_some() && found.replace.start <= cursor && cursor <= found.replace.end);
        }
    }
}
