//! A service that starts with its credentials from AWS Secrets Manager, unless its environment or a secrets file has them.
//!
//! ```sh
//! MYSQL_SECRET_ID=prod/shop/mysql AWS_REGION=eu-west-1 cargo run --features aws --example aws
//! ```

use std::time::Duration;

use dbconf::DatabaseConfig;
use dbconf::mysql_async::{Pool, prelude::Queryable};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .default_secrets_files()
        .aws_secret_from_env()
        .timeout(Duration::from_secs(5));
    let config = match loader.load().await {
        Ok(config) => config,
        // Each failure has a predicate of its own: some pass, and a service may try again.
        Err(error) if error.is_throttled() || error.is_timed_out() || error.is_unreachable() => {
            eprintln!("once more: {error}");
            tokio::time::sleep(Duration::from_secs(2)).await;
            loader.load().await?
        }
        Err(error) => return Err(error.into()),
    };
    println!("{}", config.explain());

    let pool = Pool::new(config.opts().expose_secret().clone());
    let mut connection = pool.get_conn().await?;
    let server: Option<(String, String)> = connection
        .query_first("SELECT VERSION(), @@sql_mode")
        .await?;
    println!("\nserver and sql_mode: {server:?}");
    drop(connection);
    pool.disconnect().await?;
    Ok(())
}
