//! The one channel into the loop.

use crate::app::Msg;

/// Something from outside of the loop.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a word lives for one turn of the loop; a box for each costs more"
)]
pub enum Outside {
    /// For the model.
    Msg(Msg),
    /// The terminal took the last frame.
    Painted,
    /// The program must end with this signal's number; the terminal is still there.
    Ended(u8),
    /// The terminal is gone.
    HungUp,
    /// Stop, as job control asks.
    Suspend,
    /// The process goes on after a stop.
    Continued,
}
