//! Rules that look at more than one field of a record.

use rusqlite::{OptionalExtension, types::Value as Column};
use serde_json::Value;

use super::{
    super::{Author, Id, issue::Issue, metadata::Formula, value},
    Check,
};

impl Check<'_> {
    /// A stage belongs to a sub-pipeline, and that to a team pipeline.
    pub(super) fn pipeline(&mut self) {
        let touched = ["Pipeline", "Sub_Pipeline", "Stage"].map(|column| self.draft.get(column).is_some());
        if self.module.field("Sub_Pipeline").is_none() || touched == [false; 3] {
            return;
        }
        let (Some(sub), Some(stage)) = (self.text_after("Sub_Pipeline"), self.text_after("Stage")) else {
            return;
        };
        let current = self.text_after("Pipeline").and_then(Id::parse);
        let layouts = &self.module.layouts;
        let here = layouts.iter().find(|layout| Some(layout.id) == current);
        let layout = match here {
            Some(layout) if touched[0] || layout.sub_pipeline(sub).is_some() => Some(layout),
            _ => layouts.iter().find(|layout| layout.sub_pipeline(sub).is_some()),
        };
        let Some((layout, sub_pipeline)) =
            layout.and_then(|layout| Some((layout, layout.sub_pipeline(sub)?)))
        else {
            let issue = if touched[1] {
                Issue::value("Sub_Pipeline", self.path)
            } else {
                Issue::dependent("Sub_Pipeline", "Pipeline", self.path)
            };
            self.issues.push(issue);
            return;
        };
        let Some(stage) = sub_pipeline.stage(stage) else {
            let issue = if touched[2] {
                Issue::value("Stage", self.path)
            } else {
                Issue::dependent("Stage", "Sub_Pipeline", self.path)
            };
            self.issues.push(issue);
            return;
        };
        let probability = stage.stage.map(|meta| f64::from(meta.probability));
        let moved = self.existing.is_none_or(|(_, raw)| raw.get("Stage") != self.draft.get("Stage"));
        self.draft.set("Pipeline", Column::Text(layout.id.to_string()));
        if touched[2]
            && moved
            && self.draft.get("Probability").is_none()
            && let Some(probability) = probability
        {
            self.draft.set("Probability", Column::Real(probability));
        }
    }

    pub(super) fn activity(&mut self, author: &Author) {
        match self.module.api_name {
            "Events" => {
                let at = |column: &str| match self.after(column) {
                    Some(Column::Integer(at)) => Some(*at),
                    _ => None,
                };
                if let (Some(start), Some(end)) = (at("Start_DateTime"), at("End_DateTime"))
                    && end <= start
                {
                    self.issues.push(Issue::value("End_DateTime", self.path));
                }
            }
            "Tasks" => {
                let Some(Column::Text(status)) = self.draft.get("Status") else { return };
                let closed = matches!(
                    self.existing.and_then(|(_, raw)| raw.get("Closed_Time")),
                    Some(Column::Integer(_))
                );
                match (status == "Completed", closed) {
                    (true, false) => self.draft.set("Closed_Time", Column::Integer(author.now)),
                    (false, _) => self.draft.set("Closed_Time", Column::Null),
                    _ => {}
                }
            }
            "Calls" => {
                let Some(Column::Text(duration)) = self.draft.get("Call_Duration") else { return };
                let (minutes, seconds) = duration.split_once(':').unwrap_or((duration, "0"));
                let number = |text: &str| text.parse::<i64>().unwrap_or_default();
                let all = number(minutes) * 60 + number(seconds);
                self.draft.set("Call_Duration_in_seconds", Column::Integer(all));
            }
            _ => {}
        }
    }

    pub(super) fn note(&mut self) {
        let empty = |column: &str| matches!(self.after(column), None | Some(Column::Null));
        let nothing = empty("Note_Title") && empty("Note_Content");
        if self.module.api_name == "Notes" && nothing && self.issues.is_empty() {
            self.issues.push(Issue::empty_note(self.path));
        }
    }

    /// No two records share the value of a unique field, whatever its case.
    pub(super) fn unique(&mut self) -> rusqlite::Result<()> {
        for field in self.module.fields.iter().filter(|field| field.unique) {
            let Some(value) = self.draft.get(field.api_name).filter(|value| **value != Column::Null) else {
                continue;
            };
            let own = self.existing.map_or(-1, |(id, _)| id.raw());
            let sql = format!(
                "SELECT \"$row\", Owner FROM \"{}\" WHERE \"{}\" = ?1 AND \"$row\" <> ?2 LIMIT 1",
                self.module.api_name, field.api_name
            );
            let other: Option<(Id, Option<String>)> = self
                .world
                .conn
                .prepare_cached(&sql)?
                .query_row((value, own), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((other, owner)) = other {
                let owner = owner.as_deref().and_then(Id::parse).and_then(|id| self.world.user(id));
                let owner = owner.map_or(
                    Value::Null,
                    |user| serde_json::json!({ "name": user.full_name(), "id": user.id, "zuid": user.zuid }),
                );
                let module = (self.module.api_name, self.module.id);
                self.issues.push(Issue::duplicate(field.api_name, self.path, other, module, &owner));
            }
        }
        Ok(())
    }

    /// Fields that the service computes.
    pub(super) fn derive(&mut self) {
        if self.module.field("Full_Name").is_some()
            && (self.draft.get("First_Name").is_some() || self.draft.get("Last_Name").is_some())
        {
            let name = ["First_Name", "Last_Name"]
                .map(|column| self.text_after(column).unwrap_or_default())
                .join(" ");
            self.draft.set("Full_Name", Column::Text(name.trim().to_owned()));
        }
        for field in &self.module.fields {
            let Some(Formula::Share { of, percent }) = field.formula else { continue };
            if self.draft.get(of).is_none() && self.draft.get(percent).is_none() {
                continue;
            }
            let number = |column: &str| match self.after(column) {
                Some(Column::Real(number)) => Some(*number),
                Some(Column::Integer(number)) => i32::try_from(*number).ok().map(f64::from),
                _ => None,
            };
            let share = number(of).zip(number(percent)).map(|(of, percent)| (of * percent).round() / 100.0);
            self.draft.set(
                field.api_name,
                share.map_or(Column::Null, |share| Column::Text(value::number(share).to_string())),
            );
        }
    }
}
