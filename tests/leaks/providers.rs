//! The canary in figment providers.

use std::collections::BTreeMap;

use super::*;

#[test]
fn providers() {
    use figment::providers::{Format, Json, Serialized, Toml};
    use figment::value::{Dict, Map, Value};
    use figment::{Metadata, Profile, Provider};

    /// Quotes what it could not read, as other providers do.
    struct Quoting;
    impl Provider for Quoting {
        fn metadata(&self) -> Metadata {
            Metadata::named("quoting")
        }
        fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
            Err(format!("cannot read {CANARY}").into())
        }
    }

    let serialized = |password: Value| {
        let base = ["database", "user", "host"].map(|key| (key.to_owned(), Value::from("x")));
        let mut members = BTreeMap::from(base);
        members.insert("password".into(), password);
        DatabaseConfig::loader().layer(Serialized::default("database", members), "database")
    };
    let toml = |text: &str| {
        let text = text.replace('§', CANARY);
        DatabaseConfig::loader().layer(Toml::string(&text), "database")
    };
    let nested = Value::from(BTreeMap::from([(CANARY, CANARY)]));
    const ALL: &[(ProblemKind, Option<Key>)] = &[
        (Missing, DATABASE),
        (Missing, USER),
        (Missing, PASSWORD),
        (Missing, HOST),
    ];
    let wrong = || Fails(&[(WrongType, PASSWORD)]);
    let cases = [
        ("text", serialized(CANARY.into()), Loads("§")),
        ("array", serialized(vec![CANARY].into()), wrong()),
        ("number", serialized(31415926535_u64.into()), wrong()),
        ("fraction", serialized(31415926.535.into()), wrong()),
        ("bool", serialized(true.into()), wrong()),
        ("table", serialized(nested), wrong()),
        (
            "quoting",
            DatabaseConfig::loader().layer(Quoting, "database"),
            BAD_FILE,
        ),
        ("bad TOML", toml("[database]\npassword = \"§"), BAD_FILE),
        ("duplicate", toml("[database]\n§ = 1\n§ = 2"), BAD_FILE),
        (
            "bad JSON",
            DatabaseConfig::loader().layer(
                Json::string(&format!("{{\"database\": {CANARY}")),
                "database",
            ),
            BAD_FILE,
        ),
        (
            "no table",
            toml("database = '§'"),
            Fails(&[(WrongType, None)]),
        ),
        ("elsewhere", toml("[other]\npassword = '§'"), Fails(ALL)),
        ("names", toml("[database.'§']\n'§' = '§'"), Fails(ALL)),
    ];
    let mut watch = Watch::start();
    for (case, loader, expected) in &cases {
        check(&mut watch, case, loader, expected);
    }
    watch.end();
}
