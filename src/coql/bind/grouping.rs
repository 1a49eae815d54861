//! Beside functions over rows, everything must be the same for a whole group.

use super::{Binder, Bound, Term};
use crate::coql::{
    diagnostic::{Diagnostic, Fix},
    statement::{Item, Node, Statement},
};

impl Binder<'_> {
    pub(super) fn grouping(&mut self, bound: &Bound, statement: &Statement) {
        if !bound.grouped {
            return;
        }
        let everything = statement.items.iter().any(|item| matches!(item, Item::Everything(_)));
        if everything && !statement.distinct {
            let place = statement.items.iter().find_map(|item| match item {
                Item::Everything(place) => Some(place.span.clone()),
                Item::One { .. } => None,
            });
            self.say(Diagnostic::error(
                place.unwrap_or(0..0),
                "* cannot stand beside groups: name the columns",
            ));
            return;
        }
        let items = statement.items.iter().filter_map(|item| match item {
            Item::One { node, .. } => Some(node),
            Item::Everything(_) => None,
        });
        let shown = |term: &Term| bound.outputs.iter().any(|output| output.term == *term);
        if bound.distinct
            && let Some((key, _)) =
                statement.order.iter().zip(&bound.order).find(|(_, (term, _))| !shown(term))
        {
            let message = "distinct rows are sorted by what is selected only";
            self.say(Diagnostic::error(key.node.span.clone(), message));
            return;
        }
        if everything {
            return;
        }
        let selected = items.zip(bound.outputs.iter().map(|output| &output.term));
        let having = statement.having.iter().zip(&bound.having);
        let order = statement.order.iter().map(|key| &key.node).zip(bound.order.iter().map(|(term, _)| term));
        for (node, term) in selected.chain(having).chain(order) {
            if let Some(alone) = ungrouped(term, &bound.group) {
                self.alone(node, &alone, statement);
            }
        }
    }

    fn alone(&mut self, node: &Node, path: &str, statement: &Statement) {
        if self.diagnostics.iter().any(|said| said.span == node.span) {
            return;
        }
        let message = format!("{path} differs within a group: group by it, or ask for its max");
        let said = Diagnostic::error(node.span.clone(), message);
        let last = statement.group.last();
        self.say(match last {
            Some(last) => {
                let at = last.span.end;
                let mut fix = Fix::replace(at..at, &format!(", {path}"));
                fix.title = format!("group by {path}");
                said.with(fix)
            }
            None => said,
        });
    }
}

/// A field of `term` whose value is not that of a whole group.
fn ungrouped(term: &Term, group: &[Term]) -> Option<String> {
    if group.contains(term) || matches!(term, Term::Aggregate { .. }) {
        return None;
    }
    match term {
        Term::Cell(cell) => {
            // What lies behind a lookup is the same wherever the lookup is.
            let determined = group.iter().any(|key| match key {
                Term::Cell(key) => {
                    key.path == "id"
                        || cell.path.strip_prefix(&key.path).is_some_and(|rest| rest.starts_with('.'))
                        || key.path.strip_suffix(".id").is_some_and(|lookup| {
                            cell.path
                                .strip_prefix(lookup)
                                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                        })
                }
                _ => false,
            });
            (!determined).then(|| cell.path.clone())
        }
        other => other.children().into_iter().find_map(|child| ungrouped(child, group)),
    }
}
