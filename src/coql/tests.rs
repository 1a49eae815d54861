use super::*;

mod analysis;
mod completion;
mod examples;
mod grammar;
mod plans;
mod refusals;
mod statements;
mod turns;
