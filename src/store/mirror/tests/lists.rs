use proptest::{collection::vec, option, prelude::*};

use super::*;
use crate::protocol::{CompanySort, ContactSort};

fn window(mirror: &mut Mirror, list: &ListSpec, slice: Slice, len: u32) -> (u64, u64, Vec<String>) {
    let moment = mirror.moment(now());
    let reply = mirror.window(list, &slice, len, &moment).expect("window");
    let Rows::Deals(rows) = reply.rows else { return (reply.first, reply.total, Vec::new()) };
    (reply.first, reply.total, rows.iter().map(|row| row.id.to_string()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever the list, every slice is a run of the whole list, in its place.
    #[test]
    fn every_slice_is_a_run_of_the_list(
        specs in vec((option::of(1u8..9), option::of(1u8..4), any::<bool>()), 1..30),
        sort in prop::sample::select(vec![
            DealSort::Closing, DealSort::Name, DealSort::Amount, DealSort::Stage, DealSort::Modified,
        ]),
        down in any::<bool>(),
        words in any::<bool>(),
        open_only in any::<bool>(),
        len in 1u32..8,
        pick in any::<prop::sample::Index>(),
    ) {
        let mut mirror = mirror();
        let records: Vec<_> = (1i64..).zip(&specs).map(|(number, (day, amount, open))| {
            let closing = day.map(|day| format!("2026-10-0{day}"));
            let stage = if *open { "Proposal" } else { "Closed Won" };
            let mut deal = deal(number, &format!("deal {}", number % 5), stage, 0, closing.as_deref());
            deal["Amount"] = json!(amount);
            deal
        }).collect();
        put(&mut mirror, Module::Pipelines, &records);
        let filter = DealFilter {
            text: if words { "deal".to_owned() } else { String::new() }, open_only, ..DealFilter::default()
        };
        let way = if down { SortWay::Descending } else { SortWay::Ascending };
        let list = ListSpec::Deals { scope: sales(None), filter, sort, way };
        let (first, total, all) = window(&mut mirror, &list, Slice::Start, 100);
        prop_assert_eq!((first, total), (0, all.len() as u64));
        let expected = specs.iter().filter(|spec| spec.2 || !open_only).count();
        prop_assert_eq!(all.len(), expected);
        prop_assume!(!all.is_empty());

        // Every name has the words, and figures are made of what was found.
        let filter = DealFilter { open_only, ..DealFilter::default() };
        let plain = ListSpec::Deals { scope: sales(None), filter, sort, way };
        let moment = mirror.moment(now());
        let figures = mirror.summary(&list, &moment).expect("figures");
        prop_assert_eq!(figures, mirror.summary(&plain, &moment).expect("figures"));

        let at = pick.index(all.len());
        let id: RecordId = all[at].parse().expect("id");
        let ordinal = at as u64;
        for slice in [
            Slice::Start, Slice::End, Slice::After { id: id.clone(), ordinal },
            Slice::Before { id: id.clone(), ordinal }, Slice::Around { id: id.clone() }, Slice::At(ordinal),
        ] {
            let (first, total, run) = window(&mut mirror, &list, slice.clone(), len);
            prop_assert_eq!(total, all.len() as u64);
            let from = usize::try_from(first).expect("first");
            prop_assert_eq!(&all[from..from + run.len()], &run[..], "{:?}", slice);
            let full = usize::try_from(len).expect("len").min(all.len());
            let wanted = match slice {
                Slice::After { .. } => full.min(all.len() - at - 1),
                Slice::Before { .. } => full.min(at),
                _ => full,
            };
            prop_assert_eq!(run.len(), wanted, "{:?}", slice);
            if matches!(slice, Slice::Around { .. } | Slice::At(_)) {
                prop_assert!(run.contains(&all[at]), "{:?}", slice);
            }
        }
    }
}

#[test]
fn lists_put_what_is_missing_last() {
    let mut mirror = mirror();
    let mut cheap = deal(3, "cheap", "Proposal", 0, Some("2026-10-02"));
    cheap["Amount"] = json!(null);
    put(
        &mut mirror,
        Module::Pipelines,
        &[
            deal(1, "never", "Proposal", 9, None),
            deal(2, "Ábel", "Proposal", 7, Some("2026-10-01")),
            cheap,
            deal(4, "(zoe)", "Qualification", 8, Some("2026-10-02")),
        ],
    );
    let mut sorted = |sort, way| {
        let list = ListSpec::Deals { scope: sales(None), filter: DealFilter::default(), sort, way };
        names(&mut mirror, &list, &Slice::Start, 9)
    };
    assert_eq!(sorted(DealSort::Closing, SortWay::Ascending), ["Ábel", "(zoe)", "cheap", "never"]);
    assert_eq!(sorted(DealSort::Amount, SortWay::Descending), ["never", "(zoe)", "Ábel", "cheap"]);
    assert_eq!(sorted(DealSort::Stage, SortWay::Ascending), ["(zoe)", "Ábel", "cheap", "never"]);
    assert_eq!(sorted(DealSort::Name, SortWay::Ascending), ["cheap", "never", "(zoe)", "Ábel"]);
}

#[test]
fn words_are_found_in_name_company_contact_and_owner() {
    let mut mirror = mirror();
    let mut northwind = deal(1, "Northwind renewal", "Proposal", 9, None);
    northwind["Account_Name"] = json!({"id": "50", "name": "Northwind Traders"});
    northwind["Contact_Name"] = json!({"id": "60", "name": "Ana Ruíz"});
    let mut tokyo = deal(2, "株式会社 fit-out", "Proposal", 9, None);
    tokyo["Owner"] = json!({"id": "901", "name": "Ben Okafor"});
    put(&mut mirror, Module::Pipelines, &[northwind, tokyo]);
    let mut found = |text: &str| {
        let filter = DealFilter { text: text.to_owned(), ..DealFilter::default() };
        names(&mut mirror, &deals(filter, DealSort::Name), &Slice::Start, 9).len()
    };
    for (text, count) in [
        ("north trad", 1),
        ("RUÍZ", 1),
        ("north okafor", 0),
        ("okaf 会社", 1),
        ("会", 1),
        ("", 2),
        ("  ", 2),
        ("\" * NEAR( -", 0),
        ("-", 1),
        ("%", 0),
        ("fit-out", 1),
        ("a\0b", 1),
    ] {
        assert_eq!(found(text), count, "{text:?}");
    }
    put(&mut mirror, Module::Accounts, &[json!({"id": "50", "Account_Name": "Southwind"})]);
    let mut found = |text: &str| {
        let filter = DealFilter { text: text.to_owned(), ..DealFilter::default() };
        names(&mut mirror, &deals(filter, DealSort::Name), &Slice::Start, 9).len()
    };
    assert_eq!((found("southwind"), found("traders")), (1, 0), "a company's new name finds its deals");
}

#[test]
fn conditions_leave_out_what_they_say() {
    let mut mirror = mirror();
    let mut bens = deal(2, "bens", "Proposal", 1, Some("2026-09-23"));
    bens["Owner"] = json!({"id": "901", "name": "Ben Okafor"});
    put(
        &mut mirror,
        Module::Pipelines,
        &[
            deal(1, "won", "Closed Won", 1, Some("2026-09-01")),
            bens,
            deal(3, "today", "Proposal", 1, Some("2026-09-24")),
        ],
    );
    put(
        &mut mirror,
        Module::Tasks,
        &[json!({"id": "70", "Subject": "call", "Due_Date": "2026-09-25", "Status": "Not Started",
               "Related_To": {"id": "3", "name": "today"}, "$se_module": "Deals"})],
    );
    let mut named = |filter| names(&mut mirror, &deals(filter, DealSort::Name), &Slice::Start, 9);
    let all = DealFilter::default;
    assert_eq!(named(DealFilter { open_only: true, ..all() }), ["bens", "today"]);
    assert_eq!(named(DealFilter { mine: true, ..all() }), ["today", "won"]);
    assert_eq!(named(DealFilter { overdue: true, ..all() }), ["bens"]);
    assert_eq!(named(DealFilter { no_next_step: true, open_only: true, ..all() }), ["bens"]);
}

#[test]
fn contacts_and_companies_add_up_their_open_deals() {
    let mut mirror = mirror();
    put(
        &mut mirror,
        Module::Accounts,
        &[
            json!({"id": "50", "Account_Name": "Quayside Optics", "Billing_City": "Rotterdam"}),
            json!({"id": "51", "Account_Name": "Ada & Co", "Last_Activity_Time": "2026-09-01T00:00:00Z"}),
        ],
    );
    put(
        &mut mirror,
        Module::Contacts,
        &[json!({"id": "60", "Full_Name": "Ana Ruiz", "Email": "ana@quayside.example",
               "Account_Name": {"id": "50", "name": "Quayside Optics"}})],
    );
    let of = |number, stage, amount: f64| {
        let mut deal = deal(number, "deal", stage, 0, None);
        deal["Amount"] = json!(amount);
        deal["Account_Name"] = json!({"id": "50"});
        deal["Contact_Name"] = json!({"id": "60"});
        deal
    };
    put(
        &mut mirror,
        Module::Pipelines,
        &[of(1, "Proposal", 0.1), of(2, "Qualification", 0.2), of(3, "Closed Won", 500.0)],
    );
    let moment = mirror.moment(now());
    let list =
        ListSpec::Contacts { text: "quayside".to_owned(), sort: ContactSort::Name, way: SortWay::Ascending };
    let Rows::Contacts(people) = mirror.window(&list, &Slice::Start, 9, &moment).expect("window").rows else {
        unreachable!("contacts")
    };
    assert_eq!(people[0].company, Some(link(Module::Accounts, 50, "Quayside Optics")));
    assert_eq!((people[0].open_deals, people[0].open_sum.to_string().as_str()), (2, "0.3"));
    let list =
        ListSpec::Companies { text: String::new(), sort: CompanySort::Touched, way: SortWay::Descending };
    let Rows::Companies(companies) = mirror.window(&list, &Slice::Start, 9, &moment).expect("window").rows
    else {
        unreachable!("companies")
    };
    assert_eq!(
        companies.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["Ada & Co", "Quayside Optics"]
    );
    assert_eq!((companies[1].people, companies[1].open_deals), (1, 2));
}

#[test]
fn long_and_hostile_texts_reach_a_list_short_and_safe() {
    let mut mirror = mirror();
    let name = format!("\u{1b}[31m{}", "漢".repeat(32_000));
    put(&mut mirror, Module::Pipelines, &[deal(1, &name, "Proposal", 1, None)]);
    put(
        &mut mirror,
        Module::Notes,
        &[json!({"id": "80", "Note_Content": format!("a\nb\u{202e}{}", "x".repeat(9_000)),
               "Parent_Id": {"id": "1", "name": "n", "module": {"api_name": "Pipelines"}},
               "Created_Time": "2026-09-01T00:00:00Z", "Modified_Time": "2026-09-01T00:00:00Z"})],
    );
    let deal = names(&mut mirror, &deals(DealFilter::default(), DealSort::Name), &Slice::Start, 1).remove(0);
    assert!(deal.starts_with("␛[31m漢"), "{deal}");
    assert_eq!(deal.chars().count(), 201);
    let note = names(&mut mirror, &ListSpec::Notes { text: String::new() }, &Slice::Start, 1).remove(0);
    assert!(note.starts_with("a b\u{fffd}xxx"), "{note}");
    assert_eq!(note.chars().count(), 201);
}

#[test]
fn names_are_found_best_first() {
    let mut mirror = mirror();
    put(
        &mut mirror,
        Module::Pipelines,
        &[
            deal(1, "Great Northwind deal", "Proposal", 1, None),
            deal(2, "Northwind renewal", "Proposal", 1, None),
            deal(3, "Other", "Proposal", 1, None),
        ],
    );
    put(&mut mirror, Module::Accounts, &[json!({"id": "50", "Account_Name": "Northwind"})]);
    let mut found = |text: &str| -> Vec<String> {
        mirror.find(text, 9).expect("find").iter().map(|hit| hit.link.name.to_string()).collect()
    };
    assert_eq!(found("northwind"), ["Northwind", "Northwind renewal", "Great Northwind deal"]);
    assert_eq!(found("no"), ["Northwind", "Northwind renewal", "Great Northwind deal"]);
    assert_eq!(found("ren nor"), ["Northwind renewal"]);
    assert_eq!(found("re"), ["Northwind renewal"], "two letters are a beginning");
    assert_eq!(found("o"), ["Other"], "a letter begins a name");
    assert_eq!(found("re no"), ["Northwind renewal"]);
    assert_eq!(found("thwin"), ["Northwind", "Northwind renewal", "Great Northwind deal"]);
    assert_eq!(found(""), Vec::<String>::new());
}

#[test]
fn notes_are_found_by_what_they_say_after_all_else() {
    let mut mirror = mirror();
    put(&mut mirror, Module::Pipelines, &[deal(1, "Budget review", "Proposal", 1, None)]);
    let note = |number: i64, text: &str| {
        json!({
            "id": number.to_string(), "Note_Title": null, "Note_Content": text,
            "Parent_Id": {"id": "1", "name": "Budget review"}, "$se_module": "Pipelines",
            "Created_Time": "2026-09-04T12:00:00Z",
        })
    };
    put(&mut mirror, Module::Notes, &[note(8, "The budget is\nsettled"), note(9, "Call back")]);
    let found = mirror.find("budget", 9).expect("find");
    let lines: Vec<(Module, &str, &str)> =
        found.iter().map(|hit| (hit.link.module, hit.link.name.as_str(), hit.note.as_str())).collect();
    assert_eq!(lines[0].1, "Budget review");
    assert!(lines.contains(&(Module::Notes, "The budget is", "Budget review")), "{lines:?}");
}

#[test]
fn a_long_list_is_in_order_before_and_after_its_index_is_made() {
    let mut mirror = mirror();
    let page: Vec<serde_json::Value> =
        (1..=60).map(|n| deal(n, &format!("Deal {n}"), "Proposal", n * 37 % 61, None)).collect();
    put(&mut mirror, Module::Pipelines, &page);
    for sort in [DealSort::Amount, DealSort::Modified, DealSort::Closing, DealSort::Stage, DealSort::Name] {
        let list = deals(DealFilter { open_only: true, ..DealFilter::default() }, sort);
        let first = names(&mut mirror, &list, &Slice::Start, 60);
        assert_eq!(first.len(), 60);
        let middle = names(&mut mirror, &list, &Slice::At(30), 10);
        assert_eq!(middle, first[25..35]);
        put(&mut mirror, Module::Pipelines, &page[..1]);
        assert_eq!(names(&mut mirror, &list, &Slice::Start, 60), first, "{sort:?}");
        assert_eq!(names(&mut mirror, &list, &Slice::At(30), 10), middle, "{sort:?}");
    }
}
