//! Holds the table of rooms in `ARCHITECTURE.md`: who may import whom, and what must never be in a room.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// A row of the table of rooms.
struct Room {
    name: String,
    may_import: BTreeSet<String>,
}

/// Libraries that must not be named in a room.
const NEVER: [(&str, &[&str]); 8] = [
    ("domain", &["tokio", "reqwest", "rusqlite", "ratatui", "crossterm", "axum"]),
    ("coql", &["tokio", "reqwest", "rusqlite", "ratatui", "crossterm", "axum"]),
    ("protocol", &["tokio", "reqwest", "rusqlite", "ratatui", "axum"]),
    ("tables", &["tokio", "reqwest", "ratatui", "axum"]),
    ("app", &["tokio", "reqwest", "rusqlite", "axum", "std::fs", "std::time::Instant", "Timestamp::now"]),
    ("ui", &["tokio", "reqwest", "rusqlite", "axum", "std::fs", "&mut Model", "Timestamp::now"]),
    ("store", &["reqwest", "ratatui", "axum"]),
    ("api", &["rusqlite", "ratatui", "axum"]),
];

#[test]
fn every_room_imports_only_what_its_row_allows() {
    let rooms = rooms();
    let names: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let mut wrong = Vec::new();
    for room in &rooms {
        for (path, text) in sources(&room.name) {
            for imported in imports(&text).intersection(&names.iter().map(|n| (*n).to_owned()).collect()) {
                if *imported != room.name && !room.may_import.contains(imported) {
                    wrong.push(format!("{} imports {imported}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_names_what_it_must_never_contain() {
    let mut wrong = Vec::new();
    for (room, words) in NEVER {
        for (path, text) in sources(room) {
            for word in words {
                if code(&text).any(|line| line.contains(word)) {
                    wrong.push(format!("{} names {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_the_library_has_its_row() {
    let names: BTreeSet<String> = rooms().into_iter().map(|room| room.name).collect();
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("the library root");
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        assert!(names.contains(line.trim_end_matches(';')), "{line} has no row in ARCHITECTURE.md");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads rows of the form ``| `room` | what lives there | `a`, `b` |``.
fn rooms() -> Vec<Room> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let ticked = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let mut rooms: Vec<Room> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let name = ticked(cells.first()?).into_iter().next()?;
            let may_import = ticked(cells.get(2)?).into_iter().collect();
            root().join(format!("src/{name}.rs")).exists().then_some(Room { name, may_import })
        })
        .collect();
    let all: BTreeSet<String> = rooms.iter().map(|room| room.name.clone()).collect();
    for room in &mut rooms {
        if room.name == "cli" {
            room.may_import.clone_from(&all);
        }
    }
    assert!(rooms.len() > 10, "the table of rooms was not found");
    rooms
}

fn sources(room: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src").join(room)];
    let mut files = vec![root().join("src").join(format!("{room}.rs"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    for path in files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs")) {
        let text = fs::read_to_string(&path).expect("a source file");
        found.push((path, text));
    }
    assert!(!found.is_empty(), "{room} has no sources");
    found
}

/// Lines that are code: no comments, and nothing from the tests at the end of a file.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// Rooms that are named by `crate::room`, also inside of braces: `use crate::{a::X, b}`.
fn imports(text: &str) -> BTreeSet<String> {
    let flat: String = code(text).collect::<Vec<_>>().join(" ");
    let mut found = BTreeSet::new();
    for (at, _) in flat.match_indices("crate::") {
        let rest = &flat[at + "crate::".len()..];
        if let Some(inside) = rest.strip_prefix('{') {
            found.extend(heads(inside));
        } else {
            found.insert(word(rest));
        }
    }
    found
}

/// First words of the top level of a brace list, up to its closing brace.
fn heads(inside: &str) -> Vec<String> {
    let (mut depth, mut fresh, mut found) = (0, true, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && depth == 0 && !c.is_whitespace() => {
                found.push(word(&inside[at..]));
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn imports_are_seen_in_every_form() {
    let text = "use crate::api::Client;\nuse crate::{\n    app::{self, Model},\n    ui,\n};\n// crate::sandbox\nfn f() { crate::store::open() }\n";
    let expected: BTreeSet<String> = ["api", "app", "ui", "store"].map(str::to_owned).into();
    assert_eq!(imports(text), expected);
}
