//! What the model asks of the machine: clipboard, browser, editor.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

use crossterm::clipboard::CopyToClipboard;

use crate::app::CLIPBOARD;

/// How a text reaches the clipboard.
#[derive(Debug, PartialEq, Eq)]
pub enum Copied {
    /// It is there; the words say how.
    Done(&'static str),
    /// These bytes must be written to the terminal.
    Write(Vec<u8>),
    /// It is too long.
    TooLong,
}

/// Puts `text` on the clipboard: through tmux where it runs, else by the terminal itself (OSC 52), which
/// also works over SSH.
pub fn copy(text: &str) -> Copied {
    if text.len() > CLIPBOARD {
        return Copied::TooLong;
    }
    if env::var_os("TMUX").is_some() && load_tmux_buffer(text).is_ok() {
        return Copied::Done("copied through tmux");
    }
    let mut bytes = Vec::new();
    match crossterm::queue!(bytes, CopyToClipboard::to_clipboard_from(text)) {
        Ok(()) => Copied::Write(bytes),
        Err(_) => Copied::TooLong,
    }
}

fn load_tmux_buffer(text: &str) -> io::Result<()> {
    let mut tmux = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = tmux.stdin.take() {
        stdin.write_all(text.as_bytes())?;
    }
    let status = tmux.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("tmux refused")) }
}

/// Opens `link` in a browser, detached. False where there is none to open: over SSH, without a display,
/// or for anything but http and https.
pub fn browse(link: &str) -> bool {
    let web = link.starts_with("https://") || link.starts_with("http://");
    let remote = env::var_os("SSH_CONNECTION").is_some();
    let display = cfg!(not(target_os = "linux"))
        || env::var_os("DISPLAY").is_some()
        || env::var_os("WAYLAND_DISPLAY").is_some();
    web && !remote && display && open::that_detached(link).is_ok()
}

/// Lets the user edit `text` in `$BIGIN_EDITOR`, `$VISUAL` or `$EDITOR`, in a file of `folder` that only
/// they can read. The terminal must have been given back.
///
/// # Errors
/// No editor is named, it fails, or the file cannot be written or read.
pub fn edit(text: &str, folder: &Path) -> io::Result<String> {
    let named = ["BIGIN_EDITOR", "VISUAL", "EDITOR"].iter().find_map(|name| env::var(name).ok());
    let editor = named.unwrap_or_else(|| "vi".to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or_else(|| io::Error::other("the editor has no name"))?;
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("text-{}.md", std::process::id()));
    let result = write_private(&path, text)
        .and_then(|()| Command::new(program).args(words).arg(&path).status())
        .and_then(|status| {
            if status.success() {
                fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            } else {
                Err(io::Error::other(format!("{program} ended with {status}")))
            }
        });
    let _ = fs::remove_file(&path);
    result
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
