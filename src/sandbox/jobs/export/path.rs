//! The columns that a bulk read can name: fields of the module, and of records one lookup away.

use std::fmt;

use crate::{
    domain::{FieldKind, USERS},
    sandbox::{
        assumptions,
        world::metadata::{Kind, Metadata, Module},
    },
};

/// A column: a field, or a field of the record or user that a lookup names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// API name of the field of the module.
    pub field: &'static str,
    /// The module that the field points to and the field there.
    pub joined: Option<(&'static str, &'static str)>,
    /// What values it has.
    pub kind: FieldKind,
}

/// Why a name is no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// No field has the name.
    Unknown,
    /// The field is known and cannot be read in bulk.
    Closed,
}

/// What can be asked of a user.
const USER_FIELDS: [&str; 4] = ["first_name", "last_name", "full_name", "email"];

impl Path {
    /// Reads `Email` or `Account_Name.Phone`. API names are case-sensitive.
    ///
    /// # Errors
    /// When it is no column that can be read in bulk.
    pub fn read(metadata: &Metadata, module: &Module, text: &str) -> Result<Self, Missing> {
        let (name, beyond) = text.split_once('.').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let field = module.field(name).ok_or(Missing::Unknown)?;
        let Some(beyond) = beyond else {
            let open = !assumptions::NOT_EXPORTED.contains(&field.kind.data_type());
            let path = Self { field: field.api_name, joined: None, kind: field.kind.domain() };
            return open.then_some(path).ok_or(Missing::Closed);
        };
        let (target, name, kind) = match field.kind {
            Kind::Owner | Kind::User => {
                let name = USER_FIELDS.into_iter().find(|name| *name == beyond).ok_or(Missing::Unknown)?;
                (USERS, name, FieldKind::Text)
            }
            Kind::Lookup(target) => {
                let there = metadata.module(target).ok_or(Missing::Unknown)?;
                let inner = Self::read(metadata, there, beyond)?;
                if inner.joined.is_some() {
                    return Err(Missing::Unknown);
                }
                (target, inner.field, inner.kind)
            }
            _ => return Err(Missing::Unknown),
        };
        Ok(Self { field: field.api_name, joined: Some((target, name)), kind })
    }

    /// Whether it is a field of the user whom a field names.
    #[must_use]
    pub fn is_of_user(&self) -> bool {
        self.joined.is_some_and(|(target, _)| target == USERS)
    }

    /// Every column of a module that can be read in bulk, the id first.
    pub fn all(module: &Module) -> impl Iterator<Item = Self> {
        let open = module.fields.iter().filter(|field| {
            field.api_name != "id" && !assumptions::NOT_EXPORTED.contains(&field.kind.data_type())
        });
        let path = |field: &'static str, kind| Self { field, joined: None, kind };
        std::iter::once(path("id", FieldKind::BigInt))
            .chain(open.map(move |field| path(field.api_name, field.kind.domain())))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.joined {
            Some((_, beyond)) => write!(f, "{}.{beyond}", self.field),
            None => f.write_str(self.field),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::Prefix;

    #[test]
    fn columns_are_fields_of_the_module_or_of_a_record_one_lookup_away() {
        let metadata = Metadata::new(Prefix::of_seed(1));
        let contacts = metadata.module("Contacts").expect("a module");
        let read = |text| Path::read(&metadata, contacts, text);
        for text in ["id", "Email", "Account_Name", "Account_Name.Phone", "Owner.last_name", "Owner.email"] {
            assert_eq!(read(text).expect(text).to_string(), text);
        }
        for text in ["email", "Nothing", "Email.Phone", "Account_Name.Owner.email", "Owner.phone", "", "."] {
            assert_eq!(read(text), Err(Missing::Unknown), "{text}");
        }
        assert_eq!(read("Record_Image"), Err(Missing::Closed));
        assert_eq!(read("Account_Name.Record_Image"), Err(Missing::Closed));
    }
}
