//! Shows the database configuration that a service would load here, and where each value came from. Secrets stay redacted.
//!
//! `--json` prints the same for machines, `--url` the connection URL alone, `--url --expose` that URL with the password, for piping.

use std::io::IsTerminal;
use std::process::ExitCode;

use dbconf::{DatabaseConfig, Error, Loader};

const USAGE: &str = "usage: print_config [--json | --url [--expose]] [--database NAME]";

enum Format {
    Table,
    Json,
    Url,
    ExposedUrl,
}

fn main() -> ExitCode {
    let mut loader = DatabaseConfig::loader()
        .env("MYSQL_")
        .default_secrets_files();
    let mut format = Format::Table;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        format = match (argument.as_str(), format) {
            ("--json", Format::Table) => Format::Json,
            ("--url", Format::Table) => Format::Url,
            ("--expose", Format::Url) => Format::ExposedUrl,
            ("--database", format) => {
                let Some(name) = arguments.next() else {
                    return usage();
                };
                loader = loader.named(&name);
                format
            }
            _ => return usage(),
        };
    }
    match load(loader) {
        Ok(config) => {
            print(&config, format);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "aws"))]
fn load(loader: Loader) -> Result<DatabaseConfig, Error> {
    loader.load()
}

/// With the feature `aws`, the secret that `MYSQL_SECRET_ID` names is the last layer.
#[cfg(feature = "aws")]
#[tokio::main(flavor = "current_thread")]
async fn load(loader: Loader) -> Result<DatabaseConfig, Error> {
    loader.aws_secret_from_env().load().await
}

fn print(config: &DatabaseConfig, format: Format) {
    match format {
        Format::Table => {
            println!("{}", paint(&config.explain().to_string()));
            println!("url: {}", paint(&config.url().to_string()));
        }
        Format::Json => match serde_json::to_string_pretty(&config.explain()) {
            Ok(json) => println!("{json}"),
            Err(error) => eprintln!("{error}"),
        },
        Format::Url => println!("{}", config.url()),
        Format::ExposedUrl => println!("{}", config.url().expose_secret()),
    }
}

/// Colours what is redacted, on a terminal only; see <https://no-color.org>.
fn paint(text: &str) -> String {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if unwanted || !std::io::stdout().is_terminal() {
        return text.to_owned();
    }
    text.replace("[REDACTED]", "\x1b[33m[REDACTED]\x1b[0m")
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
