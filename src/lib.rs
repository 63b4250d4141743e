// The README's examples use the default features.
#![cfg_attr(all(feature = "mysql", feature = "figment"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "mysql", feature = "figment")),
    doc = "MySQL credentials from the environment or a secrets file: never shown, never altered."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![allow(
    clippy::test_attr_in_doctest,
    reason = "the README shows a whole unit test"
)]

// The data flow: layer/* -> loader (or remote -> asked) -> merge -> finish -> conclusion -> parse -> config -> {url, mysql, explain}.
#[cfg(feature = "aws")]
mod asked;
mod conclusion;
mod finish;
mod layer;
mod loader;
mod merge;
mod missing;
mod parse;
#[cfg(feature = "aws")]
mod remote;
mod report;

mod config;
mod deserialize;
mod explain;
#[cfg(feature = "guard")]
mod guard;
#[cfg(feature = "mysql")]
mod mysql;
mod url;

mod engine;
mod error;
mod git;
mod key;
mod near_miss;
mod secret;
mod slot;
mod source;
mod sql_mode;
mod ssl_mode;

pub use config::DatabaseConfig;
pub use error::{Error, Problem, ProblemKind};
pub use explain::{Explain, ExplainRow};
#[cfg(feature = "guard")]
pub use guard::{Finding, Findings, Guard, GuardError};
pub use key::Key;
pub use loader::{Loader, Local};
#[cfg(feature = "mysql")]
pub use mysql::SecretOpts;
#[cfg(feature = "aws")]
pub use remote::Remote;
pub use secrecy::{ExposeSecret, SecretString};
pub use source::Source;
pub use sql_mode::{ModeList, SqlMode};
pub use ssl_mode::SslMode;
pub use url::SecretUrl;

#[cfg(feature = "aws")]
pub use aws_sdk_secretsmanager;
#[cfg(feature = "figment")]
pub use figment;
#[cfg(feature = "mysql")]
pub use mysql_async;
pub use secrecy;
