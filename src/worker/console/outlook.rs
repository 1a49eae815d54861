//! What the mirror knows of a statement before it is run.

use super::{Console, reading::read};
use crate::{
    coql::{self, Expr, Item, Means, RunOn, Statement},
    protocol::{Event, Generation, Outlook, Question},
    store::{Mirror, Store},
};

impl Console {
    /// Counts in the mirror what a statement asks for. One that cannot be read has no outlook.
    pub(super) async fn outlook(&self, generation: Generation, question: Question) {
        let clock = self.clock.clone();
        let outlook = self.desk.read(move |store| outlook(store, &question, clock.now())).await;
        (self.report)(Event::CoqlOutlook { generation, outlook });
    }
}

fn outlook(store: &Store, question: &Question, now: jiff::Timestamp) -> Outlook {
    let mirror = &store.mirror;
    let Some(catalog) = mirror.catalog() else { return Outlook::default() };
    let Ok(read) = read(question, &catalog, now, 0) else { return Outlook::default() };
    let statement = &read.analysed.statement;
    let module = statement.module.as_ref().and_then(|name| coql::module_named(name));
    let mirror_age = module.and_then(|module| mirror.age(module, now).ok().flatten());
    let matching = mirror_age.and_then(|age| {
        let means = Means { run_on: RunOn::Mirror, mirror_age: Some(age), ..Means::default() };
        let plan = coql::plan(&counted(statement), &read.schemas, &read.context, &means).ok()?;
        count(mirror, &plan)
    });
    Outlook { mirror_age, matching }
}

/// The statement that counts what `statement` reads.
fn counted(statement: &Statement) -> Statement {
    let call = Expr::Call { name: "count".to_owned(), distinct: false, arguments: Vec::new() };
    Statement {
        items: vec![Item::One { node: call.at(0..0), alias: None }],
        module: statement.module.clone(),
        condition: statement.condition.clone(),
        ..Statement::default()
    }
}

fn count(mirror: &Mirror, plan: &coql::Plan) -> Option<u64> {
    let sheet = mirror.compute(&plan.local).ok()?;
    sheet.rows.first()?.values.first()?.as_u64()
}
