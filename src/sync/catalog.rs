//! The org's metadata: who, which pipelines, which fields.

use futures_util::future::try_join_all;
use strum::IntoEnumIterator as _;

use super::standard;
use crate::{
    api::{Client, Error, Kind, Member, UserType},
    domain::{Allowance, Catalog, Module, Org, Schema, User},
};

/// Reads the catalog; 1 credit each for the org, the users, the user who signed in and the layouts, and one for
/// each module's fields. What the sign-in or the user's profile does not allow to read is made up of what is
/// known of every org, so that the rest works.
///
/// # Errors
/// As every call.
pub async fn catalog(client: &Client) -> Result<Catalog, Error> {
    let schemas = try_join_all(Module::iter().map(|module| schema(client, module)));
    let (org, me, users, pipelines, schemas) =
        tokio::try_join!(org(client), client.current_user(), users(client), client.pipelines(), schemas)?;
    let me = me.map(|member| member.user);
    let mut users: Vec<User> = users.into_iter().map(|member| member.user).collect();
    if let Some(me) = me.as_ref().filter(|me| !users.iter().any(|user| user.id == me.id)) {
        users.push(me.clone());
    }
    let me = me.or_else(|| users.first().cloned()).map_or_else(|| org.id.clone(), |me| me.id);
    Ok(Catalog { org, users, me, pipelines, schemas })
}

async fn org(client: &Client) -> Result<Org, Error> {
    match client.org().await {
        Err(error) if is_closed(&error) => Ok(Org {
            id: "0".parse().expect("a digit is an id"),
            name: "Bigin".to_owned(),
            currency: String::new(),
            currency_symbol: String::new(),
            time_zone: "UTC".to_owned(),
            edition: String::new(),
            allowance: Allowance::FREE,
        }),
        answer => answer,
    }
}

async fn users(client: &Client) -> Result<Vec<Member>, Error> {
    match client.users(UserType::AllUsers).await {
        Err(error) if is_closed(&error) => Ok(Vec::new()),
        answer => answer,
    }
}

async fn schema(client: &Client, module: Module) -> Result<Schema, Error> {
    match client.schema(module).await {
        Ok(schema) if schema.fields.is_empty() => Ok(standard::schema(module)),
        Err(error) if is_closed(&error) || matches!(error.kind(), Kind::Refused(_)) => {
            Ok(standard::schema(module))
        }
        answer => answer,
    }
}

/// Whether the sign-in or the profile does not allow it.
fn is_closed(error: &Error) -> bool {
    matches!(error.kind(), Kind::Scope { .. } | Kind::Forbidden { .. })
}
