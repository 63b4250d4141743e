//! Names of passwords.

/// Whether a value under this name is a password, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    /// `password`, `DB_PASS`
    Sure,
    /// `pass`, `pw`: other things are called so as well.
    Doubtful,
}

/// Ends that leave no doubt.
const SURE: [&str; 4] = ["password", "passwd", "passwort", "pwd"];

/// Ends that are a word of their own: no `compass`.
const WORDS: [&str; 3] = ["pass", "pw", "passphrase"];

/// Parts of names whose values are hashes or encrypted.
const SEALED: [&str; 4] = ["hash", "crypt", "digest", "sealed"];

/// Ends in upper case that are no words of their own: the working directory.
const DIRECTORIES: [&str; 2] = ["PWD", "OLDPWD"];

impl Strength {
    /// `None`: it is the name of something else.
    pub(crate) fn of(name: &str) -> Option<Strength> {
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_sure = SURE.iter().any(|end| ends_with(name, end));
        let word = WORDS.iter().find(|end| ends_with(name, end));
        if !is_sure && word.is_none() {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        if SEALED.iter().any(|part| lower.contains(part)) || DIRECTORIES[1..].contains(&name) {
            return None;
        }
        if is_sure {
            return Some(if name == DIRECTORIES[0] || lower == "pwd" {
                Strength::Doubtful
            } else {
                Strength::Sure
            });
        }
        let head = &name[..name.len() - word?.len()];
        let is_camel = name[head.len()..].starts_with(|c: char| c.is_ascii_uppercase())
            && head.ends_with(|c: char| c.is_ascii_lowercase());
        if head.is_empty() {
            return Some(Strength::Doubtful);
        }
        let owner = head.trim_end_matches(['_', '-', '.']).to_ascii_lowercase();
        let is_database = [
            "db", "database", "mysql", "sql", "user", "root", "admin", "pg", "postgres", "redis",
            "mongo", "rabbit", "smtp", "ftp", "login", "bind",
        ]
        .iter()
        .any(|known| owner.ends_with(known));
        let is_word = is_camel || head.ends_with(['_', '-', '.']) || is_database;
        is_word.then_some(if is_database {
            Strength::Sure
        } else {
            Strength::Doubtful
        })
    }
}

/// How far a name is followed.
const REACH: usize = 64;

/// Where the name begins and ends that `at` is in. A dot or hyphen inside belongs to it.
pub(crate) fn around(text: &str, at: usize) -> std::ops::Range<usize> {
    let bytes = text.as_bytes();
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_inner = |byte: u8| matches!(byte, b'-' | b'.');
    let mut start = at;
    while start > at.saturating_sub(REACH)
        && (is_part(bytes[start - 1])
            || is_inner(bytes[start - 1]) && start > 1 && is_part(bytes[start - 2]))
    {
        start -= 1;
    }
    let mut end = at;
    while end < bytes.len().min(at + REACH)
        && (is_part(bytes[end])
            || is_inner(bytes[end]) && bytes.get(end + 1).is_some_and(|&next| is_part(next)))
    {
        end += 1;
    }
    start..end
}

/// In any case.
pub(super) fn ends_with(value: &str, end: &str) -> bool {
    let at = value.len().checked_sub(end.len());
    at.and_then(|at| value.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}
