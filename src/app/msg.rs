//! Everything that can happen to the program.

use crossterm::event::KeyEvent;

use crate::protocol::Event;

/// One message. Keys, palette, command line, tests and replay all enter here.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Many keys came at once.
    Keys(Vec<KeyEvent>),
    /// Text was pasted; never read as keys.
    Paste(String),
    /// The terminal has this size now.
    Resize {
        /// Columns.
        cols: u16,
        /// Rows.
        rows: u16,
    },
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// The worker said something.
    Worker(Event),
    /// The deadline that [`super::Model::next_due`] named has come.
    Due,
    /// `$EDITOR` ended; none if it failed and the text is unchanged.
    Edited(Option<String>),
    /// The runtime did something that the user should read, such as how a text was copied.
    Told(String),
    /// The program was asked to end from outside.
    Terminate,
}
