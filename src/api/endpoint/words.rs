//! The nouns of modules in the sentences of the table.

use crate::domain::Module;

pub(super) fn fill(phrase: &str, module: Option<Module>) -> String {
    let (one, many) = nouns(module);
    phrase.replace("{one}", one).replace("{many}", many)
}

const fn nouns(module: Option<Module>) -> (&'static str, &'static str) {
    match module {
        None => ("a record", "records"),
        Some(Module::Pipelines) => ("a deal", "deals"),
        Some(Module::Contacts) => ("a contact", "contacts"),
        Some(Module::Accounts) => ("a company", "companies"),
        Some(Module::Products) => ("a product", "products"),
        Some(Module::Tasks) => ("a task", "tasks"),
        Some(Module::Events) => ("an event", "events"),
        Some(Module::Calls) => ("a call", "calls"),
        Some(Module::Notes) => ("a note", "notes"),
    }
}
