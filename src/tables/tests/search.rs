use super::*;

/// How many deals the index finds.
fn found(f: &Fixture, query: &str) -> i64 {
    let sql = "SELECT count(*) FROM \"Pipelines$words\" WHERE \"Pipelines$words\" MATCH ?1";
    f.conn.query_row(sql, [query], |row| row.get(0)).expect(query)
}

fn searchable(names: &[&str]) -> Fixture {
    let f = Fixture::new();
    let put = |range: std::ops::Range<usize>| {
        for at in range {
            f.put("Pipelines", json!([{"id": (at + 1).to_string(), "Deal_Name": names[at]}]));
        }
    };
    put(0..names.len() / 2);
    ensure_search(&f.conn, f.schema("Pipelines"), &["Deal_Name", "Stage"]).expect("index");
    put(names.len() / 2..names.len());
    f
}

#[test]
fn words_are_found_without_case_and_accents_and_by_their_beginning() {
    let f = searchable(&["Quayside refit", "Sidecar", "Müller & Söhne", "100% a_b"]);
    assert_eq!(found(&f, "side*"), 1);
    assert_eq!(found(&f, "REFIT AND quay*"), 1);
    assert_eq!(found(&f, "muller AND sohn*"), 1);
}

#[test]
fn the_index_follows_every_write() {
    let f = searchable(&["Quayside refit", "Sidecar"]);
    f.put("Pipelines", json!([{"id": "1", "Deal_Name": "Harbour lights"}]));
    assert_eq!((found(&f, "quayside"), found(&f, "harbour")), (0, 1));
    delete(&f.conn, f.schema("Pipelines"), &["1", "2"]).expect("delete");
    assert_eq!(found(&f, "harbour") + found(&f, "sidecar"), 0);
}

#[test]
fn an_index_that_is_there_is_not_made_again_and_other_columns_replace_it() {
    let f = searchable(&["Quayside refit", "Sidecar"]);
    let ensure = |columns: &[&str]| {
        let before = f.conn.total_changes();
        ensure_search(&f.conn, f.schema("Pipelines"), columns).expect("index");
        f.conn.total_changes() - before
    };
    assert_eq!(ensure(&["Deal_Name", "Stage"]), 0);
    assert!(ensure(&["Deal_Name"]) > 0);
    assert_eq!(found(&f, "sidecar"), 1);
    assert!(ensure_search(&f.conn, f.schema("Pipelines"), &["Nowhere"]).is_err());
}
