//! What must hold of every reader, whatever it is given. The fuzzer looks for bytes for which it does not; `tests/corpus.rs` goes through those it has kept.

use sport::date::Instant;
use timing::decoder::{Decoder, Kind};
use timing::format::{Format, How};
use timing::sim::acc::broadcast::{Request, Told};
use timing::sim::acc::broadcast_client::{Client, Listener};
use timing::sim::acc::broadcast_played::Played;
use timing::sim::rfactor;
use timing::{encoding, multiloop, p3, rmonitor, written, xml};

/// What is done with bytes; it panics where what must hold does not.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name, which is that of its corpus.
pub(crate) const ALL: [(&str, Target); 10] = [
    ("p3", read_p3),
    ("rmonitor", read_rmonitor),
    ("multiloop", read_multiloop),
    ("usac", read_usac),
    ("decoders", read_decoders),
    ("xml", read_xml),
    ("broadcast", read_broadcast),
    ("encoding", read_encoding),
    ("times", read_times),
    ("files", read_files),
];

/// Where bytes are cut: the first says it.
fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return (&[], &[]) };
    rest.split_at(usize::from(*first).min(rest.len()))
}

fn read_p3(bytes: &[u8]) {
    let read = |pieces: &[&[u8]]| {
        let mut told = Vec::new();
        let mut stream = p3::stream::Stream::new();
        pieces.iter().for_each(|piece| stream.take(piece, |of| told.push(of)));
        stream.end(|of| told.push(of));
        told
    };
    let (before, after) = cut(bytes);
    let whole = read(&[&[before, after].concat()]);
    assert_eq!(read(&[before, after]), whole, "however it is cut the same comes");
    for record in whole.into_iter().flatten() {
        let again = read(&[&record.frame().encode()]);
        assert_eq!(again, [Ok(record)], "what is written is read");
    }
}

fn read_rmonitor(bytes: &[u8]) {
    let read = |pieces: &[&[u8]]| {
        let (mut lines, mut flaws) = (Vec::new(), Vec::new());
        let mut stream = rmonitor::stream::Stream::new();
        let mut tell = |of: Result<rmonitor::record::Record<'_>, _>| match of {
            Ok(record) => {
                let mut line = String::new();
                record.encode(&mut line);
                lines.push(line);
            }
            Err(flaw) => flaws.push(flaw),
        };
        pieces.iter().for_each(|piece| stream.take(piece, &mut tell));
        stream.end(&mut tell);
        (lines, flaws)
    };
    let (before, after) = cut(bytes);
    let whole = read(&[&[before, after].concat()]);
    assert_eq!(read(&[before, after]), whole, "however it is cut the same comes");
    for line in whole.0 {
        let (again, flaws) = read(&[line.as_bytes()]);
        assert!(flaws.is_empty() && again.concat() == line, "what is written is read: {line:?} as {again:?} {flaws:?}");
    }
}

fn read_multiloop(bytes: &[u8]) {
    let read = |pieces: &[&[u8]]| {
        let (mut told, mut stream) = (Vec::new(), multiloop::stream::Stream::new());
        let mut tell = |of: Result<multiloop::record::Record<'_>, _>| told.push(of.map(|record| format!("{record:?}")));
        pieces.iter().for_each(|piece| stream.take(piece, &mut tell));
        stream.end(&mut tell);
        told
    };
    let (before, after) = cut(bytes);
    assert_eq!(read(&[before, after]), read(&[&[before, after].concat()]), "however it is cut the same comes");
}

fn read_usac(bytes: &[u8]) {
    if let Ok(message) = multiloop::usac::Message::decode(bytes) {
        assert_eq!(multiloop::usac::Message::decode(&message.encode()), Ok(message), "what is written is read");
    }
}

/// A host's end of every kind of decoder: whatever comes, it tells the same however that is cut, and asks for no more than it may.
fn read_decoders(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()].0;
    let heard = |pieces: &[&[u8]]| {
        let (mut told, mut decoder) = (Vec::new(), Decoder::new(kind));
        let mut said = decoder.to_send();
        for piece in pieces {
            decoder.take(piece, |of| told.push(of));
            said.extend(decoder.to_send());
        }
        assert!(said.len() <= 4_096 + 64 * bytes.len(), "{} bytes said to {}", said.len(), bytes.len());
        decoder.reconnected();
        decoder.idle();
        told
    };
    let (before, after) = cut(bytes);
    assert_eq!(heard(&[before, after]), heard(&[&[before, after].concat()]), "however it is cut the same is heard");
}

fn read_xml(bytes: &[u8]) {
    if let Ok(document) = xml::Document::decode(bytes) {
        assert_eq!(document.encode(), bytes, "what is read is written in the same bytes");
    }
    let Ok((results, _)) = rfactor::Results::decode(bytes) else { return };
    let written = rfactor::Results::of(&results.account());
    let (again, _) = rfactor::Results::decode(&written.encode()).expect("what is written is read");
    assert_eq!(again.account().laps.len(), results.account().laps.len(), "every lap is written");
}

/// Datagrams one after the other, each behind its length and the tenths of a second since the one before, to one who listens and to a game.
fn read_broadcast(bytes: &[u8]) {
    let listener = Listener { name: String::new(), password: String::new(), command_password: String::new(), interval_ms: 250 };
    let (mut client, mut game) = (Client::of(listener), Played::of(&[], "", Instant(0)));
    let (mut rest, mut now) = (bytes, Instant(0));
    while let [length, tenths, after @ ..] = rest {
        let (datagram, after) = after.split_at(usize::from(*length).min(after.len()));
        (rest, now) = (after, Instant(now.0 + i64::from(*tenths) * 100_000));
        if let Ok(told) = Told::decode(datagram).map(|told| told.encode()) {
            assert_eq!(Told::decode(&told).map(|told| told.encode()), Ok(told), "what is written is read");
        }
        if let Ok(request) = Request::decode(datagram).map(|request| request.encode()) {
            assert_eq!(Request::decode(&request).map(|request| request.encode()), Ok(request), "what is written is read");
        }
        let mut told = 0;
        client.take(datagram, now, |_| told += 1);
        assert!(told <= usize::from(u16::MAX) + 1, "no more than every car that left");
        assert!(std::iter::from_fn(|| client.due(now)).count() < 4, "it asks once");
        game.take(&0, datagram, now);
        game.due(now);
    }
}

fn read_encoding(bytes: &[u8]) {
    if let Ok((text, encoding)) = encoding::Encoding::decode(bytes) {
        assert_eq!(encoding.encode(&text), bytes, "what is read is written in the same bytes");
    }
}

fn read_times(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(time) = written::time(text)
        && time.0 % 1_000 == 0
    {
        assert_eq!(written::time(&written::printed(time)), Some(time), "what is printed is read");
    }
}

/// Every format of files: recognised or not, none of them breaks on it, and what one reads it can write.
fn read_files(bytes: &[u8]) {
    let known = Format::of(bytes);
    for (format, ..) in Format::ALL {
        let Ok(told) = format.read(bytes, &How::default()) else { continue };
        for account in &told.accounts {
            let _ = timing::reckoned::Reckoned::of(account, timing::reckoned::ranking(account));
            if known == Some(format) {
                let _ = format.write(account);
            }
        }
    }
}
