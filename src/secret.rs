//! Text that may be a secret: opaque UTF-8, moved where that is possible, and wiped wherever a buffer is left behind.

use percent_encoding::percent_decode_str;
use zeroize::{Zeroize, Zeroizing};

/// What every report shows in place of a secret.
pub(crate) const REDACTED: &str = "[REDACTED]";

/// A text that holds the password is itself not shown, if the password is at least this many bytes long: a shorter one is in too
/// many texts by chance.
pub(crate) const TELLING_LENGTH: usize = 6;

/// Whether `text` holds the password, plain or percent-encoded and in any case: it was probably put under the wrong key.
pub(crate) fn gives_away(text: &str, password: &str) -> bool {
    if password.len() < TELLING_LENGTH {
        return false;
    }
    let lower = |text: &str| Zeroizing::new(text.to_ascii_lowercase());
    let decoded = Zeroizing::new(percent_decode_str(text).decode_utf8_lossy().into_owned());
    let password = lower(password);
    lower(text).contains(&**password) || lower(&decoded).contains(&**password)
}

/// Text that is wiped when it is dropped. Its allocation is exactly as long as the text, so that it can become a `SecretString`
/// without a move that leaves a copy behind.
pub(crate) struct Text(String);

impl Text {
    /// Copies `text`, once.
    pub(crate) fn copy(text: &str) -> Text {
        Text(String::from(Box::<str>::from(text)))
    }

    /// Takes `text` over. Where its allocation is too long, it is copied and wiped.
    #[inline]
    pub(crate) fn take(mut text: String) -> Text {
        if text.len() == text.capacity() {
            return Text(text);
        }
        let exact = Text::copy(&text);
        text.zeroize();
        exact
    }

    /// Takes `bytes` over if they are UTF-8, and wipes them if not.
    #[inline]
    pub(crate) fn from_utf8(bytes: Vec<u8>) -> Option<Text> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(Text::take(text)),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                None
            }
        }
    }

    /// Empty text with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Text {
        Text(String::with_capacity(bytes))
    }

    /// Appends. What does not fit moves to a larger allocation, and the old one is wiped.
    pub(crate) fn push_str(&mut self, text: &str) {
        if self.0.capacity() - self.0.len() < text.len() {
            let mut larger = String::with_capacity(2 * (self.0.len() + text.len()));
            larger.push_str(&self.0);
            std::mem::swap(&mut self.0, &mut larger);
            larger.zeroize();
        }
        self.0.push_str(text);
    }

    pub(crate) fn push(&mut self, character: char) {
        self.push_str(character.encode_utf8(&mut [0; 4]));
    }

    /// The same text in an allocation of exactly its length.
    pub(crate) fn shrunk(self) -> Text {
        Text::take(self.into_string())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, which nobody wipes any more.
    pub(crate) fn into_string(mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        // Most were moved out of.
        if self.0.capacity() > 0 {
            self.0.zeroize();
        }
    }
}

/// So that what the standard library formats ends in wiped text.
#[cfg(feature = "guard")]
impl std::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.push_str(text);
        Ok(())
    }
}

#[cfg(feature = "guard")]
impl Extend<char> for Text {
    fn extend<I: IntoIterator<Item = char>>(&mut self, characters: I) {
        characters
            .into_iter()
            .for_each(|character| self.push(character));
    }
}
