//! Rules for secrets that nobody loaded: what looks like one by where it stands.
//!
//! A rule is tried only where one of its anchors is: a few letters that are searched for together with the values' fragments. What it then
//! finds in the secret's place still has to be a literal, and no placeholder.

mod assignment;
mod command;
mod connection;
mod expression;
mod file;
mod key;
mod literal;
mod marker;
mod name;
mod named;
mod neighbour;
mod spot;
mod structure;
mod unquoted;
mod words;

pub(crate) use file::File;
pub(crate) use marker::is_allowed;
pub(crate) use spot::Spot;

use super::finding::{AWS_KEY, PASSWORD, PRIVATE_KEY, Rule, URL_PASSWORD};

/// Where a rule is tried, and how.
pub(crate) struct Check {
    /// Of three bytes at least. Case counts.
    pub anchors: &'static [&'static str],
    pub rule: &'static Rule,
    /// Where the secret begins in the bytes.
    pub find: fn(&Spot<'_>) -> Option<usize>,
}

/// Every check.
pub(crate) static CHECKS: &[Check] = &[
    // password, passwd, db_pass; pwd; pw.
    Check {
        anchors: &[
            "pass", "Pass", "PASS", "pwd", "Pwd", "PWD", "_pw", "_PW", "pw=", "pw =", "pw :",
            "pw: ", "pw\":",
        ],
        rule: &PASSWORD,
        find: assignment::find,
    },
    // user:password@/database
    Check {
        anchors: &["sql.Open("],
        rule: &URL_PASSWORD,
        find: connection::go_open,
    },
    // aws_secret_access_key, SecretAccessKey.
    Check {
        anchors: &[
            "secret_access_key",
            "SECRET_ACCESS_KEY",
            "SecretAccessKey",
            "secretAccessKey",
            "secret_key",
            "SECRET_KEY",
            "SecretKey",
            "secretKey",
        ],
        rule: &AWS_KEY,
        find: key::aws_secret,
    },
    // mysql://user:password@host
    Check {
        anchors: &["://"],
        rule: &URL_PASSWORD,
        find: connection::url,
    },
    // user:password@tcp(host)
    Check {
        anchors: &["@tcp(", "@unix("],
        rule: &URL_PASSWORD,
        find: connection::go,
    },
    // sqlplus user/password@host, jdbc:oracle:thin:user/password@host
    Check {
        anchors: &["sqlplus ", ":thin:"],
        rule: &URL_PASSWORD,
        find: connection::oracle,
    },
    // IDENTIFIED BY 'password'
    Check {
        anchors: &["IDENTIFIED ", "identified "],
        rule: &PASSWORD,
        find: command::identified_by,
    },
    // mysql -ppassword, curl -u user:password
    Check {
        anchors: &command::PROGRAMS,
        rule: &PASSWORD,
        find: command::option,
    },
    // getConnection(url, user, password)
    Check {
        anchors: &command::CALLS,
        rule: &PASSWORD,
        find: command::argument,
    },
    // ConvertTo-SecureString password
    Check {
        anchors: &["ConvertTo-SecureString"],
        rule: &PASSWORD,
        find: command::secure_string,
    },
    Check {
        anchors: &["AKIA", "ASIA"],
        rule: &AWS_KEY,
        find: key::aws_id,
    },
    // -----BEGIN PRIVATE KEY-----
    Check {
        anchors: &["PRIVATE KEY"],
        rule: &PRIVATE_KEY,
        find: key::private,
    },
];

/// The check of files in which a place alone makes a password, and no word.
pub(crate) static PGPASS: Check = Check {
    anchors: &[],
    rule: &PASSWORD,
    find: connection::pgpass,
};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::{CHECKS, File, PGPASS, Spot, is_allowed};

    /// Pieces of what the rules take apart, and what tears it.
    fn piece() -> impl Strategy<Value = String> {
        let anchors = CHECKS.iter().flat_map(|check| check.anchors).copied();
        let pieces = [
            "word",
            "password",
            "'",
            "\"",
            "\\",
            "\\\"",
            "\"\"\"",
            "=",
            ":",
            " ",
            "\n",
            "${",
            "}",
            "(",
            ")",
            ",",
            "<",
            ">",
            "</",
            "env",
            "||",
            "mysql",
            "IDENTIFIED",
            "-----BEGIN ",
            "PRIVA",
            "-----",
            "value",
            "name=",
            "<key>",
            "</key>",
            "variable \"",
            "{",
            "default",
            "|\n",
            "é",
            "\u{2026}",
            "@",
            "/",
            ";",
            "Some(",
            "is ",
            "getConnecti",
            "secre",
            "sql",
            "en(",
            "#",
            "&",
            "x1",
        ];
        proptest::sample::select(anchors.chain(pieces).map(str::to_owned).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_check_stands_any_text(
            pieces in proptest::collection::vec(piece(), 0..40),
            file in proptest::sample::select(vec!["a.rs", "a.yml", ".env", "a.md", ".pgpass", ".netrc", "de.json"]),
            torn in proptest::option::of(0..64usize),
        ) {
            let mut bytes = pieces.concat().into_bytes();
            if let Some(at) = torn.filter(|at| *at < bytes.len()) {
                bytes[at] = 0xff;
            }
            let file = File::new(Path::new(file));
            let is_anchor = |at: usize, anchor: &str| bytes[at..].starts_with(anchor.as_bytes());
            for at in 0..bytes.len() {
                let anchored = CHECKS.iter().filter(|check| check.anchors.iter().any(|anchor| is_anchor(at, anchor)));
                let begins = at == 0 || bytes[at - 1] == b'\n';
                for check in anchored.chain(begins.then_some(&PGPASS)) {
                    let spot = Spot::new(&bytes, at, &file);
                    is_allowed(&spot);
                    let found = (check.find)(&spot);
                    prop_assert!(found.is_none_or(|offset| offset <= bytes.len()));
                }
            }
        }
    }
}
