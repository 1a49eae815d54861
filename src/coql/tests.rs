use super::*;

mod grammar;
