use proptest::prelude::*;

use super::*;

fn found(f: &Fixture, how: Match, text: &str) -> u64 {
    let filter = Filter::Text { how, columns: vec!["Deal_Name".to_owned()], text: text.to_owned() };
    f.reader().count("Pipelines", &filter).expect(text)
}

fn searchable(names: &[&str]) -> Fixture {
    let f = Fixture::new();
    let put = |range: std::ops::Range<usize>| {
        for at in range {
            f.put("Pipelines", json!([{"id": (at + 1).to_string(), "Deal_Name": names[at]}]));
        }
    };
    put(0..names.len() / 2);
    for how in [Match::Words, Match::Part] {
        ensure_search(&f.conn, f.schema("Pipelines"), how, &["Deal_Name", "Stage"]).expect("index");
    }
    put(names.len() / 2..names.len());
    f
}

#[test]
fn words_are_found_by_their_beginning_and_parts_anywhere() {
    let f = searchable(&["Quayside refit", "Sidecar", "Müller & Söhne", "100% a_b"]);
    assert_eq!(found(&f, Match::Words, "side"), 1);
    assert_eq!(found(&f, Match::Part, "side"), 2);
    assert_eq!(found(&f, Match::Words, "REFIT quay"), 1);
    assert_eq!(found(&f, Match::Words, "muller sohn"), 1);
    assert_eq!(found(&f, Match::Part, "R & S"), 1);
    assert_eq!(found(&f, Match::Part, "e r"), 1);
    assert_eq!(found(&f, Match::Part, "0%"), 1);
    assert_eq!(found(&f, Match::Part, "_"), 1);
    assert_eq!(found(&f, Match::Part, " "), 4);
}

#[test]
fn the_index_follows_every_write() {
    let f = searchable(&["Quayside refit", "Sidecar"]);
    f.put("Pipelines", json!([{"id": "1", "Deal_Name": "Harbour lights"}]));
    assert_eq!(found(&f, Match::Words, "quayside"), 0);
    assert_eq!(found(&f, Match::Part, "bour"), 1);
    delete(&f.conn, f.schema("Pipelines"), &["1", "2"]).expect("delete");
    assert_eq!(found(&f, Match::Words, "harbour") + found(&f, Match::Part, "idec"), 0);
}

#[test]
fn an_index_that_is_there_is_not_made_again_and_other_columns_replace_it() {
    let f = searchable(&["Quayside refit", "Sidecar"]);
    let ensure = |columns: &[&str]| {
        let before = f.conn.total_changes();
        ensure_search(&f.conn, f.schema("Pipelines"), Match::Words, columns).expect("index");
        f.conn.total_changes() - before
    };
    assert_eq!(ensure(&["Deal_Name", "Stage"]), 0);
    assert!(ensure(&["Deal_Name"]) > 0);
    assert_eq!(found(&f, Match::Words, "sidecar"), 1);
    assert!(ensure_search(&f.conn, f.schema("Pipelines"), Match::Words, &["Nowhere"]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_the_user_types_is_never_syntax(typed in "(\\PC|\0|[\"*(){}:^+-]| AND | NEAR\\(| NOT ){1,12}") {
        let f = searchable(&["x", &typed]);
        found(&f, Match::Words, &typed);
        prop_assert!(found(&f, Match::Part, &typed.replace('\0', " ")) >= u64::from(!typed.contains('\0')));
    }
}
