//! The editor's text in its colours, with what is wrong underlined.

use crate::{
    app::pane::CoqlPane,
    coql::{Severity, TokenClass},
    ui::{editor::Paint, scene::Scene},
};

/// Words in the colours of what they are, and places where something is wrong.
pub fn paint(scene: &Scene<'_>, pane: &CoqlPane) -> Paint {
    let theme = scene.theme;
    let parts = pane.reading.analysis.tokens.iter().map(|token| {
        let style = match token.class {
            TokenClass::Keyword | TokenClass::Function => theme.keyword,
            TokenClass::Module => theme.title,
            TokenClass::Text | TokenClass::Number | TokenClass::Value => theme.literal,
            TokenClass::Parameter => theme.marked,
            TokenClass::Comment => theme.quiet,
            TokenClass::Error => theme.warn,
            TokenClass::Field | TokenClass::Alias | TokenClass::Operator | TokenClass::Punctuation => {
                theme.input
            }
        };
        (token.span.clone(), style)
    });
    let said = pane.reading.analysis.diagnostics().map(|said| {
        let style = if said.severity == Severity::Error { theme.fault } else { theme.doubt };
        (said.span.clone(), style)
    });
    let refused = pane.run.fault(&pane.reading.text).map(|span| (span, theme.fault));
    Paint { parts: parts.collect(), faults: refused.into_iter().chain(said).collect() }
}
