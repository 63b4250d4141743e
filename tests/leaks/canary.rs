//! A password that must not be seen, and everything that could show it.

use std::fmt::{Debug, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once};

use dbconf::{DatabaseConfig, Error, Source};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// The canary for places that take any text.
pub const CANARY: &str = "s3cr3t-C4n4ry";
/// The canary for places that take numbers alone.
const NUMBER: &str = "31415926535";
/// So many bytes of a secret, or of a form of it, are a leak.
const FRAGMENT: usize = 8;

/// Collects what is wrong with any case, so that one run names every leak.
pub struct Watch {
    needles: Vec<String>,
    failures: Vec<String>,
}

impl Watch {
    pub fn start() -> Watch {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
        let needles = [CANARY, NUMBER].into_iter().flat_map(needles).collect();
        let failures = Vec::new();
        Watch { needles, failures }
    }

    /// Looks for the canary in texts of the case.
    pub fn see(&mut self, case: &str, texts: &[String]) {
        let found = find(&self.needles, texts);
        let leaks = found.into_iter().map(|text| format!("LEAK {case}: {text}"));
        self.failures.extend(leaks);
    }

    /// Looks for another secret.
    pub fn see_secret(&mut self, case: &str, secret: &str, texts: &[String]) {
        let found = find(&needles(secret), texts);
        let leaks = found.into_iter().map(|text| format!("LEAK {case}: {text}"));
        self.failures.extend(leaks);
    }

    /// Looks for the canary in what the closure returns. A panic is a failure, whatever it says.
    pub fn catch(&mut self, case: &str, texts: impl FnOnce() -> Vec<String>) {
        match catch_unwind(AssertUnwindSafe(texts)) {
            Ok(texts) => self.see(case, &texts),
            Err(_) => self.fail(format!("PANIC {case}")),
        }
    }

    pub fn fail(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// Fails if anything failed, or if a log event of any test so far holds the canary.
    pub fn end(mut self) {
        let events = LOG.lock().unwrap().clone();
        self.see("log", &events);
        let count = self.failures.len();
        assert_eq!(count, 0, "failures:\n{}", self.failures.join("\n"));
    }
}

/// Every text that a configuration shows without being asked for a value by name; what shows it stands before each.
pub fn texts_of_config(config: &DatabaseConfig) -> Vec<String> {
    let explain = config.explain();
    let mut texts = debug("DatabaseConfig", config);
    texts.push(format!("Explain Display: {explain}"));
    texts.extend(debug("Explain", &explain));
    let json = serde_json::to_string(&explain).unwrap();
    texts.push(format!("Explain JSON: {json}"));
    for row in explain.rows() {
        let row_json = serde_json::to_string(&row).unwrap();
        texts.push(format!("row: {} {} {row_json}", row.key(), row.value()));
        for source in row.source().into_iter().chain(row.shadows()) {
            texts.extend(texts_of_source(source));
        }
    }
    texts.extend(explain.notes().map(|note| format!("note: {note}")));
    texts.extend(
        explain
            .layers()
            .map(|layer| format!("layer: {} {:?}", layer.0, layer.1)),
    );
    let url = config.url();
    texts.push(format!("SecretUrl Display: {url}"));
    texts.extend(debug("SecretUrl", &url));
    texts.extend(debug("SecretString", config.password()));
    #[cfg(feature = "mysql")]
    texts.extend(debug("SecretOpts", &config.opts()));
    texts
}

/// Every text of an error and of its problems.
pub fn texts_of_error(error: &Error) -> Vec<String> {
    let mut texts = texts_of_any_error(error);
    for problem in error.problems() {
        texts.push(format!("Problem Display: {problem}"));
        texts.extend(debug("Problem", problem));
        texts.push(format!("help_text: {}", problem.help_text()));
        texts.push(format!("database: {:?}", problem.database()));
        texts.extend(problem.source().into_iter().flat_map(texts_of_source));
    }
    texts
}

/// An error and everything below it.
pub fn texts_of_any_error(error: &dyn std::error::Error) -> Vec<String> {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain
        .flat_map(|error| {
            let mut texts = debug("error", error);
            texts.push(format!("error Display: {error}"));
            texts
        })
        .collect()
}

fn texts_of_source(source: &Source) -> Vec<String> {
    let mut texts = debug("Source", source);
    let (layer, name) = (source.layer(), source.name());
    texts.push(format!("Source: {source} {layer} {name}"));
    texts
}

fn debug(what: &str, value: &(impl Debug + ?Sized)) -> Vec<String> {
    vec![
        format!("{what} Debug: {value:?}"),
        format!("{what} {{:#?}}: {value:#?}"),
    ]
}

/// Every fragment of every form that the secret could be seen in, in lower case.
fn needles(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    // What base64 makes of a text depends on where in its input the text begins.
    let base64 = (0..3).map(|skipped| base64(&bytes[skipped..]));
    let list = format!("{bytes:?}");
    let forms = [
        secret.to_owned(),
        secret.chars().rev().collect(),
        utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
        format!("{secret:?}"),
        secret.escape_default().to_string(),
        serde_json::to_string(secret).unwrap(),
        hex,
    ];
    let forms = forms.into_iter().chain(base64);
    let mut needles: Vec<String> = forms
        .flat_map(|form| {
            let form: Vec<char> = form.to_lowercase().chars().collect();
            let fragments = form.windows(FRAGMENT).map(|chars| chars.iter().collect());
            fragments.collect::<Vec<String>>()
        })
        .collect();
    needles.push(list.trim_matches(['[', ']']).to_owned());
    needles
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Whole groups alone: the last digits depend on what follows.
    let digits = bytes.chunks_exact(3).flat_map(|group| {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[(bits >> shift) as usize & 63]))
    });
    digits.collect()
}

/// Where the secret is to be seen: the beginning of the text, and what surrounds the first fragment.
fn find(needles: &[String], texts: &[String]) -> Vec<String> {
    let seen = texts.iter().filter_map(|text| {
        let lower = text.to_lowercase();
        let at = needles
            .iter()
            .filter_map(|needle| lower.find(needle))
            .min()?;
        let head: String = text.chars().take(60).collect();
        let before: Vec<char> = lower[..at].chars().rev().take(20).collect();
        let before: String = before.into_iter().rev().collect();
        let after: String = lower[at..].chars().take(30).collect();
        Some(format!("{head:?} ... {before:?} >> {after:?}"))
    });
    seen.collect()
}

static LOG: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps every event of this crate, at every level.
struct Log;

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dbconf")
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(attributes.metadata().name().to_owned());
        attributes.record(&mut line);
        LOG.lock().unwrap().push(line.0);
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        LOG.lock().unwrap().push(line.0);
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        LOG.lock().unwrap().push(line.0);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").unwrap();
    }
}

/// The search itself finds what it is for.
#[test]
fn the_watch_sees() {
    let shown = [
        "password S3CR3T-c4n4ry",
        "x cr3t-C4n",
        "yr4n4C-t3rc3s",
        "7333637233742d43346e347279",
        "s3cr3t%2DC4n4ry",
        "bytes [115, 51, 99, 114, 51, 116, 45, 67, 52, 110, 52, 114, 121]",
        // `s3cr3t-C4n4ry` behind one, two and three other bytes.
        "eHMzY3IzdC1DNG40cnk=",
        "eHhzM2NyM3QtQzRuNHJ5",
        "eHh4czNjcjN0LUM0bjRyeQ==",
        "number 3.1415926535 31415926535",
    ];
    for text in shown {
        let mut watch = Watch::start();
        watch.see("case", &[text.to_owned()]);
        assert_eq!(watch.failures.len(), 1, "{text}");
    }
    let mut watch = Watch::start();
    watch.see("case", &["password: [REDACTED] secret".to_owned()]);
    watch.catch("panic", || panic!("on purpose"));
    assert_eq!(watch.failures, ["PANIC panic"]);
    // An event of the crate itself arrives.
    let loader = DatabaseConfig::loader().env("MYSQL_");
    let _ = loader.env_from([("MYSQL_SOCKET", "")]).load();
    let log = LOG.lock().unwrap();
    assert!(log.iter().any(|line| line.contains("MYSQL_SOCKET")));
}
