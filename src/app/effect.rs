//! What must happen outside of the model.

use crate::protocol::{Job, JobKey};

/// Something for the runtime to do. Plain data: printable and comparable.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Hand a job to the worker.
    Ask(Job),
    /// Drop a running job.
    Cancel(JobKey),
    /// Put text on the clipboard.
    Copy(String),
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
