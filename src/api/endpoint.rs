//! The one table of operations: what each is called, where it goes, what it costs and what it allows.

mod shape;
mod table;
mod words;

pub use shape::{Cost, Load, Method, Repeat, Shape};
pub use table::{ENDPOINTS, Op};

use crate::domain::Module;

/// One operation of the API.
///
/// <https://www.bigin.com/developer/docs/apis/v2/api-limits.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Which operation.
    pub op: Op,
    /// A dotted name for ledgers and logs: `records.update`.
    pub name: &'static str,
    /// For people, with `{one}` and `{many}` where the module's nouns go: `update {one}`.
    pub phrase: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the API domain, with `{placeholders}`.
    pub path: &'static str,
    /// The narrowest documented scope; several, separated by a space, are all needed. `{module}` stands for
    /// the module's word.
    pub scope: &'static str,
    /// The credit rule.
    pub cost: Cost,
    /// Whether calls count in the pool of heavy calls.
    pub load: Load,
    /// Records that one call may send or return at most; 0 where the call is not about records.
    pub max_records: u16,
    /// Whether a call may be sent again when its answer was lost.
    pub repeat: Repeat,
}

impl Endpoint {
    /// What the call does, in words: `update a deal`.
    #[must_use]
    pub fn words(&self, module: Option<Module>) -> String {
        words::fill(self.phrase, module)
    }

    /// Credits of one call of this shape.
    #[must_use]
    pub const fn cost(&self, shape: Shape) -> u32 {
        self.cost.credits(shape)
    }

    /// Whether one call of this shape takes a place in the pool of heavy calls.
    #[must_use]
    pub const fn heavy(&self, shape: Shape) -> bool {
        self.load.is_heavy(shape)
    }

    /// Whether the call changes anything in the org; read-only mode refuses it. COQL is a POST that reads.
    #[must_use]
    pub const fn is_write(&self) -> bool {
        !matches!(self.method, Method::Get) && !matches!(self.op, Op::Coql | Op::BulkReadCreate)
    }

    /// Whether it matters that an answer was lost: something may have changed, or be paid for twice.
    #[must_use]
    pub const fn leaves_a_trace(&self) -> bool {
        self.is_write() || matches!(self.repeat, Repeat::Never)
    }
}

impl Op {
    /// The row of this operation.
    #[must_use]
    pub fn endpoint(self) -> &'static Endpoint {
        &ENDPOINTS[self as usize]
    }
}

#[cfg(test)]
mod tests;
