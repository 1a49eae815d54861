//! The whole program in a real terminal: keys in, screen out.

mod driver;
mod endings;
mod query;
mod story;
