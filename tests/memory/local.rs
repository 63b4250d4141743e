//! From environment and files.

use super::child::Way;
use super::password::{self, Password};
use super::scan::{Found, Needles};
use super::stage::Stage;

const USER: &str = "app";

/// Loads each password in this way: exactly one copy while the configuration lives, and none after.
fn holds(name: &str, stage: impl Fn(&Password) -> (Stage, Vec<String>)) {
    for password in password::all() {
        let (stage, spellings) = stage(&password);
        let needles = Needles::new(&password.text, &spellings);
        let (live, left) = stage.play(Way::Dbconf, &needles);
        println!("{name}, {}: {live} live, {left} left", password.name);
        // The kernel's own copy is not ours to wipe.
        let environment = live.environment;
        let of_config = |whole| Found {
            environment,
            ..Found::whole(whole)
        };
        assert_eq!((live, left), (of_config(1), of_config(0)), "{name}");
    }
}

fn toml(password: &str) -> Stage {
    let text = format!("database = 'shop'\nuser = '{USER}'\nhost = 'h.example'\n{password}\n");
    Stage::default().file("secrets.toml", text)
}

fn json(password: &str) -> Stage {
    let text = format!(
        r#"{{"database": "shop", "user": "{USER}", "host": "h.example", "password": "{password}"}}"#
    );
    Stage::default().file("secrets.json", text)
}

fn dotenv(password: &str) -> Stage {
    let text = format!("MYSQL_DB=shop\nMYSQL_USER={USER}\nMYSQL_HOST=h.example\n{password}\n");
    Stage::default().file(".env", text)
}

fn variables() -> Stage {
    Stage::default()
        .variable("MYSQL_DB", "shop")
        .variable("MYSQL_USER", USER)
        .variable("MYSQL_HOST", "h.example")
}

fn url(password: &Password) -> (String, Vec<String>) {
    let encoded = password.percent_encoded();
    let url = format!("mysql://{USER}:{encoded}@h.example/shop");
    (url, vec![encoded])
}

#[test]
fn environment() {
    holds("environment", |password| {
        let stage = variables().variable("MYSQL_PASSWORD", &password.text);
        (stage, vec![])
    });
}

#[test]
fn toml_literal() {
    holds("TOML, literal", |password| {
        (toml(&format!("password = '{}'", password.text)), vec![])
    });
}

#[test]
fn toml_with_escapes() {
    holds("TOML, escapes where needed", |password| {
        let escaped = password.escaped();
        (toml(&format!("password = \"{escaped}\"")), vec![escaped])
    });
}

#[test]
fn toml_with_unicode_escapes() {
    holds("TOML, \\u escapes", |password| {
        let units = password.in_units();
        (toml(&format!("password = \"{units}\"")), vec![units])
    });
}

/// What is not plain is read by another parser.
#[test]
fn toml_on_several_lines() {
    holds("TOML, several lines", |password| {
        let lines = password.on_lines();
        let stage = toml(&format!("password = \"\"\"\n{lines}\"\"\""));
        (stage, vec![lines])
    });
}

#[test]
fn toml_not_plain() {
    holds("TOML, dotted and inline", |password| {
        let escaped = password.escaped();
        let text = format!(
            "a.b = 1\ndefault = {{ database = 'shop', user = '{USER}', host = 'h.example', password = \"{escaped}\" }}"
        );
        (Stage::default().file("secrets.toml", text), vec![escaped])
    });
}

#[test]
fn json_with_escapes() {
    holds("JSON, escapes where needed", |password| {
        let escaped = password.escaped();
        (json(&escaped), vec![escaped])
    });
}

#[test]
fn json_with_unicode_escapes() {
    holds("JSON, \\u escapes", |password| {
        let units = password.in_units();
        (json(&units), vec![units])
    });
}

#[test]
fn dotenv_in_single_quotes() {
    holds(".env, single quotes", |password| {
        (
            dotenv(&format!("MYSQL_PASSWORD='{}'", password.text)),
            vec![],
        )
    });
}

#[test]
fn dotenv_in_double_quotes() {
    holds(".env, double quotes", |password| {
        let escaped = password.escaped();
        (
            dotenv(&format!("MYSQL_PASSWORD=\"{escaped}\"")),
            vec![escaped],
        )
    });
}

#[test]
fn password_file() {
    holds("MYSQL_PASSWORD_FILE", |password| {
        let stage = variables()
            .variable("MYSQL_PASSWORD_FILE", "{directory}/password")
            .file("password", format!("{}\n", password.text));
        (stage, vec![])
    });
}

#[test]
fn url_in_the_environment() {
    holds("MYSQL_URL", |password| {
        let (url, spellings) = url(password);
        (Stage::default().variable("MYSQL_URL", url), spellings)
    });
}

#[test]
fn url_in_toml() {
    holds("TOML, url", |password| {
        let (url, spellings) = url(password);
        (
            Stage::default().file("secrets.toml", format!("url = '{url}'\n")),
            spellings,
        )
    });
}

#[test]
fn url_in_json() {
    holds("JSON, url", |password| {
        let (url, spellings) = url(password);
        let text = serde_json::json!({ "url": url }).to_string();
        (Stage::default().file("secrets.json", text), spellings)
    });
}

/// The proof of the proofs: what is forgotten is found.
#[test]
fn a_leak_is_found() {
    for password in password::all() {
        let needles = Needles::new(&password.text, &[]);
        let stage = toml(&format!("password = '{}'", password.text));
        let (live, left) = stage.play(Way::Leaking, &needles);
        assert_eq!((live.whole, left.whole), (2, 1));
        // So is what was freed as it was.
        let (_, left) = stage.play(Way::Toml, &needles);
        assert_ne!(left, Found::whole(0));
    }
}
