//! TLS by ssl mode: what is encrypted, and which servers are refused.

use std::net::Ipv4Addr;
use std::path::Path;

use dbconf::mysql_async::prelude::Queryable;
use dbconf::mysql_async::{Conn, Error};
use dbconf::{DatabaseConfig, SslMode};

use crate::forwarder::Forwarder;
use crate::harness::Server;

/// Loopback, but not in the server's certificate.
const OTHER_NAME: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

on_both_servers! {
    authority_alone_verifies_identity
    unrelated_authority_is_refused
    public_authorities_do_not_vouch_for_ours
    certificate_for_another_name_is_refused
    required_encrypts_without_an_authority
    loopback_is_plaintext_by_default
}

async fn authority_alone_verifies_identity(server: &Server) {
    let authority = text(&server.certificates.authority);
    for host in ["127.0.0.1", "localhost"] {
        let config = server.load(&[("MYSQL_HOST", host), ("MYSQL_SSL_CA", authority)]);
        assert_eq!(config.ssl_mode(), SslMode::VerifyIdentity);
        assert_ne!(cipher(&config).await.expect(host), "", "{host}");
    }
}

async fn unrelated_authority_is_refused(server: &Server) {
    let authority = text(&server.certificates.unrelated_authority);
    let config = server.load(&[("MYSQL_SSL_CA", authority)]);
    assert_refused(cipher(&config).await, "UnknownIssuer");
}

async fn public_authorities_do_not_vouch_for_ours(server: &Server) {
    let config = server.load(&[("MYSQL_SSL_MODE", "VERIFY_IDENTITY")]);
    assert_refused(cipher(&config).await, "UnknownIssuer");
}

async fn certificate_for_another_name_is_refused(server: &Server) {
    // The server listens on 127.0.0.1 alone, so another address leads to it.
    let forwarder = Forwarder::start(OTHER_NAME, server.port);
    let host = OTHER_NAME.to_string();
    let port = forwarder.address.port().to_string();
    let place = [("MYSQL_HOST", host.as_str()), ("MYSQL_PORT", &port)];
    let load = |tls| server.load(&[place[0], place[1], tls]);

    let verified = load(("MYSQL_SSL_CA", text(&server.certificates.authority)));
    assert_refused(cipher(&verified).await, "NotValidForName");
    // It is the name that was refused: the way there is open.
    let unverified = load(("MYSQL_SSL_MODE", "REQUIRED"));
    assert_ne!(cipher(&unverified).await.expect("no name is checked"), "");
}

async fn required_encrypts_without_an_authority(server: &Server) {
    let config = server.load(&[("MYSQL_SSL_MODE", "REQUIRED")]);
    assert_ne!(cipher(&config).await.expect("nothing is verified"), "");
}

async fn loopback_is_plaintext_by_default(server: &Server) {
    let config = server.load(&[]);
    assert_eq!(config.ssl_mode(), SslMode::Disabled);
    assert_eq!(cipher(&config).await.expect("no TLS is needed"), "");
}

/// The cipher as the server sees it; empty for plaintext.
async fn cipher(config: &DatabaseConfig) -> Result<String, Error> {
    let mut conn = Conn::new(config.opts().expose_secret().clone()).await?;
    let row = conn.query_first("SHOW STATUS LIKE 'Ssl_cipher'").await?;
    let (_, cipher): (String, String) = row.expect("the server knows the variable");
    conn.disconnect().await?;
    Ok(cipher)
}

/// `why` is rustls's name for the reason, so that no other failure passes for a refusal.
#[track_caller]
fn assert_refused(outcome: Result<String, Error>, why: &str) {
    let error = outcome.expect_err("the server is refused");
    let shown = format!("{error:?}");
    assert!(shown.contains(why), "{shown} is not {why}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}
