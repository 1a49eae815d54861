//! The console: a text, what is said of it, what running it would cost, how its run goes, and the answer.

mod editor;
mod popup;
mod prospect;
mod reading;
mod results;
mod run;
mod terms;
mod writing;

pub use editor::Editor;
pub use popup::Popup;
pub use prospect::Prospect;
pub use reading::{Language, Reading};
pub use results::{Earlier, Results};
pub use run::{Ran, Run, RunProgress};
pub use terms::Terms;
pub use writing::Writing;

use crate::coql::Fix;

/// The console, part by part.
#[derive(Debug, Clone, Default)]
pub struct CoqlPane {
    /// Which part has the keys.
    pub focus: CoqlFocus,
    /// The text.
    pub editor: Editor,
    /// What is said of the text.
    pub reading: Reading,
    /// What could be written at the cursor, while the list of it is open.
    pub popup: Option<Popup>,
    /// How statements are run.
    pub terms: Terms,
    /// What running the statement under the cursor would take.
    pub prospect: Prospect,
    /// The last run.
    pub run: Run,
    /// The last answer.
    pub results: Results,
    /// The file that it is being written to.
    pub writing: Option<Writing>,
}

impl CoqlPane {
    /// What puts right what is said of the place under the cursor, or else what the last run failed on.
    #[must_use]
    pub fn fix(&self) -> Option<Fix> {
        let said = self.reading.said(self.editor.cursor()).and_then(|said| said.fix.clone());
        said.or_else(|| self.run.fix(&self.reading.text))
    }
}

/// Which part of the console has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CoqlFocus {
    /// Typing a query.
    #[default]
    Editor,
    /// Walking over the rows.
    Result,
}
