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
mod neighbour;
mod spot;

pub(crate) use file::FileKind;
pub(crate) use marker::is_allowed;
pub(crate) use spot::Spot;

use super::finding::{AWS_KEY, PASSWORD, PRIVATE_KEY, Rule, URL_PASSWORD};

/// Where a rule is tried, and how.
pub(crate) struct Check {
    /// Of three or four bytes, none the beginning of another one. Case counts.
    pub anchors: &'static [&'static str],
    pub rule: &'static Rule,
    /// Where the secret begins in the text around the anchor.
    pub find: fn(&Spot<'_>) -> Option<usize>,
}

/// Every check.
pub(crate) static CHECKS: &[Check] = &[
    // password, passwd, db_pass; pwd; pw.
    Check {
        anchors: &[
            "pass", "Pass", "PASS", "pwd", "Pwd", "PWD", "pw =", "pw :", "pw: ", "pw=\"", "pw='",
            "pw\":",
        ],
        rule: &PASSWORD,
        find: assignment::find,
    },
    // aws_secret_access_key, SecretAccessKey.
    Check {
        anchors: &["t_ac", "T_AC", "tAcc"],
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
        anchors: &["@tcp", "@uni"],
        rule: &URL_PASSWORD,
        find: connection::go,
    },
    // sqlplus user/password@host, jdbc:oracle:thin:user/password@host
    Check {
        anchors: &["sqlp", ":thi"],
        rule: &URL_PASSWORD,
        find: connection::oracle,
    },
    // IDENTIFIED BY 'password'
    Check {
        anchors: &["BY '", "by '", "BY \"", "by \""],
        rule: &PASSWORD,
        find: command::identified_by,
    },
    // mysql -ppassword, curl -u user:password
    Check {
        anchors: &[" -p", "\"-p", "'-p", " -P", " -a", " -u"],
        rule: &PASSWORD,
        find: command::option,
    },
    // getConnection(url, user, password)
    Check {
        anchors: &["tCon", "DBI-", "PDO(", "qli(", "qli_"],
        rule: &PASSWORD,
        find: command::argument,
    },
    // ConvertTo-SecureString password
    Check {
        anchors: &["o-Se"],
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
        anchors: &["TE K"],
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
