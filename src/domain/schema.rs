//! What an org's metadata says of its modules.

use serde::{Deserialize, Serialize};

use super::{Field, FieldKind, Module};

/// The fields of one module, as one org has them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// API name of the module.
    pub module: String,
    /// In the org's order.
    pub fields: Vec<Field>,
}

/// The module under which [`Schemas`] holds the org's users.
pub const USERS: &str = "users";

/// The module under which [`Schemas`] holds the layouts of deals: the team pipelines.
pub const LAYOUTS: &str = "layouts";

impl Schema {
    /// The field with this API name; names are case-sensitive.
    #[must_use]
    pub fn field(&self, api_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }

    /// API name of the field whose value names a record.
    #[must_use]
    pub fn name_field(&self) -> &str {
        match self.module.as_str() {
            USERS => "full_name",
            LAYOUTS => "name",
            module => module.parse().map_or("Name", Module::name_field),
        }
    }
}

/// The schemas of an org; users and layouts are always among them.
#[derive(Debug, Clone, PartialEq)]
pub struct Schemas(Vec<Schema>);

impl Schemas {
    /// The schema of `module`; names are case-sensitive.
    #[must_use]
    pub fn get(&self, module: &str) -> Option<&Schema> {
        self.0.iter().find(|schema| schema.module == module)
    }

    /// The schema that `field` points to, if it is a reference to a module that is here.
    #[must_use]
    pub fn target(&self, field: &Field) -> Option<&Schema> {
        field.target().and_then(|module| self.get(module))
    }

    /// Every schema.
    pub fn iter(&self) -> impl Iterator<Item = &Schema> {
        self.0.iter()
    }

    /// Puts `schema` in the place of the one of the same module, or adds it.
    pub fn put(&mut self, schema: Schema) {
        match self.0.iter_mut().find(|known| known.module == schema.module) {
            Some(known) => *known = schema,
            None => self.0.push(schema),
        }
    }
}

impl FromIterator<Schema> for Schemas {
    fn from_iter<I: IntoIterator<Item = Schema>>(schemas: I) -> Self {
        let mut all = Self(vec![Schema::of_users(), Schema::of_layouts()]);
        schemas.into_iter().for_each(|schema| all.put(schema));
        all
    }
}

impl Schema {
    /// What is known of every user.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/get-users.html>
    #[must_use]
    pub fn of_users() -> Self {
        let mut fields =
            ["full_name", "first_name", "last_name"].map(|name| Field::plain(name, FieldKind::Text)).to_vec();
        fields.push(Field::plain("email", FieldKind::Email));
        Self { module: USERS.to_owned(), fields }
    }

    /// What is known of every layout.
    ///
    /// <https://www.bigin.com/developer/docs/apis/layouts-meta-data.html>
    #[must_use]
    pub fn of_layouts() -> Self {
        Self { module: LAYOUTS.to_owned(), fields: vec![Field::plain("name", FieldKind::Text)] }
    }
}
