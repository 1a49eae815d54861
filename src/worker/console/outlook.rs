//! What the mirror knows of a statement before it is run.

use super::{Console, reading::read};
use crate::{
    coql::{self, Expr, Item, Means, RunOn, Statement},
    protocol::{Event, Generation, Outlook, Question},
    store::{Store, Way},
};

impl Console {
    /// Counts in the mirror what a statement asks for. One that cannot be read has no outlook.
    pub(super) async fn outlook(&self, generation: Generation, question: Question) {
        let clock = self.clock.clone();
        let outlook = self.desk.look(move |store, way| outlook(store, &question, clock.now(), way)).await;
        (self.report)(Event::CoqlOutlook { generation, outlook });
    }
}

/// None where it gave way.
fn outlook(store: &Store, question: &Question, now: jiff::Timestamp, way: Way) -> Option<Outlook> {
    let mirror = &store.mirror;
    let Some(catalog) = mirror.catalog() else { return Some(Outlook::default()) };
    let Ok(read) = read(question, &catalog, now, 0) else { return Some(Outlook::default()) };
    let statement = &read.analysed.statement;
    let module = statement.module.as_ref().and_then(|name| coql::module_named(name));
    let mirror_age = module.and_then(|module| mirror.age(module, now).ok().flatten());
    let plan = mirror_age.and_then(|age| {
        let means = Means { run_on: RunOn::Mirror, mirror_age: Some(age), ..Means::default() };
        coql::plan(&counted(statement), &read.schemas, &read.context, &means).ok()
    });
    let Some(plan) = plan else { return Some(Outlook { mirror_age, matching: None }) };
    let sheet = mirror.look(&plan.local, way).transpose()?;
    let first = sheet.ok().and_then(|sheet| sheet.rows.into_iter().next());
    let matching = first.and_then(|row| row.values.first()?.as_u64());
    Some(Outlook { mirror_age, matching })
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
