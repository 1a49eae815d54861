//! The only words that the app and the worker share.
