//! The fields of the seeded organisation, module by module: the standard ones with the service's lengths
//! and rules, and custom ones of every data type.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/field-meta.html>

mod activities;
mod attached;
mod companies;
mod contacts;
mod deals;
mod products;

use super::spec::{ATTACHED, OWNED, Spec};

/// The fields of the module with this API name, in the org's order.
pub(super) fn of(module: &str) -> Vec<Spec> {
    let (own, tail) = match module {
        "Pipelines" => (deals::FIELDS, OWNED),
        "Contacts" => (contacts::FIELDS, OWNED),
        "Accounts" => (companies::FIELDS, OWNED),
        "Products" => (products::FIELDS, OWNED),
        "Tasks" => (activities::TASKS, OWNED),
        "Events" => (activities::EVENTS, OWNED),
        "Calls" => (activities::CALLS, OWNED),
        "Notes" => (attached::NOTES, ATTACHED),
        "Attachments" => (attached::ATTACHMENTS, ATTACHED),
        "Associated_Products" => (attached::LINES, ATTACHED),
        _ => (&[] as &[Spec], &[] as &[Spec]),
    };
    own.iter().chain(tail).copied().collect()
}
