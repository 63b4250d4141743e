//! `DatabaseConfig`: the typed result of a load.

use std::fmt;
use std::str::FromStr;

use secrecy::SecretString;

use crate::conclusion;
use crate::error::Error;
use crate::explain::Explain;
use crate::key::Key;
use crate::layer::Raw;
use crate::loader::Loader;
use crate::merge::Merge;
use crate::report::Report;
use crate::slot::Rank;
use crate::source::{Origin, Place, Source};
use crate::sql_mode::SqlMode;
use crate::ssl_mode::SslMode;
use crate::url::{self, SecretUrl};

/// Everything a service needs to reach one MySQL database.
///
/// `Debug` shows every field but the password. Cloning copies the password; every copy is wiped when it is dropped.
#[derive(Clone)]
pub struct DatabaseConfig {
    pub(crate) database: String,
    pub(crate) user: String,
    pub(crate) password: SecretString,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) socket: Option<String>,
    pub(crate) ssl_mode: SslMode,
    pub(crate) ssl_ca: Option<String>,
    pub(crate) sql_mode: SqlMode,
    pub(crate) report: Report,
}

impl DatabaseConfig {
    /// Loads from the environment (`MYSQL_*`) and then the default secrets files: the one that `MYSQL_SECRETS_FILE` names or,
    /// where that is not set, `secrets.toml`, `secrets.json` and `.env` in the working directory. No runtime, no network.
    ///
    /// # Errors
    ///
    /// One [`Error`] with every problem: missing keys, values that cannot be used, files that cannot be read or parsed, a file with
    /// a password that git could commit.
    pub fn load() -> Result<DatabaseConfig, Error> {
        DatabaseConfig::loader()
            .env("MYSQL_")
            .default_secrets_files()
            .load()
    }

    /// A loader without layers, to be given the layers in the order in which they are asked.
    pub fn loader() -> Loader {
        Loader::default()
    }

    /// The database (schema).
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The user to log in as.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password, byte for byte as its layer had it.
    pub fn password(&self) -> &SecretString {
        &self.password
    }

    /// Host name or IP address, IPv6 without brackets; `localhost` where only a socket is configured.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port, 3306 by default.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path of the server's unix socket; where there is one, it is used instead of host and port.
    pub fn socket(&self) -> Option<&str> {
        self.socket.as_deref()
    }

    /// How the connection is encrypted and the server verified.
    pub fn ssl_mode(&self) -> SslMode {
        self.ssl_mode
    }

    /// The path of a PEM file with the authorities that may sign the server's certificate.
    pub fn ssl_ca(&self) -> Option<&str> {
        self.ssl_ca.as_deref()
    }

    /// The `sql_mode` of every session.
    pub fn sql_mode(&self) -> &SqlMode {
        &self.sql_mode
    }

    /// The statement that sets the `sql_mode`, `SET sql_mode='STRICT_TRANS_TABLES'` by default. `None` where the mode is left
    /// to the server.
    pub fn init_command(&self) -> Option<&str> {
        self.sql_mode.init_command()
    }

    /// The connection URL, `mysql://user:password@host:port/database?init_command=...`, every part percent-encoded.
    ///
    /// [`FromStr`] reads it back with all keys equal. mysql_async refuses the parameter `init_command` and sqlx ignores it without a
    /// word, so a service on mysql_async uses [`opts()`](Self::opts).
    pub fn url(&self) -> SecretUrl {
        url::write(self)
    }

    /// Where every value came from, as a table without secrets.
    pub fn explain(&self) -> Explain<'_> {
        Explain::new(self)
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("DatabaseConfig");
        for row in self.explain().rows() {
            out.field(row.key(), &format_args!("{}", row.value()));
        }
        out.finish()
    }
}

/// Reads a connection URL: our own form, or any `mysql://` or `mariadb://` URL with the database, user, password and host.
impl FromStr for DatabaseConfig {
    type Err = Error;

    fn from_str(text: &str) -> Result<DatabaseConfig, Error> {
        let origin = Origin::new(Place::Other("text".into()), "");
        let mut merge = Merge::default();
        let source = Source::new(&origin, Key::Url.spelling());
        merge.put(Rank::single(0), source, Raw::Lent(text));
        // `user:@` is how `url()` writes an empty password, which a loader must have allowed.
        merge.allow_empty_password();
        conclusion::of_one_place(origin.place.clone(), merge)
    }
}
