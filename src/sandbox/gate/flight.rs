//! Calls in flight, from the moment their headers are read until their answer is written.

use std::{collections::HashMap, sync::Arc};

use super::{Gate, assumptions, lock};
use crate::sandbox::{Reply, reply};

/// A user's id and an app's id.
type Key = (String, String);

/// How many calls are in flight.
#[derive(Debug, Default)]
pub(super) struct Flights {
    callers: HashMap<Key, u32>,
    count: InFlight,
}

/// Calls in flight, now and at most since the start.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// Calls now.
    pub now: u32,
    /// Calls at most.
    pub peak: u32,
    /// Seats of the pool for heavy calls now.
    pub pool_now: u32,
    /// Seats of the pool at most.
    pub pool_peak: u32,
}

impl Flights {
    pub(super) fn enter(&mut self, key: &Key, limit: u32) -> bool {
        let mine = self.callers.entry(key.clone()).or_default();
        if *mine >= limit {
            return false;
        }
        *mine += 1;
        self.count.now += 1;
        self.count.peak = self.count.peak.max(self.count.now);
        true
    }

    fn leave(&mut self, key: &Key) {
        if let Some(mine) = self.callers.get_mut(key) {
            *mine -= 1;
            self.count.now -= 1;
            if *mine == 0 {
                self.callers.remove(key);
            }
        }
    }

    pub(super) fn enter_pool(&mut self, limit: u32) -> bool {
        if self.count.pool_now >= limit {
            return false;
        }
        self.count.pool_now += 1;
        self.count.pool_peak = self.count.pool_peak.max(self.count.pool_now);
        true
    }

    pub(super) const fn count(&self) -> InFlight {
        self.count
    }

    pub(super) const fn forget_peaks(&mut self) {
        self.count.peak = self.count.now;
        self.count.pool_peak = self.count.pool_now;
    }
}

/// One call's place among those in flight; dropping it gives the place back.
#[derive(Debug)]
pub struct Seat {
    gate: Arc<Gate>,
    key: Key,
    pooled: bool,
}

impl Seat {
    pub(super) const fn new(gate: Arc<Gate>, key: Key) -> Self {
        Self { gate, key, pooled: false }
    }

    /// Takes a place in the pool of heavy calls too.
    pub(in crate::sandbox) fn join_pool(&mut self) -> Result<(), Reply> {
        self.pooled = self.gate.pool();
        if self.pooled {
            return Ok(());
        }
        let most = assumptions::SUB_CONCURRENCY;
        Err(reply::too_many_requests(&format!("more than {most} heavy calls are in flight"), true))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut flights = lock(&self.gate.flights);
        flights.leave(&self.key);
        if self.pooled {
            flights.count.pool_now -= 1;
        }
    }
}
