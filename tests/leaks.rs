//! No error, report, log event or `Debug` shows a secret, or any text that stood where a secret could have stood.
//!
//! Every case is an input with the canary in it. `§` stands for the canary, `{dir}` for the directory of the case's files.

#[path = "common/canary.rs"]
mod canary;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;

use canary::{CANARY, Watch, texts_of_any_error, texts_of_config, texts_of_error};
use dbconf::ProblemKind::{
    Conflict, Invalid, Malformed, Missing, MixedCredentials, NotUtf8, Setup, Unreadable, WrongType,
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

#[test]
fn environment() {
    let cases: &[(&[(&str, &str)], Outcome)] = &[
        (&[("MYSQL_PORT", "§")], Fails(&[(Invalid, PORT)])),
        (&[("MYSQL_PORT", "tcp://§:3306")], Loads("§")),
        (&[("MYSQL_HOST", "§ x")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_HOST", "[§]")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_HOST", "§:3306")], Fails(&[(Invalid, HOST)])),
        (&[("MYSQL_USER", "§\u{7}")], Fails(&[(Invalid, USER)])),
        (&[("MYSQL_DB", "§\n")], Fails(&[(Invalid, DATABASE)])),
        (&[("MYSQL_SSL_MODE", "§")], Fails(&[(Invalid, SSL_MODE)])),
        (&[("MYSQL_SSL_CA", "/§\0")], Fails(&[(Invalid, SSL_CA)])),
        (
            &[("MYSQL_SSL_CA", "/§"), ("MYSQL_SSL_MODE", "REQUIRED")],
            Fails(&[(Conflict, SSL_MODE)]),
        ),
        (&[("MYSQL_SOCKET", "/§\t")], Fails(&[(Invalid, SOCKET)])),
        (
            &[("MYSQL_SOCKET", "/§"), ("MYSQL_SSL_MODE", "REQUIRED")],
            Fails(&[(Conflict, SSL_MODE)]),
        ),
        (
            &[("MYSQL_SOCKET", "/§"), ("MYSQL_PORT", "§")],
            Fails(&[(Invalid, PORT)]),
        ),
        (&[("MYSQL_SQL_MODE", "§")], Fails(&[(Invalid, SQL_MODE)])),
        (
            &[("MYSQL_SQL_MODE", "STRICT_TRANS_TABLES,§")],
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (&[("MYSQL_URL", "§")], BAD_URL),
        // All keys are there, so this one is not looked at; without the password it is.
        (&[("DATABASE_URL", "§")], Loads("§")),
        (&[("DATABASE_URL", "§"), ("MYSQL_PASSWORD", "-")], BAD_URL),
        (
            &[("MYSQL_PASSWORD", ""), ("MYSQL_ALLOW_EMPTY_PASSWORD", "§")],
            Fails(&[(Invalid, PASSWORD), (Missing, PASSWORD)]),
        ),
        (
            &[("MYSQL_DB", "-"), ("MYSQL_USER", "-"), ("MYSQL_HOST", "")],
            Fails(&[(Missing, DATABASE), (Missing, USER), (Missing, HOST)]),
        ),
        // Names that hold the canary, and a near miss whose value does.
        (
            &[("MYSQL_PASSWORD_§", "x"), ("MYSQL_PASSWORD", "-")],
            NO_PASSWORD,
        ),
        (&[("MYSQL_§", "x"), ("MYSQL_PASSWORD", "-")], NO_PASSWORD),
        (&[("§", "x"), ("MYSQL_PASSWORD", "-")], NO_PASSWORD),
        (
            &[("MYSQL_PASSWD", "§"), ("MYSQL_PASSWORD", "-")],
            NO_PASSWORD,
        ),
        (
            &[("MYSQL_SECRET_ID", "§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Missing, PASSWORD), (Setup, None)]),
        ),
        // Paths are values too.
        (
            &[("MYSQL_PASSWORD_FILE", "/no/§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_PASSWORD_FILE", "{dir}/§"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_PASSWORD_FILE", "§\0"), ("MYSQL_PASSWORD", "-")],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[
                ("MYSQL_PASSWORD_FILE", "§§§§§§§§§§§§§§§§§§§§§§§"),
                ("MYSQL_PASSWORD", "-"),
            ],
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        (
            &[("MYSQL_HOST_FILE", "/no/§"), ("MYSQL_HOST", "-")],
            Fails(&[(Unreadable, HOST)]),
        ),
        (&[("MYSQL_URL_FILE", "/no/§")], Fails(&[(Unreadable, URL)])),
        (
            &[("MYSQL_SECRETS_FILE", "/no/§.toml")],
            Fails(&[(Unreadable, None)]),
        ),
        (&[("MYSQL_SECRETS_FILE", "§")], Fails(&[(Unreadable, None)])),
        (
            &[("MYSQL_SECRETS_FILE", "§\0.toml")],
            Fails(&[(Unreadable, None)]),
        ),
        // Contradictions.
        (
            &[("MYSQL_PASSWORD_FILE", "{dir}/file")],
            Fails(&[(Conflict, PASSWORD)]),
        ),
        (&[("MYSQL_DATABASE", "§")], Fails(&[(Conflict, DATABASE)])),
        (&[("MYSQL_URL", "mysql://§:other-password@h/d")], Loads("§")),
    ];
    let mut watch = Watch::start();
    for (over, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(CANARY)).unwrap();
        fs::write(dir.path().join("file"), CANARY).unwrap();
        let loader = DatabaseConfig::loader()
            .env("MYSQL_")
            .default_secrets_files()
            .env_from(variables(over, dir.path().to_str().unwrap()));
        check(&mut watch, &format!("{over:?}"), &loader, expected);
    }
    watch.end();
}

/// Every variable in turn, with a value that is not UTF-8.
#[cfg(unix)]
#[test]
fn environment_that_is_not_utf8() {
    use std::os::unix::ffi::OsStringExt;
    let keys = [
        ("DB", DATABASE),
        ("USER", USER),
        ("PASSWORD", PASSWORD),
        ("HOST", HOST),
        ("PORT", PORT),
        ("SOCKET", SOCKET),
        ("SSL_MODE", SSL_MODE),
        ("SSL_CA", SSL_CA),
        ("SQL_MODE", SQL_MODE),
        ("URL", URL),
        ("SECRETS_FILE", None),
        ("PORT_FILE", PORT),
    ];
    let broken = OsString::from_vec([CANARY.as_bytes(), b"\xff", CANARY.as_bytes()].concat());
    let mut watch = Watch::start();
    for (name, key) in keys {
        let mut given: HashMap<OsString, OsString> = variables(&[], "")
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        given.insert(format!("MYSQL_{name}").into(), broken.clone());
        // A name that is not UTF-8 is none of ours.
        given.insert(broken.clone(), CANARY.into());
        let loader = DatabaseConfig::loader()
            .env("MYSQL_")
            .default_secrets_files()
            .env_from(given);
        watch.catch(name, || texts_of_error(&loader.load().unwrap_err()));
        let error = loader.load().unwrap_err();
        let found: Vec<_> = error.problems().map(|p| (p.kind(), p.key())).collect();
        assert_eq!(found, [(NotUtf8, key)], "{name}: {error}");
    }
    watch.end();
}

const TOML: &str = "database = 'shop'\nuser = 'app'\nhost = 'db.example'\n";

#[test]
fn toml_files() {
    let cases: &[(&str, Outcome)] = &[
        // Syntax errors in the canary's own line.
        ("password = \"§", BAD_FILE),
        ("password = '§", BAD_FILE),
        ("password = '§\nport = 1'", BAD_FILE),
        ("password = \"\"\"§\nport = 1", BAD_FILE),
        ("password = §", BAD_FILE),
        ("password = \"§\\q\"", BAD_FILE),
        ("password = \"\\uD800§\"", BAD_FILE),
        ("password = \"a\" §", BAD_FILE),
        ("password = \"a\" \"§\"", BAD_FILE),
        ("password \"§\"", BAD_FILE),
        ("password = = \"§\"", BAD_FILE),
        ("§", BAD_FILE),
        ("password = \"§\0\"", BAD_FILE),
        ("password = \"§\"\npassword = \"§\"", BAD_FILE),
        ("§ = 1\n§ = 2", BAD_FILE),
        ("'§ §' = 1\n'§ §' = 2", BAD_FILE),
        ("[§]\na = 1\n[§]\nb = 1", BAD_FILE),
        ("§ = 1\n§.b = 1", BAD_FILE),
        ("[§", BAD_FILE),
        ("password = \"§\"\nx = [", BAD_FILE),
        ("x = { password = \"§\", ", BAD_FILE),
        ("password = 0x§", BAD_FILE),
        ("password = 2026-13-41§", BAD_FILE),
        // Wrong types beside the canary.
        ("password = 12345678 # §", Fails(&[(WrongType, PASSWORD)])),
        ("password = 1.5 # §", Fails(&[(WrongType, PASSWORD)])),
        ("password = true # §", Fails(&[(WrongType, PASSWORD)])),
        ("password = 2026-01-01 # §", Fails(&[(WrongType, PASSWORD)])),
        ("password = ['§']", Fails(&[(WrongType, PASSWORD)])),
        (
            "[default]\npassword = { a = '§' }",
            Fails(&[(WrongType, PASSWORD)]),
        ),
        ("password = '§'\nport = ['§']", Fails(&[(WrongType, PORT)])),
        (
            "password = '§'\nssl = ['§']",
            Fails(&[(WrongType, SSL_MODE)]),
        ),
        (
            "password = '§'\nsql_mode = ['§']",
            Fails(&[(WrongType, SQL_MODE)]),
        ),
        ("url = ['§']", Fails(&[(WrongType, URL)])),
        (
            "MYSQL_PASSWORD_FILE = ['§']",
            Fails(&[(WrongType, PASSWORD)]),
        ),
        // Values that cannot be.
        ("password = '§'\nport = '§'", Fails(&[(Invalid, PORT)])),
        ("password = '§'\nssl = '§'", Fails(&[(Invalid, SSL_MODE)])),
        (
            "password = '§'\ninit_command = '§'",
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (
            "password = '§'\ninit_command = \"SET sql_mode='§'\"",
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        (
            "password = '§'\ninit_command = \"SET PASSWORD = '§'\"",
            Fails(&[(Invalid, SQL_MODE)]),
        ),
        ("url = '§'", BAD_URL),
        (
            "password = '§'\nsocket = \"/§\\n\"",
            Fails(&[(Invalid, SOCKET)]),
        ),
        (
            "MYSQL_PASSWORD_FILE = '/no/§'",
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        // Contradictions.
        (
            "password = '§'\nPassword = 'x§'",
            Fails(&[(Conflict, PASSWORD)]),
        ),
        (
            "password = '§'\nMYSQL_PASSWORD = 'x§'",
            Fails(&[(Conflict, PASSWORD)]),
        ),
        ("password = '§'\nusername = '§'", Fails(&[(Conflict, USER)])),
        (
            "password = '§'\ndbname = '§'",
            Fails(&[(Conflict, DATABASE)]),
        ),
        // Names: of a key, of a table.
        ("'§' = 1", NO_PASSWORD),
        ("password = '§'\n'§' = 1", Loads("§")),
        ("'password §' = 1", NO_PASSWORD),
        ("pasword = '§'", NO_PASSWORD),
        ("[§]\nx = 1", NO_PASSWORD),
        ("password = '§'\n['§ §']\nx = 1", Loads("§")),
        ("password = \"§\t\"", Loads("§\t")),
        ("password = '§'\npassword_file = '§'", Loads("§")),
    ];
    files("toml", TOML, cases);
}

#[test]
fn json_files() {
    // Every file begins with `{ database, user, host`.
    const JSON: &str = r#"{"database":"shop","user":"app","host":"db.example","#;
    let cases: &[(&str, Outcome)] = &[
        (r#""password":"§"#, BAD_FILE),
        (r#""password":"§","#, BAD_FILE),
        (r#""password":"§",}"#, BAD_FILE),
        (r#""password":"§""#, BAD_FILE),
        (r#""password":§}"#, BAD_FILE),
        (r#""password":'§'}"#, BAD_FILE),
        (r#""password":"§\q"}"#, BAD_FILE),
        (r#""password":"§\u12"}"#, BAD_FILE),
        (r#""password":"a"§}"#, BAD_FILE),
        (r#""password":"a"}§"#, BAD_FILE),
        (r#""password" "§"}"#, BAD_FILE),
        (r#"§:1}"#, BAD_FILE),
        ("\"password\":\"§\t\"}", BAD_FILE),
        ("\"password\":\"§\0\"}", BAD_FILE),
        ("\"password\":\"§\n\"}", BAD_FILE),
        (r#""password":["§"}"#, BAD_FILE),
        (r#""password":{"§":}}"#, BAD_FILE),
        (r#""password":tru§}"#, BAD_FILE),
        (r#""password":1e§}"#, BAD_FILE),
        (
            r#""password":12345678,"x":"§"}"#,
            Fails(&[(WrongType, PASSWORD)]),
        ),
        (
            r#""password":1.5,"x":"§"}"#,
            Fails(&[(WrongType, PASSWORD)]),
        ),
        (
            r#""password":true,"x":"§"}"#,
            Fails(&[(WrongType, PASSWORD)]),
        ),
        (r#""password":["§"]}"#, Fails(&[(WrongType, PASSWORD)])),
        (r#""password":"§\ud800"}"#, Fails(&[(WrongType, PASSWORD)])),
        (
            r#""password":"§","port":["§"]}"#,
            Fails(&[(WrongType, PORT)]),
        ),
        (r#""password":"§","port":"§"}"#, Fails(&[(Invalid, PORT)])),
        (r#""password":"§","host":"§"}"#, Fails(&[(Conflict, HOST)])),
        (
            r#""password":"§","password":"§x"}"#,
            Fails(&[(Conflict, PASSWORD)]),
        ),
        (
            r#""password":"§","PASSWORD":"§x"}"#,
            Fails(&[(Conflict, PASSWORD)]),
        ),
        (r#""password":null,"x":"§"}"#, NO_PASSWORD),
        (r#""§":"§"}"#, NO_PASSWORD),
        (r#""§":{"x":"§"}}"#, NO_PASSWORD),
        (r#""password":"§","§":{"§":"§"}}"#, Loads("§")),
        (r#""password":"§","p":1e999}"#, Loads("§")),
    ];
    files("json", JSON, cases);
    let outermost: &[(&str, Outcome)] = &[
        (r#"["§"]"#, BAD_FILE),
        (r#""§""#, BAD_FILE),
        ("12345678", BAD_FILE),
        ("§", BAD_FILE),
        ("", BAD_FILE),
    ];
    files("json", "", outermost);
}

#[test]
fn dotenv_files() {
    const DOTENV: &str = "MYSQL_DB=shop\nMYSQL_USER=app\nMYSQL_HOST=db.example\n";
    let cases: &[(&str, Outcome)] = &[
        ("MYSQL_PASSWORD=\"§", BAD_FILE),
        ("MYSQL_PASSWORD='§", BAD_FILE),
        ("MYSQL_PASSWORD='a'§", BAD_FILE),
        ("MYSQL_PASSWORD=\"a\"§", BAD_FILE),
        ("MYSQL_PASSWORD='a' § # x", BAD_FILE),
        ("MYSQL_PASSWORD='it's §'", BAD_FILE),
        ("MYSQL_PASSWORD=\"§\\q\"", BAD_FILE),
        ("MYSQL_PASSWORD=\"§\\", BAD_FILE),
        ("export MYSQL_PASSWORD=\"§", BAD_FILE),
        ("MYSQL_URL='§", BAD_FILE),
        (
            "MYSQL_PASSWORD=§\nMYSQL_PASSWORD=§x",
            Fails(&[(Conflict, PASSWORD)]),
        ),
        ("MYSQL_PASSWORD=§\nMYSQL_PORT=§", Fails(&[(Invalid, PORT)])),
        ("MYSQL_PASSWORD=§\nMYSQL_PORT=", Loads("§")),
        (
            "MYSQL_PASSWORD=§\nMYSQL_SOCKET=/§\0",
            Fails(&[(Invalid, SOCKET)]),
        ),
        (
            "MYSQL_PASSWORD_FILE=/no/§",
            Fails(&[(Unreadable, PASSWORD)]),
        ),
        ("MYSQL_PASSWORD §", NO_PASSWORD),
        ("MYSQL_PASSWORD: §", NO_PASSWORD),
        ("§", NO_PASSWORD),
        ("§=x", NO_PASSWORD),
        ("MYSQL_PASSWORD_§=x", NO_PASSWORD),
        ("§ MYSQL_PASSWORD=x", NO_PASSWORD),
        ("MYSQL_PASSWORD=#§", Loads("#§")),
        ("MYSQL_PASSWORD= #§", NO_PASSWORD),
        ("PASSWORD=§", NO_PASSWORD),
        ("MYSQL_PASWORD=§", NO_PASSWORD),
        ("MYSQL_PASSWORD=§ # §", Loads("§")),
        ("MYSQL_PASSWORD=§\0", Loads("§\0")),
        ("MYSQL_PASSWORD=§\nOTHER=\"§", Loads("§")),
        ("MYSQL_PASSWORD=§\n§ = '", Loads("§")),
    ];
    files("env", DOTENV, cases);
}

/// Each case stands behind `head` in a file of its own.
fn files(extension: &str, head: &str, cases: &[(&str, Outcome)]) {
    let mut watch = Watch::start();
    for (tail, expected) in cases {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(format!("secrets.{extension}"));
        fs::write(&path, format!("{head}{tail}").replace('§', CANARY)).unwrap();
        let loader = DatabaseConfig::loader().secrets_file(path);
        check(
            &mut watch,
            &format!("{extension}: {tail:?}"),
            &loader,
            expected,
        );
    }
    watch.end();
}

#[test]
fn files_that_are_not_utf8() {
    let mut watch = Watch::start();
    let broken = |head: &str| [head.as_bytes(), CANARY.as_bytes(), b"\xff\""].concat();
    let heads = [
        ("a.toml", "password = \""),
        ("a.json", "{\"password\": \""),
        ("a.env", "MYSQL_PASSWORD=\""),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (name, head) in heads {
        let path = dir.path().join(name);
        fs::write(&path, broken(head)).unwrap();
        let loader = DatabaseConfig::loader().secrets_file(path);
        check(&mut watch, name, &loader, &Fails(&[(NotUtf8, None)]));
    }
    let path = dir.path().join("value");
    fs::write(&path, broken("")).unwrap();
    let path = path.to_str().unwrap();
    let over = [("MYSQL_PASSWORD", "-"), ("MYSQL_PASSWORD_FILE", path)];
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables(&over, ""));
    check(&mut watch, "value", &loader, &Fails(&[(NotUtf8, PASSWORD)]));
    watch.end();
}

/// Each URL as text, in a variable, in every kind of file and inside a service's own configuration.
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
        ("§://app@host/db", BAD_URL),
        ("§+mysql://app:§@h/d", BAD_URL),
        ("postgres://u:§@h/d", BAD_URL),
        ("postgres+§://u:§@h/d", BAD_URL),
        ("http://§/", BAD_URL),
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
            check(&mut watch, &format!("{url} in {name}"), &loader, expected);
        }
    }
    watch.end();
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

#[test]
fn deserialized() {
    // What the text of the error must hold; nothing where it loads. A numeric canary stands where no text can.
    let cases = [
        (
            r#"{"database":{"database":"d","user":"u","password":"§","host":"h"}}"#,
            "",
        ),
        (r#"{"database":"§"}"#, "this is no URL"),
        (r#"{"database":["§"]}"#, "a table with database"),
        (r#"{"database":31415926535}"#, "a table with database"),
        (r#"{"database":-31415926535}"#, "a table with database"),
        (r#"{"database":31415926.535}"#, "a table with database"),
        (r#"{"database":null,"x":"§"}"#, "a table with database"),
        (
            r#"{"database":{"password":["§"]}}"#,
            "password: must be text, but is an array",
        ),
        (
            r#"{"database":{"password":{"§":"§"}}}"#,
            "password: must be text, but is a table",
        ),
        (
            r#"{"database":{"password":31415926535}}"#,
            "password: must be text, but is a number",
        ),
        (
            r#"{"database":{"password":31415926.535}}"#,
            "password: must be text, but is a number",
        ),
        (
            r#"{"database":{"password":"§","password":"§x"}}"#,
            "password: set twice",
        ),
        (
            r#"{"database":{"password":"§","user":"u\n§"}}"#,
            "user: holds a control character",
        ),
        (r#"{"database":{"port":"§"}}"#, "port: is no port number"),
        (
            r#"{"database":{"port":31415926535}}"#,
            "port: is no port number",
        ),
        (r#"{"database":{"ssl":"§"}}"#, "ssl_mode: is no ssl mode"),
        (r#"{"database":{"ssl":31415926535}}"#, "ssl_mode: must be"),
        (r#"{"database":{"§":"§"}}"#, "password: missing"),
    ];
    let mut watch = Watch::start();
    for (json, expected) in cases {
        let filled = json.replace('§', CANARY);
        watch.catch(json, || texts_of_hosted(&filled));
        match serde_json::from_str::<Host>(&filled) {
            Ok(_) if expected.is_empty() => {}
            Err(error) if !expected.is_empty() && error.to_string().contains(expected) => {}
            outcome => watch.fail(format!("{json}: wanted {expected:?}, got {outcome:?}")),
        }
    }
    // A host format whose keys are not text: JSON has none.
    let keys = [(31415926535_u64, "x")].into_iter();
    let map = serde::de::value::MapDeserializer::<_, serde::de::value::Error>::new(keys);
    let error = serde::Deserialize::deserialize(map).map(|_: DatabaseConfig| ());
    watch.see("a number as key", &texts_of_any_error(&error.unwrap_err()));
    watch.end();
}

#[cfg(feature = "figment")]
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

/// The user of one layer and the password of another.
#[test]
fn mixed_credentials() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secrets.toml");
    fs::write(&path, format!("user = 'x{CANARY}'\npassword = '{CANARY}'")).unwrap();
    let over = [("MYSQL_USER", "§"), ("MYSQL_PASSWORD", "-")];
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .secrets_file(path)
        .env_from(variables(&over, ""));
    let mut watch = Watch::start();
    let expected = Fails(&[(MixedCredentials, USER)]);
    check(&mut watch, "mixed credentials", &loader, &expected);
    watch.end();
}

/// Where the password was given as another key as well, that key is not shown either: not in the table, not in the URL.
#[test]
fn password_under_another_key() {
    let passwords = [CANARY, "s3cr3t/C4n4ry é%41", "s3cr3t\\C4n4ry\"'"];
    let keys = [
        ("MYSQL_HOST", "host"),
        ("MYSQL_USER", "user"),
        ("MYSQL_DB", "database"),
        ("MYSQL_SOCKET", "socket"),
        ("MYSQL_SSL_CA", "ssl_ca"),
    ];
    let mut watch = Watch::start();
    for password in passwords {
        // Only the first could be a host.
        for (variable, key) in &keys[usize::from(password != CANARY)..] {
            let mut given = variables(&[], "");
            given.insert("MYSQL_PASSWORD".into(), password.into());
            given.insert((*variable).into(), password.into());
            let loader = DatabaseConfig::loader().env("MYSQL_").env_from(given);
            let config = loader.load().expect(variable);
            let row = config.explain().rows().find(|row| row.key() == *key);
            assert_eq!(row.unwrap().value(), "[REDACTED]", "{variable}");
            let case = format!("{password} in {variable}");
            watch.see_secret(&case, password, &texts_of_config(&config));
        }
    }
    // A mode is shown in capitals, and a path with the password somewhere inside.
    let inside = [
        (
            "MYSQL_SQL_MODE",
            "hunterhunter",
            "hunterhunter,STRICT_TRANS_TABLES",
        ),
        ("MYSQL_SSL_CA", CANARY, "/etc/s3cr3t-C4n4ry/ca.pem"),
    ];
    for (variable, password, value) in inside {
        let over = [("MYSQL_PASSWORD", password), (variable, value)];
        let loader = DatabaseConfig::loader().env("MYSQL_");
        let config = loader.env_from(variables(&over, "")).load().unwrap();
        watch.see_secret(variable, password, &texts_of_config(&config));
    }
    watch.end();
}

/// Every public type that can hold a secret or stand near one, formatted in every way that it has.
#[test]
fn every_public_type() {
    let over = [("MYSQL_SSL_CA", "/ca.pem"), ("MYSQL_SQL_MODE", "additive")];
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .env_from(variables(&over, ""));
    let config = loader.load().unwrap();
    assert_eq!(config.password().expose_secret(), CANARY);
    let mut watch = Watch::start();
    let mut texts = texts_of_config(&config);
    texts.push(format!("{loader:?} {loader:#?} {:?}", loader.clone()));
    texts.push(format!("{:?} {:#?}", config.password(), config.password()));
    texts.push(format!("{0:?} {0:#?} {0}", config.sql_mode()));
    texts.push(format!("{0:?} {0:#?} {0}", config.ssl_mode()));
    texts.push(format!("{0:?} {0:#?} {0}", Key::Password));
    texts.push(format!("{0:?} {0:#?}", ProblemKind::Missing));
    watch.see("every public type", &texts);
    // What is redacted says so, so that the check above has looked at the right texts.
    for text in [format!("{config:?}"), config.explain().to_string()] {
        assert!(text.contains("[REDACTED]"), "{text}");
    }
    assert_eq!(
        config.url().to_string().split('?').next().unwrap(),
        "mysql://app:[REDACTED]@db.example:3306/shop"
    );
    watch.end();
}
