//! Names of profiles.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The name of a profile: one account with its own cache and outbox. It names a folder, so it holds letters,
/// digits, `-` and `_` only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Profile(String);

/// The text cannot name a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a profile's name has 1 to 32 letters, digits, `-` or `_`")]
pub struct InvalidProfile;

impl Profile {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl TryFrom<String> for Profile {
    type Error = InvalidProfile;

    fn try_from(name: String) -> Result<Self, InvalidProfile> {
        let fits = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if fits { Ok(Self(name)) } else { Err(InvalidProfile) }
    }
}

impl FromStr for Profile {
    type Err = InvalidProfile;

    fn from_str(name: &str) -> Result<Self, InvalidProfile> {
        Self::try_from(name.to_owned())
    }
}

impl From<Profile> for String {
    fn from(profile: Profile) -> Self {
        profile.0
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_folder() {
        for name in ["default", "acme-EU_2"] {
            assert!(name.parse::<Profile>().is_ok(), "{name}");
        }
        let long = "x".repeat(33);
        for name in ["", ".", "..", "a/b", "a b", "é", "-\n", long.as_str()] {
            assert!(name.parse::<Profile>().is_err(), "{name}");
        }
    }
}
