//! What a system may deny a program: a home, files, somewhere to write.

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
};

use super::driver::Terminal;

/// Runs a line of shell with `"$@"` as the program and `args`.
fn shell(home: &Path, line: &str, args: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", line, "sh", env!("CARGO_BIN_EXE_bigin")])
        .args(args)
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null())
        .output()
        .expect("a shell")
}

#[test]
fn a_home_that_is_none_is_named_in_one_line() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("home");
    fs::write(&file, "").expect("written");
    let mut terminal = Terminal::start_at(&file, &[], 100, 30);
    assert_eq!(terminal.end().exit_code(), 2);
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    assert_eq!(raw.trim_end().lines().count(), 1, "{raw}");
    assert!(raw.contains(&file.display().to_string()) && !raw.contains('\x1b'), "{raw}");
}

#[test]
fn settings_with_a_mistake_start_nothing_and_name_the_line() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/bigin");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("config.toml"), "ascii = true\ncolour = 1\n").expect("written");
    for args in [&["--demo"][..], &[]] {
        let mut terminal = Terminal::start_at(home.path(), args, 100, 30);
        assert_eq!(terminal.end().exit_code(), 2);
        let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
        assert!(raw.contains("config.toml, line 2: unknown key `colour`") && !raw.contains('\x1b'), "{raw}");
    }
}

#[test]
fn words_that_nobody_takes_are_no_crash() {
    let home = tempfile::tempdir().expect("a folder");
    let query = ["query", "--demo", "--deals", "50", "select id from Deals where Stage = 'Won' limit 5"];
    for (line, args) in [
        ("exec \"$@\" >/dev/full", &["keys"][..]),
        ("exec \"$@\" >/dev/full", &["--help"]),
        ("exec \"$@\" >/dev/full", &query),
        ("exec \"$@\" >&-", &["keys"]),
        ("exec \"$@\" 2>/dev/full", &["query", "--demo", "select nothing"]),
        ("exec \"$@\" 2>&-", &["query", "--demo", "select nothing"]),
        ("exec \"$@\" 2>/dev/full", &[]),
        ("exec \"$@\" >/dev/full", &["sandbox"]),
    ] {
        if line.contains("/dev/full") && !Path::new("/dev/full").exists() {
            continue;
        }
        let output = shell(home.path(), line, args);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        // 101 is a panic; no code at all is a signal.
        assert!(output.status.code().is_some_and(|code| code < 100), "{line} {args:?}: {output:?}");
        assert!(!words.contains("panicked"), "{line} {args:?}: {words}");
    }
}

#[test]
fn a_terminal_is_enough_without_a_standard_error() {
    let home = tempfile::tempdir().expect("a folder");
    for line in ["exec \"$@\" 2>&-", "exec \"$@\" 2>/dev/full"] {
        let mut terminal = Terminal::start_behind(home.path(), line, &["--demo"], 100, 30);
        terminal.see("Silverline");
        terminal.send("q");
        assert_eq!(terminal.end().exit_code(), 0, "{line}");
        assert!(terminal.is_restored());
    }
}

#[test]
fn too_few_files_end_it_in_words_and_not_in_the_middle() {
    let home = tempfile::tempdir().expect("a folder");
    for limit in ["-n 8", "-n 16", "-n 24"] {
        let line = format!("ulimit {limit}; exec \"$@\"");
        let mut terminal = Terminal::start_behind(home.path(), &line, &["--demo"], 100, 30);
        let told = |screen: &str| {
            let words = ["Board", "bigin:", "bigin stopped", "error while loading"];
            words.iter().any(|word| screen.contains(word))
        };
        terminal.wait(&format!("the frame, or the reason, with {limit}"), told);
        terminal.signal("TERM");
        terminal.end();
        assert!(terminal.is_restored(), "{limit}");
    }
}
