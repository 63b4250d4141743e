//! Connections and their threads.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

use super::reply::Reply;
use super::request::Request;
use super::service::State;
use super::{Behaviour, Call};

pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    listener: Option<JoinHandle<()>>,
}

#[derive(Default)]
pub struct Shared {
    state: Mutex<State>,
    connections: Mutex<Connections>,
    /// Notified when `Connections::stopping` is set.
    stop: Condvar,
}

#[derive(Default)]
struct Connections {
    accepted: usize,
    /// By number. Shutting one down wakes the thread that reads from it.
    open: HashMap<usize, TcpStream>,
    stopping: bool,
}

impl Server {
    pub fn start(tls: Option<Arc<ServerConfig>>) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared::default());
        let ours = Arc::clone(&shared);
        let listener = thread::spawn(move || listen(&listener, &ours, tls));
        Server {
            shared,
            address,
            listener: Some(listener),
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub fn connections(&self) -> usize {
        lock(&self.shared.connections).accepted
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        {
            let mut connections = lock(&self.shared.connections);
            connections.stopping = true;
            for stream in connections.open.values() {
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        self.shared.stop.notify_all();
        // Wakes the listener, which waits for the others.
        let woken = TcpStream::connect(self.address).is_ok();
        if let Some(listener) = self.listener.take().filter(|_| woken) {
            let _ = listener.join();
        }
    }
}

impl Shared {
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Registers a connection, unless this is over.
    fn open(&self, stream: &TcpStream) -> Option<usize> {
        let mut connections = lock(&self.connections);
        if connections.stopping {
            return None;
        }
        connections.accepted += 1;
        let number = connections.accepted;
        connections.open.insert(number, stream.try_clone().ok()?);
        Some(number)
    }

    fn sleep(&self, duration: Duration) {
        let connections = lock(&self.connections);
        let over = |connections: &mut Connections| !connections.stopping;
        let _ = self.stop.wait_timeout_while(connections, duration, over);
    }
}

/// A test that panics while it holds the lock has failed already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>, tls: Option<Arc<ServerConfig>>) {
    let mut threads = Vec::new();
    for stream in listener.incoming().flatten() {
        let Some(number) = shared.open(&stream) else {
            break;
        };
        let (shared, tls) = (Arc::clone(shared), tls.clone());
        threads.push(thread::spawn(move || {
            let connection = Connection { shared, number };
            // An error is the client's: it went away, or does not trust the certificate.
            let _ = connection.serve(stream, tls);
        }));
    }
    for thread in threads {
        let _ = thread.join();
    }
}

struct Connection {
    shared: Arc<Shared>,
    number: usize,
}

/// Closes the connection, also after a panic.
impl Drop for Connection {
    fn drop(&mut self) {
        let stream = lock(&self.shared.connections).open.remove(&self.number);
        if let Some(stream) = stream {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Connection {
    fn serve(&self, stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> io::Result<()> {
        stream.set_nodelay(true)?;
        match tls {
            None => self.answer_all(stream),
            Some(config) => {
                let session = ServerConnection::new(config).map_err(io::Error::other)?;
                self.answer_all(StreamOwned::new(session, stream))
            }
        }
    }

    fn answer_all(&self, mut stream: impl Read + Write) -> io::Result<()> {
        let mut buffer = Vec::new();
        while let Some(request) = Request::read(&mut stream, &mut buffer)? {
            let (behaviour, reply) = self.record(&request);
            let most = match behaviour {
                Behaviour::Stall(n) | Behaviour::CutOff(n) => n,
                _ => usize::MAX,
            };
            match behaviour {
                Behaviour::Close => return Ok(()),
                Behaviour::Hang => return until_closed(&mut stream),
                Behaviour::Delay(duration) => self.shared.sleep(duration),
                _ => {}
            }
            stream.write_all(&reply.bytes(most))?;
            stream.flush()?;
            match behaviour {
                Behaviour::CutOff(_) => return Ok(()),
                Behaviour::Stall(_) => return until_closed(&mut stream),
                _ => {}
            }
        }
        Ok(())
    }

    /// Records the call and answers it, at once, so that no other call and no change comes in between.
    fn record(&self, request: &Request) -> (Behaviour, Reply) {
        let scope = request.scope();
        let signed = scope.is_some();
        let (access_key, region, service) = scope.map_or_else(Default::default, |scope| {
            (scope.access_key, scope.region, scope.service)
        });
        let call = Call {
            action: request.action().to_owned(),
            body: serde_json::from_slice(&request.body).unwrap_or(Value::Null),
            signed,
            region,
            service,
            access_key,
            connection: self.number,
            at: Instant::now(),
        };
        let mut state = self.shared.state();
        let behaviour = state.faults.behaviour(&call.action);
        let reply = Reply::new(state.answer(&call), &behaviour);
        state.calls.push(call);
        (behaviour, reply)
    }
}

/// Says nothing until the client or the end of the service closes the connection.
fn until_closed(stream: &mut impl Read) -> io::Result<()> {
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(())
}
