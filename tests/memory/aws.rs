//! From AWS Secrets Manager, which is the fake in the parent.

use std::time::Duration;

use dbconf::DatabaseConfig;
use dbconf::aws_sdk_secretsmanager::Client;
use dbconf::aws_sdk_secretsmanager::config::{BehaviorVersion, Config, Credentials, Region};
use serde_json::{Value, json};

use super::child::Way;
use super::fake::{self, Fake};
use super::password::{self, escaped};
use super::scan::{Found, Needles};
use super::stage::Stage;

const ID: &str = "prod/shop/mysql";

/// Loads each password, and shows what is found.
pub fn figures(way: Way, over_tls: bool, check: impl Fn(&str, &Found, &Found)) {
    let fake = if over_tls {
        Fake::start_tls()
    } else {
        Fake::start()
    };
    for (at, password) in password::all().iter().enumerate() {
        let id = format!("{ID}-{at}");
        let secret = json!({
            "engine": "mysql", "host": "db.example.com", "username": "app", "password": password.text,
            "dbname": "shop", "port": 3306, "dbInstanceIdentifier": "shop-1",
        });
        fake.secret(&id, &secret.to_string());
        // The secret is JSON, and a text within JSON on its way.
        let once = password.escaped();
        let twice = escaped(&once);
        let needles = Needles::new(&password.text, &[once, twice]);
        let (live, left) = stage(&fake, &id).play(way, &needles);
        let scheme = if over_tls { "HTTPS" } else { "HTTP" };
        let name = format!("{way:?} over {scheme}, {}", password.name);
        println!("{name}: {live} live, {left} left");
        check(&name, &live, &left);
    }
}

fn stage(fake: &Fake, id: &str) -> Stage {
    let stage = Stage::default()
        .variable("MYSQL_SECRET_ID", id)
        .variable("AWS_ENDPOINT_URL", fake.url())
        .variable("AWS_REGION", fake::REGION)
        .variable("AWS_ACCESS_KEY_ID", "id")
        .variable("AWS_SECRET_ACCESS_KEY", "key")
        .variable("AWS_EC2_METADATA_DISABLED", "true");
    match fake.ca_pem() {
        None => stage,
        Some(authority) => stage
            .variable("SSL_CERT_FILE", "{directory}/ca.pem")
            .file("ca.pem", authority),
    }
}

fn block_on<T>(load: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(load)
}

/// In the child. What is left of the runtime and its connections is dropped when this returns.
pub fn load() -> DatabaseConfig {
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .aws_secret_from_env()
        // Whatever else the machine does.
        .timeout(Duration::from_secs(120));
    block_on(loader.load()).unwrap()
}

/// In the child: what a service would write that has no dbconf.
pub fn load_by_hand() -> String {
    let variable = |name| std::env::var(name).unwrap();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(fake::REGION))
        .credentials_provider(Credentials::for_tests())
        .endpoint_url(variable("AWS_ENDPOINT_URL"));
    let client = Client::from_conf(config.build());
    let id = variable("MYSQL_SECRET_ID");
    let request = client.get_secret_value().secret_id(id);
    let answer = block_on(request.send()).unwrap();
    let secret: Value = serde_json::from_str(answer.secret_string().unwrap()).unwrap();
    secret["password"].as_str().unwrap().to_owned()
}
