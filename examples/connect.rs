//! Opens a pool and checks out the same connection twice: both times the session is strict.

use dbconf::DatabaseConfig;
use dbconf::mysql_async::prelude::Queryable;
use dbconf::mysql_async::{OptsBuilder, Pool, PoolConstraints, PoolOpts};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = DatabaseConfig::load()?;
    println!("{config:?}");

    // One connection at the most, so that the second checkout gets the first one's.
    let constraints = PoolConstraints::new(1, 1).ok_or("1 is at most 1")?;
    let pool_opts = PoolOpts::new().with_constraints(constraints);
    let opts = OptsBuilder::from_opts(config.opts().expose_secret().clone()).pool_opts(pool_opts);
    let pool = Pool::new(opts);

    for checkout in ["first", "second"] {
        let mut conn = pool.get_conn().await?;
        let id = conn.id();
        let row: Option<(String, String)> = conn
            .query_first("SELECT VERSION(), @@SESSION.sql_mode")
            .await?;
        let (version, sql_mode) = row.ok_or("the server sent no row")?;
        println!("{checkout} checkout: connection {id}, server {version}, sql_mode {sql_mode}");
    }
    pool.disconnect().await?;
    Ok(())
}
