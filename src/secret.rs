//! Secrets as opaque UTF-8: moved where that is possible, and wiped wherever a buffer is left behind.

use secrecy::SecretString;
use zeroize::{Zeroize, Zeroizing};

/// What every report shows in place of a secret.
pub(crate) const REDACTED: &str = "[REDACTED]";

/// Copies `text`, once, into an allocation of exactly its length.
pub(crate) fn copy(text: &str) -> SecretString {
    SecretString::from(Box::<str>::from(text))
}

/// Takes `text` over. Where that would move it to a smaller allocation, the old one is wiped.
pub(crate) fn take(mut text: String) -> SecretString {
    if text.len() == text.capacity() {
        return SecretString::from(text);
    }
    let secret = copy(&text);
    text.zeroize();
    secret
}

/// Takes `bytes` over if they are UTF-8, and wipes them if not.
pub(crate) fn from_utf8(bytes: Vec<u8>) -> Option<SecretString> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(take(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            None
        }
    }
}
