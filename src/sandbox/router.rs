//! Which operation a request means.

mod table;

use std::sync::LazyLock;

use axum::http::Method;

use super::{Caller, Reply, Request, Sandbox, assumptions};

/// One operation of the API: everything that the gate and the documentation need to know of it.
#[derive(Debug)]
pub struct Operation {
    /// The verb.
    pub method: Method,
    /// The path. `{module}` and `{list}` stand for a name, `{file}` for anything, any other place for a
    /// decimal id.
    pub path: &'static str,
    /// The token must cover one scope of every group. `{module}` stands for the module of the path.
    /// <https://www.bigin.com/developer/docs/apis/v2/scopes.html>
    pub scopes: &'static [&'static [&'static str]],
    /// What it costs.
    pub cost: Cost,
    /// When it takes a seat of the shared pool for heavy calls.
    pub heavy: Heavy,
    /// Bytes of its body at most.
    pub body: usize,
    /// Whether a sandbox that follows the documentation to the letter has it.
    pub documented: bool,
    /// What answers it.
    pub handler: Handler,
}

/// Answers a request. Runs where it may block.
pub type Handler = fn(&Sandbox, &Caller, &Request) -> Reply;

/// What a call costs, in credits.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[derive(Debug, Clone, Copy)]
pub enum Cost {
    /// Always the same.
    Fixed(u32),
    /// One, or three with `cvid`.
    View,
    /// One for each started ten records of `data`.
    PerTen,
    /// One for each started fifty of `ids`.
    PerFifty,
}

/// When a call takes a seat of the pool that heavy calls share.
#[derive(Debug, Clone, Copy)]
pub enum Heavy {
    /// Never.
    No,
    /// Always.
    Yes,
    /// With `cvid` or `sort_by`.
    SortedOrView,
    /// With more than ten records.
    OverTen,
}

/// What a verb and a path mean.
#[derive(Debug)]
pub enum Found {
    /// This operation, with what stands in the places of its path.
    Operation(&'static Operation, Vec<(&'static str, String)>),
    /// Some operation has the path, none the verb.
    WrongMethod,
    /// No operation has the path.
    Nothing,
}

impl Operation {
    /// An operation that costs one credit, has no heavy form and takes a JSON body.
    const fn new(
        method: Method,
        path: &'static str,
        scopes: &'static [&'static [&'static str]],
        handler: Handler,
    ) -> Self {
        let (cost, heavy, body) = (Cost::Fixed(1), Heavy::No, assumptions::JSON_BODY_LIMIT);
        Self { method, path, scopes, cost, heavy, body, documented: true, handler }
    }

    /// The same operation at another price.
    #[must_use]
    pub const fn costing(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// The same operation with a heavy form.
    #[must_use]
    pub const fn heavy(mut self, heavy: Heavy) -> Self {
        self.heavy = heavy;
        self
    }

    /// The same operation with a larger or smaller body.
    #[must_use]
    pub const fn taking(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// The same operation, which strict sandboxes have only where `documented`.
    #[must_use]
    pub const fn documented(mut self, documented: bool) -> Self {
        self.documented = documented;
        self
    }

    /// The credits that `request` costs.
    #[must_use]
    pub fn credits(&self, request: &Request) -> u32 {
        let blocks = |items: usize, of: usize, most: usize| {
            u32::try_from(items.div_ceil(of).clamp(1, most)).unwrap_or(1)
        };
        match self.cost {
            Cost::Fixed(credits) => credits,
            Cost::View if request.query("cvid").is_some() => 3,
            Cost::View => 1,
            Cost::PerTen => blocks(request.records(), 10, 10),
            Cost::PerFifty => blocks(request.ids(), 50, 10),
        }
    }

    /// Whether `request` takes a seat of the shared pool.
    #[must_use]
    pub fn is_heavy(&self, request: &Request) -> bool {
        match self.heavy {
            Heavy::No => false,
            Heavy::Yes => true,
            Heavy::SortedOrView => request.query("cvid").is_some() || request.query("sort_by").is_some(),
            Heavy::OverTen => request.records() > 10,
        }
    }

    /// Whether the caller's token covers the operation.
    #[must_use]
    pub fn admits(&self, caller: &Caller, request: &Request) -> bool {
        let module = request.param("module");
        self.scopes
            .iter()
            .all(|group| group.iter().any(|scope| caller.scopes.allow(&scope.replace("{module}", module))))
    }
}

/// All operations, area by area.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    table::AREAS.iter().flat_map(|area| area.iter())
}

/// Whether a path is one of the API's, where a token is needed and calls have a price.
#[must_use]
pub fn is_of_the_api(path: &str) -> bool {
    ["/bigin/", "/v2/crm/"].iter().any(|start| path.starts_with(start))
}

/// Finds what `method` on `path` means. Where several patterns match, the one that is literal furthest
/// to the left is meant. A `strict` sandbox has only what is documented.
#[must_use]
pub fn find(method: &Method, path: &str, strict: bool) -> Found {
    let Some(rest) = path.strip_prefix('/') else { return Found::Nothing };
    let segments: Vec<String> = rest.split('/').map(decode).collect();
    let served = |route: &&Route| route.operation.documented || !strict;
    let matching = ROUTES.iter().filter(served).filter(|route| route.matches(&segments));
    let Some(best) = matching.max_by_key(|route| route.literal()) else { return Found::Nothing };
    match ROUTES.iter().find(|route| route.parts == best.parts && route.operation.method == *method) {
        Some(route) => Found::Operation(route.operation, route.params(segments)),
        None => Found::WrongMethod,
    }
}

fn decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| operations().map(Route::new).collect());

struct Route {
    operation: &'static Operation,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Literal(&'static str),
    Name(&'static str),
    Id(&'static str),
    File(&'static str),
}

impl Route {
    fn new(operation: &'static Operation) -> Self {
        let parts = operation.path.trim_start_matches('/').split('/');
        let part = |text: &'static str| match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            Some(name @ ("module" | "list")) => Part::Name(name),
            Some("file") => Part::File("file"),
            Some(name) => Part::Id(name),
            None => Part::Literal(text),
        };
        Self { operation, parts: parts.map(part).collect() }
    }

    fn matches(&self, segments: &[String]) -> bool {
        self.parts.len() == segments.len()
            && self.parts.iter().zip(segments).all(|(part, segment)| match part {
                Part::Literal(text) => text == segment,
                Part::Name("list") => is_name(segment) && !assumptions::NO_LISTS.contains(&segment.as_str()),
                Part::Name(_) => is_name(segment),
                Part::File(_) => !segment.is_empty(),
                Part::Id(_) => !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit()),
            })
    }

    fn literal(&self) -> Vec<bool> {
        self.parts.iter().map(|part| matches!(part, Part::Literal(_))).collect()
    }

    fn params(&self, segments: Vec<String>) -> Vec<(&'static str, String)> {
        let pairs = self.parts.iter().zip(segments);
        pairs
            .filter_map(|(part, segment)| match part {
                Part::Literal(_) => None,
                Part::Name(name) | Part::Id(name) | Part::File(name) => Some((*name, segment)),
            })
            .collect()
    }
}

/// Letters, digits and underscores, beginning with a letter: how Bigin names modules and lists.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_operations_share_a_verb_and_a_path() {
        let mut seen = HashSet::new();
        for operation in operations() {
            assert!(seen.insert((operation.method.clone(), operation.path)), "{}", operation.path);
        }
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for operation in operations() {
            let path = operation.path.replace("{module}", "Contacts").replace("{list}", "Tasks");
            let path: Vec<&str> =
                path.split('/').map(|part| if part.starts_with('{') { "12" } else { part }).collect();
            let path = path.join("/");
            let Found::Operation(found, _) = find(&operation.method, &path, false) else { panic!("{path}") };
            assert_eq!((&found.method, found.path), (&operation.method, operation.path));
        }
    }

    #[test]
    fn every_scope_that_an_operation_names_is_a_scope() {
        for operation in operations() {
            assert!(!operation.scopes.is_empty(), "{}", operation.path);
            for scope in operation.scopes.iter().flat_map(|group| group.iter()) {
                let scope = scope.replace("{module}", "contacts");
                assert!(crate::sandbox::gate::Scopes::parse(&scope).is_ok(), "{scope}");
            }
        }
    }

    #[test]
    fn what_stands_in_the_places_of_a_path_is_decoded_once() {
        let params = |path: &str| match find(&Method::GET, path, true) {
            Found::Operation(_, params) => params.into_iter().map(|(_, value)| value).collect(),
            other => vec![format!("{other:?}")],
        };
        assert_eq!(params("/bigin/v2/settings/modules/Cont%61cts"), ["Contacts"]);
        assert_eq!(params("/bigin/v2/settings/modules/%252e"), ["Nothing"]);
        assert_eq!(params("/bigin/v2/settings/modules/a%2fb"), ["Nothing"]);
        assert_eq!(params("/bigin/v2/settings/fields/%D9%A1"), ["Nothing"]);
    }

    #[test]
    fn verbs_matter_once_a_path_is_known() {
        assert!(matches!(find(&Method::PATCH, "/bigin/v2/org", true), Found::WrongMethod));
        assert!(matches!(find(&Method::GET, "/bigin/v2/org/photo/1/2", true), Found::Nothing));
        assert!(matches!(find(&Method::GET, "bigin/v2/org", true), Found::Nothing));
    }
}
