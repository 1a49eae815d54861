//! The program without a terminal: model, messages, pure update, the action table.
