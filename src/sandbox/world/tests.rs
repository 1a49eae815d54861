use super::*;

fn world(options: &Options) -> World {
    let now = "2026-03-02T09:00:00Z".parse().expect("a time");
    World::open(options, now, &|_, _| {}).expect("a world")
}

fn count(world: &World, sql: &str) -> i64 {
    world.conn.query_row(sql, [], |row| row.get(0)).expect(sql)
}

#[test]
fn the_demo_organisation_has_its_published_size() {
    let world = world(&Options::default());
    let rows = |module: &str| count(&world, &format!("SELECT count(*) FROM {module}"));
    assert_eq!([rows("Pipelines"), rows("Accounts"), rows("Contacts"), rows("Notes")], [600, 150, 400, 1500]);
    assert_eq!(rows("Tasks") + rows("Events") + rows("Calls"), 900);
    assert_eq!(world.users().len(), 8);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_ones() {
    let digest = |seed| {
        let world = world(&Options { seed, deals: 40, ..Options::default() });
        let mut all = String::new();
        for module in world.metadata.modules.iter().filter(|module| module.nature != metadata::Nature::Closed)
        {
            let mut rows =
                world.conn.prepare(&format!("SELECT * FROM \"{}\"", module.api_name)).expect("rows");
            let columns = rows.column_count();
            let mut rows = rows.query([]).expect("rows");
            while let Some(row) = rows.next().expect("a row") {
                (0..columns).for_each(|column| {
                    all.push_str(&format!("{:?}|", row.get_ref(column).expect("a value")))
                });
            }
        }
        all
    };
    assert_eq!(digest(3), digest(3));
    assert_ne!(digest(3), digest(4));
}

#[test]
fn pipelines_look_like_those_of_a_sales_team() {
    let world = world(&Options::default());
    let open = "Stage IN (SELECT value FROM json_each('[\"Qualification\",\"Needs Analysis\",\"Proposal\",\"Negotiation\",\"Verbal Yes\"]'))";
    let today = "'2026-03-02'";
    let all = count(&world, &format!("SELECT count(*) FROM Pipelines WHERE {open}"));
    let share = |condition: &str| {
        count(&world, &format!("SELECT count(*) FROM Pipelines WHERE {open} AND {condition}")) * 100 / all
    };
    assert!(all > 60, "{all} open deals on the first board");
    assert!((3..30).contains(&share(&format!("Closing_Date < {today}"))), "overdue");
    assert!((5..40).contains(&share("Next_Step IS NULL")), "without a next step");
    assert!((5..40).contains(&share("Times_Postponed > 0")), "slipped");
    assert!(share("Modified_Time < 1772442000 - 45 * 86400") > 0, "some are stuck");
    let late = count(&world, "SELECT count(*) FROM Pipelines WHERE Stage = 'Verbal Yes'");
    let early = count(&world, "SELECT count(*) FROM Pipelines WHERE Stage = 'Qualification'");
    assert!(early > late, "stages narrow like a funnel: {early} and {late}");
    let busiest = count(&world, "SELECT count(*) FROM Pipelines GROUP BY Owner ORDER BY 1 DESC LIMIT 1");
    assert!(busiest > 600 / 8 + 30, "owners are uneven: {busiest}");
}

#[test]
fn time_runs_forward_in_every_record_and_never_past_the_start() {
    let world = world(&Options::default());
    for module in ["Pipelines", "Contacts", "Accounts", "Products", "Tasks", "Events", "Calls", "Notes"] {
        let odd = format!(
            "SELECT count(*) FROM {module} WHERE Created_Time > Modified_Time OR Modified_Time > 1772442000"
        );
        assert_eq!(count(&world, &odd), 0, "{module}");
        let order = format!(
            "SELECT count(*) FROM (SELECT Created_Time - lag(Created_Time) OVER (ORDER BY \"$row\") AS step FROM {module}) WHERE step < 0"
        );
        assert_eq!(count(&world, &order), 0, "{module}: ids follow the time of creation");
    }
}

#[test]
fn stages_fit_their_sub_pipeline_and_hostile_text_stays_off_the_first_board() {
    let world = world(&Options::default());
    let mut rows =
        world.conn.prepare("SELECT Pipeline, Sub_Pipeline, Stage, Deal_Name FROM Pipelines").expect("rows");
    let deals = world.metadata.module("Pipelines").expect("deals");
    let mut hostile = 0;
    let mut rows = rows.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let [layout, sub, stage, name] =
            [0, 1, 2, 3].map(|column| row.get::<_, String>(column).expect("text"));
        let layout = deals.layouts.iter().find(|known| known.id.to_string() == layout).expect("a layout");
        let stage =
            layout.sub_pipeline(&sub).expect(&sub).stage(&stage).expect("a stage of the sub-pipeline");
        let open = stage.stage.expect("a stage").forecast == metadata::Forecast::Open;
        if name.contains('\u{1b}') {
            hostile += 1;
            assert!(!(open && layout.name == "Sales Pipeline"), "{name:?}");
        }
    }
    assert!(hostile >= 5, "{hostile}");
}

#[test]
fn an_organisation_on_disk_survives_and_one_of_any_size_opens() {
    let dir = tempfile::tempdir().expect("a directory");
    let options = Options { deals: 20, dir: Some(dir.path().to_owned()), ..Options::default() };
    let names = |world: &World| -> Vec<String> {
        let mut rows = world.conn.prepare("SELECT Deal_Name FROM Pipelines").expect("rows");
        rows.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names")
    };
    let first = world(&options);
    first
        .conn
        .execute("UPDATE Pipelines SET Deal_Name = 'Kept' WHERE \"$row\" % 2 = 0", [])
        .expect("a change");
    let before = names(&first);
    drop(first);
    assert_eq!(names(&world(&options)), before);
    let other = Options { seed: 8, ..options };
    let refused = World::open(&other, Timestamp::UNIX_EPOCH, &|_, _| {}).expect_err("another organisation");
    assert!(refused.to_string().contains("seed 7"), "{refused}");
    for deals in [0, 1, 7] {
        assert_eq!(
            count(&world(&Options { deals, ..Options::default() }), "SELECT count(*) FROM Pipelines"),
            i64::from(deals)
        );
    }
    assert_eq!(world(&Options { deals: 5, users: 40, ..Options::default() }).users().len(), 40);
}

#[test]
fn a_reset_organisation_is_the_seeded_one_again() {
    let mut world = world(&Options { deals: 10, ..Options::default() });
    let before = world.truth().expect("the truth");
    let metadata = Arc::clone(&world.metadata);
    let contacts = metadata.module("Contacts").expect("contacts");
    world.index(contacts).expect("an index");
    let author = Author { user: world.users()[0].id, now: 1_772_442_000, lag: 0 };
    let record = Record::from_iter([("Last_Name".to_owned(), serde_json::json!("Okafor"))]);
    world.write(|world| Ok(world.insert(contacts, &record, &author, "$").is_ok())).expect("a write");
    assert_ne!(world.truth().expect("the truth"), before);
    world.reset().expect("a reset");
    assert_eq!(world.truth().expect("the truth"), before);
}

#[test]
fn a_write_that_fails_leaves_nothing_behind() {
    let mut world = world(&Options { deals: 10, ..Options::default() });
    let before = world.truth().expect("the truth");
    let author = Author { user: world.users()[0].id, now: 1_772_442_000, lag: 0 };
    let failed = world.write(|world| -> rusqlite::Result<()> {
        world.create_tag("Contacts", "gone", None, &author)?;
        Err(rusqlite::Error::InvalidQuery)
    });
    assert!(failed.is_err());
    assert_eq!(world.truth().expect("the truth"), before);
    assert!(world.tag_named("Contacts", "gone").is_none());
    assert!(world.take_events().is_empty());
}

#[test]
fn any_value_in_any_field_is_kept_or_refused_and_never_half_written() {
    let mut world = world(&Options { deals: 10, ..Options::default() });
    let metadata = Arc::clone(&world.metadata);
    let author = Author { user: world.users()[0].id, now: 1_772_442_000, lag: 0 };
    let long = "x".repeat(40_000);
    let odd = [
        serde_json::json!(null),
        serde_json::json!(true),
        serde_json::json!(-1),
        serde_json::json!(u64::MAX),
        serde_json::json!(1e300),
        serde_json::json!(""),
        serde_json::json!("\u{0}\u{1b}[2J'; DROP TABLE Contacts; --"),
        serde_json::json!(long),
        serde_json::json!("9999-12-31T23:59:59+14:00"),
        serde_json::json!("0001-01-01"),
        serde_json::json!("99999999999999999999"),
        serde_json::json!([]),
        serde_json::json!([null, 1, "a", {}, []]),
        serde_json::json!({}),
        serde_json::json!({ "id": null }),
        serde_json::json!({ "id": "1", "module": 7, "ALARM": 1, "RRULE": {} }),
        serde_json::json!([{ "id": [] }, { "name": 5 }, { "Product": "x" }]),
    ];
    for module in metadata.modules.iter().filter(|module| !module.is_closed()) {
        let rows = |world: &World| count(world, &format!("SELECT count(*) FROM \"{}\"", module.api_name));
        for field in &module.fields {
            for value in &odd {
                let before = rows(&world);
                let mut record = Record::new();
                for needed in module.fields.iter().filter(|field| field.mandatory) {
                    record.insert(needed.api_name.to_owned(), serde_json::json!("A"));
                }
                record.insert(field.api_name.to_owned(), value.clone());
                let written = world
                    .write(|world| match world.insert(module, &record, &author, "$.data[0]") {
                        Ok(_) => Ok(true),
                        Err(Refused::Issues(issues)) => {
                            assert!(!issues.is_empty());
                            Ok(false)
                        }
                        Err(Refused::Sql(error)) => Err(error),
                    })
                    .expect("SQLite takes what the rules take");
                assert_eq!(
                    rows(&world),
                    before + i64::from(written),
                    "{} {}",
                    module.api_name,
                    field.api_name
                );
            }
        }
        let reading = Reading::new(&world, module, Fields::Whole, Style::Record);
        reading.records("ORDER BY t.\"$row\" DESC LIMIT 500", &[]).expect("what was kept can be read");
    }
}
