//! Where something was found. Line and column are one-based, a column being a character.

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    Text(Position),
    /// The byte, from 0 on: a binary file has no lines.
    Binary(u64),
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Position {
    pub line: u64,
    pub column: u64,
}

impl Position {
    pub(crate) const START: Position = Position { line: 1, column: 1 };

    /// The place behind `bytes`. A byte order mark is no character.
    pub(crate) fn advance(&mut self, bytes: &[u8]) {
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        let mut last = bytes;
        if lines > 0 {
            let start = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
            last = &bytes[start..];
            *self = Position {
                line: self.line + lines as u64,
                column: 1,
            };
        } else if *self == Position::START {
            last = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        // The bytes of a character after its first one begin with the bits 10.
        self.column += last.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::Position;

    #[test]
    fn characters_and_lines_are_counted() {
        let at = |text: &str| {
            let mut position = Position::START;
            position.advance(text.as_bytes());
            (position.line, position.column)
        };
        assert_eq!(at(""), (1, 1));
        assert_eq!(at("\u{feff}a"), (1, 2));
        assert_eq!(at("aé€"), (1, 4));
        assert_eq!(at("a\r\nb\r\nc"), (3, 2));
    }
}
