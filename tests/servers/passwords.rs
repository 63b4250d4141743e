//! A password that a real server knows logs in, byte for byte, whatever it looks like.

use dbconf::DatabaseConfig;
use dbconf::mysql_async::prelude::Queryable;
use dbconf::mysql_async::{Conn, Error};

use crate::harness::{Kind, Server};

const ACCESS_DENIED: u16 = 1045;

/// What YAML, TOML, shells, URLs and type-guessing loaders are known to change, cut or refuse.
const PASSWORDS: [&str; 17] = [
    "0123",
    "1e5",
    "true",
    "null",
    "[x]",
    "[x",
    "{a=b}",
    "\"quoted\"",
    "'q'",
    " pad ",
    "p@ss:w/rd%#?é+ \"'\\",
    "a%41b",
    "$HOME",
    "two\nlines",
    "line\n",
    "line\r\n",
    "\t",
];

on_both_servers! {
    passwords_log_in
    longest_password_logs_in
}

async fn passwords_log_in(server: &Server) {
    for (at, password) in PASSWORDS.iter().enumerate() {
        logs_in(server, &format!("user_{at}"), password, &[]).await;
    }
}

/// MySQL's `caching_sha2_password` refuses to create an account with more than 256 bytes (error 1396). Without TLS the driver encrypts
/// the password to the server's RSA key, in one block that holds 213 bytes at the most; it *panics* on more. MariaDB has no such limit.
async fn longest_password_logs_in(server: &Server) {
    let cases: &[(&str, usize, &str)] = match server.kind {
        Kind::MySql => &[
            ("longest_rsa", 213, "DISABLED"),
            ("longest_tls", 256, "REQUIRED"),
        ],
        Kind::MariaDb => &[
            ("longest", 4096, "DISABLED"),
            ("longest_tls", 4096, "REQUIRED"),
        ],
    };
    for (user, length, ssl_mode) in cases {
        // Six bytes; the lengths end between two characters.
        let password = "é0%'\\".repeat(length.div_ceil(6));
        let password = &password[..*length];
        logs_in(server, user, password, &[("MYSQL_SSL_MODE", ssl_mode)]).await;
    }
}

/// Creates the user and logs in with what the environment gives, with what our own URL gives, and not with a wrong password.
async fn logs_in(server: &Server, user: &str, password: &str, extra: &[(&str, &str)]) {
    server.create_user(user, password).await;
    let load = |password: &str| {
        let own = [("MYSQL_USER", user), ("MYSQL_PASSWORD", password)];
        server.load(&[&own, extra].concat())
    };
    let config = load(password);
    let from_url: DatabaseConfig = config
        .url()
        .expose_secret()
        .parse()
        .expect("our own URL is read back");

    let account = Ok(format!("{user}@%"));
    assert_eq!(log_in(&config).await, account, "{password:?}");
    assert_eq!(log_in(&from_url).await, account, "{password:?} in a URL");
    // No longer than the right one: that may be too long for the driver.
    let rest = password.chars().skip(1);
    let wrong = load(&String::from_iter(['~'].into_iter().chain(rest)));
    assert_eq!(log_in(&wrong).await, Err(ACCESS_DENIED), "{password:?}");
}

/// The account that the server takes us for, or the number of its error.
async fn log_in(config: &DatabaseConfig) -> Result<String, u16> {
    let mut conn = match Conn::new(config.opts().expose_secret().clone()).await {
        Ok(conn) => conn,
        Err(Error::Server(error)) => return Err(error.code),
        Err(error) => panic!("the login met no server error: {error}"),
    };
    let account = conn.query_first("SELECT CURRENT_USER()").await;
    let account = account.expect("the account can be read");
    conn.disconnect().await.expect("it logs out");
    Ok(account.expect("it is one row"))
}
