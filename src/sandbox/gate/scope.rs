//! OAuth scopes: their grammar and what implies what.

/// The scopes of one token.
///
/// <https://www.bigin.com/developer/docs/apis/v2/scopes.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

/// The text is not a list of scopes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a scope: {0}")]
pub struct InvalidScope(pub String);

/// Operations that a scope ends in.
const OPERATIONS: [&str; 6] = ["all", "read", "create", "write", "update", "delete"];

/// Services whose scopes are taken.
const SERVICES: [&str; 3] = ["zohobigin", "zohosearch", "zohofiles"];

impl Scopes {
    /// Reads a list separated by commas or spaces, as it stands in an authorization request.
    ///
    /// # Errors
    /// When a word is not a scope of a known service, or there is none.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let words: Vec<&str> =
            text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).collect();
        if words.is_empty() || words.iter().any(|word| !is_scope(word)) {
            let wrong = words.into_iter().find(|word| !is_scope(word)).unwrap_or_default();
            return Err(InvalidScope(wrong.to_owned()));
        }
        Ok(Self(words.into_iter().map(str::to_owned).collect()))
    }

    /// Whether one of the scopes covers `need`. Names compare without case; `X.ALL` covers every
    /// operation on `X` and below it, `X.READ` covers reading below `X`; `deals` is an old word for
    /// `pipelines`.
    #[must_use]
    pub fn allow(&self, need: &str) -> bool {
        let need = normal(need);
        let Some((need_path, need_operation)) = need.rsplit_once('.') else { return false };
        self.0.iter().any(|held| {
            let held = normal(held);
            held.rsplit_once('.').is_some_and(|(path, operation)| {
                let covers_path =
                    need_path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                covers_path && (operation == "all" || operation == need_operation)
            })
        })
    }

    /// The scopes as a token answer lists them.
    #[must_use]
    pub fn listed(&self) -> String {
        self.0.join(" ")
    }

    /// Each scope.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

fn is_scope(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let parts: Vec<&str> = word.split('.').collect();
    (3..=4).contains(&parts.len())
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        && SERVICES.contains(&parts[0])
        && parts.last().is_some_and(|last| OPERATIONS.contains(last))
}

fn normal(scope: &str) -> String {
    let scope = scope.to_ascii_lowercase();
    scope.replace(".modules.deals.", ".modules.pipelines.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(text: &str) -> Scopes {
        Scopes::parse(text).expect(text)
    }

    #[test]
    fn all_covers_every_operation_and_everything_below() {
        let all = held("ZohoBigin.modules.ALL");
        assert!(all.allow("ZohoBigin.modules.contacts.READ"));
        assert!(all.allow("ZohoBigin.modules.notes.DELETE"));
        assert!(!all.allow("ZohoBigin.settings.tags.READ"));
        assert!(held("ZohoBigin.settings.ALL").allow("ZohoBigin.settings.tags.UPDATE"));
    }

    #[test]
    fn a_scope_covers_its_own_module_and_operation_only() {
        let read = held("ZohoBigin.modules.contacts.READ,ZohoBigin.modules.tasks.CREATE");
        assert!(read.allow("ZohoBigin.modules.Contacts.READ"));
        assert!(!read.allow("ZohoBigin.modules.contacts.CREATE"));
        assert!(!read.allow("ZohoBigin.modules.tasks.READ"));
        assert!(!read.allow("ZohoBigin.modules.contacts_more.READ"));
        assert!(held("ZohoBigin.modules.READ").allow("ZohoBigin.modules.calls.READ"));
    }

    #[test]
    fn deals_is_an_old_word_for_pipelines() {
        assert!(held("ZohoBigin.modules.deals.ALL").allow("ZohoBigin.modules.Pipelines.READ"));
        assert!(held("ZohoBigin.modules.pipelines.ALL").allow("ZohoBigin.modules.deals.READ"));
    }

    #[test]
    fn what_is_not_a_scope_is_refused() {
        for text in
            ["", "ZohoBigin", "ZohoBigin.modules", "Zoho.modules.ALL", "ZohoBigin.modules.EVERY", "a b"]
        {
            assert!(Scopes::parse(text).is_err(), "{text:?}");
        }
        assert!(Scopes::parse("ZohoBigin.send_mail.all.CREATE ZohoSearch.securesearch.READ").is_ok());
    }
}
