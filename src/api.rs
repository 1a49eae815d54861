//! Typed client of the Bigin REST API v2: one endpoint table, tokens, limits, retries, typed errors.
