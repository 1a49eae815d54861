//! How the rows of a related list are found, linked and delinked.

use axum::http::StatusCode;
use serde_json::json;

use super::List;
use crate::sandbox::{
    Reply,
    world::{Author, Id, Record, World, filter::Clause, metadata::Link},
};

impl List<'_> {
    /// The condition for the rows of the list, over the table `t`.
    pub(super) fn clause(&self) -> Clause {
        let mut clause = Clause::default();
        let id = self.id.to_string();
        let from_deal = self.parent.api_name == "Pipelines";
        match self.list.link {
            Link::Field(field) => {
                clause.bind(&format!("t.\"{field}\" = ?"), id);
                if field != "Contact_Name" && self.rows.has_parent() {
                    clause.bind(" AND t.\"$se_module\" = ?", self.parent.api_name.to_owned());
                }
            }
            Link::DealContacts if from_deal => {
                clause.bind("(t.id = (SELECT Contact_Name FROM Pipelines WHERE \"$row\" = ?", self.id.raw());
                clause.bind(
                    ") OR t.id IN (SELECT value FROM Pipelines, json_each(Secondary_Contacts) WHERE \"$row\" = ?",
                    self.id.raw(),
                );
                clause.push("))");
            }
            Link::DealContacts => {
                clause.bind("(t.Contact_Name = ?", id.clone());
                clause.bind(" OR instr(t.Secondary_Contacts, ?))", format!("\"{id}\""));
            }
            Link::Links if self.parent.api_name == "Products" => {
                clause.bind("t.\"$row\" IN (SELECT row FROM \"$links\" WHERE product = ?", self.id.raw());
                clause.bind(" AND module = ?)", self.rows.api_name.to_owned());
            }
            Link::Links => {
                clause.bind(
                    "t.\"$row\" IN (SELECT product FROM \"$links\" WHERE module = ?",
                    self.parent.api_name.to_owned(),
                );
                clause.bind(" AND row = ?)", self.id.raw());
            }
            Link::Lines => {
                let (shown, known) =
                    if from_deal { ("Product", "Parent_Id") } else { ("Parent_Id", "Product") };
                clause.bind(
                    &format!("t.id IN (SELECT {shown} FROM Associated_Products WHERE {known} = ?)"),
                    id,
                );
            }
        }
        clause
    }

    /// Whether records can be linked here; fields that point to a record are written with that record.
    pub(super) fn linkable(&self) -> Result<(), Reply> {
        if matches!(self.list.link, Link::Field(_)) {
            let message = "the relation does not support linking";
            let details = json!({ "resource_path_index": 2 });
            return Err(Reply::error(StatusCode::BAD_REQUEST, "NOT_SUPPORTED", message, details));
        }
        Ok(())
    }

    /// Links a record, and says whether it was not linked before.
    pub(super) fn link(
        &self,
        world: &mut World,
        related: Id,
        item: &Record,
        author: &Author,
    ) -> rusqlite::Result<bool> {
        let (ours, theirs) = (self.id, related);
        match self.list.link {
            Link::Links => {
                let (product, module, row) = self.ends(related);
                world.link(product, module, row)
            }
            Link::Lines => {
                let (deal, product) =
                    if self.parent.api_name == "Pipelines" { (ours, theirs) } else { (theirs, ours) };
                world.link_line(deal, product, item, author)
            }
            Link::DealContacts => {
                let (deal, contact) =
                    if self.parent.api_name == "Pipelines" { (ours, theirs) } else { (theirs, ours) };
                world.link_contact(deal, contact)
            }
            Link::Field(_) => Ok(false),
        }
    }

    /// Removes a link, and says whether there was one.
    pub(super) fn delink(&self, world: &mut World, related: Id) -> rusqlite::Result<bool> {
        let (ours, theirs) = (self.id, related);
        match self.list.link {
            Link::Links => {
                let (product, module, row) = self.ends(related);
                world.delink(product, module, row)
            }
            Link::Lines => {
                let (deal, product) =
                    if self.parent.api_name == "Pipelines" { (ours, theirs) } else { (theirs, ours) };
                world.delink_line(deal, product)
            }
            Link::DealContacts => {
                let (deal, contact) =
                    if self.parent.api_name == "Pipelines" { (ours, theirs) } else { (theirs, ours) };
                world.delink_contact(deal, contact)
            }
            Link::Field(_) => Ok(false),
        }
    }

    /// The product, and the module and id of the other end.
    fn ends(&self, related: Id) -> (Id, &'static str, Id) {
        if self.parent.api_name == "Products" {
            (self.id, self.rows.api_name, related)
        } else {
            (related, self.parent.api_name, self.id)
        }
    }
}
