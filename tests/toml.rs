//! Plain TOML files are read without building a document: what is read, and what is refused, must be what the `toml` crate says.

use dbconf::{DatabaseConfig, ExposeSecret};
use proptest::prelude::*;

const LINES: &[&str] = &[
    "password = 'p'",
    "password = \"a\\u00e9\\n\\\"\\\\\"",
    "password = '''x\ny'''",
    "password = \"\"\"\na\\\n   b\"\"\"",
    "password = ''",
    "\"pass\\u0077ord\" = 'escaped key'",
    "'password' = 'quoted key'",
    "password.x = 1",
    "password='p'\r",
    "password = 'a' 'b'",
    "password = \"\\q\"",
    "password = \"\u{1}\"",
    "user = 'u'",
    "ssl = true",
    "ssl = TRUE",
    "port = 3306",
    "port = 3_306",
    "port = 3__306",
    "port = 0xCEA",
    "port = +3306",
    "port = 0306",
    "port = 99999999999999999999",
    "port = 1.5",
    "port = inf",
    "port = 1979-05-27",
    "port = 1979-13-27",
    "[replica]",
    "[ replica ]",
    "['replica']",
    "[\"repl\\u0069ca\"]",
    "[replica.deep]",
    "[default]",
    "[password]",
    "[]",
    "[[list]]",
    "a.b = 1",
    "a = 1",
    "a = [1, 'two',\n3]",
    "a = { b = 1, c = 'd' }",
    "# comment",
    "# \u{1}",
    "  x = 'indented' # comment",
    "x = ",
    "= 1",
    "x",
    "\r",
    "",
];

/// The password that stands outside any table or in `[default]`.
fn expected(table: &toml::Table) -> Option<&str> {
    let default = table.get("default").and_then(toml::Value::as_table);
    let places = [Some(table), default].into_iter().flatten();
    places
        .filter_map(|table| table.get("password")?.as_str())
        .find(|text| !text.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn as_the_toml_crate_says(lines in proptest::collection::vec(proptest::sample::select(LINES), 0..7)) {
        let text = lines.join("\n");
        let directory = tempfile::TempDir::new().unwrap();
        let path = directory.path().join("secrets.toml");
        std::fs::write(&path, &text).unwrap();
        let rest = [("MYSQL_URL", "mysql://u:from-env@h/d")];
        let loaded = DatabaseConfig::loader().secrets_file(path).env("MYSQL_").env_from(rest).load();
        let malformed = loaded.as_ref().is_err_and(|error| error.is_malformed());
        prop_assert_eq!(malformed, toml::de::DeTable::parse(&text).is_err(), "{}", text);
        if let (Ok(config), Ok(table)) = (loaded, text.parse::<toml::Table>()) {
            let password = expected(&table).unwrap_or("from-env");
            prop_assert_eq!(config.password().expose_secret(), password, "{}", text);
        }
    }
}

/// More members than are compared one by one, and a duplicate among them.
#[test]
fn many_members_and_a_late_duplicate() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    let load = |more: &str| {
        let many: String = (0..100).map(|n| format!("k{n} = {n}\n")).collect();
        std::fs::write(&path, format!("{many}url = 'mysql://u:p@h/d'\n{more}")).unwrap();
        DatabaseConfig::loader().secrets_file(&path).load()
    };
    assert!(load("").is_ok());
    assert!(load("k3 = 1").unwrap_err().is_malformed());
}
