//! Writes pictures of the running demo: `cargo build && cargo run --example screenshots [FOLDER]`, by default into
//! `screenshots`. With `--features png` it writes them as points too, in the fonts of this machine.

#[cfg(feature = "png")]
mod png;
mod svg;
mod terminal;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use terminal::Terminal;

/// Keys to press, what the screen shows then, and the picture's name; without a name none is taken.
type Step = (&'static str, &'static [&'static str], &'static str);

const LARGE: &[Step] = &[
    ("", &["synced"], ""),
    ("ll", &[">3 Proposal"], ""),
    ("j", &["note     "], "board"),
    ("gd", &["─ Deals ─", " sum $"], "deals"),
    ("\r", &["Timeline", "NOTE"], "deal"),
    ("gc", &["─ Contacts ─"], ""),
    ("/Valerie Stroud\r", &["Valerie Stroud", "1/1"], ""),
    ("\r", &["Timeline", "NOTE"], "contact"),
    ("gP", &["Stages of", "Qualification"], "pipelines"),
    ("gq", &["─ Result"], ""),
    ("\x1b[15~", &["(complete)"], "coql"),
    ("g$", &["What if"], "credits"),
    ("gp", &["weighted"], ""),
    ("?", &["Keys that work here"], "help"),
    ("q", &["weighted"], ""),
    ("\x0b", &["Find anything"], ""),
    ("gym", &["> gym", "deal "], "palette"),
    ("\x1b", &["pick stage"], ""),
    ("n", &["Note on"], ""),
    ("Net-45 is fine if we sign by Wednesday.", &["draft kept", "Wednesday."], "note"),
];

const SMALL: &[Step] = &[("", &["synced"], ""), ("ll", &[">3 Proposal"], "board-80x24")];

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("screenshots"), PathBuf::from);
    fs::create_dir_all(&folder)?;
    shoot(&folder, (120, 36), LARGE)?;
    shoot(&folder, (80, 24), SMALL)
}

fn shoot(folder: &Path, (cols, rows): (u16, u16), steps: &[Step]) -> io::Result<()> {
    let mut terminal = Terminal::start(cols, rows)?;
    for (keys, wanted, name) in steps {
        terminal.send(keys)?;
        let (buf, cursor) = terminal.see(wanted)?;
        if !name.is_empty() {
            let picture = svg::picture(&buf, cursor);
            #[cfg(feature = "png")]
            png::Artist::new().write(&picture, &folder.join(format!("{name}.png")))?;
            fs::write(folder.join(format!("{name}.svg")), picture)?;
        }
    }
    Ok(())
}
