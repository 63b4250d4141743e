//! What only a real server can prove: strict mode on every checkout, logins with any password, TLS, the unix socket.
//!
//! Every test runs against MySQL and against MariaDB, each started once by the harness and gone with this process:
//! `cargo test --examples --test servers -- --ignored`, with `MYSQLD` and `MARIADBD` as printed by `tests/servers/install.sh`.
#![cfg(all(unix, feature = "mysql"))]

/// Makes of each `async fn(&Server)` one test on MySQL and one on MariaDB. They are ignored unless asked for, as not every machine
/// has the servers; once asked for, a server that cannot be had is a failure.
macro_rules! on_both_servers {
    ($($test:ident)*) => {
        mod mysql {
            $(
                #[tokio::test]
                #[ignore = "needs mysqld (MYSQLD or PATH)"]
                async fn $test() {
                    super::$test(crate::harness::mysql()).await;
                }
            )*
        }
        mod mariadb {
            $(
                #[tokio::test]
                #[ignore = "needs mariadbd (MARIADBD or PATH)"]
                async fn $test() {
                    super::$test(crate::harness::mariadb()).await;
                }
            )*
        }
    };
}

#[cfg(feature = "aws")]
#[path = "servers/aws.rs"]
mod aws;
#[path = "servers/certificates.rs"]
mod certificates;
#[path = "servers/cleaner.rs"]
mod cleaner;
#[cfg(feature = "aws")]
#[path = "aws/fake.rs"]
mod fake;
#[path = "servers/forwarder.rs"]
mod forwarder;
#[path = "servers/harness.rs"]
mod harness;

#[path = "servers/example.rs"]
mod example;
#[path = "servers/passwords.rs"]
mod passwords;
#[path = "servers/strict.rs"]
mod strict;
#[path = "servers/tls.rs"]
mod tls;
#[path = "servers/transport.rs"]
mod transport;
