//! The connection URL: the crate's own form, written so that every value survives and read back with all keys equal.

pub(crate) mod read;

use std::fmt;
use std::net::Ipv6Addr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

use crate::config::DatabaseConfig;
use crate::key::INIT_COMMAND;
use crate::secret::{self, REDACTED, Text};
use crate::ssl_mode::SslMode;

/// Everything but the characters that no URL part gives a meaning to
/// ([RFC 3986, 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A connection URL with its password. `Display` and `Debug` show it redacted.
#[derive(Clone)]
pub struct SecretUrl {
    full: SecretString,
    redacted: String,
}

impl SecretUrl {
    /// The whole URL, password included.
    pub fn expose_secret(&self) -> &str {
        self.full.expose_secret()
    }
}

impl fmt::Display for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted)
    }
}

impl fmt::Debug for SecretUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretUrl({self})")
    }
}

/// `mysql://user:password@host:port/database?init_command=...`
///
/// `ssl_mode` is left out where it is `DISABLED` because the host is loopback: clients that do not know it agree.
pub(crate) fn write(config: &DatabaseConfig) -> SecretUrl {
    let password = config.password().expose_secret();
    let (head, tail) = around_password(config, |text| encode(text).to_string());
    // An escape is three bytes, so the text never moves to a larger allocation and leaves a copy behind.
    let mut full = String::with_capacity(head.len() + 3 * password.len() + tail.len());
    full.push_str(&head);
    full.extend(encode(password));
    full.push_str(&tail);
    let (head, tail) = around_password(config, |text| {
        if secret::gives_away(text, password) {
            REDACTED.to_owned()
        } else {
            encode(text).to_string()
        }
    });
    SecretUrl {
        full: Text::take(full).into_string().into(),
        redacted: format!("{head}{REDACTED}{tail}"),
    }
}

/// What stands before and behind the password.
fn around_password(config: &DatabaseConfig, encode: impl Fn(&str) -> String) -> (String, String) {
    let host = match config.host() {
        host if host.parse::<Ipv6Addr>().is_ok() => format!("[{host}]"),
        // A host is made of characters that need no escape, unless it is international.
        host => encode(host),
    };
    let mut tail = format!("@{host}:{}/{}", config.port(), encode(config.database()));
    let mut parameter = |name: &str, value: &str| {
        tail.push(if tail.contains('?') { '&' } else { '?' });
        tail.push_str(name);
        tail.push('=');
        tail.push_str(&encode(value));
    };
    parameter(INIT_COMMAND, config.sql_mode().url_command());
    if let Some(socket) = config.socket() {
        parameter("unix_socket", socket);
    }
    let mode = config.ssl_mode();
    if mode != SslMode::Disabled || mode != SslMode::default_for(config.host()) {
        parameter("ssl_mode", mode.as_str());
    }
    if let Some(ca) = config.ssl_ca() {
        parameter("ssl_ca", ca);
    }
    (format!("mysql://{}:", encode(config.user())), tail)
}

fn encode(text: &str) -> percent_encoding::PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}
