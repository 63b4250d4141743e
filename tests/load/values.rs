//! What each key accepts, and what it is by default.

use super::*;

#[test]
fn values_of_the_wrong_type_name_the_key() {
    let base = "database='d'\nuser='u'\nhost='h'\n";
    for value in ["123", "true", "[1]", "{a=1}", "1.5", "1979-05-27"] {
        let outcome = load_file("s.toml", &format!("{base}password = {value}"));
        assert_eq!(
            problems(outcome),
            [(ProblemKind::WrongType, Some(Key::Password))],
            "{value}"
        );
    }
    for port in ["0", "65536", "-1", "'+5'", "' 3306'", "3306.0"] {
        let outcome = load_file("s.toml", &format!("{base}password = 'p'\nport = {port}"));
        assert_eq!(problems(outcome)[0].1, Some(Key::Port), "{port}");
    }
}

#[test]
fn hosts() {
    let host = |host: &str| {
        let mut variables = COMPLETE.to_vec();
        variables[3].1 = host;
        env(&variables)
            .load()
            .map(|config| config.host().to_owned())
    };
    for good in [
        "localhost",
        "my_db",
        "db.example.com.",
        "10.0.0.1",
        "::1",
        "bücher.example",
    ] {
        assert_eq!(host(good).unwrap(), good);
    }
    assert_eq!(host("[2001:db8::1]").unwrap(), "2001:db8::1");
    for bad in ["db:3306", "a b", "a/b", "u@h", "[::1", "mysql://h", "h\n"] {
        assert!(host(bad).unwrap_err().is_invalid(), "{bad}");
    }
}

#[test]
fn tls_by_host_and_by_request() {
    let with = |host: &str, more: &[(&str, &str)]| {
        let mut variables = COMPLETE.to_vec();
        variables[3].1 = host;
        variables.extend(more);
        env(&variables).load()
    };
    let default = |host: &str| with(host, &[]).unwrap().ssl_mode();
    for loopback in ["localhost", "127.0.0.1", "127.8.8.8", "::1"] {
        assert_eq!(default(loopback), SslMode::Disabled);
    }
    for rds in [
        "db.c1.eu-west-1.rds.amazonaws.com",
        "DB.c1.eu-west-1.RDS.amazonaws.com.",
        "db.c1.rds.cn-north-1.amazonaws.com.cn",
    ] {
        assert_eq!(default(rds), SslMode::VerifyIdentity, "{rds}");
    }
    for other in [
        "db.example.com",
        "rds.amazonaws.com.evil.example",
        "xrds.amazonaws.com",
    ] {
        assert_eq!(default(other), SslMode::Required, "{other}");
    }
    let mode = |host, mode| with(host, &[("MYSQL_SSL_MODE", mode)]);
    assert_eq!(
        mode("h", "verify-identity").unwrap().ssl_mode(),
        SslMode::VerifyIdentity
    );
    // `true` never weakens a better default.
    assert_eq!(
        mode("x.rds.amazonaws.com", "true").unwrap().ssl_mode(),
        SslMode::VerifyIdentity
    );
    assert_eq!(
        mode("127.0.0.1", "true").unwrap().ssl_mode(),
        SslMode::Required
    );
    for refused in ["VERIFY_CA", "PREFERRED", "yes please"] {
        assert_eq!(
            problems(mode("h", refused)),
            [(ProblemKind::Invalid, Some(Key::SslMode))]
        );
    }
    let ca = ("MYSQL_SSL_CA", "/etc/ca.pem");
    for weak in ["REQUIRED", "DISABLED"] {
        let outcome = with("h", &[ca, ("MYSQL_SSL_MODE", weak)]);
        assert_eq!(
            problems(outcome),
            [(ProblemKind::Conflict, Some(Key::SslMode))]
        );
    }
    let socket = ("MYSQL_SOCKET", "/run/mysqld.sock");
    assert_eq!(with("h", &[socket]).unwrap().ssl_mode(), SslMode::Disabled);
    assert!(
        with("h", &[socket, ("MYSQL_SSL_MODE", "REQUIRED")])
            .unwrap_err()
            .is_conflict()
    );
}

#[test]
fn a_socket_stands_for_a_host() {
    let mut variables = COMPLETE.to_vec();
    variables[3] = ("MYSQL_SOCKET", "/run/mysqld/mysqld.sock");
    let config = env(&variables).load().unwrap();
    assert_eq!(config.socket(), Some("/run/mysqld/mysqld.sock"));
    assert_eq!(config.host(), "localhost");
}

#[test]
fn sql_modes() {
    let command = |key: &str, value: &str| {
        let text = format!("{FILE}{key} = \"{value}\"\n");
        let config = load_file("s.toml", &text);
        config.map(|config| config.init_command().map(str::to_owned))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        command("sql_mode", "additive").unwrap(),
        some("SET SESSION sql_mode=CONCAT(@@sql_mode,',STRICT_TRANS_TABLES')")
    );
    assert_eq!(command("sql_mode", "server").unwrap(), None);
    assert_eq!(
        command("sql_mode", "strict_all_tables,NO_ZERO_DATE").unwrap(),
        some("SET sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE'")
    );
    assert_eq!(
        command("init_command", "SET sql_mode='STRICT_TRANS_TABLES'").unwrap(),
        some("SET sql_mode='STRICT_TRANS_TABLES'")
    );
    for (key, value) in [
        ("sql_mode", "NO_ZERO_DATE"),
        ("sql_mode", "STRICT_TRANS_TABLES, NO_ZERO_DATE"),
        ("sql_mode", "SET sql_mode='STRICT_TRANS_TABLES'"),
        ("init_command", "additive"),
        ("init_command", "SET names utf8"),
        ("init_command", "SET GLOBAL sql_mode='STRICT_TRANS_TABLES'"),
        (
            "init_command",
            "SET sql_mode='STRICT_TRANS_TABLES'; DROP TABLE t",
        ),
    ] {
        assert!(
            command(key, value).unwrap_err().is_invalid(),
            "{key} = {value}"
        );
    }
}

#[test]
fn an_allowed_empty_password_survives_the_url() {
    let mut variables = COMPLETE.to_vec();
    variables[2].1 = "";
    variables.push(("MYSQL_ALLOW_EMPTY_PASSWORD", "yes"));
    let config = env(&variables).load().unwrap();
    let back: DatabaseConfig = config.url().expose_secret().parse().unwrap();
    assert_eq!((password(&back), back.user()), ("", "app"));
}

#[test]
fn a_report_stands_any_length_and_hides_a_misplaced_password() {
    let long = "x".repeat(70_000);
    let mut variables = COMPLETE.to_vec();
    variables[0].1 = &long;
    assert!(env(&variables).load().unwrap().explain().to_string().len() > 70_000);
    variables[0].1 = "mysql://app:from%2Denv@h/d";
    let config = env(&variables).load().unwrap();
    assert!(!format!("{config:?}{}", config.url()).contains("%2Denv"));
}
