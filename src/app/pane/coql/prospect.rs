//! What running the statement under the cursor would take.

use jiff::Timestamp;

use crate::{
    coql::{Cost, Diagnostic, Plan, Rows, Span},
    protocol::{Guard, Outlook},
};

/// The plan of the statement under the cursor.
#[derive(Debug, Clone, Default)]
pub struct Prospect {
    /// The statement that is planned, and where it stands in the text; none where there is no sound one.
    pub statement: Option<(String, Span)>,
    /// What the mirror knows of it, once told.
    pub outlook: Option<Outlook>,
    /// When the server was last asked for what is new in the mirror.
    pub mirror_at: Option<Timestamp>,
    /// When the mirror is asked; none when it was.
    pub due: Option<Timestamp>,
    /// How it would run, or why it cannot.
    pub plan: Option<Result<Box<Plan>, Diagnostic>>,
    /// A run that is over the guard was asked for: once more runs it.
    pub confirm: bool,
}

impl Prospect {
    /// What it costs, as far as that is known.
    #[must_use]
    pub fn cost(&self) -> Option<&Cost> {
        match self.plan.as_ref()? {
            Ok(plan) => Some(&plan.cost),
            Err(_) => None,
        }
    }

    /// Whether it is known to take more than the guard allows.
    #[must_use]
    pub fn exceeds(&self, guard: Guard) -> bool {
        let over = |known: Rows, most: u64| match known {
            Rows::Exactly(number) | Rows::About(number) => number > most,
            Rows::AtMost(_) | Rows::Unknown => false,
        };
        let on_server = matches!(&self.plan, Some(Ok(plan)) if !plan.on_mirror());
        on_server
            && self
                .cost()
                .is_some_and(|cost| over(cost.rows, guard.rows) || over(cost.credits, guard.credits))
    }
}
