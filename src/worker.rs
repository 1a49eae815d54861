//! The async fetch worker: receives requests, replaces by key, reports events.
