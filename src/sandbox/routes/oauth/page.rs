//! The pages that a person sees.

use std::fmt::Write;

use axum::http::StatusCode;

use crate::sandbox::{Reply, reply::Content};

/// Text made safe to stand in HTML, in an attribute too.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut safe, letter| {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
        safe
    })
}

/// A page. `body` is HTML already.
pub(super) fn page(status: StatusCode, title: &str, body: &str) -> Reply {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <style>body{{font:16px/1.5 system-ui;max-width:34em;margin:3em auto;padding:0 1em}}</style></head>\n\
         <body><h1>{title}</h1>\n{body}\n</body></html>\n"
    );
    Reply { content: Content::Html(html), ..Reply::bare(status) }
}

/// The page in the place of a consent page that cannot be shown. No redirect happens.
pub(super) fn error(name: &str, reason: &str) -> Reply {
    page(StatusCode::BAD_REQUEST, &format!("ERROR_{name}"), &format!("<p>{}</p>", escaped(reason)))
}

/// A person to choose on the page: id and name.
pub(super) type Person = (String, String);

/// The form on which a person decides what an app may do. `hidden` comes back with the decision.
pub(super) fn consent(
    action: &str,
    organisation: &str,
    people: &[Person],
    scopes: &[&str],
    hidden: &[(&str, String)],
) -> Reply {
    let mut body = String::from("<p>An app asks to do the following:</p>\n<ul>\n");
    for scope in scopes {
        let _ = writeln!(body, "<li><code>{}</code></li>", escaped(scope));
    }
    let _ = writeln!(body, "</ul>\n<form method=\"post\" action=\"{}\">", escaped(action));
    for (name, value) in hidden {
        let _ = writeln!(body, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
    }
    let _ = writeln!(body, "<p>in the organisation <strong>{}</strong></p>", escaped(organisation));
    body.push_str("<p><label>as <select name=\"user\">\n");
    for (id, name) in people {
        let _ = writeln!(body, "<option value=\"{}\">{}</option>", escaped(id), escaped(name));
    }
    body.push_str(
        "</select></label></p>\n\
         <button name=\"decision\" value=\"accept\">Accept</button>\n\
         <button name=\"decision\" value=\"reject\">Reject</button>\n</form>",
    );
    page(StatusCode::OK, "Allow access to Bigin", &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_sends_cannot_become_markup() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
    }
}
