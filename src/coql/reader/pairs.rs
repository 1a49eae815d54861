//! Where Bigin's grammar, whose connectives join exactly two, needs parentheses.

use super::{Diagnostic, Fix, Reader, Span};
use crate::coql::{diagnostic::Edit, statement::Node};

/// Conditions joined by one connective, as the text has them.
pub(super) struct Chain {
    pub operands: Vec<Operand>,
    /// Where the connectives stand.
    pub links: Vec<Span>,
}

pub(super) struct Operand {
    /// Its span takes in its own parentheses.
    pub node: Node,
    /// The connectives of an operand that is itself a chain without parentheses.
    pub links: Vec<Span>,
}

/// The parentheses that one WHERE clause lacks.
#[derive(Default)]
pub(super) struct Pairs {
    edits: Vec<Edit>,
    /// The connective at which Bigin gives up.
    place: Option<Span>,
}

impl Pairs {
    /// Notes what `chain` lacks; the last operand stays outside, as does the outermost pair.
    pub fn note(&mut self, chain: &Chain) {
        let count = chain.operands.len();
        if count < 2 {
            return;
        }
        let mut links: Vec<&Span> =
            chain.links.iter().chain(chain.operands.iter().flat_map(|operand| &operand.links)).collect();
        links.sort_by_key(|link| link.start);
        let Some(place) = links.get(1) else { return };
        if self.place.as_ref().is_none_or(|known| place.start < known.start) {
            self.place = Some((*place).clone());
        }
        for (index, Operand { node, links }) in chain.operands.iter().enumerate() {
            let own = usize::from(!links.is_empty());
            let open = own + if index == 0 { count - 2 } else { 0 };
            let close = own + usize::from(index > 0 && index + 1 < count);
            self.put(node.span.start, "(", open);
            self.put(node.span.end, ")", close);
        }
    }

    fn put(&mut self, at: usize, sign: &str, times: usize) {
        if times > 0 {
            self.edits.push(Edit { span: at..at, text: sign.repeat(times) });
        }
    }

    fn diagnostic(self) -> Option<Diagnostic> {
        let message = "each and/or joins two conditions: put two of them in parentheses";
        let fix = Fix::all("add the parentheses", self.edits);
        Some(Diagnostic::error(self.place?, message).with(fix))
    }
}

impl Reader<'_> {
    /// What follows WHERE.
    pub(super) fn condition(&mut self) -> Node {
        self.pairs = Some(Pairs::default());
        let node = self.tests(Self::expression);
        let pairs = self.pairs.take();
        self.ungrouped.extend(pairs.and_then(Pairs::diagnostic));
        node
    }
}
