//! A service that starts with its credentials from AWS Secrets Manager, and whose memory then holds the password once.
//!
//! dbconf wipes every buffer of its own. The AWS SDK, and the HTTP and TLS below it, free theirs as they are: what they received stays
//! readable in the process's memory (in a core dump, say) until something else is written there. A library cannot change that, but a
//! program can: with an allocator that zeroes every block as it is freed, one copy of the password is left, the configuration's own, and
//! none once that is dropped. It holds for whatever else the program frees, too. The price is a `memset` for each free, and a copy where a
//! block would have grown in its place.
//!
//! ```sh
//! MYSQL_SECRET_ID=prod/shop/mysql AWS_REGION=eu-west-1 cargo run --features aws --example zero_on_free
//! ```

use std::alloc::System;

use dbconf::DatabaseConfig;
use zeroizing_alloc::ZeroAlloc;

/// In `Cargo.toml`: `zeroizing-alloc = "0.1"`. A program has one allocator, so a library cannot set it.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), dbconf::Error> {
    let loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .default_secrets_files()
        .aws_secret_from_env();
    let config = loader.load().await?;
    println!("{}", config.explain());
    Ok(())
}
