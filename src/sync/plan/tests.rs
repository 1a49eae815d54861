use proptest::{collection::vec, prelude::*};

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("time")
}

fn usage(used: u32, limit: u32) -> Usage {
    Usage { used, limit, ..Usage::default() }
}

fn page(rows: u64, lowest: i64, token: Option<&str>) -> Seen {
    Seen { rows, lowest: Some(lowest), more: token.is_some(), token: token.map(str::to_owned) }
}

#[test]
fn a_walk_follows_tokens_to_their_end_and_then_ids() {
    let first = Stand::New.after(page(200, 5_000, Some("a")));
    assert_eq!(first, Stand::Token { token: "a".to_owned(), rows: 200, lowest: 5_000 });
    assert_eq!(first.after(page(7, 4_000, None)), Stand::Done);
    let far = Stand::Token { token: "z".to_owned(), rows: 99_800, lowest: 900 };
    assert_eq!(far.after(page(200, 700, Some("zz"))), Stand::Below { id: 700 });
    let below = Stand::Below { id: 700 };
    let more = Seen { rows: 200, lowest: Some(500), more: true, token: None };
    assert_eq!(below.after(more), Stand::Below { id: 500 });
    assert_eq!(below.after(page(3, 400, None)), Stand::Done);
}

#[test]
fn an_empty_list_is_done_and_a_lost_token_is_no_new_start() {
    let nothing = Seen { rows: 0, lowest: None, more: false, token: None };
    assert_eq!(Stand::New.after(nothing), Stand::Done);
    let at = Stand::Token { token: "old".to_owned(), rows: 400, lowest: 123 };
    assert_eq!(at.without_token(), Stand::Below { id: 123 });
    assert_eq!(Stand::New.without_token(), Stand::New);
}

#[test]
fn the_default_pipeline_is_walked_first() {
    let catalog = crate::store::mirror::example();
    let walks = walks(&catalog);
    assert_eq!(walks[0], Walk { module: Module::Pipelines, pipeline: Some(catalog.pipelines[0].id.clone()) });
    assert_eq!(walks[2].module, Module::Contacts);
    assert_eq!(walks.last().map(|walk| walk.module), Some(Module::Notes));
    let keys: std::collections::HashSet<String> = walks.iter().map(Walk::key).collect();
    assert_eq!(keys.len(), walks.len());
}

#[test]
fn a_fill_leaves_the_last_credits_to_the_person() {
    assert!(may_fill(&usage(0, 0)), "an edition that is not known yet stops nothing");
    assert!(may_fill(&usage(4_250, 5_000)));
    assert!(!may_fill(&usage(4_251, 5_000)));
    assert!(!may_fill(&usage(6_000, 5_000)));
}

#[test]
fn tries_while_offline_are_at_most_one_a_minute_in_the_long_run() {
    let pace = Pace::default();
    assert_eq!(pace.backoff(1), Duration::from_secs(2));
    assert_eq!(pace.backoff(99), Duration::from_secs(60));
}

proptest! {
    /// Records change at any second, some of them after a run that fell into the same second. Every change is
    /// seen by the first run of a later second.
    #[test]
    fn no_change_falls_between_two_runs(
        changes in vec((1_000i64..1_600, any::<bool>()), 1..40),
        runs in vec(1i64..200, 1..12),
    ) {
        let (mut since, mut now) = (at(1_000 - 120), 1_000);
        let mut seen = std::collections::HashSet::new();
        for step in runs {
            now += step;
            let here = |&(second, late): &(i64, bool)| second < now || (second == now && !late);
            let found: Vec<_> = changes.iter().copied().filter(|it| here(it) && at(it.0) > since).collect();
            seen.extend(found.iter().copied());
            since = watermark(since, at(now), found.iter().map(|it| at(it.0)).max(), 1);
            let missed: Vec<_> = changes.iter().filter(|it| it.0 < now && !seen.contains(*it)).collect();
            prop_assert!(missed.is_empty(), "{missed:?}");
        }
    }

    #[test]
    fn a_watermark_never_goes_back(since in 0i64..9_999, begun in 0i64..9_999, newest in 0i64..9_999, pages in 1u32..4) {
        prop_assert!(watermark(at(since), at(begun), Some(at(newest)), pages) >= at(since));
        prop_assert_eq!(watermark(at(since), at(begun), None, pages), at(since));
    }
}
