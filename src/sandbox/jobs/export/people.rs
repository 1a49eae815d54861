//! Conditions on the users whom a field names, such as `Owner.last_name`. There are few of them: the
//! condition is asked of each, and becomes one on their ids.

use super::{criteria::EMPTY, path::Path};
use crate::sandbox::world::{
    User,
    filter::{Comparator, Filter},
};

/// What `path` shows of a user.
pub(super) fn shown(user: &User, field: &str) -> String {
    match field {
        "first_name" => user.first_name.clone(),
        "last_name" => user.last_name.clone(),
        "email" => user.email.clone(),
        _ => user.full_name(),
    }
}

/// The condition on a user's field as one on the field that names the user.
pub(super) fn filter(path: &Path, comparator: Comparator, values: &[String], users: &[User]) -> Filter {
    let (_, name) = path.joined.unwrap_or_default();
    let fits: Vec<String> = users
        .iter()
        .filter(|user| passes(&shown(user, name), comparator, values))
        .map(|user| user.id.to_string())
        .collect();
    if fits.is_empty() {
        return Filter::Any(Vec::new());
    }
    Filter::Test { field: path.field.to_owned(), comparator: Comparator::In, values: fits }
}

/// Text without case, as for any other field.
fn passes(text: &str, comparator: Comparator, values: &[String]) -> bool {
    let text = text.to_lowercase();
    let any = |test: &dyn Fn(&str) -> bool| {
        let mut values =
            values.iter().map(|value| if value == EMPTY { String::new() } else { value.to_lowercase() });
        values.any(|value| test(&value))
    };
    match comparator {
        Comparator::Equal | Comparator::In => any(&|value| text == value),
        Comparator::NotEqual | Comparator::NotIn => !any(&|value| text == value),
        Comparator::Contains => any(&|value| text.contains(value)),
        Comparator::NotContains => !any(&|value| text.contains(value)),
        Comparator::StartsWith => any(&|value| text.starts_with(value)),
        Comparator::EndsWith => any(&|value| text.ends_with(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case() {
        let holds = |text: &str, comparator, value: &str| passes(text, comparator, &[value.to_owned()]);
        assert!(holds("Rao", Comparator::Equal, "RAO"));
        assert!(holds("Rao", Comparator::NotEqual, "${EMPTY}"));
        assert!(holds("Rao", Comparator::StartsWith, "ra"));
        assert!(holds("Rao", Comparator::NotContains, "x"));
        assert!(!holds("Rao", Comparator::EndsWith, "ra"));
    }
}
