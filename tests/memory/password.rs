//! Random passwords, and how they are written where not every character can stand for itself.

use std::fs::File;
use std::io::Read;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A short and a long password, each with and without characters that need escapes.
pub fn all() -> [Password; 4] {
    let plain = |length| Password::random(length, "");
    // A single quote would end a literal in TOML and in `.env`.
    let special = |length| Password::random(length, "\"\\%\u{e9}@/#$");
    [plain(41), special(41), plain(735), special(735)]
}

pub struct Password {
    pub text: String,
    /// For the reports: its length, and whether it needs escapes.
    pub name: String,
}

impl Password {
    fn random(length: usize, specials: &str) -> Password {
        let mut random = vec![0; length];
        let mut source = File::open("/dev/urandom").unwrap();
        source.read_exact(&mut random).unwrap();
        let mut specials = specials.chars().cycle();
        let of_alphabet = |(at, byte): (usize, u8)| match at % 5 {
            4 => specials.next().unwrap_or_else(|| alphanumeric(byte)),
            _ => alphanumeric(byte),
        };
        let text: String = random.into_iter().enumerate().map(of_alphabet).collect();
        let with = if specials.next().is_some() {
            " with escapes"
        } else {
            ""
        };
        Password {
            name: format!("{} bytes{with}", text.len()),
            text,
        }
    }

    /// Between the quotes of a JSON text. TOML's escapes and those of `.env` are the same for what is in these passwords.
    pub fn escaped(&self) -> String {
        escaped(&self.text)
    }

    /// Every character as `\uXXXX`.
    pub fn in_units(&self) -> String {
        let units = self.text.encode_utf16();
        units.map(|unit| format!("\\u{unit:04x}")).collect()
    }

    pub fn percent_encoded(&self) -> String {
        utf8_percent_encode(&self.text, NON_ALPHANUMERIC).to_string()
    }

    /// On several lines, each of which ends with a backslash, between the quotes of a TOML text.
    pub fn on_lines(&self) -> String {
        let characters: Vec<char> = self.text.chars().collect();
        let lines = characters.chunks(20);
        let lines = lines.map(|line| escaped(&line.iter().collect::<String>()));
        lines.collect::<Vec<_>>().join("\\\n    ")
    }
}

/// What a text becomes between the quotes of a JSON text.
pub fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

fn alphanumeric(byte: u8) -> char {
    const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    ALPHABET[usize::from(byte) % ALPHABET.len()].into()
}
