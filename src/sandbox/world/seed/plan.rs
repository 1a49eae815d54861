//! How much of everything the organisation has.

/// Numbers of records to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub deals: usize,
    pub companies: usize,
    pub contacts: usize,
    pub notes: usize,
    pub tasks: usize,
    pub events: usize,
    pub calls: usize,
    /// Product lines of deals, at most.
    pub lines: usize,
    /// Attachments of deals.
    pub files: usize,
}

impl Plan {
    /// The organisation around this many deals. 600 deals come with 150 companies, 400 contacts, 1,500 notes
    /// and 900 activities; a larger organisation has fewer of them per deal, as a larger one would.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are far below 2^52"
    )]
    pub fn around(deals: u32) -> Self {
        let factor = f64::from(deals) / 600.0;
        // Square roots are exact everywhere, powers are not: the same seed gives the same bytes.
        let factor = if factor > 1.0 { factor.sqrt() * factor.sqrt().sqrt() } else { factor };
        let scaled = |at_600: usize| (at_600 as f64 * factor).round() as usize;
        Self {
            deals: deals as usize,
            companies: scaled(150).max(3),
            contacts: scaled(400).max(6),
            notes: scaled(1500),
            tasks: scaled(400),
            events: scaled(220),
            calls: scaled(280),
            lines: scaled(700),
            files: scaled(60),
        }
    }

    pub const fn activities(self) -> usize {
        self.tasks + self.events + self.calls
    }

    /// Rows in all, for progress.
    pub const fn rows(self) -> usize {
        self.deals + self.companies + self.contacts + self.notes + self.activities() + self.lines + self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_its_published_size_and_a_large_organisation_grows_slower_than_its_deals() {
        let demo = Plan::around(600);
        assert_eq!((demo.companies, demo.contacts, demo.notes, demo.activities()), (150, 400, 1500, 900));
        let large = Plan::around(200_000);
        assert_eq!(large.deals, 200_000);
        assert!(large.notes > 50_000 && large.notes < 200_000);
        assert_eq!(Plan::around(0).deals, 0);
    }
}
