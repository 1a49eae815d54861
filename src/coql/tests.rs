use super::*;

mod analysis;
mod examples;
mod grammar;
mod statements;
