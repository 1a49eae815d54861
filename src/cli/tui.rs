//! `bigin` alone: the program on the screen.

use std::{env, io};

use super::{
    OK, USAGE, demo,
    first_run::{self, Choice},
    login, say, signed_in,
};
use crate::{
    app::Options,
    config::{ConfigError, Environment, Flags, Paths, Profile, Settings, Theme as Colours},
    protocol::Guard,
    runtime::{self, Launch},
    ui::Theme,
};

/// Arguments of `bigin` without a command.
#[derive(Debug, clap::Args)]
pub struct TuiArgs {
    #[command(flatten)]
    pub demo: demo::DemoArgs,
    /// Work for this account; `bigin login --profile NAME` makes one.
    #[arg(short, long, value_name = "NAME")]
    profile: Option<Profile>,
    /// Refuse every change before it leaves the program.
    #[arg(long)]
    read_only: bool,
    /// Draw borders with plain ASCII.
    #[arg(long)]
    ascii: bool,
}

/// Runs the program on this terminal until it ends; the status to exit with.
///
/// # Errors
/// The terminal cannot be taken.
pub fn run(args: TuiArgs) -> io::Result<u8> {
    if env::var("TERM").is_ok_and(|term| term == "dumb") {
        say("TERM=dumb names a terminal that cannot place a cursor; bigin draws a whole screen.\n\
             Start it in another terminal, or set TERM to what this one really is.");
        return Ok(USAGE);
    }
    let flags = Flags { profile: args.profile, read_only: args.read_only, ascii: args.ascii };
    let (paths, settings) = match settings(&flags) {
        Ok(found) => found,
        Err(error) => {
            say(&error.to_string());
            return Ok(USAGE);
        }
    };
    let worker = match worker(args.demo, &paths, &settings)? {
        Ok(worker) => worker,
        Err(status) => return Ok(status),
    };
    let launch = Launch {
        options: Options {
            ascii: settings.ascii || needs_ascii(),
            peek: true,
            peek_list: false,
            read_only: settings.read_only,
            guard: Guard {
                rows: settings.max_rows.unwrap_or(Guard::default().rows),
                credits: settings.max_credits.unwrap_or(Guard::default().credits),
            },
        },
        theme: match settings.theme {
            Colours::Ansi => Theme::ANSI,
            Colours::Mono => Theme::MONO,
        },
        ascii: needs_ascii(),
        worker,
        folder: paths.cache,
    };
    Ok(runtime::run(launch)?.status())
}

/// What does the program's work: the demo's, the account's, or what a newcomer chooses. The inner error is the
/// status to exit with.
fn worker(
    demo: demo::DemoArgs,
    paths: &Paths,
    settings: &Settings,
) -> io::Result<Result<runtime::StartWorker, u8>> {
    if demo.wanted() {
        return Ok(Ok(demo::worker(demo)));
    }
    loop {
        match signed_in::worker(paths, settings) {
            Ok(Some(worker)) => return Ok(Ok(worker)),
            Ok(None) => {}
            Err((words, status)) => {
                say(&words);
                return Ok(Err(status));
            }
        }
        match first_run::choose(&settings.profile, paths)? {
            Choice::Demo => return Ok(Ok(demo::worker(demo))),
            Choice::SignIn => {
                // What went wrong was told; the ways in are shown again.
                let profile = Some(settings.profile.clone());
                let _ = login::run(&login::LoginArgs { profile, ..Default::default() });
            }
            Choice::Leave => return Ok(Err(OK)),
            Choice::Ended(signal) => return Ok(Err(128 + signal)),
        }
    }
}

fn settings(flags: &Flags) -> Result<(Paths, Settings), ConfigError> {
    let paths = Paths::of_user()?;
    let environment = Environment::read(|name| env::var_os(name))?;
    let settings = Settings::load(&paths, flags, &environment)?;
    Ok((paths, settings))
}

/// Whether the locale has ASCII alone.
pub fn needs_ascii() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        !locale.contains("utf-8") && !locale.contains("utf8")
    })
}
