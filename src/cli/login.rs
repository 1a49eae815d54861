//! `bigin login`: signs a profile in with the code of a self client, or by a code that any browser takes.

mod ask;
mod device;
mod grant;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::Args;

use crate::{
    api::{Error, Kind, data_centre, oauth::DeviceCode},
    config::{self, ConfigError, Environment, Flags, Paths, Profile, Settings},
    domain::SafeText,
};
pub use device::by_device;
pub use grant::{Granted, Keys, sign_in};

/// Sign in to Bigin with a self client's id, secret and code, or by a code that any browser takes.
///
/// Make a self client at api-console.zoho.<your data centre>, generate a code there, and have it at hand: it
/// lives for a few minutes. Id, secret and code are asked for, or read from three lines of standard input; they
/// are never taken from the command line, where others could see them.
#[derive(Debug, Clone, Default, Args)]
pub struct LoginArgs {
    /// The profile to sign in; another one for another account.
    #[arg(short, long, value_name = "NAME")]
    pub profile: Option<Profile>,
    /// Show a code that you approve in a browser on any device. It takes the id and the secret of a client
    /// that was made for apps without a browser, on two lines.
    #[arg(long)]
    pub device: bool,
    /// The data centre: us, eu, in, au, jp, cn, ca, sa. Found out when not given.
    #[arg(long, value_name = "WHERE", conflicts_with = "accounts_url", value_parser = centre)]
    pub dc: Option<&'static data_centre::DataCentre>,
    /// Another accounts server, such as a sandbox's.
    #[arg(long, value_name = "URL")]
    pub accounts_url: Option<String>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The keys could not be read.
    #[error("{0}")]
    Keys(&'static str),
    /// Standard input or output failed.
    #[error("cannot read the keys: {0}")]
    Io(#[from] io::Error),
    /// The service refused, or cannot be reached.
    #[error("{0}. {advice}", advice = way_on(.0))]
    Api(#[from] Error),
    /// The service took the code and gave nothing to keep.
    #[error("the code gives no lasting sign-in; generate it for a self client and try again")]
    NotLasting,
    /// Files.
    #[error("{0}")]
    Config(#[from] ConfigError),
}

/// Runs the command.
#[must_use]
pub fn run(args: &LoginArgs) -> ExitCode {
    match login(args) {
        Ok(told) => write_lines(&mut io::stdout(), &told, ExitCode::SUCCESS),
        Err(error) => {
            let line = format!("bigin login: {}", SafeText::new(error.to_string().trim_end()));
            write_lines(&mut io::stderr(), &[line], error.exit_code())
        }
    }
}

fn login(args: &LoginArgs) -> Result<Vec<String>, LoginError> {
    let paths = Paths::of_user()?;
    let environment = Environment::read(|name| std::env::var_os(name))?;
    let flags = Flags { profile: args.profile.clone(), ..Flags::default() };
    let profile = Settings::load(&paths, &flags, &environment)?.profile;
    // A code works once: it must not be spent on a sign-in that cannot be kept.
    config::prepare(&paths, &profile)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let granted = if args.device {
        let (app, host) = (ask::app()?, args.hosts().first().copied().unwrap_or_default());
        let show = |code: &DeviceCode| device::show(code, &mut io::stderr());
        runtime.block_on(by_device(app, host, &paths, &profile, show, tokio::time::sleep))?
    } else {
        let keys = ask::keys()?;
        runtime.block_on(sign_in(&keys, &args.hosts(), &paths, &profile))?
    };
    Ok(granted.told(&paths, &profile))
}

impl LoginArgs {
    /// The accounts servers to ask, in order.
    #[must_use]
    pub fn hosts(&self) -> Vec<&str> {
        match (&self.accounts_url, self.dc) {
            (Some(url), _) => vec![url],
            (None, Some(centre)) => vec![centre.accounts],
            (None, None) => data_centre::DATA_CENTRES.iter().map(|centre| centre.accounts).collect(),
        }
    }
}

impl LoginError {
    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Api(error) => super::account::exit_code(error),
            Self::Keys(_) | Self::Config(_) => ExitCode::from(2),
            Self::Io(_) | Self::NotLasting => ExitCode::FAILURE,
        }
    }
}

/// What to do next; a sign-in that begins needs other words than one that ended.
fn way_on(error: &Error) -> String {
    match error.sign_in_code() {
        Some("invalid_code") => {
            "Generate a new code for the self client (it works once, for a few minutes) and try again."
                .to_owned()
        }
        Some("access_denied") => "It was refused in the browser; nothing was kept.".to_owned(),
        Some("expired") => "Nobody approved it in time; run it again for another code.".to_owned(),
        Some("invalid_client" | "invalid_client_secret") => {
            "Check the id and the secret. If they are right, the account lives in another data centre: name it \
             with --dc, or leave --dc out to ask each."
                .to_owned()
        }
        _ => match error.kind() {
            Kind::Offline { .. } => "Check the network and try again; the code was not used.".to_owned(),
            Kind::Timeout { .. } | Kind::Server { .. } | Kind::Truncated | Kind::Unexpected { .. } => {
                "Try again; if the code is refused then, it was used up: generate a new one.".to_owned()
            }
            _ => error.advice(),
        },
    }
}

fn centre(word: &str) -> Result<&'static data_centre::DataCentre, String> {
    data_centre::at(word).ok_or_else(|| {
        let known: Vec<_> = data_centre::DATA_CENTRES.iter().map(|centre| centre.location).collect();
        format!("no such data centre; there are {}", known.join(", "))
    })
}

/// Writes lines; a closed output changes nothing about what was done.
pub(super) fn write_lines(output: &mut impl Write, lines: &[String], code: ExitCode) -> ExitCode {
    for line in lines {
        if writeln!(output, "{line}").is_err() {
            break;
        }
    }
    code
}
