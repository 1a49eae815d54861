use std::collections::HashSet;

use strum::IntoEnumIterator;

use super::*;

#[test]
fn every_operation_has_its_row_and_a_name_of_its_own() {
    assert_eq!(Op::iter().count(), ENDPOINTS.len());
    for op in Op::iter() {
        assert_eq!(op.endpoint().op, op);
    }
    let names: HashSet<_> = ENDPOINTS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), ENDPOINTS.len());
    let addresses: HashSet<_> = ENDPOINTS.iter().map(|row| (row.method, row.path)).collect();
    assert_eq!(addresses.len(), ENDPOINTS.len());
}

#[test]
fn credits_are_the_published_ones() {
    let cost = |op: Op, records| op.endpoint().cost(Shape::of(records));
    for (records, credits) in [(1, 1), (10, 1), (11, 2), (100, 10)] {
        for op in [Op::InsertRecords, Op::UpdateRecords, Op::UpsertRecords] {
            assert_eq!(cost(op, records), credits, "{op:?} of {records}");
        }
    }
    for (records, credits) in [(1, 1), (50, 1), (51, 2), (500, 10)] {
        assert_eq!(cost(Op::AddTagsToMany, records), credits);
        assert_eq!(cost(Op::RemoveTagsFromMany, records), credits);
    }
    let view = Shape { view: true, ..Shape::ONE };
    assert_eq!(Op::ListRecords.endpoint().cost(view), 3);
    assert_eq!(cost(Op::ListRecords, 200), 1);
    assert_eq!(cost(Op::SendMail, 1), 20);
    assert_eq!(cost(Op::BulkReadCreate, 1), 50);
    assert_eq!(cost(Op::BulkWriteCreate, 1), 500);
    assert_eq!(cost(Op::DeleteRecords, 100), 1);
    assert_eq!(cost(Op::Coql, 200), 1);
}

#[test]
fn heavy_calls_are_the_published_ones() {
    let heavy = |op: Op, shape| op.endpoint().heavy(shape);
    assert!(!heavy(Op::ListRecords, Shape::ONE));
    assert!(heavy(Op::ListRecords, Shape { view: true, ..Shape::ONE }));
    assert!(heavy(Op::ListRecords, Shape { sorted: true, ..Shape::ONE }));
    assert!(!heavy(Op::UpdateRecords, Shape::of(10)));
    assert!(heavy(Op::UpdateRecords, Shape::of(11)));
    assert!(heavy(Op::Coql, Shape::ONE));
}

#[test]
fn every_call_costs_something_and_a_read_may_be_repeated() {
    for row in ENDPOINTS {
        assert!(row.cost(Shape::of(0)) > 0, "{}", row.name);
        if row.method == Method::Get {
            assert_eq!(row.repeat, Repeat::Safe, "{}", row.name);
            assert!(!row.is_write(), "{}", row.name);
        }
    }
    assert!(!Op::Coql.endpoint().is_write());
    assert!(Op::CreateNote.endpoint().is_write());
    assert_eq!(Op::CreateNote.endpoint().repeat, Repeat::Never);
}

#[test]
fn words_name_what_people_call_the_module() {
    let words = |op: Op, module| op.endpoint().words(module);
    assert_eq!(words(Op::UpdateRecord, Some(Module::Pipelines)), "update a deal");
    assert_eq!(words(Op::ListRecords, Some(Module::Accounts)), "list companies");
    assert_eq!(words(Op::GetRecord, Some(Module::Events)), "read an event");
    assert_eq!(words(Op::GetOrg, None), "read about the organisation");
    for row in ENDPOINTS {
        assert!(!row.words(None).contains('{'), "{}", row.name);
    }
}
