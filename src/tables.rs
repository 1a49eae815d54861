//! Module schemas as SQLite tables, and COQL on them.
