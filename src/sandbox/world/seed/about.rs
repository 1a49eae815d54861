//! Whom a note or an activity is about.

use super::{companies::Company, contacts::Contact, deals::Deal};

/// The records around a note or an activity, by their places in the lists that are seeded.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub deal: Option<usize>,
    pub company: Option<usize>,
    pub contact: Option<usize>,
    /// The seller.
    pub owner: usize,
}

impl About {
    /// A deal, with its company and its contact.
    pub fn deal(deals: &[Deal], place: usize) -> Self {
        let deal = &deals[place];
        let contact = deal.contact.map(|place| place as usize);
        Self { deal: Some(place), company: Some(deal.company as usize), contact, owner: deal.owner as usize }
    }

    /// A company, with its first contact.
    pub fn company(companies: &[Company], place: usize) -> Self {
        let company = &companies[place];
        let contact = company.contacts.first().copied();
        Self { deal: None, company: Some(place), contact, owner: company.owner }
    }

    /// A contact, with its company.
    pub fn contact(contacts: &[Contact], place: usize) -> Self {
        let contact = &contacts[place];
        Self { deal: None, company: contact.company, contact: Some(place), owner: contact.owner }
    }

    /// What a text calls the company and the person; `nobody` where no person is known.
    pub fn slots<'a>(
        &self,
        companies: &'a [Company],
        contacts: &[Contact],
        nobody: &'a str,
    ) -> [(&'static str, &'a str); 2] {
        let company = self.company.map_or("they", |place| companies[place].name.as_str());
        [("company", company), ("first", self.contact.map_or(nobody, |place| contacts[place].first_name))]
    }
}
