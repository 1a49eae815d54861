//! Statements that an answer leads to.

use super::{Console, answer::Shown, change::Changes};
use crate::{
    coql::{Statement, module_named},
    domain::Module,
    protocol::{AnswerView, Event, Failure, Generation, Turn},
    sync::failure,
};

impl Console {
    /// Makes a statement of an answer and a place in it.
    pub(super) async fn turn(&self, generation: Generation, view: AnswerView, turn: Turn) {
        let statement = match self.kept(view.answer) {
            Some(shown) => next(&shown, &self.changes(&shown).await, view, turn),
            None => Err("the answer is not in hand any more"),
        };
        let result = statement.map(|statement| statement.to_string());
        let result = result.map_err(failed);
        (self.report)(Event::CoqlTurned { generation, result });
    }
}

fn failed(what: &str) -> Failure {
    failure::plain("go on from the answer", what, "")
}

fn next(shown: &Shown, changes: &Changes, view: AnswerView, turn: Turn) -> Result<Statement, &'static str> {
    let (statement, columns) = (&shown.statement, &shown.local);
    let row = |row: u64| shown.values(view.order, changes, row).ok_or("the row is not there any more");
    match turn {
        Turn::Like { row: at, column, keep } => {
            let row = row(at)?;
            let value = row.get(column).ok_or("there is no such column")?;
            statement.filtered(columns, column, value, keep).ok_or("this column cannot be filtered by")
        }
        Turn::Behind { row: at } => {
            let name = statement.module.as_ref().and_then(|name| module_named(name));
            let shows = shown_of(name);
            statement
                .drilled(columns, &row(at)?, &shows)
                .ok_or("this row stands for one record, not for a group")
        }
        Turn::Frequency { column } => {
            statement.frequency(columns, column).ok_or("this column is a figure of groups already")
        }
        Turn::Totals { column } => {
            statement.totals(columns, column).ok_or("this column is a figure of groups already")
        }
    }
}

/// Fields that tell records of a module apart.
fn shown_of(module: Option<Module>) -> Vec<&'static str> {
    match module {
        Some(Module::Pipelines) => {
            vec!["Deal_Name", "Stage", "Amount", "Closing_Date", "Account_Name", "Owner"]
        }
        Some(Module::Contacts) => vec!["Full_Name", "Email", "Phone", "Account_Name"],
        Some(Module::Accounts) => vec!["Account_Name", "Phone", "Website"],
        Some(Module::Tasks) => vec!["Subject", "Due_Date", "Status", "Owner"],
        Some(module) => vec![module.name_field()],
        None => vec!["id"],
    }
}
