//! Who works in the organisation: roles, profiles and users.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::{Id, Prefix};

/// A role.
///
/// <https://bigin.com/developer/docs/apis/get-roles.html>
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// Ending of its id.
    pub ending: i64,
    /// What people call it.
    pub name: &'static str,
    /// What it is for.
    pub description: Option<&'static str>,
    /// Whether people of the role see each other's records.
    pub share_with_peers: bool,
    /// Ending of the id of the role above.
    pub reports_to: Option<i64>,
}

/// The roles, the highest first.
pub const ROLES: [Role; 5] = [
    Role {
        ending: 26_005,
        name: "CEO",
        description: Some("Sees everything"),
        share_with_peers: true,
        reports_to: None,
    },
    Role {
        ending: 26_008,
        name: "Sales Director",
        description: None,
        share_with_peers: true,
        reports_to: Some(26_005),
    },
    Role {
        ending: 26_020,
        name: "Account Executive",
        description: None,
        share_with_peers: false,
        reports_to: Some(26_008),
    },
    Role {
        ending: 26_023,
        name: "Service Manager",
        description: None,
        share_with_peers: false,
        reports_to: Some(26_005),
    },
    Role {
        ending: 26_026,
        name: "Partner Manager",
        description: None,
        share_with_peers: false,
        reports_to: Some(26_008),
    },
];

/// A profile: what its users may do.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-profiles.html>
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Ending of its id.
    pub ending: i64,
    /// What people call it.
    pub name: &'static str,
    /// What it allows, in words.
    pub description: &'static str,
    /// Made by the organisation.
    pub custom: bool,
    /// Verbs of the permissions that are switched on for every module: `View`, `Create`, `Edit`, `Delete`.
    pub verbs: &'static [&'static str],
}

/// The profiles, the administrators' first.
pub static PROFILES: [Profile; 3] = [
    Profile {
        ending: 26_011,
        name: "Administrator",
        description: "Full access",
        custom: false,
        verbs: &["View", "Create", "Edit", "Delete"],
    },
    Profile {
        ending: 26_014,
        name: "Standard",
        description: "All modules, no settings",
        custom: false,
        verbs: &["View", "Create", "Edit", "Delete"],
    },
    Profile {
        ending: 26_017,
        name: "Field Service",
        description: "Reads all, edits activities",
        custom: true,
        verbs: &["View", "Edit"],
    },
];

/// Whether a user may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// May.
    Active,
    /// Switched off.
    Inactive,
    /// Gone; still named by records.
    Deleted,
}

/// A user.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-users.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    #[serde(with = "raw")]
    pub id: Id,
    /// The id in the accounts server.
    pub zuid: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Address, unique.
    pub email: String,
    /// Phone number.
    pub phone: Option<String>,
    /// Mobile number.
    pub mobile: Option<String>,
    /// Id of the role.
    #[serde(with = "raw")]
    pub role: Id,
    /// Id of the profile.
    #[serde(with = "raw")]
    pub profile: Id,
    /// Whether the user may sign in.
    pub status: Status,
    /// Whether the invitation was accepted.
    pub confirmed: bool,
    /// Who added the user.
    #[serde(with = "raw")]
    pub created_by: Id,
    /// When, in Unix seconds.
    pub created: i64,
    /// Who changed the user last.
    #[serde(with = "raw")]
    pub modified_by: Id,
    /// When, in Unix seconds.
    pub modified: i64,
}

impl User {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether the profile is the administrators'.
    #[must_use]
    pub fn is_administrator(&self, prefix: Prefix) -> bool {
        self.profile == prefix.id(PROFILES[0].ending)
    }

    /// What the user may do.
    #[must_use]
    pub fn profile(&self, prefix: Prefix) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| prefix.id(profile.ending) == self.profile)
    }

    /// Writes the user down, whether new or changed.
    pub(super) fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        let rest = serde_json::to_string(self).unwrap_or_default();
        conn.prepare_cached(
            "INSERT INTO users (\"$row\", id, full_name, first_name, last_name, email, \"$rest\")
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (\"$row\") DO UPDATE SET full_name = ?3, first_name = ?4, last_name = ?5, email = ?6,
             \"$rest\" = ?7",
        )?
        .execute(params![
            self.id,
            self.id.to_string(),
            self.full_name(),
            self.first_name,
            self.last_name,
            self.email,
            rest
        ])?;
        Ok(())
    }

    /// All users, in the order of their ids.
    pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<Self>> {
        let mut statement = conn.prepare("SELECT \"$rest\" FROM users ORDER BY \"$row\"")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        rows.map(|rest| {
            serde_json::from_str(&rest?).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
            })
        })
        .collect()
    }
}

/// Ids as numbers, as SQLite keeps them.
mod raw {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Id;

    pub fn serialize<S: Serializer>(id: &Id, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(id.raw())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Id, D::Error> {
        i64::deserialize(deserializer).map(Id::from_raw)
    }
}
