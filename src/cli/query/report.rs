//! Diagnostics as a compiler writes them: the words, the line, the place underlined.

use unicode_width::UnicodeWidthStr;

use crate::{
    coql::{Diagnostic, Severity, position},
    domain::SafeText,
};

/// What is wrong with `text`, which is called `name`.
#[must_use]
pub fn report(name: &str, text: &str, diagnostics: &[&Diagnostic]) -> String {
    let mut out = String::new();
    for said in diagnostics {
        let severity = match said.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (number, column) = position(text, said.span.start);
        let margin = " ".repeat(number.to_string().len());
        let start = text.get(..said.span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
        let end = said.span.end.min(start + line.len());
        let width = |from: usize, to: usize| {
            text.get(from..to.max(from)).map_or(0, |part| SafeText::new(part).as_str().width())
        };
        let (lead, marked) = (width(start, said.span.start), width(said.span.start, end).max(1));
        let message = SafeText::new(&said.message);
        out.push_str(&format!("{severity}: {message}\n"));
        out.push_str(&format!("{margin}--> {}:{number}:{column}\n", SafeText::new(name)));
        out.push_str(&format!("{margin} |\n{number} | {}\n", SafeText::new(line)));
        out.push_str(&format!("{margin} | {}{}\n", " ".repeat(lead), "^".repeat(marked)));
        if let Some(fix) = &said.fix {
            out.push_str(&format!("{margin} = help: {}\n", SafeText::new(&fix.title)));
        }
        if !said.help.is_empty() {
            out.push_str(&format!("{margin} = help: {}\n", SafeText::new(&said.help)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coql::Fix;

    #[test]
    fn the_place_is_underlined_in_its_line() {
        let text = "select Stage,\n  '営業', Amuont from Deals";
        let at = text.find("Amuont").expect("a place");
        let said = Diagnostic::error(at..at + 6, "Pipelines has no field Amuont, did you mean Amount?")
            .with(Fix::replace(at..at + 6, "Amount"));
        assert_eq!(
            report("query", text, &[&said]),
            "error: Pipelines has no field Amuont, did you mean Amount?\n \
             --> query:2:9\n  \
             |\n\
             2 |   '営業', Amuont from Deals\n  \
             |           ^^^^^^\n  \
             = help: write Amount\n"
        );
    }

    #[test]
    fn what_could_speak_to_the_terminal_is_shown() {
        let said = Diagnostic::warning(4..4, "\u{1b}[2J");
        let shown = report("q", "a\u{1b}b\n", &[&said]);
        assert!(!shown.contains('\u{1b}') && shown.contains("^"), "{shown}");
    }
}
