use serde_json::json;

use super::{
    analysis::{context, org},
    *,
};

/// The statement of a text with the columns of its answer.
fn asked(text: &str) -> (Statement, Vec<LocalColumn>) {
    let statement = analyse(text, &org(), Mode::Wide, &context()).statements.remove(0).statement;
    let columns = plan(&statement, &org(), &context(), &Means::default()).expect(text).local.columns;
    (statement, columns)
}

#[test]
fn a_cell_leads_to_rows_like_it_or_unlike_it() {
    let (statement, columns) = asked(
        "select Deal_Name, Amount, Owner, Pipeline from Deals where Stage = 'Won' or Amount > 5 limit 9",
    );
    let filtered = |column, value, keep| {
        statement.filtered(&columns, column, &value, keep).map(|statement| statement.to_string())
    };
    let before =
        "select Deal_Name, Amount, Owner, Pipeline from Deals where (Stage = 'Won' or Amount > 5) and";
    for (column, value, keep, test) in [
        (0, json!("O'Neil"), true, r"Deal_Name = 'O\'Neil'"),
        (1, json!(19.5), false, "Amount != 19.5"),
        (1, json!(null), true, "Amount is null"),
        (1, json!(null), false, "Amount is not null"),
        (2, json!({"id": "77", "name": "Mira Solt"}), true, "Owner = '77'"),
        (3, json!({"id": "390077", "name": "Direct Sales"}), true, "Pipeline = 'Direct Sales'"),
    ] {
        assert_eq!(filtered(column, value, keep), Some(format!("{before} {test} limit 9")));
    }
    assert_eq!(filtered(4, json!(1), true), None);
    let (grouped, columns) = asked("select Stage, count(*) from Deals group by Stage");
    let most = grouped.filtered(&columns, 1, &json!(3), true).map(|statement| statement.to_string());
    assert_eq!(most.as_deref(), Some("select Stage, count(*) from Deals group by Stage having count(*) = 3"));
    let (all, columns) = asked("select * from Deals");
    let at = columns.iter().position(|column| column.name == "Stage").expect("a column");
    let one = all.filtered(&columns, at, &json!("Won"), true).map(|statement| statement.to_string());
    assert_eq!(one.as_deref(), Some("select * from Deals where Stage = 'Won'"));
}

#[test]
fn a_group_leads_to_its_rows_and_a_column_to_its_figures() {
    let (statement, columns) = asked(
        "select Stage, month(Closing_Date) as m, sum(Amount) from Deals where Owner = $me group by Stage, m having sum(Amount) > 5 limit 3",
    );
    let row = [json!("Won"), json!("2026-05"), json!(12)];
    let drilled = statement.drilled(&columns, &row, &["Deal_Name"]).map(|statement| statement.to_string());
    assert_eq!(
        drilled.as_deref(),
        Some(
            "select Deal_Name, Stage, Amount from Deals where Owner = $me and Stage = 'Won' and month(Closing_Date) = '2026-05'"
        )
    );
    let (rows, columns) =
        asked("select Deal_Name, Amount, Stage from Deals where Amount > 5 order by Amount");
    assert_eq!(rows.drilled(&columns, &[], &[]), None);
    let shown =
        |statement: Option<Statement>| statement.map(|statement| statement.to_string()).unwrap_or_default();
    assert_eq!(
        shown(rows.frequency(&columns, 2)),
        "select Stage, count(*) as n from Deals where Amount > 5 group by Stage order by count(*) desc"
    );
    assert_eq!(
        shown(rows.totals(&columns, 1)),
        "select count(Amount) as count, sum(Amount) as sum, avg(Amount) as avg, min(Amount) as min, max(Amount) as max \
         from Deals where Amount > 5"
    );
    assert_eq!(
        shown(rows.sorted(&columns, 2, Direction::Descending)),
        "select Deal_Name, Amount, Stage from Deals where Amount > 5 order by Stage desc, Amount"
    );
    for statement in [
        rows.frequency(&columns, 0),
        rows.totals(&columns, 0),
        rows.sorted(&columns, 1, Direction::Ascending),
    ] {
        asked(&shown(statement));
    }
}
