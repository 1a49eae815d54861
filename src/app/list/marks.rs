//! Records that the user marked, to do something with all of them at once.

use std::collections::BTreeMap;

use crate::domain::{Link, RecordId};

/// Marked records. A mark is on a record, not on a row: it stays while lists are sorted, filtered and read anew.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks(BTreeMap<RecordId, Link>);

impl Marks {
    /// Records that can be marked at once.
    pub const MOST: usize = 1_000;

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is marked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a record is marked.
    #[must_use]
    pub fn contains(&self, id: &RecordId) -> bool {
        self.0.contains_key(id)
    }

    /// The marked records, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Link> {
        self.0.values()
    }

    /// Marks a record, or takes its mark away. False where there is no room for another one.
    pub fn toggle(&mut self, link: Link) -> bool {
        self.0.remove(&link.id).is_some() || self.add([link]) == 0
    }

    /// Marks records as far as there is room, and says how many found none.
    pub fn add(&mut self, links: impl IntoIterator<Item = Link>) -> usize {
        let mut left_out = 0;
        for link in links {
            if self.0.len() < Self::MOST || self.0.contains_key(&link.id) {
                self.0.insert(link.id.clone(), link);
            } else {
                left_out += 1;
            }
        }
        left_out
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::fixture,
        domain::{Module, SafeText},
    };

    fn link(n: u64) -> Link {
        Link { module: Module::Contacts, id: fixture::id(n), name: SafeText::new("Ana") }
    }

    #[test]
    fn a_second_press_takes_the_mark_away() {
        let mut marks = Marks::default();
        assert!(marks.toggle(link(1)) && marks.contains(&fixture::id(1)));
        assert!(marks.toggle(link(1)) && marks.is_empty());
    }

    #[test]
    fn marks_are_bounded_and_what_found_no_room_is_counted() {
        let mut marks = Marks::default();
        let many = Marks::MOST as u64;
        assert_eq!(marks.add((0..many + 3).map(link)), 3);
        assert_eq!(marks.len(), Marks::MOST);
        assert!(!marks.toggle(link(many + 1)));
        assert_eq!(marks.add([link(0)]), 0, "it is marked already");
    }
}
