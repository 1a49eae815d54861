//! Messages in, model and effects out.

mod answers;
mod any;
mod board;
mod command;
mod console;
mod credits;
mod desk;
mod dialogs;
mod lists;
mod marked;
mod marks;
mod notes;
mod outbox;
mod records;
mod results;
mod start;
mod turns;
mod typing;
mod watch;
