//! Users of the org.

use serde_json::Value;
use strum::IntoStaticStr;

use super::{
    call::Call, client::Client, endpoint::Op, error::Error, metadata::name_or_id, page::Page, wire::id_of,
};
use crate::domain::{RecordId, User};

/// Which users to list. The service's words are exact and one of them is misspelt.
///
/// <https://www.bigin.com/developer/docs/apis/v2/get-users.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
pub enum UserType {
    /// All, inactive ones included.
    AllUsers,
    /// Those that can sign in.
    ActiveUsers,
    /// Those that cannot any more.
    DeactiveUsers,
    /// The one who signed in: the cheapest way to see that a sign-in works.
    CurrentUser,
}

/// A user with what the org says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Id, name and address.
    pub user: User,
    /// Can sign in.
    pub active: bool,
    /// Name of the role.
    pub role: Option<String>,
    /// Name of the permission profile.
    pub profile: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
}

impl Client {
    /// All users of a type.
    ///
    /// # Errors
    /// As every call.
    pub async fn users(&self, which: UserType) -> Result<Vec<Member>, Error> {
        let (mut members, mut number) = (Vec::new(), 1);
        loop {
            let kind: &'static str = which.into();
            let query = vec![
                ("type", kind.to_owned()),
                ("page", u32::to_string(&number)),
                ("per_page", "200".to_owned()),
            ];
            let call = Call { query, ..Call::new(Op::ListUsers) };
            let page = Page::read(self.send(&call).await?, "users", &call)?;
            members.extend(page.rows.iter().filter_map(Member::read));
            if !page.more || page.rows.is_empty() {
                return Ok(members);
            }
            number += 1;
        }
    }

    /// The user who signed in; none only if the service does not know who that is.
    ///
    /// # Errors
    /// As every call.
    pub async fn current_user(&self) -> Result<Option<Member>, Error> {
        Ok(self.users(UserType::CurrentUser).await?.into_iter().next())
    }

    /// One user.
    ///
    /// # Errors
    /// As every call.
    pub async fn user(&self, id: &RecordId) -> Result<Option<Member>, Error> {
        let call = Call { path: vec![id.to_string()], ..Call::new(Op::GetUser) };
        let page = Page::read(self.send(&call).await?, "users", &call)?;
        Ok(page.rows.first().and_then(Member::read))
    }
}

impl Member {
    fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let joined =
            || [text("first_name"), text("last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let email = text("email").unwrap_or_default().to_owned();
        let name = text("full_name").map_or_else(joined, str::to_owned);
        Some(Self {
            user: User {
                id: id_of(value.get("id")?)?,
                name: if name.is_empty() { email.clone() } else { name },
                email,
            },
            active: text("status") == Some("active"),
            role: value.get("role").and_then(name_or_id),
            profile: value.get("profile").and_then(name_or_id),
            time_zone: text("time_zone").map(str::to_owned),
        })
    }
}
