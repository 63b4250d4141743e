//! Splits a connection URL into keys. No message shows any part of it but names on a list: a misplaced password can stand anywhere.

use percent_encoding::percent_decode_str;

use crate::engine;
use crate::error::{Problem, ProblemKind};
use crate::key::{Key, Spelling};
use crate::secret::Text;
use crate::source::Source;

/// Schemes of MySQL and MariaDB; `mysql+pymysql` and the like name a driver behind a plus.
const OUR_SCHEMES: [&str; 3] = ["mysql", "mariadb", "mysql2"];

/// Parameters that clients document and this crate does not read. Sources: the URL and option references of mysql_async, sqlx,
/// Connector/J, PyMySQL, mysqlclient and go-sql-driver.
const FOREIGN_PARAMETERS: &[&str] = &[
    "allowPublicKeyRetrieval",
    "autocommit",
    "charset",
    "collation",
    "compress",
    "compression",
    "conn_ttl",
    "connectTimeout",
    "connect_timeout",
    "connectionTimeZone",
    "encoding",
    "loc",
    "local_infile",
    "max_allowed_packet",
    "multiStatements",
    "parseTime",
    "pool",
    "pool_max",
    "pool_min",
    "prefer_socket",
    "read_timeout",
    "readTimeout",
    "secure_auth",
    "serverTimezone",
    "sessionVariables",
    "socketTimeout",
    "ssl-cert",
    "ssl-key",
    "ssl_cert",
    "ssl_key",
    "statement-cache-capacity",
    "stmt_cache_size",
    "tcp_keepalive",
    "tcp_nodelay",
    "timeout",
    "timezone",
    "use_unicode",
    "wait_timeout",
    "write_timeout",
    "writeTimeout",
    "characterEncoding",
];

/// How other clients ask for TLS in a URL. To pass over them could weaken what was asked for, so they are refused.
const FOREIGN_TLS: &[&str] = &[
    "require_ssl",
    "sslmode",
    "sslMode",
    "sslaccept",
    "sslca",
    "sslCa",
    "sslrootcert",
    "tls",
    "useSSL",
    "requireSSL",
    "verifyServerCertificate",
    "verify_ca",
    "verify_identity",
    "ssl_verify_cert",
    "ssl_verify_identity",
    "built_in_roots",
];

/// What a URL holds.
#[derive(Default)]
pub(crate) struct Split {
    pub found: Vec<(Spelling, Text)>,
    pub problem: Option<Problem>,
    /// What of it is not used.
    pub note: Option<String>,
}

/// Splits the URL that stands at `source`.
pub(crate) fn split(url: &str, source: &Source) -> Split {
    let mut split = Split::default();
    if let Err(problem) = split.read(url, source) {
        split.problem = Some(problem.at(source));
    }
    split
}

fn invalid(what: &'static str, help: &'static str) -> Problem {
    Problem::new(ProblemKind::Invalid, what).help(help)
}

impl Split {
    fn read(&mut self, url: &str, source: &Source) -> Result<(), Problem> {
        if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(invalid(
                "the URL holds a blank or control character",
                "percent-encode it: a space is %20",
            ));
        }
        let (scheme, rest) = url.split_once("://").ok_or_else(|| {
            invalid(
                "this is no URL",
                "write mysql://user:password@host:port/database",
            )
        })?;
        check_scheme(scheme)?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let credentials_end = authority.rfind('@');
        if rest.contains('@') || authority.find('@') != credentials_end {
            return Err(invalid(
                "an @ stands where none can: the user or password has a character that is not percent-encoded",
                "percent-encode user and password: @ is %40, / is %2F, ? is %3F, # is %23, % is %25",
            ));
        }
        if rest.contains('#') {
            return Err(invalid(
                "the URL holds a #, which begins a fragment",
                "write # as %23",
            ));
        }
        if let Some(end) = credentials_end {
            self.credentials(&authority[..end])?;
        }
        let server = credentials_end.map_or(authority, |at| &authority[at + 1..]);
        self.server(server)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let database = path.strip_prefix('/').unwrap_or(path);
        if database.contains('/') {
            return Err(invalid(
                "the path has more than one part",
                "write a / that belongs to a name or password as %2F",
            ));
        }
        if !database.is_empty() {
            self.put(Key::Database, decode(database)?);
        }
        self.query(query, source)
    }

    fn credentials(&mut self, credentials: &str) -> Result<(), Problem> {
        let (user, password) = match credentials.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (credentials, None),
        };
        if !user.is_empty() {
            self.put(Key::User, decode(user)?);
        }
        if let Some(password) = password {
            self.put(Key::Password, decode(password)?);
        }
        Ok(())
    }

    fn server(&mut self, server: &str) -> Result<(), Problem> {
        let (host, port) = match server.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (server, None),
        };
        if host.contains(':') && !host.starts_with('[') {
            return Err(invalid(
                "the host holds a colon",
                "put an IPv6 address between brackets: [2001:db8::1]",
            ));
        }
        if !host.is_empty() {
            self.put(Key::Host, decode(host)?);
        }
        if let Some(port) = port.filter(|port| !port.is_empty()) {
            self.put(Key::Port, Text::copy(port));
        }
        Ok(())
    }

    fn query(&mut self, query: &str, source: &Source) -> Result<(), Problem> {
        let (mut named, mut unknown) = (Vec::new(), 0);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let Some(spelling) = parameter(name) {
                let value = decode(&value.replace('+', "%20"))?;
                self.found.push((spelling, value));
            } else if let Some(foreign) = FOREIGN_TLS.iter().find(|known| **known == name) {
                let what = format!("`{foreign}` is how another client asks for TLS");
                let help = "write ssl_mode=VERIFY_IDENTITY, REQUIRED or DISABLED, and ssl_ca=PATH";
                return Err(Problem::new(ProblemKind::Invalid, what).help(help));
            } else if let Some(foreign) = FOREIGN_PARAMETERS.iter().find(|known| **known == name) {
                named.push(*foreign);
            } else {
                unknown += 1;
            }
        }
        if unknown > 0 || !named.is_empty() {
            let named = if named.is_empty() {
                String::new()
            } else {
                format!(" ({})", named.join(", "))
            };
            let count = unknown + named.matches(',').count() + usize::from(!named.is_empty());
            let noun = if count == 1 {
                "parameter is"
            } else {
                "parameters are"
            };
            self.note = Some(format!("{source}: {count} URL {noun} not used{named}"));
        }
        Ok(())
    }

    fn put(&mut self, key: Key, value: Text) {
        self.found.push((key.spelling(), value));
    }
}

/// The key that a parameter sets. What belongs before the question mark is not read behind it.
fn parameter(name: &str) -> Option<Spelling> {
    let spelling = Key::from_name(&name.replace('-', "_"))?;
    let ours = matches!(
        spelling.key,
        Key::Socket | Key::SslMode | Key::SslCa | Key::SqlMode
    );
    ours.then_some(spelling)
}

fn check_scheme(scheme: &str) -> Result<(), Problem> {
    let scheme = scheme.to_ascii_lowercase();
    let name = scheme
        .split_once('+')
        .map_or(scheme.as_str(), |(name, _driver)| name);
    if OUR_SCHEMES.contains(&name) {
        return Ok(());
    }
    if scheme == "jdbc:mysql" || scheme == "jdbc:mariadb" {
        return Err(invalid(
            "this is a JDBC URL",
            "write mysql://user:password@host:port/database",
        ));
    }
    let what = match engine::named(&scheme).or_else(|| engine::named(name)) {
        Some(engine) => format!("the URL is for {engine}, not for MySQL or MariaDB"),
        None => "the URL's scheme is not mysql or mariadb".to_owned(),
    };
    Err(Problem::new(ProblemKind::OtherEngine, what)
        .help("write mysql://user:password@host:port/database"))
}

/// Undoes percent-encoding. A `%` that begins no escape is refused, as nobody can tell what was meant.
fn decode(text: &str) -> Result<Text, Problem> {
    let is_escape = |after: &str| {
        after
            .as_bytes()
            .get(..2)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_escape) {
        return Err(invalid(
            "a % stands before something that is no escape",
            "write % as %25",
        ));
    }
    let escapes = text.matches('%').count();
    let mut bytes = Vec::with_capacity(text.len() - 2 * escapes);
    bytes.extend(percent_decode_str(text));
    Text::from_utf8(bytes).ok_or_else(|| {
        Problem::new(
            ProblemKind::NotUtf8,
            "what the URL's escapes stand for is not UTF-8",
        )
        .help("percent-encode the UTF-8 form of the text")
    })
}
