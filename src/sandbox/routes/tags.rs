//! Tags: those of the organisation, and those of records.

pub mod records;
pub mod settings;

use crate::sandbox::world::TAG_LENGTH;

/// Why a name is none that a tag can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Long,
    Forbidden,
}

/// Names are short and without what lists are separated by.
fn check(name: &str) -> Result<&str, Name> {
    let name = name.trim();
    if name.chars().count() > TAG_LENGTH as usize {
        return Err(Name::Long);
    }
    let forbidden = |c: char| c.is_control() || c == ',';
    if name.is_empty() || name.contains(forbidden) { Err(Name::Forbidden) } else { Ok(name) }
}
