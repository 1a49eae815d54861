//! What the screens look like, and that nothing on them gets out of its place.

mod console;
mod drawing;
mod laws;
mod overlays;
mod results;
mod views;
