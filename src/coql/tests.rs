use super::*;

mod analysis;
mod completion;
mod examples;
mod grammar;
mod statements;
