//! The tree of what people write: Bigin's COQL and what this program adds to it.

mod print;
mod turn;

use super::{
    span::{Span, Spanned},
    tree::{Comparison, Connective, Direction},
};

/// An expression with its place.
pub type Node = Spanned<Expr>;

/// One SELECT. Read from a broken text it is partial: what is missing is none, empty or [`Expr::Missing`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statement {
    /// Equal rows are shown once.
    pub distinct: bool,
    /// What follows SELECT, in order.
    pub items: Vec<Item>,
    /// The module, as written.
    pub module: Option<Spanned<String>>,
    /// What follows WHERE.
    pub condition: Option<Node>,
    /// What follows GROUP BY.
    pub group: Vec<Node>,
    /// What follows HAVING.
    pub having: Option<Node>,
    /// What follows ORDER BY.
    pub order: Vec<SortKey>,
    /// Rows at most; all of them where it is left out.
    pub limit: Option<Node>,
    /// Rows to skip.
    pub offset: Option<Node>,
}

/// One item of SELECT.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `*`: every field that can be shown.
    Everything(Place),
    /// An expression, and the name that it goes by.
    One {
        /// The expression.
        node: Node,
        /// What follows AS.
        alias: Option<Spanned<String>>,
    },
}

/// Where something without a value stands.
pub type Place = Spanned<()>;

/// One key of ORDER BY.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The expression; a number names an item of SELECT.
    pub node: Node,
    /// Which way.
    pub direction: Direction,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A field, through lookups or not; or a picklist value without quotes, which only metadata can tell.
    Column(String),
    /// Quoted text, unescaped.
    Text(String),
    /// A number as written, so that ids and decimals keep every digit.
    Number(String),
    /// `true`, `false`, `null`, or a picklist value with hyphens.
    Word(String),
    /// `$me`, `$week(-1)`.
    Variable {
        /// Without the dollar.
        name: String,
        /// What stands in parentheses.
        shift: Option<i64>,
    },
    /// `:name`.
    Parameter(String),
    /// A function; `count(*)` has no arguments.
    Call {
        /// As written.
        name: String,
        /// `distinct` before the argument.
        distinct: bool,
        /// In order.
        arguments: Vec<Node>,
    },
    /// A minus before something.
    Negative(Box<Node>),
    /// Two numbers or days.
    Arithmetic(Box<Node>, Arithmetic, Box<Node>),
    /// Two values.
    Compare(Box<Node>, Comparison, Box<Node>),
    /// `[not] like`; `%` counts only at the ends of the pattern.
    Like {
        /// What is looked at.
        operand: Box<Node>,
        /// `not like`.
        negated: bool,
        /// The pattern.
        pattern: Box<Node>,
    },
    /// `[not] in (…)`.
    In {
        /// What is looked at.
        operand: Box<Node>,
        /// `not in`.
        negated: bool,
        /// The list.
        values: Vec<Node>,
    },
    /// `[not] between low and high`, both included.
    Between {
        /// What is looked at.
        operand: Box<Node>,
        /// `not between`.
        negated: bool,
        /// The lower bound.
        low: Box<Node>,
        /// The upper bound.
        high: Box<Node>,
    },
    /// `is [not] null`.
    Null {
        /// What is looked at.
        operand: Box<Node>,
        /// `is not null`.
        negated: bool,
    },
    /// The contrary.
    Not(Box<Node>),
    /// Two or more conditions; AND binds before OR.
    Logic(Connective, Vec<Node>),
    /// The value of the first branch whose condition holds.
    Case {
        /// What every branch is compared with; none where branches are conditions.
        operand: Option<Box<Node>>,
        /// What follows each WHEN and THEN.
        branches: Vec<(Node, Node)>,
        /// What follows ELSE.
        otherwise: Option<Box<Node>>,
    },
    /// Something that the text lacks.
    Missing,
}

/// An operation on two numbers or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Arithmetic {
    /// The operator as written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

impl Expr {
    /// The expression at a place.
    #[must_use]
    pub fn at(self, span: Span) -> Node {
        Spanned { value: self, span }
    }

    /// The expressions that it is made of, from left to right.
    #[must_use]
    pub fn children(&self) -> Vec<&Node> {
        match self {
            Self::Column(_)
            | Self::Text(_)
            | Self::Number(_)
            | Self::Word(_)
            | Self::Variable { .. }
            | Self::Parameter(_)
            | Self::Missing => Vec::new(),
            Self::Call { arguments, .. } => arguments.iter().collect(),
            Self::Negative(one) | Self::Not(one) | Self::Null { operand: one, .. } => vec![one],
            Self::Arithmetic(left, _, right)
            | Self::Compare(left, _, right)
            | Self::Like { operand: left, pattern: right, .. } => vec![left, right],
            Self::In { operand, values, .. } => std::iter::once(&**operand).chain(values).collect(),
            Self::Between { operand, low, high, .. } => vec![operand, low, high],
            Self::Logic(_, all) => all.iter().collect(),
            Self::Case { operand, branches, otherwise } => {
                let branches = branches.iter().flat_map(|(when, then)| [when, then]);
                operand.as_deref().into_iter().chain(branches).chain(otherwise.as_deref()).collect()
            }
        }
    }
}

impl Statement {
    /// Every expression of the statement, clause by clause.
    #[must_use]
    pub fn nodes(&self) -> Vec<&Node> {
        let items = self.items.iter().filter_map(|item| match item {
            Item::Everything(_) => None,
            Item::One { node, .. } => Some(node),
        });
        items
            .chain(&self.condition)
            .chain(&self.group)
            .chain(&self.having)
            .chain(self.order.iter().map(|key| &key.node))
            .chain(&self.limit)
            .chain(&self.offset)
            .collect()
    }

    /// The names of the parameters that the statement needs, each once, in the order of the text.
    #[must_use]
    pub fn parameters(&self) -> Vec<&str> {
        fn collect<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
            if let Expr::Parameter(name) = &node.value
                && !names.contains(&name.as_str())
            {
                names.push(name);
            }
            node.children().into_iter().for_each(|child| collect(child, names));
        }
        let mut names = Vec::new();
        self.nodes().into_iter().for_each(|node| collect(node, &mut names));
        names
    }
}
