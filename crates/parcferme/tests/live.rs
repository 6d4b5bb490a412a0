//! `live --once` where there is no server, or another one than is meant: what it says, and that it says it at once.

#[expect(dead_code, reason = "a part of what other tests ask for")]
mod folder;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use folder::{Folder, Said};

/// What it says of an address, which it must say at once.
fn once(folder: &Folder, address: &str) -> Said {
    let begun = Instant::now();
    let said = folder.run(&["live", address, "--once"]);
    assert!(begun.elapsed() < Duration::from_secs(5), "it waited {:?}: {}", begun.elapsed(), said.err);
    said
}

#[test]
fn where_nothing_listens_it_is_said_at_once_and_what_would() {
    let folder = Folder::new("live-nobody");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    drop(listener);
    once(&folder, &format!("http://{at}")).code(3).says(&["nothing listens there", "serve SEASON", &at.to_string()]);
    once(&folder, "https://127.0.0.1:8018").code(2).says(&["https is not spoken here", "http://127.0.0.1:8018"]);
    once(&folder, &format!("http://{at}/standings")).code(2).says(&["name the server alone", &format!("http://{at}")]);
}

#[test]
fn another_server_is_told_from_ours_at_once_also_by_an_address_of_ipv6() {
    let folder = Folder::new("live-another");
    for host in ["127.0.0.1:0", "[::1]:0"] {
        let Ok(listener) = TcpListener::bind(host) else { continue };
        let at = listener.local_addr().expect("an address");
        let answering = std::thread::spawn(move || {
            let mut line = listener.accept().expect("somebody asks").0;
            let (mut asked, mut bytes) = (Vec::new(), [0; 1_024]);
            while !asked.ends_with(b"\r\n\r\n") {
                let read = line.read(&mut bytes).expect("a request");
                asked.extend_from_slice(&bytes[..read]);
            }
            line.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").expect("an answer");
            String::from_utf8(asked).expect("UTF-8").to_lowercase()
        });
        once(&folder, &format!("http://{at}/live")).code(3).says(&["the server answered 404", "Parc Fermé"]);
        let asked = answering.join().expect("it answered");
        assert!(asked.contains(&format!("\r\nhost: {at}\r\n")), "{asked}");
    }
}
