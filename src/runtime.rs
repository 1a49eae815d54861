//! The event loop: terminal, input, effects, signals. Owns the clock.
//!
//! One thread runs the loop and owns the model. Others feed it through one channel: the input thread
//! (which also watches for the terminal's end), the signal thread, the writer (which owns the way out),
//! and the worker. The loop never blocks on the terminal or on the network.

mod crash;
mod effects;
mod event_loop;
mod inbox;
mod input;
mod painter;
mod signals;
mod terminal;
mod writer;

use inbox::Outside;

pub use event_loop::{Launch, Sink, StartWorker, run};

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The user left.
    Left,
    /// A signal or the end of the terminal; the number is the signal's.
    Signal(u8),
}

impl Exit {
    /// The exit status: 0, or 128 and the signal's number.
    #[must_use]
    pub const fn status(self) -> u8 {
        match self {
            Self::Left => 0,
            Self::Signal(number) => 128 + number,
        }
    }
}
