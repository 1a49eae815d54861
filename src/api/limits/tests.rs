use proptest::{collection::vec, prelude::*};

use super::*;

const FREE: Allowance = Allowance::FREE;

fn limits(allowance: Allowance) -> Limits {
    Limits::new(Some(allowance), Clock::starting_at(1_800_000_000_000))
}

fn soon<T>(future: impl Future<Output = T>) -> Option<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        tokio::select! { biased; done = future => Some(done), () = std::future::ready(()) => None }
    })
}

fn call(op: Op, shape: Shape, priority: Priority) -> Ask {
    Ask { op, shape, module: None, purpose: Purpose::Command, priority }
}

async fn person(limits: &Limits) -> Permit {
    limits.permit(call(Op::GetRecord, Shape::ONE, Priority::Person)).await.expect("credits are there")
}

#[test]
fn background_leaves_the_last_permit_to_a_person() {
    let limits = limits(FREE);
    let background = || soon(limits.permit(call(Op::ListRecords, Shape::ONE, Priority::Background)));
    let held: Vec<_> = (0..4).map(|_| background().expect("a place")).collect();
    assert!(background().is_none(), "the fifth place is a person's");
    let fifth = soon(person(&limits)).expect("which a person gets");
    assert_eq!(limits.usage(), Usage { used: 5, limit: 5_000, in_flight: 5, concurrency: 5, queued: 0 });
    drop((held, fifth));
    assert_eq!(limits.usage().in_flight, 0);
}

#[test]
fn a_person_overtakes_the_background_in_the_queue() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let limits = limits(Allowance { concurrency: 2, ..FREE });
        let (one, _two) = (person(&limits).await, person(&limits).await);
        let mut background = Box::pin(limits.permit(call(Op::ListRecords, Shape::ONE, Priority::Background)));
        let mut late = Box::pin(person(&limits));
        tokio::select! {
            biased;
            _ = &mut background => unreachable!("no place is free"),
            _ = &mut late => unreachable!("no place is free"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(limits.usage().queued, 2);
        one.settle(Settled::Counted);
        tokio::select! {
            biased;
            _ = &mut background => unreachable!("a person waits"),
            _ = &mut late => {}
        }
    });
}

#[test]
fn a_call_given_up_while_it_waits_leaves_the_queue_and_costs_nothing() {
    let limits = limits(Allowance { concurrency: 1, ..FREE });
    let held = soon(person(&limits)).expect("a place");
    assert!(soon(person(&limits)).is_none());
    assert_eq!(limits.usage().queued, 0);
    held.settle(Settled::Free);
    assert_eq!(limits.usage(), Usage { used: 0, limit: 5_000, in_flight: 0, concurrency: 1, queued: 0 });
}

#[test]
fn spent_credits_refuse_a_call_and_say_when_they_come_back() {
    let limits = limits(Allowance { credits: 10, ..FREE });
    let start = limits.clock().now_ms();
    let insert = |records| {
        let permit = limits.permit(call(Op::InsertRecords, Shape::of(records), Priority::Person));
        soon(permit).expect("told at once")
    };
    insert(95).expect("ten credits").settle(Settled::Counted);
    let refused = insert(1).expect_err("nothing is left");
    let until = refused.retry_at().expect("they come back").as_millisecond();
    assert!((start + WINDOW_MS..start + WINDOW_MS + 5_000).contains(&until));
    let never = insert(101).expect_err("more than the allowance");
    assert!(matches!(never.kind(), Kind::Credits { until: None, cost: 11 }));
    limits.clock().advance(WINDOW_MS);
    assert!(insert(1).is_ok(), "a day later it goes");
}

#[test]
fn a_refused_burst_halves_the_ceiling_once_and_answers_raise_it_again() {
    let limits = limits(Allowance::paid(1));
    let burst: Vec<_> = (0..10).map(|_| soon(person(&limits)).expect("a place")).collect();
    burst.into_iter().for_each(|permit| permit.settle(Settled::TooMany));
    assert_eq!(limits.usage().concurrency, 5);
    assert_eq!(limits.usage().used, 0, "what is turned away costs nothing");
    let answers = |count: u32| {
        (0..count).for_each(|_| soon(person(&limits)).expect("a place").settle(Settled::Counted));
        limits.usage().concurrency
    };
    assert_eq!(answers(5), 6);
    assert_eq!(answers(6 + 7 + 8 + 9 + 10), 10, "never above what the edition allows");
}

#[test]
fn the_ledger_survives_as_plain_data() {
    let first = limits(FREE);
    soon(person(&first)).expect("a place").settle(Settled::Counted);
    let update = first.permit(call(Op::UpdateRecords, Shape::of(25), Priority::Person));
    soon(update).expect("told").expect("a place").settle(Settled::Counted);
    let kept = first.take_unstored();
    let expected = [(Some(Op::GetRecord), 1), (Some(Op::UpdateRecords), 3)];
    assert_eq!(kept.iter().map(|spent| (spent.op, spent.credits)).collect::<Vec<_>>(), expected);
    assert!(first.take_unstored().is_empty());
    let second = Limits::new(Some(FREE), first.clock().clone());
    second.restore(kept.iter().copied(), None);
    second.restore([Spent { at_ms: first.clock().now_ms() - WINDOW_MS, ..kept[0] }], None);
    assert_eq!(second.usage().used, 4);
    assert_eq!(second.ledger(), first.ledger());
}

#[test]
fn what_others_spent_is_learned_from_the_service() {
    let limits = limits(FREE);
    limits.hear_remaining(2_000);
    assert_eq!(limits.usage().used, 3_000);
    let flying = soon(person(&limits)).expect("a place");
    limits.hear_remaining(2_000);
    assert_eq!(limits.usage().used, 3_001, "a call on its way may not be counted there yet");
    flying.settle(Settled::Counted);
    limits.hear_remaining(2_100);
    assert_eq!(limits.usage().used, 2_900, "what others seemed to spend is taken back");
    let said = limits.take_statement().expect("news");
    assert_eq!((said.used, said.others.iter().map(|(_, credits)| credits).sum::<u32>()), (2_900, 2_899));
    assert_eq!(limits.take_statement(), None);
    assert_eq!(limits.take_unstored().len(), 1);
}

proptest! {
    /// Whatever is asked, given up and answered in whatever order: places and credits are never exceeded, the
    /// background never takes the last place, and nobody is forgotten.
    #[test]
    fn permits_never_exceed_the_limit(
        paid in any::<bool>(),
        steps in vec((0u8..6, any::<prop::sample::Index>(), any::<bool>(), 0i64..60_000), 1..200),
    ) {
        let edition = if paid { Allowance::paid(1) } else { FREE };
        let allowance = Allowance { credits: 60, ..edition };
        let mut pool = Pool::new(Some(allowance));
        let (mut now, mut waiting, mut active) = (0, Vec::new(), Vec::new());
        for (step, pick, flag, pause) in steps {
            now += pause;
            let priority = if flag { Priority::Person } else { Priority::Background };
            match step {
                0..=2 => {
                    let op = [Op::ListRecords, Op::InsertRecords, Op::Coql][usize::from(step)];
                    let ask = call(op, Shape::of(1 + 10 * u32::from(step)), priority);
                    waiting.push((pool.ask(ask), priority));
                }
                3 if !waiting.is_empty() => {
                    let (ticket, _) = waiting.swap_remove(pick.index(waiting.len()));
                    pool.leave(ticket, Settled::Free);
                }
                _ if !active.is_empty() => {
                    let (ticket, _) = active.swap_remove(pick.index(active.len()));
                    let how = [Settled::Counted, Settled::Free, Settled::TooMany][usize::from(step) % 3];
                    pool.leave(ticket, how);
                }
                _ => {}
            }
            while let Some((ticket, verdict)) = pool.next(now) {
                let index = waiting.iter().position(|(waiter, _)| *waiter == ticket).expect("it waited");
                let told = waiting.swap_remove(index);
                if verdict == Verdict::Go {
                    active.push(told);
                    let ceiling = pool.usage(now).concurrency as usize;
                    prop_assert!(active.len() <= ceiling);
                    prop_assert!(told.1 == Priority::Person || active.len() < ceiling);
                }
            }
            let usage = pool.usage(now);
            prop_assert!(usage.concurrency <= allowance.concurrency);
            prop_assert_eq!(usage.in_flight as usize, active.len());
            prop_assert_eq!(usage.queued as usize, waiting.len());
            prop_assert!(usage.used <= allowance.credits);
            prop_assert!(waiting.is_empty() || !active.is_empty(), "someone could go");
        }
    }
}
