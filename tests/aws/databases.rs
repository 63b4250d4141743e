//! Several databases: whose secret is whose, and how few calls that takes.

use std::collections::BTreeMap;

use super::fake::Behaviour;
use super::*;

fn secret(index: usize) -> String {
    let host = format!("db{index}.example.com");
    format!(r#"{{"username":"app","password":"pw-{index}","dbname":"shop","host":"{host}"}}"#)
}

/// A fake with so many secrets, and the names of the databases that they are for.
fn fake_with(count: usize) -> (Fake, Vec<(String, String)>) {
    let fake = Fake::start();
    let name = |index| (format!("db{index}"), format!("prod/{index}"));
    let names: Vec<_> = (0..count).map(name).collect();
    for (index, (_, id)) in names.iter().enumerate() {
        fake.secret(id, &secret(index));
    }
    (fake, names)
}

async fn load_all(
    fake: &Fake,
    names: &[(String, String)],
) -> Result<BTreeMap<String, DatabaseConfig>, Error> {
    loader(fake, &[])
        .aws_secrets(names.to_vec())
        .load_all()
        .await
}

fn actions(fake: &Fake) -> Vec<String> {
    fake.calls().into_iter().map(|call| call.action).collect()
}

#[tokio::test]
async fn cost_one_call_for_twenty() {
    for (count, calls) in [(1, 1), (2, 1), (20, 1), (21, 2), (45, 3)] {
        let (fake, names) = fake_with(count);
        let configs = load_all(&fake, &names).await.unwrap();
        assert_eq!(configs.len(), count);
        for (index, (name, _)) in names.iter().enumerate() {
            assert_eq!(password(&configs[name]), format!("pw-{index}"), "{name}");
        }
        assert_eq!(
            fake.calls().len(),
            calls,
            "{count} databases: {:?}",
            actions(&fake)
        );
        assert_eq!(fake.connections(), 1);
    }
}

#[tokio::test]
async fn fail_one_by_one() {
    let (fake, mut names) = fake_with(4);
    names.push(("nowhere".to_owned(), "prod/nowhere".to_owned()));
    fake.deny("GetSecretValue", Some("prod/1"));
    fake.delete("prod/2");
    let error = load_all(&fake, &names).await.unwrap_err();
    let found: Vec<_> = error
        .problems()
        .map(|problem| (problem.database().unwrap(), problem.kind()))
        .collect();
    let expected = [
        ("db1", ProblemKind::AccessDenied),
        ("db2", ProblemKind::MarkedDeleted),
        ("nowhere", ProblemKind::NotFound),
    ];
    assert_eq!(found, expected);
    assert_eq!(actions(&fake), ["BatchGetSecretValue"]);
}

#[tokio::test]
async fn are_asked_one_by_one_without_the_permission_for_the_batch() {
    let (fake, names) = fake_with(45);
    fake.deny("BatchGetSecretValue", None);
    let configs = load_all(&fake, &names).await.unwrap();
    assert_eq!(configs.len(), 45);
    let calls = actions(&fake);
    // The permission is tried once.
    assert_eq!(calls[0], "BatchGetSecretValue");
    assert!(calls[1..].iter().all(|action| action == "GetSecretValue"));
    assert_eq!(calls.len(), 46);
}

#[tokio::test]
async fn are_complete_even_if_the_answer_comes_in_pages() {
    let (fake, names) = fake_with(10);
    fake.page(3);
    assert_eq!(load_all(&fake, &names).await.unwrap().len(), 10);
}

#[tokio::test]
async fn of_another_label_are_asked_one_by_one() {
    let (fake, names) = fake_with(3);
    let loader = loader(&fake, &[])
        .aws_secrets(names)
        .version_stage("AWSPENDING");
    for index in 0..3 {
        let pending = secret(index).replace("pw-", "next-");
        fake.put(&format!("prod/{index}"), &pending, "AWSPENDING");
    }
    let configs = loader.load_all().await.unwrap();
    assert_eq!(password(&configs["db2"]), "next-2");
    assert!(
        actions(&fake)
            .iter()
            .all(|action| action == "GetSecretValue")
    );
}

#[tokio::test]
async fn are_known_by_name_arn_and_part_of_the_arn() {
    let (fake, mut names) = fake_with(4);
    let arn = fake.arn("prod/1");
    names[1].1 = arn.clone();
    let arn = fake.arn("prod/2");
    names[2].1 = arn[..arn.len() - 7].to_owned();
    // The same secret for another database, under another spelling.
    names.push(("again".to_owned(), fake.arn("prod/0")));
    names.push(("once more".to_owned(), "prod/3".to_owned()));
    let configs = load_all(&fake, &names).await.unwrap();
    for (name, expected) in [
        ("db1", "pw-1"),
        ("db2", "pw-2"),
        ("again", "pw-0"),
        ("once more", "pw-3"),
    ] {
        assert_eq!(password(&configs[name]), expected, "{name}");
    }
}

#[tokio::test]
async fn are_named_by_the_environment() {
    let (fake, _) = fake_with(2);
    let variables = [
        ("MYSQL_SECRET_ID", "prod/0"),
        ("REPLICA_MYSQL_SECRET_ID", "prod/1"),
        ("REPLICA_MYSQL_HOST", "replica.example.com"),
    ];
    let loader = loader(&fake, &variables).aws_secret_from_env();
    let configs = loader.load_all().await.unwrap();
    let found: Vec<_> = configs
        .iter()
        .map(|(name, config)| (name.as_str(), password(config)))
        .collect();
    assert_eq!(found, [("default", "pw-0"), ("replica", "pw-1")]);
    assert_eq!(configs["replica"].host(), "replica.example.com");
    assert_eq!(actions(&fake), ["BatchGetSecretValue"]);

    let replica = loader.named("replica").load().await.unwrap();
    assert_eq!(
        (password(&replica), replica.host()),
        ("pw-1", "replica.example.com")
    );
    // The secret is flat, so the name of a value has no table before it.
    let explain = replica.explain();
    let row = explain.rows().find(|row| row.key() == "password").unwrap();
    assert_eq!(row.source().unwrap().name(), "password");
}

#[tokio::test]
async fn with_another_prefix() {
    let (fake, _) = fake_with(1);
    let loader = DatabaseConfig::loader()
        .env("SHOP_")
        .env_from([("SHOP_SECRET_ID", "prod/0")]);
    let config = loader
        .aws_secret_from_env()
        .aws_client(sdk::client(&fake.url()))
        .load()
        .await;
    assert_eq!(password(&config.unwrap()), "pw-0");
}

#[tokio::test]
async fn do_not_get_the_secret_of_the_default_one() {
    let fake = Fake::start();
    fake.secret(ID, &rds());
    let replica = loader(&fake, &[]).aws_secret(ID).named("replica");
    let error = replica.load().await.unwrap_err();
    assert!(error.is_missing(), "{error}");
    assert!(error.to_string().contains("in table [replica]"), "{error}");
    // A table of the secret is theirs, as in a file.
    fake.put(
        ID,
        &format!(r#"{{"password":"of-default","replica":{}}}"#, secret(7)),
        "AWSCURRENT",
    );
    assert_eq!(password(&replica.load().await.unwrap()), "pw-7");
}

#[tokio::test]
async fn without_a_secret_are_not_asked_for() {
    let (fake, names) = fake_with(1);
    let replica = loader(
        &fake,
        &[
            ("REPLICA_MYSQL_DB", "shop"),
            ("REPLICA_MYSQL_USER", "app"),
            ("REPLICA_MYSQL_PASSWORD", "pw"),
            ("REPLICA_MYSQL_HOST", "localhost"),
        ],
    );
    let replica = replica.named("replica");
    let config = replica.clone().aws_secrets(names).load().await.unwrap();
    assert_eq!(
        last_layer(&config),
        (
            "AWS Secrets Manager".to_owned(),
            Some("no secret for this database")
        )
    );
    let config = replica.aws_secret_from_env().load().await.unwrap();
    assert_eq!(
        last_layer(&config),
        (
            "AWS Secrets Manager, REPLICA_MYSQL_SECRET_ID".to_owned(),
            Some("not set")
        )
    );
    assert_eq!(fake.connections(), 0);
}

#[tokio::test]
async fn whose_batch_fails_say_why_each() {
    let (fake, names) = fake_with(3);
    fake.on("BatchGetSecretValue", Behaviour::Throttle);
    let error = load_all(&fake, &names).await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::Throttled; 3]);
    fake.on("BatchGetSecretValue", Behaviour::WrongType);
    let error = load_all(&fake, &names).await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::Malformed; 3]);
    assert!(!format!("{error}{error:?}").contains("pw-"), "{error}");
}

#[tokio::test]
async fn of_two_accounts_can_have_secrets_of_one_name() {
    let fake = Fake::start();
    fake.secret("app/mysql", &secret(1));
    // The fake knows one account only, so that the other one's secret is one of another name here.
    fake.secret("other", &secret(2));
    let names = [
        ("mine", "app/mysql".to_owned()),
        ("theirs", fake.arn("other")),
    ];
    let configs = loader(&fake, &[])
        .aws_secrets(names)
        .load_all()
        .await
        .unwrap();
    assert_eq!(password(&configs["mine"]), "pw-1");
    assert_eq!(password(&configs["theirs"]), "pw-2");
}

#[tokio::test]
async fn have_one_secret_each() {
    let fake = Fake::start();
    let cases = [
        [("replica-1", "prod/0"), ("replica_1", "prod/1")],
        [("x", "prod/0"), ("X", "prod/1")],
        [("", "prod/0"), ("x", "prod/1")],
    ];
    for names in cases {
        let loader = loader(&fake, &[]).aws_secrets(names);
        let loaded = loader.clone().named(names[1].0).load().await;
        let all = loader.load_all().await;
        let setup = |error: &Error| kinds(error).contains(&ProblemKind::Setup);
        assert!(setup(&all.unwrap_err()), "{names:?}");
        assert!(
            names[0].0.is_empty() || setup(&loaded.unwrap_err()),
            "{names:?}"
        );
    }
}

#[tokio::test]
async fn are_the_same_however_a_file_spells_them() {
    let (fake, _) = fake_with(1);
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    std::fs::write(
        &path,
        "[replica_1]\ncolour = 'red'\n[other]\ncolour = 'red'\n",
    )
    .unwrap();
    let loader = loader(&fake, &[]).secrets_file(path);
    let configs = loader
        .clone()
        .aws_secrets([("replica-1", "prod/0")])
        .load_all()
        .await;
    let names: Vec<String> = configs.unwrap().into_keys().collect();
    assert_eq!(names, ["replica_1"]);
}

#[tokio::test]
async fn of_one_secret_need_no_default_one() {
    let fake = Fake::start();
    fake.secret(
        ID,
        &format!(r#"{{"one":{},"two":{}}}"#, secret(1), secret(2)),
    );
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("secrets.toml");
    std::fs::write(&path, "[one]\nport = 3307\n[two]\nport = 3308\n").unwrap();
    let loader = loader(&fake, &[]).secrets_file(path).aws_secret(ID);
    let configs = loader.load_all().await.unwrap();
    let found: Vec<_> = configs
        .iter()
        .map(|(name, config)| (name.as_str(), config.port()))
        .collect();
    assert_eq!(found, [("one", 3307), ("two", 3308)]);
    assert_eq!(fake.calls().len(), 1);
    // But it has one if something of it is there.
    fake.put(ID, &secret(0), "AWSCURRENT");
    let error = loader.load_all().await.unwrap_err();
    assert!(
        error.problems().all(|problem| problem.database().is_some()),
        "{error}"
    );
}

#[tokio::test]
async fn may_lie_in_tables_of_other_engines() {
    let fake = Fake::start();
    let postgres = secret(1).replacen('{', r#"{"engine":"postgres","#, 1);
    fake.secret(
        ID,
        &format!(r#"{{"engine":"mysql","a":{},"b":{postgres}}}"#, secret(0)),
    );
    let named = |name| loader(&fake, &[]).aws_secret(ID).named(name);
    assert_eq!(password(&named("a").load().await.unwrap()), "pw-0");
    let error = named("b").load().await.unwrap_err();
    assert_eq!(kinds(&error), [ProblemKind::OtherEngine]);
}

#[tokio::test]
async fn are_told_that_a_plain_string_is_not_theirs() {
    let fake = Fake::start();
    fake.secret(ID, "pw-of-default");
    let error = loader(&fake, &[])
        .aws_secret(ID)
        .named("replica")
        .load()
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("a plain string, which is the default database's"),
        "{text}"
    );
}

#[tokio::test]
async fn are_told_which_variable_to_set() {
    let fake = Fake::start();
    let loader = loader(&fake, &[]).aws_secret_from_env().named("replica");
    let error = loader.load().await.unwrap_err();
    assert!(
        error.to_string().contains("or set REPLICA_MYSQL_SECRET_ID"),
        "{error}"
    );
}
