//! What can go wrong between records and tables.

/// A table could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused.
    #[error("the local database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A statement that would take for ever.
    #[error("the statement takes too long; narrow it with a condition")]
    TooLong,
    /// A statement that was asked to stop.
    #[error("the statement was stopped")]
    Stopped,
    /// A record without an `id`.
    #[error("a record of {module} came without an id")]
    NoId {
        /// API name of the module.
        module: String,
    },
    /// An `id` that is not a whole number of up to 19 digits.
    #[error("{id:?} is not the id of a record of {module}")]
    BadId {
        /// API name of the module.
        module: String,
        /// What stood there.
        id: String,
    },
    /// A module without a schema.
    #[error("the module {0} is not known")]
    NoModule(String),
    /// A field that the schema does not have.
    #[error("{module} has no field {field}")]
    NoField {
        /// API name of the module.
        module: String,
        /// The name that was asked for.
        field: String,
    },
}
