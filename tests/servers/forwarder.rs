//! A TCP forwarder, which is what a tunnel to a database looks like from the client's side.

use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Forwards from a free port of a loopback address until the process ends.
pub struct Forwarder {
    pub address: SocketAddr,
    accepted: Arc<AtomicUsize>,
}

impl Forwarder {
    pub fn start(from: Ipv4Addr, to_port: u16) -> Forwarder {
        let listener = TcpListener::bind((from, 0)).expect("the loopback address is free");
        let address = listener.local_addr().expect("it is bound");
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, to_port));
                // Without a server the client is dropped, and its test fails by that.
                if let Ok(server) = server {
                    pipe(&client, &server);
                    pipe(&server, &client);
                }
            }
        });
        Forwarder { address, accepted }
    }

    /// How many connections came through so far.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

/// Copies one direction on a thread of its own, and passes the end on.
fn pipe(from: &TcpStream, to: &TcpStream) {
    let [mut from, mut to] =
        [from, to].map(|stream| stream.try_clone().expect("a socket is cloned"));
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}
