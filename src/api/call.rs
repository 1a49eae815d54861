//! One call, before it is sent.

use reqwest::Url;
use serde_json::Value;

use super::{
    endpoint::{Op, Shape},
    error::Error,
    http::parse_url,
};
use crate::domain::Module;

/// A call of an operation with what it is about.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) op: Op,
    pub(super) module: Option<Module>,
    /// Values of the path's `{placeholders}` but the module, in their order.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    pub(super) shape: Shape,
    /// For `If-Modified-Since`: an ISO time.
    pub(super) modified_since: Option<String>,
    /// For `If-Unmodified-Since`: an ISO time.
    pub(super) unmodified_since: Option<String>,
}

impl Call {
    pub(super) fn new(op: Op) -> Self {
        Self {
            op,
            module: None,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            shape: Shape::ONE,
            modified_since: None,
            unmodified_since: None,
        }
    }

    /// What the call does, in words.
    pub(super) fn words(&self) -> String {
        self.op.endpoint().words(self.module)
    }

    /// The scopes that the call needs.
    pub(super) fn scope(&self) -> String {
        let word = self.module.map_or("*", Module::api_name).to_lowercase();
        self.op.endpoint().scope.replace("{module}", &word)
    }

    /// The address below an API domain. Every value becomes one segment, whatever characters it has.
    pub(super) fn url(&self, api_domain: &str) -> Result<Url, Error> {
        let mut url = parse_url(api_domain)?;
        let mut values = self.path.iter();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            for segment in self.op.endpoint().path.split('/').skip(1) {
                match segment {
                    "{module}" => segments.push(self.module.map_or("", Module::api_name)),
                    placeholder if placeholder.starts_with('{') => {
                        segments.push(values.next().map_or("", String::as_str))
                    }
                    literal => segments.push(literal),
                };
            }
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_in_their_segment_and_offsets_keep_their_plus() {
        let call = Call {
            module: Some(Module::Contacts),
            path: vec!["42".to_owned(), "../../users?x".to_owned()],
            query: vec![("criteria", "(Modified_Time:greater_than:2026-05-01T00:00:00+02:00)".to_owned())],
            ..Call::new(Op::RelatedRecords)
        };
        let url = call.url("http://127.0.0.1:1/").expect("a URL").to_string();
        assert_eq!(
            url,
            "http://127.0.0.1:1/bigin/v2/Contacts/42/..%2F..%2Fusers%3Fx\
             ?criteria=%28Modified_Time%3Agreater_than%3A2026-05-01T00%3A00%3A00%2B02%3A00%29"
        );
        assert_eq!(call.scope(), "ZohoBigin.modules.contacts.READ");
    }
}
