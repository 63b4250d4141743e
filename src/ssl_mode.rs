//! How the connection is encrypted and the server verified, and what that is for a host when nobody says.

use std::fmt;
use std::net::IpAddr;

/// How the connection is encrypted and the server verified. The names are those of the `mysql` client's `--ssl-mode`.
///
/// `VERIFY_CA` and `PREFERRED` are refused when they are asked for: the driver cannot check a certificate without its host name, and
/// `PREFERRED` falls back to plaintext without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SslMode {
    /// No TLS. The default for a unix socket and for a loopback host.
    Disabled,
    /// Encrypted, server not verified: safe from those who listen, not from those who answer in the server's place. The default
    /// for any host that is neither loopback nor Amazon RDS.
    Required,
    /// Encrypted, and the certificate must be signed by a trusted authority and name the host. The default for Amazon RDS and
    /// wherever an `ssl_ca` is given.
    VerifyIdentity,
}

/// What a layer asked for.
pub(crate) enum SslRequest {
    Mode(SslMode),
    /// `ssl = true`: encrypted, or better where the default is better.
    Encrypted,
    /// `VERIFY_CA`.
    WithoutHostName,
    /// `PREFERRED`.
    Opportunistic,
    Unknown,
}

impl SslMode {
    /// The name of the `mysql` client: `DISABLED`, `REQUIRED`, `VERIFY_IDENTITY`.
    pub fn as_str(self) -> &'static str {
        match self {
            SslMode::Disabled => "DISABLED",
            SslMode::Required => "REQUIRED",
            SslMode::VerifyIdentity => "VERIFY_IDENTITY",
        }
    }

    /// The mode for a server when no layer names one.
    pub(crate) fn default_for(host: &str) -> SslMode {
        if is_loopback(host) {
            SslMode::Disabled
        } else if is_rds(host) {
            SslMode::VerifyIdentity
        } else {
            SslMode::Required
        }
    }
}

impl SslRequest {
    pub(crate) fn from_text(text: &str) -> SslRequest {
        let modes = [
            ("DISABLED", SslRequest::Mode(SslMode::Disabled)),
            ("REQUIRED", SslRequest::Mode(SslMode::Required)),
            ("VERIFY_IDENTITY", SslRequest::Mode(SslMode::VerifyIdentity)),
            ("VERIFY_CA", SslRequest::WithoutHostName),
            ("PREFERRED", SslRequest::Opportunistic),
            ("TRUE", SslRequest::Encrypted),
            ("FALSE", SslRequest::Mode(SslMode::Disabled)),
        ];
        let name = text.replace('-', "_");
        let found = modes
            .into_iter()
            .find(|(mode, _)| mode.eq_ignore_ascii_case(&name));
        found.map_or(SslRequest::Unknown, |(_, request)| request)
    }

    pub(crate) fn from_bool(encrypted: bool) -> SslRequest {
        if encrypted {
            SslRequest::Encrypted
        } else {
            SslRequest::Mode(SslMode::Disabled)
        }
    }
}

/// The explanation that goes with the mode wherever it is shown to a person.
impl fmt::Display for SslMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())?;
        match self {
            SslMode::Required => f.write_str(" (encrypted, server not verified)"),
            SslMode::Disabled | SslMode::VerifyIdentity => Ok(()),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let is_address = host.starts_with(|c: char| c.is_ascii_digit() || c == ':');
    host.eq_ignore_ascii_case("localhost")
        || is_address && host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Endpoints are `NAME.ID.REGION.rds.amazonaws.com` and, in China, `NAME.ID.rds.REGION.amazonaws.com.cn`
/// ([Amazon RDS user guide](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConnectToInstance.html)).
fn is_rds(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if host.ends_with(".rds.amazonaws.com") {
        return true;
    }
    let Some(rest) = host.strip_suffix(".amazonaws.com.cn") else {
        return false;
    };
    rest.rsplit_once('.')
        .is_some_and(|(head, _region)| head.ends_with(".rds"))
}
