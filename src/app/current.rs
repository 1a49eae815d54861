//! What is under the cursor.

use super::{List, Model, Place, pane::RecordPane};
use crate::{
    app::pane::RecordFocus,
    domain::{DealRow, Entry, Head, Link, Module, Row, SubPipeline},
    protocol::Scope,
};

fn selected<R: Row>(list: &List<R>) -> Option<Link> {
    list.selected().and_then(Row::record)
}

impl Model {
    /// The record under the cursor, or the one that fills the screen.
    #[must_use]
    pub fn current(&self) -> Option<Link> {
        match &self.trail.here {
            Place::Board => self.panes.board.card().map(DealRow::link),
            Place::Deals => selected(&self.panes.deals),
            Place::Contacts => selected(&self.panes.contacts),
            Place::Companies => selected(&self.panes.companies),
            Place::Notes => selected(&self.panes.notes),
            Place::Pipelines | Place::Credits => None,
            Place::Record(link) => Some(link.clone()),
            Place::Coql => self.panes.coql.results.link().cloned(),
        }
    }

    /// What Enter leads to.
    #[must_use]
    pub fn points_to(&self) -> Option<Link> {
        match &self.trail.here {
            Place::Notes => {
                let note = self.panes.notes.selected()?;
                note.parent.clone()
            }
            Place::Record(_) => self.record()?.points_to(),
            _ => self.current(),
        }
    }

    /// The note or activity under the cursor that Enter shows in full.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        self.record()?.entry()
    }

    /// The record that a note goes on.
    #[must_use]
    pub fn note_target(&self) -> Option<Link> {
        let link = match &self.trail.here {
            Place::Notes => self.panes.notes.selected()?.parent.clone()?,
            _ => self.current()?,
        };
        takes_notes(link.module).then_some(link)
    }

    /// The record on the screen, once it is known.
    #[must_use]
    pub fn record(&self) -> Option<&RecordPane> {
        let Place::Record(link) = &self.trail.here else { return None };
        self.panes.record.as_ref().filter(|pane| pane.link.id == link.id)
    }

    /// The deal under the cursor: a card, a row, the deal on the screen, or a deal among the facts of another record.
    #[must_use]
    pub fn current_deal(&self) -> Option<&DealRow> {
        match &self.trail.here {
            Place::Board => self.panes.board.card(),
            Place::Deals => self.panes.deals.selected(),
            Place::Record(_) => self.record()?.deal(),
            Place::Coql => {
                let row = self.panes.coql.results.rows.selected()?;
                let link = row.link.as_ref()?;
                let asked = || self.panes.peek.as_ref().filter(|pane| pane.link.id == link.id)?.deal();
                row.deal.as_deref().or_else(asked)
            }
            _ => None,
        }
    }

    /// The sub-pipeline that a deal is in.
    #[must_use]
    pub fn sub_pipeline(&self, deal: &DealRow) -> Option<&SubPipeline> {
        let pipeline = self.account.catalog.as_ref()?.pipeline(&deal.pipeline)?;
        pipeline.sub_pipelines.iter().find(|sub| sub.name == deal.sub_pipeline)
    }

    /// Every team pipeline with its name, and its sub-pipelines where it has several.
    #[must_use]
    pub fn pipeline_choices(&self) -> Vec<(Scope, String)> {
        let pipelines = self.account.catalog.iter().flat_map(|catalog| &catalog.pipelines);
        let choices = pipelines.flat_map(|pipeline| {
            let scope = |sub_pipeline| Scope { pipeline: pipeline.id.clone(), sub_pipeline };
            let several = pipeline.sub_pipelines.iter().filter(|_| pipeline.sub_pipelines.len() > 1);
            let subs = several
                .map(move |sub| (scope(Some(sub.name.clone())), format!("{} / {}", pipeline.name, sub.name)));
            std::iter::once((scope(None), pipeline.name.clone())).chain(subs)
        });
        choices.collect()
    }

    /// The address of a record in Bigin on the web; none where it is not known.
    #[must_use]
    pub fn web_link(&self, link: &Link) -> Option<String> {
        let base = self.account.session.as_ref()?.web.as_ref()?;
        let tab = match link.module {
            Module::Pipelines => "Potentials",
            other => other.api_name(),
        };
        Some(format!("{}/tab/{tab}/{}", base.trim_end_matches('/'), link.id))
    }
}

/// Whether records of this module take notes.
#[must_use]
pub const fn takes_notes(module: Module) -> bool {
    matches!(module, Module::Pipelines | Module::Contacts | Module::Accounts | Module::Products)
}

/// Whether a record of this module fills a screen of its own.
#[must_use]
pub const fn opens(module: Module) -> bool {
    !matches!(module, Module::Notes)
}

impl RecordPane {
    /// The note or activity under the cursor whose text can be read in full, and that leads nowhere else.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        let entry = self.detail.as_ref()?.timeline.get(self.entry)?;
        let here = self.focus == RecordFocus::Timeline && self.points_to().is_none();
        (here && !entry.lines.is_empty()).then_some(entry)
    }

    /// What the cursor's line points to.
    #[must_use]
    pub fn points_to(&self) -> Option<Link> {
        let detail = self.detail.as_ref()?;
        match self.focus {
            RecordFocus::Facts => self.fact_link(self.fact),
            RecordFocus::Timeline => {
                let entry = detail.timeline.get(self.entry)?;
                let own = opens(entry.link.module).then(|| entry.link.clone());
                entry.on.clone().or(own).filter(|link| link.id != self.link.id)
            }
        }
    }

    /// What a line of the facts points to: fields first, then related rows.
    #[must_use]
    pub fn fact_link(&self, line: usize) -> Option<Link> {
        let detail = self.detail.as_ref()?;
        match line.checked_sub(detail.fields.len()) {
            None => detail.fields.get(line)?.link.clone(),
            Some(row) => detail.related.iter().flat_map(|group| &group.rows).nth(row).map(|r| r.link.clone()),
        }
    }

    /// Lines of the facts.
    #[must_use]
    pub fn facts(&self) -> usize {
        self.detail.as_ref().map_or(0, |detail| {
            detail.fields.len() + detail.related.iter().map(|group| group.rows.len()).sum::<usize>()
        })
    }

    /// The deal that it is, or that the cursor is on among its related rows.
    #[must_use]
    pub fn deal(&self) -> Option<&DealRow> {
        let detail = self.detail.as_ref()?;
        if let Head::Deal(deal) = &detail.head {
            return Some(deal);
        }
        if self.focus != RecordFocus::Facts {
            return None;
        }
        let row = self.fact.checked_sub(detail.fields.len())?;
        detail.related.iter().flat_map(|group| &group.rows).nth(row)?.deal.as_ref()
    }
}
