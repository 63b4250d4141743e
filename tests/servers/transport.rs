//! The unix socket where it is asked for, and only there.

use std::net::Ipv4Addr;

use dbconf::mysql_async::prelude::Queryable;
use dbconf::mysql_async::{Conn, Opts, OptsBuilder, Row};

use crate::forwarder::Forwarder;
use crate::harness::{self, Server};
use crate::strict::store_too_long;

on_both_servers! {
    socket_without_host_logs_in
    tunnel_is_not_left_for_the_socket
}

async fn socket_without_host_logs_in(server: &Server) {
    let mut variables = server.environment(&[("MYSQL_SOCKET", &server.socket())]);
    variables.remove("MYSQL_HOST");
    variables.remove("MYSQL_PORT");
    let config = harness::load(variables);

    let mut conn = connect(config.opts().expose_secret().clone()).await;
    assert!(!is_tcp(&mut conn).await);
    assert_eq!(store_too_long(&mut conn).await, Err(1406));
    conn.disconnect().await.expect("it logs out");
}

/// With `prefer_socket`, which is the driver's default, it would leave the tunnel for the socket that the far server names.
async fn tunnel_is_not_left_for_the_socket(server: &Server) {
    let tunnel = Forwarder::start(Ipv4Addr::LOCALHOST, server.port);
    let port = tunnel.address.port().to_string();
    let config = server.load(&[("MYSQL_PORT", &port)]);

    let mut conn = connect(config.opts().expose_secret().clone()).await;
    assert_eq!(tunnel.accepted(), 1);
    assert!(is_tcp(&mut conn).await);
    conn.disconnect().await.expect("it logs out");

    // The counter-proof: the driver's default does leave this tunnel.
    let default = OptsBuilder::from_opts(config.opts().expose_secret().clone()).prefer_socket(true);
    let mut conn = connect(default.into()).await;
    assert!(!is_tcp(&mut conn).await);
    conn.disconnect().await.expect("it logs out");
}

async fn connect(opts: Opts) -> Conn {
    Conn::new(opts).await.expect("it logs in")
}

/// Whether the server sees this session come over TCP: it then knows the port that the session comes from.
async fn is_tcp(conn: &mut Conn) -> bool {
    let sessions: Vec<Row> = conn
        .query("SHOW PROCESSLIST")
        .await
        .expect("own sessions are shown");
    let own = sessions
        .into_iter()
        .find(|row| row.get::<u32, _>("Id") == Some(conn.id()));
    let host: String = own
        .and_then(|row| row.get("Host"))
        .expect("the session is listed");
    host.contains(':')
}
