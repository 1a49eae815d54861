//! Expressions to terms.

use super::{Aliased, Binder, Cell, Literal, OverRows, Term, constant::Constant, names::canonical, term};
use crate::{
    coql::{
        diagnostic::{Diagnostic, MOST_SAID},
        span::{Span, Spanned},
        statement::{Expr, Node},
        tree::{self, Comparison},
    },
    domain::Shape,
};

impl Binder<'_> {
    /// The term that `node` stands for; none when something is wrong with it, which was said.
    pub(super) fn term(&mut self, node: &Node) -> Option<Term> {
        let enough = self.diagnostics.len() >= MOST_SAID;
        let term = if enough { None } else { self.any_term(node) };
        self.incomplete |= term.is_none();
        term
    }

    fn any_term(&mut self, node: &Node) -> Option<Term> {
        if let Some(constant) = self.constant(node) {
            return self.literal(constant, &node.span).map(Term::Literal);
        }
        match &node.value {
            Expr::Column(path) => self.named(path, &node.span),
            Expr::Call { name, distinct, arguments } => self.call(name, *distinct, arguments, &node.span),
            Expr::Negative(inner) => {
                let zero = Expr::Number("0".to_owned()).at(node.span.start..node.span.start);
                self.arithmetic(&zero, crate::coql::statement::Arithmetic::Subtract, inner, &node.span)
            }
            Expr::Arithmetic(left, operation, right) => self.arithmetic(left, *operation, right, &node.span),
            Expr::Compare(left, comparison, right) => self.compare(left, *comparison, right, &node.span),
            Expr::Like { operand, negated, pattern } => self.like(operand, *negated, pattern, &node.span),
            Expr::In { operand, negated, values } => self.within(operand, *negated, values, &node.span),
            Expr::Between { operand, negated, low, high } => {
                self.between(operand, *negated, [low, high], node)
            }
            Expr::Null { operand, negated } => {
                let operand = Box::new(self.term(operand)?);
                Some(Term::Null { operand, negated: *negated })
            }
            Expr::Not(inner) => self.truth(inner).map(|term| Term::Not(Box::new(term))),
            Expr::Logic(connective, all) => {
                let terms: Vec<_> = all.iter().map(|node| self.truth(node)).collect();
                let terms: Option<Vec<Term>> = terms.into_iter().collect();
                terms.map(|terms| Term::Logic(*connective, terms))
            }
            Expr::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            _ => None,
        }
    }

    /// A constant where nothing tells its kind.
    fn literal(&mut self, constant: Constant, span: &Span) -> Option<Literal> {
        Some(match constant {
            Constant::Unknown => return None,
            Constant::Null => Literal::Null,
            Constant::Text(text) | Constant::User(text) => Literal::Text(text),
            Constant::Number(number) => Literal::Number(number),
            Constant::Flag(flag) => Literal::Flag(flag),
            Constant::Days(first, _) => Literal::Day(first),
            Constant::Instant(at) => Literal::Instant(at),
            Constant::List(_) => return self.error(span, "several values can only be compared with in"),
        })
    }

    /// A field, or a selected column by its name.
    fn named(&mut self, path: &str, span: &Span) -> Option<Term> {
        let alias = self.aliases.iter().find(|(name, _)| name.eq_ignore_ascii_case(path));
        let alias = alias.map(|(_, term)| term.clone());
        if self.aliased == Aliased::BeforeFields
            && let Some(term) = alias
        {
            return Some(term);
        }
        if let Some(cell) = self.cell_at(path) {
            if !cell.source.is_shown() {
                let message = format!("Bigin's COQL does not read {}: the mirror does", cell.path);
                self.say(Diagnostic::warning(span.clone(), message));
            }
            return Some(Term::Cell(cell));
        }
        if let Some(term) = alias.filter(|_| self.aliased == Aliased::AfterFields) {
            if term.has_aggregate() && self.over_rows == OverRows::InGroup {
                return self.error(span, format!("{path} is counted over a group: it cannot make groups"));
            }
            return Some(term);
        }
        let column = Spanned {
            value: tree::Column::of(&canonical(self.schemas, self.base, path)),
            span: span.clone(),
        };
        if let Err(error) = self.resolver.column(&column) {
            self.say(error.diagnostic(span.end));
        }
        None
    }

    /// The field at the end of `path`, if there is one.
    pub(super) fn cell_at(&mut self, path: &str) -> Option<Cell> {
        let path = canonical(self.schemas, self.base, path);
        let column = Spanned::from(tree::Column::of(&path));
        let source = self.resolver.column(&column).ok()?;
        Some(Cell { path, source })
    }

    fn case(
        &mut self,
        operand: Option<&Node>,
        branches: &[(Node, Node)],
        otherwise: Option<&Node>,
    ) -> Option<Term> {
        let mut bound = Some(Vec::new());
        let mut shape: Option<Shape> = None;
        let mut agreed = |binder: &mut Self, node: &Node, term: &Option<Term>| {
            let (Some(known), Some(own)) = (shape, term.as_ref().and_then(Term::shape)) else {
                shape = shape.or(term.as_ref().and_then(Term::shape));
                return;
            };
            if !term::alike(known, own) {
                let (known, own) = (term::words(Some(known)), term::words(Some(own)));
                let message = format!("this branch gives {own}, others give {known}");
                binder.say(Diagnostic::error(node.span.clone(), message));
            }
        };
        for (when, then) in branches {
            let condition = match operand {
                Some(operand) => self.compare(operand, Comparison::Equal, when, &when.span),
                None => self.truth(when),
            };
            let value = self.term(then);
            agreed(self, then, &value);
            bound = bound.zip(condition).zip(value).map(|((mut all, condition), value)| {
                all.push((condition, value));
                all
            });
        }
        let last = otherwise.map(|node| {
            let term = self.term(node);
            agreed(self, node, &term);
            term
        });
        let branches = bound.filter(|branches| !branches.is_empty())?;
        Some(Term::Case(branches, last.map_or(Some(None), |term| term.map(|term| Some(Box::new(term))))?))
    }
}
