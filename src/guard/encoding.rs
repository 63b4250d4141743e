//! What kind of file it is, by its first bytes, and UTF-16 read as UTF-8.

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

/// UTF-16 as UTF-8. What is no character becomes U+FFFD, a byte order mark is dropped, and half a unit at the end stands for nothing.
pub(crate) fn utf_8(bytes: &[u8], big_endian: bool) -> Vec<u8> {
    let unit = |pair: &[u8]| match big_endian {
        true => u16::from_be_bytes([pair[0], pair[1]]),
        false => u16::from_le_bytes([pair[0], pair[1]]),
    };
    let units = bytes.chunks_exact(2).map(unit);
    let characters = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    let text: String = characters.collect();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    text.as_bytes().to_vec()
}
