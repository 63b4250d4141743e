//! `examples/aws.rs`, run as a user runs it: the secret over HTTPS and the server over TLS, both with rustls in one process.

use std::fs;
use std::process::Command;

use crate::example::example;
use crate::fake::{Fake, REGION};
use crate::harness::Server;

on_both_servers! {
    a_service_starts_with_its_secret
}

async fn a_service_starts_with_its_secret(server: &Server) {
    let variables = server.environment(&[]);
    let secret = serde_json::json!({
        "engine": "mysql",
        "host": "127.0.0.1",
        "port": server.port,
        "username": variables["MYSQL_USER"],
        "password": variables["MYSQL_PASSWORD"],
        "dbname": variables["MYSQL_DB"],
        "ssl_ca": server.certificates.authority,
    });
    let fake = Fake::start_tls();
    fake.secret("prod/shop/mysql", &secret.to_string());
    let directory = tempfile::tempdir().expect("a temporary directory");
    let authority = directory.path().join("authority.pem");
    fs::write(&authority, fake.ca_pem().expect("it speaks TLS")).expect("it is writable");

    let output = Command::new(example("aws"))
        .env_clear()
        .env("MYSQL_SECRET_ID", fake.arn("prod/shop/mysql"))
        .env("AWS_ENDPOINT_URL", fake.url())
        .envs([
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
        ])
        .env("SSL_CERT_FILE", &authority)
        .current_dir(directory.path())
        .output()
        .expect("the example runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}{stderr}");
    let last = stdout.lines().last().expect("it says something");
    assert!(last.contains(r#""STRICT_TRANS_TABLES""#), "{stdout}");
    assert!(stdout.contains("VERIFY_IDENTITY"), "{stdout}");
    assert_eq!(fake.calls()[0].region, REGION);
    assert_eq!(fake.connections(), 1);
}
