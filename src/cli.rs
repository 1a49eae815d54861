//! The command line: composition root, one file per command.
