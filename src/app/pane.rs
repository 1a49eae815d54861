//! What each pane holds, beside plain lists.

mod board;
mod coql;
mod credits;
mod pipelines;
mod record;

pub use board::{BoardPane, Column};
pub use coql::{
    CoqlFocus, CoqlPane, Earlier, Editor, Language, Popup, Prospect, Ran, Reading, Results, Run, RunProgress,
    Terms, Writing,
};
pub use credits::CreditsPane;
pub use pipelines::PipelinesPane;
pub use record::{RecordFocus, RecordPane};
