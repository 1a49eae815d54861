//! Record ids.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The id of a record: a decimal string of up to 20 digits, kept as text from end to end because it
/// exceeds what a JSON number holds exactly.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-records.html>
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(String);

/// The text is not a record id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a record id: ids are 1 to 20 decimal digits")]
pub struct InvalidId;

impl RecordId {
    /// The digits as they came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RecordId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let digits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if digits { Ok(Self(text)) } else { Err(InvalidId) }
    }
}

impl FromStr for RecordId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Self::try_from(text.to_owned())
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.0
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_beyond_double_precision_keep_every_digit() {
        for digits in ["9007199254740993", "6201840000000412007", "0042", "18446744073709551615"] {
            let json = format!("\"{digits}\"");
            let id: RecordId = serde_json::from_str(&json).expect(digits);
            assert_eq!(id.as_str(), digits);
            assert_eq!(serde_json::to_string(&id).expect(digits), json);
        }
    }

    #[test]
    fn what_is_not_digits_is_refused() {
        for text in ["", "-1", "12a", "1.0", " 1", "123456789012345678901", "../1", "١٢"] {
            assert_eq!(text.parse::<RecordId>(), Err(InvalidId), "{text:?}");
        }
    }
}
