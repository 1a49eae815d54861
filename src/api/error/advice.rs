//! What to do after an error.

use super::Kind;

pub(super) fn of(kind: &Kind, uncertain: bool) -> String {
    if uncertain {
        return "It may have been done all the same; look before doing it again.".to_owned();
    }
    let sentence = match kind {
        Kind::Offline { .. } | Kind::Timeout { .. } => "What is here stays usable; it is tried again later.",
        Kind::NotJson { .. } | Kind::Redirected { .. } => {
            "Something between here and Bigin answers for it: a proxy, or a network that wants a login."
        }
        Kind::Untrusted { .. } => "Nothing was sent; check the network and the machine's certificates.",
        Kind::SignIn { .. } => "Sign in again with `bigin login`; nothing kept here is lost.",
        Kind::Scope { .. } => "Sign in again with `bigin login` and allow these scopes.",
        Kind::Forbidden { .. } => "An administrator can allow it in Bigin under Users and Controls.",
        Kind::Credits { until: Some(when), .. } => {
            return format!("Enough credits come back at {}.", clock(*when));
        }
        Kind::Credits { until: None, .. } => "Do it in smaller parts.",
        Kind::TooMany { retry_at } | Kind::Throttled { retry_at } => {
            return format!("It may be tried again at {}.", clock(*retry_at));
        }
        Kind::Server { .. } | Kind::Truncated => "Try again in a moment.",
        Kind::UnknownDomain { .. } => "Check the accounts URL; nothing was sent there.",
        Kind::ReadOnly => "Nothing was sent.",
        Kind::Refused(_) | Kind::Unexpected { .. } | Kind::TooLarge { .. } | Kind::Settings { .. } => "",
    };
    sentence.to_owned()
}

fn clock(when: jiff::Timestamp) -> String {
    when.to_zoned_datetime(jiff::tz::TimeZone::system()).strftime("%H:%M:%S").to_string()
}
