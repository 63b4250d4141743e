//! A password that must not be seen, and everything that could show it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write};
use std::sync::{LazyLock, Once};

use dbconf::{DatabaseConfig, Error, ExposeSecret, Source};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

/// Stands for `§` in an input. No format gives a meaning to any of its characters, so it can stand anywhere.
pub const CANARY: &str = "s3cr3t-C4n4ry";
/// Stands for `¤` in an input, for places that take numbers alone.
pub const NUMBER: &str = "31415926535";
/// So many bytes of a canary are a leak.
const FRAGMENT: usize = 8;

/// Every fragment of the canaries, plain and percent-encoded, in lower case. The leak tests of the crate look for more forms; here the
/// time for them is better spent on more inputs.
static NEEDLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fragments = [CANARY, NUMBER].into_iter().flat_map(|canary| {
        let starts = 0..=canary.len() - FRAGMENT;
        starts.map(|start| &canary[start..start + FRAGMENT])
    });
    let forms = fragments.flat_map(|fragment| {
        let encoded = utf8_percent_encode(fragment, NON_ALPHANUMERIC).to_string();
        [fragment.to_lowercase(), encoded.to_lowercase()]
    });
    let forms: BTreeSet<String> = forms.collect();
    forms.into_iter().collect()
});

/// Puts the canaries where their marks stand.
pub fn planted(bytes: &[u8]) -> Vec<u8> {
    let mut planted = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix("§".as_bytes()) {
            planted.extend_from_slice(CANARY.as_bytes());
            rest = after;
        } else if let Some(after) = rest.strip_prefix("¤".as_bytes()) {
            planted.extend_from_slice(NUMBER.as_bytes());
            rest = after;
        } else {
            planted.push(*first);
            rest = after;
        }
    }
    planted
}

/// Looks for the canary in all that the outcome of a load shows.
pub fn see(outcome: &Result<DatabaseConfig, Error>) {
    match outcome {
        Ok(config) => see_config(config, &[]),
        Err(error) => look(texts_of_error(error), &[], None),
    }
}

/// Looks for the canary in a text.
#[cfg(feature = "guard")]
pub fn see_text(text: String) {
    look(text, &[], None);
}

/// The same for several databases. A table's name is the name of a database as soon as the table holds a key, and as that it is shown:
/// in errors, in sources and in the report.
pub fn see_all(outcome: &Result<BTreeMap<String, DatabaseConfig>, Error>) {
    match outcome {
        Ok(configs) => {
            for (name, config) in configs {
                see_config(config, &forms_of_name(name));
            }
        }
        Err(error) => {
            let names = error.problems().filter_map(|problem| problem.database());
            let names: Vec<String> = names.flat_map(forms_of_name).collect();
            look(texts_of_error(error), &names, None);
        }
    }
}

/// A database's name as tables and as variables spell it, and its lines, each of which an error indents.
fn forms_of_name(name: &str) -> Vec<String> {
    let id = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let whole = [name.to_owned(), name.chars().map(id).collect()];
    let lines = name.lines().map(str::to_owned);
    whole.into_iter().chain(lines).collect()
}

fn see_config(config: &DatabaseConfig, names: &[String]) {
    look(texts_of_config(config), names, Some(config));
}

/// Fails if the canary is in `text` elsewhere than where it belongs: in the `names` of databases, and in the values that a configuration
/// shows because their keys are no secrets. A value that holds the whole password belongs nowhere.
fn look(mut text: String, names: &[String], config: Option<&DatabaseConfig>) {
    LOG.with_borrow_mut(|log| text.push_str(&std::mem::take(log)));
    text.make_ascii_lowercase();
    if !holds_fragment(&text) {
        return;
    }
    take_out(&mut text, names.iter().map(String::as_str));
    if let Some(config) = config {
        let password = config.password().expose_secret().to_ascii_lowercase();
        let values = [
            Some(config.database()),
            Some(config.user()),
            Some(config.host()),
            config.socket(),
            config.ssl_ca(),
        ];
        let values: Vec<&str> = values.into_iter().flatten().collect();
        let values: Vec<&str> = values
            .into_iter()
            .filter(|value| !gives_away(value, &password))
            .collect();
        // Where a value ends in a part of the password, what surrounds it may complete the password by chance.
        let is_part = |value: &&str| holds_fragment(&value.to_ascii_lowercase());
        if holds_fragment(&password) && !values.iter().any(is_part) {
            assert!(!text.contains(&password), "the password is in\n{text}");
        }
        take_out(&mut text, values.into_iter());
    }
    let needle = NEEDLES.iter().find(|needle| text.contains(*needle));
    assert!(needle.is_none(), "{needle:?} is in\n{text}");
}

fn holds_fragment(lower: &str) -> bool {
    NEEDLES.iter().any(|needle| lower.contains(needle))
}

/// What the crate says of itself: a text that holds the password, plain or percent-encoded and in any case, is redacted, unless the
/// password is so short that it is in a text by chance.
fn gives_away(value: &str, lower_password: &str) -> bool {
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    let holds = |text: &str| text.to_ascii_lowercase().contains(lower_password);
    lower_password.len() >= 6 && (holds(value) || holds(&decoded))
}

/// Takes the values out of the text, which is in lower case, in every form that a report has them in.
fn take_out<'v>(text: &mut String, values: impl Iterator<Item = &'v str>) {
    let mut forms: Vec<String> = values
        .filter(|value| !value.is_empty())
        .flat_map(|value| {
            let json = serde_json::to_string(value).unwrap();
            let encoded = utf8_percent_encode(value, RESERVED).to_string();
            [value.to_owned(), json.trim_matches('"').to_owned(), encoded]
        })
        .map(|form| form.to_ascii_lowercase())
        .filter(|form| holds_fragment(form))
        .collect();
    // One may be a part of another.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    for form in forms {
        *text = text.replace(&form, "\0");
    }
}

/// What stands unescaped in the crate's URLs.
const RESERVED: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn texts_of_config(config: &DatabaseConfig) -> String {
    let mut text = String::with_capacity(8192);
    let explain = config.explain();
    writeln!(text, "{config:#?}").unwrap();
    debug(&mut text, config);
    debug(&mut text, &explain);
    writeln!(text, "{explain}").unwrap();
    text.push_str(&serde_json::to_string(&explain).unwrap());
    for row in explain.rows() {
        writeln!(text, "\n{} {}", row.key(), row.value()).unwrap();
        for source in row.source().into_iter().chain(row.shadows()) {
            texts_of_source(&mut text, source);
        }
    }
    for note in explain.notes() {
        writeln!(text, "{note}").unwrap();
    }
    for layer in explain.layers() {
        writeln!(text, "{} {:?}", layer.0, layer.1).unwrap();
    }
    let url = config.url();
    writeln!(text, "{url}").unwrap();
    debug(&mut text, &url);
    debug(&mut text, config.password());
    text
}

fn texts_of_error(error: &Error) -> String {
    let mut text = String::with_capacity(4096);
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    for error in chain {
        debug(&mut text, error);
        writeln!(text, "{error}").unwrap();
    }
    for problem in error.problems() {
        debug(&mut text, problem);
        writeln!(text, "{problem} {}", problem.help_text()).unwrap();
        writeln!(text, "{}", problem.database().unwrap_or_default()).unwrap();
        if let Some(source) = problem.source() {
            texts_of_source(&mut text, source);
        }
    }
    text
}

fn texts_of_source(text: &mut String, source: &Source) {
    debug(text, source);
    writeln!(text, "{source} {} {}", source.layer(), source.name()).unwrap();
}

fn debug(text: &mut String, value: &(impl Debug + ?Sized)) {
    writeln!(text, "{value:?}").unwrap();
}

/// Begins to keep what the crate logs.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Log).unwrap());
}

thread_local! {
    static LOG: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps every event of this crate, at every level.
struct Log;

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().split("::").next() == Some("dbconf")
    }
    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        attributes.record(&mut Line);
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut Line);
    }
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Line);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

struct Line;

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        LOG.with_borrow_mut(|log| writeln!(log, "{field}={value:?}").unwrap());
    }
}
