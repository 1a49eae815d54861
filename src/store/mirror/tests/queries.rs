use serde_json::json;

use super::{catalog, deal, mirror, now, put};
use crate::{
    coql::{self, Context, Means, Mode, RunOn},
    domain::{Module, Schemas},
};

#[test]
fn a_statement_is_computed_over_the_mirror_with_names() {
    let mut mirror = mirror();
    let deals = [
        deal(1, "Refit", "Proposal", 5, Some("2026-05-31")),
        deal(2, "Lamps", "Proposal", 7, None),
        deal(3, "Chairs", "Closed Won", 9, None),
    ];
    put(&mut mirror, Module::Pipelines, &deals);
    assert_eq!(mirror.age(Module::Pipelines, now()).expect("a mark"), None);
    mirror.set_mark(("synced", &now().to_string())).expect("a mark");
    assert_eq!(mirror.age(Module::Pipelines, now()).expect("a mark"), Some(0));
    assert_eq!(mirror.age(Module::Products, now()).expect("a mark"), None);

    let catalog = catalog();
    let schemas: Schemas = catalog.schemas.iter().cloned().collect();
    let context = Context::of(&catalog, now());
    let means = Means { run_on: RunOn::Auto, mirror_age: Some(0), ..Means::default() };
    let answer = |text: &str| {
        let statement = coql::analyse(text, &schemas, Mode::Wide, &context).statements.remove(0).statement;
        let plan = coql::plan(&statement, &schemas, &context, &means).expect(text);
        assert!(plan.on_mirror());
        let sheet = mirror.compute(&plan.local).expect(text);
        sheet.rows.into_iter().map(|row| (row.id, row.values)).collect::<Vec<_>>()
    };
    let mira = json!({"name": "Mira Solt", "id": "900"});
    assert_eq!(
        answer("select Owner, count(*), sum(Amount) from Deals where Stage = $open group by Owner"),
        [(None, vec![mira, json!(2), json!(12)])]
    );
    assert_eq!(
        answer(
            "select Deal_Name from Deals where Pipeline = 'sales' and Closing_Date is null order by Amount desc limit 1"
        ),
        [(Some("3".to_owned()), vec![json!("Chairs")])]
    );
}
