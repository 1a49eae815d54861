//! Signing in by a code that is approved in a browser, on this machine or any other.
//!
//! <https://www.zoho.com/accounts/protocol/oauth/devices/initiation-request.html>

use std::{io::Write, time::Duration};

use super::{
    LoginError,
    grant::{Granted, keep},
};
use crate::{
    api::{
        AppKey, Timeouts,
        oauth::{Accounts, DeviceCode, DevicePoll},
    },
    config::{Paths, Profile},
};

/// Asks `host` for a code, has it shown, and asks at the documented pace until somebody approved it, at the data
/// centre where that person is at home. `wait` lets the time pass.
///
/// # Errors
/// When nobody approved it, it was refused, or as [`sign_in`](super::sign_in).
pub async fn by_device(
    app: AppKey,
    host: &str,
    paths: &Paths,
    profile: &Profile,
    mut show: impl FnMut(&DeviceCode),
    wait: impl AsyncFn(Duration),
) -> Result<Granted, LoginError> {
    let mut accounts = Accounts::new(host, Timeouts::default());
    let code = accounts.device_code(&app).await?;
    show(&code);
    let mut waited = Duration::ZERO;
    loop {
        wait(code.interval).await;
        waited += code.interval;
        match accounts.device_poll(&app, &code.device_code).await {
            Ok(DevicePoll::Granted(grant)) => return keep(app, accounts.url(), &grant, paths, profile).await,
            Ok(DevicePoll::Elsewhere(centre)) => {
                accounts = Accounts::new(centre.accounts, Timeouts::default());
            }
            Ok(DevicePoll::Pending) => {}
            // A network that fails for a moment costs no approval; codes that have ended do.
            Err(error) if error.is_temporary() && waited < code.expires_in => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// What the person is to do, the address and the code first.
pub(super) fn show(code: &DeviceCode, out: &mut impl Write) {
    let minutes = code.expires_in.as_secs().div_ceil(60);
    let address = code.complete_url.as_ref().unwrap_or(&code.url);
    // Whoever cannot be told waits for nothing; the server's own limit ends that.
    let _ = writeln!(
        out,
        "  1. open   {}  on any device\n  2. enter  {}  valid for {minutes} minutes\n  waiting until it is \
         approved there; Ctrl-C gives up",
        address, code.user_code
    );
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::domain::SafeText;

    #[test]
    fn the_address_and_the_code_come_first_and_cannot_write_to_the_terminal() {
        let code = DeviceCode {
            user_code: SafeText::new("QX7-RT2"),
            url: SafeText::new("https://accounts.zoho.eu/oauth/v3/device\u{1b}[2J"),
            complete_url: None,
            device_code: SecretString::from("1004.canary"),
            interval: Duration::from_secs(30),
            expires_in: Duration::from_secs(300),
        };
        let mut out = Vec::new();
        show(&code, &mut out);
        let told = String::from_utf8(out).expect("text");
        assert!(told.starts_with("  1. open   https://accounts.zoho.eu/oauth/v3/device␛[2J  on any device"));
        assert!(
            told.contains("2. enter  QX7-RT2  valid for 5 minutes") && !told.contains("canary"),
            "{told}"
        );
    }
}
