use super::*;
use crate::sandbox::{
    Options, ids,
    jobs::table::{Kind as JobKind, State},
    request::Part,
};

#[test]
fn a_job_goes_on_after_the_rows_that_are_written() {
    let options = Options { deals: 0, ..Options::default() };
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a time");
    let world = World::open(&options, now, &|_, _| {}).expect("a world");
    let user = ids::user(options.seed, 0);
    let sandbox = Sandbox::new(options, String::new());
    let packed = archive::pack("a.csv", |file| file.write_all(b"Last_Name\nOne\nTwo\nThree\nFour\n"));
    let part = Part {
        name: "file".to_owned(),
        file_name: Some("a.zip".to_owned()),
        content_type: None,
        bytes: packed.expect("an archive").into(),
    };
    let (file, id) = (world.next_id().expect("an id"), world.next_id().expect("an id"));
    Blob::of_part(Kind::Upload, file, &part, now).save(&world.conn).expect("a blob");
    let body = json!({ "operation": "insert",
        "resource": [{ "type": "data", "module": "Contacts", "file_id": file }] });
    let (kind, state, outcome) = (JobKind::Write, State::InProgress, Json::Null);
    let job = Job { id, kind, state, user, created: now, due: now, ended: None, body, outcome };
    job.save(&world.conn).expect("a job");
    let written = Outcome { status: Status::Added, record: None, errors: String::new() };
    for row in 0..2 {
        rows::note(&world.conn, id, row, &written).expect("a row");
    }
    sandbox.settle(world);

    assert_eq!(run(&sandbox, &job)["status"], "COMPLETED");
    let world = sandbox.world();
    assert_eq!(count(&world.conn, id).map(super::rows::Counts::total), Ok(4));
    let contacts = world.metadata.module("Contacts").expect("a module");
    for (name, there) in [("One", false), ("Two", false), ("Three", true), ("Four", true)] {
        assert_eq!(world.find(contacts, "Last_Name", name).map(|found| found.is_some()), Ok(there), "{name}");
    }
}
