//! The canary in TOML, JSON and `.env` files.

use super::*;

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
