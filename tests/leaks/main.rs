//! No error, report, log event or `Debug` shows a secret, or any text that stood where a secret could have stood.
//!
//! Every case is an input with the canary in it. `§` stands for the canary, `{dir}` for the directory of the case's files.

#[cfg(feature = "aws")]
mod aws;
mod canary;
mod environment;
#[cfg(feature = "aws")]
#[path = "../aws/fake.rs"]
mod fake;
mod files;
mod other;
#[cfg(feature = "figment")]
mod providers;
#[cfg(feature = "aws")]
#[path = "../aws/sdk.rs"]
mod sdk;
mod urls;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;

use canary::{CANARY, Watch, texts_of_any_error, texts_of_config, texts_of_error};
use dbconf::ProblemKind::{
    Conflict, Invalid, Malformed, Missing, MixedCredentials, NotUtf8, OtherEngine, Setup,
    Unreadable, WrongType,
};
use dbconf::{DatabaseConfig, Error, ExposeSecret, Key, Loader, ProblemKind};

/// What a case must lead to: a configuration with this password, or exactly these problems.
enum Outcome {
    Loads(&'static str),
    Fails(&'static [(ProblemKind, Option<Key>)]),
}
use Outcome::{Fails, Loads};

const DATABASE: Option<Key> = Some(Key::Database);
const USER: Option<Key> = Some(Key::User);
const PASSWORD: Option<Key> = Some(Key::Password);
const HOST: Option<Key> = Some(Key::Host);
const PORT: Option<Key> = Some(Key::Port);
const SOCKET: Option<Key> = Some(Key::Socket);
const SSL_MODE: Option<Key> = Some(Key::SslMode);
const SSL_CA: Option<Key> = Some(Key::SslCa);
const SQL_MODE: Option<Key> = Some(Key::SqlMode);
const URL: Option<Key> = Some(Key::Url);

const BAD_FILE: Outcome = Fails(&[(Malformed, None)]);
const NO_PASSWORD: Outcome = Fails(&[(Missing, PASSWORD)]);
const BAD_URL: Outcome = Fails(&[(Invalid, URL)]);

const BASE: [(&str, &str); 4] = [
    ("MYSQL_DB", "shop"),
    ("MYSQL_USER", "app"),
    ("MYSQL_PASSWORD", "§"),
    ("MYSQL_HOST", "db.example"),
];

/// The variables of `BASE`, with these on top; `-` takes one away.
fn variables(over: &[(&str, &str)], dir: &str) -> HashMap<String, String> {
    let fill = |text: &str| text.replace('§', CANARY).replace("{dir}", dir);
    let mut variables: HashMap<_, _> = BASE.iter().map(|(n, v)| (fill(n), fill(v))).collect();
    for (name, value) in over {
        match *value {
            "-" => drop(variables.remove(*name)),
            value => drop(variables.insert(fill(name), fill(value))),
        }
    }
    variables
}

/// Loads, looks at everything there is to see, and compares the outcome.
fn check(watch: &mut Watch, case: &str, loader: &Loader, expected: &Outcome) {
    watch.see(case, &[format!("{loader:?} {loader:#?}")]);
    // What `load_all` finds may be more, but it leaks as little.
    watch.catch(case, || match loader.load_all() {
        Ok(configs) => configs.values().flat_map(texts_of_config).collect(),
        Err(error) => texts_of_error(&error),
    });
    watch.catch(case, || match loader.load() {
        Ok(config) => texts_of_config(&config),
        Err(error) => texts_of_error(&error),
    });
    compare(watch, case, loader.load(), expected);
}

fn compare(
    watch: &mut Watch,
    case: &str,
    outcome: Result<DatabaseConfig, Error>,
    expected: &Outcome,
) {
    let found = match &outcome {
        Ok(config) => format!("loads {:?}", config.password().expose_secret()),
        Err(error) => {
            let problems = error.problems().map(|p| (p.kind(), p.key()));
            let mut problems: Vec<_> = problems.map(|problem| format!("{problem:?}")).collect();
            problems.sort();
            problems.join(" ")
        }
    };
    let expected = match expected {
        Loads(password) => format!("loads {:?}", password.replace('§', CANARY)),
        Fails(problems) => {
            let mut problems: Vec<_> = problems.iter().map(|p| format!("{p:?}")).collect();
            problems.sort();
            problems.join(" ")
        }
    };
    if found != expected {
        let shown = outcome.map_or_else(|error| error.to_string(), |_| String::new());
        watch.fail(format!(
            "{case}:\n  expected {expected}\n  found    {found}\n{shown}"
        ));
    }
}

#[derive(Debug, serde::Deserialize)]
struct Host {
    database: DatabaseConfig,
}

/// What is to be seen of a service's own configuration in JSON.
fn texts_of_hosted(json: &str) -> Vec<String> {
    match serde_json::from_str::<Host>(json) {
        Ok(host) => {
            let mut texts = texts_of_config(&host.database);
            texts.push(format!("{host:?} {host:#?}"));
            texts
        }
        Err(error) => texts_of_any_error(&error),
    }
}
