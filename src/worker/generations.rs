//! Which job of each key is the newest.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::protocol::{Generation, JobKey};

/// The newest generation of every key. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Generations(Arc<Mutex<HashMap<JobKey, Generation>>>);

impl Generations {
    /// A job with this key was asked for.
    pub(super) fn asked(&self, key: &JobKey, generation: Generation) {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = newest.entry(key.clone()).or_insert(generation);
        *known = generation.max(*known);
    }

    /// Whether no newer job with this key was asked for.
    pub(super) fn is_newest(&self, key: &JobKey, generation: Generation) -> bool {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newest.get(key).is_none_or(|known| *known <= generation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ListId;

    #[test]
    fn only_jobs_of_the_same_key_replace_each_other() {
        let generations = Generations::default();
        let deals = JobKey::List(ListId::Deals);
        generations.asked(&deals, 1);
        generations.asked(&JobKey::Board, 9);
        assert!(generations.is_newest(&deals, 1));
        generations.asked(&deals, 2);
        generations.asked(&deals, 1);
        assert!(!generations.is_newest(&deals, 1));
        assert!(generations.is_newest(&deals, 2));
        assert!(generations.is_newest(&JobKey::Find, 0));
    }
}
