//! The quick note.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::open;
use crate::{
    app::{input::area, overlay::NoteEditor},
    domain::Module,
    protocol::{DraftKey, NewNote},
    ui::{
        canvas::{Phrase, row},
        editor::{self, Paint},
        figures,
        scene::Scene,
    },
};

/// Draws the editor over the pane.
pub fn draw(scene: &Scene<'_>, note: &NoteEditor, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = scene.theme;
    let mut title = Phrase::new();
    title.put("Note on ", theme.text).put(&note.target.name, theme.title);
    title.put(" (", theme.quiet).put(kind(note.target.module), theme.quiet).put(")", theme.quiet);
    let popup = open(scene, &title, 96, (area.height / 3).clamp(6, 14), area, buf);
    let inner = popup.inner;
    let choices = if note.others.is_empty() || inner.height < 4 { 0 } else { 2 };
    let text = Rect { height: inner.height.saturating_sub(choices), ..inner };
    let cursor = editor::draw(scene, &note.text, false, &Paint::default(), text, buf);
    if choices > 0 {
        let mut pen = scene.pen(buf, row(inner, inner.height - 1));
        pen.put("on ", theme.quiet)
            .put("[", theme.key)
            .put(&note.target.name, theme.title)
            .put("]", theme.key);
        for other in &note.others {
            pen.gap(2).put(&other.name, theme.text);
        }
    }
    let mut foot = Phrase::new();
    let session = scene.model.account.session.as_ref();
    let is_fleeting = session.is_some_and(|session| session.unkept.is_some());
    let home = &note.home.id;
    let on_its_way =
        scene.model.keeping.iter().any(|key| matches!(key, DraftKey::Note(link) if link.id == *home));
    match (note.changed_at, note.kept_at) {
        _ if scene.model.keep_again.is_some() => foot.put("not on disk, tried again", theme.bad),
        _ if on_its_way => foot.put("not kept yet", theme.warn),
        (Some(_), _) => foot.put("not kept yet", theme.warn),
        (None, Some(_)) if is_fleeting => foot.put("kept until you quit only", theme.warn),
        (None, Some(_)) => foot.put("draft kept", theme.good),
        (None, None) => foot.put("empty", theme.quiet),
    };
    let length = area::text(&note.text).chars().count();
    let (near, over) = (length > NewNote::LONGEST / 2, length > NewNote::LONGEST);
    if near {
        let style = if over { theme.bad } else { theme.quiet };
        foot.put("   ", style).put(figures::count(length as u64), style).put(" of ", style);
        foot.put(figures::count(NewNote::LONGEST as u64), style).put(" characters", style);
    }
    if !over {
        foot.put("   saving costs 1 credit", theme.quiet);
    }
    popup.foot(scene, &foot, buf);
    cursor
}

/// What a record is called in a sentence.
pub(super) const fn kind(module: Module) -> &'static str {
    match module {
        Module::Pipelines => "deal",
        Module::Contacts => "contact",
        Module::Accounts => "company",
        Module::Products => "product",
        Module::Tasks => "task",
        Module::Events => "meeting",
        Module::Calls => "call",
        Module::Notes => "note",
    }
}
