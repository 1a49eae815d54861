//! The whole program in a real terminal: keys in, screen out.

mod account;
mod bounds;
mod console;
mod disk;
mod driver;
mod endings;
mod environment;
mod first;
mod hostile;
mod line;
mod proxy;
mod query;
mod story;
mod strain;
mod suspend;
mod switches;
mod typing;
mod undo;
