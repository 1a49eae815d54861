use super::*;

mod examples;
mod grammar;
