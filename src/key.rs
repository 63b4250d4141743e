//! The key table: the one place that maps a key to its names. The parser, the docs and the hints all come from it.

use std::fmt;

/// A key of a database configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Key {
    /// The database (schema) to use.
    Database,
    /// The user to log in as.
    User,
    /// The user's password.
    Password,
    /// Host name or IP address of the server.
    Host,
    /// TCP port of the server, 3306 by default.
    Port,
    /// Path of the server's unix socket; used instead of host and port.
    Socket,
    /// How the connection is encrypted and the server verified, see [`SslMode`](crate::SslMode).
    SslMode,
    /// A PEM file with the certificate authorities that may sign the server's certificate.
    SslCa,
    /// The `sql_mode` that every session runs with, see [`SqlMode`](crate::SqlMode).
    SqlMode,
    /// A whole connection URL, split into the keys above.
    Url,
}

/// One row of the key table.
#[derive(Debug)]
pub(crate) struct Row {
    pub key: Key,
    /// Names in a TOML or JSON file or a secret, in any case; the first is canonical.
    pub names: &'static [&'static str],
    /// Names in the environment, behind the prefix (`MYSQL_`); the first is canonical.
    pub variables: &'static [&'static str],
    /// Names that stand for the key elsewhere, behind any prefix. They are not read; they make an error say "did you mean".
    pub mistaken: &'static [&'static str],
}

/// Every key, in the order in which it is reported; `KEYS[key as usize]` is the row of `key`.
pub(crate) static KEYS: [Row; 10] = [
    Row {
        key: Key::Database,
        names: &["database", "name", "dbname", "db"],
        variables: &["DB", "DATABASE"],
        mistaken: &["NAME", "DBNAME", "DB_NAME", "DATABASE_NAME", "SCHEMA"],
    },
    Row {
        key: Key::User,
        names: &["user", "username"],
        variables: &["USER"],
        mistaken: &["USERNAME", "USR", "LOGIN"],
    },
    Row {
        key: Key::Password,
        names: &["password"],
        variables: &["PASSWORD"],
        mistaken: &["PASS", "PASSWD", "PWD", "PW", "PASSPHRASE"],
    },
    Row {
        key: Key::Host,
        names: &["host"],
        variables: &["HOST"],
        mistaken: &["HOSTNAME", "SERVER", "ADDR", "ADDRESS", "ENDPOINT"],
    },
    Row {
        key: Key::Port,
        names: &["port"],
        variables: &["PORT"],
        mistaken: &["TCP_PORT"],
    },
    Row {
        key: Key::Socket,
        names: &["socket", "unix_socket"],
        variables: &["SOCKET"],
        mistaken: &["UNIX_SOCKET", "UNIX_PORT"],
    },
    Row {
        key: Key::SslMode,
        names: &["ssl_mode", "ssl"],
        variables: &["SSL_MODE"],
        mistaken: &["SSL", "SSLMODE", "TLS", "TLS_MODE"],
    },
    Row {
        key: Key::SslCa,
        names: &["ssl_ca"],
        variables: &["SSL_CA"],
        mistaken: &["SSLCA", "CA", "CA_FILE", "SSL_ROOT_CERT"],
    },
    Row {
        key: Key::SqlMode,
        names: &["sql_mode", INIT_COMMAND],
        variables: &["SQL_MODE"],
        mistaken: &["SQLMODE", "INIT_COMMAND"],
    },
    Row {
        key: Key::Url,
        names: &["url"],
        variables: &["URL"],
        mistaken: &["URI", "DSN"],
    },
];

/// The spelling of `sql_mode` that holds a whole statement.
pub(crate) const INIT_COMMAND: &str = "init_command";

/// The variable that many platforms set for their default database. It is looked at only when a key is missing.
pub(crate) const DATABASE_URL: &str = "DATABASE_URL";

/// What a name that a layer holds stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spelling {
    pub key: Key,
    list: List,
    index: u8,
    /// The name ends in `_FILE`: its value is the path of a file that holds the value.
    pub in_file: bool,
}

/// Which list of the table a spelling is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Names,
    Variables,
    /// `DATABASE_URL`, which takes no prefix.
    Platform,
}

impl Spelling {
    /// The spelling as the table has it, without prefix and `_FILE`.
    pub(crate) fn text(self) -> &'static str {
        let row = self.key.row();
        match self.list {
            List::Names => row.names[usize::from(self.index)],
            List::Variables => row.variables[usize::from(self.index)],
            List::Platform => DATABASE_URL,
        }
    }

    pub(crate) fn is_database_url(self) -> bool {
        self.list == List::Platform
    }

    pub(crate) fn through_file(self) -> Spelling {
        Spelling {
            in_file: true,
            ..self
        }
    }

    /// Every variable of a row.
    pub(crate) fn variables(row: &'static Row) -> impl Iterator<Item = Spelling> {
        (0..row.variables.len()).map(|index| Spelling::new(row.key, List::Variables, index))
    }

    pub(crate) fn database_url() -> Spelling {
        Spelling::new(Key::Url, List::Platform, 0)
    }

    fn new(key: Key, list: List, index: usize) -> Spelling {
        Spelling {
            key,
            list,
            index: index as u8,
            in_file: false,
        }
    }
}

impl Key {
    pub(crate) fn row(self) -> &'static Row {
        &KEYS[self as usize]
    }

    /// The canonical name: `database`, `ssl_mode`.
    pub fn name(self) -> &'static str {
        self.row().names[0]
    }

    /// Whether an error or a report may never carry the value.
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Key::Password | Key::Url)
    }

    /// The canonical name as a spelling.
    pub(crate) fn spelling(self) -> Spelling {
        Spelling::new(self, List::Names, 0)
    }

    /// The key that a TOML or JSON file or a secret spells `name`.
    pub(crate) fn from_name(name: &str) -> Option<Spelling> {
        let first = name.as_bytes().first()?.to_ascii_lowercase();
        let is = |text: &&str| {
            // Most names differ in length or in the first letter already.
            text.len() == name.len()
                && text.as_bytes()[0] == first
                && (*text == name || text.eq_ignore_ascii_case(name))
        };
        // Nearly every name is the canonical one.
        if let Some(row) = KEYS.iter().find(|row| is(&row.names[0])) {
            return Some(Spelling::new(row.key, List::Names, 0));
        }
        KEYS.iter().find_map(|row| {
            let index = row.names.iter().position(is)?;
            Some(Spelling::new(row.key, List::Names, index))
        })
    }

    /// The key that the environment spells `variable`, the prefix taken off.
    pub(crate) fn from_variable(variable: &str) -> Option<Spelling> {
        let find = |variable: &str| {
            let mut variables = KEYS.iter().flat_map(Spelling::variables);
            variables.find(|spelling| spelling.text() == variable)
        };
        find(variable)
            .or_else(|| find(variable.strip_suffix(FILE_SUFFIX)?).map(Spelling::through_file))
    }
}

/// What a variable's name ends in when its value is the path of a file that holds the value.
pub(crate) const FILE_SUFFIX: &str = "_FILE";

/// The variable that names a secret of AWS Secrets Manager, behind the prefix.
pub(crate) const SECRET_ID: &str = "SECRET_ID";

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::KEYS;

    /// The README shows the table to people, so it must name what the table names.
    #[test]
    fn the_readme_has_every_name() {
        let readme = include_str!("../README.md");
        for row in &KEYS {
            let start = format!("| `{}` | ", row.key);
            let line = readme.lines().find(|line| line.starts_with(&start));
            let line = line.unwrap_or_else(|| panic!("no row for {}", row.key));
            for variable in row.variables {
                assert!(line.contains(&format!("`MYSQL_{variable}`")), "{variable}");
            }
            for name in row.names {
                assert!(line.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}
