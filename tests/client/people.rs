//! The organisation and its users.

use bigin::{
    api::{Client, Clock, Limits, UserType},
    domain::Allowance,
    sandbox::{self, Edition},
};

use crate::desk::{Desk, options};

#[tokio::test]
async fn the_organisation_tells_what_its_edition_allows_and_the_client_goes_by_it() {
    for (edition, name, allowance) in [
        (Edition::Free, "Free", Allowance::FREE),
        (Edition::Express, "Express", Allowance::paid(8)),
        (Edition::Premier, "Premier", Allowance::paid(8)),
        (Edition::Bigin360, "Bigin 360", Allowance::paid(8)),
    ] {
        let desk = Desk::of(edition).await;
        let client = Client::new(desk.credentials(), Limits::new(None, Clock::system()), options());
        assert_eq!((client.limits().usage().limit, client.limits().usage().concurrency), (0, 5));
        let org = client.org().await.expect("the org");
        assert_eq!((org.edition.as_str(), org.allowance), (name, allowance));
        assert_eq!(org.id.as_str(), desk.sandbox.org_id);
        assert!(!org.name.is_empty() && org.currency.len() == 3 && org.time_zone.contains('/'), "{org:?}");
        let usage = client.limits().usage();
        assert_eq!(
            (usage.used, usage.limit, usage.concurrency),
            (1, allowance.credits, allowance.concurrency)
        );
    }
}

#[tokio::test]
async fn users_come_with_names_and_the_one_who_signed_in_is_among_them() {
    let desk = Desk::with(sandbox::Options { users: 8, deals: 20, ..sandbox::Options::default() }).await;
    let me = desk.client.current_user().await.expect("an answer").expect("someone");
    let all = desk.client.users(UserType::AllUsers).await.expect("users");
    let active = desk.client.users(UserType::ActiveUsers).await.expect("users");
    assert!(active.len() <= all.len() && active.iter().all(|member| member.active));
    assert_eq!(
        all.len() - active.len(),
        desk.client.users(UserType::DeactiveUsers).await.expect("users").len()
    );
    assert!(all.iter().any(|member| member.user == me.user));
    for member in &all {
        assert!(!member.user.name.is_empty() && member.user.email.contains('@'), "{member:?}");
        assert!(member.role.is_some() && member.profile.is_some(), "{member:?}");
    }
    assert_eq!(desk.client.user(&me.user.id).await.expect("an answer"), Some(me));
    let nobody = "6201840000000999999".parse().expect("an id");
    assert_eq!(desk.client.user(&nobody).await.expect("an answer"), None);
    desk.agree();
}
