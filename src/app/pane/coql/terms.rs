//! How statements are run.

use std::collections::BTreeMap;

use crate::{
    coql::{Mode, RunOn},
    protocol::{Guard, Question},
};

/// What holds for every run until the user changes it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// Where statements run.
    pub run_on: RunOn,
    /// Which language they are held to.
    pub mode: Mode,
    /// What is fetched at most before the user is asked.
    pub guard: Guard,
    /// Values that were given to `:name` parameters.
    pub parameters: BTreeMap<String, Vec<String>>,
}

impl Terms {
    /// The question that a statement is under these terms.
    #[must_use]
    pub fn question(&self, text: String) -> Question {
        let Self { run_on, mode, guard, parameters } = self.clone();
        Question { text, mode, run_on, parameters, matching: None, guard }
    }
}
