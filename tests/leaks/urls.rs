//! The canary in connection URLs.

use super::*;

/// Each URL as text, in a variable, in every kind of file and inside a service's own configuration.
const OTHER: Outcome = Fails(&[(OtherEngine, URL)]);

#[test]
fn urls() {
    let cases: &[(&str, Outcome)] = &[
        ("mysql://app:§@h/d", Loads("§")),
        ("mysql+§://app:§@h/d", Loads("§")),
        ("mysql://app:§@h/d?§=1", Loads("§")),
        ("mysql://app:§@h/d?password=§&§", Loads("§")),
        ("mysql://app:§@h/d?charset=§", Loads("§")),
        ("mysql://app:12/§@host/db", BAD_URL),
        ("mysql://app:12?§@host/db", BAD_URL),
        ("mysql://app:#§@host", BAD_URL),
        ("mysql://app:p@§@host/db", BAD_URL),
        ("mysql://app:%zz§@h/d", BAD_URL),
        ("mysql://app:§%@h/d", BAD_URL),
        ("mysql://app:pw@§ x/db", BAD_URL),
        ("mysql://app:§\u{a0}@h/d", BAD_URL),
        ("mysql://app:§@h/d#§", BAD_URL),
        ("mysql://app:§@h/d/§", BAD_URL),
        ("mysql://app:§@h/%z§", BAD_URL),
        ("mysql://app:§@h/d?ssl_ca=%zz§", BAD_URL),
        ("§://app@host/db", OTHER),
        ("§+mysql://app:§@h/d", OTHER),
        ("postgres://u:§@h/d", OTHER),
        ("postgres+§://u:§@h/d", OTHER),
        ("http://§/", OTHER),
        ("jdbc:mysql://h/d?user=app&password=§", BAD_URL),
        ("mysql:app:§@h/d", BAD_URL),
        ("app:§@tcp(h)/d", BAD_URL),
        ("§", BAD_URL),
        ("mysql://app:%ff§@h/d", Fails(&[(NotUtf8, URL)])),
        ("mysql://app:pw@§%20x/d", Fails(&[(Invalid, HOST)])),
        ("mysql://app:pw@[§/d", Fails(&[(Invalid, HOST)])),
        ("mysql://app:pw@§]:1/d", Fails(&[(Invalid, HOST)])),
        ("mysql://app:pw@[::1§]/d", Fails(&[(Invalid, HOST)])),
        ("mysql://app:pw@h:§/d", Fails(&[(Invalid, PORT)])),
        (
            "mysql://app:§",
            Fails(&[
                (Invalid, PORT),
                (Missing, DATABASE),
                (Missing, USER),
                (Missing, PASSWORD),
            ]),
        ),
        ("mysql://§@h/d", NO_PASSWORD),
        ("mysql://:§@h/d", Fails(&[(Missing, USER)])),
        ("mysql://app:§@h", Fails(&[(Missing, DATABASE)])),
        ("mysql://app:§@/d", Fails(&[(Missing, HOST)])),
        ("mysql://app%07:§@h/d", Fails(&[(Invalid, USER)])),
        (
            "mysql://app:§@h/d?ssl_mode=§",
            Fails(&[(Invalid, SSL_MODE)]),
        ),
        ("mysql://app:§@h/d?ssl=§", Fails(&[(Invalid, SSL_MODE)])),
        (
            "mysql://app:§@h/d?sql_mode=§",
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (
            "mysql://app:§@h/d?init_command=§",
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (
            "mysql://app:§@h/d?socket=/a&unix_socket=/§",
            Fails(&[(Conflict, SOCKET)]),
        ),
        (
            "mysql://app:§@h/d?socket=/§&ssl_mode=required",
            Fails(&[(Conflict, SSL_MODE)]),
        ),
    ];
    let mut watch = Watch::start();
    for (url, expected) in cases {
        let text = url.replace('§', CANARY);
        watch.catch(url, || match text.parse::<DatabaseConfig>() {
            Ok(config) => texts_of_config(&config),
            Err(error) => texts_of_error(&error),
        });
        compare(&mut watch, url, text.parse(), expected);
        let mut hosted = texts_of_hosted(&serde_json::json!({ "database": text }).to_string());
        watch.see(url, &hosted);
        hosted = texts_of_hosted(&serde_json::json!({ "database": {"url": text} }).to_string());
        watch.see(url, &hosted);

        let quoted = serde_json::to_string(&text).unwrap();
        let files = [
            ("a.toml", format!("url = {quoted}")),
            ("a.json", format!("{{\"url\": {quoted}}}")),
            ("a.env", format!("MYSQL_URL='{text}'")),
        ];
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = dir.path().join(name);
            fs::write(&path, content).unwrap();
            let case = format!("{url} in {name}");
            let loader = DatabaseConfig::loader().secrets_file(path);
            check(&mut watch, &case, &loader, expected);
        }
        for name in ["MYSQL_URL", "DATABASE_URL"] {
            let loader = DatabaseConfig::loader()
                .env("MYSQL_")
                .env_from([(name, &text)]);
            // A platform's URL may be for something else, so what is missing is said as well.
            let expected = match (name, expected) {
                ("DATABASE_URL", Fails([(OtherEngine, URL)])) => &Fails(&[
                    (OtherEngine, URL),
                    (Missing, DATABASE),
                    (Missing, USER),
                    (Missing, PASSWORD),
                    (Missing, HOST),
                ]),
                _ => expected,
            };
            check(&mut watch, &format!("{url} in {name}"), &loader, expected);
        }
    }
    watch.end();
}
