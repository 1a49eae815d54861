//! Which lists hang on a record of each module.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/related-list-meta.html>

use super::super::Id;

/// A related list of a module.
#[derive(Debug, Clone)]
pub struct RelatedList {
    /// Its id.
    pub id: Id,
    /// The word in the URL.
    pub api_name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// The module of its rows.
    pub module: &'static str,
    /// How its rows hang on the record.
    pub link: Link,
}

/// How the rows of a related list hang on their record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// A field of the row names the record.
    Field(&'static str),
    /// The row is another record's primary or secondary contact.
    DealContacts,
    /// The row and the record are linked, and can be linked and delinked.
    Links,
    /// The row is a product that stands on a line of the deal, or a deal that has a line of the product.
    Lines,
}

const fn list(
    api_name: &'static str,
    label: &'static str,
    module: &'static str,
    link: Link,
) -> (&'static str, &'static str, &'static str, Link) {
    (api_name, label, module, link)
}

type Row = (&'static str, &'static str, &'static str, Link);

const ATTACHED: [Row; 2] = [
    list("Notes", "Notes", "Notes", Link::Field("Parent_Id")),
    list("Attachments", "Attachments", "Attachments", Link::Field("Parent_Id")),
];

const fn activities(field: &'static str) -> [Row; 3] {
    [
        list("Tasks", "Tasks", "Tasks", Link::Field(field)),
        list("Events", "Events", "Events", Link::Field(field)),
        list("Calls", "Calls", "Calls", Link::Field(field)),
    ]
}

fn rows(module: &str) -> Vec<Row> {
    let own: Vec<Row> = match module {
        "Contacts" => {
            let mut own = vec![
                list("Pipelines", "Pipelines", "Pipelines", Link::DealContacts),
                list("Products", "Products", "Products", Link::Links),
            ];
            own.extend(activities("Contact_Name"));
            own
        }
        "Accounts" => {
            let mut own = vec![
                list("Contacts", "Contacts", "Contacts", Link::Field("Account_Name")),
                list("Pipelines", "Pipelines", "Pipelines", Link::Field("Account_Name")),
                list("Products", "Products", "Products", Link::Links),
            ];
            own.extend(activities("Related_To"));
            own
        }
        "Pipelines" => {
            let mut own = vec![
                list("Products", "Associated Products", "Products", Link::Lines),
                list("Contacts", "Contacts", "Contacts", Link::DealContacts),
            ];
            own.extend(activities("Related_To"));
            own
        }
        "Products" => vec![
            list("Pipelines", "Pipelines", "Pipelines", Link::Lines),
            list("Contacts", "Contacts", "Contacts", Link::Links),
            list("Accounts", "Companies", "Accounts", Link::Links),
        ],
        "Tasks" | "Events" | "Calls" => Vec::new(),
        _ => return Vec::new(),
    };
    ATTACHED.into_iter().chain(own).collect()
}

/// The lists of a module. `ids` gives the ids, one after the other.
pub(super) fn of(module: &str, ids: &mut impl FnMut() -> Id) -> Vec<RelatedList> {
    let row = |(api_name, label, module, link): Row| RelatedList { id: ids(), api_name, label, module, link };
    rows(module).into_iter().map(row).collect()
}
