//! Statements that the mirror answers.

use std::time::Instant;

use super::{Console, DOING, answer::Shown, reading::Read, running::elapsed};
use crate::{
    coql::{Local, Plan},
    protocol::{Answer, Event, Failure, Generation, QuerySource, Question, Standing},
    sync::failure,
};

/// Rows of the mirror that are held at once: they cost nothing but memory.
const MOST_ROWS: usize = 100_000;

impl Console {
    /// Computes an answer over the mirror, which is `age` seconds old.
    pub(super) async fn on_mirror(
        &self,
        generation: Generation,
        question: &Question,
        read: &Read,
        plan: &Plan,
        age: u64,
        begun: Instant,
    ) -> Result<(), Failure> {
        let local = at_most(&plan.local, MOST_ROWS + 1);
        // An answer over many records takes a while, and must not hold up what a key asks for.
        let sheet = self.desk.look(move |store, way| store.mirror.look(&local, way).transpose()).await;
        let mut sheet = sheet.map_err(|error| failure::of_store(DOING, &error, ""))?;
        let more = sheet.rows.len() > MOST_ROWS;
        sheet.rows.truncate(MOST_ROWS);
        let shown = Shown::new(generation, read, (&plan.module, &plan.local.columns), sheet);
        let answer = Answer {
            id: generation,
            columns: shown.columns.clone(),
            total: shown.total(),
            source: QuerySource::Mirror(age),
            standing: if more { Standing::More } else { Standing::Complete },
            fetched: 0,
            expected: None,
            grouped: read.analysed.statement.is_grouped(),
            credits: 0,
            elapsed_ms: elapsed(begun),
            filtered_here: Vec::new(),
        };
        self.show(shown);
        self.remember(&question.text, &answer);
        (self.report)(Event::Coql { generation, result: Ok(Box::new(answer)) });
        Ok(())
    }
}

/// The same, with so many rows at most.
fn at_most(local: &Local, rows: usize) -> Local {
    Local { sql: format!("SELECT * FROM ({}) LIMIT {rows}", local.sql), ..local.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        coql::{self, Context, Means, Mode, RunOn},
        domain::{Field, FieldKind, Schema, Schemas},
        tables,
    };

    #[test]
    fn the_first_rows_in_the_order_of_the_statement_are_held() {
        let deals = Schema {
            module: "Pipelines".to_owned(),
            fields: vec![Field::plain("Amount", FieldKind::Currency)],
        };
        let schemas: Schemas = [deals.clone()].into_iter().collect();
        let conn = rusqlite::Connection::open_in_memory().expect("a database");
        tables::migrate(&conn, &deals).expect("a table");
        conn.execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
             INSERT INTO \"Pipelines\" (\"$row\", \"id\", \"Amount\") SELECT i, i, (i * 37) % 50 FROM n",
        )
        .expect("rows");
        let context = Context::new(jiff::Timestamp::UNIX_EPOCH, jiff::tz::TimeZone::UTC);
        let text = "select Amount from Deals where Amount >= 10 order by Amount desc";
        let analysis = coql::analyse(text, &schemas, Mode::Wide, &context);
        let means = Means { run_on: RunOn::Mirror, mirror_age: Some(0), ..Means::default() };
        let plan = coql::plan(&analysis.statements[0].statement, &schemas, &context, &means).expect("a plan");
        let sheet = tables::compute(&conn, &at_most(&plan.local, 3), &context.zone).expect("rows");
        let amounts: Vec<_> = sheet.rows.iter().map(|row| row.values[0].as_i64()).collect();
        assert_eq!(amounts, [Some(49), Some(48), Some(47)]);
        assert_eq!(sheet.rows[0].id.as_deref(), Some("27"));
    }
}
