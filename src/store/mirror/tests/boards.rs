use rust_decimal::Decimal;

use super::*;

fn company() -> Mirror {
    let mut mirror = mirror();
    let mut renewal = deal(4, "renewal", "Signing", 1_000, Some("2026-09-30"));
    renewal["Sub_Pipeline"] = json!("Renewals");
    let mut partner = deal(5, "partner", "Proposal", 77, None);
    partner["Pipeline"] = json!({"id": "101"});
    partner["Sub_Pipeline"] = json!("Partners");
    put(
        &mut mirror,
        Module::Pipelines,
        &[
            deal(1, "late", "Proposal", 100, Some("2026-10-01")),
            deal(2, "early", "Proposal", 50, Some("2026-09-01")),
            deal(3, "early and large", "Proposal", 60, Some("2026-09-01")),
            renewal,
            partner,
            deal(6, "won", "Closed Won", 5_000, Some("2026-09-20")),
        ],
    );
    mirror
}

#[test]
fn a_board_has_the_open_stages_with_their_figures_and_first_cards() {
    let mut mirror = company();
    let moment = mirror.moment(now());
    let board = mirror.board(&sales(None), &DealFilter::default(), 2, &moment).expect("board");
    let stages: Vec<&str> = board.iter().map(|column| column.stage.as_str()).collect();
    assert_eq!(stages, ["Qualification", "Proposal", "Signing"], "both sub-pipelines, each stage once");
    let proposal = &board[1];
    assert_eq!((proposal.count, proposal.sum, proposal.weighted), (3, 210.into(), 105.into()));
    assert_eq!(proposal.median_days, Some(20), "since the last change, as nothing better is known");
    let cards: Vec<&str> = proposal.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(cards, ["early and large", "early"]);
    assert_eq!((board[0].count, board[0].median_days, board[0].rows.len()), (0, None, 0));
    let standard = mirror.board(&sales(Some("Standard")), &DealFilter::default(), 9, &moment).expect("board");
    assert_eq!(standard.len(), 2);
}

#[test]
fn a_stage_that_the_catalog_does_not_know_is_not_lost() {
    let mut mirror = company();
    put(&mut mirror, Module::Pipelines, &[deal(9, "stray", "Brand new", 1, None)]);
    let moment = mirror.moment(now());
    let board = mirror.board(&sales(None), &DealFilter::default(), 9, &moment).expect("board");
    let last = board.last().expect("column");
    assert_eq!((last.stage.as_str(), last.count, last.rows.len()), ("Brand new", 1, 1));
}

#[test]
fn a_column_s_list_agrees_with_its_figures() {
    let mut mirror = company();
    let moment = mirror.moment(now());
    for filter in [DealFilter::default(), DealFilter { text: "early".to_owned(), ..DealFilter::default() }] {
        for column in mirror.board(&sales(None), &filter, 9, &moment).expect("board") {
            let list =
                ListSpec::Stage { scope: sales(None), stage: column.stage.clone(), filter: filter.clone() };
            let window = mirror.window(&list, &Slice::Start, 9, &moment).expect("window");
            assert_eq!(window.total, column.count, "{}", column.stage);
            assert_eq!(window.rows, Rows::Deals(column.rows));
        }
    }
}

#[test]
fn a_summary_counts_what_needs_care() {
    let mut mirror = company();
    let fresh = |number| {
        let mut deal = deal(number, "fresh", "Proposal", 10, None);
        deal["Modified_Time"] = json!("2026-09-23T12:00:00Z");
        deal
    };
    put(&mut mirror, Module::Pipelines, &[fresh(20), fresh(21), fresh(22), fresh(23)]);
    put(
        &mut mirror,
        Module::Tasks,
        &[json!({"id": "70", "Subject": "call", "Due_Date": "2026-09-01", "Status": "In Progress",
               "Related_To": {"id": "1"}})],
    );
    let moment = mirror.moment(now());
    let open = DealFilter { open_only: true, ..DealFilter::default() };
    let summary = mirror.summary(&deals(open, DealSort::Closing), &moment).expect("summary");
    assert_eq!((summary.count, summary.sum), (8, 1_250.into()));
    assert_eq!(summary.weighted, Decimal::from(1_025), "half of 250, nine tenths of 1,000");
    assert_eq!(summary.stuck, 3, "twenty days where one is usual");
    assert_eq!(summary.no_next_step, 7, "a late task is a step all the same");
    assert_eq!(summary.closing_this_month, 1_110.into());
    let all = mirror.summary(&deals(DealFilter::default(), DealSort::Closing), &moment).expect("summary");
    assert_eq!((all.count, all.stuck), (9, 3));
}

#[test]
fn pipelines_tell_open_won_and_lost_of_each_sub_pipeline() {
    let mut mirror = company();
    let moment = mirror.moment(now());
    let totals = mirror.pipelines(&moment).expect("totals");
    let names: Vec<_> = totals.iter().map(|it| it.scope.sub_pipeline.as_deref().unwrap_or("")).collect();
    assert_eq!(names, ["Standard", "Renewals", "Partners"]);
    let standard = &totals[0];
    assert_eq!((standard.open.count, standard.won, standard.won_sum, standard.lost), (3, 1, 5_000.into(), 0));
    assert_eq!(standard.stages[1], ("Proposal".to_owned(), 3, 210.into()));
    assert_eq!(standard.stages[3], ("Closed Lost".to_owned(), 0, Decimal::ZERO));
    assert_eq!(totals[2].open.count, 1);
}

#[test]
fn the_age_in_a_stage_is_kept_until_the_stage_changes() {
    let mut mirror = mirror();
    let row = |mirror: &Mirror| {
        let moment = mirror.moment(now());
        mirror.deal_row(1, &moment).expect("read").expect("deal").since.expect("since")
    };
    let pulled = |mirror: &mut Mirror, stage: &str, modified: &str| {
        let mut deal = deal(1, "deal", stage, 1, None);
        deal["Modified_Time"] = json!(modified);
        put(mirror, Module::Pipelines, &[deal]);
    };
    pulled(&mut mirror, "Qualification", "2026-08-01T00:00:00Z");
    assert_eq!((row(&mirror).at, row(&mirror).observed), (at("2026-08-01T00:00:00Z"), false));
    pulled(&mut mirror, "Qualification", "2026-08-20T00:00:00Z");
    assert_eq!(row(&mirror).at, at("2026-08-01T00:00:00Z"), "another field changed, the stage did not");
    pulled(&mut mirror, "Proposal", "2026-09-01T00:00:00Z");
    assert_eq!((row(&mirror).at, row(&mirror).observed), (at("2026-09-01T00:00:00Z"), true));
    pulled(&mut mirror, "Proposal", "2026-09-10T00:00:00Z");
    assert_eq!((row(&mirror).at, row(&mirror).observed), (at("2026-09-01T00:00:00Z"), true));
}

#[test]
fn the_next_step_is_the_earliest_that_has_not_passed() {
    let mut mirror = mirror();
    put(&mut mirror, Module::Pipelines, &[deal(1, "deal", "Proposal", 1, None)]);
    put(
        &mut mirror,
        Module::Events,
        &[
            json!({"id": "71", "Event_Title": "past demo", "Start_DateTime": "2026-09-24T08:00:00Z",
               "End_DateTime": "2026-09-24T09:00:00Z", "Related_To": {"id": "1"}}),
            json!({"id": "72", "Event_Title": "demo", "Start_DateTime": "2026-09-24T14:00:00Z",
               "End_DateTime": "2026-09-24T15:00:00Z", "Related_To": {"id": "1"}}),
        ],
    );
    put(
        &mut mirror,
        Module::Tasks,
        &[
            json!({"id": "73", "Subject": "done", "Due_Date": "2026-09-01", "Status": "Completed",
               "Related_To": {"id": "1"}}),
            json!({"id": "74", "Subject": "offer", "Due_Date": "2026-09-28", "Status": "Not Started",
               "Related_To": {"id": "1"}}),
        ],
    );
    let step = |mirror: &mut Mirror, now: &str| {
        let moment = mirror.moment(at(now));
        mirror.settle(&moment).expect("settle");
        let next = mirror.deal_row(1, &moment).expect("read").expect("deal").next;
        next.map(|next| (next.subject.to_string(), next.due))
    };
    assert_eq!(step(&mut mirror, "2026-09-24T12:00:00Z"), Some(("demo".to_owned(), date("2026-09-24"))));
    assert_eq!(step(&mut mirror, "2026-09-24T16:00:00Z"), Some(("offer".to_owned(), date("2026-09-28"))));
    mirror.forget(Module::Tasks, &["74".to_owned()], None, now()).expect("forget");
    assert_eq!(step(&mut mirror, "2026-09-24T16:00:00Z"), None);
}
