//! Driver options for mysql_async, built from parts: strict mode in `setup`, TLS by ssl mode.

use std::fmt;
use std::path::PathBuf;

use mysql_async::{Opts, OptsBuilder, SslOpts};
use secrecy::ExposeSecret;

use crate::config::DatabaseConfig;
use crate::ssl_mode::SslMode;

/// [`mysql_async::Opts`] with the password in them. `Debug` shows nothing of them; that of `mysql_async::Opts` prints the password.
#[derive(Clone)]
pub struct SecretOpts(Opts);

impl SecretOpts {
    /// The driver's options. Clone them into `Pool::new` or, to change something, into `OptsBuilder::from_opts`.
    pub fn expose_secret(&self) -> &Opts {
        &self.0
    }
}

impl fmt::Debug for SecretOpts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretOpts([REDACTED])")
    }
}

impl DatabaseConfig {
    /// Options for mysql_async. The init command is in `setup`, which the driver runs again whenever a pool resets a connection:
    /// the session is strict on every checkout, not just on the first.
    pub fn opts(&self) -> SecretOpts {
        let setup: Vec<&str> = self.init_command().into_iter().collect();
        let builder = OptsBuilder::default()
            .ip_or_hostname(self.host())
            .tcp_port(self.port())
            .socket(self.socket())
            // Otherwise the driver leaves a loopback address for the server's socket, which is another server behind a tunnel.
            .prefer_socket(false)
            .user(Some(self.user()))
            .pass(Some(self.password().expose_secret()))
            .db_name(Some(self.database()))
            .setup(setup)
            .ssl_opts(self.ssl_opts());
        SecretOpts(builder.into())
    }

    fn ssl_opts(&self) -> Option<SslOpts> {
        let opts = SslOpts::default();
        match (self.ssl_mode(), self.ssl_ca()) {
            (SslMode::Disabled, _) => None,
            (SslMode::Required, _) => Some(
                opts.with_danger_accept_invalid_certs(true)
                    .with_danger_skip_domain_validation(true),
            ),
            (SslMode::VerifyIdentity, None) => Some(opts),
            (SslMode::VerifyIdentity, Some(ca)) => {
                let roots = vec![PathBuf::from(ca).into()];
                Some(
                    opts.with_root_certs(roots)
                        .with_disable_built_in_roots(true),
                )
            }
        }
    }
}
