//! The program without a terminal: model, messages, pure update, the action table.
//!
//! `update` is a function of the model and a message. It never waits, reads no clock and touches no file:
//! what must happen outside comes back as [`Effect`]s, which are plain data.

pub mod actions;
pub mod cells;
pub mod command;
pub mod current;
mod effect;
#[doc(hidden)]
pub mod fixture;
pub mod fuzzy;
pub mod geometry;
pub mod input;
pub mod keys;
mod list;
mod model;
mod msg;
pub mod overlay;
pub mod pane;
mod place;
pub mod update;

pub use effect::{CLIPBOARD, Effect};
pub use list::{List, Load, Marks, Walk};
pub use model::{Account, LiveFilter, Model, Notice, NoticeKind, Options, Panes, Prefix, Size};
pub use msg::Msg;
pub use place::{Place, Trail};
pub use update::update;
