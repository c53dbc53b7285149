//! A way to a node of a cluster that can be cut, slowed down, or made to lose answers.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What becomes of what goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// All of it arrives.
    Open,
    /// Connections are closed at once, also those that were open.
    Cut,
    /// Each piece of an answer arrives so much later.
    Slow(Duration),
    /// Of each connection so many bytes of answers arrive, then it is closed: the node has done what was asked, and nobody hears it.
    Short(usize),
}

struct Shared {
    way: Mutex<Way>,
    /// Changes with the way: connections of another one are closed.
    turn: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

/// A proxy before one node.
pub struct Proxy {
    shared: Arc<Shared>,
    pub url: String,
}

impl Proxy {
    /// Before the node at `url`, `http://host:port`.
    pub fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let node = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let (way, turn, open) = (Mutex::new(Way::Open), AtomicU64::new(0), Mutex::default());
        let shared = Arc::new(Shared { way, turn, open });
        let serving = Arc::clone(&shared);
        // It ends with the process of the test.
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let way = *serving.way.lock().unwrap();
                let Ok(server) = TcpStream::connect(&node) else { continue };
                if way == Way::Cut {
                    continue;
                }
                let both = [client.try_clone().unwrap(), server.try_clone().unwrap()];
                serving.open.lock().unwrap().extend(both);
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || pass(from, to, Way::Open));
                std::thread::spawn(move || pass(server, client, way));
            }
        });
        Self { shared, url: own }
    }

    /// From now on, for all connections.
    pub fn set(&self, way: Way) {
        *self.shared.way.lock().unwrap() = way;
        self.shared.turn.fetch_add(1, Ordering::SeqCst);
        for stream in std::mem::take(&mut *self.shared.open.lock().unwrap()) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, way: Way) {
    let mut buffer = vec![0; 64 << 10];
    let mut left = if let Way::Short(bytes) = way { bytes } else { usize::MAX };
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if let Way::Slow(pause) = way {
            std::thread::sleep(pause);
        }
        let some = read.min(left);
        if to.write_all(&buffer[..some]).is_err() {
            break;
        }
        left -= some;
        if left == 0 {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
