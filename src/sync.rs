//! Keeps the mirror true.
