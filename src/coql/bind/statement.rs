//! The clauses of a statement.

use strum::IntoEnumIterator;

use super::{Aliased, Binder, Bound, Output, OverRows, Term, constant, constant::Constant};
use crate::{
    coql::{
        check::queried,
        diagnostic::{Diagnostic, Fix},
        similar::nearest,
        span::Span,
        statement::{Expr, Item, Node, SortKey, Statement},
    },
    domain::{FieldKind, Module, Schema, Schemas, Shape},
};

/// The module that people or the API call by this name, in any case.
#[must_use]
pub fn module_named(name: &str) -> Option<Module> {
    Module::iter().find(|module| {
        module.plural().eq_ignore_ascii_case(name) || module.api_name().eq_ignore_ascii_case(name)
    })
}

/// The schema of the module that `statement` reads.
pub(super) fn base<'a>(
    statement: &Statement,
    schemas: &'a Schemas,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a Schema> {
    let module = statement.module.as_ref()?;
    let named = module_named(module).and_then(|module| schemas.get(module.api_name()));
    if let Some(schema) = named.filter(|schema| queried(&schema.module)) {
        return Some(schema);
    }
    let span = module.span.clone();
    let known = schemas.iter().filter_map(|schema| schema.module.parse::<Module>().ok());
    let names: Vec<&str> = known
        .filter(|module| queried(module.api_name()))
        .flat_map(|module| [module.api_name(), module.plural()])
        .collect();
    let message = format!("{} is not a module that can be queried", module.value);
    let Some(meant) = nearest(module, names.iter().copied()) else {
        diagnostics.push(Diagnostic::error(span, message));
        return None;
    };
    let said = Diagnostic::error(span.clone(), format!("{message}, did you mean {meant}?"));
    diagnostics.push(said.with(Fix::replace(span, meant)));
    // What else is wrong is said as if it were the module that was meant.
    schemas.get(module_named(meant)?.api_name())
}

impl Binder<'_> {
    /// Binds every clause, also when an earlier one is wrong.
    pub(super) fn statement(&mut self, statement: &Statement) -> Option<Bound> {
        self.over_rows = OverRows::InWhere;
        let condition = statement.condition.as_ref().map(|node| self.truth(node));
        self.over_rows = OverRows::Allowed;
        let outputs = self.outputs(&statement.items);
        self.over_rows = OverRows::InGroup;
        self.aliased = Aliased::AfterFields;
        let group: Vec<_> = statement.group.iter().map(|node| self.key(node, statement)).collect();
        self.over_rows = OverRows::Allowed;
        self.aliased = Aliased::BeforeFields;
        let having = statement.having.as_ref().map(|node| self.truth(node));
        let order: Vec<_> = statement.order.iter().map(|key| self.sort_key(key, statement)).collect();
        let limit = statement.limit.as_ref().map(|node| self.count(node, "limit"));
        let offset = statement.offset.as_ref().map(|node| self.count(node, "offset"));

        let group: Option<Vec<Term>> = group.into_iter().collect();
        let order: Option<Vec<_>> = order.into_iter().collect();
        let complete = |term: Option<Option<Term>>| term.map_or(Some(None), |term| term.map(Some));
        let mut bound = Bound {
            module: self.base.module.clone(),
            tables: Vec::new(),
            distinct: statement.distinct,
            outputs: outputs?,
            condition: complete(condition)?,
            grouped: false,
            group: group?,
            having: complete(having)?,
            order: order?,
            limit: limit.map_or(Some(None), |limit| limit.map(Some))?,
            offset: offset.map_or(Some(0), |offset| offset)?,
        };
        let mut shown = bound.outputs.iter().map(|output| &output.term).chain(&bound.having);
        bound.grouped = !bound.group.is_empty()
            || shown.any(Term::has_aggregate)
            || bound.having.is_some()
            || bound.order.iter().any(|(term, _)| term.has_aggregate());
        if bound.distinct && !bound.grouped {
            // Equal rows are a group.
            bound.group = bound.outputs.iter().map(|output| output.term.clone()).collect();
            (bound.grouped, bound.distinct) = (true, false);
        }
        self.grouping(&bound, statement);
        bound.tables = std::mem::take(&mut self.resolver.tables);
        Some(bound)
    }

    fn outputs(&mut self, items: &[Item]) -> Option<Vec<Output>> {
        let mut outputs = Some(Vec::new());
        for item in items {
            let found = match item {
                Item::Everything(_) => Some(self.everything()),
                Item::One { node, alias } => self.term(node).map(|term| {
                    let key = match (alias, &term) {
                        (Some(alias), _) => alias.value.clone(),
                        (None, Term::Cell(cell)) => cell.path.clone(),
                        (None, _) => node.value.to_string(),
                    };
                    self.aliases.extend(alias.iter().map(|alias| (alias.value.clone(), term.clone())));
                    vec![Output { key, term }]
                }),
            };
            outputs = outputs.zip(found).map(|(mut all, found)| {
                all.extend(found);
                all
            });
        }
        outputs.filter(|outputs| !outputs.is_empty())
    }

    /// `*`: the id and every field that Bigin can show.
    fn everything(&mut self) -> Vec<Output> {
        let fields = self.base.fields.iter().filter(|field| {
            let layout = field.shape() == Shape::Reference;
            field.api_name != "id"
                && (field.shape() != Shape::List || field.kind == FieldKind::MultiSelectPickList)
                && (field.kind != FieldKind::Unknown || layout)
        });
        let names: Vec<&str> =
            std::iter::once("id").chain(fields.map(|field| field.api_name.as_str())).collect();
        let cells = names.into_iter().filter_map(|name| self.cell_at(name));
        cells.map(|cell| Output { key: cell.path.clone(), term: Term::Cell(cell) }).collect()
    }

    /// A key of GROUP BY or ORDER BY; a number stands for an item of SELECT.
    fn key(&mut self, node: &Node, statement: &Statement) -> Option<Term> {
        let Expr::Number(number) = &node.value else { return self.term(node) };
        let item = number.parse::<usize>().ok().and_then(|at| statement.items.get(at.checked_sub(1)?));
        match item {
            Some(Item::One { node, .. }) => {
                let (known, incomplete) = (self.diagnostics.len(), self.incomplete);
                let term = self.term(node);
                // What is wrong with it was said where it is selected.
                self.diagnostics.truncate(known);
                self.incomplete = incomplete || term.is_none();
                term
            }
            _ => {
                let message = format!("{number} is not the place of a selected column");
                self.error(&node.span, message)
            }
        }
    }

    fn sort_key(
        &mut self,
        key: &SortKey,
        statement: &Statement,
    ) -> Option<(Term, crate::coql::tree::Direction)> {
        self.key(&key.node, statement).map(|term| (term, key.direction))
    }

    fn count(&mut self, node: &Node, clause: &str) -> Option<u64> {
        let number = match self.constant(node)? {
            Constant::Unknown => {
                self.incomplete = true;
                return None;
            }
            value => constant::number(&value),
        };
        let count =
            number.filter(rust_decimal::Decimal::is_integer).and_then(|number| number.try_into().ok());
        count.or_else(|| self.error(&node.span, format!("{clause} needs a whole number")))
    }

    /// A condition.
    pub(super) fn truth(&mut self, node: &Node) -> Option<Term> {
        let term = self.term(node)?;
        match term.shape() {
            Some(Shape::Flag) | None => Some(term),
            _ => self.error(&node.span, "this is a value, not a condition: compare it with something"),
        }
    }

    pub(super) fn unknown(&mut self, span: &Span, message: &str, meant: Option<&str>) {
        let diagnostic = match meant {
            Some(meant) => Diagnostic::error(span.clone(), format!("{message}, did you mean {meant}?"))
                .with(Fix::replace(span.clone(), meant)),
            None => Diagnostic::error(span.clone(), message),
        };
        self.say(diagnostic);
    }
}
