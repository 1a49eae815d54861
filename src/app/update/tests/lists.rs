use super::desk::Desk;
use crate::{
    app::{Effect, Load, Place, fixture},
    protocol::{
        ContactSort, DealFilter, DealSort, Event, JobKey, ListId, ListSpec, Request, Rows, Slice, SortWay,
        WindowReply,
    },
};

fn deals_asked(desk: &mut Desk) -> Option<(DealFilter, DealSort, SortWay, Slice)> {
    desk.requests().into_iter().find_map(|request| match request {
        Request::Window { list: ListSpec::Deals { filter, sort, way, .. }, slice, .. } => {
            Some((filter, sort, way, slice))
        }
        _ => None,
    })
}

#[test]
fn walking_in_a_list_is_answered_from_memory() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("j").press("j").press("k").press("pagedown").press("ctrl-u").press("G").press("g g");
    assert_eq!(desk.jobs(), []);
    assert_eq!(desk.model.panes.deals.cursor, 0);
    desk.press("G");
    assert_eq!(desk.model.panes.deals.cursor, 32);
    assert_eq!(desk.model.panes.deals.selected().map(|row| row.pending), Some(false));
}

#[test]
fn a_page_moves_cursor_and_viewport_together() {
    let mut desk = Desk::at(fixture::deals());
    desk.send(crate::app::Msg::Resize { cols: 120, rows: 20 });
    let height = u64::from(crate::app::geometry::list_rows(desk.model.size, false));
    desk.press("pagedown");
    let list = &desk.model.panes.deals;
    assert_eq!((list.cursor, list.top), (height, height));
    desk.press("G").press("pageup");
    let list = &desk.model.panes.deals;
    assert_eq!(list.cursor, 32 - height);
    assert!(list.top <= list.cursor && list.cursor < list.top + height);
}

#[test]
fn a_smaller_terminal_keeps_the_cursor_on_the_screen() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("G").send(crate::app::Msg::Resize { cols: 40, rows: 12 });
    let height = u64::from(crate::app::geometry::list_rows(desk.model.size, false));
    let list = &desk.model.panes.deals;
    assert_eq!(list.cursor, 32);
    assert!(list.top <= 32 && 32 < list.top + height);
    desk.send(crate::app::Msg::Resize { cols: 1, rows: 1 });
    assert_eq!(desk.model.panes.deals.top, 32);
}

#[test]
fn the_end_of_a_long_list_is_asked_for_as_the_end() {
    let mut desk = Desk::at(fixture::contacts());
    desk.model.panes.contacts.total = Some(200_000);
    desk.press("G");
    let asked = desk.requests();
    assert!(matches!(asked.as_slice(), [Request::Window { slice: Slice::End, .. }]), "{asked:?}");
    assert_eq!(desk.model.panes.contacts.cursor, 199_999);
    let generation = desk.generation(&JobKey::List(ListId::Contacts));
    let rows = fixture::contact_rows();
    let window = WindowReply {
        list: desk.model.panes.contacts.spec.clone().expect("a list"),
        slice: Slice::End,
        first: 200_000 - rows.len() as u64,
        total: 200_000,
        rows: Rows::Contacts(rows),
    };
    desk.hear(Event::Window { key: JobKey::List(ListId::Contacts), generation, window });
    assert_eq!(
        desk.model.panes.contacts.selected().map(|row| row.name.to_string()),
        Some("Zoë Martin".to_owned())
    );
    assert!(matches!(desk.requests().as_slice(), [Request::Window { slice: Slice::Before { .. }, .. }]));
}

#[test]
fn a_row_is_reached_by_its_number() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press(":").type_text("5").press("enter");
    assert_eq!(desk.model.panes.contacts.cursor, 4);
    desk.press(":").type_text("4000").press("enter");
    assert_eq!(desk.model.panes.contacts.cursor, 11, "the last one, where there are fewer");
}

#[test]
fn the_filter_is_applied_when_typing_pauses() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("/").type_text("north");
    assert_eq!(deals_asked(&mut desk), None);
    desk.wait(80);
    let (filter, _, _, slice) = deals_asked(&mut desk).expect("a request");
    assert_eq!((filter.text.as_str(), slice), ("north", Slice::Start));
    assert!(!desk.model.panes.deals.rows.is_empty(), "the old rows stay until the new ones are here");
    desk.type_text("x").press("enter");
    assert_eq!(deals_asked(&mut desk).map(|asked| asked.0.text), Some("northx".to_owned()));
    assert!(desk.model.overlay.is_none());
    assert_eq!(desk.model.panes.board.filter.text, "northx", "the board shows the same deals");
    desk.press("\\");
    assert_eq!(deals_asked(&mut desk).map(|asked| asked.0.text), Some(String::new()));
}

#[test]
fn leaving_the_filter_line_brings_the_filter_before_back() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("/").type_text("ana").press("enter").press("/").press("ctrl-u").type_text("zzz").wait(100);
    assert_eq!(desk.model.filter_text(), Some("zzz"));
    desk.press("esc");
    assert_eq!(desk.model.filter_text(), Some("ana"));
}

#[test]
fn the_list_can_be_walked_while_the_filter_is_open() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("/").press("down").press("down").press("up");
    assert_eq!(desk.model.panes.contacts.cursor, 1);
}

#[test]
fn conditions_are_switched_by_letters() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("f m").press("f n");
    let filter = desk.model.deal_filter().cloned().expect("a filter");
    assert!(filter.mine && filter.no_next_step && filter.open_only && !filter.overdue);
    desk.press("f o").press("f a").press("f m");
    let filter = desk.model.deal_filter().cloned().expect("a filter");
    assert!(!filter.mine && filter.overdue && !filter.open_only);
    desk.press("f c");
    assert_eq!(desk.model.deal_filter(), Some(&DealFilter { open_only: true, ..DealFilter::default() }));
    desk.press("f c");
    assert_eq!(desk.said(), "Clear the filter: nothing is filtered");
}

#[test]
fn a_sort_turns_round_the_second_time() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("s a");
    assert_eq!(deals_asked(&mut desk).map(|a| (a.1, a.2)), Some((DealSort::Amount, SortWay::Descending)));
    desk.press("s a");
    assert_eq!(deals_asked(&mut desk).map(|a| (a.1, a.2)), Some((DealSort::Amount, SortWay::Ascending)));
    desk.press("s n").press("s r");
    assert_eq!(deals_asked(&mut desk).map(|a| (a.1, a.2)), Some((DealSort::Name, SortWay::Ascending)));
    assert_eq!(desk.model.panes.deals.load, Load::Asked);
    desk.press("g c").press("s t");
    let spec = desk.model.panes.contacts.spec.clone();
    let contacts = Desk::at(fixture::contacts()).press("s t").model.panes.contacts.spec.clone();
    assert!(spec.is_none(), "a list that was never known has no order");
    assert!(matches!(
        contacts,
        Some(ListSpec::Contacts { sort: ContactSort::Touched, way: SortWay::Descending, .. })
    ));
}

#[test]
fn a_key_of_another_list_says_where_it_works() {
    let mut desk = Desk::at(fixture::board());
    desk.press(":").type_text("sort.amount").press("enter");
    let Some(crate::app::overlay::Overlay::Command(line)) = &desk.model.overlay else { unreachable!("open") };
    assert_eq!(line.error.as_deref(), Some("only in the list of deals"));
}

#[test]
fn refresh_asks_the_server_and_keeps_the_cursor() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("j").press("j").press("r");
    let id = desk.model.current().expect("a deal").id;
    let asked = desk.requests();
    assert!(asked.contains(&Request::Refresh));
    assert!(
        asked
            .iter()
            .any(|r| matches!(r, Request::Window { slice: Slice::Around { id: at }, .. } if *at == id))
    );
}

#[test]
fn fetching_everything_names_its_price_and_asks_twice() {
    let mut desk = Desk::at(fixture::deals());
    desk.press("R");
    assert!(desk.said().contains("1 credit for 200") && desk.requests().is_empty());
    desk.press("j").press("R");
    assert!(desk.requests().is_empty(), "not in a row");
    desk.press("R");
    assert_eq!(desk.requests(), [Request::Resync]);
    desk.press("R");
    assert!(desk.requests().is_empty());
}

#[test]
fn copying_gives_text_without_control_characters() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("y e").press("y p").press("y n").press("y i");
    let copied: Vec<Effect> = std::mem::take(&mut desk.effects);
    let text = |text: &str| Effect::Copy(text.to_owned());
    assert_eq!(
        copied,
        [text("ana@northwind.example"), text("+1 555 0134"), text("Ana Ruiz"), text("6201840000000002001")]
    );
    desk.press(":").type_text("8").press("enter").press("y e");
    assert_eq!(desk.said(), "Copy the e-mail address: there is no e-mail address here");
    desk.effects.clear();
    desk.press("y r");
    let [Effect::Copy(row)] = desk.effects.as_slice() else { unreachable!("one copy") };
    assert!(row.split('\t').count() == 6 && !row.chars().any(|c| c.is_control() && c != '\t'), "{row:?}");
}

#[test]
fn nothing_on_the_web_in_the_demo() {
    let mut desk = Desk::at(fixture::contacts());
    desk.press("o");
    assert!(desk.said().contains("the demo has no pages on the web"));
    if let Some(session) = &mut desk.model.account.session {
        (session.demo, session.web) = (false, Some("https://bigin.zoho.com/bigin/org1".to_owned()));
    }
    desk.effects.clear();
    desk.press("o");
    assert!(
        matches!(desk.effects.as_slice(), [Effect::Open(link)] if link.ends_with("/Contacts/6201840000000002001"))
    );
}

#[test]
fn keys_of_a_cyrillic_keyboard_work_by_position() {
    let mut desk = Desk::at(fixture::contacts());
    desk.type_text("оо");
    assert_eq!(desk.model.panes.contacts.cursor, 2, "the key of j");
    desk.type_text("пв");
    assert_eq!(desk.model.trail.here, Place::Deals, "the keys of g and d");
}
