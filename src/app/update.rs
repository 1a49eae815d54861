//! The pure heart: a model and a message make a model and effects.

pub mod step;
