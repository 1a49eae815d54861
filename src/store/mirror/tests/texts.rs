use super::*;
use crate::protocol::CompanySort;

fn with(mirror: &mut Mirror, words: &str) -> Vec<String> {
    let filter = DealFilter { text: words.to_owned(), ..DealFilter::default() };
    names(mirror, &deals(filter, DealSort::Name), &Slice::Start, 9)
}

fn of_company(number: i64, name: &str, company: &str) -> serde_json::Value {
    let mut deal = deal(number, name, "Proposal", 5, None);
    deal["Account_Name"] = json!({"id": "700", "name": company});
    deal
}

#[test]
fn words_are_found_before_while_and_after_a_late_index_is_made() {
    let folder = tempfile::tempdir().expect("folder");
    let place = Place::File(folder.path().join("mirror.sqlite"));
    let mut mirror = Mirror::open(&place).expect("open");
    mirror.set_catalog(catalog(), now()).expect("catalog");
    mirror.delay_texts().expect("delay");
    put(
        &mut mirror,
        Module::Pipelines,
        &[of_company(3, "Quayside refit", "Harbour"), of_company(2, "Pier lamps", "Harbour")],
    );
    put(&mut mirror, Module::Pipelines, &[deal(1, "Quay wall", "Proposal", 5, None)]);
    assert_eq!(with(&mut mirror, "quay"), ["Quay wall", "Quayside refit"]);

    assert!(mirror.index_texts(2, now()).expect("piece"), "the third deal is left");
    drop(mirror);
    let mut mirror = Mirror::open(&place).expect("again");
    assert_eq!(with(&mut mirror, "quay"), ["Quay wall", "Quayside refit"]);
    // One of the two is indexed already, the other is not.
    put(&mut mirror, Module::Accounts, &[json!({"id": "700", "Account_Name": "Dockyard"})]);
    assert_eq!(with(&mut mirror, "dockyard"), ["Pier lamps", "Quayside refit"]);

    while mirror.index_texts(2, now()).expect("piece") {}
    assert_eq!(with(&mut mirror, "quay"), ["Quay wall", "Quayside refit"]);
    assert_eq!(with(&mut mirror, "dockyard"), ["Pier lamps", "Quayside refit"]);
    assert_eq!(with(&mut mirror, "harbour"), Vec::<String>::new());
    let list = ListSpec::Companies { text: "dock".into(), sort: CompanySort::Name, way: SortWay::Ascending };
    assert_eq!(names(&mut mirror, &list, &Slice::Start, 9), ["Dockyard"]);
}

#[test]
fn an_index_that_has_cards_is_not_delayed() {
    let mut mirror = mirror();
    put(&mut mirror, Module::Pipelines, &[deal(1, "Quay wall", "Proposal", 5, None)]);
    mirror.delay_texts().expect("delay");
    put(&mut mirror, Module::Pipelines, &[deal(2, "Quayside refit", "Proposal", 5, None)]);
    while mirror.index_texts(9, now()).expect("piece") {}
    assert_eq!(with(&mut mirror, "quay"), ["Quay wall", "Quayside refit"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What a query language would take for its own is text here.
    #[test]
    fn no_search_text_is_a_mistake(
        text in "(\\PC|[\"*^:(){}+\\-'%_\\\\\0\n ]|NEAR\\(|AND|OR|NOT|a\"b){0,12}",
        whole in any::<bool>(),
    ) {
        let mut mirror = mirror();
        put(&mut mirror, Module::Contacts, &[json!({"id": "9", "Last_Name": "Quay"})]);
        if !whole {
            mirror.delay_texts().expect("delay");
        }
        put(&mut mirror, Module::Pipelines, &[deal(1, "Quay wall", "Proposal", 5, None)]);
        for text in [&text, "a\0", "\"\0"] {
            prop_assert!(mirror.find(text, 9).is_ok(), "{text:?}");
        }
        with(&mut mirror, &text);
        let moment = mirror.moment(now());
        for list in [
            ListSpec::Contacts { text: text.clone(), sort: ContactSort::Name, way: SortWay::Ascending },
            ListSpec::Companies { text: text.clone(), sort: CompanySort::Name, way: SortWay::Ascending },
            ListSpec::Notes { text: text.clone() },
        ] {
            prop_assert!(mirror.window(&list, &Slice::Start, 9, &moment).is_ok(), "{text:?}");
        }
    }
}
