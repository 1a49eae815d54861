//! `GET /{module}/search`.
//!
//! <https://www.bigin.com/developer/docs/apis/v2/search-records.html>

mod criteria;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::json;

use super::records::{
    Ask, Verb,
    list::approved,
    listing::{self, Sort, size},
    paging::{DISCRETE, number, per_page},
    served, viewpoint,
};
use crate::sandbox::{
    Caller, Reply, Request, Sandbox, assumptions, reply,
    world::{
        Fields, Reading, Style, World,
        filter::{Clause, is_text, words},
        metadata::{Kind, Module, Nature},
    },
};

/// What a search can ask by, in the order in which the first one given is meant.
pub(super) const PARAMETERS: [&str; 4] = ["criteria", "email", "phone", "word"];

/// Letters of a word at least.
const SHORTEST_WORD: usize = 2;

/// Answers with the records that are found.
pub fn search(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Reply {
    answer(sandbox, caller, request).into()
}

fn answer(sandbox: &Sandbox, caller: &Caller, request: &Request) -> Result<Reply, Reply> {
    let world = sandbox.world();
    let metadata = Arc::clone(&world.metadata);
    let module = served(&metadata, Ask { world: &world, caller, request, verb: Verb::View })?;
    if assumptions::SEARCH_NEEDS_ITS_SCOPE && !caller.may(&["ZohoSearch.securesearch.READ"]) {
        return Err(reply::scope_mismatch());
    }
    if module.nature == Nature::Linking {
        let message = "module not suppoted for search";
        let details = json!({ "module": module.api_name });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "NOT_SUPPORTED", message, details));
    }
    let fields = listing::fields(request)?;
    let sort = Sort::read(request)?;
    let (page, per_page) = (number(request, "page")?.unwrap_or(1), per_page(request)?);
    if page * per_page > DISCRETE {
        let message = "maximum response iteration limit reached";
        let details = json!({ "limit": DISCRETE.to_string() });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "LIMIT_REACHED", message, details));
    }
    let mut rest = clause(&world, module, caller, request)?;
    rest.sql.insert_str(0, "WHERE ");
    if !approved(request)? {
        rest.push(" AND 0");
    }
    rest.push(&sort.sql());
    rest.bind(" LIMIT ?", size(per_page + 1));
    rest.bind(" OFFSET ?", size((page - 1) * per_page));
    let fields = fields.as_deref().map_or(Fields::Whole, Fields::Named);
    let mut records = Reading::new(&world, module, fields, Style::Search).records(&rest.sql, &rest.params)?;
    drop(world);
    let more = records.len() > per_page;
    records.truncate(per_page);
    if records.is_empty() {
        return Ok(Reply::none());
    }
    let info = json!({
        "per_page": per_page,
        "count": records.len(),
        "sort_by": sort.name,
        "page": page,
        "sort_order": sort.order(),
        "more_records": more,
    });
    Ok(Reply::ok(listing::body(records, info)))
}

/// What the request searches for, as the condition of a query over the table `t`. Records that the index
/// does not know yet are left out.
pub(super) fn clause(
    world: &World,
    module: &Module,
    caller: &Caller,
    request: &Request,
) -> Result<Clause, Reply> {
    world.index(module)?;
    let mut clause = Clause::default();
    let given = PARAMETERS.into_iter().find_map(|name| Some((name, request.query(name)?)));
    let Some((parameter, text)) = given else {
        let message = "one of the expected parameter is missing";
        let details = json!({ "param_names": PARAMETERS });
        return Err(Reply::error(StatusCode::BAD_REQUEST, "EXPECTED_PARAM_MISSING", message, details));
    };
    let columns = |wanted: &dyn Fn(Kind) -> bool| -> Vec<&'static str> {
        module.fields.iter().filter(|field| wanted(field.kind)).map(|field| field.api_name).collect()
    };
    match parameter {
        "criteria" => criteria::parse(text)
            .and_then(|criteria| criteria.checked(module))
            .and_then(|filter| {
                let written = filter.write(&world.metadata, module, &viewpoint(caller), &mut clause);
                written.map_err(criteria::Refusal::of)
            })
            .map_err(criteria::Refusal::reply)?,
        "email" => {
            clause.push("(0");
            for column in columns(&|kind| kind == Kind::Email) {
                clause.bind(&format!(" OR t.\"{column}\" = ?"), text.to_owned());
            }
            clause.push(")");
        }
        "phone" => words(&mut clause, module, &columns(&|kind| kind == Kind::Phone), text, false),
        _ => {
            if text.chars().filter(|c| c.is_alphanumeric()).count() < SHORTEST_WORD {
                let message = "provide atleast 2 letters for search";
                let details = json!({ "param_name": "word" });
                return Err(Reply::error(StatusCode::BAD_REQUEST, "INVALID_DATA", message, details));
            }
            words(&mut clause, module, &columns(&is_text), text, true);
        }
    }
    clause.push(" AND t.\"$row\" NOT IN (SELECT row FROM \"$unindexed\"");
    clause.bind(" WHERE module = ?", module.api_name.to_owned());
    clause.bind(" AND due > ?", caller.now.as_second());
    clause.push(")");
    Ok(clause)
}
