//! Whatever happens in whatever order, both sides end with the same records, and nothing that the user did is lost.
//!
//! Each case is a sequence of steps: what the user does, what others do to the same records, what the line does,
//! when the worker looks, and when it crashes. At the end the line is good again, what waits for the user is
//! answered, and everything is sent and fetched. Then the mirror holds what the server holds, the outbox is empty,
//! every note is there once, and every field has the value that it has to have.

mod account;
pub mod story;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use self::story::Story;

/// How many cases are run; more with this variable.
const CASES: &str = "BIGIN_CASES";

/// Cases in an ordinary run of the tests.
const FEW: u32 = 10;

/// Deals that the story is about.
const DEALS: usize = 3;

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The user writes a note.
    Note(usize),
    /// The user carries a deal to one of its stages.
    Carry(usize, usize),
    /// The user gives a deal another amount.
    Amount(usize),
    /// The user gives a deal another closing date.
    Closing(usize),
    /// The user carries a deal to a stage that Bigin does not take.
    Wrong(usize),
    /// The user undoes the last action.
    Undo,
    /// The user redoes what was undone.
    Redo,
    /// Someone else changes a field of a deal.
    Theirs(usize, Theirs),
    /// The user changes a deal's amount with another program.
    Elsewhere(usize),
    /// Someone else deletes a deal.
    Delete(usize),
    /// Someone else creates a deal.
    Create,
    /// The worker asks for what changed.
    Pull,
    /// Everything that can be sent is sent, if the line is good; what waits for the user is answered, with the
    /// user's own values or with theirs.
    Drain(bool),
    /// The line goes bad.
    Fault(Line, Fault),
    /// The line is good again.
    Clear,
    /// Seconds pass.
    Later(u32),
    /// The worker crashes and is started again.
    Crash,
    /// The user writes a note, and the worker crashes before it said that the note is on disk.
    NoteAndCrash(usize),
    /// The worker ends as it should and is started again.
    Restart,
}

/// What someone else changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theirs {
    Stage(usize),
    Amount,
    Closing,
    Name,
}

/// Which calls go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Writes,
    Reads,
    Both,
}

/// What goes wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    TooMany,
    Unavailable,
    /// Carried out, and the answer lost.
    ApplyThenClose,
    /// Not even read.
    Reset,
    CloseAfterRead,
    CloseMidBody,
    Slow,
    /// Every kind now and then.
    Mixed,
}

fn any_step() -> impl Strategy<Value = Step> {
    let deal = || 0..DEALS;
    let theirs = prop_oneof![
        2 => (0..4_usize).prop_map(Theirs::Stage),
        3 => Just(Theirs::Amount),
        2 => Just(Theirs::Closing),
        1 => Just(Theirs::Name),
    ];
    let line = prop::sample::select(vec![Line::Writes, Line::Writes, Line::Reads, Line::Both]);
    let fault = prop::sample::select(vec![
        Fault::TooMany,
        Fault::Unavailable,
        Fault::ApplyThenClose,
        Fault::ApplyThenClose,
        Fault::Reset,
        Fault::CloseAfterRead,
        Fault::CloseMidBody,
        Fault::Slow,
        Fault::Mixed,
    ]);
    prop_oneof![
        6 => deal().prop_map(Step::Note),
        6 => (deal(), 0..4_usize).prop_map(|(deal, stage)| Step::Carry(deal, stage)),
        6 => deal().prop_map(Step::Amount),
        3 => deal().prop_map(Step::Closing),
        1 => deal().prop_map(Step::Wrong),
        3 => Just(Step::Undo),
        2 => Just(Step::Redo),
        6 => (deal(), theirs).prop_map(|(deal, what)| Step::Theirs(deal, what)),
        1 => deal().prop_map(Step::Elsewhere),
        1 => deal().prop_map(Step::Delete),
        1 => Just(Step::Create),
        4 => Just(Step::Pull),
        3 => any::<bool>().prop_map(Step::Drain),
        5 => (line, fault).prop_map(|(line, fault)| Step::Fault(line, fault)),
        3 => Just(Step::Clear),
        3 => (1..120_u32).prop_map(Step::Later),
        3 => Just(Step::Crash),
        1 => deal().prop_map(Step::NoteAndCrash),
        1 => Just(Step::Restart),
    ]
}

/// Runs a case in a runtime of its own.
fn run(steps: &[Step]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut story = Story::open().await;
        for step in steps {
            story.step(*step).await;
        }
        story.end().await;
    });
}

#[test]
fn any_interleaving_ends_with_the_same_records_on_both_sides() {
    let cases = std::env::var(CASES).ok().and_then(|text| text.parse().ok()).unwrap_or(FEW);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(any_step(), 1..30), |steps| {
        run(&steps);
        Ok(())
    });
    if let Err(error) = outcome {
        unreachable!("{error}");
    }
}
