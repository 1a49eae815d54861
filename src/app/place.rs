//! Where the user is, and where they came from.

use crate::domain::{Link, Module};

/// What fills the screen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// Stages as columns.
    Board,
    /// Deals as a list.
    Deals,
    /// Contacts as a list.
    Contacts,
    /// Companies as a list.
    Companies,
    /// All notes.
    Notes,
    /// Team pipelines and their sub-pipelines with totals.
    Pipelines,
    /// The COQL console.
    Coql,
    /// Where API credits go.
    Credits,
    /// One record in full.
    Record(Link),
}

impl Place {
    /// One level up; none at a root.
    #[must_use]
    pub fn up(&self) -> Option<Self> {
        match self {
            Self::Record(link) => Some(match link.module {
                Module::Contacts => Self::Contacts,
                Module::Accounts => Self::Companies,
                Module::Notes => Self::Notes,
                _ => Self::Deals,
            }),
            _ => None,
        }
    }
}

/// The places of a session, like a browser's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// Where the user is.
    pub here: Place,
    /// Where they came from, oldest first; at most [`Trail::LENGTH`].
    pub back: Vec<Place>,
    /// Where going forward leads, nearest last.
    pub forward: Vec<Place>,
}

impl Trail {
    /// Places remembered.
    pub const LENGTH: usize = 100;

    /// A trail that begins at `here`.
    #[must_use]
    pub const fn new(here: Place) -> Self {
        Self { here, back: Vec::new(), forward: Vec::new() }
    }

    /// Goes to `place`. Going where one is changes nothing.
    pub fn go(&mut self, place: Place) {
        if place == self.here {
            return;
        }
        self.forward.clear();
        self.back.push(std::mem::replace(&mut self.here, place));
        if self.back.len() > Self::LENGTH {
            self.back.remove(0);
        }
    }

    /// Goes where the user came from; false at the beginning.
    pub fn back(&mut self) -> bool {
        let Some(place) = self.back.pop() else { return false };
        self.forward.push(std::mem::replace(&mut self.here, place));
        true
    }

    /// Takes back a step back; false at the end.
    pub fn forward(&mut self) -> bool {
        let Some(place) = self.forward.pop() else { return false };
        self.back.push(std::mem::replace(&mut self.here, place));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_and_forward_retraces_the_steps() {
        let mut trail = Trail::new(Place::Board);
        trail.go(Place::Contacts);
        trail.go(Place::Contacts);
        trail.go(Place::Notes);
        assert!(trail.back());
        assert_eq!(trail.here, Place::Contacts);
        assert!(trail.forward());
        assert_eq!(trail.here, Place::Notes);
        assert!(!trail.forward());
        assert!(trail.back() && trail.back() && !trail.back());
        assert_eq!(trail.here, Place::Board);
        trail.go(Place::Coql);
        assert!(!trail.forward(), "a new step ends the way forward");
    }
}
