//! The one place where raw values become a `DatabaseConfig`, or problems.

use std::net::Ipv6Addr;
use std::sync::Arc;

use secrecy::SecretString;

use crate::config::DatabaseConfig;
use crate::error::{Problem, ProblemKind};
use crate::key::{INIT_COMMAND, Key};
use crate::layer::LayerRead;
use crate::layer::Raw;
use crate::merge::{Merge, SLOTS};
use crate::report::Report;
use crate::secret::Text;
use crate::slot::{Slot, wrong_type};
use crate::source::Source;
use crate::sql_mode::{SqlMode, SqlModeProblem};
use crate::ssl_mode::{SslMode, SslRequest};

const DEFAULT_PORT: u16 = 3306;

/// Parses what was merged. The problems that are known already are `problems`; more are added, in the order of the keys.
pub(crate) fn config(
    merge: &mut Merge,
    database: Option<&str>,
    layers: Arc<Vec<LayerRead>>,
    problems: Vec<Problem>,
) -> Result<DatabaseConfig, Vec<Problem>> {
    let mut slots = Slots {
        slots: &mut merge.slots,
        problems,
    };
    let database_name = slots.parse(Key::Database, plain_text);
    let user = slots.parse(Key::User, plain_text);
    let password = slots.parse(Key::Password, secret_text);
    let host = slots.parse(Key::Host, host);
    let port = slots.parse(Key::Port, port);
    let socket = slots.parse(Key::Socket, plain_text);
    let host = host.or_else(|| socket.is_some().then(|| "localhost".to_owned()));
    let ssl_ca = slots.parse(Key::SslCa, plain_text);
    let ssl_mode = slots.ssl_mode(host.as_deref(), socket.is_some(), ssl_ca.is_some());
    let sql_mode = slots.parse(Key::SqlMode, sql_mode);
    let mut problems = slots.problems;
    problems.append(&mut merge.problems);
    let mut sources: [Option<Source>; SLOTS] = Default::default();
    for (source, slot) in sources.iter_mut().zip(&mut merge.slots) {
        *source = slot.take().map(|slot| slot.source);
    }
    match (database_name, user, password, host, ssl_mode) {
        (Some(database_name), Some(user), Some(password), Some(host), Some(ssl_mode))
            if problems.is_empty() =>
        {
            Ok(DatabaseConfig {
                database: database_name,
                user,
                password,
                host,
                port: port.unwrap_or(DEFAULT_PORT),
                socket,
                ssl_mode,
                ssl_ca,
                sql_mode: sql_mode.unwrap_or_default(),
                report: Report {
                    database: database.map(str::to_owned),
                    sources,
                    shadowed: std::mem::take(&mut merge.shadowed),
                    layers,
                    notes: std::mem::take(&mut merge.notes),
                },
            })
        }
        _ => {
            problems.sort_by_key(|problem| problem.key().map_or(usize::MAX, |key| key as usize));
            Err(problems
                .into_iter()
                .map(|problem| problem.of_database(database))
                .collect())
        }
    }
}

/// The slots while they are parsed: a value is moved out, its source stays.
struct Slots<'a> {
    slots: &'a mut [Option<Slot>; SLOTS],
    problems: Vec<Problem>,
}

impl Slots<'_> {
    fn parse<T>(
        &mut self,
        key: Key,
        parse: impl FnOnce(&mut Slot) -> Result<T, Problem>,
    ) -> Option<T> {
        let slot = self.slots[key as usize].as_mut()?;
        parse(slot)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    /// The mode depends on what else is set, so that nothing is weaker than it looks.
    fn ssl_mode(&mut self, host: Option<&str>, socket: bool, ca: bool) -> Option<SslMode> {
        let is_set = self.slots[Key::SslMode as usize].is_some();
        let request = self.parse(Key::SslMode, ssl_request);
        if is_set && request.is_none() {
            return None;
        }
        let default = match host {
            _ if ca => SslMode::VerifyIdentity,
            _ if socket => SslMode::Disabled,
            Some(host) => SslMode::default_for(host),
            None => SslMode::Required,
        };
        let mode = match request {
            Some(SslRequest::Mode(mode)) => mode,
            Some(SslRequest::Encrypted) if default == SslMode::Disabled => SslMode::Required,
            _ => default,
        };
        let (what, help) = if ca && mode != SslMode::VerifyIdentity {
            (
                "an ssl_ca is given, but this mode does not check it",
                "use VERIFY_IDENTITY, or remove ssl_ca",
            )
        } else if socket && mode != SslMode::Disabled {
            (
                "the driver does not encrypt a unix socket",
                "remove ssl_mode and ssl_ca, or use host and port",
            )
        } else {
            return Some(mode);
        };
        let mut problem = Problem::new(ProblemKind::Conflict, what)
            .of_key(Key::SslMode)
            .help(help);
        if let Some(slot) = &self.slots[Key::SslMode as usize] {
            problem = problem.at(&slot.source);
        }
        self.problems.push(problem);
        None
    }
}

fn invalid(slot: &Slot, what: &'static str, help: &'static str) -> Problem {
    let problem = Problem::new(ProblemKind::Invalid, what);
    problem
        .at(&slot.source)
        .of_key(slot.spelling.key)
        .help(help)
}

/// Moves the text out.
fn text(slot: &mut Slot) -> Result<Text, Problem> {
    match std::mem::replace(&mut slot.value, Raw::Null) {
        Raw::Text(text) => Ok(text),
        Raw::Lent(text) => Ok(Text::copy(text)),
        other => {
            slot.value = other;
            Err(wrong_type(slot, "text"))
        }
    }
}

fn secret_text(slot: &mut Slot) -> Result<SecretString, Problem> {
    text(slot).map(|text| SecretString::from(text.into_string()))
}

fn plain_text(slot: &mut Slot) -> Result<String, Problem> {
    let text = text(slot)?;
    let is_ascii_plain = text.as_str().bytes().all(|b| matches!(b, b' '..=b'~'));
    if !is_ascii_plain && text.as_str().chars().any(char::is_control) {
        return Err(invalid(
            slot,
            "holds a control character",
            "remove it; a line end at the end is the usual one",
        ));
    }
    Ok(text.into_string())
}

/// A name as DNS and `/etc/hosts` know it, or an IP address, with or without the brackets of a URL.
fn host(slot: &mut Slot) -> Result<String, Problem> {
    let text = text(slot)?;
    let name = text.as_str();
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    if name.bytes().all(is_name) || name.parse::<Ipv6Addr>().is_ok() {
        return Ok(text.into_string());
    }
    let address = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    if let Some(address) = address.filter(|address| address.parse::<Ipv6Addr>().is_ok()) {
        return Ok(address.to_owned());
    }
    // The parser of URLs takes more punctuation than a name can have.
    let is_lettered = name.bytes().all(|b| !b.is_ascii() || is_name(b));
    let is_international = !name.is_ascii()
        && is_lettered
        && matches!(url::Host::parse(name), Ok(url::Host::Domain(_)));
    if is_international {
        return Ok(text.into_string());
    }
    let help = if name.contains("://") {
        "a whole URL belongs under the key url"
    } else if name.starts_with('/') {
        "the path of a socket belongs under the key socket"
    } else if name.contains(char::is_whitespace) {
        "remove the blank or line end"
    } else {
        "give the name or address alone: user and port have keys of their own"
    };
    Err(invalid(slot, "is no host name or IP address", help))
}

fn port(slot: &mut Slot) -> Result<u16, Problem> {
    let number = match &slot.value {
        Raw::Integer(number) => u16::try_from(*number).ok(),
        Raw::Lent(_) | Raw::Text(_) => {
            let text = slot.value.text().unwrap_or_default();
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        }
        _ => return Err(wrong_type(slot, "a number or text")),
    };
    number.filter(|&port| port > 0).ok_or_else(|| {
        invalid(
            slot,
            "is no port number",
            "give a whole number from 1 to 65535",
        )
    })
}

fn ssl_request(slot: &mut Slot) -> Result<SslRequest, Problem> {
    let request = match &slot.value {
        Raw::Bool(encrypted) => SslRequest::from_bool(*encrypted),
        Raw::Text(text) => SslRequest::from_text(text.as_str()),
        _ => return Err(wrong_type(slot, "text, true or false")),
    };
    const MODES: &str = "use VERIFY_IDENTITY (with ssl_ca, where the authority is not a public one), REQUIRED or DISABLED";
    match request {
        SslRequest::WithoutHostName => Err(invalid(
            slot,
            "VERIFY_CA is not possible: the driver cannot skip only the host name",
            MODES,
        )),
        SslRequest::Opportunistic => Err(invalid(
            slot,
            "PREFERRED is not offered: it falls back to plaintext without a word",
            MODES,
        )),
        SslRequest::Unknown => Err(invalid(slot, "is no ssl mode", MODES)),
        request => Ok(request),
    }
}

fn sql_mode(slot: &mut Slot) -> Result<SqlMode, Problem> {
    let text = text(slot)?;
    let text = text.as_str();
    let mode = if slot.spelling.text() == INIT_COMMAND {
        SqlMode::from_statement(text)
    } else {
        SqlMode::from_modes(text)
    };
    mode.map_err(|problem| match problem {
        SqlModeProblem::Unreadable => invalid(
            slot,
            "is no list of SQL modes",
            "use additive, traditional, server, or modes like STRICT_TRANS_TABLES,NO_ZERO_DATE without blanks",
        ),
        SqlModeProblem::Lax => invalid(
            slot,
            "holds no strict mode, so over-long values would be cut short silently",
            "add STRICT_TRANS_TABLES, or spell out `server` to leave the mode to the server",
        ),
        SqlModeProblem::OtherStatement => invalid(
            slot,
            "is not SET [SESSION] sql_mode='...'",
            "only the SQL mode can be set; set sql_mode, and run other statements in the service",
        ),
    })
}
