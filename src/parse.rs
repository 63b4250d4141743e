//! The one place where raw values become a `DatabaseConfig`, or problems.

use std::net::Ipv6Addr;

use secrecy::{ExposeSecret, SecretString};

use crate::config::DatabaseConfig;
use crate::error::{Problem, ProblemKind};
use crate::key::{INIT_COMMAND, Key};
use crate::layer::{Answer, Raw};
use crate::merge::{Merge, wrong_type};
use crate::report::Report;
use crate::sql_mode::{SqlMode, SqlModeProblem};
use crate::ssl_mode::{SslMode, SslRequest};

const DEFAULT_PORT: u16 = 3306;

/// Parses every slot. Problems are added to those of the merge, a missing key not being one of them: `missing` is asked for it.
pub(crate) fn config(
    mut merge: Merge,
    report: Report,
    missing: impl FnOnce(&Merge) -> Vec<Problem>,
) -> Result<DatabaseConfig, Vec<Problem>> {
    let mut problems = missing(&merge);
    let mut slots = Slots {
        merge: &mut merge,
        problems: &mut problems,
    };
    let database = slots.plain(Key::Database);
    let user = slots.plain(Key::User);
    let password = slots.parse(Key::Password, secret_text);
    let host = slots.parse(Key::Host, host);
    let port = slots.parse(Key::Port, port);
    let socket = slots.plain(Key::Socket);
    let host = host.or_else(|| socket.is_some().then(|| "localhost".to_owned()));
    let ssl_ca = slots.plain(Key::SslCa);
    let ssl_mode = slots.ssl_mode(host.as_deref(), socket.is_some(), ssl_ca.is_some());
    let sql_mode = slots.parse(Key::SqlMode, sql_mode);
    problems.extend(merge.problems);
    match (database, user, password, host, ssl_mode) {
        (Some(database), Some(user), Some(password), Some(host), Some(ssl_mode))
            if problems.is_empty() =>
        {
            Ok(DatabaseConfig {
                database,
                user,
                password,
                host,
                port: port.unwrap_or(DEFAULT_PORT),
                socket,
                ssl_mode,
                ssl_ca,
                sql_mode: sql_mode.unwrap_or_default(),
                report,
            })
        }
        _ => {
            problems.sort_by_key(|problem| problem.key());
            Err(problems)
        }
    }
}

struct Slots<'a> {
    merge: &'a mut Merge,
    problems: &'a mut Vec<Problem>,
}

impl Slots<'_> {
    fn parse<T>(
        &mut self,
        key: Key,
        parse: impl FnOnce(Answer) -> Result<T, Problem>,
    ) -> Option<T> {
        let answer = self.merge.slots[key as usize].won.take()?;
        parse(answer)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    fn plain(&mut self, key: Key) -> Option<String> {
        self.parse(key, plain_text)
    }

    /// The mode depends on what else is set, so that nothing is weaker than it looks.
    fn ssl_mode(&mut self, host: Option<&str>, socket: bool, ca: bool) -> Option<SslMode> {
        let answer = self.merge.slots[Key::SslMode as usize].won.take();
        let source = answer.as_ref().map(|answer| answer.source.clone());
        let request = answer.map(ssl_request).transpose();
        let request = request
            .map_err(|problem| self.problems.push(problem))
            .ok()?;
        let default = match host {
            _ if ca => SslMode::VerifyIdentity,
            _ if socket => SslMode::Disabled,
            Some(host) => SslMode::default_for(host),
            None => SslMode::Required,
        };
        let mode = match request {
            None => default,
            Some(SslRequest::Mode(mode)) => mode,
            Some(SslRequest::Encrypted) if default == SslMode::Disabled => SslMode::Required,
            Some(_) => default,
        };
        let contradiction = if ca && mode != SslMode::VerifyIdentity {
            Some((
                "an ssl_ca is given, but this mode does not check it",
                "use VERIFY_IDENTITY, or remove ssl_ca",
            ))
        } else if socket && mode != SslMode::Disabled {
            Some((
                "the driver does not encrypt a unix socket",
                "remove ssl_mode and ssl_ca, or use host and port",
            ))
        } else {
            None
        };
        let Some((what, help)) = contradiction else {
            return Some(mode);
        };
        let problem = Problem::new(ProblemKind::Conflict, what)
            .of_key(Key::SslMode)
            .help(help);
        self.problems.push(match &source {
            Some(source) => problem.at(source),
            None => problem,
        });
        None
    }
}

fn invalid(answer: &Answer, what: &'static str, help: &'static str) -> Problem {
    let problem = Problem::new(ProblemKind::Invalid, what).of_key(answer.spelling.key);
    problem.at(&answer.source).help(help)
}

fn secret_text(answer: Answer) -> Result<SecretString, Problem> {
    match answer.value {
        Raw::Text(text) => Ok(text),
        _ => Err(wrong_type(&answer, "text")),
    }
}

fn plain_text(answer: Answer) -> Result<String, Problem> {
    let text = answer
        .value
        .text()
        .ok_or_else(|| wrong_type(&answer, "text"))?;
    if text.chars().any(char::is_control) {
        return Err(invalid(
            &answer,
            "holds a control character",
            "remove it; a line end at the end is the usual one",
        ));
    }
    Ok(text.to_owned())
}

/// A name as DNS and `/etc/hosts` know it, or an IP address, with or without the brackets of a URL.
fn host(answer: Answer) -> Result<String, Problem> {
    let text = answer
        .value
        .text()
        .ok_or_else(|| wrong_type(&answer, "text"))?;
    let address = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    if text.bytes().all(is_name) || address.parse::<Ipv6Addr>().is_ok() {
        return Ok(address.to_owned());
    }
    let international =
        !text.is_ascii() && matches!(url::Host::parse(text), Ok(url::Host::Domain(_)));
    if international {
        return Ok(text.to_owned());
    }
    Err(invalid(
        &answer,
        "is no host name or IP address",
        "give the name or address alone: the port has a key of its own",
    ))
}

fn port(answer: Answer) -> Result<u16, Problem> {
    let number = match &answer.value {
        Raw::Integer(number) => u16::try_from(*number).ok(),
        Raw::Text(text) => {
            let text = text.expose_secret();
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|_| digits)
        }
        _ => return Err(wrong_type(&answer, "a number or text")),
    };
    number.filter(|&port| port > 0).ok_or_else(|| {
        invalid(
            &answer,
            "is no port number",
            "give a whole number from 1 to 65535",
        )
    })
}

fn ssl_request(answer: Answer) -> Result<SslRequest, Problem> {
    let request = match &answer.value {
        Raw::Bool(encrypted) => SslRequest::from_bool(*encrypted),
        Raw::Text(text) => SslRequest::from_text(text.expose_secret()),
        _ => return Err(wrong_type(&answer, "text, true or false")),
    };
    const MODES: &str = "use VERIFY_IDENTITY (with ssl_ca, where the authority is not a public one), REQUIRED or DISABLED";
    match request {
        SslRequest::WithoutHostName => Err(invalid(
            &answer,
            "VERIFY_CA is not possible: the driver cannot skip only the host name",
            MODES,
        )),
        SslRequest::Opportunistic => Err(invalid(
            &answer,
            "PREFERRED is not offered: it falls back to plaintext without a word",
            MODES,
        )),
        SslRequest::Unknown => Err(invalid(&answer, "is no ssl mode", MODES)),
        request => Ok(request),
    }
}

fn sql_mode(answer: Answer) -> Result<SqlMode, Problem> {
    let text = answer
        .value
        .text()
        .ok_or_else(|| wrong_type(&answer, "text"))?;
    let mode = if answer.spelling.text == INIT_COMMAND {
        SqlMode::from_statement(text)
    } else {
        SqlMode::from_modes(text)
    };
    mode.map_err(|problem| match problem {
        SqlModeProblem::NotModes => invalid(
            &answer,
            "is no list of SQL modes",
            "use additive, traditional, server, or modes like STRICT_TRANS_TABLES,NO_ZERO_DATE without blanks",
        ),
        SqlModeProblem::NotStrict => invalid(
            &answer,
            "holds no strict mode, so over-long values would be cut short silently",
            "add STRICT_TRANS_TABLES, or spell out `server` to leave the mode to the server",
        ),
        SqlModeProblem::NotStatement => invalid(
            &answer,
            "is not SET [SESSION] sql_mode='...'",
            "only the SQL mode can be set; set sql_mode, and run other statements in the service",
        ),
    })
}
