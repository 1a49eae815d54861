//! When the program itself is wrong: the terminal comes back, and a report stays.

use std::{
    fs,
    io::{self, Write},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
};

use super::terminal;
use crate::domain::SafeText;

/// From now on a panic in any thread gives the terminal back, writes a report into `folder` and ends the
/// process with status 101. What the user typed is on disk already.
pub fn install(folder: PathBuf) {
    panic::set_hook(Box::new(move |info| {
        terminal::give_back_now();
        let mut out = io::stderr();
        let _ = writeln!(out, "bigin stopped: {}", SafeText::new(&said(info)));
        let _ = match report(&folder, info) {
            Ok(path) => writeln!(out, "A report is in {}.", SafeText::new(&path.display().to_string())),
            Err(error) => writeln!(out, "No report could be written: {error}."),
        };
        let _ = writeln!(out, "Drafts and unsent changes are kept and come back at the next start.");
        std::process::exit(101);
    }));
}

fn said(info: &PanicHookInfo<'_>) -> String {
    let words = info.payload_as_str().unwrap_or("an unknown fault");
    info.location().map_or_else(|| words.to_owned(), |at| format!("{words} ({}:{})", at.file(), at.line()))
}

/// Writes where and why, and nothing of the user's records.
fn report(folder: &Path, info: &PanicHookInfo<'_>) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("crash-{}.txt", std::process::id()));
    let trace = std::backtrace::Backtrace::force_capture();
    let thread = std::thread::current();
    let text = format!(
        "bigin {}\nthread {}\n{}\n\n{trace}\n",
        env!("CARGO_PKG_VERSION"),
        thread.name().unwrap_or("without a name"),
        said(info)
    );
    fs::write(&path, text)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use std::{env, io::Read, thread, time::Duration};

    use portable_pty::{CommandBuilder, ExitStatus, PtySize, native_pty_system};

    use super::*;
    use crate::runtime::writer::Writer;

    const HOW: &str = "FALLS_OVER_IN";
    const FOLDER: &str = "REPORTS_GO_TO";

    struct Clumsy;

    impl Drop for Clumsy {
        fn drop(&mut self) {
            panic!("a bad day\u{1b}]0;owned\u{7}");
        }
    }

    /// The program that is wrong: run by the test below, in a terminal of its own.
    #[test]
    #[ignore = "ends the process"]
    fn it_falls_over() {
        let Some(folder) = env::var_os(FOLDER) else { return };
        install(PathBuf::from(folder));
        let taken = terminal::take().expect("a terminal");
        let (inbox, _words) = std::sync::mpsc::channel();
        let mut writer = Writer::start(inbox).expect("a writer");
        writer.send_and_wait(taken, Duration::from_secs(10));
        // Frames go on to be made while the program falls over.
        thread::spawn(move || {
            loop {
                writer.send(b"\x1b[Ha frame".to_vec());
                thread::sleep(Duration::from_millis(1));
            }
        });
        match env::var(HOW).expect("a place").as_str() {
            "main" => drop(Clumsy),
            "thread" => thread::spawn(|| drop(Clumsy)).join().expect("it does not come back"),
            _ => {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build();
                let task = async { drop(Clumsy) };
                let runtime = runtime.expect("a runtime");
                runtime.block_on(runtime.spawn(task)).expect("it does not come back");
            }
        }
    }

    /// Lets the program fall over in a terminal: how it ended, what is on the screen, and the terminal's mode.
    fn fall(how: &str, folder: &Path) -> (ExitStatus, vt100::Parser, String) {
        fall_behind("exec \"$@\"", how, folder)
    }

    /// The same behind a line of shell that ends in `exec "$@"`.
    fn fall_behind(line: &str, how: &str, folder: &Path) -> (ExitStatus, vt100::Parser, String) {
        let pair = native_pty_system().openpty(PtySize::default()).expect("a pty");
        let mut command = CommandBuilder::new("sh");
        command.args(["-c", line, "sh"]);
        command.arg(env::current_exe().expect("this program"));
        command.args(["--exact", "runtime::crash::tests::it_falls_over", "--ignored", "--nocapture"]);
        command.env(HOW, how);
        command.env(FOLDER, folder);
        let mut child = pair.slave.spawn_command(command).expect("it starts");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let seen = thread::spawn(move || {
            let mut bytes = Vec::new();
            // The end of a pty is an error on some systems.
            let _ = reader.read_to_end(&mut bytes);
            bytes
        });
        let status = child.wait().expect("it ends");
        let mode = pair.master.get_termios().map(|mode| format!("{:?}", mode.local_flags));
        drop((pair.slave, pair.master));
        let size = |cells| std::num::NonZero::new(cells).expect("cells");
        let mut screen = vt100::Parser::new(size(24), size(80), 0);
        screen.process(&seen.join().expect("read"));
        (status, screen, mode.expect("a mode"))
    }

    #[test]
    fn wherever_it_falls_over_the_terminal_comes_back_and_a_report_stays() {
        for how in ["main", "thread", "task"] {
            let folder = tempfile::tempdir().expect("a folder");
            let (status, parser, mode) = fall(how, folder.path());
            assert_eq!(status.exit_code(), 101, "{how}");
            let screen = parser.screen();
            let text = screen.contents();
            assert!(
                !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste(),
                "{how}"
            );
            assert!(!text.contains("a frame"), "{how}: nothing is painted afterwards:\n{text}");
            assert!(mode.contains("ICANON") && mode.contains("ECHO"), "{how}: {mode}");
            for words in ["bigin stopped: a bad day␛]0;owned", "A report is in", "unsent changes are kept"]
            {
                assert!(text.contains(words), "{how}: {words:?} in\n{text}");
            }
            let reports: Vec<_> = fs::read_dir(folder.path()).expect("the folder").collect();
            let [Ok(report)] = reports.as_slice() else { panic!("{how}: {reports:?}") };
            let report = fs::read_to_string(report.path()).expect("the report");
            for words in [env!("CARGO_PKG_VERSION"), "thread ", "a bad day", "crash.rs"] {
                assert!(report.contains(words), "{how}: {words:?} in\n{report}");
            }
        }
    }

    #[test]
    fn without_a_standard_error_the_terminal_comes_back_all_the_same() {
        for line in ["exec \"$@\" 2>&-", "exec \"$@\" 2>/dev/full"] {
            let folder = tempfile::tempdir().expect("a folder");
            let (status, parser, mode) = fall_behind(line, "main", folder.path());
            assert_eq!(status.exit_code(), 101, "{line}");
            assert!(!parser.screen().alternate_screen() && !parser.screen().hide_cursor(), "{line}");
            assert!(mode.contains("ICANON") && mode.contains("ECHO"), "{line}: {mode}");
            assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "{line}: a report stays");
        }
    }

    #[test]
    fn a_report_that_cannot_be_written_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("written");
        let (status, parser, _) = fall("main", &file.join("reports"));
        assert_eq!(status.exit_code(), 101);
        let text = parser.screen().contents();
        assert!(text.contains("No report could be written") && text.contains("are kept"), "{text}");
    }
}
