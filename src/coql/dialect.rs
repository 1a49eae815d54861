//! What differs between the documented language and what some orgs are reported to take.

/// The switches of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// A query without WHERE is refused.
    pub where_required: bool,
    /// `as` and what follows it.
    pub aliases: bool,
    /// `COUNT`, `SUM`, `MIN`, `MAX`, `AVG` and GROUP BY.
    pub aggregates: bool,
    /// `not like` with other patterns than `%text%`.
    pub not_like_anything: bool,
    /// `not between`.
    pub not_between: bool,
}

impl Dialect {
    /// The documented language of Bigin.
    ///
    /// <https://www.bigin.com/developer/docs/apis/v2/construct-coql-query.html>
    pub const STRICT: Self = Self {
        where_required: true,
        aliases: false,
        aggregates: false,
        not_like_anything: false,
        not_between: false,
    };

    /// The language of later versions of Zoho CRM as well.
    ///
    /// <https://www.zoho.com/crm/developer/docs/api/v7/Get-Records-through-COQL-Query.html>
    pub const LENIENT: Self = Self {
        where_required: false,
        aliases: true,
        aggregates: true,
        not_like_anything: true,
        not_between: true,
    };
}

impl Default for Dialect {
    fn default() -> Self {
        Self::STRICT
    }
}
