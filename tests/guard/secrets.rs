//! Which values are searched for.

use dbconf::Guard;

use crate::repository::{Repository, config, notes, places};

const TOML: &str = r#"
user = "shop_user"
password = "first \u0041 password"
url = "mysql://u:second%20password@h/d"
nothing = "not a secret at all"
[replica]
host = "replica.shop.test"
password = "third password"
[stripe]
api_key = "fourth-value"
webhook_url = "https://stripe.example.com/hook"
[[tokens]]
value = "fifth-value"
port = 123456789012
"#;

#[test]
#[ignore = "needs git"]
fn every_secret_of_a_toml_file() {
    let repository = Repository::new();
    repository.write(".gitignore", "secrets.toml");
    repository.write("secrets.toml", TOML);
    repository.write(
        "src/a.rs",
        "first A password\nsecond password\nthird password\nfourth-value\nfifth-value\nshop_user\nnot a secret at all\n\
         replica.shop.test\nhttps://stripe.example.com/hook\n123456789012\n",
    );
    let findings = Guard::new(repository.path())
        .secrets_from("secrets.toml")
        .findings()
        .unwrap();
    let expected = [1, 2, 3, 4, 5].map(|line| format!("src/a.rs:{line}:1 known-value"));
    assert_eq!(places(&findings), expected);
    assert_eq!(findings.values(), 5);
    let text = findings.to_string();
    for label in [
        "secrets.toml: password",
        "url, its password",
        "replica.password",
        "stripe.api_key",
        "tokens.value",
    ] {
        assert!(text.contains(label), "{label}: {text}");
    }
}

#[test]
#[ignore = "needs git"]
fn json_and_dotenv_files_incomplete_ones_too() {
    let repository = Repository::new();
    repository.write(".gitignore", "*.json\n.env\n");
    repository.write(
        "secrets.json",
        r#"{ "replica": { "password": "first \"value\"" }, "keys": [{ "token": "second-value" }], "n": null, "password": 314159265358 }"#,
    );
    repository.write(".env", "# c\nexport SHOP_TOKEN='third value'\nDATABASE_URL=mysql://u:fourth@value@h/d\nPORT=8080\nodd line\n");
    repository.write(
        "src/a.rs",
        "first \"value\"\nsecond-value\nthird value\nfourth@value\n314159265358\n8080\n",
    );
    let guard = Guard::new(repository.path())
        .secrets_from("secrets.json")
        .secrets_from(".env");
    let expected = [1, 2, 3, 4, 5].map(|line| format!("src/a.rs:{line}:1 known-value"));
    assert_eq!(places(&guard.findings().unwrap()), expected);
}

#[test]
#[ignore = "needs git"]
fn no_file_no_secret_and_no_sense() {
    let repository = Repository::new();
    repository.write("empty.toml", "port = 1\n");
    repository.write("bad.toml", "password = hunter2hunter3\n");
    repository.write("bad.env", "PASSWORD='hunter2hunter3\n");
    repository.write("odd.ini", "password=x\n");
    // What is planted here is a finding of its own.
    let guard = || {
        Guard::new(repository.path())
            .allow("*.toml")
            .allow("*.env")
            .allow("*.ini")
    };
    let missing = guard().secrets_from("secrets.toml").findings().unwrap();
    assert!(notes(&missing).contains("secrets.toml: no such file, so 0 values of it are checked"));
    assert!(missing.to_string().contains("0 values checked"));
    guard().secrets_from("secrets.toml").assert_clean();
    let empty = guard().secrets_from("empty.toml").findings().unwrap();
    assert!(notes(&empty).contains("0 values of it are checked"));
    for bad in ["bad.toml", "bad.env", "odd.ini", "src"] {
        let error = guard()
            .secrets_from(bad)
            .findings()
            .unwrap_err()
            .to_string();
        assert!(error.contains(bad) && !error.contains("hunter2"), "{error}");
    }
}

#[test]
#[ignore = "needs git"]
fn what_cannot_be_searched_for_is_said() {
    let repository = Repository::new();
    repository.write("a.txt", "abc12 password shop_user 20261122 aaaaaaaa\n");
    for (value, reason) in [
        ("abc12", "shorter than 6 bytes"),
        ("Password", "stands in many texts"),
        ("shop_user", "equals a user, database or host"),
        ("20261122", "a number of at most 9 digits"),
        ("aaaaaaaa", "one character again and again"),
    ] {
        let guard = Guard::new(repository.path()).secrets_of(&config(value));
        let findings = guard.findings().unwrap();
        let note = notes(&findings);
        assert!(findings.is_empty() && findings.values() == 0);
        assert!(
            note.contains("not searched, because") && note.contains(reason),
            "{note}"
        );
        assert!(findings.to_string().contains(reason));
        assert!(findings.to_sarif().to_string().contains(reason));
        if !reason.contains("user") {
            assert!(!note.contains(value), "{note}");
        }
        // Where there is something else to say, it is said as well.
        let panic =
            std::panic::catch_unwind(|| guard.clone().ignored("secrets.toml").assert_clean())
                .unwrap_err();
        assert!(panic.downcast_ref::<String>().unwrap().contains(reason));
    }
}

#[test]
#[ignore = "needs git"]
fn a_value_of_several_lines_is_found_by_its_longest() {
    let key = "-----BEGIN X-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\nabc\n-----END X-----\n";
    let repository = Repository::new();
    repository.write(
        "a.yaml",
        format!("key: |\n{}", key.replace("MIGH", "    MIGH")),
    );
    repository.write("b.json", serde_json::to_string(key).unwrap());
    let findings = Guard::new(repository.path())
        .secrets_of(&config(key))
        .findings()
        .unwrap();
    assert_eq!(
        places(&findings),
        ["a.yaml:3:5 known-value", "b.json:1:21 known-value"]
    );
}

#[test]
#[ignore = "needs git"]
fn case_counts_and_values_inside_of_values_are_told_apart() {
    let repository = Repository::new();
    repository.write("a.txt", "HUNTER2HUNTER3\nhunter2hunter3\n");
    let both = Guard::new(repository.path())
        .secrets_of(&config("hunter2hunter3"))
        .secrets_of(&config("hunter2"));
    let findings = both.findings().unwrap();
    assert_eq!(places(&findings), ["a.txt:2:1 known-value"; 2]);
}

#[test]
#[ignore = "needs git"]
fn passwords_inside_of_other_values() {
    let repository = Repository::new();
    repository.write(".gitignore", "secrets.toml");
    repository.write(
        "secrets.toml",
        "dsn = 'first-value:x@tcp(h)/d'\ndatabase = 'mysql://u:second-value@h/d?to=a@example.com'\n\
         brokers = 'amqp://u:third-value@a,amqp://u:fourth-value@b'\nlibpq = \"user=u password='fifth-value' host=h\"\n\
         go = 'u:sixth-value@tcp(h)/d'\n[secrets]\nurl = 'mysql://u:seventh-value@h/d'\n",
    );
    repository.write(
        "a.txt",
        "second-value\nthird-value\nfourth-value\nfifth-value\nsixth-value\nseventh-value\n",
    );
    let guard = Guard::new(repository.path()).secrets_from("secrets.toml");
    let expected = [1, 2, 3, 4, 5, 6].map(|line| format!("a.txt:{line}:1 known-value"));
    assert_eq!(places(&guard.findings().unwrap()), expected);
}

#[test]
#[ignore = "needs git"]
fn a_file_that_a_key_names_is_read() {
    let repository = Repository::new();
    let outside = tempfile::TempDir::new().unwrap();
    let named = outside.path().join("password");
    std::fs::write(&named, "hunter2hunter3\r\n").unwrap();
    repository.write(".gitignore", ".env");
    repository.write(
        ".env",
        format!(
            "MYSQL_PASSWORD_FILE={}\nTOKEN_FILE=/no/such/file\n",
            named.display()
        ),
    );
    repository.write("a.txt", "hunter2hunter3\n");
    let guard = Guard::new(repository.path()).secrets_from(".env");
    let findings = guard.findings().unwrap();
    assert_eq!(places(&findings), ["a.txt:1:1 known-value"]);
    assert!(notes(&findings).contains("TOKEN_FILE: not searched, because the file that it names"));
}

#[test]
#[ignore = "needs git"]
fn what_of_a_file_is_not_searched_is_said() {
    let repository = Repository::new();
    repository.write(".gitignore", "*.json\n.env\n*.toml\n");
    repository.write(
        "a.json",
        r#"{ "password": "hunter2hunter3", "token": 12345678901234567890 }"#,
    );
    repository.write(
        "b.toml",
        "password = 'hunter2hunter3'\nsecret_rate = 1234567.25\n",
    );
    repository.write(
        ".env",
        "PASSWORD=hunter2hunter3\nDATABASE_URL=\"mysql://u:p\\$s@h/d\"\nset TOKEN=x\n",
    );
    let noted = |file: &str| {
        notes(
            &Guard::new(repository.path())
                .secrets_from(file)
                .findings()
                .unwrap(),
        )
    };
    assert!(noted("a.json").contains("a.json: token: not searched, because it is a number"));
    assert!(noted("b.toml").contains("b.toml: secret_rate: not searched, because it is"));
    let notes = noted(".env");
    assert!(
        notes.contains("DATABASE_URL: not searched, because a backslash"),
        "{notes}"
    );
    assert!(notes.contains(".env: line 3: not searched"), "{notes}");
}

#[test]
#[ignore = "needs git"]
fn a_file_that_is_nested_too_deeply_is_an_error() {
    let repository = Repository::new();
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        repository.write("a.json", format!(r#"{{ "a": {nested} }}"#));
        let guard = Guard::new(repository.path()).secrets_from("a.json");
        let error = guard.findings().unwrap_err().to_string();
        assert!(
            error.contains("a.json") && error.contains("nested"),
            "{error}"
        );
    }
}
