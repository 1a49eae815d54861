use super::*;

mod analysis;
mod examples;
mod grammar;
mod plans;
mod statements;
