//! What must happen outside of the model.

use crate::protocol::{Job, JobKey};

/// The most that is put on a clipboard, bytes; terminals drop longer sequences.
pub const CLIPBOARD: usize = 100_000;

/// Something for the runtime to do. Plain data: printable and comparable.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Hand a job to the worker.
    Ask(Job),
    /// Drop a running job.
    Cancel(JobKey),
    /// Put text on the clipboard.
    Copy(String),
    /// The same, with words of what it is, to be said with how it went.
    CopyOf(String, String),
    /// Open a link in a browser; over SSH it is shown and copied instead.
    Open(String),
    /// Edit the text of the open editor in `$EDITOR`.
    Edit(String),
    /// Give the terminal back and stop until the shell continues us.
    Suspend,
    /// Paint every cell again.
    Redraw,
    /// Leave.
    Quit,
}
