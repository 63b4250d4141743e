//! What kind of file it is, by its first bytes, and UTF-16 read as UTF-8.

use std::io::{self, Read};

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Text,
    Utf16 { big_endian: bool },
    Binary,
}

/// Git looks at so many bytes for a NUL that makes a file binary.
const SAMPLE: usize = 8000;

impl Kind {
    /// Decides by the beginning of a file. UTF-16 without a byte order mark shows by the NULs of its ASCII characters.
    pub(crate) fn of(bytes: &[u8]) -> Kind {
        let sample = &bytes[..bytes.len().min(SAMPLE)];
        match sample {
            [0xff, 0xfe, 0, 0, ..] => return Kind::Binary,
            [0xff, 0xfe, ..] => return Kind::Utf16 { big_endian: false },
            [0xfe, 0xff, ..] => return Kind::Utf16 { big_endian: true },
            _ if memchr::memchr(0, sample).is_none() => return Kind::Text,
            _ => {}
        }
        let pairs = sample.chunks_exact(2);
        let length = pairs.len();
        let (mut high, mut low) = (0, 0);
        for pair in pairs {
            high += usize::from(pair[0] == 0);
            low += usize::from(pair[1] == 0);
        }
        let (mostly, hardly) = (length * 7 / 10, length / 20);
        if low > mostly && high <= hardly {
            Kind::Utf16 { big_endian: false }
        } else if high > mostly && low <= hardly {
            Kind::Utf16 { big_endian: true }
        } else {
            Kind::Binary
        }
    }
}

/// Reads UTF-16 as UTF-8. What is no character becomes U+FFFD, and a byte order mark is dropped.
pub(crate) struct Utf16<R> {
    inner: R,
    big_endian: bool,
    /// Bytes that were read and not decoded yet: half a unit, or the first unit of a pair.
    pending: Vec<u8>,
    decoded: Vec<u8>,
    given: usize,
    is_start: bool,
    has_ended: bool,
}

impl<R: Read> Utf16<R> {
    pub(crate) fn new(inner: R, big_endian: bool) -> Utf16<R> {
        Utf16 {
            inner,
            big_endian,
            pending: Vec::new(),
            decoded: Vec::new(),
            given: 0,
            is_start: true,
            has_ended: false,
        }
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let mut chunk = [0; 8192];
        let length = self.inner.read(&mut chunk)?;
        self.pending.extend_from_slice(&chunk[..length]);
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if self.big_endian {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        };
        let mut units: Vec<u16> = self.pending.chunks_exact(2).map(unit).collect();
        if length > 0
            && units
                .last()
                .is_some_and(|last| (0xd800..0xdc00).contains(last))
        {
            units.pop();
        }
        self.pending.drain(..2 * units.len());
        self.decoded.clear();
        self.given = 0;
        for character in char::decode_utf16(units) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            if !(self.is_start && character == '\u{feff}') {
                self.decoded
                    .extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            self.is_start = false;
        }
        // Half a unit at the end stands for nothing.
        self.has_ended = length == 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.decoded.len() {
            if self.has_ended {
                return Ok(0);
            }
            self.decode_more()?;
        }
        let rest = &self.decoded[self.given..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}
