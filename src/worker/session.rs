//! Who we are, told before anything that depends on it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    domain::{Catalog, SafeText},
    protocol::{Event, Session},
    store::{Store, StoreError},
    sync::failure,
};

use super::{Server, read::SCREEN};

/// Hands events to the screen, and the session ahead of the first catalog.
pub(super) struct Teller {
    profile: String,
    demo: bool,
    web: Option<String>,
    unkept: Mutex<Option<SafeText>>,
    found: Mutex<Option<SafeText>>,
    sink: Box<dyn Fn(Event) + Send + Sync>,
}

impl Teller {
    pub(super) fn new(
        profile: String,
        server: &Server,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        let web = match server {
            Server::Account(credentials) => web_of(&credentials.accounts),
            Server::Demo(_) => None,
        };
        let demo = matches!(server, Server::Demo(_));
        Self { profile, demo, web, unkept: Mutex::default(), found: Mutex::default(), sink: Box::new(sink) }
    }

    /// The databases are open: what they know of the org is told.
    pub(super) fn opened(&self, store: &Store) {
        *lock(&self.unkept) = store.keep.unkept().map(SafeText::new);
        let cache = [store.keep.mended(), store.mirror.mended(), store.mirror.unkept()];
        let words: Vec<&str> = cache.into_iter().flatten().collect();
        *lock(&self.found) = (!words.is_empty()).then(|| SafeText::new(&words.join("; ")));
        // Without it the program starts at the board.
        if let Ok(Some(screen)) = store.keep.preference(SCREEN) {
            (self.sink)(Event::Screen(screen));
        }
        if let Some(catalog) = store.mirror.catalog() {
            self.tell(Event::Catalog(catalog));
        }
    }

    pub(super) fn cannot_open(&self, error: &StoreError) {
        (self.sink)(Event::Stopped(failure::of_store("open the local databases", error, "")));
    }

    pub(super) fn tell(&self, event: Event) {
        if let Event::Catalog(catalog) = &event {
            (self.sink)(Event::Session(self.session(catalog)));
        }
        (self.sink)(event);
    }

    fn session(&self, catalog: &Catalog) -> Session {
        let me = catalog.users.iter().find(|user| user.id == catalog.me);
        Session {
            profile: self.profile.clone(),
            org: SafeText::new(&catalog.org.name),
            user: SafeText::new(me.map_or("", |me| &me.name)),
            demo: self.demo,
            web: self.web.clone(),
            unkept: lock(&self.unkept).clone(),
            found: lock(&self.found).take(),
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where the org's records are in a browser: the Bigin of the data centre that the account lives in.
fn web_of(accounts: &str) -> Option<String> {
    Some(format!("https://bigin.{}", accounts.strip_prefix("https://accounts.")?.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_is_that_of_the_data_centre() {
        assert_eq!(web_of("https://accounts.zoho.eu").as_deref(), Some("https://bigin.zoho.eu"));
        assert_eq!(web_of("https://accounts.zohocloud.ca/").as_deref(), Some("https://bigin.zohocloud.ca"));
        assert_eq!(web_of("http://127.0.0.1:4000"), None);
    }
}
